/* daemon/post/letter_data.h: the JSON that a letter is made of, checked and made ready; between
 * letters.c and letter_data.c, nobody else includes this. */
#ifndef STADTLABOR_POST_LETTER_DATA_H
#define STADTLABOR_POST_LETTER_DATA_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "daemon/post/letters.h"

#include <jansson.h>
#include <stdbool.h>

/* Every string in `value` becomes one line: controls, line ends and marks that turn the direction
 * of writing become blanks, blanks in a row one; at most LETTER_WORD_MAX bytes. */
void letter_data_tidy(struct arena *arena, json_t *value);
char *letter_one_line(struct arena *arena, const char *s, size_t most);

/* A link, a mail address or a host name stands in it. */
bool letter_is_tempting(const char *s);

/* What the data of a letter holds, as its sample declares it: read once, held against each letter. */
struct letter_shape {
    const char *name; /* in the object around it */
    const char *path; /* dotted, from the whole */
    json_type type;   /* JSON_TRUE: either boolean */
    bool optional;
    LIST(struct letter_shape) inner; /* an object's names; of a list the one kind of thing in it */
};

bool letter_shape_read(struct arena *arena, const struct letter_kind *kind, struct letter_shape *ret,
                       struct error *err);

/* Holds `value` against the shape: no unknown names, none missing that is not optional, the same
 * types. What may be missing and is becomes false (where the sample has true or false) or null. */
bool letter_data_check(json_t *value, const struct letter_shape *shape, struct error *err);

/* Adds "names", "several", "refused_names", "offering", "asking" (see letter_kinds.c) to a section,
 * and to its persons "headed": a line with the person's name is wanted above what is missing. */
void letter_data_derive(struct arena *arena, json_t *section, const char *greeting_name,
                        const char *language);

#endif
