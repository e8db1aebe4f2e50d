#include "daemon/store/ledger_store.h"

#include "daemon/store/query.h"

#include <string.h>

/* The conditions of the partial indexes, word by word: SQLite uses them only so. */
#define WAITS " AND c.state IN ('queued', 'later') "
#define BEING_SENT "i.state = 'sending' AND i.state IN ('scheduled', 'sending')"

static bool add_ids(struct store *store, struct arena *arena, sqlite3_stmt *q, struct outbox_ids *ret,
                    struct error *err)
{
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->id) = column_int(q, 0);
    }
    return row == ROWS_END;
}

/* The copies of one issue after the other; a state of the ledger at a time, as its index has them. */
static bool due_of(struct store *store, struct arena *arena, int64_t issue_id, int64_t now, int64_t most,
                   struct outbox_ids *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT id FROM newsletter_copy c WHERE issue_id = ?1 "
                                         "AND state = 'queued'" WAITS "ORDER BY not_before, id LIMIT ?2");
    bind_int(q, 1, issue_id);
    bind_int(q, 2, most - (int64_t)ret->id.n);
    if (!add_ids(store, arena, q, ret, err)) {
        return false;
    }
    if ((int64_t)ret->id.n == most) {
        return true;
    }
    q = store_query(store, "SELECT id FROM newsletter_copy c WHERE issue_id = ?1 AND state = 'later'" WAITS
                           "AND not_before <= ?3 ORDER BY not_before, id LIMIT ?2");
    bind_int(q, 1, issue_id);
    bind_int(q, 2, most - (int64_t)ret->id.n);
    bind_int(q, 3, now);
    return add_ids(store, arena, q, ret, err);
}

bool ledger_claim(struct store *store, struct arena *arena, int64_t now, int64_t most, struct outbox_ids *ret,
                  struct error *err)
{
    struct outbox_ids issues = {0}, due = {0};
    sqlite3_stmt *q =
        store_query(store, "SELECT id FROM newsletter_issue i WHERE " BEING_SENT " ORDER BY id");
    if (!add_ids(store, arena, q, &issues, err)) {
        return false;
    }
    for (size_t i = 0; i < issues.id.n && (int64_t)due.id.n < most; i++) {
        if (!due_of(store, arena, issues.id.at[i], now, most, &due, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < due.id.n; i++) {
        q = store_query(store, "UPDATE newsletter_copy SET state = 'sending', changed = ?2, "
                               "first_try = CASE attempt WHEN 0 THEN ?2 ELSE first_try END WHERE id = ?1");
        bind_int(q, 1, due.id.at[i]);
        bind_int(q, 2, now);
        if (!store_run(store, q, err)) {
            return false;
        }
    }
    *ret = due;
    return true;
}

bool ledger_get(struct store *store, struct arena *arena, int64_t id, struct ledger_copy *ret,
                struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT c.id, c.issue_id, c.subscriber_id, c.state, i.state, r.address, c.attempt, "
               "c.first_try FROM newsletter_copy c JOIN newsletter_issue i ON i.id = c.issue_id "
               "LEFT JOIN newsletter_reader r ON r.id = c.subscriber_id WHERE c.id = ?1");
    bind_int(q, 1, id);
    enum row row = store_row(store, q, err);
    *ret = (struct ledger_copy){0};
    if (row == ROW) {
        const char *address = column_text(arena, q, 5);
        *ret = (struct ledger_copy){
            .id = column_int(q, 0),
            .issue_id = column_int(q, 1),
            .subscriber_id = column_int(q, 2),
            .state = column_text(arena, q, 3),
            .issue_state = column_text(arena, q, 4),
            .address = address[0] == '\0' ? NULL : address,
            .attempt = (int)column_int(q, 6),
            .first_try = column_int(q, 7),
        };
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool ledger_record(struct store *store, int64_t now, int64_t id, const char *state, const char *reply,
                   int64_t not_before, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE newsletter_copy SET state = ?2, reply = ?3, not_before = ?4, "
                           "changed = ?5, attempt = attempt + 1 "
                           "WHERE id = ?1 AND state = 'sending'");
    bind_int(q, 1, id);
    bind_text(q, 2, state);
    bind_text(q, 3, reply);
    bind_int(q, 4, not_before);
    bind_int(q, 5, now);
    return store_run(store, q, err);
}

static bool set_state(struct store *store, sqlite3_stmt *q, int64_t now, int64_t id, struct error *err)
{
    bind_int(q, 1, id);
    bind_int(q, 2, now);
    return store_run(store, q, err);
}

bool ledger_release(struct store *store, int64_t now, int64_t id, struct error *err)
{
    return set_state(store,
                     store_query(store, "UPDATE newsletter_copy SET state = 'queued', changed = ?2 "
                                        "WHERE id = ?1 AND state = 'sending'"),
                     now, id, err);
}

bool ledger_drop(struct store *store, int64_t now, int64_t id, struct error *err)
{
    return set_state(store,
                     store_query(store, "UPDATE newsletter_copy SET state = 'dropped', changed = ?2 "
                                        "WHERE id = ?1 AND state = 'sending'"),
                     now, id, err);
}

bool ledger_bounced(struct store *store, int64_t now, int64_t id, const char *words, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE newsletter_copy SET state = 'bounced', changed = ?2, "
                                         "reply = ?3 WHERE id = ?1 AND state IN ('sent', 'unclear')");
    bind_text(q, 3, words);
    return set_state(store, q, now, id, err);
}

bool ledger_recover(struct store *store, int64_t now, int64_t *ret_n, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "INSERT INTO audit (at, actor, action, subject) "
                           "SELECT ?1, 'stadtlabord', 'unclear', 'newsletter copy ' || c.id "
                           "FROM newsletter_issue i JOIN newsletter_copy c ON c.issue_id = i.id "
                           "WHERE c.state = 'sending' ORDER BY c.id");
    bind_int(q, 1, now);
    if (!store_run(store, q, err)) {
        return false;
    }
    q = store_query(
        store, "UPDATE newsletter_copy SET state = 'unclear', changed = ?1, "
               "attempt = attempt + 1, reply = 'das Programm endete, während dieses Exemplar unterwegs war' "
               "WHERE issue_id IN (SELECT id FROM newsletter_issue) AND state = 'sending'");
    bind_int(q, 1, now);
    return store_run_counted(store, q, ret_n, err);
}

bool ledger_finish(struct store *store, int64_t now, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "UPDATE newsletter_issue AS i SET state = 'sent', ended = ?1, changed = ?1 WHERE " BEING_SENT
        " AND NOT EXISTS (SELECT 1 FROM newsletter_copy c WHERE c.issue_id = i.id" WAITS ")"
        " AND NOT EXISTS (SELECT 1 FROM newsletter_copy c WHERE c.issue_id = i.id AND c.state = 'sending')");
    bind_int(q, 1, now);
    return store_run(store, q, err);
}

bool ledger_next_due(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT ifnull(min((SELECT min(not_before) FROM newsletter_copy c "
                           "WHERE c.issue_id = i.id AND c.state IN ('queued', 'later')" WAITS ")), ?1) "
                           "FROM newsletter_issue i WHERE " BEING_SENT);
    bind_int(q, 1, INT64_MAX);
    return store_number(store, q, ret, err);
}

bool ledger_send_unclear(struct store *store, int64_t now, int64_t issue_id, int64_t *ret_n,
                         struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE newsletter_copy SET state = 'queued', changed = ?2, not_before = 0, "
                           "attempt = 0 WHERE issue_id = ?1 AND state = 'unclear'");
    bind_int(q, 1, issue_id);
    bind_int(q, 2, now);
    return store_run_counted(store, q, ret_n, err);
}

bool ledger_sums(struct store *store, int64_t issue_id, struct ledger_sums *ret, struct error *err)
{
    struct ledger_sums sums = {0};
    const struct {
        const char *state;
        int64_t *sum;
    } names[] = {{"queued", &sums.queued},   {"sending", &sums.sending}, {"sent", &sums.sent},
                 {"later", &sums.later},     {"failed", &sums.failed},   {"unclear", &sums.unclear},
                 {"bounced", &sums.bounced}, {"dropped", &sums.dropped}};
    sqlite3_stmt *q =
        store_query(store, "SELECT state, count(*) FROM newsletter_copy WHERE issue_id = ?1 GROUP BY state");
    bind_int(q, 1, issue_id);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        const char *state = (const char *)sqlite3_column_text(q, 0);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (strcmp(state, names[i].state) == 0) {
                *names[i].sum = column_int(q, 1);
            }
        }
    }
    if (row == ROW_FAILED) {
        return false;
    }
    *ret = sums;
    return true;
}

bool ledger_pace(struct store *store, int64_t issue_id, int64_t since, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT count(*) FROM newsletter_copy WHERE issue_id = ?1 AND changed >= ?2 "
                           "AND state IN ('sent', 'failed', 'unclear')");
    bind_int(q, 1, issue_id);
    bind_int(q, 2, since);
    return store_number(store, q, ret, err);
}

bool ledger_reasons(struct store *store, struct arena *arena, int64_t issue_id, int64_t most,
                    struct ledger_reasons *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT state, reply, count(*) FROM newsletter_copy WHERE issue_id = ?1 "
                           "AND state IN ('failed', 'unclear', 'bounced', 'later') "
                           "GROUP BY state, reply ORDER BY state, count(*) DESC, reply LIMIT ?2");
    bind_int(q, 1, issue_id);
    bind_int(q, 2, most);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->reason) =
            (struct ledger_reason){column_text(arena, q, 0), column_text(arena, q, 1), column_int(q, 2)};
    }
    return row == ROWS_END;
}

bool ledger_unclear(struct store *store, struct arena *arena, int64_t issue_id, int64_t most,
                    struct ledger_addresses *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT s.address FROM newsletter_copy c JOIN subscriber s ON s.id = "
               "c.subscriber_id WHERE c.issue_id = ?1 AND c.state = 'unclear' ORDER BY 1 LIMIT ?2");
    bind_int(q, 1, issue_id);
    bind_int(q, 2, most);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->address) = column_text(arena, q, 0);
    }
    return row == ROWS_END;
}
