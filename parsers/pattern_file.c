#define PCRE2_CODE_UNIT_WIDTH 8
#include "parsers/pattern_file.h"

#include "base/text.h"
#include "parsers/pattern_needs.h"
#include "parsers/pattern_text.h"
#include "parsers/word_list.h"

#include <pcre2.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The other two limits hold for the interpreter alone: KiB of heap, and nested backtracking points.
 * MATCHERS match at a time without allocating; further threads allocate theirs for the call. */
enum {
    HEAP_LIMIT_KIB = 8 * 1024,
    DEPTH_LIMIT = 20000,
    MATCHERS = 8,
    TEXTS_KEPT = 16,
    JIT_STACK_MAX = 512 * 1024
};

/* patterns_find from a place on: bytes of a text for which looking at its pieces pays. */
enum { PIECES_WORTH = 4096 };

struct group_name {
    const char *name;
    uint32_t number;
};

/* The same with machine code, made by whoever matches first: a start makes no machine code for
 * patterns that no mail needs. A copy, so that nobody writes where another thread reads. */
struct fast {
    _Atomic(pcre2_code *) code; /* NULL: not yet, or not allowed */
    atomic_flag begun;
};

struct pattern {
    const char *name, *where;
    int weight;
    pcre2_code *code;
    struct fast *fast;
    struct pattern_needs needs;
    uint32_t names;
    struct group_name *name_table;
};

/* What one match in progress needs; PCRE2 writes into it, so that it belongs to one thread. */
struct matcher {
    atomic_flag busy;
    bool spare; /* allocated for one call */
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    struct kept { /* texts looked at lately: a mail's are asked about again and again */
        uint64_t hash;
        size_t len;
        struct text_pieces pieces;
    } * kept;
};

struct patterns {
    struct arena *arena;
    LIST(struct pattern) pattern; /* sorted by name: a group is a range */
    uint32_t captures_max;
    struct word_lists words;
    struct matcher *matchers;
    atomic_ulong *limits_hit;
};

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

static void matcher_close(struct matcher *m)
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

static struct matcher *matcher_take(const struct patterns *patterns, struct matcher *spare)
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

static void matcher_give_back(struct matcher *m)
{
    if (m->spare) {
        matcher_close(m);
    } else {
        atomic_flag_clear(&m->busy);
    }
}

/* Which of the entry's lines the offset of a compile error lies in. */
static int line_of(const struct pattern_entry *entry, const size_t *starts, size_t offset)
{
    size_t i = entry->expression.n - 1;
    while (i > 0 && starts[i] > offset) {
        i--;
    }
    return entry->expression.at[i].line;
}

static pcre2_code *compile(struct arena *arena, struct arena *scratch, const struct pattern_entries *entries,
                           const struct pattern_entry *entry, pcre2_compile_context *context,
                           struct pattern_needs *ret_needs, struct error *err)
{
    const char *expression;
    const size_t *starts;
    if (!pattern_text_expand(scratch, entries, entry, &expression, &starts, err)) {
        return NULL;
    }
    int code;
    PCRE2_SIZE offset;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
                                         PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MULTILINE |
                                             PCRE2_EXTENDED | PCRE2_DUPNAMES | PCRE2_NEVER_BACKSLASH_C,
                                         &code, &offset, context);
    if (compiled == NULL) {
        char message[256];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
        fail(err, "%s:%d: %s: %s, near \"%.40s\"", entry->file, line_of(entry, starts, offset), entry->name,
             message, expression + (offset > 12 ? offset - 12 : 0));
    }
    pattern_needs(arena, scratch, expression, ret_needs);
    return compiled;
}

static void read_name_table(struct arena *arena, struct pattern *p)
{
    uint32_t size = 0;
    PCRE2_SPTR table = NULL;
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &p->names);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &table);
    p->name_table = arena_alloc(arena, p->names * sizeof *p->name_table);
    for (uint32_t i = 0; i < p->names; i++, table += size) {
        p->name_table[i].number = (uint32_t)table[0] << 8 | table[1];
        p->name_table[i].name = (const char *)table + 2; /* lives as long as the code */
    }
}

/* True when it matches; *ret_hit_limit tells of a match given up. */
static bool match(const pcre2_code *code, struct matcher *m, const char *subject, size_t len, size_t from,
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

static bool prove_examples(const struct patterns *patterns, const struct pattern_entry *entry,
                           const struct pattern *p, struct error *err)
{
    struct matcher spare, *m = matcher_take(patterns, &spare);
    bool good = true;
    for (size_t i = 0; i < entry->examples.n && good; i++) {
        const struct pattern_line *example = &entry->examples.at[i];
        bool hit_limit;
        struct text_pieces pieces;
        text_pieces(example->text, strlen(example->text), &pieces);
        bool matches = match(p->code, m, example->text, strlen(example->text), 0, &hit_limit);
        if ((matches && pattern_possible(&p->needs, &pieces)) != example->must_match) {
            good = fail(err, "%s:%d: %s %s \"%s\"%s", entry->file, example->line, entry->name,
                        example->must_match ? "does not match" : "matches, and must not,", example->text,
                        hit_limit ? " (it took too many steps)" : "");
        }
    }
    matcher_give_back(m);
    return good;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pattern *)a)->name, ((const struct pattern *)b)->name);
}

static bool compile_pattern(struct patterns *patterns, struct arena *scratch,
                            const struct pattern_entries *entries, const struct pattern_entry *entry,
                            pcre2_compile_context *context, struct error *err)
{
    struct pattern *p = LIST_ADD(patterns->arena, &patterns->pattern);
    p->fast = ARENA_NEW(patterns->arena, struct fast);
    atomic_init(&p->fast->code, NULL);
    atomic_flag_clear(&p->fast->begun);
    p->code = compile(patterns->arena, scratch, entries, entry, context, &p->needs, err);
    if (p->code == NULL) {
        patterns->pattern.n--;
        return false;
    }
    p->name = arena_strdup(patterns->arena, entry->name);
    p->where = arena_printf(patterns->arena, "%s:%d", entry->file, entry->line);
    p->weight = entry->weight;
    read_name_table(patterns->arena, p);
    if (p->names > PATTERN_GROUPS_MAX) {
        return fail(err, "%s:%d: %s has %u named groups; at most %d are kept", entry->file, entry->line,
                    entry->name, p->names, PATTERN_GROUPS_MAX);
    }
    uint32_t captures = 0;
    pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &captures);
    if (captures > patterns->captures_max) {
        patterns->captures_max = captures;
    }
    return true;
}

/* A define is compiled for itself as well, so that its error is told where it stands. */
static bool compile_all(struct patterns *patterns, struct arena *scratch,
                        const struct pattern_entries *entries, struct error *err)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context == NULL) {
        abort();
    }
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    bool good = true;
    for (int defines = 1; defines >= 0 && good; defines--) {
        for (size_t i = 0; i < entries->entries.n && good; i++) {
            const struct pattern_entry *entry = &entries->entries.at[i];
            if (entry->is_define != (defines == 1)) {
                continue;
            }
            if (entry->is_define) {
                struct pattern_needs needs;
                pcre2_code *code = compile(scratch, scratch, entries, entry, context, &needs, err);
                good = code != NULL;
                pcre2_code_free(code);
            } else {
                good = compile_pattern(patterns, scratch, entries, entry, context, err);
            }
        }
    }
    pcre2_compile_context_free(context);
    return good;
}

static bool prove_all(struct patterns *patterns, const struct pattern_entries *entries, struct error *err)
{
    size_t p = 0; /* the patterns stand in the order of their entries */
    for (size_t i = 0; i < entries->entries.n; i++) {
        if (!entries->entries.at[i].is_define &&
            !prove_examples(patterns, &entries->entries.at[i], &patterns->pattern.at[p++], err)) {
            return false;
        }
    }
    return true;
}

struct patterns *patterns_load(const char *const folders[], bool prove, struct error *err)
{
    struct arena *arena = arena_new(), *scratch = arena_new(); /* the files' text is not kept */
    struct patterns *patterns = ARENA_NEW(arena, struct patterns);
    patterns->arena = arena;
    patterns->matchers = arena_alloc(arena, MATCHERS * sizeof *patterns->matchers);
    patterns->limits_hit = ARENA_NEW(arena, atomic_ulong);
    for (int i = 0; i < MATCHERS; i++) {
        atomic_flag_clear(&patterns->matchers[i].busy);
    }
    struct pattern_entries entries = {0};
    for (int i = 0; folders[i] != NULL; i++) {
        if (!pattern_text_folder(scratch, folders[i], i, i == 0, &entries, err) ||
            !word_lists_folder(arena, folders[i], &patterns->words, err)) {
            goto cleanup;
        }
    }
    if (!compile_all(patterns, scratch, &entries, err) || (prove && !prove_all(patterns, &entries, err))) {
        goto cleanup;
    }
    if (patterns->pattern.n > 0) {
        qsort(patterns->pattern.at, patterns->pattern.n, sizeof *patterns->pattern.at, by_name);
    }
    arena_free(scratch);
    return patterns;
cleanup:
    arena_free(scratch);
    patterns_free(patterns);
    return NULL;
}

void patterns_free(struct patterns *patterns)
{
    if (patterns == NULL) {
        return;
    }
    for (size_t i = 0; i < patterns->pattern.n; i++) {
        pcre2_code_free(patterns->pattern.at[i].code);
        pcre2_code_free(atomic_load(&patterns->pattern.at[i].fast->code));
    }
    for (int i = 0; i < MATCHERS; i++) {
        matcher_close(&patterns->matchers[i]);
    }
    arena_free(patterns->arena);
}

unsigned long patterns_limits_hit(const struct patterns *patterns)
{
    return atomic_load(patterns->limits_hit);
}

bool patterns_word(const struct patterns *patterns, const char *list, const char *folded_word)
{
    return word_lists_has(&patterns->words, list, folded_word);
}

size_t patterns_count(const struct patterns *patterns)
{
    return patterns->pattern.n;
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
        if (match(fastest(p), m, subject, len, from, &hit_limit)) {
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
        const struct pattern *p = &patterns->pattern.at[i];
        if (!pattern_possible(&p->needs, pieces)) {
            continue;
        }
        const pcre2_code *code = fastest(p);
        size_t from = 0;
        int n = 0;
        bool hit_limit = false;
        while (n++ < PATTERN_FOUNDS_MAX && match(code, m, subject, len, from, &hit_limit)) {
            struct found *found = LIST_ADD(arena, ret);
            take(arena, p, m, subject, found);
            from = found->at + found->len > from ? found->at + found->len : len + 1;
            if (from > len) {
                break;
            }
        }
        if (hit_limit) {
            atomic_fetch_add(patterns->limits_hit, 1);
        }
    }
    matcher_give_back(m);
    if (ret->n > 1) {
        qsort(ret->at, ret->n, sizeof *ret->at, by_place);
    }
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
