/* The outbox's side towards the store: one transaction a step. */
#include "daemon/post/outbox_loop.h"

#include "base/date.h"
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

/* Half of what may be under way where the disk is quick: one half is with the relay while the other one is
 * committed. Where it is slow, fewer and larger commits do better. */
static int share(const struct outbox *outbox, int all)
{
    return outbox->ripe_ms <= QUICK_RIPE_MS ? (all + 1) / 2 : all;
}

/* Commits cost the same for one letter as for many: results wait for those that are under way, a moment. */
static bool results_are_ripe(const struct outbox *outbox, int64_t now_ms)
{
    int ended = items_in(outbox, ITEM_ENDED);
    bool idle = nothing_waits(outbox), all_ended = idle && items_in(outbox, ITEM_UNDER_WAY) == 0;
    int enough = idle ? share(outbox, outbox->connections) : outbox->connections;
    return ended > 0 && (all_ended || ended >= enough || now_ms - outbox->ended_since_ms >= outbox->ripe_ms);
}

/* Below half of what a source may hold a claim is not worth a transaction while others wait to be sent; nor,
 * when none wait, a share of it while results are gathered that would share the transaction. */
static bool worth_a_claim(const struct outbox *outbox, const struct source_state *source, int room,
                          int64_t now_ms)
{
    int ahead = source->source.ahead;
    return nothing_waits(outbox) ? items_in(outbox, ITEM_ENDED) == 0 || room >= share(outbox, ahead) ||
                                       results_are_ripe(outbox, now_ms)
                                 : room >= ahead / 2;
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
    int most = share(outbox, source->source.ahead);
    room = room < most ? room : most;
    int allowed = rate_allows(&outbox->rate, now_ms, at > 0) - items_in(outbox, ITEM_WAITING);
    return allowed < room ? (allowed < 0 ? 0 : allowed) : room;
}

static bool record_ended(struct outbox *outbox, int64_t now, struct error *err)
{
    for (int i = 0; i < outbox->n_items; i++) {
        struct item *item = &outbox->items[i];
        const struct outbox_source *source = &outbox->sources[item->source].source;
        if (item->state == ITEM_ENDED) {
            if (!source->record(source->ctx, outbox->store, now, item->id, &item->result, err)) {
                return false;
            }
            item_set(outbox, item, ITEM_RECORDED);
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

/* The message as the store has it now. */
static bool make(struct outbox *outbox, struct item *item, struct error *err)
{
    const struct outbox_source *source = &outbox->sources[item->source].source;
    if (item->arena == NULL) {
        item->arena = arena_new();
    }
    arena_reset(item->arena);
    item->message = (struct submission){0};
    item->made_ms = clock_monotonic_ms();
    bool made = source->make(source->ctx, outbox->store, item->arena, item->id, &item->message, err);
    item->message.id = item - outbox->items;
    return made;
}

static struct item *free_item(struct outbox *outbox)
{
    struct item *item = outbox->items;
    while (item->state != ITEM_FREE) {
        item++;
    }
    return item;
}

static bool claim_one(struct outbox *outbox, int at, int most, int64_t now, int *ret_n, struct error *err)
{
    const struct outbox_source *source = &outbox->sources[at].source;
    struct source_found *found = &outbox->found[at];
    struct outbox_ids ids = {0};
    found->asked = true;
    if (!source->claim(source->ctx, outbox->store, outbox->claims, now, most, &ids, err)) {
        return false;
    }
    for (size_t i = 0; i < ids.id.n; i++) {
        struct item *item = free_item(outbox);
        item->source = at;
        item->id = ids.id.at[i];
        item->claimed = outbox->n_claimed++;
        item_set(outbox, item, ITEM_CLAIMED);
        if (!make(outbox, item, err)) {
            return false;
        }
    }
    *ret_n = (int)ids.id.n;
    found->dry = *ret_n < most;
    return !found->dry || source->next_due(source->ctx, outbox->store, &found->next_due, err);
}

static bool claim_all(struct outbox *outbox, int64_t now, const int *most, struct error *err)
{
    for (int i = 0, taken = 0; i < outbox->n_sources; i++) {
        int n = 0;
        if (most[i] - taken > 0 && !claim_one(outbox, i, most[i] - taken, now, &n, err)) {
            return false;
        }
        taken += n;
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

/* Committed: recorded items are through, claimed ones wait to be sent, and those that waited are free when
 * they were released. */
static void take_over(struct outbox *outbox, bool released)
{
    bool sent = false;
    int claimed = 0, recorded = 0;
    for (int i = 0; i < outbox->n_items; i++) {
        struct item *item = &outbox->items[i];
        struct source_state *source = &outbox->sources[item->source];
        if (item->state == ITEM_RECORDED) {
            recorded++;
            log_info("letter", "source=%s id=%lld fate=%s", source->source.name, (long long)item->id,
                     fate(item));
            sent = sent || item->result.delivery == DELIVERY_DONE;
            if (item->result.delivery == DELIVERY_LATER || item->result.delivery == DELIVERY_UNCLEAR) {
                source->next_due = 0; /* another now: to be asked before any sleep */
            }
            item_set(outbox, item, ITEM_FREE);
        } else if (item->state == ITEM_CLAIMED) {
            claimed++;
            item_set(outbox, item, item->message.bytes == NULL ? ITEM_FREE : ITEM_WAITING);
        } else if (item->state == ITEM_WAITING && released) {
            source->dry = false;
            item_set(outbox, item, ITEM_FREE);
        }
    }
    for (int i = 0; i < outbox->n_sources; i++) {
        if (outbox->found[i].asked) {
            outbox->sources[i].dry = outbox->found[i].dry;
            outbox->sources[i].next_due = outbox->found[i].next_due;
        }
    }
    if (recorded > 0) {
        checkpoint("outbox.recorded");
    }
    if (claimed > 0) {
        checkpoint("outbox.claimed");
    }
    if (sent && outbox->settings.on_sent != NULL) {
        outbox->settings.on_sent(outbox->settings.on_sent_ctx);
    }
}

/* Nothing of the step happened. */
static void take_back(struct outbox *outbox)
{
    memset(outbox->found, 0, sizeof outbox->found);
    for (int i = 0; i < outbox->n_items; i++) {
        struct item *item = &outbox->items[i];
        if (item->state == ITEM_RECORDED || item->state == ITEM_CLAIMED) {
            item_set(outbox, item, item->state == ITEM_RECORDED ? ITEM_ENDED : ITEM_FREE);
        }
    }
}

/* False: it failed. */
static bool end_step(struct outbox *outbox, bool done, bool released, const struct error *err)
{
    outbox->committing = false;
    if (!done) {
        take_back(outbox);
        outbox_store_failed(outbox, err);
        return false;
    }
    outbox_store_works(outbox);
    int64_t ripe_ms = 4 * (clock_monotonic_ms() - outbox->step_ms) + 1;
    outbox->ripe_ms = ripe_ms < RIPE_MOST_MS ? ripe_ms : RIPE_MOST_MS;
    take_over(outbox, released);
    return true;
}

/* What was to be done beside it failed: what the relay has taken is recorded all the same. */
static void record_alone(struct outbox *outbox, int64_t now)
{
    struct error err = {0};
    if (store_begin(outbox->store, &err) && record_ended(outbox, now, &err) &&
        store_commit(outbox->store, &err)) {
        take_over(outbox, false);
        return;
    }
    store_rollback(outbox->store);
    take_back(outbox);
}

static bool step(struct outbox *outbox, bool release, const int *most, int64_t now_ms)
{
    struct error err = {0};
    int64_t now = outbox_now(outbox);
    arena_reset(outbox->claims);
    memset(outbox->found, 0, sizeof outbox->found);
    outbox->step_ms = now_ms;
    if (!store_begin(outbox->store, &err) || !record_ended(outbox, now, &err) ||
        (release ? !release_waiting(outbox, now, &err) : !claim_all(outbox, now, most, &err))) {
        bool recorded = items_in(outbox, ITEM_RECORDED) > 0;
        store_rollback(outbox->store);
        end_step(outbox, false, release, &err);
        if (recorded) {
            record_alone(outbox, now);
        }
        return false;
    }
    if (!release && outbox->committer != NULL && items_in(outbox, ITEM_UNDER_WAY) > 0) {
        outbox->committing = true;
        committer_give(outbox->committer);
        return false;
    }
    return end_step(outbox, store_commit(outbox->store, &err), release, &err);
}

bool outbox_remake(struct outbox *outbox, struct item *item)
{
    struct error err = {0};
    if (outbox->committing) {
        return false;
    }
    if (!make(outbox, item, &err)) {
        outbox_store_failed(outbox, &err);
        return false;
    }
    if (item->message.bytes == NULL) {
        item_set(outbox, item, ITEM_FREE);
    }
    return true;
}

bool outbox_step(struct outbox *outbox, bool winding_down)
{
    struct error err = {0};
    bool done;
    if (outbox->committing) {
        return committer_take(outbox->committer, winding_down, &done, &err) &&
               end_step(outbox, done, false, &err);
    }
    int64_t now_ms = clock_monotonic_ms();
    if (outbox_store_paused(outbox, now_ms) && !winding_down) {
        return false;
    }
    bool release = !nothing_waits(outbox) && (winding_down || outbox_relay_paused(outbox, now_ms));
    bool needed =
        release || results_are_ripe(outbox, now_ms) || (winding_down && items_in(outbox, ITEM_ENDED) > 0);
    int most[SOURCES_MAX] = {0};
    for (int i = 0; i < outbox->n_sources; i++) {
        most[i] = winding_down ? 0 : may_claim(outbox, i, now_ms);
        needed = needed || most[i] > 0;
    }
    return needed && step(outbox, release, most, now_ms);
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
