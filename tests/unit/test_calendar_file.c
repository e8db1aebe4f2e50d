/* tests/unit/test_calendar_file.c: the programme as a calendar file. */
#include "daemon/post/calendar_file.h"

#include "base/text.h"
#include "tests/unit/check.h"

static struct arena *arena;
static const char *problems;
static struct error err;

static bool reads(const char *entries, struct programme *ret)
{
    const char *file =
        arena_printf(arena, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n%sEND:VCALENDAR\r\n", entries);
    *ret = (struct programme){0};
    CHECK(calendar_is_file(file, strlen(file)));
    return calendar_file_read(arena, file, strlen(file), ret, &problems, &err);
}

static const char *start_of(const char *dtstart)
{
    struct programme p;
    const char *entry = arena_printf(
        arena, "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\nDTSTART%s\r\nDURATION:PT90M\r\nEND:VEVENT\r\n",
        dtstart);
    CHECK_ROW(reads(entry, &p), "%s", problems);
    return p.events.n == 1 && p.events.at[0].end - p.events.at[0].start == 5400
               ? berlin_iso(arena, p.events.at[0].start)
               : "none";
}

TEST(times_in_every_zone_are_ours)
{
    CHECK_STR(start_of(":20261203T160000Z"), "2026-12-03T17:00");
    CHECK_STR(start_of(":20260703T150000Z"), "2026-07-03T17:00");
    CHECK_STR(start_of(":20261203T170000"), "2026-12-03T17:00");
    CHECK_STR(start_of(";TZID=Europe/Berlin:20260703T170000"), "2026-07-03T17:00");
    CHECK_STR(start_of(";TZID=America/New_York:20261203T110000"), "2026-12-03T17:00");
}

TEST(zones_of_the_file_itself_are_known)
{
    struct programme p;
    CHECK(reads("BEGIN:VTIMEZONE\r\nTZID:Weit weg\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
                "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
                "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\nDTSTART;TZID=Weit weg:20261203T210000\r\n"
                "DTEND;TZID=Weit weg:20261203T220000\r\nEND:VEVENT\r\n",
                &p));
    CHECK_STR(berlin_iso(arena, p.events.at[0].start), "2026-12-03T17:00");
    CHECK_STR(berlin_iso(arena, p.events.at[0].end), "2026-12-03T18:00");
}

TEST(a_series_is_one_event_a_date)
{
    struct programme p;
    CHECK_ROW(
        reads(
            "BEGIN:VEVENT\r\nUID:s\r\nSUMMARY:Sprechstunde\r\nDTSTART;TZID=Europe/Berlin:20261020T100000\r\n"
            "DTEND;TZID=Europe/Berlin:20261020T113000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n"
            "EXDATE;TZID=Europe/Berlin:20261103T100000\r\nEND:VEVENT\r\n"
            "BEGIN:VEVENT\r\nUID:s\r\nRECURRENCE-ID;TZID=Europe/"
            "Berlin:20261110T100000\r\nSUMMARY:Sprechstunde\r\n"
            "DTSTART;TZID=Europe/Berlin:20261110T140000\r\nEND:VEVENT\r\n",
            &p),
        "%s", problems);
    static const char *const starts[] = {"2026-10-20T10:00", "2026-10-27T10:00", "2026-11-10T14:00"};
    CHECK_INT(p.events.n, 3);
    for (size_t i = 0; i < 3 && p.events.n == 3; i++) { /* across the end of summer time */
        CHECK_STR(berlin_iso(arena, p.events.at[i].start), starts[i]);
    }
    CHECK_STR(p.events.at[0].uid, "s/20261020T080000Z");
    CHECK_STR(p.events.at[2].uid, "s/20261110T090000Z"); /* by the rule, not as it was moved */
    CHECK_INT(p.events.at[1].end - p.events.at[1].start, 5400);
}

TEST(entries_say_what_they_know_and_no_more)
{
    struct programme p;
    CHECK(
        reads("BEGIN:VEVENT\r\nUID:abc@example.org\r\nSUMMARY:KI im Alltag\\, Teil "
              "1\r\nDTSTART:20261203T160000Z\r\n"
              "DTEND:20261203T180000Z\r\nLOCATION:Stadtlabor\\, Nordengraben 10\r\nCATEGORIES:ChatGPT,KI\r\n"
              "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nSUMMARY:Vorher\r\nDTSTART:20261202T160000Z\r\n"
              "X-STADTLABOR-CODE:vorher\r\nEND:VEVENT\r\n",
              &p));
    CHECK_INT(p.events.n, 2);
    CHECK_STR(p.events.at[0].code, "vorher");
    CHECK(p.events.at[0].place == NULL && p.events.at[0].end == p.events.at[0].start);
    CHECK_STR(p.events.at[1].title, "KI im Alltag, Teil 1");
    CHECK_STR(p.events.at[1].place, "Stadtlabor, Nordengraben 10");
    CHECK_STR(p.events.at[1].keywords, "ChatGPT, KI");
    CHECK_STR(p.events.at[1].uid, "abc@example.org");
    CHECK(p.events.at[1].code == NULL);
    CHECK((p.columns & EVENT_COLUMN_BIT(COLUMN_CAPACITY)) == 0);
    CHECK((p.columns & EVENT_COLUMN_BIT(COLUMN_CANCELLED)) == 0);
}

TEST(what_cannot_be_an_event_is_told)
{
    struct programme p;
    CHECK(!reads(
        "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Ganzer Tag\r\nDTSTART;VALUE=DATE:20261203\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261203T160000Z\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Reihe\r\nDTSTART:20261203T160000Z\r\nRRULE:FREQ=WEEKLY\r\nEND:"
        "VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:4\r\nSUMMARY:Rückwärts\r\nDTSTART:20261203T160000Z\r\nDTEND:20261203T150000Z\r\n"
        "END:VEVENT\r\n",
        &p));
    CHECK(strstr(problems, "Termin 1 („Ganzer Tag“), Angabe DTSTART") != NULL);
    CHECK(strstr(problems, "Termin 2, Angabe SUMMARY") != NULL);
    CHECK(strstr(problems, "Termin 3 („Reihe“), Angabe RRULE") != NULL);
    CHECK(strstr(problems, "Termin 4 („Rückwärts“), Angabe DTEND") != NULL);
    CHECK_INT(p.events.n, 0);
    CHECK(!reads("", &p));
    CHECK(!calendar_is_file("code;title", 10) && !calendar_is_file("", 0));
}

TEST(an_export_is_read_back_the_same)
{
    struct programme p = {0}, back;
    struct event *e = LIST_ADD(arena, &p.events);
    *e = (struct event){
        .code = "2026-12-03-ki", .title = "KI; im, Alltag\\", .place = "Straße 1", .keywords = "a, b"};
    e->cancelled = true;
    e->sequence = 3;
    CHECK(berlin_parse("2026-12-03T17:00", &e->start) && berlin_parse("2026-12-03T19:30", &e->end));
    const char *ics = "";
    CHECK(calendar_file_write(arena, &p, "Lab", "lab@example.org", 1795000000, &ics, &err));
    CHECK(strstr(ics, "\r\nUID:2026-12-03-ki@example.org\r\nSEQUENCE:3\r\n") != NULL);
    CHECK(strstr(ics, "\r\nMETHOD:PUBLISH\r\n") != NULL && strstr(ics, "\r\nSTATUS:CANCELLED\r\n") != NULL);
    CHECK_ROW(calendar_file_read(arena, ics, strlen(ics), &back, &problems, &err), "%s", problems);
    CHECK_INT(back.events.n, 1);
    CHECK_STR(back.events.at[0].code, "2026-12-03-ki");
    CHECK_STR(back.events.at[0].title, "KI; im, Alltag\\");
    CHECK_INT(event_differences(arena, e, &back.events.at[0]) & back.columns, 0);
    CHECK(back.events.at[0].cancelled);
}

int main(void)
{
    arena = arena_new();
    RUN(times_in_every_zone_are_ours);
    RUN(zones_of_the_file_itself_are_known);
    RUN(a_series_is_one_event_a_date);
    RUN(entries_say_what_they_know_and_no_more);
    RUN(what_cannot_be_an_event_is_told);
    RUN(an_export_is_read_back_the_same);
    arena_free(arena);
    return check_done();
}
