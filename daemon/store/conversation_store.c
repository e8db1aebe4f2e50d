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
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool conversation_get(struct store *store, struct arena *arena, int64_t id, struct conversation_row *ret,
                      struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT id, address, kind, round, expected, language FROM conversation WHERE id = ?1");
    bind_int(q, 1, id);
    return read_row(store, arena, q, ret, err);
}

bool conversation_of_message(struct store *store, struct arena *arena, const char *message_id,
                             struct conversation_row *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT id, address, kind, round, expected, language FROM conversation "
               "JOIN conversation_message ON case_id = id WHERE message_id = ?1 AND state = 'open' "
               "ORDER BY changed DESC LIMIT 1");
    bind_text(q, 1, message_id);
    return read_row(store, arena, q, ret, err);
}

bool conversation_of_address(struct store *store, struct arena *arena, const char *address, const char *kind,
                             int64_t since, struct conversation_row *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT id, address, kind, round, expected, language FROM conversation "
                           "WHERE address = ?1 AND state = 'open' AND changed >= ?3 AND "
                           "(kind = ?2 OR (?2 = '' AND (kind = 'register' OR kind = 'cancel'))) "
                           "ORDER BY changed DESC, id DESC LIMIT 1");
    bind_text(q, 1, address);
    bind_text(q, 2, kind);
    bind_int(q, 3, since);
    return read_row(store, arena, q, ret, err);
}
