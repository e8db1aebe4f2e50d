#include "daemon/store/outbox_find.h"

#include "daemon/store/query.h"

#define FIND "SELECT id, mail_id, case_id, kind, state, message_id, recipient FROM outbox "

static void read_row(struct arena *arena, sqlite3_stmt *q, struct outbox_row *ret)
{
    *ret = (struct outbox_row){
        .id = column_int(q, 0),
        .mail_id = column_int(q, 1),
        .case_id = column_int(q, 2),
        .kind = column_text(arena, q, 3),
        .state = column_text(arena, q, 4),
        .message_id = column_text(arena, q, 5),
        .recipient = column_text(arena, q, 6),
    };
}

static bool read_one(struct store *store, struct arena *arena, sqlite3_stmt *q, struct outbox_row *ret,
                     struct error *err)
{
    *ret = (struct outbox_row){0};
    enum row row = store_row(store, q, err);
    if (row == ROW) {
        read_row(arena, q, ret);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool outbox_of_message_id(struct store *store, struct arena *arena, const char *message_id,
                          struct outbox_row *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, FIND "WHERE message_id = ?1");
    bind_text(q, 1, message_id);
    return read_one(store, arena, q, ret, err);
}

bool outbox_sent_to(struct store *store, struct arena *arena, const char *recipient, struct outbox_row *ret,
                    struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, FIND "WHERE recipient = ?1 AND state = 'sent' ORDER BY created DESC, id DESC LIMIT 1");
    bind_text(q, 1, recipient);
    return read_one(store, arena, q, ret, err);
}

bool outbox_of_mail(struct store *store, struct arena *arena, int64_t mail_id, struct outbox_rows *ret,
                    struct error *err)
{
    sqlite3_stmt *q = store_query(store, FIND "WHERE mail_id = ?1 ORDER BY id");
    bind_int(q, 1, mail_id);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        read_row(arena, q, LIST_ADD(arena, &ret->row));
    }
    return row == ROWS_END;
}

bool outbox_times_again(struct store *store, int64_t id, int64_t mail_id, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT count(*) FROM audit WHERE mail_id IS ?1 AND action = 'sent again' "
                           "AND subject = 'outbox ' || ?2");
    bind_id(q, 1, mail_id);
    bind_int(q, 2, id);
    if (store_row(store, q, err) != ROW) {
        return false;
    }
    *ret = column_int(q, 0);
    sqlite3_reset(q);
    return true;
}
