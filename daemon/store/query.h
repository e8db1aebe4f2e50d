/* daemon/store/query.h: for the files of daemon/store/ alone: prepared statements.
 *
 *     sqlite3_stmt *q = store_query(store, "SELECT id FROM mail WHERE identity = ?1");
 *     bind_text(q, 1, identity);
 *     switch (store_row(store, q, err)) { case ROW: …; case ROWS_END: …; case ROW_FAILED: … }
 *
 * A statement is prepared once and kept, found again by the address of its SQL literal. It is
 * reset when it is through, and by store_query, so that a caller may leave a result half read. Every
 * parameter is bound; SQL is never put together from data. */
#ifndef STADTLABOR_STORE_QUERY_H
#define STADTLABOR_STORE_QUERY_H

#include "base/arena.h"
#include "base/error.h"
#include "daemon/store/store.h"

#include <sqlite3.h>

/* `sql` is a string literal. A statement that does not prepare is a defect of the program: it
 * is reported by store_row, so that callers have one place to look. */
sqlite3_stmt *store_query(struct store *store, const char *sql);

enum row { ROW_FAILED, ROW, ROWS_END };
enum row store_row(struct store *store, sqlite3_stmt *query, struct error *err);

/* The one number that a statement returns, as count(*) does. */
bool store_number(struct store *store, sqlite3_stmt *query, int64_t *ret, struct error *err);

/* Runs a statement that returns no rows. */
bool store_run(struct store *store, sqlite3_stmt *query, struct error *err);
/* The same; `*ret`: how many rows it changed. */
bool store_run_counted(struct store *store, sqlite3_stmt *query, int64_t *ret, struct error *err);

void bind_text(sqlite3_stmt *query, int at, const char *s); /* NULL binds '' (columns are NOT NULL) */
void bind_int(sqlite3_stmt *query, int at, int64_t value);
void bind_id(sqlite3_stmt *query, int at, int64_t id); /* 0 binds NULL */
void bind_blob(sqlite3_stmt *query, int at, const void *bytes,
               size_t len); /* must live until the row is read */

char *column_text(struct arena *arena, sqlite3_stmt *query, int at); /* "" for NULL */
int64_t column_int(sqlite3_stmt *query, int at);
char *column_blob(struct arena *arena, sqlite3_stmt *query, int at, size_t *ret_len); /* NUL behind it */

int64_t store_last_id(struct store *store);

#endif
