#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 * 1024 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *blocks; /* the newest first */
    size_t total;         /* bytes of all blocks */
};

static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "out of memory: %zu bytes more were needed\n", size);
    abort();
}

static void add_block(struct arena *arena, size_t room)
{
    size_t size = room > BLOCK ? room : BLOCK;
    if (size > ARENA_MAX - arena->total) {
        out_of_memory(size);
    }
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL) {
        out_of_memory(size);
    }
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->total += size;
}

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL) {
        out_of_memory(sizeof *arena);
    }
    add_block(arena, BLOCK);
    return arena;
}

void arena_reset(struct arena *arena)
{
    while (arena->blocks->next != NULL) {
        struct block *block = arena->blocks;
        arena->blocks = block->next;
        arena->total -= block->size;
        free(block);
    }
    memset(arena->blocks->bytes, 0, arena->blocks->used);
    arena->blocks->used = 0;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    arena_reset(arena);
    free(arena->blocks);
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > ARENA_MAX) {
        out_of_memory(size);
    }
    size = size == 0 ? align : (size + align - 1) / align * align;
    if (arena->blocks->size - arena->blocks->used < size) {
        add_block(arena, size);
    }
    struct block *block = arena->blocks;
    void *at = block->bytes + block->used;
    block->used += size;
    return at;
}

char *arena_strndup(struct arena *arena, const char *s, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    memcpy(copy, s, len);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
    return s == NULL ? NULL : arena_strndup(arena, s, strlen(s));
}

/* Into what is left of the newest block, where it nearly always fits. */
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    struct block *block = arena->blocks;
    char *at = (char *)block->bytes + block->used;
    size_t room = block->size - block->used;
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(at, room, format, args);
    size_t size = (size_t)(len < 0 ? 0 : len) + 1;
    char *s = arena_alloc(arena, size);
    if (s != at) {
        memset(at, 0, room);
        vsnprintf(s, size, format, again);
    }
    va_end(again);
    return s;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *s = arena_vprintf(arena, format, args);
    va_end(args);
    return s;
}
