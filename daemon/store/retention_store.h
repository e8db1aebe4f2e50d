/* daemon/store/retention_store.h: what is kept no longer than it is needed, kind by kind. */
#ifndef STADTLABOR_STORE_RETENTION_STORE_H
#define STADTLABOR_STORE_RETENTION_STORE_H

#include "daemon/store/store.h"

enum retention_kind {
    RETENTION_DETAILS, /* birth date and address of who was registered, after the event */
    RETENTION_NAMES,   /* name and mail address, after the event */
    RETENTION_MAILS,   /* mails and what was read in them, once nobody need act on them */
    RETENTION_LETTERS, /* the text of our letters, once sent and filed */
    RETENTION_TRACES,  /* to whom letters went, closed questions and queue entries: as long as mails */
    RETENTION_ASKED,   /* sign-ups that were never confirmed: as long as our letters */
    RETENTION_CONSENT, /* the proof of consent of who left */
    RETENTION_PAUSES,  /* hashes of addresses that others put in */
    RETENTION_AUDIT,
    RETENTION_KINDS
};

/* Days of each kind; 0: for ever. */
struct retention {
    int days[RETENTION_KINDS];
};

const char *retention_title(enum retention_kind kind); /* German, for staff */

/* Rows that are due at `now`. */
bool retention_due(struct store *store, int64_t now, enum retention_kind kind, int days, int64_t *ret,
                   struct error *err);
/* Removes them, in the caller's transaction. */
bool retention_purge(struct store *store, int64_t now, enum retention_kind kind, int days, int64_t *ret_n,
                     struct error *err);

#endif
