/* daemon/store/letter_store.h: our letters as the desk and the mailbox see them (table outbox);
 * outbox_store.h is the sender's side of the same table. */
#ifndef STADTLABOR_STORE_LETTER_STORE_H
#define STADTLABOR_STORE_LETTER_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

#include <stddef.h>

struct letter_row {
    int64_t id; /* 0: not there */
    int64_t mail_id, case_id;
    const char *kind, *message_id, *envelope_from, *recipient, *state;
};

/* Puts a letter into the outbox; `row->id` is given back. */
bool letter_add(struct store *store, int64_t now, struct letter_row *row, const char *bytes, size_t len,
                struct error *err);
bool letter_of_message_id(struct store *store, struct arena *arena, const char *message_id,
                          struct letter_row *ret, struct error *err);
/* The newest letter to this address that was sent: whose report came back without our Message-ID. */
bool letter_sent_to(struct store *store, struct arena *arena, const char *recipient, struct letter_row *ret,
                    struct error *err);
/* The letters that answered a mail. */
struct letter_rows {
    LIST(struct letter_row) row;
};
bool letters_of_mail(struct store *store, struct arena *arena, int64_t mail_id, struct letter_rows *ret,
                     struct error *err);
bool letter_bytes(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
                  struct error *err);
bool letters_since(struct store *store, const char *recipient, int64_t since, int *ret, struct error *err);

/* Copies for the sent folder: `filing` is committed before the APPEND, so that a copy whose fate
 * is unknown after a crash is looked for first. */
struct letter_to_file {
    int64_t id; /* 0: nothing to file */
    const char *message_id;
    bool was_filing;
    char *bytes;
    size_t len;
};
bool letter_next_to_file(struct store *store, struct arena *arena, struct letter_to_file *ret,
                         struct error *err);
bool letter_set_filed(struct store *store, int64_t id, const char *filed, struct error *err);

/* Counts by state, for `status`: of "queued", "later", "failed", … */
bool letter_count(struct store *store, const char *state, int64_t *ret, struct error *err);

#endif
