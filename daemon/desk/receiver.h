/* daemon/desk/receiver.h: the loop that takes mail in. It keeps a session with the mailbox, notes
 * each attempt before a mail is fetched, hands batches to the pipeline, moves what was handled,
 * files copies of sent letters, and waits (IDLE) for more. It never waits for sending. */
#ifndef STADTLABOR_DESK_RECEIVER_H
#define STADTLABOR_DESK_RECEIVER_H

#include "base/pulse.h"
#include "daemon/desk/desk.h"
#include "daemon/post/mailbox.h"

struct receiver {
    struct desk *desk; /* of this thread, with its own store */
    const struct mailbox_settings *mailbox;
    int bell;                      /* rung when a letter was sent, and to stop */
    void (*on_letters)(void *ctx); /* a batch was committed: letters may wait; NULL: nobody cares */
    void *on_letters_ctx;
    atomic_bool *stop;
    struct pulse *pulse; /* NULL: nobody watches */
};

/* Until `stop`. Faults of network, server and disk are logged and waited out. */
void receiver_run(struct receiver *receiver);

/* One session: takes in what is there, files sent copies, and ends. False: the first fault. */
bool receiver_once(struct receiver *receiver, struct error *err);

#endif
