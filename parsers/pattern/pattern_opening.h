/* parsers/pattern/pattern_opening.h: how the matches of an expression can begin: which classes of characters
 * (text_class.h) its first bytes may have, and the one before them.
 *
 * "\b(?:Anmeldung|meld)" begins where no word goes on, with a-n-m-e-l-d-u-n or with m-e-l-d. All ways to
 * begin with letters of one kind are taken together, so that an expression has a few openings, each a short
 * row of sets. What is not understood lets everything through: an opening says where it is worth trying,
 * and never leaves a match out. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_OPENING_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_OPENING_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

enum { OPENING_BYTES = 6, OPENINGS_MAX = 9 };

/* class[0] is of the byte before; class[1] and on, of those of the match. */
struct opening {
    uint64_t class[1 + OPENING_BYTES];
};

struct pattern_openings {
    size_t n;
    struct opening at[OPENINGS_MAX];
};

/* `expression` as PCRE2 takes it with EXTENDED and CASELESS, defines written out. */
void pattern_openings(const char *expression, struct pattern_openings *ret);

#endif
