/* parsers/programme/event_days.c: days told otherwise than by day and month.
 *
 * "am Samstag vor dem 3. Advent", "Nikolausvortag", "letzter Dienstag im Januar" are days; a month, a
 * weekday, a time, "im neuen Jahr" narrow what else is said. */
#include "parsers/programme/event_finder.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { SATURDAY = 6, SUNDAY = 7, WEEK = 7, SOON = 8, DECEMBER = 12, CHRISTMAS = 25, ADVENTS = 4, LAST = 5 };

struct word_number {
    const char *word; /* how it begins */
    int number;
};

static const struct word_number weekdays[] = {
    {"montag", 1},    {"monday", 1},   {"dienstag", 2}, {"tuesday", 2}, {"mittwoch", 3}, {"wednes", 3},
    {"donners", 4},   {"thursday", 4}, {"freitag", 5},  {"friday", 5},  {"samstag", 6},  {"saturday", 6},
    {"sonnabend", 6}, {"sonntag", 7},  {"sunday", 7},   {NULL, 0},
};

static const struct word_number months[] = {
    {"jan", 1},  {"j\xc3\xa4n", 1}, {"feb", 2},  {"m\xc3\xa4r", 3}, {"maer", 3}, {"mar", 3}, {"apr", 4},
    {"mai", 5},  {"may", 5},        {"jun", 6},  {"jul", 7},        {"aug", 8},  {"sep", 9}, {"okt", 10},
    {"oct", 10}, {"nov", 11},       {"dez", 12}, {"dec", 12},       {NULL, 0},
};

static const struct word_number ordinals[] = {
    {"1", 1},      {"erst", 1},   {"first", 1},    {"2", 2},       {"zweit", 2},
    {"second", 2}, {"3", 3},      {"dritt", 3},    {"third", 3},   {"4", 4},
    {"viert", 4},  {"fourth", 4}, {"letzt", LAST}, {"last", LAST}, {NULL, 0},
};

static int number_of(const char *word, const struct word_number *list)
{
    for (size_t i = 0; word != NULL && list[i].word != NULL; i++) {
        if (str_starts_nocase(word, list[i].word)) {
            return list[i].number;
        }
    }
    return 0;
}

static bool in_date(const struct finder *f, size_t at)
{
    for (size_t i = 0; i < f->source->dates->found.n; i++) {
        const struct date_found *found = &f->source->dates->found.at[i];
        if (at >= found->at && at < found->at + found->len) {
            return true;
        }
    }
    return false;
}

static void find_all(const struct finder *f, const char *pattern, struct founds *ret)
{
    *ret = (struct founds){0};
    patterns_find_all(f->patterns, f->arena, pattern, f->source->sentences->text, f->source->sentences->len,
                      ret);
}

/* --- days --- */

static void add_day(struct finder *f, const struct found *found, struct date day)
{
    struct event_set fits = {0};
    for (size_t e = 0; e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
        if (date_compare(f->programme->events.at[e].day, day) == 0) {
            event_set_add(&fits, e);
        }
    }
    if (event_set_count(&fits) > 0 && !in_date(f, found->at)) {
        finder_add(f, MENTION_DATE, found->at, found->len, fits)->score = 4;
    }
}

/* The last such weekday before the day, or the first behind it. */
static struct date weekday_beside(struct date day, int weekday, bool before)
{
    do {
        day = date_add_days(day, before ? -1 : 1);
    } while (date_weekday(day) != weekday);
    return day;
}

/* The n-th Sunday in Advent: the fourth is the last Sunday before Christmas Day. */
static struct date advent(int year, int n)
{
    struct date fourth = weekday_beside((struct date){year, DECEMBER, CHRISTMAS}, SUNDAY, true);
    return date_add_days(fourth, (n - ADVENTS) * WEEK);
}

static bool feast(const char *name, int year, struct date *ret)
{
    static const struct {
        const char *name;
        int month, day; /* month 0: days from Easter */
    } feasts[] = {
        {"nikol", 12, 6},      {"barbara", 12, 4},      {"heilig", 12, 24},     {"silvester", 12, 31},
        {"sylvester", 12, 31}, {"neujahr", 1, 1},       {"drei", 1, 6},         {"hl", 1, 6},
        {"valentin", 2, 14},   {"weiber", 0, -52},      {"altweiber", 0, -52},  {"rosen", 0, -48},
        {"veilchen", 0, -47},  {"fastnachtsd", 0, -47}, {"faschingsd", 0, -47}, {"karnevalsd", 0, -47},
        {"ascherm", 0, -46}};
    for (size_t i = 0; i < sizeof feasts / sizeof *feasts; i++) {
        if (str_starts_nocase(name, feasts[i].name)) {
            *ret = feasts[i].month == 0 ? date_add_days(date_easter(year), feasts[i].day)
                                        : (struct date){year, feasts[i].month, feasts[i].day};
            return true;
        }
    }
    return false;
}

/* The day itself, the one before, the Saturday before …: by the words around the feast. */
static struct date beside_feast(const struct found *found, struct date day)
{
    int weekday = number_of(found_group(found, "weekday"), weekdays);
    bool before = found_group(found, "before") != NULL, after = found_group(found, "after") != NULL;
    if (weekday > 0 && (before || after)) {
        return weekday_beside(day, weekday, before);
    }
    return before ? date_add_days(day, -1) : after ? date_add_days(day, 1) : day;
}

static void find_feasts(struct finder *f)
{
    struct founds founds;
    find_all(f, "day_feast", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *found = &founds.at[i];
        for (int year = f->today.year; year <= f->today.year + 1; year++) {
            struct date day = {0};
            int n = number_of(found_group(found, "n"), ordinals);
            const char *name = found_group(found, "name");
            if (name != NULL ? !feast(name, year, &day) : n < 1 || n > ADVENTS) {
                continue;
            }
            day = name == NULL ? advent(year, n) : day;
            day = found_group(found, "saturday") != NULL ? date_add_days(day, -1) : beside_feast(found, day);
            if (date_compare(day, f->today) >= 0) {
                add_day(f, found, day);
                break;
            }
        }
    }
}

/* "am ersten Samstag im Februar", "letzter Dienstag im Januar", "zweiter Dezembersamstag" */
static void find_nth_weekdays(struct finder *f)
{
    struct founds founds;
    find_all(f, "day_nth", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *found = &founds.at[i];
        int n = number_of(found_group(found, "n"), ordinals);
        int weekday = number_of(found_group(found, "weekday"), weekdays);
        int month = number_of(found_group(found, "month"), months);
        if (n == 0 || weekday == 0 || month == 0) {
            continue;
        }
        int year = f->today.year + (month < f->today.month);
        struct date first = {year, month, 1}, next = {year + month / DECEMBER, month % DECEMBER + 1, 1};
        struct date day = n == LAST ? weekday_beside(next, weekday, true)
                                    : date_add_days(weekday_beside(date_add_days(first, -1), weekday, false),
                                                    (n - 1) * WEEK);
        add_day(f, found, day);
    }
}

/* The month that a day without one has: of the day told beside it in the same sentence, else the sentence's
 * only one; 0: none is told. */
static int month_beside(const struct finder *f, size_t at)
{
    size_t sentence = sentence_of(f->source->sentences, at), nearest = SIZE_MAX;
    int month = 0;
    for (size_t i = 0; i < f->out->list.n; i++) {
        const struct event_mention *m = &f->out->list.at[i];
        bool tells = m->kind == MENTION_DATE || (m->kind == MENTION_PERIOD && m->period == PERIOD_MONTH);
        size_t away = m->at > at ? m->at - at : at - m->at, e = 0;
        while (e < f->programme->events.n && e < EVENTS_MATCHED && !event_set_has(&m->fits, e)) {
            e++;
        }
        if (tells && m->in_subject == f->in_subject && m->sentence == sentence && away < nearest) {
            nearest = away;
            month = f->programme->events.at[e].day.month;
        }
    }
    return month;
}

/* The day is one that is told in full as well: it says nothing new, and may be refused there. */
static bool told_in_full(const struct finder *f, struct date day)
{
    bool told = false;
    for (size_t i = 0; i < f->source->dates->found.n && !told; i++) {
        const struct date_found *found = &f->source->dates->found.at[i];
        told = found->day == day.day && found->month == day.month;
    }
    return told;
}

/* The next day with that number, and in that month unless it is 0. */
static bool next_day(struct date today, int number, int month, struct date *ret)
{
    struct date day = {today.year, today.month, number};
    for (int tries = 0; tries <= DECEMBER; tries++) {
        if (date_valid(day) && date_compare(day, today) >= 0 && (month == 0 || day.month == month)) {
            *ret = day;
            return true;
        }
        day.year += day.month / DECEMBER;
        day.month = day.month % DECEMBER + 1;
    }
    return false;
}

/* "am 10. und am 15. Dezember", "am 10." of the coming weeks */
static void find_days_alone(struct finder *f)
{
    struct founds founds;
    find_all(f, "day_alone", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found_group *told = found_group_place(&founds.at[i], "day");
        bool digits = told->value[0] >= '0' && told->value[0] <= '9';
        int number = digits ? atoi(told->value) : german_number(utf8_fold(f->arena, told->value));
        struct date day;
        if (next_day(f->today, number, month_beside(f, told->at), &day) && !told_in_full(f, day)) {
            add_day(f, &(struct found){.at = told->at, .len = told->len}, day);
        }
    }
}

/* --- what narrows --- */

static void add_period(struct finder *f, enum event_period period, const struct found *found,
                       struct event_set fits)
{
    if (event_set_count(&fits) > 0 && !in_date(f, found->at)) {
        struct event_mention *mention = finder_add(f, MENTION_PERIOD, found->at, found->len, fits);
        mention->score = 1;
        mention->period = period;
    }
}

static void find_months(struct finder *f)
{
    struct founds founds;
    find_all(f, "event.month", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        int month = number_of(found_group(&founds.at[i], "month"), months);
        struct event_set fits = {0};
        for (size_t e = 0; e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
            if (event_set_has(&f->upcoming, e) && f->programme->events.at[e].day.month == month) {
                event_set_add(&fits, e);
            }
        }
        add_period(f, PERIOD_MONTH, &founds.at[i], fits);
    }
}

/* "am Dienstag", "nächsten Dienstag": the events of the coming seven days on that day; else all on
 * that day of the week. */
static void find_weekdays(struct finder *f)
{
    struct founds founds;
    find_all(f, "event.weekday", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        int weekday = number_of(found_group(&founds.at[i], "weekday"), weekdays);
        struct event_set soon = {0}, any = {0};
        for (size_t e = 0; e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
            struct date day = f->programme->events.at[e].day;
            if (!event_set_has(&f->upcoming, e) || date_weekday(day) != weekday) {
                continue;
            }
            event_set_add(&any, e);
            if (date_days(day) - date_days(f->today) <= SOON) {
                event_set_add(&soon, e);
            }
        }
        add_period(f, PERIOD_WEEKDAY, &founds.at[i], event_set_count(&soon) > 0 ? soon : any);
    }
}

static void find_next_week(struct finder *f)
{
    struct founds founds;
    find_all(f, "event.next_week", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        struct event_set fits = {0};
        for (size_t e = 0; e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
            int64_t ahead = date_days(f->programme->events.at[e].day) - date_days(f->today);
            if (ahead >= 0 && ahead <= 2 * (int64_t)WEEK) {
                event_set_add(&fits, e);
            }
        }
        add_period(f, PERIOD_WEEK, &founds.at[i], fits);
    }
}

/* "noch dieses Jahr", "vor Weihnachten"; "im neuen Jahr", "nach den Feiertagen" */
static void find_years(struct finder *f)
{
    struct founds founds;
    find_all(f, "day_year", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        bool next = found_group(&founds.at[i], "next") != NULL;
        struct event_set fits = {0};
        for (size_t e = 0; e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
            int year = f->programme->events.at[e].day.year;
            if (event_set_has(&f->upcoming, e) && (next ? year > f->today.year : year == f->today.year)) {
                event_set_add(&fits, e);
            }
        }
        add_period(f, PERIOD_YEAR, &founds.at[i], fits);
    }
}

/* "um 16 Uhr": when it begins */
static void find_times(struct finder *f)
{
    struct founds founds;
    find_all(f, "day_time", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const char *hour = found_group(&founds.at[i], "hour"), *minute = found_group(&founds.at[i], "minute");
        struct event_set fits = {0};
        for (size_t e = 0; hour != NULL && e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
            struct date day;
            int h, m;
            berlin_from_unix(f->programme->events.at[e].start, &day, &h, &m);
            if (event_set_has(&f->upcoming, e) && h == atoi(hour) && (minute == NULL || m == atoi(minute))) {
                event_set_add(&fits, e);
            }
        }
        add_period(f, PERIOD_TIME, &founds.at[i], fits);
    }
}

/* "den ersten Termin", "von den Abenden nur den zweiten" */
static void find_orders(struct finder *f)
{
    struct founds founds;
    find_all(f, "day_order", &founds);
    for (size_t i = 0; i < founds.n; i++) {
        int n = number_of(found_group(&founds.at[i], "n"), ordinals);
        struct event_mention *mention =
            finder_add(f, MENTION_PERIOD, founds.at[i].at, founds.at[i].len, f->upcoming);
        mention->period = PERIOD_ORDER;
        mention->order = n == LAST || n == 0 ? -1 : n;
    }
}

void finder_days(struct finder *f)
{
    find_feasts(f);
    find_nth_weekdays(f);
    find_months(f);
    find_days_alone(f);
    find_weekdays(f);
    find_next_week(f);
    find_years(f);
    find_times(f);
    find_orders(f);
}
