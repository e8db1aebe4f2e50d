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

static bool record_ended(struct outbox *outbox, const struct step *step, struct error *err)
{
    for (int i = 0; i < step->n_ended; i++) {
        const struct item *item = step->ended[i];
        const struct outbox_source *source = &outbox->sources[item->source].source;
        if (!source->record(source->ctx, outbox->store, step->now, item->id, &item->result, err)) {
            return false;
        }
    }
    return true;
}

/* In the loop's own thread: nothing else is going on then. */
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

static bool claim_one(struct outbox *outbox, struct step *step, int at, int most, struct error *err)
{
    const struct outbox_source *source = &outbox->sources[at].source;
    struct source_found *found = &step->found[at];
    struct outbox_ids ids = {0};
    found->asked = true;
    if (!source->claim(source->ctx, outbox->store, step->arena, step->now, most, &ids, err)) {
        return false;
    }
    for (size_t i = 0; i < ids.id.n; i++) {
        struct item *item = step->room[step->n_claimed++];
        item->source = at;
        item->id = ids.id.at[i];
        item->claimed = outbox->n_claimed++;
        if (!make(outbox, item, err)) {
            return false;
        }
    }
    found->dry = (int)ids.id.n < most;
    return !found->dry || source->next_due(source->ctx, outbox->store, &found->next_due, err);
}

static bool claim_all(struct outbox *outbox, struct step *step, struct error *err)
{
    for (int i = 0; i < outbox->n_sources && !(step->one && step->n_claimed > 0); i++) {
        int most = step->most[i] - step->n_claimed;
        if (most > 0 && !claim_one(outbox, step, i, most, err)) {
            return false;
        }
    }
    return true;
}

/* What was to be done beside it failed: what the relay has taken is recorded all the same. */
static bool record_alone(struct outbox *outbox, struct step *step)
{
    struct error err = {0};
    step->n_claimed = 0;
    memset(step->found, 0, sizeof step->found);
    bool done = step->n_ended > 0 && store_begin(outbox->store, &err) && record_ended(outbox, step, &err);
    return store_end(outbox->store, done, &err);
}

bool outbox_transact(void *ctx, struct error *err)
{
    struct outbox *outbox = ctx;
    struct step *step = &outbox->step;
    bool recorded = store_begin(outbox->store, err) && record_ended(outbox, step, err);
    bool done =
        recorded && (step->release ? release_waiting(outbox, step->now, err) : claim_all(outbox, step, err));
    bool committed = store_end(outbox->store, done, err);
    step->recorded_alone = recorded && !done && record_alone(outbox, step);
    return committed;
}

static const char *fate(const struct item *item)
{
    static const char *const names[] = {[DELIVERY_DONE] = "sent",
                                        [DELIVERY_PERMANENT] = "refused",
                                        [DELIVERY_LATER] = "later",
                                        [DELIVERY_UNCLEAR] = "unclear"};
    return names[item->result.delivery];
}

static void note_recorded(struct outbox *outbox, const struct step *step)
{
    bool sent = false;
    for (int i = 0; i < step->n_ended; i++) {
        struct item *item = step->ended[i];
        struct source_state *source = &outbox->sources[item->source];
        log_info("letter", "source=%s id=%lld fate=%s", source->source.name, (long long)item->id, fate(item));
        sent = sent || item->result.delivery == DELIVERY_DONE;
        if (item->result.delivery == DELIVERY_LATER || item->result.delivery == DELIVERY_UNCLEAR) {
            source->next_due = 0; /* another now: to be asked before any sleep */
        }
        item_set(outbox, item, ITEM_FREE);
    }
    if (step->n_ended > 0) {
        checkpoint("outbox.recorded");
    }
    if (sent && outbox->settings.on_sent != NULL) {
        outbox->settings.on_sent(outbox->settings.on_sent_ctx);
    }
}

static void note_released(struct outbox *outbox)
{
    for (int i = 0; i < outbox->n_items; i++) {
        struct item *item = &outbox->items[i];
        if (item->state == ITEM_WAITING) {
            outbox->sources[item->source].dry = false;
            item_set(outbox, item, ITEM_FREE);
        }
    }
}

static void note_claimed(struct outbox *outbox, const struct step *step)
{
    for (int i = 0; i < step->n_claimed; i++) {
        if (step->room[i]->message.bytes != NULL) {
            item_set(outbox, step->room[i], ITEM_WAITING);
        }
    }
    for (int i = 0; i < outbox->n_sources; i++) {
        if (step->found[i].asked && !outbox->woken_since) {
            outbox->sources[i].dry = step->found[i].dry;
            outbox->sources[i].next_due = step->found[i].next_due;
        }
    }
    if (step->n_claimed > 0) {
        checkpoint("outbox.claimed");
    }
}

/* What the transaction did is so from now on. False: it failed. */
static bool end_step(struct outbox *outbox, bool done, const struct error *err)
{
    const struct step *step = &outbox->step;
    outbox->committing = false;
    if (!done) {
        outbox_store_failed(outbox, err);
        if (step->recorded_alone) {
            note_recorded(outbox, step);
        }
        for (int i = 0; i < step->n_ended && !step->recorded_alone; i++) {
            item_set(outbox, step->ended[i], ITEM_ENDED);
        }
        return false;
    }
    outbox_store_works(outbox);
    int64_t ripe_ms = 4 * (clock_monotonic_ms() - step->began_ms) + 1;
    outbox->ripe_ms = ripe_ms < RIPE_MOST_MS ? ripe_ms : RIPE_MOST_MS;
    if (step->release) {
        note_released(outbox);
    }
    note_recorded(outbox, step);
    note_claimed(outbox, step);
    return true;
}

/* All results there are, and room for all that may be claimed. */
static void begin_step(struct outbox *outbox, bool release, const int *most, int64_t now_ms)
{
    struct step *step = &outbox->step;
    struct arena *arena = step->arena;
    size_t size = (size_t)outbox->n_items * sizeof *step->ended;
    arena_reset(arena);
    *step = (struct step){.arena = arena,
                          .now = outbox_now(outbox),
                          .began_ms = now_ms,
                          .release = release,
                          .one = outbox->relay_trouble.now,
                          .ended = arena_alloc(arena, size),
                          .room = arena_alloc(arena, size)};
    memcpy(step->most, most, sizeof step->most);
    for (int i = 0; i < outbox->n_items; i++) {
        struct item *item = &outbox->items[i];
        if (item->state == ITEM_ENDED) {
            step->ended[step->n_ended++] = item;
            item_set(outbox, item, ITEM_RECORDED);
        } else if (item->state == ITEM_FREE) {
            step->room[step->n_room++] = item;
        }
    }
    outbox->woken_since = false;
}

static bool step(struct outbox *outbox, bool release, const int *most, int64_t now_ms)
{
    struct error err = {0};
    begin_step(outbox, release, most, now_ms);
    if (!release && outbox->committer != NULL && items_in(outbox, ITEM_UNDER_WAY) > 0) {
        outbox->committing = true;
        committer_give(outbox->committer);
        return false;
    }
    return end_step(outbox, outbox_transact(outbox, &err), &err);
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
        return committer_take(outbox->committer, winding_down, &done, &err) && end_step(outbox, done, &err);
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
    bool done = store_begin(outbox->store, &err);
    int64_t now = outbox_now(outbox), n[SOURCES_MAX] = {0};
    for (int i = 0; i < outbox->n_sources && done; i++) {
        const struct outbox_source *source = &outbox->sources[i].source;
        done = source->recover(source->ctx, outbox->store, now, &n[i], &err);
    }
    if (!store_end(outbox->store, done, &err)) {
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
