/* daemon/desk/trouble.h: what keeps the receiver from its work, in the log: said when it begins, when it
 * becomes another, and when it is over; in between it is tried again in silence. */
#ifndef STADTLABOR_DESK_TROUBLE_H
#define STADTLABOR_DESK_TROUBLE_H

#include "base/error.h"
#include "daemon/post/backoff.h"

struct trouble {
    struct backoff backoff;
    bool store;      /* of the present fault: it is the store's, not the mailbox's */
    bool now;        /* something was said and is not over */
    bool said_store; /* what was said … */
    struct error said;
};

/* One more attempt failed, the next is made in wait_ms. `grave`: a person must act. Events: "intake_stopped"
 * for the store (disk full, locked), "mailbox_lost" for the mailbox; repetitions at level debug. */
void trouble_is(struct trouble *trouble, bool grave, int wait_ms, const char *words);

/* All went well: the next fault waits shortly again. Event "intake_goes_on" if something was said. */
void trouble_ends(struct trouble *trouble);

#endif
