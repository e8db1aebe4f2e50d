/* daemon/store/outbox_store.h: letters that wait to be sent, or were (tables outbox, outbox_bytes).
 *
 * Every function that writes runs inside the caller's transaction. schema.sql tells the
 * states. */
#ifndef STADTLABOR_STORE_OUTBOX_STORE_H
#define STADTLABOR_STORE_OUTBOX_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

#include <stddef.h>

struct outbox_row {
    int64_t id; /* 0: not there */
    int64_t mail_id, case_id;
    const char *kind, *state, *message_id;
    const char *envelope_from; /* "": null sender */
    const char *recipient;
    int attempt;
    int64_t created, changed;
    const char *reply; /* the relay's last words */
    const char *filed;
};

struct outbox_rows {
    LIST(struct outbox_row) row;
};

/* Puts a letter in, to be sent at once: mail_id, case_id, kind, message_id, envelope_from and
 * recipient of `row`; its id is given back. Wake the outbox after the commit. */
bool outbox_put(struct store *store, int64_t now, struct outbox_row *row, const char *bytes, size_t len,
                struct error *err);

bool outbox_get(struct store *store, struct arena *arena, int64_t id, struct outbox_row *ret,
                struct error *err);
/* The newest first; `state` NULL: all. */
bool outbox_list(struct store *store, struct arena *arena, const char *state, int64_t most,
                 struct outbox_rows *ret, struct error *err);
bool outbox_count(struct store *store, const char *state, int64_t *ret, struct error *err);
/* Letters to that address since then, in whatever state. */
bool outbox_count_to(struct store *store, const char *recipient, int64_t since, int64_t *ret,
                     struct error *err);
/* NULL when the letter is gone. */
bool outbox_bytes(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
                  struct error *err);

/* The sending. */

/* What goes to the relay; `bytes` NULL when the letter is gone. */
struct outbox_letter {
    const char *envelope_from, *recipient, *bytes;
    size_t len;
};
bool outbox_letter(struct store *store, struct arena *arena, int64_t id, struct outbox_letter *ret,
                   struct error *err);
/* Ids of at most `most` due letters, the oldest first, now in state `sending`. A letter that
 * was unclear gets an audit entry 'sent again'. */
struct outbox_ids {
    LIST(int64_t) id;
};
bool outbox_claim(struct store *store, struct arena *arena, int64_t now, int64_t most, struct outbox_ids *ret,
                  struct error *err);
/* What became of a letter that was `sending`; counts the attempt. `not_before` matters to
 * `later` and `unclear`. Nothing happens when the letter is gone meanwhile. */
bool outbox_record(struct store *store, int64_t now, int64_t id, const char *state, const char *reply,
                   int64_t not_before, struct error *err);
/* Claimed, and not begun: queued again, the attempt does not count. */
bool outbox_release(struct store *store, int64_t now, int64_t id, struct error *err);
/* At start: what is still `sending` is from a program that ended in the middle. It becomes
 * unclear, due at once, with an audit entry each. */
bool outbox_recover(struct store *store, int64_t now, int64_t *ret_n, struct error *err);
/* When the next letter is due; INT64_MAX: none waits. */
bool outbox_next_due(struct store *store, int64_t *ret, struct error *err);

/* The copy in the sent folder. */

/* Sent letters without a copy, the oldest first. */
bool outbox_to_file(struct store *store, struct arena *arena, int64_t most, struct outbox_rows *ret,
                    struct error *err);
/* 'no', 'filing' or 'yes'. */
bool outbox_set_filed(struct store *store, int64_t id, const char *filed, struct error *err);

#endif
