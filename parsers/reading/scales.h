/* parsers/reading/scales.h: what the words of sentences weigh together, by a list of weights (weight_list.h).
 *
 * Each feature is counted once, however often it is there: words in small letters, "?" and "!" among them;
 * two that follow each other, "^" and "$" being a sentence's ends; the beginnings of longer words; signs. */
#ifndef STADTLABOR_PARSERS_READING_SCALES_H
#define STADTLABOR_PARSERS_READING_SCALES_H

#include "base/list.h"
#include "parsers/pattern/weight_list.h"
#include "parsers/reading/reading.h"

struct scales {
    struct arena *arena;
    const struct weight_list *list;
    LIST(uint64_t) hashes;
    struct weight sum;
    struct features *tells; /* gets what is counted, in words; NULL: nobody asks */
};

/* `list` NULL: all weighs nothing. */
void scales_begin(struct arena *arena, const struct weight_list *list, struct features *tells,
                  struct scales *ret);

/* A sentence; `where` is put before each of its features ("" for the text). */
void scales_sentence(struct scales *scales, const char *where, const char *sentence);
void scales_sign(struct scales *scales, const char *name);

#endif
