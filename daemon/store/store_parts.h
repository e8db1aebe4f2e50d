/* daemon/store/store_parts.h: a connection from inside: for store.c, which opens it, query.c and
 * store_check.c. */
#ifndef STADTLABOR_STORE_STORE_PARTS_H
#define STADTLABOR_STORE_STORE_PARTS_H

#include "daemon/store/store.h"

#include <sqlite3.h>

enum { STATEMENTS_MAX = 256 };

struct store {
    sqlite3 *db;
    char *path;
    enum store_fault fault;
    int64_t key;             /* as it was read; 0: not yet */
    bool (*stop)(void *ctx); /* NULL: nobody interrupts long work */
    void *stop_ctx;
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } kept[STATEMENTS_MAX]; /* open addressing by the literal's address */
};

/* Says in `err` what SQLite says of the last call, and keeps what kind of fault it is. Always false. */
bool store_failed(struct store *store, const char *what, struct error *err);

/* foreign_key_check (store_check.c). */
bool store_keys_hold(struct store *store, struct error *err);

#endif
