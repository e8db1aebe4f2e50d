#include "daemon/store/queue_store.h"

#include "daemon/store/query.h"

bool queue_add(struct store *store, int64_t now, int64_t mail_id, int64_t outbox_id, const char *reason,
               const char *words, int64_t *ret_id, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "INSERT INTO queue_entry (mail_id, outbox_id, reason, words, created) "
                           "VALUES (?1, ?2, ?3, ?4, ?5)");
    bind_id(q, 1, mail_id);
    bind_id(q, 2, outbox_id);
    bind_text(q, 3, reason);
    bind_text(q, 4, words);
    bind_int(q, 5, now);
    if (!store_run(store, q, err)) {
        return false;
    }
    if (ret_id != NULL) {
        *ret_id = store_last_id(store);
    }
    return true;
}

#define QUEUE_SELECT                                                                                         \
    "SELECT q.id, q.mail_id, q.outbox_id, q.created, q.closed, q.reason, q.words, q.state, m.sender, "       \
    "m.sender_name, m.subject, q.topic, q.assigned, q.outcome, q.chosen, m.state, m.size "                   \
    "FROM queue_entry q LEFT JOIN mail m ON m.id = q.mail_id "

static void read_row(struct arena *arena, sqlite3_stmt *q, struct queue_row *ret)
{
    *ret = (struct queue_row){
        .id = column_int(q, 0),
        .mail_id = column_int(q, 1),
        .outbox_id = column_int(q, 2),
        .created = column_int(q, 3),
        .closed = column_int(q, 4),
        .reason = column_text(arena, q, 5),
        .words = column_text(arena, q, 6),
        .state = column_text(arena, q, 7),
        .sender = column_text(arena, q, 8),
        .sender_name = column_text(arena, q, 9),
        .subject = column_text(arena, q, 10),
        .topic = column_text(arena, q, 11),
        .assigned = column_text(arena, q, 12),
        .outcome = column_text(arena, q, 13),
        .chosen = column_text(arena, q, 14),
        .mail_state = column_text(arena, q, 15),
        .size = column_int(q, 16),
    };
}

/* `ret->id` 0: there is none. */
static bool read_one(struct store *store, struct arena *arena, sqlite3_stmt *q, struct queue_row *ret,
                     struct error *err)
{
    enum row row = store_row(store, q, err);
    *ret = (struct queue_row){0};
    if (row == ROW) {
        read_row(arena, q, ret);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

static bool read_rows(struct store *store, struct arena *arena, sqlite3_stmt *q, struct queue_rows *ret,
                      struct error *err)
{
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        read_row(arena, q, LIST_ADD(arena, &ret->row));
    }
    return row == ROWS_END;
}

bool queue_list(struct store *store, struct arena *arena, bool all, struct queue_rows *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, QUEUE_SELECT "WHERE q.state = 'open' OR ?1 ORDER BY q.id");
    bind_int(q, 1, all);
    return read_rows(store, arena, q, ret, err);
}

bool queue_of_mail(struct store *store, struct arena *arena, int64_t mail_id, struct queue_rows *ret,
                   struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, QUEUE_SELECT "WHERE q.mail_id = ?1 AND q.state = 'open' ORDER BY q.id");
    bind_int(q, 1, mail_id);
    return read_rows(store, arena, q, ret, err);
}

bool queue_get(struct store *store, struct arena *arena, int64_t id, struct queue_row *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, QUEUE_SELECT "WHERE q.id = ?1");
    bind_int(q, 1, id);
    return read_one(store, arena, q, ret, err);
}

static bool audit_closed(struct store *store, int64_t now, const char *actor, const struct queue_row *entry,
                         const char *outcome, struct error *err)
{
    struct arena *arena = arena_new();
    bool done = store_audit(store, now, actor, arena_printf(arena, "queue_%s", outcome), entry->mail_id,
                            arena_printf(arena, "queue %lld", (long long)entry->id), err);
    arena_free(arena);
    return done;
}

bool queue_close(struct store *store, int64_t now, const char *actor, const struct queue_row *entry,
                 const struct queue_end *end, bool *ret_changed, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE queue_entry SET state = 'done', closed = ?2, outcome = ?3, "
                                         "chosen = ?4, move = ?5 WHERE id = ?1 AND state = 'open'");
    bind_int(q, 1, entry->id);
    bind_int(q, 2, now);
    bind_text(q, 3, end->outcome);
    bind_text(q, 4, end->chosen);
    bind_text(q, 5, end->move);
    int64_t n;
    if (!store_run_counted(store, q, &n, err) ||
        (n == 1 && !audit_closed(store, now, actor, entry, end->outcome, err))) {
        return false;
    }
    *ret_changed = n == 1;
    return true;
}

bool queue_assign(struct store *store, int64_t id, const char *name, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE queue_entry SET assigned = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, name);
    return store_run(store, q, err);
}

bool queue_set_topic(struct store *store, int64_t id, const char *topic, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE queue_entry SET topic = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, topic);
    return store_run(store, q, err);
}

bool queue_last_closed(struct store *store, struct arena *arena, int64_t mail_id, struct queue_row *ret,
                       struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, QUEUE_SELECT
                    "WHERE q.mail_id = ?1 AND q.state = 'done' ORDER BY q.closed DESC, q.id DESC LIMIT 1");
    bind_int(q, 1, mail_id);
    return read_one(store, arena, q, ret, err);
}

bool queue_of_message(struct store *store, struct arena *arena, const char *message_id,
                      struct queue_rows *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, QUEUE_SELECT
                    "WHERE m.message_id = ?1 AND m.message_id <> '' AND q.state = 'open' ORDER BY q.id");
    bind_text(q, 1, message_id);
    return read_rows(store, arena, q, ret, err);
}

bool queue_of_nameless(struct store *store, struct arena *arena, struct queue_rows *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, QUEUE_SELECT "WHERE m.message_id = '' AND q.state = 'open' ORDER BY q.id");
    return read_rows(store, arena, q, ret, err);
}

bool queue_in_mailbox(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT (SELECT count(*) FROM queue_entry WHERE state = 'open' AND mail_id IS NOT NULL) + "
               "(SELECT count(*) FROM queue_entry WHERE move <> '')");
    return store_number(store, q, ret, err);
}

bool queue_list_moves(struct store *store, struct arena *arena, int64_t most, struct queue_moves *ret,
                      struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT q.id, m.message_id, m.identity, q.move, m.size FROM queue_entry q JOIN mail m ON m.id "
               "= q.mail_id "
               "WHERE q.move <> '' AND NOT EXISTS (SELECT 1 FROM queue_entry o WHERE o.mail_id = q.mail_id "
               "AND o.state = 'open') ORDER BY q.id LIMIT ?1");
    bind_int(q, 1, most);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->move) = (struct queue_move){.id = column_int(q, 0),
                                                           .message_id = column_text(arena, q, 1),
                                                           .identity = column_text(arena, q, 2),
                                                           .move = column_text(arena, q, 3),
                                                           .size = column_int(q, 4)};
    }
    return row == ROWS_END;
}

bool queue_set_move(struct store *store, int64_t id, const char *move, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE queue_entry SET move = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, move);
    return store_run(store, q, err);
}

bool queue_count(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT count(*) FROM queue_entry WHERE state = 'open'");
    return store_number(store, q, ret, err);
}
