/* daemon/post/sender_slot.h: for the sender alone: one message under way, and its libcurl handle.
 *
 * The slot watches the commands and answers that go by, so that it knows how far the message
 * has come when the transfer ends; libcurl's own result code says too little. */
#ifndef STADTLABOR_POST_SENDER_SLOT_H
#define STADTLABOR_POST_SENDER_SLOT_H

#include "daemon/post/sender.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* One message under way, and the easy handle that is used again for the next. */
struct slot {
    struct sender *sender;
    CURL *easy;
    struct curl_slist *recipient;
    struct arena *arena; /* of one message */
    bool busy;
    const char *refused;   /* refused before the network: why */
    bool refused_for_good; /* else: later, a fault of the set-up */
    int64_t id;
    struct smtp_body body;
    size_t read, written; /* bytes libcurl took; bytes the socket took (dots stuffed) */
    enum smtp_stage stage;
    struct smtp_reply reply;
    bool heard;       /* any answer at all during this try */
    bool retried;     /* a second try on a fresh connection */
    time_t quit_told; /* monotonic seconds when QUIT was sent; 0: not */
    char curl_words[CURL_ERROR_SIZE];
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
    atomic_bool interrupted;
    pthread_mutex_t lock; /* of the sockets */
    int sockets[SENDER_CONNECTIONS_MAX * 4];
    int n_sockets;
};

/* Makes the handle and sets what stays the same for all messages. */
bool slot_new(struct sender *sender, struct slot *slot);
/* User and password, or the way of the token; after each change of the password. */
void slot_set_login(struct slot *slot);
/* Forgets what was seen of an earlier try. */
void slot_begin_try(struct slot *slot);
/* All of the letter was written to the socket: from here on its fate may be unclear. */
bool slot_body_sent(const struct slot *slot);
/* A sentence where the relay said nothing: what libcurl's code and the stage mean. */
const char *slot_what_happened(const struct slot *slot, CURLcode code);
/* shutdown(2) of every open socket of the sender, SHUT_RD or SHUT_RDWR; takes the lock. */
void sender_shut_sockets(struct sender *sender, int how);

#endif
