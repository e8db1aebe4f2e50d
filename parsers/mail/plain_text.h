/* parsers/mail/plain_text.h: the bytes of a text part → text as the rest of the house expects it. */
#ifndef STADTLABOR_PARSERS_MAIL_PLAIN_TEXT_H
#define STADTLABOR_PARSERS_MAIL_PLAIN_TEXT_H

#include "base/arena.h"

#include <stdbool.h>

/* Bytes in `charset` (NULL: not said) → valid UTF-8, NULs taken out. What a mail claims is often
 * wrong: valid UTF-8 wins over a claimed single-byte charset, latin-1 is read as windows-1252 (as
 * browsers do, WHATWG Encoding), an unknown charset as UTF-8 or else windows-1252.
 * `ret_bad`, `ret_nul`: set to true when something was replaced, guessed or taken out; never set
 * to false. */
char *plain_text_decode(struct arena *arena, const char *bytes, size_t len, const char *charset,
                        bool *ret_bad, bool *ret_nul);

/* LF line ends; no-break and other unusual blanks become ordinary ones; soft hyphens, zero-width
 * and direction marks and control characters are gone; umlauts in two characters become one (NFC). */
char *plain_text_tidy(struct arena *arena, const char *utf8);

/* RFC 3676: lines that end in a blank go on in the next one of equal quote depth; `delsp` takes
 * that blank out. "-- " stays a line of its own. Quotes come back as ">> words". */
char *plain_text_unflow(struct arena *arena, const char *text, bool delsp);

#endif
