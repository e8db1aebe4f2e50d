/* daemon/desk/subscribing.h: addresses that staff put in or take out: the same rows, proof and letters as by
 * mail. Each inside the caller's transaction; ring the doorbell after the commit. */
#ifndef STADTLABOR_DESK_SUBSCRIBING_H
#define STADTLABOR_DESK_SUBSCRIBING_H

#include "daemon/desk/desk.h"

struct subscribing {
    const struct desk *desk;
    int64_t now;
    const char *actor;   /* a member of staff's login */
    const char *consent; /* where the consent comes from; NULL: the address is asked */
    bool imported;       /* in a table: who left is left alone, and nobody is asked twice */
};

enum subscribed { SUBSCRIBED_NEW, SUBSCRIBED_ASKED, SUBSCRIBED_ALREADY, SUBSCRIBED_LEFT };

/* `address` in lower case, a good one. SUBSCRIBED_LEFT: it left, complained or was erased, and nothing was
 * done; an address alone with a stated consent is put in nevertheless. SUBSCRIBED_ALREADY: subscribed, or (in
 * a table) asked. */
bool subscribing_put(const struct subscribing *s, struct arena *arena, const char *address,
                     const char *language, enum subscribed *ret, struct error *err);

/* `letter`: the goodbye, whose answer takes it back. `*ret_was_in` false: nothing was done. */
bool subscribing_remove(const struct subscribing *s, struct arena *arena, const char *address, bool letter,
                        bool *ret_was_in, struct error *err);

/* A suspended one is sent to again. */
bool subscribing_restore(const struct subscribing *s, struct arena *arena, const char *address,
                         bool *ret_was_suspended, struct error *err);

#endif
