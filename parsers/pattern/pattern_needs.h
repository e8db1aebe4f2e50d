/* parsers/pattern/pattern_needs.h: what a text must hold so that an expression can match, and where it may
 * then.
 *
 * Most expressions name words ("newsletter|rundbrief"). Looking at the three-letter pieces of a text
 * once says which expressions need not be tried: that is most of them for most mails, at a hundredth
 * of the cost. How far behind its beginning a match can reach for a word says where the others need not be.
 * The pieces are read off the expression itself; where that is not understood, nothing is needed and the
 * expression is always tried. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_NEEDS_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_NEEDS_H

#include "base/arena.h"
#include "parsers/pattern/expression.h"
#include "parsers/pattern/text_pieces.h"

#include <stddef.h>
#include <stdint.h>

enum { NEEDED_WORDS_MAX = 96, NEEDED_WORD_MAX = 24, NEEDED_PIECES_MAX = 12, NEEDED_CHOICES_MAX = 4 };

_Static_assert(NEEDED_PIECES_MAX + 2 < 1 << BLOCK_SHIFT_LEAST, "a word ends in its block or the next");

struct needed_word {
    size_t n;
    const uint16_t *piece;
};

/* One of the branches must be possible; a branch is possible when of each of its choices one word is in the
 * text, near enough. No branches: nothing is needed. */
struct pattern_needs {
    size_t branches;
    const struct needed_branch {
        size_t choices;
        struct needed_choice {
            size_t reach; /* so many characters behind the match's beginning it begins at most; or
                             COUNT_ENDLESS */
            size_t n;
            const struct needed_word *word;
        } choice[NEEDED_CHOICES_MAX];
    } * branch;
};

/* `expression` as PCRE2 takes it with EXTENDED and CASELESS, defines written out. What is only needed on the
 * way lies in `scratch`. */
void pattern_needs(struct arena *arena, struct arena *scratch, const char *expression,
                   struct pattern_needs *ret);

/* Where the words of one branch's choices begin, as blocks of the text. */
struct needs_met {
    uint64_t choice[NEEDED_CHOICES_MAX];
};

/* Looks for all words; `ret` has room for the branches. */
void needs_look(const struct pattern_needs *needs, const struct text_pieces *text, struct needs_met *ret);

/* The blocks of the text in which a match may begin, when all of it is in the blocks `within`. */
uint64_t needs_places(const struct pattern_needs *needs, const struct needs_met *met,
                      const struct text_pieces *text, uint64_t within);

#endif
