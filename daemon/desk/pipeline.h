/* daemon/desk/pipeline.h: the whole flow on one page: mails → letters → readings → decisions →
 * rows and letters in the outbox, a batch in one transaction. */
#ifndef STADTLABOR_DESK_PIPELINE_H
#define STADTLABOR_DESK_PIPELINE_H

#include "base/list.h"
#include "daemon/desk/desk.h"
#include "daemon/post/mailbox.h"

/* A mail was tried this often, and the program did not come back: it goes to the queue unread. */
enum { PIPELINE_ATTEMPTS_MAX = 2 };

struct incoming {
    uint32_t uidvalidity, uid;
    uint32_t size; /* on the server */
    const char *bytes;
    size_t len;
    bool complete;
    int attempt;                /* this one's number, noted before the mail was fetched */
    const char *identity;       /* of a mail that is read once more; NULL: made of its bytes */
    int64_t decided;            /* the mail that it is, decided before a crash; 0: not yet */
    bool fresh;                 /* this message was not decided under its number before */
    enum mailbox_folder folder; /* out: where it belongs now */
    int64_t id;                 /* out */
    bool again;                 /* out: the same mail was handled before; nothing was done */
};

struct batch {
    LIST(struct incoming) mail;
};

/* Handles all of them in one transaction and commits. A mail that cannot be handled goes to the
 * queue with the reason, and the others are not touched by that. False: nothing was done;
 * store_fault tells whether it is the store (busy, full) that must be waited for. */
bool pipeline_handle(struct desk *desk, int64_t now, struct batch *batch, struct error *err);

/* One mail inside the caller's transaction, with the programme loaded: what pipeline_handle does for
 * each. */
bool pipeline_one(const struct desk *desk, struct arena *arena, int64_t now, struct incoming *mail,
                  struct error *err);

#endif
