/* parsers/pattern/pattern_needs.h: what a text must hold so that an expression can match, and where it may
 * then.
 *
 * Most expressions name words ("newsletter|rundbrief"). Looking for all of them in a text once
 * (needs_index.h) says which expressions need not be tried: that is most of them for most mails. How far
 * behind its beginning a match can reach for a word says where the others need not be.
 * The words are read off the expression itself; where that is not understood, nothing is needed and the
 * expression is always tried. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_NEEDS_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_NEEDS_H

#include "base/arena.h"
#include "parsers/pattern/expression.h"

#include <stddef.h>
#include <stdint.h>

enum { NEEDED_WORDS_MAX = 96, NEEDED_WORD_MAX = 8, NEEDED_CHOICES_MAX = 4 };

/* Bytes of a text that stand together, each by its class (text_class.h). */
struct needed_word {
    uint8_t n;
    bool begins, ends; /* no word goes on before it; behind it. Where it is so, it begins or ends with one */
    uint8_t class[NEEDED_WORD_MAX];
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

/* `expression` as PCRE2 takes it with EXTENDED and CASELESS, defines written out. */
void pattern_needs(struct arena *arena, const char *expression, struct pattern_needs *ret);

#endif
