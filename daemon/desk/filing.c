#include "daemon/desk/filing.h"

#include "base/text.h"
#include "daemon/post/checkpoint.h"
#include "daemon/store/outbox_store.h"

enum { FILED_AT_ONCE = 20 /* letters whose bytes are in memory together */ };

/* One state for several letters in one commit. */
static bool set_filed(struct store *store, const struct outbox_rows *letters, const char *filed,
                      struct error *err)
{
    bool done = store_begin(store, err);
    for (size_t i = 0; done && i < letters->row.n; i++) {
        done = outbox_set_filed(store, letters->row.at[i].id, filed, err);
    }
    return store_end(store, done, err);
}

static enum mailbox_fault file_one(struct store *store, struct mailbox *mailbox, struct arena *arena,
                                   const struct outbox_row *letter, bool *ret_store_failed, struct error *err)
{
    bool there = false;
    char *bytes = NULL;
    size_t len = 0;
    enum mailbox_fault fault = MAILBOX_OK;
    if (str_equal(letter->filed, "filing")) {
        fault = mailbox_sent_has(mailbox, arena_printf(arena, "<%s>", letter->message_id), &there, err);
    }
    if (fault != MAILBOX_OK || there) {
        return fault;
    }
    if (!outbox_bytes(store, arena, letter->id, &bytes, &len, err)) {
        *ret_store_failed = true;
        return MAILBOX_LOST;
    }
    checkpoint("receiver.filing");
    fault = bytes == NULL ? MAILBOX_OK : mailbox_append_sent(mailbox, bytes, len, err);
    checkpoint("receiver.filed");
    return fault;
}

enum mailbox_fault filing_some(struct store *store, struct mailbox *mailbox, bool *ret_more,
                               bool *ret_store_failed, struct error *err)
{
    struct arena *arena = arena_new();
    struct outbox_rows letters = {0};
    enum mailbox_fault fault = MAILBOX_OK;
    bool stored = outbox_to_file(store, arena, FILED_AT_ONCE, &letters, err) &&
                  (letters.row.n == 0 || set_filed(store, &letters, "filing", err));
    for (size_t i = 0; stored && fault == MAILBOX_OK && i < letters.row.n; i++) {
        fault = file_one(store, mailbox, arena, &letters.row.at[i], ret_store_failed, err);
    }
    if (stored && fault == MAILBOX_OK && letters.row.n > 0) {
        stored = set_filed(store, &letters, "yes", err);
    }
    *ret_more = letters.row.n == FILED_AT_ONCE;
    if (!stored) {
        *ret_store_failed = true;
        fault = MAILBOX_LOST;
    }
    arena_free(arena);
    return fault;
}
