/* parsers/robot/report_field.h: "Name: value" lines (RFC 5322 2.2, RFC 3464 2.1) and the addresses in
 * them, as delivery reports and returned letters have them. Pure; all results live in the arena. */
#ifndef STADTLABOR_PARSERS_ROBOT_REPORT_FIELD_H
#define STADTLABOR_PARSERS_ROBOT_REPORT_FIELD_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct report_field {
    const char *name;  /* as written; NULL: a line that is no field */
    const char *value; /* unfolded, one line, blanks at both ends off */
    bool blank;        /* an empty line */
};

/* Reads one field, or one line that is none, and moves *text behind it. False at the end. */
bool report_field_next(struct arena *arena, const char **text, struct report_field *ret);

/* The first address in `value`, in lower case: "rfc822; <A@b.org>" → "a@b.org". Understands quoted
 * local parts and the xtext of RFC 3461 4 ("a+40b.org"). NULL: there is none. */
const char *report_address(struct arena *arena, const char *value);

/* "<a@b>" → "a@b"; NULL: no Message-ID (RFC 5322 3.6.4). */
const char *report_message_id(struct arena *arena, const char *value);

/* At most `most` bytes of `s` as one line: each run of blanks is one blank. */
char *report_one_line(struct arena *arena, const char *s, size_t len, size_t most);

#endif
