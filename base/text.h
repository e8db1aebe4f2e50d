/* base/text.h: one growing string type with a hard cap.
 *
 * Lives in an arena; always NUL-terminated. What would pass the cap is left out and
 * `overflow` is set: nothing is truncated silently, the owner decides what that means. */
#ifndef STADTLABOR_BASE_TEXT_H
#define STADTLABOR_BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct text {
    struct arena *arena;
    char *s;
    size_t len;  /* bytes without the NUL */
    size_t room; /* bytes allocated */
    size_t cap;  /* most bytes, without the NUL */
    bool overflow;
};

struct text text_new(struct arena *arena, size_t cap);
void text_add(struct text *t, const char *s);
void text_addn(struct text *t, const char *s, size_t len);
static inline void text_addc(struct text *t, char c)
{
    if (t->len + 1 < t->room && t->len < t->cap) {
        t->s[t->len++] = c;
        t->s[t->len] = '\0';
    } else {
        text_addn(t, &c, 1);
    }
}
/* With & " ' < > as references, for HTML's text and its quoted attributes. */
void text_add_html(struct text *t, const char *s, size_t len);
/* For long lists, where printf is slow. */
void text_addi(struct text *t, int64_t number);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(struct text *t); /* keeps the memory */

/* Whole words and lines of strings that are no `struct text`. */

static inline bool str_equal(const char *a, const char *b) /* NULL equals NULL only */
{
    return a == b || (a != NULL && b != NULL && *a == *b && strcmp(a, b) == 0);
}

/* Where the line begins in which offset `at` stands. */
static inline size_t str_line_begin(const char *s, size_t at)
{
    const char *end = at == 0 ? NULL : memrchr(s, '\n', at);
    return end == NULL ? 0 : (size_t)(end - s) + 1;
}

bool str_equal_nocase(const char *a, const char *b); /* ASCII letters */
bool str_starts(const char *s, const char *prefix);
bool str_starts_nocase(const char *s, const char *prefix);
bool str_has_control(const char *s);                /* an ASCII control character, line ends too */
char *str_trim(struct arena *arena, const char *s); /* without blanks at both ends */

/* FNV-1a of 64 bits, for tables in memory: of the bytes so far and these, beginning with STR_HASH. */
#define STR_HASH UINT64_C(14695981039346656037)
static inline uint64_t str_hash(uint64_t so_far, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        so_far = (so_far ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    }
    return so_far;
}

#endif
