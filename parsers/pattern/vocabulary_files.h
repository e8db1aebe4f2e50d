/* parsers/pattern/vocabulary_files.h: the files of one kind in a folder of vocabulary. */
#ifndef STADTLABOR_PARSERS_PATTERN_VOCABULARY_FILES_H
#define STADTLABOR_PARSERS_PATTERN_VOCABULARY_FILES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

#include <stdbool.h>

struct vocabulary_file {
    const char *name, *path; /* "date.patterns", with its folder before it */
    const char *stem;        /* "date" */
    const char *bytes;       /* UTF-8, NUL-terminated */
    size_t len;
};

struct vocabulary_files {
    LIST(struct vocabulary_file) file; /* in order of their names */
};

/* Reads all files NAME`ending` of the folder; hidden ones are none. A folder that is not there, or without
 * such a file: an error where it is `required`, else an empty list. A file of more than `most` bytes or not
 * in UTF-8: an error. */
bool vocabulary_files(struct arena *arena, const char *folder, const char *ending, size_t most, bool required,
                      struct vocabulary_files *ret, struct error *err);

#endif
