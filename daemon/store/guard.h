/* daemon/store/guard.h: one daemon a store. Two would each take the other's letters under way for those
 * of a program that died, and send them again. */
#ifndef STADTLABOR_STORE_GUARD_H
#define STADTLABOR_STORE_GUARD_H

#include "base/error.h"

/* Takes the lock (flock of "STORE.lock"), which ends with the process however it ends. A descriptor to be
 * closed at the end; -1: err says why, as when another daemon works on this store. */
int guard_take(const char *store_path, struct error *err);

#endif
