/* parsers/pattern/pattern_index.h: one walk over a text that tells, for many patterns at once, where each may
 * begin.
 *
 * The openings (pattern_opening.h) of 64 patterns' worth stand side by side, a bit each: a table says for
 * each of the first bytes of a match, and each class of characters, which openings allow it. A place where
 * the tables of the byte before and of the next six have a bit in common is worth trying for the pattern
 * of that bit; most places drop out at the second look. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_INDEX_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_INDEX_H

#include "base/arena.h"
#include "base/list.h"
#include "parsers/pattern/pattern_opening.h"
#include "parsers/pattern/text_class.h"

/* At which places of a text (text_class.h) the patterns of a table may begin. */
enum index_reach { REACH_WORDS, REACH_STARTS, REACH_ALL, REACHES };

struct opening_table {
    enum index_reach reach;
    unsigned used; /* bits */
    uint64_t allowed[1 + OPENING_BYTES][CLASSES];
};

struct pattern_index {
    uint8_t class_of[128];
    LIST(struct opening_table *) tables;
    size_t newest[REACHES];
};

/* Where a pattern's openings are. */
struct index_place {
    size_t table;
    uint64_t bits;
};

void pattern_index_begin(struct arena *arena, struct pattern_index *ret);

struct index_place pattern_index_add(struct arena *arena, struct pattern_index *index,
                                     const struct pattern_openings *openings);

/* Places of a text, in order: matches may begin at `first`, at `last`, and between them. Allocated with
 * malloc, for use again and again; freed with free(at). */
struct index_hits {
    struct index_hit {
        size_t first, last;
        uint64_t bits;
    } * at;
    size_t n, room;
    uint64_t bits; /* of all */
};

/* Where in [from, len) of the text `bytes` the wanted may begin. */
void pattern_index_scan(const struct pattern_index *index, const struct index_place *wanted,
                        const struct text_classes *text, const char *bytes, size_t from, size_t len,
                        struct index_hits *ret);

#endif
