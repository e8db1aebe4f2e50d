/* parsers/pattern/pattern_file.h: the vocabulary: what people write, kept beside the code.
 * PCRE2 is known only in pattern_file.c and pattern_match.c (by pattern_parts.h).
 *
 * A pattern file (parsers/patterns/NAME.patterns) is UTF-8 text:
 *
 *     # a comment: says what people do, and why the pattern is so
 *     define month  Januar|Jan\.?|Feber|Februar|Feb\.?|…        used below as (?&month)
 *
 *     pattern register.wish                 a name; its group is what stands before the dot
 *       weight 3                            optional, a whole number (default 1)
 *       (?:möchte|würde)\s+…                the regular expression, continued on
 *       \s+anmelden                         further lines indented; (?x) is on: blanks and
 *                                           "# …" in it do not count
 *       + ich möchte mich anmelden          a line that must match
 *       - ich möchte mich nicht anmelden    a line that must not
 *
 * Flags on all: UTF, UCP, CASELESS, MULTILINE, EXTENDED, DUPNAMES; \d and \s are those of ASCII, as
 * texts have no other blanks (plain_text.h). Named groups (?<day>…) come back by name, also out of
 * a define, which is written out where it is used. Names are of a-z, 0-9, _ and, for patterns, -
 * and dots. Inside + and - lines \n stands for a line end, \t for a tab.
 * Every pattern needs at least one of each. Nothing matches the empty string. A folder is loaded in
 * the order of its file names; IT's own folder comes after and may add patterns to any group, or
 * replace one (or a define) by giving its name again.
 * A broken file, an example that does not hold, an unknown word: refused with file and line. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_FILE_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_FILE_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* A match costs at most this many steps of PCRE2's match() (PCRE2_ERROR_MATCHLIMIT beyond:
 * counts as "no match" and is reported by patterns_limits_hit). 100,000 stops `^(a+)+$` in 1 ms. */
enum { PATTERN_MATCH_LIMIT = 100000, PATTERN_GROUPS_MAX = 32, PATTERN_FOUNDS_MAX = 2000 };

struct patterns; /* does not change after loading; shared by threads */

/* `folders` is a NULL-terminated array; a folder that is not there is an error for the
 * first, none for the others. Examples are checked when `prove` is true (make check and
 * `stadtlabor check` do; the daemon checks at start as well). */
struct patterns *patterns_load(const char *const folders[], bool prove, struct error *err);
void patterns_free(struct patterns *patterns); /* NULL is allowed */

/* How often a match was given up at one of the limits, since loading. */
unsigned long patterns_limits_hit(const struct patterns *patterns);

/* One match. Strings lie in the arena; offsets are bytes in the subject. */
struct found {
    const char *pattern; /* "register.wish" */
    const char *where;   /* "register.patterns:41": for evidence and explain */
    int weight;
    size_t at, len;
    const char *words; /* what matched */
    int groups;
    struct found_group {
        const char *name, *value; /* named groups that took part */
        size_t at, len;
    } * group;
};

/* First match at or after `from` of any pattern of `group` ("register": all register.*; or a
 * full name: that one alone), earliest first, longest among equals. `subject` is valid UTF-8. */
bool patterns_find(const struct patterns *patterns, struct arena *arena, const char *group,
                   const char *subject, size_t len, size_t from, struct found *ret);

/* Every match of every pattern of the group, in order of place, the longest first among those that
 * begin together. Matches of one pattern do not overlap; those of different patterns may. At most
 * PATTERN_FOUNDS_MAX a pattern: what is more is hostile, not a letter. */
struct founds {
    struct found *at;
    size_t n, room;
};
void patterns_find_all(const struct patterns *patterns, struct arena *arena, const char *group,
                       const char *subject, size_t len, struct founds *ret);

/* The same for parts of the subject (its sentences), each for itself: a match begins and ends inside one
 * part, and may look at what stands before it. Cheaper than the whole: what a pattern needs must stand in
 * one part. In order of the parts. */
struct subject_part {
    size_t at, len;
};
void patterns_find_in_parts(const struct patterns *patterns, struct arena *arena, const char *group,
                            const char *subject, const struct subject_part *parts, size_t n,
                            struct founds *ret);

const char *found_group(const struct found *found, const char *name); /* NULL: took no part */
const struct found_group *found_group_place(const struct found *found, const char *name);

/* The lists of words beside the patterns (word_list.h): whether NAME.words holds the word, which
 * must be folded (utf8_fold) already. */
bool patterns_word(const struct patterns *patterns, const char *list, const char *folded_word);

/* What words weigh (weight_list.h): NAME.weights; NULL: there is none. */
struct weight_list;
const struct weight_list *patterns_weights(const struct patterns *patterns, const char *list);

#endif
