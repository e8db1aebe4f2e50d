/* base/list.h: a growing list in an arena, of any type.
 *
 *     struct names { LIST(const char *) };        or   LIST(struct person) persons;
 *     *LIST_ADD(arena, &names) = "Petra";
 *     for (size_t i = 0; i < names.n; i++) use(names.at[i]);
 *
 * Elements move when the list grows: keep indexes, not pointers, across LIST_ADD. */
#ifndef STADTLABOR_BASE_LIST_H
#define STADTLABOR_BASE_LIST_H

#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#define LIST(type)                                                                                           \
    struct {                                                                                                 \
        type *at;                                                                                            \
        size_t n, room;                                                                                      \
    }

/* Adds a zeroed element and yields its address. */
#define LIST_ADD(arena, list)                                                                                \
    ((list)->n == (list)->room                                                                               \
         ? (void)((list)->at = list_grow((arena), (list)->at, sizeof *(list)->at, &(list)->room))            \
         : (void)0,                                                                                          \
     &(list)->at[(list)->n++])

static inline void *list_grow(struct arena *arena, const void *old, size_t size, size_t *room)
{
    size_t more = *room == 0 ? 8 : *room * 2;
    void *fresh = arena_alloc(arena, more * size);
    if (old != NULL) {
        memcpy(fresh, old, *room * size);
    }
    *room = more;
    return fresh;
}

#endif
