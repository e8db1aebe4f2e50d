#include "base/date.h"
#include "daemon/post/compose.h"

#include "base/text.h"
#include "parsers/mail/letter.h"
#include "tests/unit/check.h"

static struct outgoing plain(void)
{
    return (struct outgoing){.from_address = "stadtlabor@example.org",
                             .from_name = "Stadtlabor Iserlohn",
                             .to_address = "petra.mueller@example.net",
                             .to_name = "Petra Müller",
                             .subject =
                                 "Ihre Anmeldung: KI im Alltag – Chancen und Risiken für Groß und Klein",
                             .text = "Guten Tag Petra Müller,\n\n.\nFrom hier an: ä€😀 =\n",
                             .language = "de",
                             .message_id = "0123456789abcdef@example.org",
                             .auto_submitted = AUTO_REPLIED,
                             .date = 1780000000}; /* 2026-05-28 20:26:40 UTC */
}

/* The bytes, or "! " and the error. */
static const char *composed(struct arena *arena, const struct outgoing *mail)
{
    struct error err = {{0}};
    const char *bytes;
    size_t len;
    if (!compose(arena, mail, &bytes, &len, &err)) {
        return arena_printf(arena, "! %s", err.what);
    }
    CHECK_INT(strlen(bytes), len);
    size_t line = 0;
    for (size_t i = 0; i < len; i++) {
        line = bytes[i] == '\n' ? 0 : line + 1;
        CHECK_ROW((bytes[i] & 0x80) == 0 && line <= 999, "byte %zu", i);
        CHECK_ROW(bytes[i] != '\n' || (i > 0 && bytes[i - 1] == '\r'), "a bare LF at byte %zu", i);
        CHECK_ROW(bytes[i] != '\r' || bytes[i + 1] == '\n', "a bare CR at byte %zu", i);
    }
    return bytes;
}

static void read_back(struct arena *arena, const char *bytes, struct letter *ret)
{
    struct error err = {{0}};
    CHECK_ROW(letter_read(arena, bytes, strlen(bytes), true, ret, &err), "%s", err.what);
    CHECK_INT(ret->defects, 0);
}

TEST(what_was_written_is_read_back)
{
    struct arena *arena = arena_new();
    struct outgoing mail = plain();
    mail.in_reply_to = "b@example.net";
    *LIST_ADD(arena, &mail.references) = "a@example.net";
    *LIST_ADD(arena, &mail.references) = "b@example.net";
    const char *bytes = composed(arena, &mail);
    struct letter letter = {0};
    read_back(arena, bytes, &letter);
    CHECK_STR(letter.subject, mail.subject);
    CHECK_STR(str_trim(arena, letter.text), str_trim(arena, mail.text));
    CHECK_STR(letter.from.address, mail.from_address);
    CHECK_STR(letter.from.name, mail.from_name);
    CHECK_STR(letter.to, "Petra Müller <petra.mueller@example.net>");
    CHECK_STR(letter.message_id, mail.message_id);
    CHECK_INT(letter.date, mail.date);
    CHECK_STR(letter.marks.auto_submitted, "auto-replied");
    CHECK_STR(letter.marks.x_auto_response_suppress, "All");
    CHECK_INT(letter.in_reply_to.id.n, 1);
    CHECK_INT(letter.references.id.n, 2);
    CHECK_STR(letter.references.id.n == 2 ? letter.references.id.at[1] : NULL, "b@example.net");
    CHECK(strstr(bytes, "Date: Thu, 28 May 2026 22:26:40 +0200\r\n") != NULL);
    CHECK(strstr(bytes, "\r\nMIME-Version: 1.0\r\n") != NULL ||
          strstr(bytes, "\r\nMime-Version: 1.0\r\n") != NULL);
    CHECK(strstr(bytes, "quoted-printable") != NULL);
    CHECK_STR(composed(arena, &mail), bytes);
    arena_free(arena);
}

TEST(a_calendar_entry_goes_along)
{
    struct arena *arena = arena_new();
    struct outgoing mail = plain();
    struct outgoing_calendar *calendar = LIST_ADD(arena, &mail.calendars);
    *calendar =
        (struct outgoing_calendar){"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n", "PUBLISH"};
    const char *bytes = composed(arena, &mail);
    struct letter letter = {0};
    read_back(arena, bytes, &letter);
    CHECK_STR(str_trim(arena, letter.text), str_trim(arena, mail.text));
    CHECK_STR(letter.marks.content_type, "multipart/mixed");
    CHECK_INT(letter.attachments.n, 1);
    CHECK_STR(letter.attachments.n == 1 ? letter.attachments.at[0].type : NULL, "text/calendar");
    CHECK_STR(letter.attachments.n == 1 ? letter.attachments.at[0].file_name : NULL, "Termin.ics");
    CHECK_INT(letter.attachments.n == 1 ? letter.attachments.at[0].size : 0, strlen(calendar->text));
    CHECK(strstr(bytes, "method=PUBLISH") != NULL);
    CHECK_STR(composed(arena, &mail), bytes);
    *LIST_ADD(arena, &mail.calendars) = (struct outgoing_calendar){"BEGIN:VCALENDAR\r\n", "CANCEL"};
    read_back(arena, composed(arena, &mail), &letter);
    CHECK_INT(letter.attachments.n, 2);
    CHECK_STR(letter.attachments.n == 2 ? letter.attachments.at[1].file_name : NULL, "Absage.ics");
    arena_free(arena);
}

TEST(what_cannot_stand_in_a_header_is_refused_or_left_out)
{
    struct arena *arena = arena_new();
    static const char *const addresses[] = {"",
                                            "petra",
                                            "@example.net",
                                            "petra@",
                                            "a b@example.net",
                                            "a@b@example.net",
                                            "a@example.net>\r\nBcc: x@example.net",
                                            "a@exa mple.net",
                                            "a@example.net,b@example.net",
                                            "grüße@example.net",
                                            "a@\xff.example.net"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct outgoing mail = plain();
        mail.to_address = addresses[i];
        CHECK_ROW(str_starts(composed(arena, &mail), "! the recipient's address"), "%s", addresses[i]);
        mail = plain();
        mail.from_address = addresses[i];
        CHECK_ROW(str_starts(composed(arena, &mail), "! the sender's address"), "%s", addresses[i]);
    }
    struct outgoing mail = plain();
    mail.subject = "a\r\nBcc: x@example.net";
    CHECK(str_starts(composed(arena, &mail), "! the subject"));
    mail = plain();
    mail.message_id = "a b";
    CHECK(str_starts(composed(arena, &mail), "! the letter's own Message-ID"));
    mail = plain();
    mail.text = "\xff";
    CHECK(str_starts(composed(arena, &mail), "! the text"));

    mail = plain();
    mail.to_name = "Petra\r\nBcc: x@example.net";
    mail.in_reply_to = "x\r\nBcc: y@example.net";
    *LIST_ADD(arena, &mail.references) = "no id";
    *LIST_ADD(arena, &mail.references) = "good@example.net";
    const char *bytes = composed(arena, &mail);
    CHECK(strstr(bytes, "Bcc") == NULL && strstr(bytes, "In-Reply-To") == NULL);
    CHECK(strstr(bytes, "References: <good@example.net>\r\n") != NULL);
    CHECK(strstr(bytes, "To: petra.mueller@example.net\r\n") != NULL);
    arena_free(arena);
}

TEST(long_things_are_folded_and_bounded)
{
    struct arena *arena = arena_new();
    struct outgoing mail = plain();
    char *name = arena_alloc(arena, 200), *text = arena_alloc(arena, 50001),
         *subject = arena_alloc(arena, 900);
    memset(name, 'n', 190);
    memset(text, 'x', 50000);
    memset(subject, 's', 890);
    mail.to_name = name;
    mail.text = text;
    mail.subject = subject;
    for (int i = 0; i < 500; i++) {
        *LIST_ADD(arena, &mail.references) = arena_printf(arena, "%d-%0200d@example.net", i, i);
    }
    mail.in_reply_to = arena_printf(arena, "499-%0200d@example.net", 499);
    const char *bytes = composed(arena, &mail);
    struct letter letter = {0};
    read_back(arena, bytes, &letter);
    CHECK_STR(letter.subject, subject);
    CHECK_INT(strlen(letter.text) >= 50000, 1);
    CHECK_INT(letter.references.id.n, COMPOSE_REFERENCES_MAX);
    CHECK(strstr(bytes, "<0-00") != NULL && strstr(bytes, "<499-0") != NULL && strstr(bytes, "<1-0") == NULL);
    arena_free(arena);
}

TEST(a_domain_of_other_letters_becomes_ascii)
{
    struct arena *arena = arena_new();
    struct outgoing mail = plain();
    mail.to_address = "petra@münchen.example";
    CHECK(strstr(composed(arena, &mail), "<petra@xn--mnchen-3ya.example>") != NULL);
    arena_free(arena);
}

TEST(dates_are_berlins)
{
    struct arena *arena = arena_new();
    struct date summer = {2026, 7, 1}, winter = {2026, 11, 3};
    CHECK_STR(compose_date(arena, berlin_to_unix(summer, 9, 5) + 7), "Wed, 1 Jul 2026 09:05:07 +0200");
    CHECK_STR(compose_date(arena, berlin_to_unix(winter, 0, 0)), "Tue, 3 Nov 2026 00:00:00 +0100");
    arena_free(arena);
}

TEST(a_message_id_is_stable)
{
    struct arena *arena = arena_new();
    const char *id = compose_message_id(arena, "mail 17 confirmed", "example.org");
    CHECK_STR(compose_message_id(arena, "mail 17 confirmed", "example.org"), id);
    CHECK(!str_equal(compose_message_id(arena, "mail 17 question", "example.org"), id));
    CHECK_INT(strlen(id), 32 + strlen("@example.org"));
    arena_free(arena);
}

int main(void)
{
    RUN(what_was_written_is_read_back);
    RUN(a_calendar_entry_goes_along);
    RUN(what_cannot_stand_in_a_header_is_refused_or_left_out);
    RUN(long_things_are_folded_and_bounded);
    RUN(a_domain_of_other_letters_becomes_ascii);
    RUN(dates_are_berlins);
    RUN(a_message_id_is_stable);
    return check_done();
}
