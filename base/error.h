/* base/error.h: one sentence that a person can act on.
 *
 * A function that can fail returns bool (or a small enum) and fills the caller's
 * `struct error`. On failure its outputs are untouched. The sentence says what went
 * wrong, where, and what would be right; it carries no personal data and no secret. */
#ifndef STADTLABOR_BASE_ERROR_H
#define STADTLABOR_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

struct error {
    char what[512]; /* UTF-8, one line, cut at a character's border when too long */
};

/* Writes the sentence and returns false, so that a caller may `return fail(err, …)`.
 * `err` may be NULL where nobody wants to know. */
bool fail(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the sentence that stands in `err`; returns false. */
bool fail_within(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, so that compilers and analysers, too, know that false comes back. */
static inline bool fail_is_false(bool failed)
{
    (void)failed;
    return false;
}
#define fail(...) fail_is_false(fail(__VA_ARGS__))
#define fail_within(...) fail_is_false(fail_within(__VA_ARGS__))

#endif
