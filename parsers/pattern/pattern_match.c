/* parsers/pattern/pattern_match.c: one match, within limits, by any number of threads; and what is known of
 * the texts they search. */
#include "parsers/pattern/pattern_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The other two limits hold for the interpreter alone: KiB of heap, and nested backtracking points. */
enum { HEAP_LIMIT_KIB = 8 * 1024, DEPTH_LIMIT = 20000, JIT_STACK_MAX = 512 * 1024 };

/* Texts of so many bytes are remembered; longer ones are rare. The many short ones do not drive out those
 * that are asked about often. */
enum { SETS = 4, WAYS = 4, SHORT_TEXT = 64, TEXTS_KNOWN = 2 * SETS * WAYS, KNOWN_TEXT_MAX = 16 * 1024 };

/* A text's words are looked for when so many patterns have been asked for in it; a long one's always. */
enum { NEEDS_WORTH = 8 };

/* Making machine code costs as much as a match without it for so many bytes of a pattern. */
enum { BYTES_A_TRY = 25 };

/* Bytes of machine code in all: patterns that are seldom tried do without, however long the process runs. */
enum { FAST_MAX = 2048 * 1024 };

static void matcher_open(struct matcher *m, const struct patterns *patterns)
{
    m->hits = (struct index_hits){0};
    m->data = pcre2_match_data_create(patterns->captures_max + 1, NULL);
    m->context = pcre2_match_context_create(NULL);
    m->stack = pcre2_jit_stack_create(32 * 1024, JIT_STACK_MAX, NULL);
    m->known = calloc(TEXTS_KNOWN + 1, sizeof *m->known);
    m->words.word = calloc(patterns->needs.words + 1, sizeof *m->words.word);
    m->words.blocks = calloc(patterns->needs.words + 1, sizeof *m->words.blocks);
    m->blocks = calloc(patterns->pattern.n + 1, sizeof *m->blocks);
    if (m->data == NULL || m->context == NULL || m->known == NULL || m->blocks == NULL ||
        m->words.word == NULL || m->words.blocks == NULL) {
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
    for (int i = 0; m->known != NULL && i <= TEXTS_KNOWN; i++) {
        text_classes_free(&m->known[i].classes);
        free(m->known[i].needs.met);
        free(m->known[i].text);
    }
    free(m->known);
    free(m->blocks);
    free(m->words.word);
    free(m->words.blocks);
    free(m->hits.at);
}

struct matcher *matcher_take(const struct patterns *patterns, struct matcher *spare)
{
    for (int i = 0; i < MATCHERS; i++) {
        if (!atomic_flag_test_and_set(&patterns->matchers[i].busy)) {
            if (patterns->matchers[i].data == NULL) {
                matcher_open(&patterns->matchers[i], patterns);
            }
            return &patterns->matchers[i];
        }
    }
    matcher_open(spare, patterns);
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

/* --- texts --- */

/* The places where a text may be kept, by the length, the first and the last bytes. A mail's text with its
 * lines joined or its points left out has the same: there is room for some such. */
static struct known_text *set_of(const struct matcher *m, const char *text, size_t len)
{
    uint64_t first = 0, last = 0;
    size_t bytes = len < sizeof first ? len : sizeof first;
    memcpy(&first, text, bytes);
    memcpy(&last, text + len - bytes, bytes);
    uint64_t h = (first ^ len) * 0xff51afd7ed558ccdU;
    h = (h ^ h >> 32 ^ last) * 0xff51afd7ed558ccdU;
    h ^= h >> 29;
    return &m->known[WAYS * (h % SETS + (len <= SHORT_TEXT ? 0 : SETS))];
}

static void keep_text(struct known_text *known, const char *text, size_t len)
{
    if (known->room < len) {
        free(known->text);
        known->room = len < 128 ? 128 : 2 * len;
        known->text = malloc(known->room);
        if (known->text == NULL) {
            abort(); /* no memory: as the arena does */
        }
    }
    memcpy(known->text, text, len);
}

struct known_text *matcher_text(const struct patterns *patterns, struct matcher *m, const char *text,
                                size_t from, size_t len)
{
    struct known_text *known = &m->known[TEXTS_KNOWN];
    if (from == 0 && len > 0 && len <= KNOWN_TEXT_MAX) {
        struct known_text *set = set_of(m, text, len);
        m->asked++;
        known = set;
        for (struct known_text *k = set; k < set + WAYS; k++) {
            if (k->classes.len == len && memcmp(k->text, text, len) == 0) {
                k->asked_last = m->asked;
                return k;
            }
            known = k->asked_last < known->asked_last ? k : known;
        }
        known->asked_last = m->asked;
        keep_text(known, text, len);
    }
    text_classes_read(&known->classes, patterns->index.class_of, text, from, len);
    known->patterns = 0;
    known->has_needs = false;
    return known;
}

const struct text_needs *known_needs(const struct patterns *patterns, struct matcher *m,
                                     struct known_text *known, const char *text, size_t asked)
{
    known->patterns += asked;
    bool worth = known->patterns >= NEEDS_WORTH || known->classes.len > KNOWN_TEXT_MAX;
    if (known->classes.from > 0 || !worth) {
        return NULL;
    }
    if (known->needs.met == NULL) {
        known->needs.met = malloc((patterns->needs.reach.n + 1) * sizeof *known->needs.met);
        if (known->needs.met == NULL) {
            abort(); /* no memory: as the arena does */
        }
    }
    if (!known->has_needs) {
        needs_look(&patterns->needs, &known->classes, text, &m->words, &known->needs);
        known->has_needs = true;
    }
    return &known->needs;
}

/* --- matching --- */

bool pattern_match(const struct pattern_code *code, struct matcher *m, const char *subject, size_t len,
                   size_t first, size_t last, bool *ret_hit_limit)
{
    const uint32_t options = PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;
    PCRE2_SPTR text = (PCRE2_SPTR)subject;
    pcre2_set_offset_limit(m->context, last);
    int rc = code->fast ? pcre2_jit_match(code->code, text, len, first, options, m->data, m->context)
                        : pcre2_match(code->code, text, len, first, options, m->data, m->context);
    *ret_hit_limit = rc < 0 && rc != PCRE2_ERROR_NOMATCH;
    return rc > 0;
}

/* A copy of the pattern with machine code; NULL where there is enough of it already, and where the system
 * forbids memory that is written and then run (MemoryDenyWriteExecute): then the interpreter matches. */
static pcre2_code *make_fast(const struct patterns *patterns, const struct pattern *p)
{
    size_t bytes;
    pcre2_code *code;
    if (atomic_load(patterns->fast_bytes) >= FAST_MAX || (code = pcre2_code_copy(p->code)) == NULL) {
        return NULL;
    }
    if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
        pcre2_code_free(code);
        return NULL;
    }
    pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &bytes);
    atomic_fetch_add(patterns->fast_bytes, bytes);
    return code;
}

struct pattern_code pattern_fastest(const struct patterns *patterns, const struct pattern *p)
{
    pcre2_code *code = atomic_load_explicit(&p->fast->code, memory_order_acquire);
    if (code == NULL &&
        atomic_fetch_add_explicit(&p->fast->tried, 1, memory_order_relaxed) == p->size / BYTES_A_TRY &&
        (code = make_fast(patterns, p)) != NULL) {
        atomic_store_explicit(&p->fast->code, code, memory_order_release);
    }
    return (struct pattern_code){code != NULL ? code : p->code, code != NULL};
}
