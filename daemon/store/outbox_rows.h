/* daemon/store/outbox_rows.h: for outbox_store.c and outbox_find.c alone: rows of table outbox as C has
 * them. */
#ifndef STADTLABOR_STORE_OUTBOX_ROWS_H
#define STADTLABOR_STORE_OUTBOX_ROWS_H

#include "daemon/store/outbox_store.h"
#include "daemon/store/query.h"

#define OUTBOX_SELECT                                                                                        \
    "SELECT id, mail_id, case_id, kind, state, message_id, envelope_from, recipient, attempt, created, "     \
    "changed, reply, filed FROM outbox "

/* All that the statement finds. */
bool outbox_read_rows(struct store *store, struct arena *arena, sqlite3_stmt *q, struct outbox_rows *ret,
                      struct error *err);
/* The first that it finds; `ret->id` 0: none. */
bool outbox_read_one(struct store *store, struct arena *arena, sqlite3_stmt *q, struct outbox_row *ret,
                     struct error *err);

#endif
