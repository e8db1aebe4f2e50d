/* parsers/pattern/pattern_needs.h: what a text must hold so that an expression can match at all.
 *
 * Most expressions name words ("newsletter|rundbrief"). Looking at the three-letter pieces of a text
 * once says which expressions need not be tried: that is most of them for most mails, at a hundredth
 * of the cost. The pieces are read off the expression itself; where that is not understood, nothing
 * is needed and the expression is always tried. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_NEEDS_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_NEEDS_H

#include "base/arena.h"
#include "parsers/pattern/text_pieces.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEEDED_WORDS_MAX = 96, NEEDED_WORD_MAX = 24, NEEDED_CHOICES_MAX = 4 };

struct needed_word {
    size_t n;
    const uint16_t *piece;
};

/* One of the branches must be possible; a branch is possible when of each of its choices one word is in the
 * text. No branches: nothing is needed. */
struct pattern_needs {
    size_t branches;
    const struct needed_branch {
        size_t choices;
        struct needed_choice {
            size_t n;
            const struct needed_word *word;
        } choice[NEEDED_CHOICES_MAX];
    } * branch;
};

/* `expression` as PCRE2 takes it with EXTENDED and CASELESS, defines written out. What is only needed on the
 * way lies in `scratch`. */
void pattern_needs(struct arena *arena, struct arena *scratch, const char *expression,
                   struct pattern_needs *ret);

static inline bool needed_word_there(const struct needed_word *word, const struct text_pieces *text)
{
    size_t k = 0;
    while (k < word->n && (text->bits[word->piece[k] / 64] >> (word->piece[k] % 64) & 1) != 0) {
        k++;
    }
    return k == word->n;
}

static inline bool needed_branch_possible(const struct needed_branch *branch, const struct text_pieces *text)
{
    for (size_t c = 0; c < branch->choices; c++) {
        size_t i = 0, n = branch->choice[c].n;
        while (i < n && !needed_word_there(&branch->choice[c].word[i], text)) {
            i++;
        }
        if (i == n) {
            return false;
        }
    }
    return true;
}

static inline bool pattern_possible(const struct pattern_needs *needs, const struct text_pieces *text)
{
    for (size_t b = 0; b < needs->branches; b++) {
        if (needed_branch_possible(&needs->branch[b], text)) {
            return true;
        }
    }
    return needs->branches == 0;
}

#endif
