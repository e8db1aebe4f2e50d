/* daemon/post/sender.h: hands messages to the relay over SMTP submission (libcurl only here).
 *
 * Up to `connections` messages are under way at once, one recipient each, over connections
 * that are kept for the next message. TLS is verified or refused, never skipped. The sender
 * knows no store and no clock: a message is submitted, its fate is told once by the result
 * callback, and the caller decides what follows.
 *
 * Belongs to one thread and never blocks beyond its waiting. The program ignores SIGPIPE.
 * libcurl makes the connection, its TLS and the login; the dialogue about a message is the
 * sender's own (sender_slot.h says why), pipelined where the relay offers it (RFC 2920). */
#ifndef STADTLABOR_POST_SENDER_H
#define STADTLABOR_POST_SENDER_H

#include "base/arena.h"
#include "base/error.h"
#include "daemon/post/smtp.h"
#include "daemon/post/tls_kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SENDER_CONNECTIONS_MAX = 20 };

/* Strings live as long as the sender. */
struct sender_settings {
    const char *host;
    int port;
    enum tls_kind tls;         /* TLS_NONE: the relay must be on the loopback interface */
    const char *ca_file;       /* NULL or "": the system's authorities */
    const char *user;          /* NULL or "": no authentication */
    const char *password_file; /* read at start, and again when the relay refused it */
    /* An access token for XOAUTH2 instead of the password; NULL: none. Called before each
     * login; token_refused says that the relay did not take it. */
    bool (*token)(void *ctx, struct arena *arena, char **ret, struct error *err);
    void (*token_refused)(void *ctx);
    void *token_ctx;
    const char *helo; /* our name in EHLO; NULL or "": localhost */
    int connections;  /* 1 to 20; 0: 2 */
    int timeout_s;    /* for connecting and for each answer, the dot's too; 0: 120 */
};

struct submission {
    int64_t id;                /* the caller's; comes back with the result */
    const char *envelope_from; /* "": null sender (RFC 5321 4.5.5) */
    const char *recipient;
    const char *bytes; /* the letter; like the strings it lives until the result is told */
    size_t len;
};

struct sender_result {
    enum delivery delivery;
    bool relay;        /* the relay's fault or the set-up's (with DELIVERY_LATER only) */
    const char *reply; /* the relay's words with code and enhanced code, or what happened:
                          one line of UTF-8, valid during the callback */
};
/* May not call the sender. */
typedef void sender_on_result(void *ctx, int64_t id, const struct sender_result *result);

struct sender;

/* Fails for settings that cannot hold and for an unreadable password; touches no network. */
bool sender_new(const struct sender_settings *settings, sender_on_result *on_result, void *ctx,
                struct sender **ret, struct error *err);
/* Messages that are under way end without a result; sender_give_up tells their fate. */
void sender_free(struct sender *sender); /* NULL is allowed */

/* Messages that may be submitted now; sender_under_way those that were and have no result. */
int sender_capacity(const struct sender *sender);
int sender_under_way(const struct sender *sender);

/* Takes a message (capacity must be there). Its result comes from a later sender_run, also
 * when the address is not usable and the network is never touched. */
void sender_submit(struct sender *sender, const struct submission *submission);

/* Moves bytes until a result was told, `wake_fd` (-1: none) is readable, or at most `most_ms`
 * have passed; returns the number of results. Call it again while messages are under way. */
int sender_run(struct sender *sender, int wake_fd, int most_ms);

/* Closes the connections that carry no message (QUIT is sent, its answer is not awaited). */
void sender_rest(struct sender *sender);
bool sender_rested(const struct sender *sender); /* no connection is open */

/* Cuts the connections of all that is under way and tells its result: later, or unclear where
 * the whole letter had been written. A letter written in part is never ended by a dot. */
void sender_give_up(struct sender *sender);

/* For `stadtlabor check`: connects, verifies, logs in, and says goodbye; no message is handed over. */
bool sender_check(const struct sender_settings *settings, struct error *err);

#endif
