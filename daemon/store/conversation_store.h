/* daemon/store/conversation_store.h: open questions to citizens (tables conversation,
 * conversation_message), and subscribers, whose confirmation is one. */
#ifndef STADTLABOR_STORE_CONVERSATION_STORE_H
#define STADTLABOR_STORE_CONVERSATION_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

struct conversation_row {
    int64_t id; /* 0: none */
    const char *address, *kind, *expected, *language;
    int round;
    int64_t opened;
};

/* Opens (id 0, given back) or continues a conversation. */
bool conversation_put(struct store *store, int64_t now, struct conversation_row *row, struct error *err);
bool conversation_close(struct store *store, int64_t now, int64_t id, struct error *err);
/* A Message-ID, theirs or ours, that belongs to it. */
bool conversation_add_message(struct store *store, int64_t id, const char *message_id, struct error *err);

/* Open or closed. */
bool conversation_get(struct store *store, struct arena *arena, int64_t id, struct conversation_row *ret,
                      struct error *err);
/* The open conversation that this Message-ID belongs to. */
bool conversation_of_message(struct store *store, struct arena *arena, const char *message_id,
                             struct conversation_row *ret, struct error *err);
/* The newest open one with this address, of that kind or, with `kind` NULL, of any but the
 * newsletter's, changed since `since`. */
bool conversation_of_address(struct store *store, struct arena *arena, const char *address, const char *kind,
                             int64_t since, struct conversation_row *ret, struct error *err);

/* "asked", "subscribed", "unsubscribed", "": not there. */
bool subscriber_state_of(struct store *store, struct arena *arena, const char *address, const char **ret,
                         struct error *err);
bool subscriber_ask(struct store *store, int64_t now, const char *address, const char *language,
                    int64_t mail_id, struct error *err);
bool subscriber_confirm(struct store *store, int64_t now, const char *address, int64_t mail_id,
                        struct error *err);
bool subscriber_leave(struct store *store, int64_t now, const char *address, struct error *err);
bool subscriber_count(struct store *store, const char *state, int64_t *ret, struct error *err);

struct subscriber_row {
    const char *address, *state;
    int64_t asked_at, confirmed_at;
};
struct subscriber_rows {
    LIST(struct subscriber_row) row;
};
/* In the order of addresses; those who left too when `all`. */
bool subscribers_list_rows(struct store *store, struct arena *arena, bool all, struct subscriber_rows *ret,
                           struct error *err);

#endif
