#include "daemon/store/store.h"

#include "daemon/store/migrations.h"
#include "daemon/store/page_file.h"
#include "daemon/store/query.h"
#include "daemon/store/sql_functions.h"
#include "daemon/store/store_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool execute(struct store *store, const char *sql, struct error *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_failed(store, sql, err);
}

/* The system has all pages in memory anyway, and a larger cache has to be filled (listing 50,000 people:
 * 159 ms, with the usual 2 MiB 187). */
enum { KEPT_KIB = 500 };

bool store_keep(struct store *store, int kib, struct error *err)
{
    char pragma[64];
    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA cache_size = %d", -kib);
    return execute(store, pragma, err);
}

static bool settings(struct store *store, struct error *err)
{
    sqlite3_busy_timeout(store->db, STORE_WAIT_MS);
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (page_file_has_other_pages(store->db)) {
        return fail(err, "store %s: made with auto_vacuum: PRAGMA auto_vacuum = NONE; VACUUM", store->path);
    }
    char pragma[64];
    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA max_page_count = %d", PAGE_FILE_PAGES_MAX);
    return sql_functions(store->db) == SQLITE_OK && execute(store, pragma, err) &&
           execute(store, "PRAGMA journal_mode = WAL", err) &&
           execute(store, "PRAGMA synchronous = FULL", err) &&
           execute(store, "PRAGMA foreign_keys = ON", err) &&
           execute(store, "PRAGMA secure_delete = ON", err) &&
           execute(store, "PRAGMA temp_store = MEMORY", err) && store_keep(store, KEPT_KIB, err);
}

static int user_version(struct store *store, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        version = sqlite3_column_int(statement, 0);
    } else {
        store_failed(store, "is this a store of stadtlabor?", err);
    }
    sqlite3_finalize(statement);
    return version;
}

/* Inside the transaction: every step that this version has not seen, or all at once for an empty file. */
static bool migrate_from(struct store *store, int version, struct error *err)
{
    for (int next = version == 0 ? STORE_SCHEMA_VERSION : version + 1; next <= STORE_SCHEMA_VERSION; next++) {
        if (!execute(store, store_migrations[version == 0 ? 0 : next - 1], err)) {
            return fail_within(err, "migration %d", next);
        }
    }
    char pragma[64];
    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %d", STORE_SCHEMA_VERSION);
    return execute(store, pragma, err) && store_keys_hold(store, err) &&
           (version > 0 || store_fact_set(store, "pages_clean", 1, err));
}

/* All that is missing in one transaction; a second program that starts at the same moment waits
 * and then finds nothing to do. */
static bool migrate(struct store *store, struct error *err)
{
    int version = user_version(store, err);
    if (version < 0) {
        return false;
    }
    if (version > STORE_SCHEMA_VERSION) {
        store->fault = STORE_BROKEN;
        return fail(err,
                    "store %s: made by a newer program (schema %d, this one knows %d): install that version",
                    store->path, version, STORE_SCHEMA_VERSION);
    }
    if (version == STORE_SCHEMA_VERSION) {
        return true;
    }
    if (!execute(store, "PRAGMA foreign_keys = OFF", err) || !store_begin(store, err)) {
        return false;
    }
    version = user_version(store, err);
    bool done = version >= STORE_SCHEMA_VERSION || (version >= 0 && migrate_from(store, version, err));
    return store_end(store, done, err) && execute(store, "PRAGMA foreign_keys = ON", err);
}

/* The mode is set here, whatever the umask; SQLite gives -wal and -shm the mode of the file. */
static bool file_made(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    struct stat st;
    bool shared =
        folder != NULL && stat(folder, &st) == 0 && (st.st_mode & S_ISGID) && (st.st_mode & S_IWGRP);
    free(folder);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST || fail(err, "store %s: %s", path, strerror(errno));
    }
    bool done = fchmod(fd, shared ? 0660 : 0600) == 0 || fail(err, "store %s: %s", path, strerror(errno));
    close(fd);
    return done;
}

bool store_open(const char *path, struct store **ret, struct error *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return fail(err, "out of memory");
    }
    store->path = strdup(path);
    if (!file_made(path, err)) {
        goto cleanup;
    }
    int opened =
        sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, page_file_vfs());
    if (opened != SQLITE_OK) {
        fail(err, "store %s: %s", path, sqlite3_errmsg(store->db));
        goto cleanup;
    }
    if (!settings(store, err) || !migrate(store, err)) {
        goto cleanup;
    }
    *ret = store;
    return true;
cleanup:
    store_close(store);
    return false;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < STATEMENTS_MAX; i++) {
        sqlite3_finalize(store->kept[i].statement);
    }
    sqlite3_close(store->db);
    free(store->path);
    free(store);
}

void store_interrupt_when(struct store *store, bool (*stop)(void *ctx), void *ctx)
{
    store->stop = stop;
    store->stop_ctx = ctx;
}

enum store_fault store_fault(const struct store *store)
{
    return store->fault;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

bool store_begin(struct store *store, struct error *err)
{
    store->fault = STORE_OK;
    return store_run(store, store_query(store, "BEGIN IMMEDIATE"), err);
}

bool store_end(struct store *store, bool done, struct error *err)
{
    if (done && store_run(store, store_query(store, "COMMIT"), err)) {
        return true;
    }
    enum store_fault fault = store->fault;
    if (!sqlite3_get_autocommit(store->db)) {
        store_run(store, store_query(store, "ROLLBACK"), NULL);
    }
    store->fault = fault;
    return false;
}

bool store_savepoint(struct store *store, struct error *err)
{
    store->fault = STORE_OK;
    return store_run(store, store_query(store, "SAVEPOINT one_mail"), err);
}

bool store_release(struct store *store, struct error *err)
{
    return store_run(store, store_query(store, "RELEASE one_mail"), err);
}

bool store_undo(struct store *store)
{
    if (sqlite3_get_autocommit(store->db)) {
        return false;
    }
    store_run(store, store_query(store, "ROLLBACK TO one_mail"), NULL);
    store_run(store, store_query(store, "RELEASE one_mail"), NULL);
    return true;
}

/* A file that another program wrote in, or an older one, is written anew, once: from then on page_file.h
 * holds. The copy that VACUUM makes in between may be as large as the store: in a file, which has no name. */
static bool clean_pages(struct store *store, struct error *err)
{
    if (store_fact(store, "pages_clean", 0) == 1) {
        return true;
    }
    bool done = execute(store, "PRAGMA temp_store = FILE", err) && execute(store, "VACUUM", err) &&
                store_fact_set(store, "pages_clean", 1, err);
    enum store_fault fault = store->fault;
    bool set = execute(store, "PRAGMA temp_store = MEMORY", done ? err : NULL);
    store->fault = done ? store->fault : fault;
    return done && set;
}

bool store_scrub(struct store *store, bool *ret_done, struct error *err)
{
    int64_t busy = 1;
    store->fault = STORE_OK;
    if (!clean_pages(store, err)) {
        *ret_done = false;
        return store->fault == STORE_BUSY;
    }
    sqlite3_db_release_memory(store->db); /* pages as they were, which may be written again */
    if (!store_number(store, store_query(store, "PRAGMA wal_checkpoint(TRUNCATE)"), &busy, err)) {
        return false;
    }
    *ret_done = busy == 0;
    return true;
}

bool store_version(struct store *store, int64_t *ret, struct error *err)
{
    return store_number(store, store_query(store, "PRAGMA data_version"), ret, err);
}

bool store_fact_set(struct store *store, const char *name, int64_t value, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "INSERT INTO fact (name, value) VALUES (?1, ?2) "
                                         "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    bind_text(q, 1, name);
    bind_int(q, 2, value);
    return store_run(store, q, err);
}

int64_t store_fact(struct store *store, const char *name, int64_t fallback)
{
    sqlite3_stmt *q = store_query(store, "SELECT CAST(value AS INTEGER) FROM fact WHERE name = ?1");
    bind_text(q, 1, name);
    int64_t value = store_row(store, q, NULL) == ROW ? column_int(q, 0) : fallback;
    sqlite3_reset(q);
    return value;
}

bool store_key(struct store *store, int64_t *ret, struct error *err)
{
    int64_t key = store->key != 0 ? store->key : store_fact(store, "key", 0);
    store->key = key; /* not the one made below: its transaction may be taken back */
    if (key == 0) {
        arc4random_buf(&key, sizeof key);
        if (!store_fact_set(store, "key", key, err)) {
            return false;
        }
    }
    *ret = key;
    return true;
}

bool store_audit(struct store *store, int64_t at, const char *actor, const char *action, int64_t mail_id,
                 const char *subject, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "INSERT INTO audit (at, actor, action, mail_id, subject) VALUES (?1, ?2, ?3, ?4, ?5)");
    bind_int(q, 1, at);
    bind_text(q, 2, actor);
    bind_text(q, 3, action);
    bind_id(q, 4, mail_id);
    bind_text(q, 5, subject);
    return store_run(store, q, err);
}
