/* daemon/store/store_check.h: whether the store is sound. */
#ifndef STADTLABOR_STORE_STORE_CHECK_H
#define STADTLABOR_STORE_STORE_CHECK_H

#include "daemon/store/store.h"

/* In a moment, however large the store is: nothing of the schema is missing, what the tables promise each
 * other holds (as far as indexes tell), and the last whole check found no damage. False with the first
 * finding. */
bool store_check_quick(struct store *store, struct error *err);

/* Reads every page: integrity_check and foreign_key_check. Takes seconds for each gigabyte that the system
 * has in memory and minutes for what is on a slow disk; others may work meanwhile, and store_interrupt_when
 * ends it. Its time and whether it found damage are kept in the store. */
enum store_checked {
    STORE_WHOLE,
    STORE_DAMAGED /* `err` says where */,
    STORE_NOT_CHECKED /* busy, or ended */
};
enum store_checked store_check_whole(struct store *store, int64_t now, struct error *err);

/* When it was last read whole: a fact of the store. */
#define STORE_CHECKED_FACT "store_checked"

#endif
