/* daemon/post/sender_check.c: the trial of the sender's settings: one connection, one login. */
#include "daemon/post/sender_slot.h"

static void no_result(void *ctx, int64_t id, const struct sender_result *result)
{
    (void)ctx, (void)id, (void)result;
}

/* Until libcurl is through with the one connection, within its own timeouts. */
static CURLcode connect_and_wait(struct sender *sender)
{
    CURLMsg *message;
    int running, left;
    do {
        curl_multi_poll(sender->multi, NULL, 0, 1000, NULL);
        curl_multi_perform(sender->multi, &running);
        message = curl_multi_info_read(sender->multi, &left);
    } while (message == NULL && running > 0);
    return message == NULL ? CURLE_FAILED_INIT : message->data.result;
}

bool sender_check(const struct sender_settings *settings, struct error *err)
{
    struct sender *sender;
    if (!sender_new(settings, no_result, NULL, &sender, err)) {
        return false;
    }
    struct slot *slot = &sender->slots[0];
    slot->reply = smtp_reply_new(slot->arena);
    bool good = login_give(slot, err) && slot_connect(slot, err);
    if (good) {
        CURLcode code = connect_and_wait(sender);
        good = slot_connected(slot, code) || fail(err, "%s", slot_why_not_connected(slot, code));
    }
    sender_free(sender);
    return good;
}
