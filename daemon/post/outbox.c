#include "daemon/post/outbox_loop.h"

#include "base/date.h"
#include "base/log.h"
#include "daemon/post/checkpoint.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    REST_MS = 5000,            /* unused connections are closed after that */
    LONGEST_SLEEP_MS = 600000, /* towards a wall clock time that somebody may set */
    GRACE_MS = 700,            /* for what is under way when the program stops */
    ONCE_STORE_TRIES = 3
};

/* Sending. */

static void on_result(void *ctx, int64_t at, const struct sender_result *result)
{
    struct outbox *outbox = ctx;
    struct item *item = &outbox->items[at];
    checkpoint("outbox.sent");
    arena_reset(item->arena);
    item->result = *result;
    item->result.reply = arena_strdup(item->arena, result->reply);
    if (items_in(outbox, ITEM_ENDED) == 0) {
        outbox->ended_since_ms = clock_monotonic_ms();
    }
    item_set(outbox, item, ITEM_ENDED);
    if (result->relay) {
        outbox_relay_failed(outbox, result->reply);
    } else if (result->delivery != DELIVERY_UNCLEAR) {
        outbox_relay_works(outbox);
    }
}

/* The first claimed of the first source that has one waiting. */
static struct item *next_waiting(struct outbox *outbox)
{
    struct item *next = NULL;
    for (int i = 0; i < outbox->n_items; i++) {
        struct item *item = &outbox->items[i];
        if (item->state == ITEM_WAITING &&
            (next == NULL || item->source < next->source ||
             (item->source == next->source && item->claimed < next->claimed))) {
            next = item;
        }
    }
    return next;
}

/* False: not now. */
static bool start_one(struct outbox *outbox, struct item *item, int64_t now_ms)
{
    if (now_ms - item->made_ms > FRESH_MS && !outbox_remake(outbox, item)) {
        return false;
    }
    if (item->state == ITEM_WAITING) {
        item_set(outbox, item, ITEM_UNDER_WAY);
        rate_take(&outbox->rate, now_ms);
        sender_submit(outbox->sender, &item->message);
    }
    return true;
}

/* When results wait long for their commit the next letters wait too: a crash sends those again that the relay
 * has and the store does not know of. */
static bool may_start(const struct outbox *outbox)
{
    int unrecorded =
        items_in(outbox, ITEM_UNDER_WAY) + items_in(outbox, ITEM_ENDED) + items_in(outbox, ITEM_RECORDED);
    return sender_capacity(outbox->sender) > 0 && unrecorded < 2 * outbox->connections;
}

static void start_waiting(struct outbox *outbox)
{
    int64_t now_ms = clock_monotonic_ms();
    while (may_start(outbox) && !outbox_relay_paused(outbox, now_ms) &&
           !outbox_store_paused(outbox, now_ms)) {
        struct item *item = next_waiting(outbox);
        if (item == NULL || !start_one(outbox, item, now_ms)) {
            return;
        }
    }
}

/* Waiting. */

static void sooner(int64_t *at, int64_t candidate)
{
    *at = candidate < *at ? candidate : *at;
}

/* When there is something to do by the clock alone; INT64_MAX: never. */
static int64_t next_moment(struct outbox *outbox, int64_t now_ms)
{
    int64_t at = INT64_MAX;
    bool wanted = items_in(outbox, ITEM_WAITING) > 0;
    for (int i = 0; i < outbox->n_sources; i++) {
        const struct source_state *source = &outbox->sources[i];
        if (source->dry && source->next_due != INT64_MAX) {
            int64_t wait_s = source->next_due - outbox_now(outbox);
            sooner(&at, now_ms + (wait_s > LONGEST_SLEEP_MS / 1000 ? LONGEST_SLEEP_MS : wait_s * 1000));
        } else if (!source->dry) {
            wanted = true;
            int rate_ms = rate_wait_ms(&outbox->rate, now_ms, i > 0);
            if (rate_ms > 0) {
                sooner(&at, now_ms + rate_ms);
            }
        }
    }
    bool store_paused = outbox_store_paused(outbox, now_ms), ended = items_in(outbox, ITEM_ENDED) > 0;
    if (outbox->committing) {
        return INT64_MAX; /* the committer wakes */
    }
    if (store_paused && (ended || wanted)) {
        sooner(&at, outbox->store_trouble.until_ms);
    } else if (ended) {
        sooner(&at, outbox->ended_since_ms + outbox->ripe_ms);
    }
    if (wanted && outbox_relay_paused(outbox, now_ms)) {
        sooner(&at, outbox->relay_trouble.until_ms);
    }
    return at < now_ms ? now_ms : at;
}

static void look_again(struct outbox *outbox, bool woken)
{
    int64_t now = outbox_now(outbox);
    for (int i = 0; i < outbox->n_sources; i++) {
        struct source_state *source = &outbox->sources[i];
        if (woken || source->next_due <= now) {
            source->dry = false;
        }
    }
    outbox->woken_since = outbox->woken_since || woken;
}

static void drain(int fd)
{
    uint64_t n;
    ssize_t got = read(fd, &n, sizeof n);
    (void)got; /* nothing: nobody woke us */
}

static void wait_idle(struct outbox *outbox, int64_t at, int64_t now_ms)
{
    bool rest = !sender_rested(outbox->sender);
    int ms = at == INT64_MAX ? -1 : (int)(at - now_ms);
    if (rest && (ms < 0 || ms > REST_MS)) {
        ms = REST_MS;
    } else {
        rest = false;
    }
    if (!outbox->committing) {
        outbox->round_ms = 0; /* asleep with nothing to do */
    }
    struct pollfd wake = {.fd = outbox->wake_fd, .events = POLLIN};
    if (poll(&wake, 1, ms) == 0 && rest) {
        sender_rest(outbox->sender);
    }
}

static void wait_for_work(struct outbox *outbox)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t at = next_moment(outbox, now_ms);
    if (sender_under_way(outbox->sender) > 0) {
        sender_run(outbox->sender, outbox->wake_fd, at == INT64_MAX ? LONGEST_SLEEP_MS : (int)(at - now_ms));
    } else {
        wait_idle(outbox, at, now_ms);
    }
    drain(outbox->wake_fd);
    look_again(outbox, atomic_exchange(&outbox->woken, false));
}

/* Beginning and end. */

static void step_to_the_end(struct outbox *outbox)
{
    while (outbox_step(outbox, true)) {
    }
}

static void wind_down(struct outbox *outbox)
{
    int64_t end = clock_monotonic_ms() + GRACE_MS;
    if (!outbox_store_paused(outbox, clock_monotonic_ms())) {
        step_to_the_end(outbox);
    }
    while (sender_under_way(outbox->sender) > 0 && clock_monotonic_ms() < end) {
        sender_run(outbox->sender, -1, (int)(end - clock_monotonic_ms()));
    }
    sender_give_up(outbox->sender);
    step_to_the_end(outbox);
    if (items_in(outbox, ITEM_ENDED) > 0) {
        log_error("outbox_unrecorded", "n=%d consequence=unclear_at_next_start",
                  items_in(outbox, ITEM_ENDED));
    }
}

static bool dry(const struct outbox *outbox)
{
    for (int i = 0; i < outbox->n_sources; i++) {
        if (!outbox->sources[i].dry) {
            return false;
        }
    }
    return true;
}

/* Nothing is due, or what is due cannot go now. */
static bool once_through(const struct outbox *outbox)
{
    bool store_fails = outbox->store_trouble.backoff.tries >= ONCE_STORE_TRIES;
    if (sender_under_way(outbox->sender) > 0 || outbox->committing ||
        (items_in(outbox, ITEM_ENDED) > 0 && !store_fails)) {
        return false;
    }
    return store_fails || outbox_relay_paused(outbox, clock_monotonic_ms()) ||
           (dry(outbox) && items_in(outbox, ITEM_WAITING) == 0);
}

bool outbox_run(struct outbox *outbox, bool once)
{
    look_again(outbox, true);
    outbox->committer = committer_new(outbox_transact, outbox, outbox->wake_fd);
    bool recovered = false;
    while (!outbox->stop) {
        outbox->round_ms = clock_monotonic_ms();
        if (!recovered && !outbox_store_paused(outbox, outbox->round_ms)) {
            recovered = outbox_recover_all(outbox);
        }
        if (recovered) {
            while (outbox_step(outbox, false)) {
                start_waiting(outbox);
            }
            start_waiting(outbox);
        }
        if (once && once_through(outbox)) {
            break;
        }
        wait_for_work(outbox);
    }
    bool left = !dry(outbox) || outbox->relay_trouble.now ||
                items_in(outbox, ITEM_WAITING) + items_in(outbox, ITEM_ENDED) > 0;
    wind_down(outbox);
    committer_free(outbox->committer);
    outbox->committer = NULL;
    outbox->round_ms = 0;
    return !left;
}

static bool add_source(struct outbox *outbox, const struct outbox_source *source)
{
    struct source_state *state = &outbox->sources[outbox->n_sources++];
    state->source = *source;
    state->next_due = INT64_MAX;
    if (state->source.ahead == 0) {
        state->source.ahead = outbox->connections;
    }
    outbox->n_items += 2 * state->source.ahead; /* what is claimed beside what is recorded in the same step */
    return state->source.ahead >= 1 && state->source.ahead <= OUTBOX_AHEAD_MAX;
}

static bool add_sources(struct outbox *outbox, struct error *err)
{
    bool ok = outbox->settings.n_more < SOURCES_MAX && add_source(outbox, &outbox_replies);
    for (size_t i = 0; i < outbox->settings.n_more && ok; i++) {
        ok = add_source(outbox, &outbox->settings.more[i]);
    }
    if (!ok) {
        return fail(err, "outbox: too many sources of messages, or one that claims too much ahead");
    }
    outbox->items = arena_alloc(outbox->arena, (size_t)outbox->n_items * sizeof *outbox->items);
    return true;
}

bool outbox_new(const struct outbox_settings *settings, struct store *store, struct outbox **ret,
                struct error *err)
{
    struct arena *arena = arena_new();
    struct outbox *outbox = ARENA_NEW(arena, struct outbox);
    outbox->arena = arena;
    outbox->step.arena = arena_new();
    outbox->store = store;
    outbox->settings = *settings;
    outbox->rate = rate_new(settings->per_minute);
    if (settings->now == NULL) {
        outbox->settings.now = clock_now;
    }
    outbox->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (outbox->wake_fd < 0) {
        fail(err, "outbox: eventfd: %s", strerror(errno));
        goto cleanup;
    }
    if (!sender_new(&settings->sender, on_result, outbox, &outbox->sender, err)) {
        goto cleanup;
    }
    outbox->connections = sender_capacity(outbox->sender);
    if (!add_sources(outbox, err)) {
        goto cleanup;
    }
    *ret = outbox;
    return true;
cleanup:
    outbox_free(outbox);
    return false;
}

void outbox_free(struct outbox *outbox)
{
    if (outbox == NULL) {
        return;
    }
    sender_free(outbox->sender);
    for (int i = 0; outbox->items != NULL && i < outbox->n_items; i++) {
        arena_free(outbox->items[i].arena);
    }
    if (outbox->wake_fd >= 0) {
        close(outbox->wake_fd);
    }
    arena_free(outbox->step.arena);
    arena_free(outbox->arena);
}

void outbox_wake(struct outbox *outbox)
{
    outbox->woken = true;
    uint64_t one = 1;
    ssize_t written = write(outbox->wake_fd, &one, sizeof one);
    (void)written; /* it fails only when so many wakes wait that one more is nothing */
}

void outbox_stop(struct outbox *outbox)
{
    outbox->stop = true;
    outbox_wake(outbox);
}

int64_t outbox_busy_ms(const struct outbox *outbox)
{
    int64_t round = outbox->round_ms;
    return round == 0 ? 0 : clock_monotonic_ms() - round;
}
