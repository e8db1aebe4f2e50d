#include "daemon/store/query.h"

#include "daemon/store/store_parts.h"

#include <errno.h>

/* A file that cannot grow is a full disk, whichever of SQLite's words that becomes. */
static bool disk_is_full(struct store *store, int code)
{
    int os = code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? sqlite3_system_errno(store->db) : 0;
    int extended = sqlite3_extended_errcode(store->db);
    return code == SQLITE_FULL || os == ENOSPC || os == EDQUOT || extended == SQLITE_IOERR_WRITE ||
           extended == SQLITE_IOERR_SHMSIZE;
}

bool store_failed(struct store *store, const char *what, struct error *err)
{
    int code = sqlite3_errcode(store->db) & 0xff;
    bool full = disk_is_full(store, code);
    store->fault = code == SQLITE_BUSY || code == SQLITE_LOCKED ? STORE_BUSY
                   : full                                       ? STORE_FULL
                                                                : STORE_BROKEN;
    return fail(err, "store %s: %s: %s%s", store->path, what, sqlite3_errmsg(store->db),
                full && code != SQLITE_FULL ? ": the disk is full" : "");
}

sqlite3_stmt *store_query(struct store *store, const char *sql)
{
    size_t at = ((uintptr_t)sql >> 3) % STATEMENTS_MAX;
    for (size_t tries = 0; tries < STATEMENTS_MAX; tries++, at = (at + 1) % STATEMENTS_MAX) {
        if (store->kept[at].sql == sql) {
            sqlite3_reset(store->kept[at].statement);
            sqlite3_clear_bindings(store->kept[at].statement);
            return store->kept[at].statement;
        }
        if (store->kept[at].sql == NULL) {
            sqlite3_stmt *statement = NULL;
            if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) ==
                SQLITE_OK) {
                store->kept[at].sql = sql;
                store->kept[at].statement = statement;
            }
            return statement;
        }
    }
    return NULL; /* more literals than the table holds: store_row reports it */
}

enum row store_row(struct store *store, sqlite3_stmt *query, struct error *err)
{
    if (query == NULL) {
        store_failed(store, "prepare", err);
        return ROW_FAILED;
    }
    switch (sqlite3_step(query)) {
    case SQLITE_ROW:
        return ROW;
    case SQLITE_DONE:
        sqlite3_reset(query);
        return ROWS_END;
    default:
        store_failed(store, sqlite3_sql(query), err);
        sqlite3_reset(query);
        return ROW_FAILED;
    }
}

bool store_run(struct store *store, sqlite3_stmt *query, struct error *err)
{
    return store_row(store, query, err) == ROWS_END;
}

bool store_run_counted(struct store *store, sqlite3_stmt *query, int64_t *ret, struct error *err)
{
    if (!store_run(store, query, err)) {
        return false;
    }
    *ret = sqlite3_changes(store->db);
    return true;
}

bool store_number(struct store *store, sqlite3_stmt *query, int64_t *ret, struct error *err)
{
    if (store_row(store, query, err) != ROW) {
        return false;
    }
    *ret = column_int(query, 0);
    sqlite3_reset(query);
    return true;
}

int64_t store_last_id(struct store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

/* SQLITE_TRANSIENT copies: callers need not keep what they bound. Blobs are large and are not
 * copied. A NULL statement (it did not prepare) is reported by store_row. */
void bind_text(sqlite3_stmt *query, int at, const char *s)
{
    sqlite3_bind_text(query, at, s == NULL ? "" : s, -1, SQLITE_TRANSIENT);
}

void bind_int(sqlite3_stmt *query, int at, int64_t value)
{
    sqlite3_bind_int64(query, at, value);
}

void bind_id(sqlite3_stmt *query, int at, int64_t id)
{
    if (id == 0) {
        sqlite3_bind_null(query, at);
    } else {
        sqlite3_bind_int64(query, at, id);
    }
}

void bind_blob(sqlite3_stmt *query, int at, const void *bytes, size_t len)
{
    sqlite3_bind_blob64(query, at, len == 0 ? "" : bytes, len, SQLITE_STATIC);
}

char *column_text(struct arena *arena, sqlite3_stmt *query, int at)
{
    const unsigned char *s = sqlite3_column_text(query, at);
    return arena_strndup(arena, s == NULL ? "" : (const char *)s, (size_t)sqlite3_column_bytes(query, at));
}

int64_t column_int(sqlite3_stmt *query, int at)
{
    return sqlite3_column_int64(query, at);
}

char *column_blob(struct arena *arena, sqlite3_stmt *query, int at, size_t *ret_len)
{
    const void *bytes = sqlite3_column_blob(query, at);
    size_t len = (size_t)sqlite3_column_bytes(query, at);
    if (ret_len != NULL) {
        *ret_len = len;
    }
    return arena_strndup(arena, len == 0 ? "" : bytes, len);
}
