/* daemon/desk/places.h: the waiting lists in the store, moved by the rule of daemon/desk/waiting.h. Who moves
 * up gets a letter and may decline by answering it; the declined place goes on to the next.
 *
 * Triggers of the schema note every list that something happened to. So whoever cancels, erases, moves or
 * changes anything calls places_settle before the commit, and needs to know nothing more; what forgot to
 * is made good by waiting_chore. */
#ifndef STADTLABOR_DESK_PLACES_H
#define STADTLABOR_DESK_PLACES_H

#include "daemon/desk/chore.h"
#include "daemon/desk/waiting_list.h"

/* On whose account something is done: for the audit and for letters. */
struct cause {
    int64_t now;
    int64_t mail_id;   /* 0: no mail */
    const char *actor; /* "stadtlabord", or a member of staff's login */
};

/* Settles every list that is due, in the caller's transaction: rows, letters, and what staff are told. The
 * desk (letters suffice) has its programme loaded. Wake the outbox after the commit. */
bool places_settle(const struct desk *desk, struct arena *arena, const struct cause *cause,
                   struct error *err);

/* Those of the party that wait get places now, whatever the rule says: staff's decision. They are told. */
bool places_give(const struct desk *desk, struct arena *arena, const struct cause *cause,
                 const struct event *event, int64_t party, struct error *err);

/* Lists that the passing of time changes: places kept for long enough, the last hours begun. */
extern const struct chore waiting_chore;

#endif
