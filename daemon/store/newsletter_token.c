#include "daemon/store/newsletter_token.h"

#include "base/text.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BYTES = 8, DIGITS_MAX = 18 };

/* BLAKE2b under the store's key. libsodium wants 16 bytes of key; the store's 8 stand in them twice. */
static void write_token(char ret[TOKEN_MAX + 1], int64_t key, char kind, int64_t id)
{
    unsigned char wide[2 * sizeof key], hash[crypto_generichash_BYTES_MIN];
    char hex[2 * HASH_BYTES + 1], name[32];
    memcpy(wide, &key, sizeof key);
    memcpy(wide + sizeof key, &key, sizeof key);
    snprintf(name, sizeof name, "newsletter %c%lld", kind, (long long)id);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)name, strlen(name), wide, sizeof wide);
    sodium_bin2hex(hex, sizeof hex, hash, HASH_BYTES);
    snprintf(ret, TOKEN_MAX + 1, "%c%lld-%s", kind, (long long)id, hex);
}

/* The number behind the kind at `at`, where the form of a token stands there; 0: none does. */
static int64_t number_at(const char *at)
{
    size_t digits = strspn(at + 1, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX || at[1 + digits] != '-') {
        return 0;
    }
    const char *hex = at + digits + 2;
    size_t len = strspn(hex, "0123456789abcdefABCDEF");
    return len == (size_t)2 * HASH_BYTES && !isalnum((unsigned char)hex[len]) ? strtoll(at + 1, NULL, 10) : 0;
}

static bool found(struct store *store, char kind, const char *words, int64_t *ret, struct error *err)
{
    int64_t key;
    if (!store_key(store, &key, err)) {
        return false;
    }
    *ret = 0;
    for (const char *at = words; *at != '\0'; at++) {
        char token[TOKEN_MAX + 1];
        bool begins = at == words || !isalnum((unsigned char)at[-1]);
        int64_t id = begins && tolower((unsigned char)*at) == kind ? number_at(at) : 0;
        if (id > 0) {
            write_token(token, key, kind, id);
            if (str_starts_nocase(at, token)) {
                *ret = id;
                return true;
            }
        }
    }
    return true;
}

bool newsletter_token_find(struct store *store, const char *words, int64_t *ret_subscriber_id,
                           struct error *err)
{
    return found(store, 's', words, ret_subscriber_id, err);
}

bool newsletter_copy_token_find(struct store *store, const char *words, int64_t *ret_copy_id,
                                struct error *err)
{
    return found(store, 'c', words, ret_copy_id, err);
}

char *newsletter_token(struct arena *arena, int64_t key, int64_t subscriber_id)
{
    char token[TOKEN_MAX + 1];
    write_token(token, key, 's', subscriber_id);
    return arena_strdup(arena, token);
}

char *newsletter_copy_token(struct arena *arena, int64_t key, int64_t copy_id)
{
    char token[TOKEN_MAX + 1];
    write_token(token, key, 'c', copy_id);
    return arena_strdup(arena, token);
}
