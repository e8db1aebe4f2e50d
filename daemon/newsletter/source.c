#include "daemon/newsletter/source.h"

#include "base/date.h"
#include "base/pulse.h"
#include "base/text.h"
#include "daemon/newsletter/copy.h"
#include "daemon/newsletter/issue_mail.h"
#include "daemon/newsletter/refusal.h"
#include "daemon/post/compose.h"
#include "daemon/post/outbox_pace.h"
#include "daemon/store/ledger_store.h"
#include "daemon/store/newsletter_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRESH_MS = 200, CLAIMED = OUTBOX_AHEAD_MAX, ADDRESS_MAX = 254 /* bytes: what smtp_address takes */ };

/* What the claim read of a copy holds for a moment: mostly its turn comes at once, and the store need not be
 * asked again. */
struct claimed {
    int64_t id, issue_id, subscriber_id, at_ms;
    char address[ADDRESS_MAX + 1];
};

struct newsletter_source {
    const struct config *config;
    struct arena *arena; /* of the issue that is being sent */
    int64_t key;         /* of the store, for tokens */
    int64_t issue_id;    /* 0: none */
    const char *bytes;
    size_t len;
    struct claimed claimed[CLAIMED]; /* the newest in the place of the oldest */
    size_t n_claimed;
    bool nearly_done; /* the last claim found fewer than it might: an issue may end with the next record */
};

struct newsletter_source *newsletter_source_new(struct arena *arena, const struct config *config)
{
    struct newsletter_source *source = ARENA_NEW(arena, struct newsletter_source);
    source->config = config;
    source->arena = arena_new();
    return source;
}

void newsletter_source_free(struct newsletter_source *source)
{
    if (source != NULL) {
        arena_free(source->arena);
    }
}

static bool recover(void *ctx, struct store *store, int64_t now, int64_t *ret_n, struct error *err)
{
    struct newsletter_source *source = ctx;
    return store_key(store, &source->key, err) && ledger_recover(store, now, ret_n, err) &&
           ledger_finish(store, now, err);
}

/* Reads what was claimed, in the claim's transaction; who is no reader any more is dropped here. */
static bool look_at(struct newsletter_source *source, struct store *store, struct arena *arena, int64_t now,
                    struct outbox_ids *ids, struct error *err)
{
    struct outbox_ids kept = {0};
    for (size_t i = 0; i < ids->id.n; i++) {
        struct ledger_copy copy;
        if (!ledger_get(store, arena, ids->id.at[i], &copy, err)) {
            return false;
        }
        if (copy.address == NULL) {
            if (!ledger_drop(store, now, copy.id, err)) {
                return false;
            }
            continue;
        }
        *LIST_ADD(arena, &kept.id) = copy.id;
        struct claimed *claimed = &source->claimed[source->n_claimed++ % CLAIMED];
        claimed->id = strlen(copy.address) <= ADDRESS_MAX ? copy.id : 0;
        claimed->issue_id = copy.issue_id;
        claimed->subscriber_id = copy.subscriber_id;
        claimed->at_ms = pulse_clock_ms();
        snprintf(claimed->address, sizeof claimed->address, "%s", copy.address);
    }
    *ids = kept;
    return true;
}

static bool claim(void *ctx, struct store *store, struct arena *arena, int64_t now, int64_t most,
                  struct outbox_ids *ret, struct error *err)
{
    struct newsletter_source *source = ctx;
    if (!ledger_claim(store, arena, now, most, ret, err) || !look_at(source, store, arena, now, ret, err)) {
        return false;
    }
    source->nearly_done = (int64_t)ret->id.n < most;
    return !source->nearly_done || ledger_finish(store, now, err);
}

/* The mail of the issue, kept for the copies that follow. */
static bool take_issue(struct newsletter_source *source, struct store *store, int64_t issue_id,
                       struct error *err)
{
    if (source->issue_id == issue_id) {
        return true;
    }
    char *bytes;
    size_t len;
    source->issue_id = 0;
    arena_reset(source->arena);
    if (!issue_bytes(store, source->arena, issue_id, &bytes, &len, err)) {
        return false;
    }
    source->bytes = bytes;
    source->len = len;
    source->issue_id = issue_id;
    return true;
}

/* What is not sent after all is noted in a transaction of its own. */
static bool withdraw(struct store *store, const struct ledger_copy *copy, struct error *err)
{
    int64_t now = clock_now();
    bool back = !str_equal(copy->issue_state, "sending");
    if (!store_begin(store, err)) {
        return false;
    }
    if ((back ? !ledger_release(store, now, copy->id, err) : !ledger_drop(store, now, copy->id, err)) ||
        !ledger_finish(store, now, err)) {
        store_rollback(store);
        return false;
    }
    return store_commit(store, err);
}

static bool fill(const struct newsletter_source *source, struct arena *arena, const struct ledger_copy *copy,
                 struct submission *ret, struct error *err)
{
    struct copy_words words = {.address = copy->address,
                               .date = compose_date(arena, clock_now()),
                               .subscriber_token =
                                   newsletter_token_by_key(arena, source->key, copy->subscriber_id),
                               .copy_token = newsletter_copy_token_by_key(arena, source->key, copy->id)};
    if (!copy_fill(arena, source->bytes, source->len, &words, &ret->bytes, &ret->len, err)) {
        return false;
    }
    ret->envelope_from = issue_envelope_from(arena, source->config, words.copy_token);
    ret->recipient = copy->address;
    return true;
}

/* What the claim read, if that was just now. */
static bool just_claimed(struct newsletter_source *source, int64_t id, struct ledger_copy *ret)
{
    int64_t now_ms = pulse_clock_ms();
    for (size_t i = 0; i < CLAIMED; i++) {
        struct claimed *claimed = &source->claimed[i];
        if (claimed->id == id && now_ms - claimed->at_ms <= FRESH_MS) {
            *ret = (struct ledger_copy){.id = id,
                                        .issue_id = claimed->issue_id,
                                        .subscriber_id = claimed->subscriber_id,
                                        .address = claimed->address};
            claimed->id = 0;
            return true;
        }
    }
    return false;
}

static bool make(void *ctx, struct store *store, struct arena *arena, int64_t id, struct submission *ret,
                 struct error *err)
{
    struct newsletter_source *source = ctx;
    struct ledger_copy copy;
    if (just_claimed(source, id, &copy)) {
        copy.address = arena_strdup(arena, copy.address);
        return take_issue(source, store, copy.issue_id, err) && fill(source, arena, &copy, ret, err);
    }
    if (!ledger_get(store, arena, id, &copy, err)) {
        return false;
    }
    if (copy.id == 0 || !str_equal(copy.state, "sending")) {
        return true;
    }
    if (!str_equal(copy.issue_state, "sending") || copy.address == NULL) {
        return withdraw(store, &copy, err);
    }
    return take_issue(source, store, copy.issue_id, err) && fill(source, arena, &copy, ret, err);
}

static bool record_later(struct store *store, struct arena *arena, int64_t now, int64_t id,
                         const struct sender_result *result, const char *reply, struct error *err)
{
    struct ledger_copy copy;
    if (!ledger_get(store, arena, id, &copy, err)) {
        return false;
    }
    double chance = (double)arc4random() / ((double)UINT32_MAX + 1);
    int64_t again = retry_at(now, copy.first_try, copy.attempt + 1, chance);
    if (again == 0) {
        return ledger_record(store, now, id, "failed", reply, 0, err);
    }
    if (result->relay && again > now + 60) {
        again = now + 60; /* the outbox as a whole waits for the relay */
    }
    return ledger_record(store, now, id, "later", reply, again, err);
}

static bool record_not_done(const struct newsletter_source *source, struct store *store, int64_t now,
                            int64_t id, const struct sender_result *result, struct error *err)
{
    struct arena *arena = arena_new();
    const char *reply = smtp_words_without_addresses(arena, result->reply);
    bool ok =
        result->delivery == DELIVERY_LATER
            ? record_later(store, arena, now, id, result, reply, err)
            : ledger_record(store, now, id, result->delivery == DELIVERY_PERMANENT ? "failed" : "unclear",
                            reply, 0, err);
    ok = ok && refusal_note(store, source->config, now, id, reply, err);
    arena_free(arena);
    return ok;
}

static bool record(void *ctx, struct store *store, int64_t now, int64_t id,
                   const struct sender_result *result, struct error *err)
{
    const struct newsletter_source *source = ctx;
    return (result->delivery == DELIVERY_DONE ? ledger_record(store, now, id, "sent", "", 0, err)
                                              : record_not_done(source, store, now, id, result, err)) &&
           (!source->nearly_done || ledger_finish(store, now, err));
}

static bool release(void *ctx, struct store *store, int64_t now, int64_t id, struct error *err)
{
    (void)ctx;
    return ledger_release(store, now, id, err);
}

static bool next_due(void *ctx, struct store *store, int64_t *ret, struct error *err)
{
    (void)ctx;
    return ledger_next_due(store, ret, err);
}

struct outbox_source newsletter_source_of(struct newsletter_source *source)
{
    return (struct outbox_source){
        .name = "newsletter",
        .ctx = source,
        .ahead = 0, /* as many as there are connections */
        .recover = recover,
        .claim = claim,
        .make = make,
        .record = record,
        .release = release,
        .next_due = next_due,
    };
}
