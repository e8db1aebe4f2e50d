/* parsers/pattern/expression.h: reads a regular expression of PCRE2 (EXTENDED) atom by atom, with just enough
 * understanding to tell what a text must hold (pattern_needs.h). */
#ifndef STADTLABOR_PARSERS_PATTERN_EXPRESSION_H
#define STADTLABOR_PARSERS_PATTERN_EXPRESSION_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct expression {
    const char *s;
    bool given_up; /* something that is not understood was met */
};

/* No characters of the expression, but: something that is in no word (\s, [ ]), something that is in a word
 * (\w, \p{L}), the beginning of a line or of the text, a letter of another script that has as many bytes in
 * any case; \b. */
enum { SPACE = 3, WORD = 4, BEGIN = 5, FOREIGN = 6, EDGE = 7 };

/* The next atom: a plain character (of `ret_bytes` bytes; of two it is given by the first), '0' for any
 * digit, SPACE, WORD, BEGIN, FOREIGN, EDGE, ' ' for some other character, 0 for nothing at all (\z, $). */
char expression_character(struct expression *e, size_t *ret_bytes);

/* What an atom may be, in classes of text_class.h. What is beyond ASCII may be of any length. */
struct char_set {
    uint64_t may; /* the classes it has members of */
    uint64_t all; /* ... and whose every member it has */
    bool word;    /* all its members belong to words */
    bool none;    /* none does */
};

/* The same for an atom that expression_character read as more than nothing, from `s` up to `end`; false when
 * it is none of known length (\R, \X). */
bool expression_set(const char *s, const char *end, struct char_set *ret);

/* The expression without comments and the blanks that do not count, and with \d and \s as sets of ASCII:
 * PCRE2 looks these up at once, where it would ask Unicode's tables. */
const char *expression_ascii(struct arena *arena, const char *expression);

/* expression_share.c: such an expression, written so that alternatives that begin alike share their
 * beginning. It matches the same. */
const char *expression_shared(struct arena *arena, const char *expression);

enum { COUNT_ENDLESS = 1 << 20 };

/* How often the atom before stands: once when nothing is said. */
struct count {
    bool optional, repeats;
    bool more;            /* often than at least, without end perhaps */
    uint32_t least, most; /* COUNT_ENDLESS: without end */
};
struct count expression_count_read(struct expression *e);
static inline struct count expression_count(struct expression *e)
{
    bool none = *e->s > '?' && *e->s != '{'; /* a letter, a bracket: the rule */
    return none ? (struct count){.least = 1, .most = 1} : expression_count_read(e);
}

/* Reads the opening of a group; what is inside comes next, and then ")". */
enum group_kind { GROUP_PLAIN, GROUP_LOOKS, GROUP_UNKNOWN };
enum group_kind expression_group(struct expression *e);

#endif
