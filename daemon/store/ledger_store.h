/* daemon/store/ledger_store.h: the copies of issues, one row a recipient (table newsletter_copy).
 *
 * Every function that writes runs inside the caller's transaction. schema.sql tells the states. */
#ifndef STADTLABOR_STORE_LEDGER_STORE_H
#define STADTLABOR_STORE_LEDGER_STORE_H

#include "daemon/store/outbox_store.h"

/* Ids of at most `most` due copies of issues that are being sent, now `sending`: those never tried first, in
 * the order of recipients, then those that come again. */
bool ledger_claim(struct store *store, struct arena *arena, int64_t now, int64_t most, struct outbox_ids *ret,
                  struct error *err);

/* A copy, and what stands in the way of it. */
struct ledger_copy {
    int64_t id; /* 0: not there */
    int64_t issue_id, subscriber_id;
    const char *state, *issue_state;
    const char *address; /* NULL: not a reader any more */
    int attempt;
    int64_t first_try;
};
bool ledger_get(struct store *store, struct arena *arena, int64_t id, struct ledger_copy *ret,
                struct error *err);

/* What became of a copy that was `sending`; counts the attempt. `not_before` matters to `later`. */
bool ledger_record(struct store *store, int64_t now, int64_t id, const char *state, const char *reply,
                   int64_t not_before, struct error *err);
/* Claimed, and not begun: queued again. */
bool ledger_release(struct store *store, int64_t now, int64_t id, struct error *err);
/* Not a reader any more. */
bool ledger_drop(struct store *store, int64_t now, int64_t id, struct error *err);
/* It came back: a copy that was sent, or unclear, is `bounced`; any other is left as it is. `words` without
 * addresses. */
bool ledger_bounced(struct store *store, int64_t now, int64_t id, const char *words, struct error *err);
/* What a program that ended in the middle left `sending` is unclear, with an audit entry each. */
bool ledger_recover(struct store *store, int64_t now, int64_t *ret_n, struct error *err);
/* Issues that are being sent and have no copy waiting are `sent`. */
bool ledger_finish(struct store *store, int64_t now, struct error *err);
/* When the next copy is due; INT64_MAX: none waits. */
bool ledger_next_due(struct store *store, int64_t *ret, struct error *err);
/* The unclear copies of an issue wait again. */
bool ledger_send_unclear(struct store *store, int64_t now, int64_t issue_id, int64_t *ret_n,
                         struct error *err);

struct ledger_sums {
    int64_t queued, sending, sent, later, failed, unclear, bounced, dropped;
};
bool ledger_sums(struct store *store, int64_t issue_id, struct ledger_sums *ret, struct error *err);
/* Copies that came to an end since `since`. */
bool ledger_pace(struct store *store, int64_t issue_id, int64_t since, int64_t *ret, struct error *err);

/* Failed, unclear, bounced and later ones by the words of the relay, most frequent first. */
struct ledger_reason {
    const char *state, *reply;
    int64_t n;
};
struct ledger_reasons {
    LIST(struct ledger_reason) reason;
};
bool ledger_reasons(struct store *store, struct arena *arena, int64_t issue_id, int64_t most,
                    struct ledger_reasons *ret, struct error *err);
/* Whose copy is unclear. */
struct ledger_addresses {
    LIST(const char *) address;
};
bool ledger_unclear(struct store *store, struct arena *arena, int64_t issue_id, int64_t most,
                    struct ledger_addresses *ret, struct error *err);

#endif
