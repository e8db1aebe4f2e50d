#include "daemon/post/sender.h"

#include "base/date.h"
#include "daemon/post/sender_slot.h"

#include <poll.h>
#include <string.h>

bool sender_new(const struct sender_settings *settings, sender_on_result *on_result, void *ctx,
                struct sender **ret, struct error *err)
{
    struct arena *arena = arena_new();
    struct sender *sender = ARENA_NEW(arena, struct sender);
    sender->arena = arena;
    sender->settings = *settings;
    sender->on_result = on_result;
    sender->ctx = ctx;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct sender_settings *s = &sender->settings;
    if (!settings_complete(s, err) || !login_read_password(sender, err)) {
        goto cleanup;
    }
    sender->multi = curl_multi_init();
    if (sender->multi == NULL || curl_multi_setopt(sender->multi, CURLMOPT_MAXCONNECTS,
                                                   (long)(2 * SENDER_CONNECTIONS_MAX)) != CURLM_OK) {
        fail(err, "libcurl cannot be used");
        goto cleanup;
    }
    for (int i = 0; i < s->connections; i++) {
        if (!slot_new(sender, &sender->slots[i])) {
            fail(err, "libcurl cannot be used");
            goto cleanup;
        }
    }
    *ret = sender;
    return true;
cleanup:
    sender_free(sender);
    return false;
}

void sender_free(struct sender *sender)
{
    if (sender == NULL) {
        return;
    }
    for (int i = 0; i < SENDER_CONNECTIONS_MAX && sender->slots[i].sender != NULL; i++) {
        slot_free(&sender->slots[i]);
    }
    curl_multi_cleanup(sender->multi);
    curl_global_cleanup();
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

static bool usable_addresses(struct slot *slot, const struct submission *submission, struct error *err)
{
    slot->from = NULL;
    return smtp_address(slot->arena, submission->recipient, &slot->to, err) &&
           (submission->envelope_from[0] == '\0' ||
            smtp_address(slot->arena, submission->envelope_from, &slot->from, err));
}

/* An open line that waits is the first choice. */
static struct slot *free_slot(struct sender *sender)
{
    struct slot *found = NULL;
    for (int i = 0; i < sender->settings.connections; i++) {
        struct slot *slot = &sender->slots[i];
        if (!slot->busy && (found == NULL || (slot->line == LINE_OPEN && found->line != LINE_OPEN))) {
            found = slot;
        }
    }
    return found;
}

void sender_submit(struct sender *sender, const struct submission *submission)
{
    struct slot *slot = free_slot(sender);
    struct error err;
    arena_reset(slot->arena);
    slot->busy = true;
    slot->ended = slot->second_try = slot->heard = false;
    slot->refused = 0;
    slot->id = submission->id;
    slot->reply = smtp_reply_new(slot->arena);
    sender->under_way++;
    if (!usable_addresses(slot, submission, &err)) {
        slot_end(slot, (struct smtp_verdict){DELIVERY_PERMANENT, false}, arena_strdup(slot->arena, err.what));
        return;
    }
    slot->wire = smtp_wire(slot->arena, submission->bytes, submission->len);
    if (slot->line == LINE_OPEN && slot_begin(slot)) {
        return;
    }
    if (!login_give(slot, &err) || !slot_connect(slot, &err)) {
        slot_end(slot, (struct smtp_verdict){DELIVERY_LATER, true}, arena_strdup(slot->arena, err.what));
    }
}

/* Going on. */

static void connected(struct slot *slot, CURLcode code)
{
    if (slot_connected(slot, code)) {
        slot_begin(slot);
        return;
    }
    if (code == CURLE_LOGIN_DENIED) {
        login_refused(slot->sender);
    }
    slot_end(slot, smtp_verdict(slot->stage, slot->reply.code, false), slot_why_not_connected(slot, code));
    slot_close(slot, false);
}

static void connect_on(struct sender *sender)
{
    int left;
    CURLMsg *message;
    curl_multi_perform(sender->multi, &left);
    while ((message = curl_multi_info_read(sender->multi, &left)) != NULL) {
        CURLcode code = message->data.result;
        char *slot = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        connected((struct slot *)(void *)slot, code);
    }
}

static int tell_results(struct sender *sender)
{
    int told = 0;
    for (int i = 0; i < sender->settings.connections; i++) {
        struct slot *slot = &sender->slots[i];
        if (slot->busy && slot->ended) {
            slot->busy = false;
            sender->under_way--;
            sender->on_result(sender->ctx, slot->id, &slot->result);
            told++;
        }
    }
    return told;
}

static bool talks(const struct slot *slot)
{
    return slot->busy && !slot->ended && slot->line == LINE_OPEN;
}

struct waiting {
    struct curl_waitfd fd[SENDER_CONNECTIONS_MAX + 1];
    struct slot *slot[SENDER_CONNECTIONS_MAX + 1]; /* NULL: the caller's descriptor */
    unsigned n;
    bool connecting;
    int most_ms;
};

static void gather(struct sender *sender, int wake_fd, struct waiting *waiting)
{
    int64_t now_ms = clock_monotonic_ms();
    if (wake_fd >= 0) {
        waiting->fd[waiting->n++] = (struct curl_waitfd){.fd = wake_fd, .events = CURL_WAIT_POLLIN};
    }
    for (int i = 0; i < sender->settings.connections; i++) {
        struct slot *slot = &sender->slots[i];
        waiting->connecting |= slot->line == LINE_CONNECTING;
        if (!talks(slot)) {
            continue;
        }
        short events = slot->out_len > 0 ? CURL_WAIT_POLLIN | CURL_WAIT_POLLOUT : CURL_WAIT_POLLIN;
        waiting->slot[waiting->n] = slot;
        waiting->fd[waiting->n++] = (struct curl_waitfd){.fd = slot->fd, .events = events};
        int64_t left = slot->deadline_ms <= now_ms ? 0 : slot->deadline_ms - now_ms;
        if (left < waiting->most_ms) {
            waiting->most_ms = (int)left;
        }
    }
}

/* libcurl's own poll knows its timers and the sockets that it connects; it costs more. */
static void wait_for(struct sender *sender, struct waiting *waiting)
{
    if (waiting->connecting) {
        curl_multi_poll(sender->multi, waiting->fd, waiting->n, waiting->most_ms, NULL);
        return;
    }
    struct pollfd fds[SENDER_CONNECTIONS_MAX + 1];
    for (unsigned i = 0; i < waiting->n; i++) {
        bool out = (waiting->fd[i].events & CURL_WAIT_POLLOUT) != 0;
        fds[i] = (struct pollfd){.fd = waiting->fd[i].fd, .events = out ? POLLIN | POLLOUT : POLLIN};
    }
    if (poll(fds, waiting->n, waiting->most_ms) > 0) {
        for (unsigned i = 0; i < waiting->n; i++) {
            waiting->fd[i].revents = fds[i].revents != 0 ? CURL_WAIT_POLLIN : 0;
        }
    }
}

static void go_on(struct sender *sender, const struct waiting *waiting)
{
    if (waiting->connecting) {
        connect_on(sender);
    }
    int64_t now_ms = clock_monotonic_ms();
    for (unsigned i = 0; i < waiting->n; i++) {
        struct slot *slot = waiting->slot[i];
        if (slot != NULL && talks(slot) && waiting->fd[i].revents != 0) {
            slot_go_on(slot);
        } else if (slot != NULL && talks(slot) && now_ms >= slot->deadline_ms) {
            slot_lost(slot, CURLE_OPERATION_TIMEDOUT);
        }
    }
}

int sender_run(struct sender *sender, int wake_fd, int most_ms)
{
    int told = tell_results(sender);
    if (told == 0) {
        struct waiting waiting = {.most_ms = most_ms < 0 ? 0 : most_ms};
        gather(sender, wake_fd, &waiting);
        wait_for(sender, &waiting);
        go_on(sender, &waiting);
        told = tell_results(sender);
    }
    return told;
}

void sender_rest(struct sender *sender)
{
    for (int i = 0; i < sender->settings.connections; i++) {
        if (!sender->slots[i].busy) {
            slot_close(&sender->slots[i], true);
        }
    }
}

bool sender_rested(const struct sender *sender)
{
    for (int i = 0; i < sender->settings.connections; i++) {
        if (sender->slots[i].line != LINE_CLOSED) {
            return false;
        }
    }
    return true;
}

void sender_give_up(struct sender *sender)
{
    for (int i = 0; i < sender->settings.connections; i++) {
        struct slot *slot = &sender->slots[i];
        if (slot->busy && !slot->ended) {
            slot->second_try = true;
            slot_lost(slot, CURLE_RECV_ERROR);
        }
    }
    tell_results(sender);
}
