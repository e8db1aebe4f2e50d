#include "daemon/store/outbox_find.h"

#include "daemon/store/outbox_rows.h"

bool outbox_of_message_id(struct store *store, struct arena *arena, const char *message_id,
                          struct outbox_row *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, OUTBOX_SELECT "WHERE message_id = ?1");
    bind_text(q, 1, message_id);
    return outbox_read_one(store, arena, q, ret, err);
}

bool outbox_sent_to(struct store *store, struct arena *arena, const char *recipient, struct outbox_row *ret,
                    struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, OUTBOX_SELECT
                    "WHERE recipient = ?1 AND state = 'sent' ORDER BY created DESC, id DESC LIMIT 1");
    bind_text(q, 1, recipient);
    return outbox_read_one(store, arena, q, ret, err);
}

bool outbox_of_mail(struct store *store, struct arena *arena, int64_t mail_id, struct outbox_rows *ret,
                    struct error *err)
{
    sqlite3_stmt *q = store_query(store, OUTBOX_SELECT "WHERE mail_id = ?1 ORDER BY id");
    bind_int(q, 1, mail_id);
    return outbox_read_rows(store, arena, q, ret, err);
}

bool outbox_times_again(struct store *store, int64_t id, int64_t mail_id, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT count(*) FROM audit WHERE mail_id IS ?1 AND action = 'sent again' "
                           "AND subject = 'outbox ' || ?2");
    bind_id(q, 1, mail_id);
    bind_int(q, 2, id);
    return store_number(store, q, ret, err);
}
