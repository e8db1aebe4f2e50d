/* parsers/pattern/pattern_parts.h: what the files of the pattern engine share. Not for others.
 *
 * How a text is searched. There are hundreds of patterns and nearly all of them match nothing in a given
 * mail, so that the work is to see that quickly, in steps that each cost a tenth of the next:
 *   1. One walk over the text finds the words that any pattern needs (needs_index.h). A pattern whose words
 *      are not there, or not near enough to each other, is done.
 *   2. Another tells for the patterns of a group that remain where they may begin, by the first six bytes
 *      (pattern_index.h).
 *   3. PCRE2 is called at those places alone; patterns much in use run as machine code.
 * None of it changes what is found: each step lets through all that could match. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_PARTS_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_PARTS_H

#include "base/list.h"
#include "parsers/pattern/needs_index.h"
#include "parsers/pattern/pattern_file.h"
#include "parsers/pattern/pattern_index.h"
#include "parsers/pattern/weight_list.h"
#include "parsers/pattern/word_list.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdatomic.h>

enum { MATCHERS = 8 }; /* match at a time without allocating; further threads allocate theirs for the call */

struct group_name {
    const char *name;
    uint32_t number;
};

/* The same with machine code, made when a pattern has been tried often enough to pay for it: a start makes
 * none. A copy, so that nobody writes where another thread reads. */
struct fast {
    _Atomic(pcre2_code *) code; /* NULL: not yet, or not allowed */
    atomic_uint tried;
};

struct pattern {
    const char *name, *where;
    int weight;
    pcre2_code *code;
    size_t size; /* of the code, in bytes */
    struct fast *fast;
    struct needs_place needs;
    struct index_place place;
    uint32_t names;
    struct group_name *name_table;
};

/* The patterns of a group, or the one of a full name: a range, and where their openings are. */
struct pattern_group {
    const char *name; /* NULL: an empty slot of the table */
    size_t name_len, begin, end;
    LIST(struct index_place) places;
};

/* What is known of a text that is searched: a mail's are asked about again and again. */
struct known_text {
    char *text; /* a copy of it; NULL: none */
    size_t room;
    struct text_classes classes;
    uint64_t asked_last; /* when, in searches */
    size_t patterns;     /* it was asked about */
    bool has_needs;
    struct text_needs needs;
};

/* What one search in progress needs; PCRE2 writes into it, so that it belongs to one thread. */
struct matcher {
    atomic_flag busy;
    bool spare; /* allocated for one call */
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    struct known_text *known; /* TEXTS_KNOWN and one more for long ones */
    uint64_t asked;
    struct index_hits hits;
    struct words_found words;
    uint64_t *blocks; /* where the patterns of a group may begin */
};

struct patterns {
    struct arena *arena;
    LIST(struct pattern) pattern; /* sorted by name: a group is a range */
    struct pattern_group *group;  /* a table by the hash of the name */
    size_t groups_mask;
    struct pattern_index index;
    struct needs_index needs;
    uint32_t captures_max;
    struct word_lists words;
    struct weight_lists weights;
    struct matcher *matchers;
    atomic_size_t *fast_bytes;
    atomic_ulong *limits_hit;
};

/* pattern_group.c: sorts the patterns and builds groups and index; `openings` are the patterns' in the order
 * they have before. */
void pattern_groups_build(struct patterns *patterns, struct arena *scratch,
                          const struct pattern_openings *openings);
const struct pattern_group *pattern_group_find(const struct patterns *patterns, const char *name);

/* pattern_match.c */
struct matcher *matcher_take(const struct patterns *patterns, struct matcher *spare);
void matcher_give_back(struct matcher *m);
void matcher_close(struct matcher *m);
struct known_text *matcher_text(const struct patterns *patterns, struct matcher *m, const char *text,
                                size_t from, size_t len);
const struct text_needs *known_needs(const struct patterns *patterns, struct matcher *m,
                                     struct known_text *known, const char *text, size_t asked);

struct pattern_code {
    const pcre2_code *code;
    bool fast; /* has machine code */
};
struct pattern_code pattern_fastest(const struct patterns *patterns, const struct pattern *p);

/* True when a match begins in [first, last]; *ret_hit_limit tells of a match given up. */
bool pattern_match(const struct pattern_code *code, struct matcher *m, const char *subject, size_t len,
                   size_t first, size_t last, bool *ret_hit_limit);

#endif
