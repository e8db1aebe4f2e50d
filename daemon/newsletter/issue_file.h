/* daemon/newsletter/issue_file.h: an issue as staff write it: one Markdown file with a small head.
 *
 *     Betreff: Neues aus dem Stadtlabor im Dezember
 *     Vorschau: Löten, KI und ein Rundgang            shown behind the subject in lists of mails; may be
 * missing Versand: 01.12.2026 09:00                       may be missing; "2026-12-01T09:00" too
 *
 *     # Guten Tag!
 *     …
 *
 * The head ends with the first blank line. Pure. */
#ifndef STADTLABOR_NEWSLETTER_ISSUE_FILE_H
#define STADTLABOR_NEWSLETTER_ISSUE_FILE_H

#include "base/arena.h"
#include "base/error.h"

#include <stdint.h>

enum { ISSUE_FILE_MAX = 256 * 1024, ISSUE_SUBJECT_MAX = 200, ISSUE_NAME_MAX = 80 };

struct issue_file {
    const char *subject; /* "" when it is missing */
    const char *preview; /* "" */
    int64_t send_at;     /* 0: not set */
    const char *body;    /* Markdown with Mustache in it */
    int body_line;       /* the number of its first line in the file */
};

/* Refused, with the line: what is not UTF-8, an unknown or repeated name in the head, a date that is none. */
bool issue_file_read(struct arena *arena, const char *bytes, size_t len, struct issue_file *ret,
                     struct error *err);

/* "01.12.2026 09:00", "1.12.2026 9:00", "2026-12-01T09:00": in Berlin. */
bool issue_time_read(struct arena *arena, const char *s, int64_t *ret);

/* "2026-12" of "drafts/2026-12.md"; NULL: the name has other than letters, digits, "-", "_" and ".". */
const char *issue_file_name(struct arena *arena, const char *path);

#endif
