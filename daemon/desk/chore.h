/* daemon/desk/chore.h: work that is due at a time and caused by no mail: reminders, the digest, the purge.
 *
 * The daemon's main thread does it with a store connection of its own and sleeps until the next is due;
 * `stadtlabord --once` does what is due and ends. A chore notes in the store what it did, in the transaction
 * that does it: after a crash it comes again and does the rest. */
#ifndef STADTLABOR_DESK_CHORE_H
#define STADTLABOR_DESK_CHORE_H

#include "daemon/desk/desk.h"

/* Loads the programme itself if it needs it. */
struct chore {
    const char *name; /* for the log */
    /* When there is work next (at or before `now`: at once), seconds since 1970; INT64_MAX: never. */
    bool (*next_due)(struct desk *desk, int64_t now, int64_t *ret, struct error *err);
    /* Does what is due at `now`, in transactions of its own, which it ends whatever happens. */
    bool (*run)(struct desk *desk, int64_t now, struct error *err);
};

enum {
    CHORE_RETRY = 300,    /* seconds until a chore that failed is tried again */
    CHORE_LOOK = 6 * 3600 /* … until due times are looked up anew, whatever they were */
};

struct chores_outcome {
    int64_t next; /* when to come again, seconds since 1970; at most CHORE_LOOK from now */
    bool ran;     /* something was done: letters may wait in the outbox */
    bool failed;  /* … the log says what */
};

/* When a chore is due that is done once a night, at this hour in Berlin, and keeps the time in that fact of
 * the store; at once if it never was. */
int64_t chore_nightly(const struct desk *desk, const char *fact, int hour);

/* Runs every chore that is due; one that fails keeps no other from its work. `chores` ends with NULL. */
struct chores_outcome chores_run(struct desk *desk, const struct chore *const *chores, int64_t now);

#endif
