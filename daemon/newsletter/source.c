#include "daemon/newsletter/source.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/newsletter/copy.h"
#include "daemon/newsletter/issue_mail.h"
#include "daemon/newsletter/refusal.h"
#include "daemon/post/compose.h"
#include "daemon/post/outbox_pace.h"
#include "daemon/store/ledger_store.h"
#include "daemon/store/newsletter_token.h"

#include <stdio.h>
#include <string.h>

struct newsletter_source {
    const struct config *config;
    struct arena *arena; /* of the issue that is being sent */
    int64_t key;         /* of the store, for tokens */
    int64_t issue_id;    /* 0: none */
    const char *bytes;
    size_t len;
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

static bool claim(void *ctx, struct store *store, struct arena *arena, int64_t now, int64_t most,
                  struct outbox_ids *ret, struct error *err)
{
    struct newsletter_source *source = ctx;
    if (!ledger_claim(store, arena, now, most, ret, err)) {
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

/* It is not sent after all. */
static bool withdraw(struct store *store, const struct ledger_copy *copy, struct error *err)
{
    int64_t now = clock_now();
    bool back = !str_equal(copy->issue_state, "sending");
    return (back ? ledger_release(store, now, copy->id, err) : ledger_drop(store, now, copy->id, err)) &&
           ledger_finish(store, now, err);
}

static bool fill(const struct newsletter_source *source, struct arena *arena, const struct ledger_copy *copy,
                 struct submission *ret, struct error *err)
{
    struct copy_words words = {.address = copy->address,
                               .date = compose_date(arena, clock_now()),
                               .subscriber_token = newsletter_token(arena, source->key, copy->subscriber_id),
                               .copy_token = newsletter_copy_token(arena, source->key, copy->id)};
    if (!copy_fill(arena, source->bytes, source->len, &words, &ret->bytes, &ret->len, err)) {
        return false;
    }
    ret->envelope_from = issue_envelope_from(arena, source->config, words.copy_token);
    ret->recipient = copy->address;
    return true;
}

static bool make(void *ctx, struct store *store, struct arena *arena, int64_t id, struct submission *ret,
                 struct error *err)
{
    struct newsletter_source *source = ctx;
    struct ledger_copy copy;
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
    int64_t again = retry_drawn(now, copy.first_try, copy.attempt + 1, result->relay);
    return ledger_record(store, now, id, again == 0 ? "failed" : "later", reply, again, err);
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
