#include "base/date.h"
#include "tests/unit/check.h"

#include <stdlib.h>

TEST(every_day_goes_there_and_back)
{
    for (int64_t days = -60000; days < 60000; days++) {
        struct date d = date_from_days(days);
        CHECK_ROW(date_valid(d) && date_days(d) == days, "day %lld", (long long)days);
    }
}

TEST(days_that_do_not_exist)
{
    static const struct date bad[] = {
        {2026, 2, 29}, {1900, 2, 29}, {2026, 4, 31}, {2026, 0, 1}, {2026, 13, 1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_ROW(!date_valid(bad[i]), "row %zu", i);
    }
    CHECK(date_valid((struct date){2024, 2, 29}));
}

TEST(weekday_and_age)
{
    CHECK_INT(date_weekday((struct date){2026, 11, 23}), 1);
    CHECK_INT(date_age((struct date){2012, 12, 13}, (struct date){2026, 12, 12}), 13);
    CHECK_INT(date_age((struct date){2012, 12, 12}, (struct date){2026, 12, 12}), 14);
}

TEST(berlin_on_both_sides_of_the_clock_changes)
{
    static const struct {
        const char *local;
        int64_t unix_seconds;
    } rows[] = {
        {"2026-12-03T17:00", 1796313600}, {"2026-03-29T01:59", 1774745940}, {"2026-03-29T03:00", 1774746000},
        {"2026-10-25T03:00", 1792893600}, {"2026-07-01T12:00", 1782900000},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t t = 0;
        CHECK(berlin_parse(rows[i].local, &t));
        CHECK_INT(t, rows[i].unix_seconds);
        CHECK_STR(berlin_iso(arena, t), rows[i].local);
    }
    arena_free(arena);
}

TEST(only_exact_iso_is_read)
{
    struct date d = {1, 2, 3};
    static const char *const bad[] = {"2026-1-03", "2026-01-03 ", "2026-02-30",
                                      "",          "2026/01/03",  "abcd-ef-gh"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_ROW(!date_parse_iso(bad[i], &d), "row %zu", i);
    }
    CHECK_INT(d.year, 1); /* untouched on failure */
}

/* 2026: Easter on 5 April; 2027: on 28 March. */
TEST(working_days_leave_out_weekends_and_holidays)
{
    static const struct {
        struct date day;
        bool working;
    } rows[] = {
        {{2026, 11, 23}, true}, {{2026, 11, 21}, false}, {{2026, 11, 22}, false}, {{2026, 1, 1}, false},
        {{2026, 4, 3}, false},  {{2026, 4, 6}, false},   {{2026, 4, 7}, true},    {{2026, 5, 1}, false},
        {{2026, 5, 14}, false}, {{2026, 5, 15}, true},   {{2026, 5, 25}, false},  {{2026, 6, 4}, false},
        {{2027, 3, 26}, false}, {{2027, 3, 29}, false},  {{2024, 10, 3}, false},  {{2024, 11, 1}, false},
        {{2026, 12, 24}, true}, {{2026, 12, 25}, false}, {{2024, 12, 26}, false}, {{2026, 10, 2}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct date d = rows[i].day;
        CHECK_ROW(date_is_working_day(d) == rows[i].working, "%d-%d-%d", d.year, d.month, d.day);
    }
}

int main(void)
{
    RUN(every_day_goes_there_and_back);
    RUN(days_that_do_not_exist);
    RUN(weekday_and_age);
    RUN(berlin_on_both_sides_of_the_clock_changes);
    RUN(only_exact_iso_is_read);
    RUN(working_days_leave_out_weekends_and_holidays);
    return check_done();
}
