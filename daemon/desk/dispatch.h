/* daemon/desk/dispatch.h: a letter that was planned is written, its question noted as an open case, and put
 * into the outbox: inside the caller's transaction, so that it goes out with what it tells, or not at all.
 * Wake the outbox after the commit (doorbell_ring from a command). */
#ifndef STADTLABOR_DESK_DISPATCH_H
#define STADTLABOR_DESK_DISPATCH_H

#include "daemon/desk/decide.h"
#include "daemon/desk/desk.h"

struct dispatch {
    const struct letter_plan *plan;
    const struct letter *answers; /* the mail it answers, of a plan that is `in_thread`; NULL: none */
    /* Names the occasion ("reminder 2026-12-03-ki-alltag party 17"). The Message-ID is made of it and of
     * the store's key: one occasion never has two letters, and nobody but who gets the letter can know its
     * Message-ID, so an answer that names it is proof. */
    const char *seed;
    const char *language; /* "de", "en" */
    int64_t now;          /* seconds since 1970 */
    int64_t mail_id;      /* the mail that caused it; 0: none */
    const char *actor;    /* for the audit: "stadtlabord", or a member of staff's login */
};

struct dispatched {
    int64_t outbox_id, case_id; /* case_id 0: it asks nothing */
    bool again;                 /* this occasion had its letter before: nothing was done now */
};

bool dispatch_letter(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                     struct dispatched *ret, struct error *err);

#endif
