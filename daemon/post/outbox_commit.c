#include "daemon/post/outbox_commit.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

struct committer {
    bool (*run)(void *ctx, struct error *err);
    void *ctx;
    int wake_fd;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum { IDLE, GIVEN, DONE, END } state;
    bool done; /* when DONE; else `err` says why not */
    struct error err;
};

static void *commit_all(void *ctx)
{
    struct committer *c = ctx;
    pthread_mutex_lock(&c->lock);
    while (c->state != END) {
        if (c->state != GIVEN) {
            pthread_cond_wait(&c->changed, &c->lock);
            continue;
        }
        pthread_mutex_unlock(&c->lock);
        bool done = c->run(c->ctx, &c->err);
        pthread_mutex_lock(&c->lock);
        c->done = done;
        c->state = DONE;
        pthread_cond_signal(&c->changed);
        uint64_t one = 1;
        ssize_t written = write(c->wake_fd, &one, sizeof one);
        (void)written; /* it fails only when so many wakes wait that one more is nothing */
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

struct committer *committer_new(bool (*run)(void *ctx, struct error *err), void *ctx, int wake_fd)
{
    struct committer *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return NULL;
    }
    c->run = run;
    c->ctx = ctx;
    c->wake_fd = wake_fd;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    if (pthread_create(&c->thread, NULL, commit_all, c) != 0) {
        free(c);
        return NULL;
    }
    return c;
}

static void set(struct committer *c, int state)
{
    pthread_mutex_lock(&c->lock);
    c->state = state;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

void committer_free(struct committer *c)
{
    if (c != NULL) {
        set(c, END);
        pthread_join(c->thread, NULL);
        pthread_mutex_destroy(&c->lock);
        pthread_cond_destroy(&c->changed);
        free(c);
    }
}

void committer_give(struct committer *c)
{
    set(c, GIVEN);
}

bool committer_take(struct committer *c, bool wait, bool *ret_done, struct error *err)
{
    pthread_mutex_lock(&c->lock);
    while (wait && c->state != DONE) {
        pthread_cond_wait(&c->changed, &c->lock);
    }
    bool there = c->state == DONE;
    if (there) {
        c->state = IDLE;
        *ret_done = c->done;
        *err = c->err;
    }
    pthread_mutex_unlock(&c->lock);
    return there;
}
