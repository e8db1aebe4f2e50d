/* parsers/pattern/word_list.h: plain lists of words beside the patterns (given_names.words).
 *
 * NAME.words is UTF-8 text: words parted by blanks and line ends, "#" begins a comment. Words are
 * folded (utf8_fold) when loaded; IT's own folder adds to a list by a file of the same name. */
#ifndef STADTLABOR_PARSERS_PATTERN_WORD_LIST_H
#define STADTLABOR_PARSERS_PATTERN_WORD_LIST_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

#include <stdbool.h>

struct word_list;

struct word_lists {
    LIST(struct word_list *)
    lists;
};

/* Adds every *.words file of the folder; a folder that is not there adds nothing. */
bool word_lists_folder(struct arena *arena, const char *path, struct word_lists *lists, struct error *err);

/* Whether the list "given_names" holds the folded word. */
bool word_lists_has(const struct word_lists *lists, const char *list, const char *folded);

#endif
