/* daemon/store/queue_store.h: what waits for a person (table queue_entry). */
#ifndef STADTLABOR_STORE_QUEUE_STORE_H
#define STADTLABOR_STORE_QUEUE_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

struct queue_row {
    int64_t id, mail_id, outbox_id, created, closed;
    const char *reason, *words, *state;
    const char *sender, *sender_name, *subject; /* of the mail, "" if none */
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
bool queue_close(struct store *store, int64_t now, int64_t id, bool *ret_changed, struct error *err);
bool queue_count(struct store *store, int64_t *ret, struct error *err);

#endif
