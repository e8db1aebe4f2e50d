/* daemon/store/subscriber_store.h: the newsletter's subscribers (table subscriber). Addresses are in lower
 * case. What a step proves is noted apart: consent_store.h. */
#ifndef STADTLABOR_STORE_SUBSCRIBER_STORE_H
#define STADTLABOR_STORE_SUBSCRIBER_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

struct subscriber_row {
    int64_t id; /* 0: not there */
    const char *address, *state, *language;
    bool by_other;                           /* the sign-up came from another address */
    int64_t asked_at, confirmed_at, left_at; /* 0: never */
    const char *suspended, *returned;        /* "", "hard", "soft"; what the last report said */
    int64_t suspended_at;
};
struct subscriber_rows {
    LIST(struct subscriber_row) row;
};

bool subscriber_get(struct store *store, struct arena *arena, const char *address, struct subscriber_row *ret,
                    struct error *err);
bool subscriber_of_id(struct store *store, struct arena *arena, int64_t id, struct subscriber_row *ret,
                      struct error *err);
/* Whom a copy of an issue was for. */
bool subscriber_of_copy(struct store *store, struct arena *arena, int64_t copy_id, struct subscriber_row *ret,
                        struct error *err);

/* A sign-up: whoever is not subscribed is `asked`, also anew. `*ret_id` 0: is subscribed already. */
struct subscriber_wish {
    const char *address, *language;
    int64_t mail_id; /* 0: entered by staff */
    bool by_other;
};
bool subscriber_ask(struct store *store, int64_t now, const struct subscriber_wish *wish, int64_t *ret_id,
                    struct error *err);
/* Yes to the question; also takes back what was left. */
bool subscriber_confirm(struct store *store, int64_t now, const char *address, int64_t mail_id,
                        struct error *err);
/* Subscribed at once, because staff state the consent. */
bool subscriber_enter(struct store *store, int64_t now, const char *address, const char *language,
                      int64_t *ret_id, struct error *err);
bool subscriber_leave(struct store *store, int64_t now, const char *address, struct error *err);

/* `why`: "hard", "soft"; and nothing speaks against sending any more. */
bool subscriber_resume(struct store *store, int64_t now, const char *address, struct error *err);
bool subscriber_suspend(struct store *store, int64_t now, int64_t id, const char *why, const char *returned,
                        struct error *err);
/* How many of the newest issues in a row came back from this subscriber, the copy left out. */
bool subscriber_returns(struct store *store, int64_t id, int64_t copy_id, int64_t *ret, struct error *err);
/* The newest copy that was sent there, and when; 0: none. */
bool subscriber_last_copy(struct store *store, int64_t id, int64_t *ret_copy, int64_t *ret_sent,
                          struct error *err);
/* Those suspended as "soft" before `before` are tried again. */
bool subscribers_resume(struct store *store, int64_t now, int64_t before, int64_t *ret_n, struct error *err);
/* When the first of them was; INT64_MAX: nobody. */
bool subscribers_resume_first(struct store *store, int64_t *ret, struct error *err);

/* Whether the address gets the newsletter and has registered for nothing that is still to come. */
bool subscriber_only(struct store *store, const char *address, int64_t now, bool *ret, struct error *err);
bool subscriber_count(struct store *store, const char *state, int64_t *ret, struct error *err);
/* In the order of addresses; those who left too when `all`; only suspended ones when `bouncing`. */
bool subscribers_list(struct store *store, struct arena *arena, bool all, bool bouncing,
                      struct subscriber_rows *ret, struct error *err);

#endif
