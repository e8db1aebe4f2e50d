/* daemon/post/letter_data.h: the JSON that a letter is made of, checked and made ready; between
 * letters.c and letter_data.c, nobody else includes this. */
#ifndef STADTLABOR_POST_LETTER_DATA_H
#define STADTLABOR_POST_LETTER_DATA_H

#include "base/arena.h"
#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>

/* Every string in `value` becomes one line: controls, line ends and marks that turn the direction
 * of writing become blanks, blanks in a row one; at most LETTER_WORD_MAX bytes. */
void letter_data_tidy(struct arena *arena, json_t *value);
char *letter_one_line(struct arena *arena, const char *s, size_t most);

/* A link, a mail address or a host name stands in it. */
bool letter_is_tempting(const char *s);

/* Holds `value` against the sample: no unknown names, none missing that is not optional, the same
 * types. What may be missing and is becomes false (where the sample has true or false) or null. */
bool letter_data_check(struct arena *arena, json_t *value, const json_t *sample, const char *optional,
                       struct error *err);

/* Adds "names", "several", "refused_names", "offering", "asking" (see letter_kinds.c) to a section,
 * and to its persons "headed": a line with the person's name is wanted above what is missing. */
void letter_data_derive(struct arena *arena, json_t *section, const char *greeting_name,
                        const char *language);

#endif
