#include "daemon/desk/apply.h"

#include "daemon/desk/apply_newsletter.h"
#include "daemon/desk/care.h"
#include "daemon/desk/dispatch.h"
#include "daemon/desk/known.h"
#include "daemon/desk/places.h"
#include "daemon/store/conversation_store.h"
#include "daemon/store/queue_store.h"
#include "daemon/store/registration_store.h"

#include <jansson.h>
#include <stdlib.h>

static const char actor[] = "stadtlabord";

struct applying {
    const struct desk *desk;
    struct arena *arena;
    const struct handled *h;
    int64_t now;
};

static const char *actor_of(const struct applying *a)
{
    return a->h->actor != NULL ? a->h->actor : actor;
}

static bool audit(const struct applying *a, const char *action, const char *subject, struct error *err)
{
    return store_audit(a->desk->store, a->now, actor_of(a), action, a->h->row->id, subject, err);
}

/* For each field its words, where they stand and the pattern that found them. */
static const char *evidence_json(struct arena *arena, const struct person *person)
{
    json_t *all = json_object();
    for (int f = 0; f < PERSON_FIELDS; f++) {
        const struct fact *fact = &person->field[f];
        if (fact->value != NULL) {
            const struct evidence *e = &fact->evidence;
            json_object_set_new(all, person_field_name(f),
                                json_pack("{ss? ss? sI sI ss? ss?}", "words", e->words, "source", e->source,
                                          "at", (json_int_t)e->at, "len", (json_int_t)e->len, "pattern",
                                          e->pattern, "where", e->where));
        }
    }
    char *dumped = json_dumps(all, JSON_COMPACT);
    const char *copy = arena_strdup(arena, dumped);
    free(dumped);
    json_decref(all);
    return copy;
}

static bool apply_register(const struct applying *a, const struct effect *effect, struct error *err)
{
    for (size_t i = 0; i < effect->persons.n; i++) {
        const struct person *person = &effect->persons.at[i];
        struct registration_row row = {
            .event = effect->event,
            .mail_id = a->h->row->id,
            .party = a->h->row->id,
            .state = effect->waiting ? "waiting" : "confirmed",
            .address = a->h->known->open.id != 0 ? a->h->known->open.address : a->h->known->sender,
            .language = a->h->decision->language,
            .evidence = evidence_json(a->arena, person),
            .instead_of = i < effect->instead.n ? effect->instead.at[i] : 0,
        };
        known_row(a->arena, person, &row);
        if (!registration_add(a->desk->store, a->now, &row, err) ||
            !audit(a, "registered", arena_printf(a->arena, "registration %lld", (long long)row.id), err)) {
            return false;
        }
    }
    return true;
}

static bool apply_change(const struct applying *a, const struct effect *effect, struct error *err)
{
    const struct person *person = &effect->persons.at[0];
    struct registration_row row = {.id = effect->id, .evidence = evidence_json(a->arena, person)};
    known_row(a->arena, person, &row);
    return registration_change(a->desk->store, a->now, &row, err) &&
           audit(a, "changed", arena_printf(a->arena, "registration %lld", (long long)effect->id), err);
}

static bool apply_effect(const struct applying *a, const struct effect *effect, struct error *err)
{
    struct store *store = a->desk->store;
    int64_t mail_id = a->h->row->id, entry;
    bool changed;
    switch (effect->kind) {
    case EFFECT_REGISTER:
        return apply_register(a, effect, err);
    case EFFECT_CANCEL:
        return registration_cancel(store, a->now, effect->id, &changed, err) &&
               audit(a, "cancelled", arena_printf(a->arena, "registration %lld", (long long)effect->id), err);
    case EFFECT_CHANGE:
        return apply_change(a, effect, err);
    case EFFECT_ASK_NEWSLETTER:
    case EFFECT_SUBSCRIBE:
    case EFFECT_SUBSCRIBE_AGAIN:
    case EFFECT_UNSUBSCRIBE:
    case EFFECT_COMPLAINT:
    case EFFECT_RETURNED:
    case EFFECT_RESUME:
        return apply_newsletter(a->desk, a->arena, a->h, effect, err);
    case EFFECT_CLOSE_CASE:
        return conversation_close(store, a->now, effect->id, err);
    case EFFECT_QUEUE:
        return queue_add(store, a->now, mail_id, effect->id, effect->reason, effect->words, &entry, err) &&
               care_entry(a->desk, a->arena, a->h, entry, effect, err) &&
               audit(a, "queued", effect->reason, err);
    }
    return fail(err, "unknown effect %d", effect->kind);
}

static bool put_letter(const struct applying *a, const struct letter_plan *plan, int number,
                       struct error *err)
{
    const struct mail_row *row = a->h->row;
    struct dispatch dispatch = {
        .plan = plan,
        .answers = a->h->letter,
        .seed = arena_printf(a->arena, "%s %lld %s%d", row->identity, (long long)row->id,
                             a->h->occasion != NULL ? a->h->occasion : "", number),
        .language = a->h->decision->language,
        .now = a->now,
        .mail_id = row->id,
        .actor = actor_of(a),
    };
    struct dispatched done;
    return dispatch_letter(a->desk, a->arena, &dispatch, &done, err) &&
           apply_question(a->desk, a->arena, &dispatch, err) &&
           (done.case_id == 0 || mail_set_case(a->desk->store, row->id, done.case_id, err));
}

bool apply_decision(const struct desk *desk, struct arena *arena, const struct handled *handled,
                    struct error *err)
{
    struct applying a = {.desk = desk, .arena = arena, .h = handled, .now = handled->known->now};
    const struct decision *decision = handled->decision;
    const struct letter *letter = handled->letter;
    struct mail_row *row = handled->row;
    row->state = mail_state_name(decision->state);
    row->reason = decision->reason;
    row->sender = handled->known->sender;
    row->sender_name = letter->from.name == NULL ? "" : letter->from.name;
    row->subject = letter->subject;
    row->message_id = letter->message_id == NULL ? "" : letter->message_id;
    row->reading = handled->kept;
    row->case_id = handled->known->open.id;
    if (!mail_add(desk->store, row, handled->bytes, handled->len, err) ||
        !audit(&a, "handled", row->state, err)) {
        return false;
    }
    return apply_effects(desk, arena, handled, err);
}

bool apply_effects(const struct desk *desk, struct arena *arena, const struct handled *handled,
                   struct error *err)
{
    struct applying a = {.desk = desk, .arena = arena, .h = handled, .now = handled->known->now};
    const struct decision *decision = handled->decision;
    for (size_t i = 0; i < decision->effects.n; i++) {
        if (!apply_effect(&a, &decision->effects.at[i], err)) {
            return false;
        }
    }
    int number = 0;
    if (decision->answer.sections.n > 0 && !put_letter(&a, &decision->answer, number++, err)) {
        return false;
    }
    for (size_t i = 0; i < decision->questions.n; i++) {
        if (!put_letter(&a, &decision->questions.at[i], number++, err)) {
            return false;
        }
    }
    struct cause cause = {.now = a.now, .mail_id = handled->row->id, .actor = actor_of(&a)};
    return places_settle(desk, arena, &cause, err);
}

bool apply_unread(const struct desk *desk, struct mail_row *row, const char *why, const char *words,
                  const char *bytes, size_t len, struct error *err)
{
    row->state = "queued";
    row->reason = why;
    return mail_add(desk->store, row, bytes, len, err) &&
           queue_add(desk->store, row->received, row->id, 0, why, words, NULL, err) &&
           store_audit(desk->store, row->received, actor, "queued", row->id, why, err);
}
