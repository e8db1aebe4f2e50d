/* tests/unit/test_letter.c: headers, marks and identity of a mail; hostile mails as a whole. */
#include "base/text.h"
#include "tests/unit/read_mail.h"

#include <time.h>

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
    RUN(nul_bytes_are_told_and_left_out);
    RUN(an_empty_mail_is_refused_and_a_first_part_is_told);
    RUN(hostile_mails_are_read_in_time);
    RUN(a_hundred_thousand_nested_parts);
    RUN(text_beyond_the_bound_is_cut_and_told);
    RUN(the_same_mail_has_the_same_identity);
    return check_done();
}
