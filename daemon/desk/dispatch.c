#include "daemon/desk/dispatch.h"

#include "daemon/desk/answer.h"
#include "daemon/store/conversation_store.h"
#include "daemon/store/outbox_find.h"

static bool audit(const struct desk *desk, const struct dispatch *d, const char *action, const char *subject,
                  struct error *err)
{
    return store_audit(desk->store, d->now, d->actor, action, d->mail_id, subject, err);
}

/* The case is opened or continued, and every Message-ID that belongs to it is noted. */
static bool put_case(const struct desk *desk, struct arena *arena, const struct dispatch *d,
                     const char *message_id, int64_t *ret_case, struct error *err)
{
    static const char *const kinds[] = {"register", "cancel", "newsletter", "place", "goodbye"};
    const struct known_case *asks = &d->plan->asks;
    struct conversation_row row = {
        .id = asks->id,
        .address = asks->address,
        .kind = kinds[asks->kind],
        .round = asks->round,
        .language = asks->language,
        .expected = expected_json(arena, &asks->expected),
    };
    const char *theirs = d->answers == NULL ? NULL : d->answers->message_id;
    if (!conversation_put(desk->store, d->now, &row, err) ||
        !conversation_add_message(desk->store, row.id, message_id, err) ||
        (theirs != NULL && !conversation_add_message(desk->store, row.id, theirs, err))) {
        return false;
    }
    *ret_case = row.id;
    return audit(desk, d, "asked", arena_printf(arena, "conversation %lld", (long long)row.id), err);
}

static bool put_letter(const struct desk *desk, struct arena *arena, const struct dispatch *d,
                       const char *message_id, struct dispatched *ret, struct error *err)
{
    struct answer answer;
    if (!answer_write(desk, arena, d, message_id, &answer, err)) {
        return false;
    }
    struct dispatched done = {0};
    if (d->plan->opens_case && !put_case(desk, arena, d, message_id, &done.case_id, err)) {
        return false;
    }
    struct outbox_row row = {
        .mail_id = d->mail_id,
        .case_id = done.case_id,
        .kind = d->plan->sections.at[0].kind,
        .message_id = message_id,
        .envelope_from = answer.envelope_from,
        .recipient = d->plan->to,
    };
    if (!outbox_put(desk->store, d->now, &row, answer.bytes, answer.len, err) ||
        !audit(desk, d, "answered", arena_printf(arena, "letter %lld", (long long)row.id), err)) {
        return false;
    }
    done.outbox_id = row.id;
    *ret = done;
    return true;
}

bool dispatch_letter(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                     struct dispatched *ret, struct error *err)
{
    struct outbox_row before;
    const char *message_id = answer_message_id(desk, arena, dispatch->seed, err);
    if (message_id == NULL || !outbox_of_message_id(desk->store, arena, message_id, &before, err)) {
        return false;
    }
    if (before.id != 0) {
        *ret = (struct dispatched){.outbox_id = before.id, .case_id = before.case_id, .again = true};
        return true;
    }
    return put_letter(desk, arena, dispatch, message_id, ret, err);
}
