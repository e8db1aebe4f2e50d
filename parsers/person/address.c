#include "parsers/person/address.h"
#include "parsers/person/address_words.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* A postal address is put together from its parts: streets, codes and towns are found each for
 * itself and joined where nothing stands between them that would part them. */
enum part_kind {
    PART_STREET,
    PART_WEAK_STREET,
    PART_BARE_STREET,
    PART_CODE_CITY,
    PART_CODE,
    PART_LIVES_IN,
    PART_CITY,
    PART_BARE_CODE
};

struct part {
    enum part_kind kind;
    size_t at, len;
    const struct found *found;
    bool used;
};

struct parts {
    LIST(struct part)
    part;
};

enum { GAP_MAX = 80, INTRO_MAX = 60 };

static bool is_street(enum part_kind kind)
{
    return kind == PART_STREET || kind == PART_WEAK_STREET || kind == PART_BARE_STREET;
}

static enum part_kind place_kind(const struct found *f)
{
    const char *name = strchr(f->pattern, '.') + 1;
    if (str_equal(name, "bare_code")) {
        return PART_BARE_CODE;
    }
    if (found_group(f, "code") != NULL) {
        return found_group(f, "city") != NULL ? PART_CODE_CITY : PART_CODE;
    }
    return str_equal(name, "town") ? PART_CITY : PART_LIVES_IN;
}

/* "Republik 2" of "Platz der Republik 2": half a street's name is none. */
static bool half_a_name(const char *text, size_t at)
{
    static const char *const before[] = {" der ", " des ", " dem ", " den ",  " zum ",
                                         " zur ", " am ",  " im ",  "\nder ", "\ndes "};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t len = strlen(before[i]);
        if (at >= len && memcmp(text + at - len, before[i], len) == 0) {
            return at < len + 3 || memcmp(text + at - len - 3, "aus", 3) != 0; /* "aus dem Kalkofen 15" */
        }
    }
    return false;
}

static void collect(struct arena *arena, const struct patterns *patterns, const char *group, const char *text,
                    size_t len, enum part_kind kind, struct parts *parts)
{
    struct founds founds;
    patterns_find_all(patterns, arena, group, text, len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        if (kind == PART_WEAK_STREET && half_a_name(text, founds.at[i].at)) {
            continue;
        }
        struct part *p = LIST_ADD(arena, &parts->part);
        p->found = &founds.at[i];
        p->kind = str_equal(group, "place") ? place_kind(p->found) : kind;
        p->at = founds.at[i].at;
        p->len = founds.at[i].len;
    }
}

/* The kinds stand in the order of how much they say; of one kind the longer says more. */
static int by_weight(const void *a, const void *b)
{
    const struct part *p = a, *q = b;
    if (p->kind != q->kind) {
        return p->kind < q->kind ? -1 : 1;
    }
    return p->len != q->len ? (p->len > q->len ? -1 : 1) : (p->at < q->at ? -1 : p->at > q->at);
}

/* Of parts that overlap, the one that says more stays. */
static void drop_overlaps(struct parts *parts)
{
    size_t kept = 0;
    qsort(parts->part.at, parts->part.n, sizeof *parts->part.at, by_weight);
    for (size_t i = 0; i < parts->part.n; i++) {
        struct part p = parts->part.at[i];
        bool overlaps = false;
        for (size_t k = 0; k < kept && !overlaps; k++) {
            const struct part *q = &parts->part.at[k];
            overlaps = p.at < q->at + q->len && q->at < p.at + p.len;
        }
        if (!overlaps) {
            parts->part.at[kept++] = p;
        }
    }
    parts->part.n = kept;
}

static int by_place(const void *a, const void *b)
{
    const struct part *p = a, *q = b;
    return p->at < q->at ? -1 : p->at > q->at;
}

/* True when nothing stands between two parts that would part them. */
static bool joined(struct arena *arena, const struct patterns *patterns, const char *text, size_t from,
                   size_t to)
{
    struct found gap;
    if (to <= from) {
        return to == from;
    }
    if (to - from > GAP_MAX) {
        return false;
    }
    const char *between = arena_strndup(arena, text + from, to - from);
    const char *line = strchr(between, '\n');
    if (line != NULL && (line = strchr(line + 1, '\n')) != NULL && strchr(line + 1, '\n') != NULL) {
        return false; /* two empty lines */
    }
    return patterns_find(patterns, arena, "address_gap", between, to - from, 0, &gap) && gap.len == to - from;
}

static bool introduced(struct arena *arena, const struct patterns *patterns, const char *text, size_t at,
                       const char *group)
{
    struct found intro;
    size_t from = utf8_before(text, at, INTRO_MAX);
    const char *before = arena_strndup(arena, text + from, at - from);
    return patterns_find(patterns, arena, group, before, at - from, 0, &intro);
}

/* From the first part to the last nothing else stands on the line. */
static bool own_line(const char *text, const struct part *first, const struct part *last)
{
    size_t from = first->at, to = last->at + last->len;
    while (from > 0 && (text[from - 1] == ' ' || text[from - 1] == '\t')) {
        from--;
    }
    to += strspn(text + to, " \t,;");
    return (from == 0 || text[from - 1] == '\n') && (text[to] == '\0' || text[to] == '\n');
}

static char *tidy_number(struct arena *arena, const char *number)
{
    struct text out = text_new(arena, 40);
    char *s = utf8_lower_copy(arena, number);
    for (const char *from = s; *from != '\0'; from++) {
        if (str_starts(from, "–")) {
            text_addc(&out, '-');
            from += strlen("–") - 1;
        } else if (*from == ' ' || *from == '\n' || *from == '\t') {
            bool letter = from[1] >= 'a' && from[1] <= 'z';
            if (letter && out.len > 0 && out.s[out.len - 1] >= '0' && out.s[out.len - 1] <= '9') {
                text_addc(&out, ' '); /* "2 b" stays as written */
            }
        } else {
            text_addc(&out, *from);
        }
    }
    return out.s;
}

static void take_street(struct arena *arena, const char *text, const struct part *p, struct address_found *a)
{
    const char *number = found_group(p->found, "number");
    const char *street = address_without_grammar(arena, found_group(p->found, "street"), text, p->at);
    size_t len = strlen(street); /* "Straße: Im Wiesengrund. Hausnummer: 4a" */
    if (len > 4 && street[len - 1] == '.' && !str_equal(street + len - 4, "str.") &&
        !str_equal(street + len - 4, "Str.")) {
        street = arena_strndup(arena, street, len - 1);
    }
    if (number != NULL) {
        a->street = arena_printf(arena, "%s %s", street, tidy_number(arena, number));
    } else {
        a->street_no_number = street;
    }
    a->street_at = p->at;
    a->street_len = p->len;
}

/* "Iserlohn (Letmathe)": the town without its part; "Menden (Sauerland)" is its name. */
static const char *without_part(struct arena *arena, const char *city)
{
    const char *part = strchr(city, '(');
    if (part == NULL || str_starts(part, "(Sauerland)") || str_starts(part, "(Westf")) {
        return city;
    }
    return str_trim(arena, arena_strndup(arena, city, (size_t)(part - city)));
}

static void take_place(struct arena *arena, const struct part *p, struct address_found *a)
{
    const struct found_group *code = found_group_place(p->found, "code"),
                             *city = found_group_place(p->found, "city");
    if (code != NULL) {
        a->postal_code = code->value;
        a->code_at = code->at;
        a->code_len = code->len;
    }
    if (city != NULL) {
        a->city = address_tidy_words(arena, without_part(arena, city->value));
        size_t len = strlen(a->city);
        if (len > 0 && strchr(".-/", a->city[len - 1]) != NULL) {
            a->city = arena_strndup(arena, a->city, len - 1);
        }
        a->city_at = city->at;
        a->city_len = city->len;
    }
}

/* Whether the part may go into the address: it brings something that is not there yet. */
static bool brings_more(const struct address_found *a, const struct part *p)
{
    if (is_street(p->kind)) {
        return a->street == NULL && a->street_no_number == NULL;
    }
    bool code = found_group(p->found, "code") != NULL;
    if (p->kind == PART_CODE_CITY) { /* "Kalthof, 58640 Iserlohn": the town beside the code is meant */
        return a->postal_code == NULL;
    }
    return code ? a->postal_code == NULL : a->city == NULL;
}

/* Which part may go on with the address behind `last`: the next, or, of "58644 Iserlohn, Sümmern,
 * Laventiestraße 31", the street behind a part of the town. As many as there are: none. */
static size_t next_part(const struct parts *parts, size_t last, const struct address_found *a)
{
    size_t k = last + 1, n = parts->part.n;
    if (k + 1 < n && parts->part.at[k].kind == PART_CITY && a->city != NULL &&
        is_street(parts->part.at[k + 1].kind)) {
        k++;
    }
    return k < n && brings_more(a, &parts->part.at[k]) ? k : n;
}

static void take(struct arena *arena, const char *text, struct part *p, struct address_found *a)
{
    if (is_street(p->kind)) {
        take_street(arena, text, p, a);
    } else {
        take_place(arena, p, a);
    }
    if (a->pattern == NULL || p->kind == PART_STREET) {
        a->pattern = p->found->pattern;
        a->where = p->found->where;
    }
    a->len = p->at + p->len - a->at;
    p->used = true;
}

static bool ends_cell(const char *text, const struct part *p)
{
    return text[p->at + p->len] == '\0' || strchr(",.;|\n", text[p->at + p->len]) != NULL;
}

/* "wohne Obere Mühle 11 … sie wohnt zwei Häuser weiter, Obere Mühle 15": the street is known by then. */
static bool named_before(const char *text, const struct part *p)
{
    const char *street = found_group(p->found, "street");
    const char *before = strchr(street, ' ') != NULL ? strstr(text, street) : NULL;
    size_t len = strlen(street);
    if (before == NULL || before >= text + p->at) {
        return false;
    }
    return before[len] == ' ' && before[len + 1] >= '0' && before[len + 1] <= '9';
}

/* Which addresses stay: a weak street alone, or a town alone, says too little. */
static bool says_enough(struct arena *arena, const struct patterns *patterns, const char *text,
                        const struct part *first, const struct part *last)
{
    if (first != last) {
        for (const struct part *p = first; p <= last; p++) {
            if (p->used &&
                !(p->kind == PART_BARE_STREET || p->kind == PART_CITY || p->kind == PART_BARE_CODE)) {
                return true;
            }
        }
        return introduced(arena, patterns, text, first->at, "address_intro") ||
               introduced(arena, patterns, text, first->at, "address_behind") ||
               own_line(text, first, first) || own_line(text, first, last);
    }
    switch (first->kind) {
    case PART_STREET:
    case PART_CODE_CITY:
    case PART_LIVES_IN:
        return true;
    case PART_CODE:
        return str_equal(first->found->pattern, "place.code"); /* with its label */
    case PART_WEAK_STREET:
        return introduced(arena, patterns, text, first->at, "address_intro") || own_line(text, first, last) ||
               (introduced(arena, patterns, text, first->at, "address_behind") && ends_cell(text, first)) ||
               named_before(text, first);
    case PART_CITY:
        return introduced(arena, patterns, text, first->at, "address_intro") ||
               introduced(arena, patterns, text, first->at, "address_behind");
    case PART_BARE_STREET:
        return introduced(arena, patterns, text, first->at, "address_intro");
    case PART_BARE_CODE: /* "Thomas Wenzel, 14.05.2006, 58644" */
        return introduced(arena, patterns, text, first->at, "address_behind") && ends_cell(text, first);
    }
    return false;
}

void addresses_find(struct arena *arena, const struct patterns *patterns, const char *text,
                    struct addresses *ret)
{
    static const char digits[] = "0123456789";
    struct parts parts = {0};
    size_t len = strlen(text);
    *ret = (struct addresses){0};
    if (text[strcspn(text, digits)] != '\0') {
        collect(arena, patterns, "street", text, len, PART_STREET, &parts);
        collect(arena, patterns, "street_weak", text, len, PART_WEAK_STREET, &parts);
    }
    collect(arena, patterns, "street_bare", text, len, PART_BARE_STREET, &parts);
    collect(arena, patterns, "place", text, len, PART_CITY, &parts);
    if (parts.part.n == 0) {
        return;
    }
    drop_overlaps(&parts);
    qsort(parts.part.at, parts.part.n, sizeof *parts.part.at, by_place);
    for (size_t i = 0; i < parts.part.n; i++) {
        struct address_found a = {.at = parts.part.at[i].at};
        size_t last = i;
        take(arena, text, &parts.part.at[i], &a);
        for (size_t k; (k = next_part(&parts, last, &a)) < parts.part.n &&
                       joined(arena, patterns, text, a.at + a.len, parts.part.at[k].at);
             last = k) {
            take(arena, text, &parts.part.at[k], &a);
        }
        if (says_enough(arena, patterns, text, &parts.part.at[i], &parts.part.at[last])) {
            *LIST_ADD(arena, &ret->found) = a;
        }
        i = last;
    }
}
