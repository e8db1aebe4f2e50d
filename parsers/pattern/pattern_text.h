/* parsers/pattern/pattern_text.h: the text of pattern files → entries, before anything is compiled.
 * The form is told in pattern_file.h; PCRE2 is not known here. */
#ifndef STADTLABOR_PARSERS_PATTERN_PATTERN_TEXT_H
#define STADTLABOR_PARSERS_PATTERN_PATTERN_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { PATTERN_FILE_MAX = 1024 * 1024, PATTERN_REGEX_MAX = 256 * 1024, PATTERN_WEIGHT_MAX = 1000 };

struct pattern_line {
    int line;         /* in its file, from 1 */
    const char *text; /* a piece of the expression, or an example with \n and \t put in */
    bool must_match;  /* of an example */
};

struct pattern_entry {
    bool is_define;
    atomic_bool used; /* of a define: it was put in some entry's place of it (pattern_text_expand) */
    const char *name;
    const char *file; /* "register.patterns" */
    int line, weight;
    int folder; /* 0: the first that was loaded */
    LIST(struct pattern_line) expression;
    LIST(struct pattern_line) examples;
};

struct pattern_entries {
    LIST(struct pattern_entry) entries;
};

/* Adds what stands in every *.patterns file of the folder, in the order of the names. An entry
 * of a later folder takes the place of an earlier folder's of the same name; twice in one
 * folder is refused. A folder that is not there: an error when `required`, else nothing. */
bool pattern_text_folder(struct arena *arena, const char *path, int folder, bool required,
                         struct pattern_entries *entries, struct error *err);

/* One file's text; `file` is the name for messages and evidence. */
bool pattern_text_read(struct arena *arena, const char *text, const char *file, int folder,
                       struct pattern_entries *entries, struct error *err);

/* The expression of an entry with each (?&name) of a define put in its place, as (?:…): written
 * out it is faster than a call, and its named groups come back. `ret_starts` tells where in the
 * result each of the entry's lines begins. Unknown names and circles are refused. Threads may do so at once.
 */
bool pattern_text_expand(struct arena *arena, struct pattern_entries *entries,
                         const struct pattern_entry *entry, const char **ret, const size_t **ret_starts,
                         struct error *err);

#endif
