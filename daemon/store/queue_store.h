/* daemon/store/queue_store.h: what waits for a person (table queue_entry). */
#ifndef STADTLABOR_STORE_QUEUE_STORE_H
#define STADTLABOR_STORE_QUEUE_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

struct queue_row {
    int64_t id, mail_id, outbox_id, created, closed;
    const char *reason, *words, *state;
    const char *topic, *assigned, *outcome, *chosen;
    const char *mail_state;                     /* of the mail, "" if none */
    const char *sender, *sender_name, *subject; /* of the mail, "" if none */
    int64_t size;                               /* of the mail on the server */
};

struct queue_rows {
    LIST(struct queue_row) row;
};

bool queue_add(struct store *store, int64_t now, int64_t mail_id, int64_t outbox_id, const char *reason,
               const char *words, int64_t *ret_id, struct error *err);
/* Open ones, the oldest first; closed ones too when `all`. */
bool queue_list(struct store *store, struct arena *arena, bool all, struct queue_rows *ret,
                struct error *err);
/* `ret->id` 0: not there. */
bool queue_get(struct store *store, struct arena *arena, int64_t id, struct queue_row *ret,
               struct error *err);
/* Open ones of that mail, the oldest first. */
bool queue_of_mail(struct store *store, struct arena *arena, int64_t mail_id, struct queue_rows *ret,
                   struct error *err);

/* How an entry ends: schema.sql names the outcomes. */
struct queue_end {
    const char *outcome;
    const char *chosen; /* NULL: nothing was chosen */
    const char *move;   /* "done", "automatic": where the mail belongs now; NULL: it stays where it is */
};
/* And the audit knows who closed it ("queue_done"). `*ret_changed` false: it was closed before, and nothing
 * happens. */
bool queue_close(struct store *store, int64_t now, const char *actor, const struct queue_row *entry,
                 const struct queue_end *end, bool *ret_changed, struct error *err);
bool queue_assign(struct store *store, int64_t id, const char *name, struct error *err);
bool queue_set_topic(struct store *store, int64_t id, const char *topic, struct error *err);
/* The last closed one of that mail; `ret->id` 0: there is none. */
bool queue_last_closed(struct store *store, struct arena *arena, int64_t mail_id, struct queue_row *ret,
                       struct error *err);
/* Open ones of mails with this Message-ID. */
bool queue_of_message(struct store *store, struct arena *arena, const char *message_id,
                      struct queue_rows *ret, struct error *err);
/* Open ones of mails that have none, or were never read. */
bool queue_of_nameless(struct store *store, struct arena *arena, struct queue_rows *ret, struct error *err);
/* How many are open and have a mail, or are closed and wait for their mail to be moved. */
bool queue_in_mailbox(struct store *store, int64_t *ret, struct error *err);

/* A closed entry whose mail belongs into another folder now; none of the mail's entries is open. */
struct queue_move {
    int64_t id, size; /* of the mail on the server */
    const char *message_id, *identity, *move;
};
struct queue_moves {
    LIST(struct queue_move) move;
};
bool queue_list_moves(struct store *store, struct arena *arena, int64_t most, struct queue_moves *ret,
                      struct error *err);
/* "done", "automatic"; "": it is where it belongs. */
bool queue_set_move(struct store *store, int64_t id, const char *move, struct error *err);

bool queue_count(struct store *store, int64_t *ret, struct error *err);

#endif
