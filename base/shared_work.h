/* base/shared_work.h: pieces of work that do not depend on each other, done on all processors. */
#ifndef STADTLABOR_BASE_SHARED_WORK_H
#define STADTLABOR_BASE_SHARED_WORK_H

#include "base/arena.h"

enum { WORKERS_MAX = 4 };

struct worker {
    int number; /* from 0, below WORKERS_MAX: for what pieces keep in memory of their own */
    struct arena
        *scratch; /* empty at the beginning of each piece, and emptied behind it: what stays lies elsewhere */
};

typedef void work_piece(void *ctx, const struct worker *worker, size_t i);

/* Calls `piece` once for each i < n, in any order, on the caller's thread and on as many more as there are
 * processors; all have ended when it returns. `ctx` is theirs together: a piece writes only what is its own.
 * Where no thread can be had, the caller's does it all. */
void share_work(size_t n, work_piece *piece, void *ctx);

#endif
