/* daemon/store/sql_functions.h: what statements may call. */
#ifndef STADTLABOR_STORE_SQL_FUNCTIONS_H
#define STADTLABOR_STORE_SQL_FUNCTIONS_H

#include <sqlite3.h>

/* holds(text, word): whether the one stands in the other, byte by byte. named(name, folded): whether
 * utf8_fold makes the one the other, blanks at its ends aside. NULL: no. Returns SQLite's status. */
int sql_functions(sqlite3 *db);

#endif
