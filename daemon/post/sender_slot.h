/* daemon/post/sender_slot.h: for the sender alone: one connection to the relay and the message
 * that is under way on it.
 *
 *     sender_connection.c   libcurl: connecting, TLS, EHLO, login; then bytes in and out
 *     sender_dialogue.c     the message: MAIL, RCPT, DATA, the letter and its dot
 *     sender_login.c        the settings, user and password or token
 *     sender_check.c        their trial
 *     sender.c              all slots together
 *
 * libcurl (7.88) only makes the connection (CURLOPT_CONNECT_ONLY). Its own SMTP transfer waits
 * for the answer to the final dot in a blocking call, needs four round trips a message, and
 * ends the letter of a transfer that is taken away from it with a dot. */
#ifndef STADTLABOR_POST_SENDER_SLOT_H
#define STADTLABOR_POST_SENDER_SLOT_H

#include "daemon/post/sender.h"

#include <curl/curl.h>

enum slot_line { LINE_CLOSED, LINE_CONNECTING, LINE_OPEN };

struct slot {
    struct sender *sender;
    CURL *easy;
    enum slot_line line;
    int fd; /* of an open line */
    struct smtp_abilities abilities;
    bool used;        /* the open line has carried a message before this one */
    bool needs_reset; /* a refused message is still in the relay's mind */
    char in[2048];    /* bytes of an answer whose line is not complete */
    size_t in_len;
    time_t quit_told; /* libcurl said QUIT during connecting; monotonic seconds, 0: not */
    char curl_words[CURL_ERROR_SIZE];

    /* The message; `busy` from its submission until its result is told. */
    bool busy, ended;
    struct arena *arena;
    int64_t id;
    const char *from; /* NULL: null sender */
    const char *to;
    struct smtp_wire wire;
    bool second_try;
    struct smtp_command commands[SMTP_COMMANDS_MAX];
    int n_commands, answered;
    enum smtp_stage stage; /* whose answer is awaited */
    const char *out;       /* still to be written */
    size_t out_len;
    struct smtp_reply reply;
    bool heard;  /* any answer to this message */
    int refused; /* code of the first refusal, 0: none; its stage and words: */
    enum smtp_stage refused_stage;
    const char *refused_words;
    int64_t deadline_ms; /* monotonic; of the next answer */
    struct sender_result result;
};

struct sender {
    struct sender_settings settings;
    sender_on_result *on_result;
    void *ctx;
    struct arena *arena; /* of the sender's life */
    char *password;
    bool password_stale;
    bool not_loopback; /* TLS_NONE, and the host has another address */
    CURLM *multi;
    struct slot slots[SENDER_CONNECTIONS_MAX];
    int under_way;
};

/* sender_connection.c */
bool slot_new(struct sender *sender, struct slot *slot);
void slot_free(struct slot *slot);
/* User and password, or the way of the token; after each change of the password. */
void slot_set_login(struct slot *slot);
/* Begins to connect. */
bool slot_connect(struct slot *slot, struct error *err);
/* libcurl is through with connecting. True: the line is open. */
bool slot_connected(struct slot *slot, CURLcode code);
/* Never blocks; `polite` says QUIT first and does not wait for the answer. */
void slot_close(struct slot *slot, bool polite);
/* CURLE_AGAIN: not now. Receiving nothing: the relay closed the connection. */
CURLcode slot_send(struct slot *slot, const char *bytes, size_t len, size_t *ret_sent);
CURLcode slot_receive(struct slot *slot, char *bytes, size_t room, size_t *ret_len);
/* All of the letter was written: from here on its fate may be unclear. */
bool slot_letter_sent(const struct slot *slot);
/* A sentence where the relay said nothing: what libcurl's code and the stage mean. */
const char *slot_what_happened(const struct slot *slot, CURLcode code);
/* The relay's own words, or slot_what_happened. */
const char *slot_why_not_connected(const struct slot *slot, CURLcode code);

/* sender_login.c */
/* Fills in what was left out; fails for what cannot hold. */
bool settings_complete(struct sender_settings *settings, struct error *err);
bool login_read_password(struct sender *sender, struct error *err);
/* Before connecting: a fresh token, or the password read again when it was refused. */
bool login_give(struct slot *slot, struct error *err);
void login_refused(struct sender *sender);

/* sender_dialogue.c */
/* The message on an open line; a line that turns out to be dead is closed: false. */
bool slot_begin(struct slot *slot);
/* Something may be read or written. */
void slot_go_on(struct slot *slot);
/* The connection is of no use any more, or could not be made: `code` says why. The message
 * ends, or goes on once more over a fresh connection when the kept one had died unused. */
void slot_lost(struct slot *slot, CURLcode code);
void slot_end(struct slot *slot, struct smtp_verdict verdict, const char *words);

#endif
