#include "base/shared_work.h"

#include "tests/unit/check.h"

#include <stdatomic.h>

enum { PIECES = 5000 };

static atomic_int done[PIECES + 1];
static atomic_int at_once, dirty, beyond;
static atomic_bool working[WORKERS_MAX];

static void count(void *ctx, const struct worker *worker, size_t i)
{
    atomic_fetch_add(&beyond, worker->number < 0 || worker->number >= WORKERS_MAX || ctx != done);
    atomic_fetch_add(&at_once, atomic_exchange(&working[worker->number], true)); /* one number, one thread */
    char *mine = arena_alloc(worker->scratch, 100);
    for (int k = 0; k < 100; k++) {
        atomic_fetch_add(&dirty, mine[k] != 0);
        mine[k] = 'x';
    }
    atomic_fetch_add(&done[i], 1);
    atomic_store(&working[worker->number], false);
}

TEST(each_piece_is_done_once_by_one_worker_at_a_time)
{
    share_work(PIECES, count, done);
    for (size_t i = 0; i < PIECES; i++) {
        CHECK_INT(atomic_load(&done[i]), 1);
    }
    CHECK_INT(atomic_load(&done[PIECES]), 0);
    CHECK_INT(atomic_load(&beyond), 0);
    CHECK_INT(atomic_load(&at_once), 0);
    CHECK_INT(atomic_load(&dirty), 0);
}

TEST(no_piece_is_no_work)
{
    share_work(0, count, NULL);
    CHECK_INT(atomic_load(&beyond), 0);
}

int main(void)
{
    RUN(each_piece_is_done_once_by_one_worker_at_a_time);
    RUN(no_piece_is_no_work);
    return check_done();
}
