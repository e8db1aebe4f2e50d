/* base/arena.h: memory that lives as long as one unit of work (one mail, one command).
 *
 * Everything a unit of work allocates comes from its arena and is freed at once.
 * Allocation never returns NULL: when the system has no memory, or an arena passes
 * ARENA_MAX bytes, the process ends with a sentence on stderr; the daemon's
 * bookkeeping (attempt N is committed before a mail is read) turns that into a
 * queue entry. Not thread-safe: one arena belongs to one thread. */
#ifndef STADTLABOR_BASE_ARENA_H
#define STADTLABOR_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

enum { ARENA_MAX = 512 * 1024 * 1024 }; /* bytes; far above what one mail of 10 MB needs */

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);  /* NULL is allowed */
void arena_reset(struct arena *arena); /* everything in it is gone; its first block is kept */

/* Zeroed, aligned for any type; `size` 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));
char *arena_strdup(struct arena *arena, const char *s);              /* NULL stays NULL */
char *arena_strndup(struct arena *arena, const char *s, size_t len); /* always NUL-terminated */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif
