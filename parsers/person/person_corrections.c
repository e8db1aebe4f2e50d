/* parsers/person/person_corrections.c: what people put right while they write: "58638 ist falsch, es muss
 * 58636 heißen", "Leckinger Straße 12, Entschuldigung, 21". */
#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

const char *person_other_number(struct walk *w, const char *street, const char *number)
{
    const char *digits = street == NULL ? NULL : strpbrk(street, "0123456789");
    return digits == NULL || number == NULL
               ? street
               : arena_printf(w->arena, "%.*s%s", (int)(digits - street), street, number);
}

void person_correct_codes(struct walk *w)
{
    struct found f;
    for (size_t from = 0; person_says(w, "code_corrected", from, w->len, &f); from += f.at + f.len) {
        const struct found_group *told = found_group_place(&f, "new");
        const char *wrong = found_group(&f, "old");
        for (size_t i = 0; i < w->all.n && told != NULL; i++) {
            struct address_found *a = &w->all.at[i].address;
            if (a->postal_code != NULL && (wrong == NULL || str_equal(a->postal_code, wrong))) {
                a->postal_code = told->value;
                a->code_at = from + told->at;
                a->code_len = told->len;
            }
        }
    }
}

/* Who has the address that stands last before `at`; NULL: nobody. */
static struct candidate *addressed_before(struct walk *w, size_t at)
{
    struct candidate *last = NULL;
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        bool before = c->has_address && str_equal(c->address_source, "text") && c->address_at < at;
        last = before && (last == NULL || c->address_at > last->address_at) ? c : last;
    }
    return last;
}

/* "Hönnen" in "Iserlohn-Hönnen" by "Hennen". */
static const char *city_with(struct walk *w, const char *city, const char *old, const char *right)
{
    const char *part = strstr(city, old), *hyphen = strrchr(old, '-');
    bool same_part = hyphen != NULL && strchr(right, '-') == NULL;
    size_t kept = part == NULL ? 0 : (size_t)(part - city) + (same_part ? (size_t)(hyphen + 1 - old) : 0);
    return part == NULL ? NULL : arena_printf(w->arena, "%.*s%s", (int)kept, city, right);
}

void person_correct_addresses(struct walk *w)
{
    enum { NEAR = 60 };
    struct found f;
    for (size_t from = 0; person_says(w, "city_corrected", from, w->len, &f); from += f.at + f.len) {
        for (size_t i = 0; i < w->all.n; i++) {
            struct address_found *a = &w->all.at[i].address;
            const char *city = a->city == NULL
                                   ? NULL
                                   : city_with(w, a->city, found_group(&f, "old"), found_group(&f, "new"));
            a->city = city != NULL ? city : a->city;
        }
    }
    for (size_t i = 0; i < w->all.n; i++) { /* "Leckingser Straße 12, Entschuldigung, 21 muss es heißen" */
        struct address_found *a = &w->all.at[i].address;
        size_t end = a->street_at + a->street_len, to = end + utf8_cut(w->text + end, NEAR);
        bool here = a->street != NULL && str_equal(w->all.at[i].address_source, "text");
        if (here && person_says(w, "number_behind", end, to, &f)) {
            a->street = person_other_number(w, a->street, found_group(&f, "new"));
        }
    }
    for (size_t from = 0; person_says(w, "number_told", from, w->len, &f); from += f.at + f.len) {
        struct candidate *c = addressed_before(w, from + f.at);
        struct address_found *a = c == NULL ? NULL : &c->address;
        if (a != NULL && a->street == NULL && a->street_no_number != NULL) {
            a->street = arena_printf(w->arena, "%s %s", a->street_no_number, found_group(&f, "new"));
        }
    }
    for (size_t from = 0; person_says(w, "number_corrected", from, w->len, &f); from += f.at + f.len) {
        struct candidate *c = addressed_before(w, from + f.at);
        if (c != NULL) {
            c->address.street = person_other_number(w, c->address.street, found_group(&f, "new"));
        }
    }
}

static int group_number(const struct found *f, const char *group)
{
    const char *value = found_group(f, group);
    return value == NULL ? 0 : atoi(value);
}

/* Somebody has what the slip puts right. */
static bool is_held(const struct walk *w, const struct found *f)
{
    const char *code = found_group(f, "code");
    int day = group_number(f, "day"), month = group_number(f, "month"), year = group_number(f, "year");
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        int born = year < 100 ? c->birth.year % 100 : c->birth.year;
        bool birth = year != 0 && c->birth.year != 0 && born == year && (day == 0 || c->birth.day == day) &&
                     (month == 0 || c->birth.month == month);
        if (birth || (code != NULL && str_equal(c->address.postal_code, code))) {
            return true;
        }
    }
    return false;
}

bool person_slip_left(struct walk *w)
{
    struct founds slips;
    patterns_find_all(w->reader->patterns, w->arena, "slip", w->text, w->len, &slips);
    for (size_t i = 0; i < slips.n; i++) {
        int year = group_number(&slips.at[i], "year");
        bool to_come = year >= w->reader->today.year || (year < 100 && year == w->reader->today.year % 100) ||
                       (year < 100 && year == (w->reader->today.year + 1) % 100);
        if (!(found_group(&slips.at[i], "code") == NULL && to_come) && !is_held(w, &slips.at[i])) {
            return true;
        }
    }
    return false;
}
