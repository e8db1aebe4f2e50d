#include "daemon/store/issue_store.h"

#include "daemon/store/query.h"

bool issue_put(struct store *store, int64_t now, struct issue_row *row, struct error *err)
{
    sqlite3_stmt *q =
        row->id == 0
            ? store_query(store,
                          "INSERT INTO newsletter_issue (name, state, subject, source, bytes, send_at, "
                          "changed) VALUES (?2, 'scheduled', ?3, ?4, x'', ?5, ?6)")
            : store_query(store, "UPDATE newsletter_issue SET name = ?2, subject = ?3, source = ?4, "
                                 "send_at = ?5, changed = ?6 WHERE id = ?1 AND state = 'scheduled'");
    if (row->id != 0) {
        bind_int(q, 1, row->id);
    }
    bind_text(q, 2, row->name);
    bind_text(q, 3, row->subject);
    bind_text(q, 4, row->source);
    bind_int(q, 5, row->send_at);
    bind_int(q, 6, now);
    if (!store_run(store, q, err)) {
        return false;
    }
    row->id = row->id == 0 ? store_last_id(store) : row->id;
    return true;
}

#define ISSUE_SELECT                                                                                         \
    "SELECT id, name, state, subject, source, recipients, send_at, began, ended FROM newsletter_issue "

static struct issue_row read_issue(struct arena *arena, sqlite3_stmt *q)
{
    return (struct issue_row){
        .id = column_int(q, 0),
        .name = column_text(arena, q, 1),
        .state = column_text(arena, q, 2),
        .subject = column_text(arena, q, 3),
        .source = column_text(arena, q, 4),
        .recipients = column_int(q, 5),
        .send_at = column_int(q, 6),
        .began = column_int(q, 7),
        .ended = column_int(q, 8),
    };
}

static bool read_issues(struct store *store, struct arena *arena, sqlite3_stmt *q, struct issue_rows *ret,
                        struct error *err)
{
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->row) = read_issue(arena, q);
    }
    return row == ROWS_END;
}

bool issue_find(struct store *store, struct arena *arena, const char *name, struct issue_row *ret,
                struct error *err)
{
    sqlite3_stmt *q = store_query(store, ISSUE_SELECT "WHERE name = ?1");
    bind_text(q, 1, name);
    struct issue_rows rows = {0};
    if (!read_issues(store, arena, q, &rows, err)) {
        return false;
    }
    *ret = rows.row.n > 0 ? rows.row.at[0] : (struct issue_row){0};
    return true;
}

bool issue_list(struct store *store, struct arena *arena, int64_t most, struct issue_rows *ret,
                struct error *err)
{
    sqlite3_stmt *q = store_query(store, ISSUE_SELECT "ORDER BY id DESC LIMIT ?1");
    bind_int(q, 1, most);
    return read_issues(store, arena, q, ret, err);
}

bool issue_due(struct store *store, struct arena *arena, int64_t now, struct issue_rows *ret,
               struct error *err)
{
    /* the condition of the partial index newsletter_issue_open stands in it word by word */
    sqlite3_stmt *q = store_query(store, ISSUE_SELECT "WHERE state = 'scheduled' "
                                                      "AND state IN ('scheduled', 'sending') "
                                                      "AND send_at <= ?1 ORDER BY send_at, id");
    bind_int(q, 1, now);
    return read_issues(store, arena, q, ret, err);
}

bool issue_delete(struct store *store, int64_t id, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "DELETE FROM newsletter_issue WHERE id = ?1 AND state = 'scheduled'");
    bind_int(q, 1, id);
    return store_run(store, q, err);
}

bool issue_begin(struct store *store, int64_t now, int64_t id, const char *bytes, size_t len,
                 int64_t *ret_recipients, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE newsletter_issue SET state = 'sending', bytes = ?2, "
                                         "began = ?3, changed = ?3 WHERE id = ?1 AND state = 'scheduled'");
    bind_int(q, 1, id);
    bind_blob(q, 2, bytes, len);
    bind_int(q, 3, now);
    int64_t begun, recipients;
    if (!store_run_counted(store, q, &begun, err)) {
        return false;
    }
    if (begun != 1) {
        return fail(err, "diese Ausgabe ist schon begonnen worden");
    }
    q = store_query(store, "INSERT INTO newsletter_copy (issue_id, subscriber_id, first_try, changed) "
                           "SELECT ?1, id, ?2, ?2 FROM newsletter_reader ORDER BY id");
    bind_int(q, 1, id);
    bind_int(q, 2, now);
    if (!store_run_counted(store, q, &recipients, err)) {
        return false;
    }
    q = store_query(store, "UPDATE newsletter_issue SET recipients = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_int(q, 2, recipients);
    if (!store_run(store, q, err)) {
        return false;
    }
    *ret_recipients = recipients;
    return true;
}

bool issue_set_state(struct store *store, int64_t now, int64_t id, const char *state, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE newsletter_issue SET state = ?2, changed = ?3, "
                           "ended = CASE WHEN ?2 IN ('stopped', 'sent') THEN ?3 END WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, state);
    bind_int(q, 3, now);
    return store_run(store, q, err);
}

bool issue_bytes(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
                 struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT bytes FROM newsletter_issue WHERE id = ?1");
    bind_int(q, 1, id);
    if (store_row(store, q, err) != ROW) {
        return false;
    }
    *ret = column_blob(arena, q, 0, ret_len);
    sqlite3_reset(q);
    return true;
}

bool issue_readers(struct store *store, int64_t *ret, struct error *err)
{
    return store_number(store, store_query(store, "SELECT count(*) FROM newsletter_reader"), ret, err);
}

bool issue_newest_event(struct store *store, int64_t now, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT ifnull(max(id), 0) FROM event WHERE starts > ?1 AND cancelled = 0");
    bind_int(q, 1, now);
    return store_number(store, q, ret, err);
}

bool issue_put_pictures(struct store *store, int64_t id, const struct issue_pictures *pictures,
                        struct error *err)
{
    sqlite3_stmt *q = store_query(store, "DELETE FROM newsletter_picture WHERE issue_id = ?1");
    bind_int(q, 1, id);
    bool done = store_run(store, q, err);
    for (size_t i = 0; i < pictures->picture.n && done; i++) {
        const struct issue_picture *picture = &pictures->picture.at[i];
        q = store_query(store, "INSERT INTO newsletter_picture (issue_id, name, bytes) VALUES (?1, ?2, ?3)");
        bind_int(q, 1, id);
        bind_text(q, 2, picture->name);
        bind_blob(q, 3, picture->bytes, picture->len);
        done = store_run(store, q, err);
    }
    return done;
}

bool issue_get_pictures(struct store *store, struct arena *arena, int64_t id, struct issue_pictures *ret,
                        struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT name, bytes FROM newsletter_picture WHERE issue_id = ?1 ORDER BY name");
    bind_int(q, 1, id);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        struct issue_picture picture = {.name = column_text(arena, q, 0)};
        picture.bytes = column_blob(arena, q, 1, &picture.len);
        *LIST_ADD(arena, &ret->picture) = picture;
    }
    return row == ROWS_END;
}
