#include "daemon/staff/replay_read.h"

#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"
#include "daemon/staff/replay.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MAX = 4 };

struct work {
    const struct desk *desk;
    struct replay_mail *mails;
    size_t n;
    atomic_size_t next; /* that nobody reads yet */
};

static void read_one(const struct desk *desk, struct arena *arena, struct replay_mail *mail)
{
    struct letter letter;
    struct reading reading;
    const struct expected *expected;
    if (!letter_read(arena, mail->bytes, mail->len, mail->len >= (size_t)mail->row->size, &letter,
                     &mail->why) ||
        !known_kept_expected(arena, mail->row->reading, &expected, &mail->why)) {
        return;
    }
    struct known known = {.programme = &desk->programme};
    struct reader reader = desk_reader(desk, mail->row->received);
    read_letter(arena, &reader, &letter, expected, &reading);
    needs_reading(arena, &known, &reading);
    mail->then = replay_essence(mail->row->reading);
    mail->now = replay_essence(reading_json(arena, &reading, NULL, false));
}

static void *read_some(void *ctx)
{
    struct work *work = ctx;
    struct arena *arena = arena_new();
    for (size_t i; (i = atomic_fetch_add(&work->next, 1)) < work->n;) {
        if (work->mails[i].bytes != NULL) {
            read_one(work->desk, arena, &work->mails[i]);
            arena_reset(arena);
        }
    }
    arena_free(arena);
    return NULL;
}

void replay_read(const struct desk *desk, struct replay_mail *mails, size_t n)
{
    struct work work = {.desk = desk, .mails = mails, .n = n};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t others[THREADS_MAX - 1];
    int begun = 0;
    while (begun < THREADS_MAX - 1 && begun + 1 < processors && (size_t)begun + 1 < n &&
           pthread_create(&others[begun], NULL, read_some, &work) == 0) {
        begun++;
    }
    read_some(&work);
    while (begun > 0) {
        pthread_join(others[--begun], NULL);
    }
}
