/* daemon/post/token.h: the access token that XOAUTH2 presents instead of a password.
 *
 * Exchange Online takes nothing else. The token comes either from a file, which another
 * program renews, or from a token endpoint by client credentials (RFC 6749 4.4). One
 * `struct token_settings` may be shared by the mailbox and the sender: token_get locks. */
#ifndef STADTLABOR_POST_TOKEN_H
#define STADTLABOR_POST_TOKEN_H

#include "base/arena.h"
#include "base/error.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct token_cache {
    pthread_mutex_t lock;
    char *value;       /* malloc; NULL: none */
    int64_t use_until; /* seconds since the machine started */
};

struct token_settings {
    const char *file;               /* read at each login; NULL: the endpoint is asked */
    const char *endpoint;           /* https://…, or http:// to this machine itself */
    const char *client_id;          /* e.g. the registered application's id */
    const char *client_secret_file; /* first line; base/file.h says what is refused */
    const char *scope;              /* e.g. https://outlook.office365.com/.default; NULL: none */
    const char *ca_file;            /* NULL: the system's authorities */
    int timeout_s;                  /* for the whole exchange; 0: 30 */
    struct token_cache cache;
};

/* Puts the cache in order; before the first token_get. */
void token_begin(struct token_settings *settings);

/* The token, into the arena. A token from the endpoint is kept until shortly before it
 * expires (a tenth of its life, at most five minutes), then fetched again. The sentence
 * of an error never carries token or secret. */
bool token_get(struct token_settings *settings, struct arena *arena, char **ret, struct error *err);

/* The server refused this token: the next token_get fetches another. */
void token_refused(struct token_settings *settings);

/* Frees (and wipes) what the cache holds. */
void token_end(struct token_settings *settings);

#endif
