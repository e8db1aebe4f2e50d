/* tests/unit/store_sql.h: SQL straight to the store of a test. What fails there fails the test. */
#ifndef STADTLABOR_TESTS_UNIT_STORE_SQL_H
#define STADTLABOR_TESTS_UNIT_STORE_SQL_H

#include "daemon/store/query.h"
#include "tests/unit/check.h"

static inline void sql_run(struct store *store, const char *sql)
{
    struct error err = {""};
    CHECK_ROW(store_run(store, store_query(store, sql), &err), "%s: %s", sql, err.what);
}

static inline int64_t sql_number(struct store *store, const char *sql)
{
    struct error err = {""};
    int64_t value = -1;
    CHECK_ROW(store_number(store, store_query(store, sql), &value, &err), "%s: %s", sql, err.what);
    return value;
}

#endif
