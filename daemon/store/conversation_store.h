/* daemon/store/conversation_store.h: open questions to citizens (tables conversation,
 * conversation_message). */
#ifndef STADTLABOR_STORE_CONVERSATION_STORE_H
#define STADTLABOR_STORE_CONVERSATION_STORE_H

#include "base/arena.h"
#include "daemon/store/store.h"

struct conversation_row {
    int64_t id; /* 0: none */
    const char *address, *kind, *expected, *language;
    int round;
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

#endif
