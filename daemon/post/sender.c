#include "daemon/post/sender.h"

#include "base/file.h"
#include "daemon/post/sender_slot.h"

#include <ctype.h>
#include <string.h>
#include <sys/socket.h>

enum { TIMEOUT_DEFAULT_S = 120, CONNECTIONS_DEFAULT = 2 };

/* QUIT goes out, and its answer is not awaited: the reading side is shut first. */
static void multi_free(struct sender *sender)
{
    sender_shut_sockets(sender, SHUT_RD);
    curl_multi_cleanup(sender->multi);
    sender->multi = NULL;
}

static bool multi_new(struct sender *sender)
{
    sender->multi = curl_multi_init();
    return sender->multi != NULL && curl_multi_setopt(sender->multi, CURLMOPT_MAXCONNECTS,
                                                      (long)sender->settings.connections) == CURLM_OK;
}

static bool name_of_host(const char *s)
{
    for (const char *c = s; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && strchr(".-_:", *c) == NULL) {
            return false;
        }
    }
    return *s != '\0';
}

static bool settings_hold(const struct sender_settings *s, struct error *err)
{
    if (s->host == NULL || !name_of_host(s->host)) {
        return fail(err, "relay: \"%s\" is no name or address of a host", s->host == NULL ? "" : s->host);
    }
    if (s->port < 1 || s->port > 65535) {
        return fail(err, "relay: port %d is not between 1 and 65535", s->port);
    }
    if (s->helo != NULL && !name_of_host(s->helo)) {
        return fail(err, "relay: \"%s\" is no name for EHLO", s->helo);
    }
    if (s->connections < 1 || s->connections > SENDER_CONNECTIONS_MAX) {
        return fail(err, "relay: %d connections; 1 to %d are allowed", s->connections,
                    SENDER_CONNECTIONS_MAX);
    }
    if (s->timeout_s < 1) {
        return fail(err, "relay: a timeout of %d seconds; at least 1 is needed", s->timeout_s);
    }
    if (s->user != NULL && s->token == NULL && s->password_file == NULL) {
        return fail(err, "relay: a user but neither password file nor token");
    }
    return true;
}

static bool read_password(struct sender *sender, struct error *err)
{
    const struct sender_settings *s = &sender->settings;
    sender->password_stale = false;
    return s->user == NULL || s->token != NULL ||
           file_read_secret(sender->arena, s->password_file, &sender->password, err);
}

static const char *or_null(const char *s)
{
    return s == NULL || s[0] == '\0' ? NULL : s;
}

static void complete(struct sender_settings *s)
{
    s->ca_file = or_null(s->ca_file);
    s->user = or_null(s->user);
    s->password_file = or_null(s->password_file);
    s->helo = or_null(s->helo);
    s->connections = s->connections == 0 ? CONNECTIONS_DEFAULT : s->connections;
    s->timeout_s = s->timeout_s == 0 ? TIMEOUT_DEFAULT_S : s->timeout_s;
}

bool sender_new(const struct sender_settings *settings, sender_on_result *on_result, void *ctx,
                struct sender **ret, struct error *err)
{
    struct arena *arena = arena_new();
    struct sender *sender = ARENA_NEW(arena, struct sender);
    sender->arena = arena;
    sender->settings = *settings;
    sender->on_result = on_result;
    sender->ctx = ctx;
    pthread_mutex_init(&sender->lock, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct sender_settings *s = &sender->settings;
    complete(s);
    if (!settings_hold(s, err) || !read_password(sender, err)) {
        goto cleanup;
    }
    for (int i = 0; i < s->connections; i++) {
        if (!slot_new(sender, &sender->slots[i])) {
            fail(err, "libcurl cannot be used");
            goto cleanup;
        }
    }
    if (!multi_new(sender)) {
        fail(err, "libcurl cannot be used");
        goto cleanup;
    }
    *ret = sender;
    return true;
cleanup:
    sender_free(sender);
    return false;
}

static void slot_end(struct slot *slot)
{
    curl_slist_free_all(slot->recipient);
    slot->recipient = NULL;
    slot->busy = false;
    slot->sender->under_way--;
}

void sender_free(struct sender *sender)
{
    if (sender == NULL) {
        return;
    }
    if (sender->under_way > 0) {
        sender_interrupt(sender);
    }
    for (int i = 0; i < SENDER_CONNECTIONS_MAX && sender->slots[i].sender != NULL; i++) {
        struct slot *slot = &sender->slots[i];
        if (slot->busy) {
            curl_multi_remove_handle(sender->multi, slot->easy);
            slot_end(slot);
        }
        curl_easy_cleanup(slot->easy);
        arena_free(slot->arena);
    }
    if (sender->multi != NULL) {
        multi_free(sender);
    }
    curl_global_cleanup();
    pthread_mutex_destroy(&sender->lock);
    if (sender->password != NULL) {
        explicit_bzero(sender->password, strlen(sender->password));
    }
    arena_free(sender->arena);
}

int sender_capacity(const struct sender *sender)
{
    return sender->settings.connections - sender->under_way;
}

int sender_under_way(const struct sender *sender)
{
    return sender->under_way;
}

/* Submitting. */

static bool give_login(struct sender *sender, struct slot *slot, struct error *err)
{
    const struct sender_settings *s = &sender->settings;
    if (s->user != NULL && s->token != NULL) {
        char *token;
        if (!s->token(s->token_ctx, slot->arena, &token, err)) {
            return false;
        }
        return curl_easy_setopt(slot->easy, CURLOPT_XOAUTH2_BEARER, token) == CURLE_OK;
    }
    if (sender->password_stale) {
        if (!read_password(sender, err)) {
            sender->password_stale = true;
            return false;
        }
        for (int i = 0; i < s->connections; i++) {
            slot_set_login(&sender->slots[i]);
        }
    }
    return true;
}

static bool start(struct sender *sender, struct slot *slot, const struct submission *submission,
                  struct error *err)
{
    const char *from = NULL, *to;
    slot->refused_for_good = true;
    if (!smtp_address(slot->arena, submission->recipient, &to, err) ||
        (submission->envelope_from[0] != '\0' &&
         !smtp_address(slot->arena, submission->envelope_from, &from, err))) {
        return false;
    }
    slot->refused_for_good = false;
    if (!give_login(sender, slot, err)) {
        return false;
    }
    slot->recipient = curl_slist_append(NULL, to);
    curl_easy_setopt(slot->easy, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(slot->easy, CURLOPT_MAIL_RCPT, slot->recipient);
    /* It becomes SIZE=, and libcurl ends the body when so many bytes, stuffed dots included,
     * are written: without these it would end a letter with such dots too early. */
    curl_easy_setopt(slot->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)slot->body.stuffed);
    curl_easy_setopt(slot->easy, CURLOPT_FRESH_CONNECT, slot->retried ? 1L : 0L);
    if (curl_multi_add_handle(sender->multi, slot->easy) != CURLM_OK) {
        return fail(err, "libcurl refuses the message");
    }
    return true;
}

void sender_submit(struct sender *sender, const struct submission *submission)
{
    struct slot *slot = sender->slots;
    while (slot->busy) {
        slot++;
    }
    arena_reset(slot->arena);
    slot->busy = true;
    slot->id = submission->id;
    slot->retried = false;
    slot->refused = NULL;
    slot->reply = smtp_reply_new(slot->arena);
    slot->body = smtp_body(slot->arena, submission->bytes, submission->len);
    slot_begin_try(slot);
    sender->under_way++;
    struct error err;
    if (!start(sender, slot, submission, &err)) {
        slot->refused = arena_strdup(slot->arena, err.what);
    }
}

/* Results. */

static void tell(struct slot *slot, enum delivery delivery, bool relay, const char *words)
{
    struct sender_result result = {delivery, relay, words};
    slot->sender->on_result(slot->sender->ctx, slot->id, &result);
    slot_end(slot);
}

/* A kept connection that the relay closed meanwhile shows at the first command: no answer at
 * all, or a 421 to MAIL. Nothing was handed over, so a fresh connection may try at once. */
static bool try_afresh(struct slot *slot)
{
    long connects = 1;
    curl_easy_getinfo(slot->easy, CURLINFO_NUM_CONNECTS, &connects);
    if (connects != 0 || slot->retried || slot->stage > SMTP_MAIL ||
        (slot->heard && slot->reply.code != 421) || slot->sender->interrupted) {
        return false;
    }
    slot->retried = true;
    slot_begin_try(slot);
    curl_easy_setopt(slot->easy, CURLOPT_FRESH_CONNECT, 1L);
    return curl_multi_add_handle(slot->sender->multi, slot->easy) == CURLM_OK;
}

static bool finish(struct slot *slot, CURLcode code)
{
    struct sender *sender = slot->sender;
    curl_multi_remove_handle(sender->multi, slot->easy);
    if (code != CURLE_OK && try_afresh(slot)) {
        return false;
    }
    if (code == CURLE_LOGIN_DENIED) {
        sender->password_stale = true;
        if (sender->settings.token_refused != NULL) {
            sender->settings.token_refused(sender->settings.token_ctx);
        }
    }
    struct smtp_verdict verdict = smtp_verdict(slot->stage, slot->reply.code, slot_body_sent(slot));
    const char *words = smtp_reply_words(&slot->reply, slot->arena);
    if (slot->reply.code / 100 < 4 && verdict.delivery != DELIVERY_DONE) {
        words = slot_what_happened(slot, code);
    }
    tell(slot, verdict.delivery, verdict.relay, words);
    return true;
}

static int tell_results(struct sender *sender)
{
    int told = 0, left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(sender->multi, &left)) != NULL) {
        char *slot = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        told += finish((struct slot *)(void *)slot, message->data.result);
    }
    for (int i = 0; i < sender->settings.connections; i++) {
        struct slot *slot = &sender->slots[i];
        if (slot->busy && slot->refused != NULL) {
            bool for_good = slot->refused_for_good;
            tell(slot, for_good ? DELIVERY_PERMANENT : DELIVERY_LATER, !for_good, slot->refused);
            told++;
        }
    }
    return told;
}

/* libcurl sets no timer for the answer to MAIL, RCPT and DATA: it sees that one is overdue only
 * when it is called, so it is called this often while a message is under way. */
enum { LOOK_MS = 500 };

int sender_run(struct sender *sender, int wake_fd, int most_ms)
{
    int running;
    struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
    curl_multi_perform(sender->multi, &running);
    int told = tell_results(sender);
    if (told == 0) {
        if (sender->under_way > 0 && most_ms > LOOK_MS) {
            most_ms = LOOK_MS;
        }
        curl_multi_poll(sender->multi, &wake, wake_fd >= 0 ? 1 : 0, most_ms, NULL);
        curl_multi_perform(sender->multi, &running);
        told = tell_results(sender);
    }
    return told;
}

void sender_rest(struct sender *sender)
{
    if (sender->under_way == 0) {
        multi_free(sender);
        multi_new(sender);
    }
}

bool sender_rested(const struct sender *sender)
{
    return sender->n_sockets == 0;
}

void sender_interrupt(struct sender *sender)
{
    sender->interrupted = true;
    sender_shut_sockets(sender, SHUT_RDWR);
}

void sender_give_up(struct sender *sender)
{
    tell_results(sender);
    for (int i = 0; i < sender->settings.connections; i++) {
        struct slot *slot = &sender->slots[i];
        if (slot->busy) {
            finish(slot, CURLE_RECV_ERROR);
        }
    }
}

/* Trying the relay. */

static void no_result(void *ctx, int64_t id, const struct sender_result *result)
{
    (void)ctx, (void)id, (void)result;
}

bool sender_check(const struct sender_settings *settings, struct error *err)
{
    struct sender *sender;
    if (!sender_new(settings, no_result, NULL, &sender, err)) {
        return false;
    }
    struct slot *slot = &sender->slots[0];
    slot->reply = smtp_reply_new(slot->arena);
    slot_begin_try(slot);
    bool good = give_login(sender, slot, err);
    if (good) {
        curl_easy_setopt(slot->easy, CURLOPT_UPLOAD, 0L);
        curl_easy_setopt(slot->easy, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(slot->easy, CURLOPT_CUSTOMREQUEST, "NOOP");
        CURLcode code = curl_easy_perform(slot->easy);
        const char *said = slot->reply.code >= 400 ? smtp_reply_words(&slot->reply, slot->arena)
                                                   : slot_what_happened(slot, code);
        good = code == CURLE_OK || fail(err, "%s", said);
    }
    sender_free(sender);
    return good;
}
