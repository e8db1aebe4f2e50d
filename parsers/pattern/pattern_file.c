#include "parsers/pattern/pattern_parts.h"

#include "base/shared_work.h"
#include "base/text.h"
#include "parsers/pattern/pattern_text.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* Which of the entry's lines the offset of a compile error lies in. */
static int line_of(const struct pattern_entry *entry, const size_t *starts, size_t offset)
{
    size_t i = entry->expression.n - 1;
    while (i > 0 && starts[i] > offset) {
        i--;
    }
    return entry->expression.at[i].line;
}

/* `ret_expression` is the entry's with its defines written out. */
static pcre2_code *compile(struct arena *scratch, struct pattern_entries *entries,
                           const struct pattern_entry *entry, pcre2_compile_context *context,
                           const char **ret_expression, struct error *err)
{
    const char *expression;
    const size_t *starts;
    if (!pattern_text_expand(scratch, entries, entry, &expression, &starts, err)) {
        return NULL;
    }
    const uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_MULTILINE | PCRE2_EXTENDED |
                             PCRE2_DUPNAMES | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
    const char *written = expression_shared(scratch, expression_ascii(scratch, expression));
    int code;
    PCRE2_SIZE offset;
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)written, PCRE2_ZERO_TERMINATED, options, &code, &offset, context);
    if (compiled == NULL) { /* the place is told of the expression as it was written */
        compiled =
            pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, options, &code, &offset, context);
    }
    if (compiled == NULL) {
        char message[256];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
        offset = offset > strlen(expression) ? strlen(expression) : offset;
        fail(err, "%s:%d: %s: %s, near \"%.40s\"", entry->file, line_of(entry, starts, offset), entry->name,
             message, expression + (offset > 12 ? offset - 12 : 0));
    }
    *ret_expression = expression;
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

/* By the way every text is searched: what is left out by mistake shows here. */
static bool prove_examples(const struct patterns *patterns, struct arena *scratch,
                           const struct pattern_entry *entry, struct error *err)
{
    for (size_t i = 0; i < entry->examples.n; i++) {
        const struct pattern_line *example = &entry->examples.at[i];
        struct found found;
        unsigned long limits_hit = patterns_limits_hit(patterns);
        if (patterns_find(patterns, scratch, entry->name, example->text, strlen(example->text), 0, &found) !=
            example->must_match) {
            return fail(err, "%s:%d: %s %s \"%s\"%s", entry->file, example->line, entry->name,
                        example->must_match ? "does not match" : "matches, and must not,", example->text,
                        patterns_limits_hit(patterns) > limits_hit ? " (it took too many steps)" : "");
        }
    }
    return true;
}

/* What compiling a pattern yields beside its code. */
struct compiled {
    const struct pattern_entry *entry;
    struct pattern_needs needs;
    struct error why; /* there is no code */
};

struct compiling {
    struct patterns *patterns;
    struct pattern_entries *entries;
    pcre2_compile_context *context;
    struct compiled *compiled;         /* of each pattern */
    struct pattern_openings *openings; /* of each pattern */
    struct arena *needs[WORKERS_MAX];
    size_t first; /* pattern of the batch */
};

/* Patterns compiled before they are taken: what they need is told at length, and kept only until then. */
enum { BATCH = 64 };

static void compile_piece(void *ctx, const struct worker *worker, size_t piece)
{
    struct compiling *c = ctx;
    size_t i = c->first + piece;
    struct compiled *compiled = &c->compiled[i];
    struct pattern *p = &c->patterns->pattern.at[i];
    const char *expression;
    p->code = compile(worker->scratch, c->entries, compiled->entry, c->context, &expression, &compiled->why);
    if (p->code != NULL) {
        pattern_needs(c->needs[worker->number], expression, &compiled->needs);
        pattern_openings(expression, &c->openings[i]);
    }
}

static void add_pattern(struct patterns *patterns, const struct pattern_entry *entry)
{
    struct pattern *p = LIST_ADD(patterns->arena, &patterns->pattern);
    p->fast = ARENA_NEW(patterns->arena, struct fast);
    atomic_init(&p->fast->code, NULL);
    atomic_init(&p->fast->tried, 0);
    p->name = arena_strdup(patterns->arena, entry->name);
    p->where = arena_printf(patterns->arena, "%s:%d", entry->file, entry->line);
    p->weight = entry->weight;
}

/* Makes the compiled pattern one of all; in their order, on one thread. */
static bool take_pattern(struct compiling *c, struct arena *scratch, size_t i, struct error *err)
{
    struct patterns *patterns = c->patterns;
    struct pattern *p = &patterns->pattern.at[i];
    const struct pattern_entry *entry = c->compiled[i].entry;
    if (p->code == NULL) {
        *err = c->compiled[i].why;
        return false;
    }
    pcre2_pattern_info(p->code, PCRE2_INFO_SIZE, &p->size);
    p->needs = needs_index_add(scratch, &patterns->needs, &c->compiled[i].needs);
    read_name_table(patterns->arena, p);
    if (p->names > PATTERN_GROUPS_MAX) {
        return fail(err, "%s:%d: %s has %u named groups; at most %d are kept", entry->file, entry->line,
                    entry->name, p->names, PATTERN_GROUPS_MAX);
    }
    uint32_t captures = 0;
    pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &captures);
    patterns->captures_max = captures > patterns->captures_max ? captures : patterns->captures_max;
    return true;
}

/* All patterns, on all processors. */
static bool compile_patterns(struct compiling *c, struct arena *scratch, struct error *err)
{
    struct patterns *patterns = c->patterns;
    c->compiled = arena_alloc(scratch, c->entries->entries.n * sizeof *c->compiled);
    c->openings = arena_alloc(scratch, c->entries->entries.n * sizeof *c->openings);
    for (size_t i = 0; i < c->entries->entries.n; i++) {
        if (!c->entries->entries.at[i].is_define) {
            c->compiled[patterns->pattern.n].entry = &c->entries->entries.at[i];
            add_pattern(patterns, &c->entries->entries.at[i]);
        }
    }
    for (int i = 0; i < WORKERS_MAX; i++) {
        c->needs[i] = arena_new();
    }
    needs_index_begin(scratch, &patterns->needs);
    bool good = true;
    for (c->first = 0; c->first < patterns->pattern.n && good; c->first += BATCH) {
        size_t left = patterns->pattern.n - c->first, n = left < BATCH ? left : BATCH;
        share_work(n, compile_piece, c);
        for (size_t i = c->first; i < c->first + n && good; i++) {
            good = take_pattern(c, scratch, i, err);
        }
        for (int i = 0; i < WORKERS_MAX; i++) {
            arena_reset(c->needs[i]);
        }
    }
    for (int i = 0; i < WORKERS_MAX; i++) {
        arena_free(c->needs[i]);
    }
    return good;
}

/* A define is compiled for itself when no pattern uses it, or when one that does may have failed for it: its
 * error is told where it stands. */
static bool compile_defines(struct arena *scratch, struct pattern_entries *entries,
                            pcre2_compile_context *context, bool used, struct error *err)
{
    bool good = true;
    for (size_t i = 0; i < entries->entries.n && good; i++) {
        const struct pattern_entry *entry = &entries->entries.at[i];
        if (entry->is_define && (used || !entry->used)) {
            const char *expression;
            pcre2_code *code = compile(scratch, entries, entry, context, &expression, err);
            good = code != NULL;
            pcre2_code_free(code);
        }
    }
    return good;
}

static bool compile_all(struct patterns *patterns, struct arena *scratch, struct pattern_entries *entries,
                        struct error *err)
{
    struct compiling c = {patterns, entries, .context = pcre2_compile_context_create(NULL)};
    if (c.context == NULL) {
        abort();
    }
    pcre2_set_newline(c.context, PCRE2_NEWLINE_LF);
    bool good = compile_patterns(&c, scratch, err);
    good = compile_defines(scratch, entries, c.context, !good, err) && good;
    pcre2_compile_context_free(c.context);
    if (good) {
        pattern_groups_build(patterns, scratch, c.openings);
        needs_index_ready(patterns->arena, scratch, &patterns->needs);
    }
    return good;
}

struct proving {
    const struct patterns *patterns;
    const struct pattern_entries *entries;
    atomic_bool failed;
};

static void prove_piece(void *ctx, const struct worker *worker, size_t i)
{
    struct proving *p = ctx;
    struct error untold;
    if (!prove_examples(p->patterns, worker->scratch, &p->entries->entries.at[i], &untold)) {
        atomic_store(&p->failed, true);
    }
}

/* On all processors; one that fails is told in their order, and with its own count of steps. */
static bool prove_all(struct patterns *patterns, struct arena *scratch, const struct pattern_entries *entries,
                      struct error *err)
{
    struct proving proving = {.patterns = patterns, .entries = entries};
    share_work(entries->entries.n, prove_piece, &proving);
    for (size_t i = 0; atomic_load(&proving.failed) && i < entries->entries.n; i++) {
        if (!prove_examples(patterns, scratch, &entries->entries.at[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < patterns->pattern.n; i++) {
        atomic_store(&patterns->pattern.at[i].fast->tried, 0); /* mails count, proofs do not */
    }
    return true;
}

struct patterns *patterns_load(const char *const folders[], bool prove, struct error *err)
{
    struct arena *arena = arena_new(), *scratch = arena_new(); /* the files' text is not kept */
    struct patterns *patterns = ARENA_NEW(arena, struct patterns);
    patterns->arena = arena;
    patterns->matchers = arena_alloc(arena, MATCHERS * sizeof *patterns->matchers);
    patterns->fast_bytes = ARENA_NEW(arena, atomic_size_t);
    patterns->limits_hit = ARENA_NEW(arena, atomic_ulong);
    for (int i = 0; i < MATCHERS; i++) {
        atomic_flag_clear(&patterns->matchers[i].busy);
    }
    struct pattern_entries entries = {0};
    for (int i = 0; folders[i] != NULL; i++) {
        if (!pattern_text_folder(scratch, folders[i], i, i == 0, &entries, err) ||
            !word_lists_folder(arena, folders[i], &patterns->words, err) ||
            !weight_lists_folder(arena, folders[i], &patterns->weights, err)) {
            goto cleanup;
        }
    }
    if (!compile_all(patterns, scratch, &entries, err) ||
        (prove && !prove_all(patterns, scratch, &entries, err))) {
        goto cleanup;
    }
    arena_free(scratch);
    malloc_trim(0); /* each worker had a heap of its own */
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

bool patterns_word(const struct patterns *patterns, const char *list, const char *folded_word)
{
    return word_lists_has(&patterns->words, list, folded_word);
}

const struct weight_list *patterns_weights(const struct patterns *patterns, const char *list)
{
    return weight_list(&patterns->weights, list);
}

unsigned long patterns_limits_hit(const struct patterns *patterns)
{
    return atomic_load(patterns->limits_hit);
}
