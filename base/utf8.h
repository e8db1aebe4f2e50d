/* base/utf8.h: UTF-8 (RFC 3629), checked once at the border.
 *
 * Inside the house every string is valid UTF-8 without NUL; only the functions here
 * may see anything else. */
#ifndef STADTLABOR_BASE_UTF8_H
#define STADTLABOR_BASE_UTF8_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* True when all `len` bytes are UTF-8: no surrogates, no overlong forms, no NUL. */
bool utf8_valid(const char *s, size_t len);

/* A valid copy: each broken byte and each NUL becomes U+FFFD. */
char *utf8_repair(struct arena *arena, const char *s, size_t len);

/* Decodes the character at `*s` (valid UTF-8) and moves `*s` behind it; 0 at the end. */
uint32_t utf8_next(const char **s);

/* Encodes `c` into `out`; returns the number of bytes, 1 to 4. */
size_t utf8_put(uint32_t c, char out[4]);

size_t utf8_length(const char *s); /* characters, not bytes */

/* A byte that goes on with the character before it. */
static inline bool utf8_continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Whole characters of a long text (valid UTF-8), in bytes: how many of the first `most` of `s`, and where
 * the last `most` before offset `at` begin. */
size_t utf8_cut(const char *s, size_t most);
size_t utf8_before(const char *s, size_t at, size_t most);

/* Letters as Unicode has them, for Latin, Greek and Cyrillic scripts. */
uint32_t utf8_lower(uint32_t c);
uint32_t utf8_upper(uint32_t c);
bool utf8_is_letter(uint32_t c);
bool utf8_is_upper(uint32_t c);
size_t utf8_letters(const char *s); /* how many bytes of letters `s` begins with */

/* Folded for comparison: lower case, ä→ae ö→oe ü→ue ß→ss, accents off. */
char *utf8_fold(struct arena *arena, const char *s);
/* Whether both are there and the same when folded. */
bool utf8_same_folded(struct arena *arena, const char *a, const char *b);
char *utf8_lower_copy(struct arena *arena, const char *s);

/* Letters and their marks in one character where there is one (NFC): "u" U+0308 → "ü". */
char *utf8_compose(struct arena *arena, const char *s);

#endif
