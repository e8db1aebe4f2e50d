/* parsers/pattern_match.c: matching, within limits, by any number of threads. */
#include "parsers/pattern_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The other two limits hold for the interpreter alone: KiB of heap, and nested backtracking points. */
enum { HEAP_LIMIT_KIB = 8 * 1024, DEPTH_LIMIT = 20000, TEXTS_KEPT = 16, JIT_STACK_MAX = 512 * 1024 };

/* patterns_find from a place on: bytes of a text for which looking at its pieces pays. */
enum { PIECES_WORTH = 4096 };

static void matcher_open(struct matcher *m, uint32_t pairs)
{
    m->data = pcre2_match_data_create(pairs, NULL);
    m->context = pcre2_match_context_create(NULL);
    m->stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_MAX, NULL);
    m->kept = calloc(TEXTS_KEPT, sizeof *m->kept);
    if (m->data == NULL || m->context == NULL || m->kept == NULL) {
        abort(); /* no memory: as the arena does */
    }
    pcre2_set_match_limit(m->context, PATTERN_MATCH_LIMIT);
    pcre2_set_depth_limit(m->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(m->context, HEAP_LIMIT_KIB);
    if (m->stack != NULL) {
        pcre2_jit_stack_assign(m->context, NULL, m->stack);
    }
}

void matcher_close(struct matcher *m)
{
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
    pcre2_jit_stack_free(m->stack);
    free(m->kept);
}

static uint64_t hash_of(const char *s, size_t len)
{
    uint64_t h = 0x9e3779b97f4a7c15U ^ len, word;
    for (; len >= sizeof word; s += sizeof word, len -= sizeof word) {
        memcpy(&word, s, sizeof word);
        h = (h ^ word) * 0xff51afd7ed558ccdU;
        h ^= h >> 32;
    }
    word = 0;
    memcpy(&word, s, len);
    h = (h ^ word) * 0xff51afd7ed558ccdU;
    return h ^ h >> 29;
}

static const struct text_pieces *pieces_of(struct matcher *m, const char *subject, size_t len)
{
    uint64_t hash = hash_of(subject, len);
    struct kept *kept = &m->kept[hash % TEXTS_KEPT];
    if (kept->hash != hash || kept->len != len) {
        text_pieces(subject, len, &kept->pieces);
        kept->hash = hash;
        kept->len = len;
    }
    return &kept->pieces;
}

struct matcher *matcher_take(const struct patterns *patterns, struct matcher *spare)
{
    for (int i = 0; i < MATCHERS; i++) {
        if (!atomic_flag_test_and_set(&patterns->matchers[i].busy)) {
            if (patterns->matchers[i].data == NULL) {
                matcher_open(&patterns->matchers[i], patterns->captures_max + 1);
            }
            return &patterns->matchers[i];
        }
    }
    matcher_open(spare, patterns->captures_max + 1);
    spare->spare = true;
    return spare;
}

void matcher_give_back(struct matcher *m)
{
    if (m->spare) {
        matcher_close(m);
    } else {
        atomic_flag_clear(&m->busy);
    }
}

/* True when it matches; *ret_hit_limit tells of a match given up. */
bool pattern_match(const pcre2_code *code, struct matcher *m, const char *subject, size_t len, size_t from,
                   bool *ret_hit_limit)
{
    int rc = pcre2_match(code, (PCRE2_SPTR)subject, len, from, PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, m->data,
                         m->context);
    *ret_hit_limit = rc < 0 && rc != PCRE2_ERROR_NOMATCH;
    return rc > 0;
}

/* Where the system forbids memory that is written and then run (MemoryDenyWriteExecute), no machine
 * code can be made, and the interpreter matches. */
static const pcre2_code *fastest(const struct pattern *p)
{
    pcre2_code *code = atomic_load_explicit(&p->fast->code, memory_order_acquire);
    if (code != NULL) {
        return code;
    }
    if (atomic_flag_test_and_set(&p->fast->begun) || (code = pcre2_code_copy(p->code)) == NULL) {
        return p->code;
    }
    if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
        pcre2_code_free(code);
        return p->code;
    }
    atomic_store_explicit(&p->fast->code, code, memory_order_release);
    return code;
}

/* <0, 0, >0: the name stands before, in or behind the group (or is it, or is not, by full name). */
static int compare_group(const char *name, const char *group, size_t len, bool full)
{
    int order = strncmp(name, group, len);
    return order != 0 ? order : full ? (unsigned char)name[len] : (unsigned char)name[len] - '.';
}

static void group_range(const struct patterns *patterns, const char *group, size_t *ret_begin,
                        size_t *ret_end)
{
    bool full = strchr(group, '.') != NULL;
    size_t len = strlen(group), low = 0, high = patterns->pattern.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_group(patterns->pattern.at[middle].name, group, len, full) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_begin = *ret_end = low;
    while (*ret_end < patterns->pattern.n &&
           compare_group(patterns->pattern.at[*ret_end].name, group, len, full) == 0) {
        ++*ret_end;
    }
}

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

bool patterns_find(const struct patterns *patterns, struct arena *arena, const char *group,
                   const char *subject, size_t len, size_t from, struct found *ret)
{
    size_t begin, end, best_at = 0, best_len = 0;
    bool any = false;
    group_range(patterns, group, &begin, &end);
    if (begin == end || from > len) {
        return false;
    }
    /* Far into a long text looking at the pieces costs more than it saves: a caller may go on and on. */
    bool look = from == 0 || len <= PIECES_WORTH;
    struct matcher spare, *m = matcher_take(patterns, &spare);
    const struct text_pieces *pieces = look ? pieces_of(m, subject, len) : NULL;
    for (size_t i = begin; i < end; i++) {
        const struct pattern *p = &patterns->pattern.at[i];
        bool hit_limit;
        if (look && !pattern_possible(&p->needs, pieces)) {
            continue;
        }
        if (pattern_match(fastest(p), m, subject, len, from, &hit_limit)) {
            const PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->data);
            if (!any || o[0] < best_at || (o[0] == best_at && o[1] > best_at + best_len)) {
                any = true;
                take(arena, p, m, subject, ret);
                best_at = ret->at;
                best_len = ret->len;
            }
        } else if (hit_limit) {
            atomic_fetch_add(patterns->limits_hit, 1);
        }
    }
    matcher_give_back(m);
    return any;
}

static int by_place(const void *a, const void *b)
{
    const struct found *f = a, *g = b;
    return f->at != g->at     ? (f->at < g->at ? -1 : 1)
           : f->len != g->len ? (f->len > g->len ? -1 : 1)
                              : strcmp(f->pattern, g->pattern);
}

/* All matches of one pattern between two places are added to `ret`. */
static void find_each(const struct patterns *patterns, const struct pattern *p, struct matcher *m,
                      struct arena *arena, const char *subject, size_t from, size_t end, struct founds *ret)
{
    const pcre2_code *code = fastest(p);
    int n = 0;
    bool hit_limit = false;
    while (n++ < PATTERN_FOUNDS_MAX && pattern_match(code, m, subject, end, from, &hit_limit)) {
        struct found *found = LIST_ADD(arena, ret);
        take(arena, p, m, subject, found);
        from = found->at + found->len > from ? found->at + found->len : end + 1;
        if (from > end) {
            break;
        }
    }
    if (hit_limit) {
        atomic_fetch_add(patterns->limits_hit, 1);
    }
}

static void sort_founds(struct founds *founds, size_t from)
{
    if (founds->n > from + 1) {
        qsort(founds->at + from, founds->n - from, sizeof *founds->at, by_place);
    }
}

void patterns_find_all(const struct patterns *patterns, struct arena *arena, const char *group,
                       const char *subject, size_t len, struct founds *ret)
{
    size_t begin, end;
    *ret = (struct founds){0};
    group_range(patterns, group, &begin, &end);
    if (begin == end) {
        return;
    }
    struct matcher spare, *m = matcher_take(patterns, &spare);
    const struct text_pieces *pieces = pieces_of(m, subject, len);
    for (size_t i = begin; i < end; i++) {
        if (pattern_possible(&patterns->pattern.at[i].needs, pieces)) {
            find_each(patterns, &patterns->pattern.at[i], m, arena, subject, 0, len, ret);
        }
    }
    matcher_give_back(m);
    sort_founds(ret, 0);
}

void patterns_part(struct arena *arena, const char *subject, size_t at, size_t len, struct subject_part *ret)
{
    *ret = (struct subject_part){.at = at, .len = len, .pieces = ARENA_NEW(arena, struct text_pieces)};
    text_pieces(subject + at, len, ret->pieces);
}

void patterns_find_in_parts(const struct patterns *patterns, struct arena *arena, const char *group,
                            const char *subject, const struct subject_part *parts, size_t n,
                            struct founds *ret)
{
    size_t begin, end;
    *ret = (struct founds){0};
    group_range(patterns, group, &begin, &end);
    struct matcher spare, *m = matcher_take(patterns, &spare);
    for (size_t k = 0; k < n; k++) {
        size_t first = ret->n;
        for (size_t i = begin; i < end; i++) {
            if (pattern_possible(&patterns->pattern.at[i].needs, parts[k].pieces)) {
                find_each(patterns, &patterns->pattern.at[i], m, arena, subject, parts[k].at,
                          parts[k].at + parts[k].len, ret);
            }
        }
        sort_founds(ret, first);
    }
    matcher_give_back(m);
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
