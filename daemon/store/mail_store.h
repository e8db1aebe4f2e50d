/* daemon/store/mail_store.h: mails taken in, and those decided (tables intake, mail, mail_raw). */
#ifndef STADTLABOR_STORE_MAIL_STORE_H
#define STADTLABOR_STORE_MAIL_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

#include <stddef.h>

struct intake_row {
    int attempt;     /* 0: never seen */
    int64_t mail_id; /* the mail that this message was decided to be; 0: it never was */
};
bool intake_get(struct store *store, uint32_t uidvalidity, uint32_t uid, struct intake_row *ret,
                struct error *err);
/* Notes attempt N at this message. */
bool intake_attempt(struct store *store, uint32_t uidvalidity, uint32_t uid, int attempt, struct error *err);
/* The last attempt ended before its mail was decided, and not by a crash. */
bool intake_take_back(struct store *store, uint32_t uidvalidity, uint32_t uid, struct error *err);
/* Its mail is decided, in this same transaction: a crash from here on is not the mail's doing, and
 * no attempt counts any more (it stays 0). */
bool intake_settled(struct store *store, uint32_t uidvalidity, uint32_t uid, int64_t mail_id,
                    struct error *err);
/* The message was moved out of the INBOX (or vanished). */
bool intake_done(struct store *store, uint32_t uidvalidity, uint32_t uid, struct error *err);
/* No message of the INBOX is known. */
bool intake_clear(struct store *store, struct error *err);
/* UIDs of another UIDVALIDITY mean nothing any more. */
bool intake_forget_others(struct store *store, uint32_t uidvalidity, struct error *err);

struct mail_row {
    int64_t id; /* 0: not there */
    const char *identity, *state, *reason, *sender, *sender_name, *subject, *message_id, *reading;
    int64_t received, case_id;
    int64_t size; /* on the server; 0: the server did not give it */
};

bool mail_find(struct store *store, struct arena *arena, const char *identity, struct mail_row *ret,
               struct error *err);
bool mail_get(struct store *store, struct arena *arena, int64_t id, struct mail_row *ret, struct error *err);
/* `row->id` is given back. `bytes` is kept as mail_raw. */
bool mail_add(struct store *store, struct mail_row *row, const char *bytes, size_t len, struct error *err);
/* The newest mails from this address of which the text is kept, at most `most`. */
struct mail_ids {
    LIST(int64_t) id;
};
bool mail_of_sender(struct store *store, struct arena *arena, const char *sender, int64_t most,
                    struct mail_ids *ret, struct error *err);
/* Decided ones received within [since, until) as they came, at most `most`: of those of the second `since`
 * the ones numbered above `after`. Those that were read once more are told by their last decision alone. */
struct mail_rows {
    LIST(struct mail_row) row;
};
bool mail_page(struct store *store, struct arena *arena, int64_t since, int64_t until, int64_t after,
               int64_t most, struct mail_rows *ret, struct error *err);
bool mail_set_state(struct store *store, int64_t id, const char *state, const char *reason,
                    struct error *err);
bool mail_set_case(struct store *store, int64_t id, int64_t case_id, struct error *err);
bool mail_raw(struct store *store, struct arena *arena, int64_t id, char **ret, size_t *ret_len,
              struct error *err);
/* Mails in that state. */
bool mail_count(struct store *store, const char *state, int64_t *ret, struct error *err);

/* Frees the identity, so that the same mail may be handled anew; the row stays as 'done', 'retried'. */
bool mail_retire(struct store *store, int64_t id, struct error *err);
/* Registrations that this mail caused. */
bool mail_registrations(struct store *store, int64_t id, int64_t *ret, struct error *err);

#endif
