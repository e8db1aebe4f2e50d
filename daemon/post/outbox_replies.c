/* The replies: letters of table outbox, the first source of messages. */
#include "daemon/post/outbox.h"

#include "daemon/post/other_ways.h"
#include "daemon/post/outbox_pace.h"
#include "daemon/store/outbox_find.h"
#include "daemon/store/queue_store.h"

/* A relay that takes letters and never says so would get one copy after the other. */
enum { UNCLEAR_MAX = 5, AHEAD = 40 };

static bool recover(void *ctx, struct store *store, int64_t now, int64_t *ret_n, struct error *err)
{
    (void)ctx;
    return outbox_recover(store, now, ret_n, err);
}

static bool claim(void *ctx, struct store *store, struct arena *arena, int64_t now, int64_t most,
                  struct outbox_ids *ret, struct error *err)
{
    (void)ctx;
    return outbox_claim(store, arena, now, most, ret, err);
}

static bool make(void *ctx, struct store *store, struct arena *arena, int64_t id, struct submission *ret,
                 struct error *err)
{
    (void)ctx;
    struct outbox_letter letter;
    if (!outbox_letter(store, arena, id, &letter, err)) {
        return false;
    }
    *ret = (struct submission){id, letter.envelope_from, letter.recipient, letter.bytes, letter.len};
    return true;
}

/* German, for staff: what happened, in the relay's words, and what to do. */
static const char *words_for_staff(struct arena *arena, const struct outbox_row *row,
                                   const struct sender_result *result, const char *ways)
{
    if (result->delivery == DELIVERY_UNCLEAR) {
        return arena_printf(
            arena,
            "Ob unser Brief an %s angekommen ist, weiß niemand: Der Mailserver hat ihn mehrmals "
            "genommen und nie bestätigt (%s). Bitte bei der Person nachfragen.%s",
            row->recipient, result->reply, ways);
    }
    return arena_printf(
        arena,
        "Unser Brief an %s konnte nicht zugestellt werden%s. Der Mailserver sagt: „%s“. Bitte die "
        "Adresse prüfen oder die Person auf anderem Weg erreichen.%s",
        row->recipient, result->delivery == DELIVERY_LATER ? ", auch nicht nach zwei Tagen" : "",
        result->reply, ways);
}

static bool record_failed(struct store *store, struct arena *arena, int64_t now, const struct outbox_row *row,
                          const struct sender_result *result, struct error *err)
{
    const char *ways = "";
    return outbox_record(store, now, row->id, "failed", result->reply, 0, err) &&
           other_ways(store, arena, row->id, now, &ways, err) &&
           queue_add(store, now, row->mail_id, row->id, "undeliverable",
                     words_for_staff(arena, row, result, ways), NULL, err) &&
           store_audit(store, now, "stadtlabord", "undeliverable", row->mail_id,
                       arena_printf(arena, "outbox %lld", (long long)row->id), err);
}

static bool record_not_done(struct store *store, struct arena *arena, int64_t now, int64_t id,
                            const struct sender_result *result, struct error *err)
{
    struct outbox_row row;
    int64_t again_before;
    if (!outbox_get(store, arena, id, &row, err)) {
        return false;
    }
    if (row.id == 0) {
        return true;
    }
    if (!outbox_times_again(store, row.id, row.mail_id, &again_before, err)) {
        return false;
    }
    int64_t again = retry_drawn(now, row.created, row.attempt + 1, result->relay);
    bool unclear = result->delivery == DELIVERY_UNCLEAR;
    if (result->delivery == DELIVERY_PERMANENT || again == 0 ||
        (unclear && again_before + 1 >= UNCLEAR_MAX)) {
        return record_failed(store, arena, now, &row, result, err);
    }
    return outbox_record(store, now, id, unclear ? "unclear" : "later", result->reply, again, err);
}

static bool record(void *ctx, struct store *store, int64_t now, int64_t id,
                   const struct sender_result *result, struct error *err)
{
    (void)ctx;
    if (result->delivery == DELIVERY_DONE) {
        return outbox_record(store, now, id, "sent", result->reply, 0, err);
    }
    struct arena *arena = arena_new();
    bool ok = record_not_done(store, arena, now, id, result, err);
    arena_free(arena);
    return ok;
}

static bool release(void *ctx, struct store *store, int64_t now, int64_t id, struct error *err)
{
    (void)ctx;
    return outbox_release(store, now, id, err);
}

static bool next_due(void *ctx, struct store *store, int64_t *ret, struct error *err)
{
    (void)ctx;
    return outbox_next_due(store, ret, err);
}

const struct outbox_source outbox_replies = {
    .name = "replies",
    .ahead = AHEAD,
    .recover = recover,
    .claim = claim,
    .make = make,
    .record = record,
    .release = release,
    .next_due = next_due,
};
