/* parsers/pattern/pattern_find.c: searching texts for groups of patterns, as told in pattern_parts.h. */
#include "parsers/pattern/pattern_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a text for which looking at its pieces pays; and of one that is looked at whole when a search
 * begins further on: the caller may go on and on. */
enum { PIECES_WORTH = 64, WHOLE_WORTH = 4096 };

/* One search. Places are of the subject as given. */
struct search {
    const struct patterns *patterns;
    struct arena *arena;
    struct matcher *m;
    const char *subject;
    size_t len;
};

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

/* The first match in [from, end) of a pattern that may begin at the places from `*hit` on, and begins before
 * `most`. */
static bool next_match(const struct search *s, const struct pattern *p, size_t *hit, size_t from, size_t end,
                       size_t most)
{
    const struct index_hits *hits = &s->m->hits;
    for (; *hit < hits->n && hits->at[*hit].first < most; ++*hit) {
        const struct index_hit *h = &hits->at[*hit];
        bool hit_limit;
        if ((h->bits & p->place.bits) == 0 || h->last < from) {
            continue;
        }
        struct pattern_code code = pattern_fastest(p);
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

/* All matches of one pattern in [from, end) are added to `ret`; it may begin at the places from `hit` on. */
static void find_each(const struct search *s, const struct pattern *p, size_t hit, size_t from, size_t end,
                      struct founds *ret)
{
    for (int n = 0; n < PATTERN_FOUNDS_MAX && next_match(s, p, &hit, from, end, end); n++) {
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

/* Calls `pattern` for each pattern of the group that may begin somewhere in [from, len); the places are in
 * s->m->hits then. */
static void each_possible(struct search *s, const char *group, size_t from, struct known_text *text,
                          void (*pattern)(struct search *, const struct pattern *, void *), void *context)
{
    const struct pattern_group *g = pattern_group_find(s->patterns, group);
    for (size_t t = 0; g != NULL && t < g->places.n; t++) {
        const struct index_place *place = &g->places.at[t];
        pattern_index_scan(&s->patterns->index, place, &text->classes, s->subject, from, s->len, &s->m->hits);
        for (size_t i = g->begin; i < g->end && s->m->hits.bits != 0; i++) {
            const struct pattern *p = &s->patterns->pattern.at[i];
            if (p->place.table == place->table && (p->place.bits & s->m->hits.bits) != 0) {
                pattern(s, p, context);
            }
        }
    }
}

/* Whether what it needs stands in the text; true when that is not worth finding out. */
static bool has_needs(const struct search *s, const struct pattern *p, struct known_text *text)
{
    return p->needs.branches == 0 || s->len <= PIECES_WORTH || text->classes.from > 0 ||
           pattern_possible(&p->needs, known_pieces(text, s->subject));
}

/* --- the first --- */

struct first {
    struct known_text *text;
    size_t from;
    bool any;
    struct found *ret;
};

static void find_first(struct search *s, const struct pattern *p, void *context)
{
    struct first *first = context;
    size_t hit = 0, most = first->any ? first->ret->at + 1 : s->len;
    if (!has_needs(s, p, first->text) || !next_match(s, p, &hit, first->from, s->len, most)) {
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
    struct search s = {patterns, arena, m, subject, len};
    size_t begin = len <= WHOLE_WORTH ? 0 : from;
    struct first first = {.text = matcher_text(patterns, m, subject, begin, len), .from = from, .ret = ret};
    each_possible(&s, group, from, first.text, find_first, &first);
    matcher_give_back(m);
    return first.any;
}

/* --- all --- */

struct all {
    struct known_text *text;
    struct founds *ret;
};

static void find_all(struct search *s, const struct pattern *p, void *context)
{
    const struct all *all = context;
    if (has_needs(s, p, all->text)) {
        find_each(s, p, 0, 0, s->len, all->ret);
    }
}

void patterns_find_all(const struct patterns *patterns, struct arena *arena, const char *group,
                       const char *subject, size_t len, struct founds *ret)
{
    *ret = (struct founds){0};
    struct matcher spare, *m = matcher_take(patterns, &spare);
    struct search s = {patterns, arena, m, subject, len};
    struct all all = {matcher_text(patterns, m, subject, 0, len), ret};
    each_possible(&s, group, 0, all.text, find_all, &all);
    matcher_give_back(m);
    sort_founds(ret);
}

/* --- all, part by part --- */

struct in_parts {
    struct subject_part *parts;
    size_t n;
    struct founds *ret;
};

static bool part_has_needs(const struct search *s, const struct pattern *p, struct subject_part *part)
{
    if (p->needs.branches == 0) {
        return true;
    }
    if (part->pieces == NULL) {
        part->pieces = ARENA_NEW(s->arena, struct text_pieces);
        text_pieces(s->subject + part->at, part->len, part->pieces);
    }
    return pattern_possible(&p->needs, part->pieces);
}

static void find_in_parts(struct search *s, const struct pattern *p, void *context)
{
    const struct in_parts *in = context;
    const struct index_hits *hits = &s->m->hits;
    size_t hit = 0;
    for (size_t k = 0; k < in->n; k++) {
        struct subject_part *part = &in->parts[k];
        size_t end = part->at + part->len;
        while (hit < hits->n &&
               ((hits->at[hit].bits & p->place.bits) == 0 || hits->at[hit].last < part->at)) {
            hit++;
        }
        if (hit < hits->n && hits->at[hit].first < end && part_has_needs(s, p, part)) {
            find_each(s, p, hit, part->at, end, in->ret);
        }
    }
}

void patterns_find_in_parts(const struct patterns *patterns, struct arena *arena, const char *group,
                            const char *subject, struct subject_part *parts, size_t n, struct founds *ret)
{
    *ret = (struct founds){0};
    if (n == 0) {
        return;
    }
    size_t len = parts[n - 1].at + parts[n - 1].len;
    struct matcher spare, *m = matcher_take(patterns, &spare);
    struct search s = {patterns, arena, m, subject, len};
    struct in_parts in = {parts, n, ret};
    each_possible(&s, group, 0, matcher_text(patterns, m, subject, 0, len), find_in_parts, &in);
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
