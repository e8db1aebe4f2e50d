#include "daemon/store/letter_store.h"

#include "daemon/store/query.h"

bool letter_add(struct store *store, int64_t now, struct letter_row *row, const char *bytes, size_t len,
                struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "INSERT INTO outbox (mail_id, case_id, kind, message_id, envelope_from, "
                           "recipient, created, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)");
    bind_id(q, 1, row->mail_id);
    bind_id(q, 2, row->case_id);
    bind_text(q, 3, row->kind);
    bind_text(q, 4, row->message_id);
    bind_text(q, 5, row->envelope_from);
    bind_text(q, 6, row->recipient);
    bind_int(q, 7, now);
    if (!store_run(store, q, err)) {
        return false;
    }
    row->id = store_last_id(store);
    q = store_query(store, "INSERT INTO outbox_bytes (outbox_id, bytes) VALUES (?1, ?2)");
    bind_int(q, 1, row->id);
    bind_blob(q, 2, bytes, len);
    return store_run(store, q, err);
}

#define LETTER_SELECT                                                                                        \
    "SELECT id, mail_id, case_id, kind, message_id, envelope_from, recipient, state FROM outbox "

static void read_row(struct arena *arena, sqlite3_stmt *q, struct letter_row *ret)
{
    *ret = (struct letter_row){
        .id = column_int(q, 0),
        .mail_id = column_int(q, 1),
        .case_id = column_int(q, 2),
        .kind = column_text(arena, q, 3),
        .message_id = column_text(arena, q, 4),
        .envelope_from = column_text(arena, q, 5),
        .recipient = column_text(arena, q, 6),
        .state = column_text(arena, q, 7),
    };
}

static bool read_one(struct store *store, struct arena *arena, sqlite3_stmt *q, struct letter_row *ret,
                     struct error *err)
{
    *ret = (struct letter_row){0};
    enum row row = store_row(store, q, err);
    if (row == ROW) {
        read_row(arena, q, ret);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool letter_of_message_id(struct store *store, struct arena *arena, const char *message_id,
                          struct letter_row *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, LETTER_SELECT "WHERE message_id = ?1");
    bind_text(q, 1, message_id);
    return read_one(store, arena, q, ret, err);
}

bool letter_sent_to(struct store *store, struct arena *arena, const char *recipient, struct letter_row *ret,
                    struct error *err)
{
    sqlite3_stmt *q = store_query(store, LETTER_SELECT "WHERE recipient = ?1 AND state = 'sent' "
                                                       "ORDER BY created DESC, id DESC LIMIT 1");
    bind_text(q, 1, recipient);
    return read_one(store, arena, q, ret, err);
}

bool letters_of_mail(struct store *store, struct arena *arena, int64_t mail_id, struct letter_rows *ret,
                     struct error *err)
{
    sqlite3_stmt *q = store_query(store, LETTER_SELECT "WHERE mail_id = ?1 ORDER BY id");
    bind_int(q, 1, mail_id);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        read_row(arena, q, LIST_ADD(arena, &ret->row));
    }
    return row == ROWS_END;
}

bool letter_bytes(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
                  struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT bytes FROM outbox_bytes WHERE outbox_id = ?1");
    bind_int(q, 1, id);
    switch (store_row(store, q, err)) {
    case ROW:
        *ret = column_blob(arena, q, 0, ret_len);
        sqlite3_reset(q);
        return true;
    case ROWS_END:
        return fail(err, "the text of letter %lld is no longer kept", (long long)id);
    default:
        return false;
    }
}

static bool one_number(struct store *store, sqlite3_stmt *q, int64_t *ret, struct error *err)
{
    if (store_row(store, q, err) != ROW) {
        return false;
    }
    *ret = column_int(q, 0);
    sqlite3_reset(q);
    return true;
}

bool letters_since(struct store *store, const char *recipient, int64_t since, int *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT count(*) FROM outbox WHERE recipient = ?1 AND created >= ?2");
    bind_text(q, 1, recipient);
    bind_int(q, 2, since);
    int64_t count;
    if (!one_number(store, q, &count, err)) {
        return false;
    }
    *ret = (int)count;
    return true;
}

bool letter_next_to_file(struct store *store, struct arena *arena, struct letter_to_file *ret,
                         struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT id, message_id, filed, bytes FROM outbox JOIN outbox_bytes ON outbox_id = id "
               "WHERE state = 'sent' AND filed <> 'yes' ORDER BY filed, id LIMIT 1");
    *ret = (struct letter_to_file){0};
    enum row row = store_row(store, q, err);
    if (row == ROW) {
        ret->id = column_int(q, 0);
        ret->message_id = column_text(arena, q, 1);
        ret->was_filing = column_text(arena, q, 2)[0] == 'f';
        ret->bytes = column_blob(arena, q, 3, &ret->len);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool letter_set_filed(struct store *store, int64_t id, const char *filed, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE outbox SET filed = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, filed);
    return store_run(store, q, err);
}

bool letter_count(struct store *store, const char *state, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT count(*) FROM outbox WHERE state = ?1");
    bind_text(q, 1, state);
    return one_number(store, q, ret, err);
}
