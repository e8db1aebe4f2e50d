#include "parsers/person/birth.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/language/german_date.h"

#include <string.h>

enum {
    BEFORE_MAX = 70,
    AFTER_MAX = 40,
    PARTS_APART_MAX = 60,
    BOTH_MAX = 60,
    BRACKET = 2,
    YOUNGEST_UNSAID = 4
};

static bool is_event_day(const struct reader *reader, int month, int day, int year)
{
    const struct programme *p = reader->programme;
    for (size_t i = 0; p != NULL && i < p->events.n; i++) {
        const struct date d = p->events.at[i].day;
        bool upcoming = date_compare(d, reader->today) >= 0;
        if (upcoming && d.month == month && d.day == day &&
            (year == 0 || d.year == year || d.year % 100 == year % 100)) {
            return true;
        }
    }
    return false;
}

static bool beside(struct arena *arena, const struct reader *reader, const char *group, const char *text,
                   size_t at, size_t len, struct found *ret)
{
    return patterns_find(reader->patterns, arena, group, arena_strndup(arena, text + at, len), len, 0, ret);
}

/* "Jg. 53 (14. Oktober)", "Baujahr 1948, genauer am 21.06. jenes Jahres": the parts of one date. */
static bool join_parts(struct arena *arena, const struct reader *reader, const char *text,
                       struct date_found *a, const struct date_found *b)
{
    struct found f;
    bool near = b->at >= a->at + a->len && b->at - (a->at + a->len) <= PARTS_APART_MAX;
    if (!near) {
        return false;
    }
    if (a->year != 0 && a->month == 0 && b->year != 0 && b->month != 0) {
        *a = *b; /* "Jahrgang 1952, genau: 8.8.1952" */
        return true;
    }
    const struct date_found *year = a->month == 0 ? a : b, *day = a->month == 0 ? b : a;
    size_t end = a->at + a->len;
    bool told = b->at <= end + BRACKET || beside(arena, reader, "birth_parts", text, end, b->at - end, &f);
    if (year->year == 0 || year->month != 0 || day->year != 0 || day->day == 0 ||
        (!told && is_event_day(reader, day->month, day->day, 0))) {
        return false; /* but "Jahrgang 47 (8. Dezember)", "Jg. 71, und zwar 9. Februar" */
    }
    a->len = b->at + b->len - a->at;
    a->year = year->year;
    a->month = day->month;
    a->day = day->day;
    a->two_digit_year = false;
    return true;
}

/* What the words before a date say of its year: "beide 1996 geboren", "im selben Jahr am 30. September". */
static bool year_is(struct arena *arena, const struct reader *reader, const char *pattern, const char *text,
                    size_t at)
{
    struct found f;
    size_t from = utf8_before(text, at, BEFORE_MAX);
    return beside(arena, reader, pattern, text, from, at - from, &f);
}

/* A line or cell of its own. */
static bool alone(const char *text, size_t at, size_t len)
{
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '_')) {
        at--;
        len++;
    }
    size_t end = at + len;
    end += strspn(text + end, " _.");
    return (at == 0 || strchr("\n\t|;,/(*", text[at - 1]) != NULL) &&
           (text[end] == '\0' || strchr("\n\t|;,/)", text[end]) != NULL);
}

static int points(struct arena *arena, const struct reader *reader, const char *text,
                  const struct date_found *d, const char **ret_pattern, const char **ret_where)
{
    struct found f;
    size_t from = utf8_before(text, d->at, BEFORE_MAX), end = d->at + d->len;
    size_t after = utf8_cut(text + end, AFTER_MAX);
    int age = date_age((struct date){d->year, d->month, d->day}, reader->today), sum = 0;
    if (beside(arena, reader, "birth_before.yes", text, from, d->at - from, &f) ||
        beside(arena, reader, "birth_after.yes", text, end, after, &f)) {
        sum += BIRTH_POINTS_SAID;
        *ret_pattern = f.pattern;
        *ret_where = f.where;
    }
    if (beside(arena, reader, "birth_before.no", text, from, d->at - from, &f) ||
        beside(arena, reader, "birth_after.no", text, end, after, &f)) {
        sum -= sum > 0 && str_equal(f.pattern, "birth_before.no") ? 1 : BIRTH_POINTS_SAID + 1;
    }
    if (sum < BIRTH_POINTS_SAID &&
        (age < YOUNGEST_UNSAID || is_event_day(reader, d->month, d->day, d->two_digit_year ? d->year : 0))) {
        sum -= age < YOUNGEST_UNSAID || d->two_digit_year ? BIRTH_POINTS_SAID : 0;
    }
    if (d->two_digit_year && beside(arena, reader, "birth_before.turns", text, from, d->at - from, &f)) {
        sum -= BIRTH_POINTS_SAID + 1;
    }
    if (alone(text, d->at, d->len)) {
        sum += 1;
    }
    return sum + 1; /* a full date of the past */
}

static bool says_both(const char *text, size_t at)
{
    for (const char *s = text; (s = strchr(s, 'w')) != NULL; s++) {
        if (s > text && str_starts_nocase(s - 1, "zwilling")) {
            return true;
        }
    }
    bool both = false; /* in the date's own sentence */
    for (size_t from = at > BOTH_MAX ? at - BOTH_MAX : 0; from < at; from++) {
        both = both || str_starts_nocase(text + from, "beide");
        both = both && !(str_starts(text + from, ". ") && text[from + 2] >= 'A' && text[from + 2] <= 'Z');
    }
    return both;
}

/* "Name  Eintritt  geb.  Anschrift" above rows with two dates each: whether the date of that number stands in
 * a column of births. False: no header tells. */
static bool column_says(struct arena *arena, const struct reader *reader, const char *text,
                        const struct dates *dates, size_t number, bool *ret_birth)
{
    size_t line = str_line_begin(text, dates->found.at[number].at), column = 0, head = line, len = 0;
    for (size_t i = 0; i < number; i++) {
        column += dates->found.at[i].at >= line;
    }
    do { /* the first line upwards without a figure, in the same paragraph */
        head = head == 0 ? 0 : str_line_begin(text, head - 1);
        len = strcspn(text + head, "\n");
    } while (head > 0 && len > 0 && strcspn(text + head, "0123456789\n") < len);
    struct founds found;
    const char *header = arena_strndup(arena, text + head, len);
    patterns_find_all(reader->patterns, arena, "date_column", header, len, &found);
    bool birth = false, other = false;
    for (size_t i = 0; i < found.n; i++) {
        birth |= str_equal(found.at[i].pattern, "date_column.birth");
        other |= !str_equal(found.at[i].pattern, "date_column.birth");
    }
    if (!birth || !other || column >= found.n || head == line) {
        return false;
    }
    *ret_birth = str_equal(found.at[column].pattern, "date_column.birth");
    return true;
}

void births_find(struct arena *arena, const struct reader *reader, const char *text, struct births *ret)
{
    struct dates dates;
    *ret = (struct births){0};
    german_dates(arena, reader->patterns, text, reader->today, &dates);
    int shared_year = 0, last_year = 0; /* said once for several; of the date before */
    for (size_t i = 0; i < dates.found.n; i++) {
        struct date_found d = dates.found.at[i];
        bool year_alone = d.year != 0 && d.month == 0, day_alone = d.year == 0 && d.day != 0;
        if (year_alone && year_is(arena, reader, "birth_year.shared", text, d.at)) {
            shared_year = d.year;
            continue;
        }
        if (day_alone && year_is(arena, reader, "birth_year.same", text, d.at)) {
            d.year = last_year;
        } else if (day_alone && !is_event_day(reader, d.month, d.day, 0)) {
            d.year = shared_year;
        } else if (d.year != 0) {
            shared_year = 0;
        }
        if (i + 1 < dates.found.n && (d.year == 0 || d.month == 0) &&
            join_parts(arena, reader, text, &d, &dates.found.at[i + 1])) {
            i++;
        }
        bool year_shared = day_alone && d.year != 0; /* "beide Jahrgang 1945 (3.4. und 5.6.)" */
        last_year = d.year != 0 ? d.year : last_year;
        struct date day = {d.year, d.month, d.day};
        if (d.year == 0 || d.month == 0 || d.day == 0 || !date_valid(day) ||
            date_compare(day, reader->today) > 0 || date_age(day, reader->today) > BIRTH_AGE_MAX) {
            continue;
        }
        struct birth b = {.at = d.at, .len = d.len, .day = day, .pattern = d.pattern, .where = d.where};
        b.points = points(arena, reader, text, &d, &b.pattern, &b.where);
        b.points = year_shared && b.points < BIRTH_POINTS_SAID ? BIRTH_POINTS_SAID : b.points;
        bool birth = false;
        if (column_says(arena, reader, text, &dates, i, &birth)) {
            b.points = birth ? BIRTH_POINTS_SAID : 0;
        }
        b.of_both = !year_shared && says_both(text, d.at);
        if (b.points >= BIRTH_POINTS_ENOUGH) {
            *LIST_ADD(arena, &ret->birth) = b;
        }
    }
}
