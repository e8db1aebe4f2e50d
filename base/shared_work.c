#include "base/shared_work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

struct work {
    work_piece *piece;
    void *ctx;
    size_t n;
    atomic_size_t next; /* that nobody does yet */
    atomic_int workers;
};

static void *do_some(void *ctx)
{
    struct work *work = ctx;
    struct worker worker = {.number = atomic_fetch_add(&work->workers, 1), .scratch = arena_new()};
    for (size_t i; (i = atomic_fetch_add(&work->next, 1)) < work->n;) {
        work->piece(work->ctx, &worker, i);
        arena_reset(worker.scratch);
    }
    arena_free(worker.scratch);
    return NULL;
}

void share_work(size_t n, work_piece *piece, void *ctx)
{
    struct work work = {.piece = piece, .ctx = ctx, .n = n};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t others[WORKERS_MAX - 1];
    int begun = 0;
    while (begun < WORKERS_MAX - 1 && begun + 1 < processors && (size_t)begun + 1 < n &&
           pthread_create(&others[begun], NULL, do_some, &work) == 0) {
        begun++;
    }
    do_some(&work);
    while (begun > 0) {
        pthread_join(others[--begun], NULL);
    }
}
