#include "daemon/desk/subscribing.h"

#include "base/text.h"
#include "daemon/desk/apply_newsletter.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/subscriber_store.h"

static bool note(const struct subscribing *s, struct arena *arena, const char *address, const char *kind,
                 const char *words, const char *action, struct error *err)
{
    struct subscriber_row row;
    struct consent_step step = {.kind = kind, .at = s->now, .actor = s->actor, .words = words};
    return consent_add(s->desk->store, address, &step, err) &&
           subscriber_get(s->desk->store, arena, address, &row, err) &&
           store_audit(s->desk->store, s->now, s->actor, action, 0,
                       arena_printf(arena, "subscriber %lld", (long long)row.id), err);
}

/* The letter about the newsletter that asks for a yes; one for an occasion. */
static bool send_letter(const struct subscribing *s, struct arena *arena, const struct subscriber_row *to,
                        const char *kind, enum case_kind case_kind, struct error *err)
{
    struct letter_plan plan = {.to = to->address, .opens_case = true};
    struct section *section = LIST_ADD(arena, &plan.sections);
    section->kind = kind;
    section->again = case_kind == CASE_GOODBYE;
    plan.acknowledgement = case_kind == CASE_GOODBYE;
    plan.asks = (struct known_case){.kind = case_kind, .round = 1, .address = to->address};
    plan.asks.language = to->language;
    plan.asks.expected.confirm_newsletter = case_kind == CASE_NEWSLETTER;
    plan.asks.expected.keep_newsletter = case_kind == CASE_GOODBYE;
    struct dispatch dispatch = {
        .plan = &plan,
        .seed = arena_printf(arena, "%s subscriber %lld at %lld", kind, (long long)to->id, (long long)s->now),
        .language = to->language,
        .now = s->now,
        .actor = s->actor,
    };
    struct dispatched done;
    return dispatch_letter(s->desk, arena, &dispatch, &done, err) &&
           apply_question(s->desk, arena, &dispatch, err);
}

static bool ask(const struct subscribing *s, struct arena *arena, const char *address, const char *language,
                struct error *err)
{
    struct store *store = s->desk->store;
    struct subscriber_wish wish = {.address = address, .language = language, .by_other = true};
    struct subscriber_row row;
    int64_t id;
    return subscriber_ask(store, s->now, &wish, &id, err) &&
           suppression_put(store, s->now, address, "asked", err) &&
           note(s, arena, address, "request", "", "newsletter_asked", err) &&
           subscriber_of_id(store, arena, id, &row, err) &&
           send_letter(s, arena, &row, "newsletter_confirm", CASE_NEWSLETTER, err);
}

static bool enter(const struct subscribing *s, struct arena *arena, const char *address, const char *language,
                  struct error *err)
{
    struct store *store = s->desk->store;
    int64_t id;
    return subscriber_enter(store, s->now, address, language, &id, err) &&
           suppression_remove(store, address, err) &&
           note(s, arena, address, s->imported ? "imported" : "entered", s->consent, "newsletter_entered",
                err);
}

bool subscribing_put(const struct subscribing *s, struct arena *arena, const char *address,
                     const char *language, enum subscribed *ret, struct error *err)
{
    struct subscriber_row row;
    const char *reason;
    int64_t since;
    if (!subscriber_get(s->desk->store, arena, address, &row, err) ||
        !suppression_get(s->desk->store, arena, address, &reason, &since, err)) {
        return false;
    }
    bool asked = str_equal(row.state, "asked") || str_equal(reason, "asked");
    bool left = str_equal(row.state, "unsubscribed") || (reason[0] != '\0' && !str_equal(reason, "asked"));
    bool by_word = s->consent != NULL && !s->imported;
    if (str_equal(row.state, "subscribed") || (asked && s->imported && s->consent == NULL)) {
        *ret = SUBSCRIBED_ALREADY;
        return true;
    }
    if (left && !by_word) {
        *ret = SUBSCRIBED_LEFT;
        return true;
    }
    *ret = s->consent != NULL ? SUBSCRIBED_NEW : SUBSCRIBED_ASKED;
    return s->consent != NULL ? enter(s, arena, address, language, err)
                              : ask(s, arena, address, language, err);
}

bool subscribing_remove(const struct subscribing *s, struct arena *arena, const char *address, bool letter,
                        bool *ret_was_in, struct error *err)
{
    struct store *store = s->desk->store;
    struct subscriber_row row;
    if (!subscriber_get(store, arena, address, &row, err)) {
        return false;
    }
    *ret_was_in = row.id != 0 && !str_equal(row.state, "unsubscribed");
    return !*ret_was_in ||
           (subscriber_leave(store, s->now, address, err) &&
            suppression_put(store, s->now, address, "left", err) &&
            note(s, arena, address, "left", "", "newsletter_left", err) &&
            (!letter || send_letter(s, arena, &row, "newsletter_goodbye", CASE_GOODBYE, err)));
}

bool subscribing_restore(const struct subscribing *s, struct arena *arena, const char *address,
                         bool *ret_was_suspended, struct error *err)
{
    struct subscriber_row row;
    if (!subscriber_get(s->desk->store, arena, address, &row, err)) {
        return false;
    }
    *ret_was_suspended = row.suspended[0] != '\0';
    return !*ret_was_suspended || (subscriber_resume(s->desk->store, s->now, address, err) &&
                                   note(s, arena, address, "resumed", "", "newsletter_resumed", err));
}
