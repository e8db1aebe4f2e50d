/* parsers/pattern/weight_list.h: what words weigh, learned from labelled mails and sentences.
 *
 * NAME.weights is UTF-8 text, a line for each thing that is counted: two whole numbers, in hundredths of
 * log-odds (those of all that is there are summed, and with what there is without words: "<>"), and what has
 * them. What the two speak for, says who uses the list:
 *
 *     # a comment
 *     -310 -420 <>           a text as such
 *     87 12 wüsste           a word, in small letters
 *     45 -3 kann ich         two words that follow each other; ^ and $ are the sentence's ends
 *     31 -8 rolls*           a word longer than five letters by its first five
 *     64 20 <ask>            a sign that was found
 *
 * IT's own folder replaces a line by giving it again. */
#ifndef STADTLABOR_PARSERS_PATTERN_WEIGHT_LIST_H
#define STADTLABOR_PARSERS_PATTERN_WEIGHT_LIST_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

enum { WEIGHTS = 2 };

struct weight {
    int of[WEIGHTS];
};

struct weight_list;

struct weight_lists {
    LIST(struct weight_list *)
    lists;
};

/* Adds every *.weights file of the folder; a folder that is not there adds nothing. A line that is none: an
 * error with file and line. */
bool weight_lists_folder(struct arena *arena, const char *path, struct weight_lists *lists,
                         struct error *err);

/* NULL: there is no such list. */
const struct weight_list *weight_list(const struct weight_lists *lists, const char *name);

/* What has a feature of this hash (str_hash, which may be fed its parts one after the other); zeroes for what
 * is not on the list. 45 bits or more are compared: of a thousand million other words one is taken for one of
 * the list. */
struct weight weight_of_hash(const struct weight_list *list, uint64_t hash);

#endif
