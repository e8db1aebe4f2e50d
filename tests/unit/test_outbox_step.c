/* One step of the outbox, with a source that fails when it is told to: no letter goes out here. */
#include "daemon/post/outbox_loop.h"

#include "base/date.h"
#include "tests/unit/store_room.h"

static struct arena *arena;
static struct store *store;
static struct outbox *outbox;
static struct error err;
static char *folder;

/* Messages 1 to `due`; what became of one is a fact in the store, as a ledger's would be. */
static struct {
    int64_t due, claimed, recorded;
    bool spoilt;
} source;

static bool nothing_left(void *ctx, struct store *s, int64_t now, int64_t *ret_n, struct error *e)
{
    (void)ctx, (void)s, (void)now, (void)e;
    *ret_n = 0;
    return true;
}

static bool claim(void *ctx, struct store *s, struct arena *a, int64_t now, int64_t most,
                  struct outbox_ids *ret, struct error *e)
{
    (void)ctx, (void)s, (void)now, (void)e;
    for (; most > 0 && source.claimed < source.due; most--) {
        *LIST_ADD(a, &ret->id) = ++source.claimed;
    }
    return true;
}

static bool make(void *ctx, struct store *s, struct arena *a, int64_t id, struct submission *ret,
                 struct error *e)
{
    (void)ctx, (void)s;
    if (source.spoilt) {
        return fail(e, "message %lld cannot be made", (long long)id);
    }
    ret->recipient = ret->envelope_from = "reader@example.org";
    ret->bytes = arena_strdup(a, "Subject: copy\r\n\r\n");
    ret->len = strlen(ret->bytes);
    return true;
}

static bool record(void *ctx, struct store *s, int64_t now, int64_t id, const struct sender_result *result,
                   struct error *e)
{
    (void)ctx, (void)now;
    source.recorded++;
    return store_fact_set(s, arena_printf(arena, "copy-%lld", (long long)id), result->delivery, e);
}

static bool release(void *ctx, struct store *s, int64_t now, int64_t id, struct error *e)
{
    (void)ctx, (void)s, (void)now, (void)id, (void)e;
    return true;
}

static bool next_due(void *ctx, struct store *s, int64_t *ret, struct error *e)
{
    (void)ctx, (void)s, (void)e;
    *ret = INT64_MAX;
    return true;
}

static void begin(void)
{
    static const struct outbox_source more = {.name = "more",
                                              .ahead = 4,
                                              .recover = nothing_left,
                                              .claim = claim,
                                              .make = make,
                                              .record = record,
                                              .release = release,
                                              .next_due = next_due};
    struct outbox_settings settings = {
        .sender = {.host = "127.0.0.1", .port = 1, .tls = TLS_NONE}, .more = &more, .n_more = 1};
    arena = arena_new();
    store = room_store(arena, &folder);
    if (!outbox_new(&settings, store, &outbox, &err)) {
        room_failed(err.what);
    }
    memset(&source, 0, sizeof source);
}

static void end(void)
{
    outbox_free(outbox);
    room_end(arena, store, folder);
}

/* As the relay has taken it. */
static void taken(struct item *item)
{
    item->result = (struct sender_result){.delivery = DELIVERY_DONE, .reply = "250 taken"};
    item_set(outbox, item, ITEM_ENDED);
}

TEST(what_the_relay_took_is_recorded_whatever_fails_beside_it)
{
    begin();
    source.due = 1;
    outbox_step(outbox, false);
    CHECK_INT(items_in(outbox, ITEM_WAITING), 1);
    taken(&outbox->items[0]);
    source.due = 2;
    source.spoilt = true;
    outbox->sources[1].dry = false;
    outbox_step(outbox, false);
    CHECK_INT(store_fact(store, "copy-1", -1), DELIVERY_DONE);
    CHECK_INT(items_in(outbox, ITEM_ENDED) + items_in(outbox, ITEM_WAITING), 0);
    CHECK(outbox_store_paused(outbox, clock_monotonic_ms())); /* and nothing is claimed for a while */
    end();
}

TEST(a_message_is_looked_at_again_while_somebody_writes)
{
    begin();
    struct store *other = NULL;
    CHECK_ROW(store_open(store_path(store), &other, &err), "%s", err.what);
    source.due = 1;
    outbox_step(outbox, false);
    CHECK(store_begin(other, &err));
    int64_t before_ms = clock_monotonic_ms();
    CHECK(outbox_remake(outbox, &outbox->items[0]));
    CHECK(clock_monotonic_ms() - before_ms < STORE_WAIT_MS / 2);
    CHECK_INT(items_in(outbox, ITEM_WAITING), 1);
    store_end(other, false, &err);
    store_close(other);
    end();
}

/* However letters and answers come and go: what a crash would leave in doubt is never more than `ahead`. */
TEST(no_more_are_begun_in_the_store_than_may_be_in_doubt)
{
    begin();
    source.due = 200;
    int64_t most = 0;
    for (int round = 0; round < 50000 && source.recorded < source.due; round++) {
        struct item *item = &outbox->items[round * 7 % outbox->n_items];
        if (item->state == ITEM_WAITING) {
            item_set(outbox, item, ITEM_UNDER_WAY);
        } else if (item->state == ITEM_UNDER_WAY) {
            taken(item);
        }
        outbox_step(outbox, false);
        int64_t in_doubt = source.claimed - source.recorded;
        most = in_doubt > most ? in_doubt : most;
    }
    CHECK_INT(source.recorded, source.due);
    CHECK_INT(most, 4);
    end();
}

int main(void)
{
    RUN(what_the_relay_took_is_recorded_whatever_fails_beside_it);
    RUN(no_more_are_begun_in_the_store_than_may_be_in_doubt);
    RUN(a_message_is_looked_at_again_while_somebody_writes);
    return check_done();
}
