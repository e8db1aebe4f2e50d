/* The outbox's count of items, and what it does while relay or store fail. */
#include "daemon/post/outbox_loop.h"

#include "base/date.h"
#include "base/log.h"

#include <string.h>

int64_t outbox_now(const struct outbox *outbox)
{
    return outbox->settings.now();
}

void item_set(struct outbox *outbox, struct item *item, enum item_state state)
{
    struct source_state *source = &outbox->sources[item->source];
    source->count[item->state] -= item->state != ITEM_FREE;
    source->count[state] += state != ITEM_FREE;
    item->state = state;
}

int items_in(const struct outbox *outbox, enum item_state state)
{
    int n = 0;
    for (int i = 0; i < outbox->n_sources; i++) {
        n += outbox->sources[i].count[state];
    }
    return n;
}

/* Troubles. */

static bool paused(const struct trouble *trouble, int64_t now_ms)
{
    return trouble->now && now_ms < trouble->until_ms;
}

static bool begins(struct trouble *trouble)
{
    int64_t now_ms = clock_monotonic_ms();
    if (paused(trouble, now_ms)) {
        return false; /* one of several that were under way */
    }
    bool fresh = !trouble->now;
    trouble->now = true;
    trouble->until_ms = now_ms + backoff_next_ms(&trouble->backoff);
    return fresh;
}

static void ends(struct trouble *trouble, const char *event)
{
    if (trouble->now) {
        trouble->now = false;
        backoff_reset(&trouble->backoff);
        log_info(event, "reason=works_again");
    }
}

bool outbox_store_paused(const struct outbox *outbox, int64_t now_ms)
{
    return paused(&outbox->store_trouble, now_ms);
}

bool outbox_relay_paused(const struct outbox *outbox, int64_t now_ms)
{
    return paused(&outbox->relay_trouble, now_ms);
}

void outbox_relay_failed(struct outbox *outbox, const char *words)
{
    if (begins(&outbox->relay_trouble)) {
        struct arena *arena = arena_new();
        log_warning("relay_trouble", "reason=%s", log_quote(smtp_words_without_addresses(arena, words)).s);
        arena_free(arena);
    }
}

void outbox_relay_works(struct outbox *outbox)
{
    ends(&outbox->relay_trouble, "relay_well");
}

void outbox_store_failed(struct outbox *outbox, const struct error *err)
{
    if (begins(&outbox->store_trouble)) {
        log_error("outbox_stopped_taking", "reason=%s", log_quote(err->what).s);
    }
}

void outbox_store_works(struct outbox *outbox)
{
    ends(&outbox->store_trouble, "outbox_takes_again");
}
