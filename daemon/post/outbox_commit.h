/* daemon/post/outbox_commit.h: for the outbox alone: a thread that does the transactions. One takes as long
 * as several letters, which go on meanwhile. */
#ifndef STADTLABOR_POST_OUTBOX_COMMIT_H
#define STADTLABOR_POST_OUTBOX_COMMIT_H

#include "base/error.h"

/* `run` does one transaction in the committer's thread; `wake_fd`, an eventfd, is written to when it is done.
 * NULL: there is no thread to be had. */
struct committer;
struct committer *committer_new(bool (*run)(void *ctx, struct error *err), void *ctx, int wake_fd);
void committer_free(struct committer *committer); /* not while one is done; NULL is allowed */

/* One is to be done: what it works with, the store too, is the committer's until it is taken back. */
void committer_give(struct committer *committer);

/* Whether it is done; waits for it if told so. Then `*ret_done` is what `run` said. */
bool committer_take(struct committer *committer, bool wait, bool *ret_done, struct error *err);

#endif
