/* parsers/language/sentences.h: running text → sentences, so that "nicht" and "wenn" are looked for where
 * they belong.
 *
 * Mail programs break lines at 72 columns, people end lines without a dot, and dots stand in dates,
 * times and abbreviations. `text` is a copy of the same length as what was read: line ends
 * inside a sentence are blanks, dots that end nothing ("10.12.", "geb.", "Str.") are blanks as
 * well. So places in it are places in the original, and a pattern may say [^.!?\n]* for "in the
 * same sentence". */
#ifndef STADTLABOR_PARSERS_LANGUAGE_SENTENCES_H
#define STADTLABOR_PARSERS_LANGUAGE_SENTENCES_H

#include "base/list.h"

#include <stdbool.h>

struct sentence {
    size_t at, len;
    bool asks; /* ends with a question mark */
};

struct sentences {
    char *text;
    size_t len;
    LIST(struct sentence)
    list; /* in order; together they cover all words */
};

void sentences_split(struct arena *arena, const char *text, struct sentences *ret);

/* Which sentence holds the byte at `at`; the last one before it when none does. */
size_t sentence_of(const struct sentences *sentences, size_t at);

#endif
