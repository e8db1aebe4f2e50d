#include "daemon/store/outbox_store.h"

#include "daemon/store/outbox_rows.h"

#include <stdio.h>

bool outbox_put(struct store *store, int64_t now, struct outbox_row *row, const char *bytes, size_t len,
                struct error *err)
{
    sqlite3_stmt *q = store_query(store, "INSERT INTO outbox (mail_id, case_id, kind, message_id, "
                                         "envelope_from, recipient, created, changed) "
                                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)");
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
    int64_t id = store_last_id(store);
    q = store_query(store, "INSERT INTO outbox_bytes (outbox_id, bytes) VALUES (?1, ?2)");
    bind_int(q, 1, id);
    bind_blob(q, 2, bytes, len);
    if (!store_run(store, q, err)) {
        return false;
    }
    row->id = id;
    return true;
}

bool outbox_get(struct store *store, struct arena *arena, int64_t id, struct outbox_row *ret,
                struct error *err)
{
    sqlite3_stmt *q = store_query(store, OUTBOX_SELECT "WHERE id = ?1");
    bind_int(q, 1, id);
    return outbox_read_one(store, arena, q, ret, err);
}

bool outbox_list(struct store *store, struct arena *arena, const char *state, int64_t most,
                 struct outbox_rows *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, OUTBOX_SELECT "WHERE state = ?1 OR ?1 = '' ORDER BY id DESC LIMIT ?2");
    bind_text(q, 1, state);
    bind_int(q, 2, most);
    return outbox_read_rows(store, arena, q, ret, err);
}

bool outbox_count(struct store *store, const char *state, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT count(*) FROM outbox WHERE state = ?1");
    bind_text(q, 1, state);
    return store_number(store, q, ret, err);
}

bool outbox_count_to(struct store *store, const char *recipient, int64_t since, int64_t *ret,
                     struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT count(*) FROM outbox WHERE recipient = ?1 AND created >= ?2");
    bind_text(q, 1, recipient);
    bind_int(q, 2, since);
    return store_number(store, q, ret, err);
}

bool outbox_bytes(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
                  struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT bytes FROM outbox_bytes WHERE outbox_id = ?1");
    bind_int(q, 1, id);
    enum row row = store_row(store, q, err);
    if (row == ROW_FAILED) {
        return false;
    }
    *ret = row == ROW ? column_blob(arena, q, 0, ret_len) : NULL;
    sqlite3_reset(q);
    return true;
}

bool outbox_letter(struct store *store, struct arena *arena, int64_t id, struct outbox_letter *ret,
                   struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT o.envelope_from, o.recipient, b.bytes "
                                         "FROM outbox o JOIN outbox_bytes b ON b.outbox_id = o.id "
                                         "WHERE o.id = ?1");
    bind_int(q, 1, id);
    enum row row = store_row(store, q, err);
    if (row == ROW_FAILED) {
        return false;
    }
    *ret = (struct outbox_letter){0};
    if (row == ROW) {
        ret->envelope_from = column_text(arena, q, 0);
        ret->recipient = column_text(arena, q, 1);
        ret->bytes = column_blob(arena, q, 2, &ret->len);
        sqlite3_reset(q);
    }
    return true;
}

static bool audit(struct store *store, int64_t now, const char *action, int64_t mail_id, int64_t id,
                  struct error *err)
{
    char subject[40];
    snprintf(subject, sizeof subject, "outbox %lld", (long long)id);
    return store_audit(store, now, "stadtlabord", action, mail_id, subject, err);
}

/* The condition of the partial index outbox_due, word by word: SQLite uses it only so. */
#define WAITS " AND state <> 'sent' AND state <> 'failed' "
#define DUE_IN(state_name)                                                                                   \
    "SELECT * FROM (SELECT id, state, mail_id FROM outbox WHERE state = '" state_name "'" WAITS              \
    "AND not_before <= ?1 ORDER BY not_before, id LIMIT ?2)"

/* Three reads of the index that end after ?2 rows each, instead of sorting all that waits. */
static const char SELECT_DUE[] =
    DUE_IN("queued") " UNION ALL " DUE_IN("later") " UNION ALL " DUE_IN("unclear") " ORDER BY id LIMIT ?2";

struct due {
    int64_t id, mail_id;
    bool unclear;
};

static bool set_sending(struct store *store, int64_t now, const struct due *due, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE outbox SET state = 'sending', changed = ?2 WHERE id = ?1");
    bind_int(q, 1, due->id);
    bind_int(q, 2, now);
    return store_run(store, q, err) &&
           (!due->unclear || audit(store, now, "sent again", due->mail_id, due->id, err));
}

bool outbox_claim(struct store *store, struct arena *arena, int64_t now, int64_t most, struct outbox_ids *ret,
                  struct error *err)
{
    sqlite3_stmt *q = store_query(store, SELECT_DUE);
    bind_int(q, 1, now);
    bind_int(q, 2, most);
    LIST(struct due) found = {0};
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &found) =
            (struct due){column_int(q, 0), column_int(q, 2), column_text(arena, q, 1)[0] == 'u'};
    }
    if (row == ROW_FAILED) {
        return false;
    }
    struct outbox_ids ids = {0};
    for (size_t i = 0; i < found.n; i++) {
        if (!set_sending(store, now, &found.at[i], err)) {
            return false;
        }
        *LIST_ADD(arena, &ids.id) = found.at[i].id;
    }
    *ret = ids;
    return true;
}

bool outbox_record(struct store *store, int64_t now, int64_t id, const char *state, const char *reply,
                   int64_t not_before, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE outbox SET state = ?2, reply = ?3, not_before = ?4, changed = ?5, "
                           "attempt = attempt + 1 WHERE id = ?1 AND state = 'sending'");
    bind_int(q, 1, id);
    bind_text(q, 2, state);
    bind_text(q, 3, reply);
    bind_int(q, 4, not_before);
    bind_int(q, 5, now);
    return store_run(store, q, err);
}

bool outbox_release(struct store *store, int64_t now, int64_t id, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE outbox SET state = 'queued', changed = ?2 "
                                         "WHERE id = ?1 AND state = 'sending'");
    bind_int(q, 1, id);
    bind_int(q, 2, now);
    return store_run(store, q, err);
}

bool outbox_recover(struct store *store, int64_t now, int64_t *ret_n, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "INSERT INTO audit (at, actor, action, mail_id, subject) "
                                         "SELECT ?1, 'stadtlabord', 'unclear', mail_id, 'outbox ' || id "
                                         "FROM outbox WHERE state = 'sending'" WAITS "ORDER BY id");
    bind_int(q, 1, now);
    if (!store_run(store, q, err)) {
        return false;
    }
    q = store_query(store, "UPDATE outbox SET state = 'unclear', not_before = ?1, changed = ?1, "
                           "reply = 'the program ended while this letter was being sent' "
                           "WHERE state = 'sending'" WAITS);
    bind_int(q, 1, now);
    return store_run_counted(store, q, ret_n, err);
}

bool outbox_next_due(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT min(ifnull((SELECT min(not_before) FROM outbox WHERE state = 'queued'" WAITS "), ?1), "
               "ifnull((SELECT min(not_before) FROM outbox WHERE state = 'later'" WAITS "), ?1), "
               "ifnull((SELECT min(not_before) FROM outbox WHERE state = 'unclear'" WAITS "), ?1))");
    bind_int(q, 1, INT64_MAX);
    return store_number(store, q, ret, err);
}

bool outbox_to_file(struct store *store, struct arena *arena, int64_t most, struct outbox_rows *ret,
                    struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, OUTBOX_SELECT "WHERE state = 'sent' AND filed <> 'yes' ORDER BY id LIMIT ?1");
    bind_int(q, 1, most);
    return outbox_read_rows(store, arena, q, ret, err);
}

bool outbox_set_filed(struct store *store, int64_t id, const char *filed, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE outbox SET filed = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_text(q, 2, filed);
    return store_run(store, q, err);
}
