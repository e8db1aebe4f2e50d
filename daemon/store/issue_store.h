/* daemon/store/issue_store.h: issues of the newsletter (tables newsletter_issue, newsletter_picture). The
 * copies of an issue are the ledger's: ledger_store.h.
 *
 * Every function that writes runs inside the caller's transaction. schema.sql tells the states. */
#ifndef STADTLABOR_STORE_ISSUE_STORE_H
#define STADTLABOR_STORE_ISSUE_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

#include <stddef.h>

struct issue_row {
    int64_t id; /* 0: not there */
    const char *name, *state, *subject, *source;
    int64_t recipients, send_at, began, ended; /* began, ended 0: not yet */
};
struct issue_rows {
    LIST(struct issue_row) row;
};

/* Puts name, subject, source and send_at of a new issue in, as `scheduled`; its id is given back. Or changes
 * those of one that is still scheduled, when `row->id` is set. */
bool issue_put(struct store *store, int64_t now, struct issue_row *row, struct error *err);
bool issue_find(struct store *store, struct arena *arena, const char *name, struct issue_row *ret,
                struct error *err);
/* The newest first. */
bool issue_list(struct store *store, struct arena *arena, int64_t most, struct issue_rows *ret,
                struct error *err);
/* Scheduled issues whose time has come, the oldest first. */
bool issue_due(struct store *store, struct arena *arena, int64_t now, struct issue_rows *ret,
               struct error *err);
bool issue_delete(struct store *store, int64_t id, struct error *err);

/* Fixes the recipients: every reader gets a row of the ledger, the mail with its holes is kept, and the issue
 * is `sending`. False with a sentence when it is not scheduled any more. */
bool issue_begin(struct store *store, int64_t now, int64_t id, const char *bytes, size_t len,
                 int64_t *ret_recipients, struct error *err);
bool issue_set_state(struct store *store, int64_t now, int64_t id, const char *state, struct error *err);
/* The mail with its holes. */
bool issue_bytes(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
                 struct error *err);
/* How many would get an issue now. */
bool issue_readers(struct store *store, int64_t *ret, struct error *err);

/* The highest number of an event that is to come; 0: none is. */
bool issue_newest_event(struct store *store, int64_t now, int64_t *ret, struct error *err);

struct issue_picture {
    const char *name; /* as the Markdown names it */
    const char *bytes;
    size_t len;
};
struct issue_pictures {
    LIST(struct issue_picture) picture;
};
/* In place of those it had. */
bool issue_put_pictures(struct store *store, int64_t id, const struct issue_pictures *pictures,
                        struct error *err);
bool issue_get_pictures(struct store *store, struct arena *arena, int64_t id, struct issue_pictures *ret,
                        struct error *err);

#endif
