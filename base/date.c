#include "base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400, HOUR = 3600 };

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int month_length(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && leap(y) ? 29 : days[m - 1];
}

bool date_valid(struct date d)
{
    return d.year >= 1800 && d.year <= 2999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= month_length(d.year, d.month);
}

int date_compare(struct date a, struct date b)
{
    return a.year != b.year ? a.year - b.year : a.month != b.month ? a.month - b.month : a.day - b.day;
}

/* Days from civil and back: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int64_t date_days(struct date d)
{
    int64_t y = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

struct date date_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    struct date d = {.day = (int)(doy - (153 * mp + 2) / 5 + 1), .month = (int)(mp < 10 ? mp + 3 : mp - 9)};
    d.year = (int)(yoe + era * 400 + (d.month <= 2));
    return d;
}

struct date date_add_days(struct date d, int days)
{
    return date_from_days(date_days(d) + days);
}

int date_weekday(struct date d)
{
    int64_t w = (date_days(d) + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w) + 1;
}

/* Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8). */
struct date date_easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;
    return (struct date){year, n / 31, n % 31 + 1};
}

bool date_is_working_day(struct date d)
{
    static const int fixed[][2] = {{1, 1}, {5, 1}, {10, 3}, {11, 1}, {12, 25}, {12, 26}};
    /* Good Friday, Easter Monday, Ascension, Whit Monday, Corpus Christi */
    static const int from_easter[] = {-2, 1, 39, 50, 60};
    if (date_weekday(d) > 5) {
        return false;
    }
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (d.month == fixed[i][0] && d.day == fixed[i][1]) {
            return false;
        }
    }
    int64_t days = date_days(d) - date_days(date_easter(d.year));
    for (size_t i = 0; i < sizeof from_easter / sizeof *from_easter; i++) {
        if (days == from_easter[i]) {
            return false;
        }
    }
    return true;
}

int date_age(struct date born, struct date on)
{
    int years = on.year - born.year;
    return on.month < born.month || (on.month == born.month && on.day < born.day) ? years - 1 : years;
}

static bool digits(const char *s, int n, int *ret)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') {
            return false;
        }
        value = value * 10 + (s[i] - '0');
    }
    *ret = value;
    return true;
}

/* Reads the ten characters of a day; what follows is the caller's. */
static bool parse_day(const char *s, struct date *ret)
{
    struct date d;
    if (strlen(s) < 10 || !digits(s, 4, &d.year) || s[4] != '-' || !digits(s + 5, 2, &d.month) ||
        s[7] != '-' || !digits(s + 8, 2, &d.day) || !date_valid(d)) {
        return false;
    }
    *ret = d;
    return true;
}

bool date_parse_iso(const char *s, struct date *ret)
{
    return strlen(s) == 10 && parse_day(s, ret);
}

char *date_iso(struct arena *arena, struct date d)
{
    return arena_printf(arena, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static struct date last_sunday(int year, int month)
{
    struct date d = {year, month, 31};
    return date_add_days(d, -(date_weekday(d) % 7));
}

static bool summer_at(int64_t unix_seconds)
{
    int64_t days = unix_seconds >= 0 ? unix_seconds / DAY : (unix_seconds - DAY + 1) / DAY;
    int year = date_from_days(days).year;
    int64_t from = date_days(last_sunday(year, 3)) * DAY + HOUR;
    int64_t to = date_days(last_sunday(year, 10)) * DAY + HOUR;
    return unix_seconds >= from && unix_seconds < to;
}

int64_t berlin_to_unix(struct date d, int hour, int minute)
{
    int64_t local = date_days(d) * DAY + (int64_t)hour * HOUR + (int64_t)minute * 60;
    return summer_at(local - 2 * HOUR) ? local - 2 * HOUR : local - HOUR;
}

void berlin_from_unix(int64_t unix_seconds, struct date *ret_date, int *ret_hour, int *ret_minute)
{
    int64_t local = unix_seconds + (summer_at(unix_seconds) ? 2 : 1) * HOUR;
    int64_t days = local >= 0 ? local / DAY : (local - DAY + 1) / DAY;
    int64_t rest = local - days * DAY;
    *ret_date = date_from_days(days);
    if (ret_hour != NULL) {
        *ret_hour = (int)(rest / HOUR);
    }
    if (ret_minute != NULL) {
        *ret_minute = (int)(rest % HOUR / 60);
    }
}

bool berlin_parse(const char *s, int64_t *ret_unix)
{
    struct date d;
    int hour, minute;
    if (strlen(s) != 16 || !parse_day(s, &d) || (s[10] != 'T' && s[10] != ' ') || !digits(s + 11, 2, &hour) ||
        s[13] != ':' || !digits(s + 14, 2, &minute) || hour > 23 || minute > 59) {
        return false;
    }
    *ret_unix = berlin_to_unix(d, hour, minute);
    return true;
}

char *berlin_iso(struct arena *arena, int64_t unix_seconds)
{
    struct date d;
    int hour, minute;
    berlin_from_unix(unix_seconds, &d, &hour, &minute);
    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d", d.year, d.month, d.day, hour, minute);
}

char *date_in_words(struct arena *arena, struct date d, const char *language)
{
    static const char *const days_de[] = {"Montag",  "Dienstag", "Mittwoch", "Donnerstag",
                                          "Freitag", "Samstag",  "Sonntag"};
    static const char *const months_de[] = {"Januar",    "Februar", "März",     "April",
                                            "Mai",       "Juni",    "Juli",     "August",
                                            "September", "Oktober", "November", "Dezember"};
    static const char *const days_en[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday"};
    static const char *const months_en[] = {"January",   "February", "March",    "April",
                                            "May",       "June",     "July",     "August",
                                            "September", "October",  "November", "December"};
    bool english = language != NULL && strcmp(language, "en") == 0;
    int day = date_weekday(d) - 1;
    return english
               ? arena_printf(arena, "%s, %d %s %d", days_en[day], d.day, months_en[d.month - 1], d.year)
               : arena_printf(arena, "%s, %d. %s %d", days_de[day], d.day, months_de[d.month - 1], d.year);
}

int64_t clock_now(void)
{
    const char *fixed = getenv("STADTLABOR_NOW");
    return fixed != NULL ? strtoll(fixed, NULL, 10) : (int64_t)time(NULL);
}

int64_t clock_monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
