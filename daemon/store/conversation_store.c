#include "daemon/store/conversation_store.h"

#include "daemon/store/query.h"

bool conversation_put(struct store *store, int64_t now, struct conversation_row *row, struct error *err)
{
    sqlite3_stmt *q;
    if (row->id == 0) {
        q = store_query(
            store, "INSERT INTO conversation (address, kind, round, expected, language, opened, changed) "
                   "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)");
        bind_text(q, 1, row->address);
        bind_text(q, 2, row->kind);
        bind_int(q, 3, row->round);
        bind_text(q, 4, row->expected);
        bind_text(q, 5, row->language);
        bind_int(q, 6, now);
    } else {
        q = store_query(store,
                        "UPDATE conversation SET round = ?2, expected = ?3, changed = ?4 WHERE id = ?1");
        bind_int(q, 1, row->id);
        bind_int(q, 2, row->round);
        bind_text(q, 3, row->expected);
        bind_int(q, 4, now);
    }
    if (!store_run(store, q, err)) {
        return false;
    }
    row->id = row->id == 0 ? store_last_id(store) : row->id;
    return true;
}

bool conversation_close(struct store *store, int64_t now, int64_t id, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE conversation SET state = 'closed', changed = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_int(q, 2, now);
    return store_run(store, q, err);
}

bool conversation_add_message(struct store *store, int64_t id, const char *message_id, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "INSERT OR IGNORE INTO conversation_message (message_id, case_id) VALUES (?1, ?2)");
    bind_text(q, 1, message_id);
    bind_int(q, 2, id);
    return store_run(store, q, err);
}

static bool read_row(struct store *store, struct arena *arena, sqlite3_stmt *q, struct conversation_row *ret,
                     struct error *err)
{
    enum row row = store_row(store, q, err);
    *ret = (struct conversation_row){0};
    if (row == ROW) {
        ret->id = column_int(q, 0);
        ret->address = column_text(arena, q, 1);
        ret->kind = column_text(arena, q, 2);
        ret->round = (int)column_int(q, 3);
        ret->expected = column_text(arena, q, 4);
        ret->language = column_text(arena, q, 5);
        ret->opened = column_int(q, 6);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool conversation_get(struct store *store, struct arena *arena, int64_t id, struct conversation_row *ret,
                      struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT id, address, kind, round, expected, language, opened FROM conversation WHERE id = ?1");
    bind_int(q, 1, id);
    return read_row(store, arena, q, ret, err);
}

bool conversation_of_message(struct store *store, struct arena *arena, const char *message_id,
                             struct conversation_row *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT id, address, kind, round, expected, language, opened FROM conversation "
               "JOIN conversation_message ON case_id = id WHERE message_id = ?1 AND state = 'open' "
               "ORDER BY changed DESC LIMIT 1");
    bind_text(q, 1, message_id);
    return read_row(store, arena, q, ret, err);
}

bool conversation_of_address(struct store *store, struct arena *arena, const char *address, const char *kind,
                             int64_t since, struct conversation_row *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT id, address, kind, round, expected, language, opened FROM conversation "
                           "WHERE address = ?1 AND state = 'open' AND changed >= ?3 AND "
                           "CASE WHEN ?2 = '' THEN kind IN ('register', 'cancel') ELSE kind = ?2 END "
                           "ORDER BY changed DESC, id DESC LIMIT 1");
    bind_text(q, 1, address);
    bind_text(q, 2, kind);
    bind_int(q, 3, since);
    return read_row(store, arena, q, ret, err);
}

bool subscriber_state_of(struct store *store, struct arena *arena, const char *address, const char **ret,
                         struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT state FROM subscriber WHERE address = ?1");
    bind_text(q, 1, address);
    enum row row = store_row(store, q, err);
    if (row == ROW_FAILED) {
        return false;
    }
    *ret = row == ROW ? column_text(arena, q, 0) : "";
    sqlite3_reset(q);
    return true;
}

bool subscriber_ask(struct store *store, int64_t now, const char *address, const char *language,
                    int64_t mail_id, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "INSERT INTO subscriber (address, state, language, asked_at, asked_by, changed) "
               "VALUES (?1, 'asked', ?2, ?3, ?4, ?3) ON CONFLICT (address) DO UPDATE SET state = 'asked', "
               "language = excluded.language, asked_at = excluded.asked_at, asked_by = excluded.asked_by, "
               "confirmed_at = NULL, confirmed_by = NULL, left_at = NULL, changed = excluded.changed "
               "WHERE state <> 'subscribed'");
    bind_text(q, 1, address);
    bind_text(q, 2, language);
    bind_int(q, 3, now);
    bind_id(q, 4, mail_id);
    return store_run(store, q, err);
}

bool subscriber_confirm(struct store *store, int64_t now, const char *address, int64_t mail_id,
                        struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE subscriber SET state = 'subscribed', confirmed_at = ?2, "
                           "confirmed_by = ?3, changed = ?2 WHERE address = ?1 AND state = 'asked'");
    bind_text(q, 1, address);
    bind_int(q, 2, now);
    bind_id(q, 3, mail_id);
    return store_run(store, q, err);
}

bool subscriber_leave(struct store *store, int64_t now, const char *address, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE subscriber SET state = 'unsubscribed', left_at = ?2, changed = ?2 "
                           "WHERE address = ?1");
    bind_text(q, 1, address);
    bind_int(q, 2, now);
    return store_run(store, q, err);
}

bool subscriber_count(struct store *store, const char *state, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT count(*) FROM subscriber WHERE state = ?1");
    bind_text(q, 1, state);
    return store_number(store, q, ret, err);
}

bool subscribers_list_rows(struct store *store, struct arena *arena, bool all, struct subscriber_rows *ret,
                           struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT address, state, asked_at, confirmed_at FROM subscriber "
                                         "WHERE ?1 OR state <> 'unsubscribed' ORDER BY address");
    bind_int(q, 1, all);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->row) = (struct subscriber_row){
            .address = column_text(arena, q, 0),
            .state = column_text(arena, q, 1),
            .asked_at = column_int(q, 2),
            .confirmed_at = column_int(q, 3),
        };
    }
    return row == ROWS_END;
}
