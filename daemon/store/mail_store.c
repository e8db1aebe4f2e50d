#include "daemon/store/mail_store.h"

#include "daemon/store/query.h"

bool intake_get(struct store *store, uint32_t uidvalidity, uint32_t uid, struct intake_row *ret,
                struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT attempt, mail_id FROM intake WHERE uidvalidity = ?1 AND uid = ?2");
    bind_int(q, 1, uidvalidity);
    bind_int(q, 2, uid);
    enum row row = store_row(store, q, err);
    *ret = (struct intake_row){0};
    if (row == ROW) {
        *ret = (struct intake_row){.attempt = (int)column_int(q, 0), .mail_id = column_int(q, 1)};
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool intake_attempt(struct store *store, uint32_t uidvalidity, uint32_t uid, int attempt, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "INSERT INTO intake (uidvalidity, uid, attempt) VALUES (?1, ?2, ?3) "
                                         "ON CONFLICT DO UPDATE SET attempt = excluded.attempt");
    bind_int(q, 1, uidvalidity);
    bind_int(q, 2, uid);
    bind_int(q, 3, attempt);
    return store_run(store, q, err);
}

bool intake_take_back(struct store *store, uint32_t uidvalidity, uint32_t uid, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE intake SET attempt = attempt - 1 WHERE uidvalidity = ?1 AND "
                                         "uid = ?2 AND attempt > 0");
    bind_int(q, 1, uidvalidity);
    bind_int(q, 2, uid);
    return store_run(store, q, err);
}

bool intake_settled(struct store *store, uint32_t uidvalidity, uint32_t uid, int64_t mail_id,
                    struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE intake SET attempt = 0, mail_id = ?3 WHERE uidvalidity = ?1 AND uid = ?2");
    bind_int(q, 1, uidvalidity);
    bind_int(q, 2, uid);
    bind_id(q, 3, mail_id);
    return store_run(store, q, err);
}

bool intake_done(struct store *store, uint32_t uidvalidity, uint32_t uid, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "DELETE FROM intake WHERE uidvalidity = ?1 AND uid = ?2");
    bind_int(q, 1, uidvalidity);
    bind_int(q, 2, uid);
    return store_run(store, q, err);
}

bool intake_clear(struct store *store, struct error *err)
{
    return store_run(store, store_query(store, "DELETE FROM intake"), err);
}

bool intake_forget_others(struct store *store, uint32_t uidvalidity, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "DELETE FROM intake WHERE uidvalidity <> ?1");
    bind_int(q, 1, uidvalidity);
    return store_run(store, q, err);
}

#define MAIL_COLUMNS                                                                                         \
    "id, identity, state, reason, sender, sender_name, subject, message_id, reading, received, case_id, "    \
    "size"

static void fill_row(struct arena *arena, sqlite3_stmt *q, struct mail_row *ret)
{
    *ret = (struct mail_row){
        .id = column_int(q, 0),
        .identity = column_text(arena, q, 1),
        .state = column_text(arena, q, 2),
        .reason = column_text(arena, q, 3),
        .sender = column_text(arena, q, 4),
        .sender_name = column_text(arena, q, 5),
        .subject = column_text(arena, q, 6),
        .message_id = column_text(arena, q, 7),
        .reading = column_text(arena, q, 8),
        .received = column_int(q, 9),
        .case_id = column_int(q, 10),
        .size = column_int(q, 11),
    };
}

static bool read_row(struct store *store, struct arena *arena, sqlite3_stmt *q, struct mail_row *ret,
                     struct error *err)
{
    enum row row = store_row(store, q, err);
    if (row == ROW) {
        fill_row(arena, q, ret);
        sqlite3_reset(q);
    } else {
        *ret = (struct mail_row){0};
    }
    return row != ROW_FAILED;
}

bool mail_find(struct store *store, struct arena *arena, const char *identity, struct mail_row *ret,
               struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT " MAIL_COLUMNS " FROM mail WHERE identity = ?1");
    bind_text(q, 1, identity);
    return read_row(store, arena, q, ret, err);
}

bool mail_get(struct store *store, struct arena *arena, int64_t id, struct mail_row *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT " MAIL_COLUMNS " FROM mail WHERE id = ?1");
    bind_int(q, 1, id);
    return read_row(store, arena, q, ret, err);
}

bool mail_page(struct store *store, struct arena *arena, int64_t since, int64_t until, int64_t after,
               int64_t most, struct mail_rows *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT " MAIL_COLUMNS
                                         " FROM mail WHERE received >= ?2 AND received < ?3 AND (received > "
                                         "?2 OR id > ?1) AND reason <> 'retried' AND reading <> '' "
                                         "ORDER BY received, id LIMIT ?4");
    bind_int(q, 1, after);
    bind_int(q, 2, since);
    bind_int(q, 3, until);
    bind_int(q, 4, most);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        fill_row(arena, q, LIST_ADD(arena, &ret->row));
    }
    return row == ROWS_END;
}

bool mail_add(struct store *store, struct mail_row *row, const char *bytes, size_t len, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "INSERT INTO mail (identity, state, reason, sender, sender_name, subject, "
                           "message_id, reading, received, case_id, size) "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    bind_text(q, 1, row->identity);
    bind_text(q, 2, row->state);
    bind_text(q, 3, row->reason);
    bind_text(q, 4, row->sender);
    bind_text(q, 5, row->sender_name);
    bind_text(q, 6, row->subject);
    bind_text(q, 7, row->message_id);
    bind_text(q, 8, row->reading);
    bind_int(q, 9, row->received);
    bind_id(q, 10, row->case_id);
    bind_int(q, 11, row->size);
    if (!store_run(store, q, err)) {
        return false;
    }
    row->id = store_last_id(store);
    q = store_query(store, "INSERT INTO mail_raw (mail_id, bytes) VALUES (?1, ?2)");
    bind_int(q, 1, row->id);
    bind_blob(q, 2, bytes, len);
    return store_run(store, q, err);
}

bool mail_of_sender(struct store *store, struct arena *arena, const char *sender, int64_t most,
                    struct mail_ids *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT m.id FROM mail m JOIN mail_raw ON mail_id = m.id "
                                         "WHERE sender = ?1 ORDER BY m.id DESC LIMIT ?2");
    bind_text(q, 1, sender);
    bind_int(q, 2, most);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->id) = column_int(q, 0);
    }
    return row == ROWS_END;
}

bool mail_set_state(struct store *store, int64_t id, const char *state, const char *reason, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE mail SET state = ?2, reason = ?3 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, state);
    bind_text(q, 3, reason);
    return store_run(store, q, err);
}

bool mail_set_case(struct store *store, int64_t id, int64_t case_id, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE mail SET case_id = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_id(q, 2, case_id);
    return store_run(store, q, err);
}

bool mail_raw(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
              struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT bytes FROM mail_raw WHERE mail_id = ?1");
    bind_int(q, 1, id);
    switch (store_row(store, q, err)) {
    case ROW:
        *ret = column_blob(arena, q, 0, ret_len);
        sqlite3_reset(q);
        return true;
    case ROWS_END:
        return fail(err, "the text of mail %lld is no longer kept", (long long)id);
    default:
        return false;
    }
}

bool mail_count(struct store *store, const char *state, int64_t *ret, struct error *err)
{
    /* Nearly all are done: those are the others' complement, and no index holds them. */
    sqlite3_stmt *q = store_query(store, "SELECT iif(?1 = 'done', (SELECT count(*) FROM mail) - (SELECT "
                                         "count(*) FROM mail WHERE state <> 'done'), "
                                         "(SELECT count(*) FROM mail WHERE state = ?1 AND state <> 'done'))");
    bind_text(q, 1, state);
    return store_number(store, q, ret, err);
}

bool mail_registrations(struct store *store, int64_t id, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT count(*) FROM registration WHERE mail_id = ?1");
    bind_int(q, 1, id);
    return store_number(store, q, ret, err);
}

bool mail_retire(struct store *store, int64_t id, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE mail SET identity = identity || '/' || id, state = 'done', "
                                         "reason = 'retried' WHERE id = ?1");
    bind_int(q, 1, id);
    return store_run(store, q, err);
}
