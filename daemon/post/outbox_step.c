/* The outbox's side towards the store: one transaction a step. */
#include "daemon/post/outbox_loop.h"

#include "base/log.h"
#include "daemon/post/checkpoint.h"

#include <string.h>

static bool nothing_waits(const struct outbox *outbox)
{
    return items_in(outbox, ITEM_WAITING) == 0;
}

static int outstanding(const struct source_state *source)
{
    return source->count[ITEM_WAITING] + source->count[ITEM_UNDER_WAY];
}

/* Commits cost the same for one letter as for many: results wait for those that are under way, a moment. */
static bool results_are_ripe(const struct outbox *outbox, int64_t now_ms)
{
    bool all_ended = nothing_waits(outbox) && items_in(outbox, ITEM_UNDER_WAY) == 0;
    return outbox->ended > 0 && (all_ended || outbox->ended >= outbox->connections ||
                                 now_ms - outbox->ended_since_ms >= outbox->ripe_ms);
}

/* Below half of what a source may hold a claim is not worth a transaction while others wait to be sent; nor,
 * when none wait, while results are gathered that would share it. */
static bool worth_a_claim(const struct outbox *outbox, const struct source_state *source, int room,
                          int64_t now_ms)
{
    return nothing_waits(outbox) ? outbox->ended == 0 || results_are_ripe(outbox, now_ms)
                                 : room >= source->source.ahead / 2;
}

/* How many this source may claim now, once the ended items are recorded. Sources behind the
 * first are spread evenly over the minute. */
static int may_claim(struct outbox *outbox, int at, int64_t now_ms)
{
    struct source_state *source = &outbox->sources[at];
    int room = source->source.ahead - outstanding(source);
    if (source->dry || room <= 0 || outbox->stop || outbox_relay_paused(outbox, now_ms) ||
        !worth_a_claim(outbox, source, room, now_ms)) {
        return 0;
    }
    if (outbox->relay_trouble.now) { /* one letter goes first and tries */
        return nothing_waits(outbox) && items_in(outbox, ITEM_UNDER_WAY) == 0 ? 1 : 0;
    }
    int allowed = rate_allows(&outbox->rate, now_ms, at > 0) - items_in(outbox, ITEM_WAITING);
    return allowed < room ? (allowed < 0 ? 0 : allowed) : room;
}

static bool record_ended(struct outbox *outbox, int64_t now, struct error *err)
{
    for (int i = 0; i < outbox->n_items; i++) {
        const struct item *item = &outbox->items[i];
        const struct outbox_source *source = &outbox->sources[item->source].source;
        if (item->state == ITEM_ENDED &&
            !source->record(source->ctx, outbox->store, now, item->id, &item->result, err)) {
            return false;
        }
    }
    return true;
}

static bool release_waiting(struct outbox *outbox, int64_t now, struct error *err)
{
    for (int i = 0; i < outbox->n_items; i++) {
        const struct item *item = &outbox->items[i];
        const struct outbox_source *source = &outbox->sources[item->source].source;
        if (item->state == ITEM_WAITING && !source->release(source->ctx, outbox->store, now, item->id, err)) {
            return false;
        }
    }
    return true;
}

/* What a step found in the store; taken into memory only when it is committed. */
struct found {
    bool asked, dry;
    int64_t next_due;
    struct outbox_ids ids;
};

static bool claim_one(struct outbox *outbox, int at, int most, int64_t now, struct found *found,
                      struct error *err)
{
    const struct outbox_source *source = &outbox->sources[at].source;
    found->asked = true;
    if (!source->claim(source->ctx, outbox->store, outbox->claims, now, most, &found->ids, err)) {
        return false;
    }
    found->dry = found->ids.id.n < (size_t)most;
    return !found->dry || source->next_due(source->ctx, outbox->store, &found->next_due, err);
}

static bool claim_all(struct outbox *outbox, int64_t now, int64_t now_ms, struct found *found,
                      struct error *err)
{
    int taken = 0;
    for (int i = 0; i < outbox->n_sources; i++) {
        int most = may_claim(outbox, i, now_ms) - taken;
        if (most > 0 && !claim_one(outbox, i, most, now, &found[i], err)) {
            return false;
        }
        taken += (int)found[i].ids.id.n;
        if (taken > 0 && outbox->relay_trouble.now) {
            break;
        }
    }
    return true;
}

static const char *fate(const struct item *item)
{
    static const char *const names[] = {[DELIVERY_DONE] = "sent",
                                        [DELIVERY_PERMANENT] = "refused",
                                        [DELIVERY_LATER] = "later",
                                        [DELIVERY_UNCLEAR] = "unclear"};
    return names[item->result.delivery];
}

/* Ended items are through, waiting ones too when they were released. */
static bool forget(struct outbox *outbox, bool released)
{
    bool sent = false;
    for (int i = 0; i < outbox->n_items; i++) {
        struct item *item = &outbox->items[i];
        if (item->state == ITEM_ENDED) {
            log_info("letter", "source=%s id=%lld fate=%s", outbox->sources[item->source].source.name,
                     (long long)item->id, fate(item));
            sent = sent || item->result.delivery == DELIVERY_DONE;
            if (item->result.delivery == DELIVERY_LATER || item->result.delivery == DELIVERY_UNCLEAR) {
                outbox->sources[item->source].next_due = 0; /* another now: to be asked before any sleep */
            }
            item_set(outbox, item, ITEM_FREE);
        } else if (item->state == ITEM_WAITING && released) {
            outbox->sources[item->source].dry = false;
            item_set(outbox, item, ITEM_FREE);
        }
    }
    outbox->ended = 0;
    arena_reset(outbox->words);
    return sent;
}

static int take_in(struct outbox *outbox, const struct found *found)
{
    int claimed = 0;
    struct item *item = outbox->items;
    for (int i = 0; i < outbox->n_sources; i++) {
        for (size_t k = 0; k < found[i].ids.id.n; k++, claimed++) {
            while (item->state != ITEM_FREE) {
                item++;
            }
            item->source = i;
            item->id = found[i].ids.id.at[k];
            item->claimed = outbox->n_claimed++;
            item_set(outbox, item, ITEM_WAITING);
        }
        if (found[i].asked) {
            outbox->sources[i].dry = found[i].dry;
            outbox->sources[i].next_due = found[i].next_due;
        }
    }
    return claimed;
}

static void step(struct outbox *outbox, bool release, int64_t now_ms)
{
    struct error err = {0};
    struct found found[SOURCES_MAX] = {0};
    int64_t now = outbox_now(outbox);
    arena_reset(outbox->claims);
    if (!store_begin(outbox->store, &err) || !record_ended(outbox, now, &err) ||
        (release ? !release_waiting(outbox, now, &err) : !claim_all(outbox, now, now_ms, found, &err)) ||
        !store_commit(outbox->store, &err)) {
        store_rollback(outbox->store);
        outbox_store_failed(outbox, &err);
        return;
    }
    outbox_store_works(outbox);
    int64_t ripe_ms = 4 * (pulse_clock_ms() - now_ms) + 1;
    outbox->ripe_ms = ripe_ms < RIPE_MOST_MS ? ripe_ms : RIPE_MOST_MS;
    bool recorded = outbox->ended > 0;
    bool sent = forget(outbox, release);
    int claimed = take_in(outbox, found);
    if (recorded) {
        checkpoint("outbox.recorded");
    }
    if (claimed > 0) {
        checkpoint("outbox.claimed");
    }
    if (sent && outbox->settings.on_sent != NULL) {
        outbox->settings.on_sent(outbox->settings.on_sent_ctx);
    }
}

void outbox_step(struct outbox *outbox, bool winding_down)
{
    int64_t now_ms = pulse_clock_ms();
    if (outbox_store_paused(outbox, now_ms) && !winding_down) {
        return;
    }
    bool release = !nothing_waits(outbox) && (winding_down || outbox_relay_paused(outbox, now_ms));
    bool needed = release || results_are_ripe(outbox, now_ms) || (winding_down && outbox->ended > 0);
    for (int i = 0; i < outbox->n_sources && !needed; i++) {
        needed = may_claim(outbox, i, now_ms) > 0;
    }
    if (needed) {
        step(outbox, release, now_ms);
    }
}

bool outbox_recover_all(struct outbox *outbox)
{
    struct error err = {0};
    bool ok = store_begin(outbox->store, &err);
    int64_t now = outbox_now(outbox), n[SOURCES_MAX] = {0};
    for (int i = 0; i < outbox->n_sources && ok; i++) {
        const struct outbox_source *source = &outbox->sources[i].source;
        ok = source->recover(source->ctx, outbox->store, now, &n[i], &err);
    }
    if (!ok || !store_commit(outbox->store, &err)) {
        store_rollback(outbox->store);
        outbox_store_failed(outbox, &err);
        return false;
    }
    outbox_store_works(outbox);
    for (int i = 0; i < outbox->n_sources; i++) {
        if (n[i] > 0) {
            log_warning("letters_unclear", "source=%s n=%lld", outbox->sources[i].source.name,
                        (long long)n[i]);
        }
    }
    return true;
}
