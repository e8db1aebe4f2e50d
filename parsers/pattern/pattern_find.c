/* parsers/pattern/pattern_find.c: searching texts for groups of patterns, as told in pattern_parts.h. */
#include "parsers/pattern/pattern_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a text that is looked at whole when a search begins further on: the caller may go on and on. */
enum { WHOLE_WORTH = 4096 };

/* One search. Places are of the subject as given. */
struct search {
    const struct patterns *patterns;
    struct arena *arena;
    struct matcher *m;
    const char *subject;
    size_t len;
    struct known_text *text;
    const struct text_needs *needs; /* NULL: the text is too short for that, or not looked at whole */
};

#define ALL_BLOCKS (~(uint64_t)0)

static void take(struct arena *arena, const struct pattern *p, const struct matcher *m, const char *subject,
                 struct found *ret)
{
    const PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->data);
    *ret = (struct found){.pattern = p->name, .where = p->where, .weight = p->weight, .at = o[0]};
    ret->len = o[1] > o[0] ? o[1] - o[0] : 0; /* \K in a lookahead can turn them round */
    ret->words = arena_strndup(arena, subject + ret->at, ret->len);
    ret->group = arena_alloc(arena, p->names * sizeof *ret->group);
    for (uint32_t i = 0; i < p->names; i++) {
        uint32_t n = p->name_table[i].number;
        if (o[2 * n] == PCRE2_UNSET || o[2 * n + 1] < o[2 * n]) {
            continue;
        }
        struct found_group *g = &ret->group[ret->groups++];
        g->name = p->name_table[i].name;
        g->at = o[2 * n];
        g->len = o[2 * n + 1] - o[2 * n];
        g->value = arena_strndup(arena, subject + g->at, g->len);
    }
}

/* The first match in [from, end) of a pattern that may begin at the places from `*hit` on, in `blocks` of the
 * text, and begins before `most`. */
static bool next_match(const struct search *s, const struct pattern *p, size_t *hit, size_t from, size_t end,
                       size_t most, uint64_t blocks)
{
    const struct index_hits *hits = &s->m->hits;
    for (; *hit < hits->n && hits->at[*hit].first < most; ++*hit) {
        const struct index_hit *h = &hits->at[*hit];
        bool hit_limit;
        if ((h->bits & p->place.bits) == 0 || h->last < from ||
            (s->needs != NULL && (text_blocks(s->needs, h->first, h->last) & blocks) == 0)) {
            continue;
        }
        struct pattern_code code = pattern_fastest(s->patterns, p);
        if (pattern_match(&code, s->m, s->subject, end, h->first > from ? h->first : from, h->last,
                          &hit_limit)) {
            return true;
        }
        if (hit_limit) {
            atomic_fetch_add(s->patterns->limits_hit, 1);
            return false;
        }
    }
    return false;
}

/* All matches of one pattern in [from, end) are added to `ret`; it may begin at the places from `hit` on, in
 * `blocks` of the text. */
static void find_each(const struct search *s, const struct pattern *p, size_t hit, size_t from, size_t end,
                      uint64_t blocks, struct founds *ret)
{
    for (int n = 0; n < PATTERN_FOUNDS_MAX && next_match(s, p, &hit, from, end, end, blocks); n++) {
        struct found *found = LIST_ADD(s->arena, ret);
        take(s->arena, p, s->m, s->subject, found);
        from = found->at + found->len > from ? found->at + found->len : end;
    }
}

static int by_place(const void *a, const void *b)
{
    const struct found *f = a, *g = b;
    return f->at != g->at     ? (f->at < g->at ? -1 : 1)
           : f->len != g->len ? (f->len > g->len ? -1 : 1)
                              : strcmp(f->pattern, g->pattern);
}

static void sort_founds(struct founds *founds)
{
    if (founds->n > 1) {
        qsort(founds->at, founds->n, sizeof *founds->at, by_place);
    }
}

/* The blocks of the text where a match may begin that is all in [first, last]. */
static uint64_t possible_blocks(const struct search *s, const struct pattern *p, size_t first, size_t last)
{
    return s->needs == NULL
               ? ALL_BLOCKS
               : needs_places(&s->patterns->needs, &p->needs, s->needs, text_blocks(s->needs, first, last));
}

/* The openings in one table of those patterns of the group that have somewhere what they need. */
static struct index_place possible_openings(const struct search *s, const struct pattern_group *group,
                                            const struct index_place *all)
{
    struct index_place place = {.table = all->table};
    for (size_t i = group->begin; i < group->end; i++) {
        const struct index_place *one = &s->patterns->pattern.at[i].place;
        place.bits |= one->table == place.table && s->m->blocks[i - group->begin] != 0 ? one->bits : 0;
    }
    return place;
}

/* Calls `pattern` for each pattern of the group that may begin somewhere in [from, len); the places are in
 * s->m->hits then, and those in the blocks it is given remain. */
static void each_possible(struct search *s, const char *group, size_t from,
                          void (*pattern)(struct search *, const struct pattern *, uint64_t, void *),
                          void *context)
{
    const struct pattern_group *g = pattern_group_find(s->patterns, group);
    if (g == NULL) {
        return;
    }
    s->needs = known_needs(s->patterns, s->m, s->text, s->subject, g->end - g->begin);
    for (size_t i = g->begin; i < g->end; i++) {
        s->m->blocks[i - g->begin] = possible_blocks(s, &s->patterns->pattern.at[i], 0, s->len);
    }
    for (size_t t = 0; t < g->places.n; t++) {
        struct index_place place = possible_openings(s, g, &g->places.at[t]);
        pattern_index_scan(&s->patterns->index, &place, &s->text->classes, s->subject, from, s->len,
                           &s->m->hits);
        for (size_t i = g->begin; i < g->end && s->m->hits.bits != 0; i++) {
            const struct pattern *p = &s->patterns->pattern.at[i];
            if (p->place.table == place.table && (p->place.bits & s->m->hits.bits) != 0) {
                pattern(s, p, s->m->blocks[i - g->begin], context);
            }
        }
    }
}

/* --- the first --- */

struct first {
    size_t from;
    bool any;
    struct found *ret;
};

static void find_first(struct search *s, const struct pattern *p, uint64_t blocks, void *context)
{
    struct first *first = context;
    size_t hit = 0, most = first->any ? first->ret->at + 1 : s->len;
    if (!next_match(s, p, &hit, first->from, s->len, most, blocks)) {
        return;
    }
    const PCRE2_SIZE *o = pcre2_get_ovector_pointer(s->m->data);
    const struct found *best = first->ret;
    if (!first->any || o[0] < best->at || (o[0] == best->at && o[1] > best->at + best->len)) {
        first->any = true;
        take(s->arena, p, s->m, s->subject, first->ret);
    }
}

bool patterns_find(const struct patterns *patterns, struct arena *arena, const char *group,
                   const char *subject, size_t len, size_t from, struct found *ret)
{
    if (from >= len) {
        return false;
    }
    struct matcher spare, *m = matcher_take(patterns, &spare);
    struct first first = {.from = from, .ret = ret};
    struct known_text *text = matcher_text(patterns, m, subject, len <= WHOLE_WORTH ? 0 : from, len);
    struct search s = {patterns, arena, m, subject, len, text, NULL};
    each_possible(&s, group, from, find_first, &first);
    matcher_give_back(m);
    return first.any;
}

/* --- all --- */

static void find_all(struct search *s, const struct pattern *p, uint64_t blocks, void *context)
{
    find_each(s, p, 0, 0, s->len, blocks, context);
}

void patterns_find_all(const struct patterns *patterns, struct arena *arena, const char *group,
                       const char *subject, size_t len, struct founds *ret)
{
    *ret = (struct founds){0};
    struct matcher spare, *m = matcher_take(patterns, &spare);
    struct search s = {patterns, arena, m, subject, len, matcher_text(patterns, m, subject, 0, len), NULL};
    each_possible(&s, group, 0, find_all, ret);
    matcher_give_back(m);
    sort_founds(ret);
}

/* --- all, part by part --- */

struct in_parts {
    const struct subject_part *parts;
    size_t n;
    struct founds *ret;
};

static void find_in_parts(struct search *s, const struct pattern *p, uint64_t all, void *context)
{
    const struct in_parts *in = context;
    const struct index_hits *hits = &s->m->hits;
    size_t hit = 0;
    for (size_t k = 0; k < in->n; k++) {
        const struct subject_part *part = &in->parts[k];
        size_t end = part->at + part->len;
        while (hit < hits->n &&
               ((hits->at[hit].bits & p->place.bits) == 0 || hits->at[hit].last < part->at)) {
            hit++;
        }
        bool here = hit < hits->n && hits->at[hit].first < end;
        uint64_t blocks = here ? all & possible_blocks(s, p, part->at, end) : 0;
        if (blocks != 0) {
            find_each(s, p, hit, part->at, end, blocks, in->ret);
        }
    }
}

void patterns_find_in_parts(const struct patterns *patterns, struct arena *arena, const char *group,
                            const char *subject, const struct subject_part *parts, size_t n,
                            struct founds *ret)
{
    *ret = (struct founds){0};
    if (n == 0) {
        return;
    }
    size_t len = parts[n - 1].at + parts[n - 1].len;
    struct matcher spare, *m = matcher_take(patterns, &spare);
    struct search s = {patterns, arena, m, subject, len, matcher_text(patterns, m, subject, 0, len), NULL};
    struct in_parts in = {parts, n, ret};
    each_possible(&s, group, 0, find_in_parts, &in);
    matcher_give_back(m);
    sort_founds(ret);
}

const struct found_group *found_group_place(const struct found *found, const char *name)
{
    for (int i = 0; i < found->groups; i++) {
        if (str_equal(found->group[i].name, name)) {
            return &found->group[i];
        }
    }
    return NULL;
}

const char *found_group(const struct found *found, const char *name)
{
    const struct found_group *g = found_group_place(found, name);
    return g == NULL ? NULL : g->value;
}
