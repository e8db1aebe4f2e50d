#include "daemon/post/calendar.h"

#include "base/date.h"
#include "base/text.h"
#include "base/utf8.h"
#include "tests/unit/check.h"

static struct calendar_entry entry(const char *start, const char *end)
{
    struct calendar_entry e = {.event = "2026-12-03-ki-alltag",
                               .party = 17,
                               .title = "KI im Alltag – Chancen und Risiken",
                               .place = "Stadtlabor, Nordengraben 10",
                               .description = "Absagen: antworten Sie auf unsere Mail mit „Absage“.",
                               .organizer_name = "Stadtlabor Iserlohn",
                               .organizer_address = "stadtlabor@example.org",
                               .now = 1795000000};
    CHECK(berlin_parse(start, &e.start) && berlin_parse(end, &e.end));
    return e;
}

static const char *write(struct arena *arena, const struct calendar_entry *e)
{
    const char *ics = "";
    struct error err = {{0}};
    CHECK_ROW(calendar_write(arena, e, &ics, &err), "%s", err.what);
    return ics;
}

static bool has_line(const char *ics, const char *line, struct arena *arena)
{
    return strstr(ics, arena_printf(arena, "\r\n%s\r\n", line)) != NULL;
}

TEST(times_are_right_on_both_sides_of_a_clock_change)
{
    static const struct {
        const char *start, *end, *utc_start, *utc_end;
    } rows[] = {
        {"2026-12-03T17:00", "2026-12-03T19:00", "DTSTART:20261203T160000Z",
         "DTEND:20261203T180000Z"}, /* winter */
        {"2026-07-04T10:00", "2026-07-04T13:00", "DTSTART:20260704T080000Z",
         "DTEND:20260704T110000Z"}, /* summer */
        {"2026-03-28T18:00", "2026-03-29T18:00", "DTSTART:20260328T170000Z", "DTEND:20260329T160000Z"},
        {"2026-10-24T18:00", "2026-10-25T18:00", "DTSTART:20261024T160000Z", "DTEND:20261025T170000Z"},
        {"2026-03-29T01:30", "2026-03-29T03:30", "DTSTART:20260329T003000Z", "DTEND:20260329T013000Z"},
        {"2026-10-25T01:30", "2026-10-25T04:00", "DTSTART:20261024T233000Z", "DTEND:20261025T030000Z"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct calendar_entry e = entry(rows[i].start, rows[i].end);
        const char *ics = write(arena, &e);
        CHECK_ROW(has_line(ics, rows[i].utc_start, arena), "%s: %s", rows[i].start, ics);
        CHECK_ROW(has_line(ics, rows[i].utc_end, arena), "%s: %s", rows[i].end, ics);
    }
    arena_free(arena);
}

TEST(an_entry_has_what_calendars_want)
{
    struct arena *arena = arena_new();
    struct calendar_entry e = entry("2026-12-03T17:00", "2026-12-03T19:00");
    const char *ics = write(arena, &e);
    CHECK(str_starts(ics, "BEGIN:VCALENDAR\r\n"));
    CHECK(has_line(ics, "METHOD:PUBLISH", arena) && has_line(ics, "STATUS:CONFIRMED", arena));
    CHECK(has_line(ics, "VERSION:2.0", arena) && has_line(ics, "SEQUENCE:0", arena));
    CHECK(has_line(ics, "UID:2026-12-03-ki-alltag-17@example.org", arena));
    CHECK(has_line(ics, "DTSTAMP:20261118T110640Z", arena));
    CHECK(has_line(ics, "LOCATION:Stadtlabor\\, Nordengraben 10", arena));
    CHECK(strstr(ics, "ORGANIZER;CN=Stadtlabor Iserlohn:mailto:stadtlabor@example.org\r\n") != NULL);
    CHECK_STR(calendar_method(&e), "PUBLISH");
    e.cancelled = true;
    e.sequence = 1;
    ics = write(arena, &e);
    CHECK(has_line(ics, "METHOD:CANCEL", arena) && has_line(ics, "STATUS:CANCELLED", arena));
    CHECK(has_line(ics, "UID:2026-12-03-ki-alltag-17@example.org", arena) &&
          has_line(ics, "SEQUENCE:1", arena));
    CHECK_STR(calendar_method(&e), "CANCEL");
    arena_free(arena);
}

TEST(hostile_words_stay_words)
{
    struct arena *arena = arena_new();
    struct calendar_entry e = entry("2026-12-03T17:00", "2026-12-03T19:00");
    e.title = "a;b,c\\d\r\nBEGIN:VALARM\nEND:VEVENT";
    e.place = "äöü\"\x01 \xff";
    e.organizer_name = "\"x\":\r\nATTENDEE:y";
    e.description =
        arena_printf(arena, "%0300d und noch mehr ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ", 7);
    const char *ics = write(arena, &e);
    CHECK(utf8_valid(ics, strlen(ics)));
    CHECK(strstr(ics, "\nBEGIN:VALARM") == NULL && strstr(ics, "\nATTENDEE") == NULL);
    CHECK(strstr(ics, "SUMMARY:a\\;b\\,c\\\\d \\nBEGIN:VALARM\\nEND:VEVENT\r\n") != NULL);
    for (const char *line = ics; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        CHECK_ROW(len > 0 && line[len - 1] == '\r' && len <= 76, "%.*s", (int)len, line);
        CHECK_ROW(utf8_valid(line, len), "a character was folded in two: %.*s", (int)len, line);
        line += len + (line[len] == '\n');
    }
    struct error err;
    const char *untouched = "as it was";
    e.start = INT64_MAX;
    CHECK(!calendar_write(arena, &e, &untouched, &err));
    e = entry("2026-12-03T17:00", "2026-12-03T19:00");
    e.title = "";
    CHECK(!calendar_write(arena, &e, &untouched, &err));
    CHECK_STR(untouched, "as it was");
    arena_free(arena);
}

int main(void)
{
    RUN(times_are_right_on_both_sides_of_a_clock_change);
    RUN(an_entry_has_what_calendars_want);
    RUN(hostile_words_stay_words);
    return check_done();
}
