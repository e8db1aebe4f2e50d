/* daemon/store/consent_store.h: what proves a subscriber's consent, step by step (table consent), and the
 * addresses that are not to be written to unasked (table suppression). */
#ifndef STADTLABOR_STORE_CONSENT_STORE_H
#define STADTLABOR_STORE_CONSENT_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

struct consent_step {
    const char *kind; /* schema.sql names them */
    int64_t at;
    const char *actor;                                               /* "stadtlabord", or a login */
    const char *sender, *message_id, *authentication, *words, *head; /* "" where there is none */
};
struct consent_steps {
    LIST(struct consent_step) step;
};

enum { CONSENT_WORDS_MAX = 16 * 1024, CONSENT_HEAD_MAX = 32 * 1024 }; /* bytes kept */

/* Of the subscriber with this address; nothing happens where there is none. */
bool consent_add(struct store *store, const char *address, const struct consent_step *step,
                 struct error *err);
/* The oldest first. */
bool consent_list(struct store *store, struct arena *arena, int64_t subscriber_id, struct consent_steps *ret,
                  struct error *err);

/* Suppression. `*ret_reason` is "" where the address is not there. */
bool suppression_get(struct store *store, struct arena *arena, const char *address, const char **ret_reason,
                     int64_t *ret_since, struct error *err);
/* A graver reason stays: "asked" takes the place of none. */
bool suppression_put(struct store *store, int64_t now, const char *address, const char *reason,
                     struct error *err);
bool suppression_remove(struct store *store, const char *address, struct error *err);

#endif
