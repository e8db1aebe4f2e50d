#include "daemon/store/store_check.h"

#include "base/date.h"
#include "daemon/store/migrations.h"
#include "daemon/store/query.h"
#include "daemon/store/store_parts.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { ASK_NS = 100 * 1000 * 1000 };

static const char damaged[] = "store_damaged"; /* a fact: 1 if the last whole check found damage */

/* A table, index, trigger or view that schema.sql makes and this store lacks: without the triggers of the
 * waiting list, say, somebody would wait for ever, and nothing else would tell. */
static bool schema_is_there(struct store *store, struct error *err)
{
    sqlite3 *model = NULL;
    sqlite3_stmt *each = NULL;
    bool done =
        sqlite3_open(":memory:", &model) == SQLITE_OK &&
        sqlite3_exec(model, store_migrations[0], NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(model, "SELECT type, name FROM sqlite_schema", -1, &each, NULL) == SQLITE_OK;
    if (!done) {
        fail(err, "the schema as it should be: %s", sqlite3_errmsg(model));
    }
    while (done && sqlite3_step(each) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(each, 0);
        const char *name = (const char *)sqlite3_column_text(each, 1);
        sqlite3_stmt *q =
            store_query(store, "SELECT count(*) FROM sqlite_schema WHERE type = ?1 AND name = ?2");
        int64_t n;
        bind_text(q, 1, type);
        bind_text(q, 2, name);
        done = store_number(store, q, &n, err) &&
               (n == 1 || fail(err, "store %s: %s %s is missing", store->path, type, name));
    }
    sqlite3_finalize(each);
    sqlite3_close(model);
    return done;
}

/* What no crash, no command and no mail may ever break; each is found by an index. */
static const struct {
    const char *broken, *sql; /* a row is one that breaks it */
} promises[] = {
    {"needs a person, and no entry of the queue says so",
     "SELECT 'mail ' || id FROM mail m WHERE state <> 'done' AND state = 'queued' AND "
     "NOT EXISTS (SELECT 1 FROM queue_entry q WHERE q.mail_id = m.id) LIMIT 1"},
    {"is to be sent and has no text",
     "SELECT 'letter ' || id FROM outbox WHERE state <> 'sent' AND state <> 'failed' AND "
     "NOT EXISTS (SELECT 1 FROM outbox_bytes WHERE outbox_id = id) LIMIT 1"},
    /* From one event's number to the next in the index: as many steps as there are events. */
    {"is not there, and somebody is registered for it",
     "WITH RECURSIVE taken (event_id) AS (SELECT min(event_id) FROM registration UNION ALL "
     "SELECT (SELECT min(event_id) FROM registration r WHERE r.event_id > taken.event_id) FROM taken "
     "WHERE event_id IS NOT NULL) SELECT 'event number ' || event_id FROM taken WHERE event_id IS NOT NULL "
     "AND "
     "NOT EXISTS (SELECT 1 FROM event WHERE id = event_id) LIMIT 1"},
    {"has people who wait, and nothing looks after their list",
     "SELECT 'event ' || code FROM event e WHERE EXISTS (SELECT 1 FROM registration r WHERE r.event_id = "
     "e.id "
     "AND r.state = 'waiting') AND NOT EXISTS (SELECT 1 FROM waiting_list w WHERE w.event_id = e.id) LIMIT "
     "1"},
    {"is said to be sent, and copies of it wait",
     "SELECT 'newsletter ' || name FROM newsletter_issue i WHERE state = 'sent' AND EXISTS "
     "(SELECT 1 FROM newsletter_copy c WHERE c.issue_id = i.id AND c.state IN ('queued', 'later')) LIMIT 1"}};

static bool promises_hold(struct store *store, struct error *err)
{
    bool good = true;
    for (size_t i = 0; good && i < sizeof promises / sizeof *promises; i++) {
        sqlite3_stmt *q = store_query(store, promises[i].sql);
        enum row row = store_row(store, q, err);
        good = row == ROWS_END;
        if (row == ROW) {
            fail(err, "store %s: %s %s", store->path, sqlite3_column_text(q, 0), promises[i].broken);
            sqlite3_reset(q);
        }
    }
    return good;
}

static bool no_damage_known(struct store *store, struct error *err)
{
    if (store_fact(store, damaged, 0) == 0) {
        return true;
    }
    struct arena *arena = arena_new();
    fail(err, "store %s: found damaged when it was read whole at %s; `stadtlabor check --whole` says where",
         store->path, berlin_iso(arena, store_fact(store, STORE_CHECKED_FACT, 0)));
    arena_free(arena);
    return false;
}

bool store_check_quick(struct store *store, struct error *err)
{
    return schema_is_there(store, err) && promises_hold(store, err) && no_damage_known(store, err);
}

bool store_keys_hold(struct store *store, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "PRAGMA foreign_key_check");
    enum row row = store_row(store, q, err);
    if (row == ROW) {
        fail(err, "store %s: rows of %s point at rows that are gone", store->path, sqlite3_column_text(q, 0));
        sqlite3_reset(q);
    }
    return row == ROWS_END;
}

static bool pages_hold(struct store *store, struct error *err)
{
    struct arena *arena = arena_new();
    sqlite3_stmt *q = store_query(store, "PRAGMA integrity_check(1)");
    bool good = store_row(store, q, err) == ROW;
    const char *finding = good ? column_text(arena, q, 0) : "";
    sqlite3_reset(q); /* what is half read keeps the write-ahead log from being emptied */
    if (good && strcmp(finding, "ok") != 0) {
        good = fail(err, "store %s: %s; restore the last back-up", store->path, finding);
    }
    arena_free(arena);
    return good;
}

struct reading {
    struct store *store;
    bool good;
    struct error finding;
};

static void *read_whole(void *ctx)
{
    struct reading *r = ctx;
    r->good = pages_hold(r->store, &r->finding) && store_keys_hold(r->store, &r->finding);
    return NULL;
}

/* By a thread of its own, which has the connection until it ends: for minutes SQLite does nothing but read
 * pages, and asks nobody. True: it was interrupted, and what it found means nothing. */
static bool read_interrupted(struct reading *r)
{
    struct store *store = r->store;
    bool stop = store->stop != NULL && store->stop(store->stop_ctx);
    pthread_t thread;
    if (stop) {
        return true;
    }
    if (store->stop == NULL || pthread_create(&thread, NULL, read_whole, r) != 0) {
        read_whole(r);
        return false;
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    do {
        stop = stop || store->stop(store->stop_ctx);
        if (stop) {
            sqlite3_interrupt(store->db);
        }
        until.tv_nsec += ASK_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
    } while (pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &until) != 0);
    return stop;
}

enum store_checked store_check_whole(struct store *store, int64_t now, struct error *err)
{
    struct reading r = {.store = store};
    store->fault = STORE_OK;
    if (read_interrupted(&r)) {
        fail(err, "store %s: reading it whole was interrupted", store->path);
        return STORE_NOT_CHECKED;
    }
    if (!r.good && (store->fault == STORE_BUSY || store->fault == STORE_FULL)) {
        *err = r.finding;
        return STORE_NOT_CHECKED;
    }
    bool noted = store_begin(store, err) && store_fact_set(store, STORE_CHECKED_FACT, now, err) &&
                 store_fact_set(store, damaged, !r.good, err);
    noted = store_end(store, noted, err);
    if (!r.good) {
        *err = r.finding;
        return STORE_DAMAGED;
    }
    return noted ? STORE_WHOLE : STORE_NOT_CHECKED;
}
