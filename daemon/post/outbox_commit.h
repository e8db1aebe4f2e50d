/* daemon/post/outbox_commit.h: for the outbox alone: a thread that does nothing but commit. The disk's answer
 * takes as long as several letters, which go on meanwhile. */
#ifndef STADTLABOR_POST_OUTBOX_COMMIT_H
#define STADTLABOR_POST_OUTBOX_COMMIT_H

#include "base/error.h"
#include "daemon/store/store.h"

/* NULL: there is no thread to be had. `wake_fd`, an eventfd, is written to when a commit is done. */
struct committer;
struct committer *committer_new(struct store *store, int wake_fd);
void committer_free(struct committer *committer); /* not while it commits; NULL is allowed */

/* The store's open transaction is handed over, and the store with it, until it is taken back. */
void committer_give(struct committer *committer);

/* Whether the commit is done; waits for it if told so. Then `*ret_done` is what store_commit said. */
bool committer_take(struct committer *committer, bool wait, bool *ret_done, struct error *err);

#endif
