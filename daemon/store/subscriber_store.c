#include "daemon/store/subscriber_store.h"

#include "daemon/store/query.h"

#define SELECT_SUBSCRIBER                                                                                    \
    "SELECT id, address, state, language, by_other, asked_at, confirmed_at, left_at, suspended, returned, "  \
    "suspended_at FROM subscriber "

static struct subscriber_row read_row(struct arena *arena, sqlite3_stmt *q)
{
    return (struct subscriber_row){
        .id = column_int(q, 0),
        .address = column_text(arena, q, 1),
        .state = column_text(arena, q, 2),
        .language = column_text(arena, q, 3),
        .by_other = column_int(q, 4) != 0,
        .asked_at = column_int(q, 5),
        .confirmed_at = column_int(q, 6),
        .left_at = column_int(q, 7),
        .suspended = column_text(arena, q, 8),
        .returned = column_text(arena, q, 9),
        .suspended_at = column_int(q, 10),
    };
}

static bool read_one(struct store *store, struct arena *arena, sqlite3_stmt *q, struct subscriber_row *ret,
                     struct error *err)
{
    enum row row = store_row(store, q, err);
    *ret = (struct subscriber_row){.address = "", .state = "", .suspended = "", .returned = ""};
    if (row == ROW) {
        *ret = read_row(arena, q);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool subscriber_get(struct store *store, struct arena *arena, const char *address, struct subscriber_row *ret,
                    struct error *err)
{
    sqlite3_stmt *q = store_query(store, SELECT_SUBSCRIBER "WHERE address = ?1");
    bind_text(q, 1, address);
    return read_one(store, arena, q, ret, err);
}

bool subscriber_of_id(struct store *store, struct arena *arena, int64_t id, struct subscriber_row *ret,
                      struct error *err)
{
    sqlite3_stmt *q = store_query(store, SELECT_SUBSCRIBER "WHERE id = ?1");
    bind_int(q, 1, id);
    return read_one(store, arena, q, ret, err);
}

bool subscriber_of_copy(struct store *store, struct arena *arena, int64_t copy_id, struct subscriber_row *ret,
                        struct error *err)
{
    sqlite3_stmt *q = store_query(store, SELECT_SUBSCRIBER
                                  "WHERE id = (SELECT subscriber_id FROM newsletter_copy WHERE id = ?1)");
    bind_int(q, 1, copy_id);
    return read_one(store, arena, q, ret, err);
}

/* The row that was written; 0: none. Read to the end, so that the statement is through. */
static bool written_id(struct store *store, sqlite3_stmt *q, int64_t *ret, struct error *err)
{
    enum row row = store_row(store, q, err);
    int64_t id = row == ROW ? column_int(q, 0) : 0;
    if (row == ROW) {
        row = store_row(store, q, err);
    }
    if (row == ROWS_END) {
        *ret = id;
    }
    return row == ROWS_END;
}

bool subscriber_ask(struct store *store, int64_t now, const struct subscriber_wish *wish, int64_t *ret_id,
                    struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "INSERT INTO subscriber (address, state, language, asked_at, asked_by, by_other, changed) "
        "VALUES (?1, 'asked', ?2, ?3, ?4, ?5, ?3) ON CONFLICT (address) DO UPDATE SET state = 'asked', "
        "language = excluded.language, asked_at = excluded.asked_at, asked_by = excluded.asked_by, "
        "by_other = excluded.by_other, confirmed_at = NULL, confirmed_by = NULL, left_at = NULL, "
        "suspended = '', suspended_at = NULL, returned = '', changed = excluded.changed "
        "WHERE state <> 'subscribed' RETURNING id");
    bind_text(q, 1, wish->address);
    bind_text(q, 2, wish->language);
    bind_int(q, 3, now);
    bind_id(q, 4, wish->mail_id);
    bind_int(q, 5, wish->by_other);
    return written_id(store, q, ret_id, err);
}

bool subscriber_confirm(struct store *store, int64_t now, const char *address, int64_t mail_id,
                        struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "UPDATE subscriber SET state = 'subscribed', confirmed_at = ?2, confirmed_by = ?3, "
               "left_at = NULL, suspended = '', suspended_at = NULL, returned = '', changed = ?2 "
               "WHERE address = ?1 AND state <> 'subscribed'");
    bind_text(q, 1, address);
    bind_int(q, 2, now);
    bind_id(q, 3, mail_id);
    return store_run(store, q, err);
}

bool subscriber_enter(struct store *store, int64_t now, const char *address, const char *language,
                      int64_t *ret_id, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "INSERT INTO subscriber (address, state, language, confirmed_at, changed) "
               "VALUES (?1, 'subscribed', ?2, ?3, ?3) ON CONFLICT (address) DO UPDATE SET "
               "state = 'subscribed', language = excluded.language, confirmed_at = excluded.confirmed_at, "
               "confirmed_by = NULL, left_at = NULL, suspended = '', suspended_at = NULL, returned = '', "
               "changed = excluded.changed RETURNING id");
    bind_text(q, 1, address);
    bind_text(q, 2, language);
    bind_int(q, 3, now);
    return written_id(store, q, ret_id, err);
}

bool subscriber_leave(struct store *store, int64_t now, const char *address, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE subscriber SET state = 'unsubscribed', left_at = ?2, changed = ?2 "
                           "WHERE address = ?1 AND state <> 'unsubscribed'");
    bind_text(q, 1, address);
    bind_int(q, 2, now);
    return store_run(store, q, err);
}

bool subscriber_suspend(struct store *store, int64_t now, int64_t id, const char *why, const char *returned,
                        struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE subscriber SET suspended = ?2, returned = ?3, changed = ?4, "
                                         "suspended_at = coalesce(suspended_at, ?4) WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, why);
    bind_text(q, 3, returned);
    bind_int(q, 4, now);
    return store_run(store, q, err);
}

bool subscriber_resume(struct store *store, int64_t now, const char *address, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE subscriber SET suspended = '', suspended_at = NULL, returned = '', "
                           "changed = ?2 WHERE address = ?1");
    bind_text(q, 1, address);
    bind_int(q, 2, now);
    return store_run(store, q, err);
}

bool subscriber_only(struct store *store, const char *address, int64_t now, bool *ret, struct error *err)
{
    int64_t n;
    sqlite3_stmt *q = store_query(
        store, "SELECT count(*) FROM subscriber WHERE address = ?1 AND state = 'subscribed' AND NOT EXISTS "
               "(SELECT 1 FROM registration r JOIN event e ON e.id = r.event_id WHERE r.address = ?1 AND "
               "r.state <> 'cancelled' AND e.ends > ?2)");
    bind_text(q, 1, address);
    bind_int(q, 2, now);
    if (!store_number(store, q, &n, err)) {
        return false;
    }
    *ret = n > 0;
    return true;
}

bool subscriber_returns(struct store *store, int64_t id, int64_t copy_id, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "SELECT count(*) FROM newsletter_copy WHERE subscriber_id = ?1 AND id <> ?2 AND "
        "state IN ('bounced', 'failed') AND issue_id > coalesce((SELECT max(issue_id) FROM newsletter_copy "
        "WHERE subscriber_id = ?1 AND id <> ?2 AND state = 'sent'), 0)");
    bind_int(q, 1, id);
    bind_int(q, 2, copy_id);
    return store_number(store, q, ret, err);
}

bool subscriber_last_copy(struct store *store, int64_t id, int64_t *ret_copy, int64_t *ret_sent,
                          struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT id, changed FROM newsletter_copy WHERE subscriber_id = ?1 AND "
                           "state IN ('sent', 'unclear', 'bounced') ORDER BY issue_id DESC LIMIT 1");
    bind_int(q, 1, id);
    enum row row = store_row(store, q, err);
    if (row == ROW_FAILED) {
        return false;
    }
    *ret_copy = row == ROW ? column_int(q, 0) : 0;
    *ret_sent = row == ROW ? column_int(q, 1) : 0;
    sqlite3_reset(q);
    return true;
}

bool subscribers_resume(struct store *store, int64_t now, int64_t before, int64_t *ret_n, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE subscriber SET suspended = '', suspended_at = NULL, changed = ?1 "
                           "WHERE suspended = 'soft' AND suspended_at <= ?2");
    bind_int(q, 1, now);
    bind_int(q, 2, before);
    return store_run_counted(store, q, ret_n, err);
}

bool subscribers_resume_first(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "SELECT coalesce(min(suspended_at), 9223372036854775807) FROM subscriber WHERE suspended = 'soft'");
    return store_number(store, q, ret, err);
}

bool subscriber_count(struct store *store, const char *state, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT count(*) FROM subscriber WHERE state = ?1");
    bind_text(q, 1, state);
    return store_number(store, q, ret, err);
}

bool subscribers_list(struct store *store, struct arena *arena, bool all, bool bouncing,
                      struct subscriber_rows *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, SELECT_SUBSCRIBER "WHERE (?1 OR state <> 'unsubscribed') AND "
                                                           "(NOT ?2 OR suspended <> '') ORDER BY address");
    bind_int(q, 1, all);
    bind_int(q, 2, bouncing);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->row) = read_row(arena, q);
    }
    return row == ROWS_END;
}
