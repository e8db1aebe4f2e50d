#include "parsers/letter.h"

#include "base/text.h"
#include "base/utf8.h"
#include "tests/unit/check.h"

#include <time.h>

static struct letter read_bytes(struct arena *arena, const char *bytes, size_t len)
{
    struct letter letter = {0};
    struct error err;
    CHECK(letter_read(arena, bytes, len, true, &letter, &err));
    CHECK(utf8_valid(letter.text, strlen(letter.text)));
    CHECK(utf8_valid(letter.subject, strlen(letter.subject)));
    return letter;
}

static struct letter read_string(struct arena *arena, const char *mail)
{
    return read_bytes(arena, mail, strlen(mail));
}

TEST(a_plain_mail)
{
    struct arena *arena = arena_new();
    struct letter l = read_string(arena, "Return-Path: <petra@example.org>\r\n"
                                         "From: =?utf-8?q?Petra_M=C3=BCller?= <petra@Example.ORG>\r\n"
                                         "To: Stadtlabor <stadtlabor@iserlohn.de>\r\n"
                                         "Subject: =?iso-8859-1?Q?Anmeldung_f=FCr?=\r\n"
                                         " =?utf-8?B?IGRlbiAzLiBEZXplbWJlcg==?=\r\n"
                                         "Date: Thu, 19 Nov 2026 08:12:00 +0100\r\n"
                                         "Message-ID: <a.b@example.org>\r\n"
                                         "In-Reply-To: <1@iserlohn.de>\r\n"
                                         "References: <0@iserlohn.de>\r\n <1@iserlohn.de>\r\n"
                                         "X-Mailer: Brief 1.0\r\n"
                                         "Content-Language: de-DE\r\n"
                                         "\r\n"
                                         "Guten Tag,\r\nich komme.\r\n");
    CHECK_STR(l.from.address, "petra@example.org");
    CHECK_STR(l.from.name, "Petra Müller");
    CHECK_STR(l.to, "Stadtlabor <stadtlabor@iserlohn.de>");
    CHECK_STR(l.subject, "Anmeldung für den 3. Dezember");
    CHECK_INT(l.date, 1795072320);
    CHECK_STR(l.message_id, "a.b@example.org");
    CHECK_INT(l.in_reply_to.id.n, 1);
    CHECK_STR(l.in_reply_to.id.at[0], "1@iserlohn.de");
    CHECK_INT(l.references.id.n, 2);
    CHECK_STR(l.references.id.at[0], "0@iserlohn.de");
    CHECK_STR(l.text, "Guten Tag,\nich komme.\n");
    CHECK_STR(l.language_header, "de-DE");
    CHECK_STR(l.marks.mailer, "Brief 1.0");
    CHECK_STR(l.marks.return_path, "petra@example.org");
    CHECK_STR(l.marks.content_type, "text/plain");
    CHECK_STR(letter_header(&l, "x-mailer"), "Brief 1.0");
    CHECK(letter_header(&l, "X-Other") == NULL);
    CHECK(!l.marks.null_sender && !l.from_html);
    CHECK_INT(l.defects, 0);
    arena_free(arena);
}

TEST(what_robots_say)
{
    struct arena *arena = arena_new();
    struct letter l =
        read_string(arena, "Return-Path: <>\nFrom: <r@example.org>\nAuto-Submitted: auto-replied\n"
                           "Precedence: bulk\nX-Auto-Response-Suppress: All\n"
                           "List-Id: Rundbrief <r.example.org>\nList-Unsubscribe: <mailto:x>\n"
                           "X-Spam-Flag: YES\nMIME-Version: 1.0\n"
                           "Content-Type: Multipart/Report; report-type=Delivery-Status; "
                           "boundary=b\n\n--b\n\nNot delivered.\n"
                           "--b\nContent-Type: message/delivery-status\n\n"
                           "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; p@example.org\n"
                           "--b\nContent-Type: message/rfc822\n\n"
                           "Message-ID: <1@iserlohn.de>\nSubject: Danke\n\nHallo\n--b--\n");
    CHECK(l.marks.null_sender && l.marks.list_unsubscribe && !l.marks.list_post && l.marks.spam_flag);
    CHECK_STR(l.marks.auto_submitted, "auto-replied");
    CHECK_STR(l.marks.precedence, "bulk");
    CHECK_STR(l.marks.x_auto_response_suppress, "All");
    CHECK_STR(l.marks.list_id, "Rundbrief <r.example.org>");
    CHECK_STR(l.marks.content_type, "multipart/report");
    CHECK_STR(l.marks.report_type, "delivery-status");
    CHECK_STR(l.text, "Not delivered.");
    CHECK_INT(l.report_parts.n, 2);
    CHECK_STR(l.report_parts.at[0].type, "message/delivery-status");
    CHECK_STR(l.report_parts.at[0].text, "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; p@example.org");
    CHECK_STR(l.report_parts.at[1].text, "Message-ID: <1@iserlohn.de>\nSubject: Danke\n\nHallo");
    arena_free(arena);
}

TEST(who_sent_it)
{
    static const struct {
        const char *header, *address, *name;
        unsigned defects;
    } rows[] = {
        {"From: petra@example.org", "petra@example.org", NULL, 0},
        {"From: \"M=?fcller, Petra\" <petra@example.org>", "petra@example.org", "M=?fcller, Petra", 0},
        {"From: petra@example.org (Petra)", "petra@example.org", "Petra", 0},
        {"From:Petra <petra@example.org>", "petra@example.org", "Petra", 0},
        {"FROM : Petra <petra@example.org>", "petra@example.org", "Petra", 0},
        {"From: Petra petra@example.org", "petra@example.org", "Petra", 0},
        {"From: Petra M\xfcller <petra@example.org>", "petra@example.org", "Petra Müller",
         LETTER_BAD_CHARSET},
        {"From: Petra M\xc3\xbcller <petra@example.org>", "petra@example.org", "Petra Müller", 0},
        {"From: =?utf-8?q?Petra=0D=0ABcc:_x=40example.org?= <petra@example.org>", "petra@example.org",
         "Petra Bcc: x@example.org", 0},
        {"From: =?utf-8?b?UGV0cmEgTcM=?= =?utf-8?b?vGxsZXI=?= <petra@example.org>", "petra@example.org",
         "Petra Müller", 0},
        {"From: =?x-unknown?q?M=C3=BCller?= <petra@example.org>", "petra@example.org", "Müller", 0},
        {"From: \"=?utf-8?q?M=C3=BCller?=\" <petra@example.org>", "petra@example.org", "Müller", 0},
        {"From: \"bank@example.com\" <thief@example.org>", "thief@example.org", "bank@example.com", 0},
        {"From: a@example.org, b@example.org", "a@example.org", NULL, LETTER_SEVERAL_SENDERS},
        {"From: a@example.org\nFrom: b@example.org", "a@example.org", NULL, LETTER_SEVERAL_SENDERS},
        {"From: undisclosed-recipients:;", NULL, NULL, LETTER_NO_SENDER},
        {"From: G: a@example.org;", "a@example.org", NULL, 0},
        {"From: Petra", NULL, NULL, LETTER_NO_SENDER},
        {"From: <>", NULL, NULL, LETTER_NO_SENDER},
        {"From:", NULL, NULL, LETTER_NO_SENDER},
        {"Sender: petra@example.org", NULL, NULL, LETTER_NO_SENDER},
        {"From: \"a b\"@example.org", NULL, NULL, LETTER_NO_SENDER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        struct letter l = read_string(arena, arena_printf(arena, "%s\n\nHallo\n", rows[i].header));
        CHECK_ROW(str_equal(l.from.address, rows[i].address) && str_equal(l.from.name, rows[i].name) &&
                      l.defects == rows[i].defects && str_equal(l.text, "Hallo\n"),
                  "%s: \"%s\" <%s> defects %u text \"%s\"", rows[i].header, l.from.name ? l.from.name : "-",
                  l.from.address ? l.from.address : "-", l.defects, l.text);
        arena_free(arena);
    }
}

/* Bodies with their MIME headers, and what a person reads. */
static const struct {
    const char *what, *mail, *text;
    unsigned defects;
    int attachments;
} bodies[] = {
    {"no header at all", "Hallo, ich komme.\n", "Hallo, ich komme.\n", 0, 0},
    {"mbox's line", "From petra Thu Nov 19\nSubject: x\n\nHallo\n", "Hallo\n", 0, 0},
    {"a forgotten empty line", "Subject: x\nIch komme.\nGruß\n", "Ich komme.\nGruß\n", 0, 0},
    {"only a header", "Subject: x", "", 0, 0},
    {"latin1 that says so",
     "Content-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdf"
     "e\n",
     "Grüße\n", 0, 0},
    {"latin1 is windows-1252", "Content-Type: text/plain; charset=iso-8859-1\n\n5 \x80\n", "5 €\n", 0, 0},
    {"says UTF-8, is latin1",
     "Content-Type: text/plain; charset=utf-8\n\nGr\xfc\xdf"
     "e\n",
     "Grüße\n", LETTER_BAD_CHARSET, 0},
    {"says latin1, is UTF-8", "Content-Type: text/plain; charset=iso-8859-1\n\nGrüße\n", "Grüße\n",
     LETTER_BAD_CHARSET, 0},
    {"says nothing, is latin1",
     "Subject: x\n\nGr\xfc\xdf"
     "e\n",
     "Grüße\n", LETTER_BAD_CHARSET, 0},
    {"says nothing, is UTF-8", "Subject: x\n\nGrüße\n", "Grüße\n", 0, 0},
    {"unknown charset",
     "Content-Type: text/plain; charset=x-marsian\n\nGr\xfc\xdf"
     "e\n",
     "Grüße\n", LETTER_BAD_CHARSET, 0},
    {"Polish charset", "Content-Type: text/plain; charset=iso-8859-2\n\n\xb1\n", "ą\n", 0, 0},
    {"a charset that iconv takes for UTF-8, beyond Unicode",
     "Content-Type: text/plain; charset=utf-$8\n\na\xf5\xb9\x8d\x90"
     "b\n",
     "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
     "b\n",
     LETTER_BAD_CHARSET, 0},
    {"UTF-7 is unknown", "Content-Type: text/plain; charset=utf-7\n\n+ADw-b+AD4-\n", "+ADw-b+AD4-\n", 0, 0},
    {"UTF-16",
     "Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n//5IAGEAbABsAPYA\n",
     "Hallö", 0, 0},
    {"quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=\n=C3=9Fe=20\n", "Grüße \n",
     0, 0},
    {"base64", "Content-Transfer-Encoding: BASE64\n\nR3LDvMOfZQ==\n", "Grüße", 0, 0},
    {"claims base64", "Content-Transfer-Encoding: base64\n\nGuten Tag, ich melde mich an.\n",
     "Guten Tag, ich melde mich an.\n", 0, 0},
    {"unknown encoding", "Content-Transfer-Encoding: x-odd\n\nHallo\n", "Hallo\n", 0, 0},
    {"blanks and marks",
     "\n\na\xc2\xa0"
     "b\xe2\x80\x8b"
     "c\xc2\xad"
     "d u\xcc\x88\r\nx\ry\n",
     "\na bcd ü\nx\ny\n", 0, 0},
    {"HTML only", "Content-Type: text/html\n\n<p>Guten&nbsp;Tag<br>Petra</p>\n", "Guten Tag\nPetra", 0, 0},
    {"flowed", "Content-Type: text/plain; format=flowed\n\nIch komme \ngern.\n> Wann \n> denn?\n-- \nPetra\n",
     "Ich komme gern.\n> Wann denn?\n-- \nPetra\n", 0, 0},
    {"flowed with DelSp", "Content-Type: text/plain; format=flowed; delsp=yes\n\nAnmel \ndung\n From\n",
     "Anmeldung\nFrom\n", 0, 0},
    {"alternative: plain",
     "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nEins\n"
     "--b\nContent-Type: text/html\n\n<p>Zwei</p>\n--b--\n",
     "Eins", 0, 0},
    {"alternative: plain is empty",
     "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n"
     "--b\nContent-Type: text/html\n\n<p>Zwei</p>\n--b--\n",
     "Zwei", 0, 0},
    {"alternative: plain is no use",
     "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n"
     "Ihr E-Mail-Programm kann kein HTML anzeigen.\n"
     "--b\nContent-Type: text/html\n\n<p>Zwei</p>\n--b--\n",
     "Zwei", 0, 0},
    {"alternative: HTML first",
     "Content-Type: multipart/alternative; boundary=b\n\n--b\n"
     "Content-Type: text/html\n\n<p>Zwei</p>\n--b\n\nEins\n--b--\n",
     "Eins", 0, 0},
    {"alternative with a calendar",
     "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nEins\n"
     "--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--\n",
     "Eins", 0, 1},
    {"related",
     "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\nHallo<img>\n"
     "--b\nContent-Type: image/png; name=\"b.png\"\n\nx\n--b--\n",
     "Hallo", 0, 1},
    {"mixed: texts are joined, attachments are not",
     "Content-Type: multipart/mixed; boundary=b\n\nprolog\n--b\n\nEins\n--b\nContent-Type: text/plain\n"
     "Content-Disposition: attachment; filename=a.txt\n\nAnhang\n--b\nContent-Type: text/plain\n\nZwei\n"
     "--b--\nepilog\n",
     "Eins\n\nZwei", 0, 1},
    {"no last delimiter", "Content-Type: multipart/mixed; boundary=\"b c\"\n\n--b c\n\nEins\n", "Eins\n", 0,
     0},
    {"no delimiter at all", "Content-Type: multipart/mixed; boundary=b\n\nEins\n", "Eins\n", 0, 0},
    {"no boundary said", "Content-Type: multipart/mixed\n\nEins\n", "Eins\n", 0, 0},
    {"a boundary that begins like another",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=bb\n\n"
     "--bb\n\nEins\n--bb--\n\n--b\n\nZwei\n--b--\n",
     "Eins\n\nZwei", 0, 0},
    {"a mail in a mail is an attachment",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nEins\n--b\nContent-Type: message/rfc822\n\n"
     "Subject: x\n\nZwei\n--b--\n",
     "Eins", 0, 1},
    {"winmail.dat",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nEins\n--b\n"
     "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
     "eJ8+\n--b--\n",
     "Eins", 0, 1},
    {"a quote in a boundary", "Content-Type: multipart/mixed; boundary=\"\\\"\"\n\n--\"\n\nEins\n--\"--\n",
     "Eins", 0, 0},
    {"nonsense as a type", "Content-Type: ;;;===\n\nEins\n", "Eins\n", 0, 0},
};

TEST(what_a_person_reads)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct arena *arena = arena_new();
        struct letter l = read_string(arena, bodies[i].mail);
        unsigned defects = l.defects & ~(unsigned)LETTER_NO_SENDER;
        CHECK_ROW(str_equal(l.text, bodies[i].text) && defects == bodies[i].defects &&
                      l.attachments.n == (size_t)bodies[i].attachments,
                  "%s: \"%s\", defects %u, %zu attachments", bodies[i].what, l.text, defects,
                  l.attachments.n);
        arena_free(arena);
    }
}

TEST(attachments_have_name_type_and_size)
{
    struct arena *arena = arena_new();
    struct letter l = read_string(
        arena, "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
               "Content-Type: Application/PDF\nContent-Transfer-Encoding: base64\n"
               "Content-Disposition: attachment; filename*0*=utf-8''Anmelde; filename*1*=b%C3%B6gen.pdf\n\n"
               "R3LDvMOf\nZQ==\n--b\n"
               "Content-Type: image/jpeg; name=\"=?utf-8?q?F=C3=B6to.jpg?=\"\n\nabc\n--b--\n");
    CHECK_INT(l.attachments.n, 2);
    CHECK_STR(l.attachments.at[0].file_name, "Anmeldebögen.pdf");
    CHECK_STR(l.attachments.at[0].type, "application/pdf");
    CHECK_INT(l.attachments.at[0].size, 7);
    CHECK_STR(l.attachments.at[1].file_name, "Föto.jpg");
    CHECK_INT(l.attachments.at[1].size, 3);
    CHECK_STR(l.text, "");
    arena_free(arena);
}

TEST(nul_bytes_are_told_and_left_out)
{
    static const char mail[] = "Subject: a\0b\nFrom: p@example.org\n\nIch ko\0mme\n";
    struct arena *arena = arena_new();
    struct letter l = read_bytes(arena, mail, sizeof mail - 1);
    CHECK_STR(l.subject, "ab");
    CHECK_STR(l.text, "Ich komme\n");
    CHECK_INT(l.defects, LETTER_NUL_BYTES);
    CHECK_STR(l.from.address, "p@example.org");
    arena_free(arena);
}

TEST(an_empty_mail_is_refused_and_a_first_part_is_told)
{
    struct arena *arena = arena_new();
    struct letter l = {.subject = "untouched"};
    struct error err;
    CHECK(!letter_read(arena, "", 0, true, &l, &err));
    CHECK_STR(l.subject, "untouched");
    CHECK(letter_read(arena, "From: p@example.org\n", 20, false, &l, &err));
    CHECK_INT(l.defects, LETTER_INCOMPLETE);
    arena_free(arena);
}

static char *repeated(struct arena *arena, const char *first, const char *piece, size_t size)
{
    struct text t = text_new(arena, size + 10000);
    text_add(&t, first);
    while (t.len < size) {
        text_add(&t, piece);
    }
    return t.s;
}

/* Bounded time, whatever comes; the bound is generous because of the sanitizers. */
static struct letter read_in_time(struct arena *arena, const char *what, const char *mail)
{
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    struct letter l = read_string(arena, mail);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
    CHECK_ROW(ms < 2000, "%s took %.0f ms", what, ms);
    return l;
}

TEST(hostile_mails_are_read_in_time)
{
    static const struct {
        const char *what, *first, *piece;
        size_t size;
    } rows[] = {
        {"one line of 10 MB", "Subject: x\n\n", "aaaaaaaaaaaaaaaaaaaaaaaa", 10000000},
        {"one word of 10 MB as the subject", "Subject: ", "aaaaaaaaaaaaaaaaaaaaaaaa", 10000000},
        {"encoded words", "Subject: ", "=?utf-8?q?a?= ", 10000000},
        {"addresses", "From: ", "a@b.example,", 10000000},
        {"open comments", "From: ", "((((((((", 10000000},
        {"open groups", "From: ", "a:", 10000000},
        {"senders", "X: y\n", "From: a@b.example\n", 10000000},
        {"folded lines", "To: x", "\n x", 10000000},
        {"headers", "X: y\n", "a: b\n", 10000000},
        {"parameters", "Content-Type: multipart/mixed", "; boundary*1*=b", 10000000},
        {"empty parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n", 10000000},
        {"nearly delimiters", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", "--bb\n", 10000000},
        {"references", "References: ", "<a@b>", 10000000},
        {"line ends", "Subject: x\n", "\r\n", 10000000},
        {"broken base64", "Content-Transfer-Encoding: base64\n\n", "=A", 10000000},
        {"broken quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\n", "=\n=", 10000000},
        {"UTF-16 of broken pairs", "Content-Type: text/plain; charset=utf-16le\n\n", "\xdc\xdc", 2000000},
        {"flowed lines", "Content-Type: text/plain; format=flowed\n\n", "> a \n", 2000000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        read_in_time(arena, rows[i].what, repeated(arena, rows[i].first, rows[i].piece, rows[i].size));
        arena_free(arena);
    }
}

TEST(a_hundred_thousand_nested_parts)
{
    struct arena *arena = arena_new();
    struct text t = text_new(arena, 100000000);
    for (int i = 0; i < 100000; i++) {
        text_printf(&t, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
    }
    struct letter l = read_in_time(arena, "nested parts", t.s);
    CHECK(l.defects & LETTER_TOO_DEEP);
    char *messages = repeated(arena, "", "Content-Type: message/rfc822\n\n", 3000000);
    l = read_in_time(arena, "nested messages", messages);
    CHECK_INT(l.report_parts.n, 1);
    arena_free(arena);
}

TEST(text_beyond_the_bound_is_cut_and_told)
{
    struct arena *arena = arena_new();
    struct letter l = read_string(arena, repeated(arena, "From: p@example.org\n\n", "Grüße\n", 3000000));
    CHECK_INT(l.defects, LETTER_TEXT_CUT);
    CHECK(strlen(l.text) <= LETTER_TEXT_MAX && strlen(l.text) > LETTER_TEXT_MAX - 10);
    arena_free(arena);
}

static char *identity(struct arena *arena, const char *mail)
{
    struct letter l = read_string(arena, mail);
    return letter_identity(arena, &l, mail, strlen(mail));
}

TEST(the_same_mail_has_the_same_identity)
{
    struct arena *arena = arena_new();
    const char *a = identity(arena, "From: p@example.org\nMessage-ID: <1@x>\n\nHallo\n");
    CHECK_INT(strlen(a), 32);
    CHECK_STR(
        identity(arena, "Received: from mx\r\nFrom: p@EXAMPLE.org\r\nMessage-ID: <1@x>\r\n\r\nHallo\r\n\r\n"),
        a);
    CHECK(strcmp(identity(arena, "From: p@example.org\nMessage-ID: <1@x>\n\nHallo!\n"), a) != 0);
    CHECK(strcmp(identity(arena, "From: q@example.org\nMessage-ID: <1@x>\n\nHallo\n"), a) != 0);
    CHECK(strcmp(identity(arena, "From: p@example.org\nMessage-ID: <2@x>\n\nHallo\n"), a) != 0);
    CHECK(strcmp(identity(arena, "From: p@example.org\nMessage-ID: <1@x>\nSubject: x\n\nHallo\n"), a) != 0);
    arena_free(arena);
}

int main(void)
{
    RUN(a_plain_mail);
    RUN(what_robots_say);
    RUN(who_sent_it);
    RUN(what_a_person_reads);
    RUN(attachments_have_name_type_and_size);
    RUN(nul_bytes_are_told_and_left_out);
    RUN(an_empty_mail_is_refused_and_a_first_part_is_told);
    RUN(hostile_mails_are_read_in_time);
    RUN(a_hundred_thousand_nested_parts);
    RUN(text_beyond_the_bound_is_cut_and_told);
    RUN(the_same_mail_has_the_same_identity);
    return check_done();
}
