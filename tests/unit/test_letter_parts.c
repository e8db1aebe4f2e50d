/* tests/unit/test_letter_parts.c: what a person reads of a mail's parts, and what is attached. */
#include "base/text.h"
#include "tests/unit/read_mail.h"

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

int main(void)
{
    RUN(what_a_person_reads);
    RUN(attachments_have_name_type_and_size);
    return check_done();
}
