/* daemon/post/mailbox_utf7.h: folder names on the wire (modified UTF-7, RFC 3501 5.1.3). */
#ifndef STADTLABOR_POST_MAILBOX_UTF7_H
#define STADTLABOR_POST_MAILBOX_UTF7_H

#include "base/arena.h"

/* UTF-8 (valid) to modified UTF-7: "Prüfen" → "Pr&APw-fen". */
char *mailbox_utf7_encode(struct arena *arena, const char *utf8);

/* Back. NULL when `name` is no modified UTF-7 (raw 8-bit, broken or needless shifts,
 * lone surrogates, NUL); the caller then takes the name as it is. */
char *mailbox_utf7_decode(struct arena *arena, const char *name);

#endif
