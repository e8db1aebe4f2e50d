/* daemon/store/outbox_find.h: which of our letters something speaks of. outbox_store.h says what a
 * row is. */
#ifndef STADTLABOR_STORE_OUTBOX_FIND_H
#define STADTLABOR_STORE_OUTBOX_FIND_H

#include "daemon/store/outbox_store.h"

/* `ret->id` 0: none. Message-IDs are without <>. */
bool outbox_of_message_id(struct store *store, struct arena *arena, const char *message_id,
                          struct outbox_row *ret, struct error *err);
/* The newest letter sent to this address: for a report that does not name our Message-ID. */
bool outbox_sent_to(struct store *store, struct arena *arena, const char *recipient, struct outbox_row *ret,
                    struct error *err);
/* The letters that a mail caused, in their order. */
bool outbox_of_mail(struct store *store, struct arena *arena, int64_t mail_id, struct outbox_rows *ret,
                    struct error *err);
/* How often a letter of this mail was sent again because its fate was unclear. */
bool outbox_times_again(struct store *store, int64_t id, int64_t mail_id, int64_t *ret, struct error *err);

#endif
