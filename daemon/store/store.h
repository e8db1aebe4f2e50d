/* daemon/store/store.h: the one SQLite file. sqlite3 is known only in daemon/store/.
 *
 * WAL, synchronous=FULL, foreign keys, secure_delete. A `struct store` is one connection, which one
 * thread at a time uses; the daemon's receiver, sender and chores and each command open their own.
 * schema.sql is the document to read. */
#ifndef STADTLABOR_STORE_STORE_H
#define STADTLABOR_STORE_STORE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* What stood in the way since the last begin or savepoint (STORE_OK: nothing of the store's): BUSY and FULL
 * pass by themselves (the caller waits and goes on), BROKEN needs a person. */
enum store_fault { STORE_OK, STORE_BUSY, STORE_FULL, STORE_BROKEN };

/* Opens or makes the file and brings its schema up to date in one transaction. A new file has mode
 * 0600, or 0660 in a folder that hands its group on and lets it write (2770: staff's commands and the
 * daemon are different users of one group).
 * Refused: a file of a newer program, a file that is no store, an unreadable one. */
bool store_open(const char *path, struct store **ret, struct error *err);
void store_close(struct store *store); /* NULL is allowed */
/* The connection keeps so many KiB of pages in memory, instead of 500. */
bool store_keep(struct store *store, int kib, struct error *err);
/* Long work with it (store_check_whole) asks `stop` several times a second whether to give up. */
void store_interrupt_when(struct store *store, bool (*stop)(void *ctx), void *ctx);
enum store_fault store_fault(const struct store *store);
const char *store_path(const struct store *store);

/* BEGIN IMMEDIATE … COMMIT or ROLLBACK; waits up to STORE_WAIT_MS for another writer. */
enum { STORE_WAIT_MS = 10000 };
bool store_begin(struct store *store, struct error *err);
/* `done` is whether it began and all that was to be done in it is: committed, else rolled back. True:
 * committed. */
bool store_end(struct store *store, bool done, struct error *err);

/* A point inside a transaction to which one mail's rows can be taken back, so that one bad mail
 * does not undo the batch it stands in. */
bool store_savepoint(struct store *store, struct error *err);
bool store_release(struct store *store, struct error *err);
/* Back to the savepoint, which is then gone. False: a fault had rolled the whole transaction back already. */
bool store_undo(struct store *store);

/* What was deleted is gone from every byte: the write-ahead log is emptied into the file, which keeps no
 * copies (page_file.h). Outside of a transaction, with no result half read. `*ret_done` false: others were at
 * work for STORE_WAIT_MS; to be tried again. */
bool store_scrub(struct store *store, bool *ret_done, struct error *err);

/* Another number than before: other connections wrote in between. */
bool store_version(struct store *store, int64_t *ret, struct error *err);

/* Facts that outlive a restart; `fallback`: what is not set, or cannot be read. */
bool store_fact_set(struct store *store, const char *name, int64_t value, struct error *err);
int64_t store_fact(struct store *store, const char *name, int64_t fallback);

/* A random number, made at first use and kept: what is made with it cannot be guessed outside. Call
 * within a transaction. */
bool store_key(struct store *store, int64_t *ret, struct error *err);

/* Append only; `subject` names a row ("registration 17"), never a person. */
bool store_audit(struct store *store, int64_t at, const char *actor, const char *action, int64_t mail_id,
                 const char *subject, struct error *err);

enum { STORE_SCHEMA_VERSION = 2 };

#endif
