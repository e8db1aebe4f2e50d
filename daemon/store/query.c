#include "daemon/store/query.h"

#include <string.h>

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

bool store_number(struct store *store, sqlite3_stmt *query, int64_t *ret, struct error *err)
{
    if (store_row(store, query, err) != ROW) {
        return false;
    }
    *ret = column_int(query, 0);
    sqlite3_reset(query);
    return true;
}
