#include "daemon/store/consent_store.h"

#include "daemon/store/query.h"

#include <sodium.h>
#include <string.h>

enum { HASH_BYTES = 16, HASH_HEX = 2 * HASH_BYTES + 1 };

bool consent_add(struct store *store, const char *address, const struct consent_step *step, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "INSERT INTO consent (subscriber_id, kind, at, actor, sender, message_id, authentication, words, "
        "head) SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM subscriber WHERE address = ?1");
    bind_text(q, 1, address);
    bind_text(q, 2, step->kind);
    bind_int(q, 3, step->at);
    bind_text(q, 4, step->actor);
    bind_text(q, 5, step->sender);
    bind_text(q, 6, step->message_id);
    bind_text(q, 7, step->authentication);
    bind_text(q, 8, step->words);
    bind_text(q, 9, step->head);
    return store_run(store, q, err);
}

bool consent_list(struct store *store, struct arena *arena, int64_t subscriber_id, struct consent_steps *ret,
                  struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT kind, at, actor, sender, message_id, authentication, words, "
                                         "head FROM consent WHERE subscriber_id = ?1 ORDER BY id");
    bind_int(q, 1, subscriber_id);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->step) = (struct consent_step){
            .kind = column_text(arena, q, 0),
            .at = column_int(q, 1),
            .actor = column_text(arena, q, 2),
            .sender = column_text(arena, q, 3),
            .message_id = column_text(arena, q, 4),
            .authentication = column_text(arena, q, 5),
            .words = column_text(arena, q, 6),
            .head = column_text(arena, q, 7),
        };
    }
    return row == ROWS_END;
}

/* BLAKE2b under the store's key (libsodium wants 16 bytes of key; the store's 8 stand in them twice): without
 * the store nobody can try addresses against it. */
static bool hash_of(struct store *store, const char *address, char ret[HASH_HEX], struct error *err)
{
    static const char purpose[] = "suppression ";
    int64_t key;
    unsigned char wide[2 * sizeof key], hash[HASH_BYTES];
    crypto_generichash_state state;
    if (!store_key(store, &key, err)) {
        return false;
    }
    memcpy(wide, &key, sizeof key);
    memcpy(wide + sizeof key, &key, sizeof key);
    crypto_generichash_init(&state, wide, sizeof wide, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)purpose, sizeof purpose - 1);
    crypto_generichash_update(&state, (const unsigned char *)address, strlen(address));
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(ret, HASH_HEX, hash, sizeof hash);
    return true;
}

bool suppression_get(struct store *store, struct arena *arena, const char *address, const char **ret_reason,
                     int64_t *ret_since, struct error *err)
{
    char hash[HASH_HEX];
    if (!hash_of(store, address, hash, err)) {
        return false;
    }
    sqlite3_stmt *q = store_query(store, "SELECT reason, since FROM suppression WHERE hash = ?1");
    bind_text(q, 1, hash);
    enum row row = store_row(store, q, err);
    if (row == ROW_FAILED) {
        return false;
    }
    *ret_reason = row == ROW ? column_text(arena, q, 0) : "";
    *ret_since = row == ROW ? column_int(q, 1) : 0;
    sqlite3_reset(q);
    return true;
}

bool suppression_put(struct store *store, int64_t now, const char *address, const char *reason,
                     struct error *err)
{
    char hash[HASH_HEX];
    if (!hash_of(store, address, hash, err)) {
        return false;
    }
    sqlite3_stmt *q = store_query(
        store, "INSERT INTO suppression (hash, reason, since) VALUES (?1, ?2, ?3) "
               "ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason, since = excluded.since "
               "WHERE excluded.reason <> 'asked' OR reason = 'asked'");
    bind_text(q, 1, hash);
    bind_text(q, 2, reason);
    bind_int(q, 3, now);
    return store_run(store, q, err);
}

bool suppression_remove(struct store *store, const char *address, struct error *err)
{
    char hash[HASH_HEX];
    if (!hash_of(store, address, hash, err)) {
        return false;
    }
    sqlite3_stmt *q = store_query(store, "DELETE FROM suppression WHERE hash = ?1");
    bind_text(q, 1, hash);
    return store_run(store, q, err);
}
