/* parsers/pattern_parts.h: what the two files that know PCRE2 share. Not for others. */
#ifndef STADTLABOR_PARSERS_PATTERN_PARTS_H
#define STADTLABOR_PARSERS_PATTERN_PARTS_H

#include "base/list.h"
#include "parsers/pattern_file.h"
#include "parsers/pattern_needs.h"
#include "parsers/word_list.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdatomic.h>

enum { MATCHERS = 8 }; /* match at a time without allocating; further threads allocate theirs for the call */

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

/* pattern_match.c */
struct matcher *matcher_take(const struct patterns *patterns, struct matcher *spare);
void matcher_give_back(struct matcher *m);
void matcher_close(struct matcher *m);

/* True when it matches; *ret_hit_limit tells of a match given up. */
bool pattern_match(const pcre2_code *code, struct matcher *m, const char *subject, size_t len, size_t from,
                   bool *ret_hit_limit);

#endif
