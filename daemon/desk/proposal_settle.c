/* daemon/desk/proposal_settle.c: from what was read to what a person would have done. */
#include "daemon/desk/proposal_parts.h"

#include "base/text.h"
#include "daemon/desk/needs.h"
#include "daemon/store/outbox_find.h"
#include "daemon/store/registration_store.h"

static bool is_signing_up(const struct intent *intent)
{
    return intent->kind == INTENT_REGISTER || intent->kind == INTENT_ANSWER;
}

static bool is_newsletter(const struct intent *intent)
{
    return intent->kind == INTENT_SUBSCRIBE || intent->kind == INTENT_UNSUBSCRIBE ||
           intent->kind == INTENT_CONFIRM;
}

/* What the letters that this mail had already speak of. */
struct told {
    bool anything, question, refusal, newsletter;
};

static bool learn_told(const struct desk *desk, struct arena *arena, int64_t mail_id, struct told *ret,
                       struct error *err)
{
    static const char *const questions[] = {"question", "cancel_which", "cancel_who", "event_unknown"};
    static const char *const refusals[] = {"full",          "closed",    "over",      "event_cancelled",
                                           "too_old",       "too_young", "age_mixed", "already_registered",
                                           "cancel_unknown"};
    struct outbox_rows letters = {0};
    if (!outbox_of_mail(desk->store, arena, mail_id, &letters, err)) {
        return false;
    }
    *ret = (struct told){0};
    for (size_t i = 0; i < letters.row.n; i++) {
        const char *kind = letters.row.at[i].kind;
        ret->anything |= !str_equal(kind, "received") && !str_equal(kind, "staff_entry");
        ret->newsletter |= str_starts(kind, "newsletter_");
        for (size_t k = 0; k < sizeof questions / sizeof *questions; k++) {
            ret->question |= str_equal(kind, questions[k]);
        }
        for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
            ret->refusal |= str_equal(kind, refusals[k]);
        }
    }
    return true;
}

static bool all_registered(const struct desk *desk, struct arena *arena, const struct intent *intent,
                           bool *ret, struct error *err)
{
    *ret = intent->event != NULL && intent->missing == 0 && intent->persons.n > 0;
    for (size_t i = 0; *ret && i < intent->persons.n; i++) {
        struct registration_rows rows = {0};
        const char *key = person_key(arena, &intent->persons.at[i]);
        if (!registrations_of_person(desk->store, arena, intent->event, key, &rows, err)) {
            return false;
        }
        *ret = rows.row.n > 0;
    }
    return true;
}

/* Whether this part of the mail was dealt with when it came. */
static bool is_done(const struct desk *desk, struct arena *arena, const struct intent *intent,
                    const struct told *told, bool corrected, bool *ret, struct error *err)
{
    *ret = false;
    if (!told->anything || corrected) {
        return true;
    }
    if (!is_signing_up(intent)) {
        *ret = (is_newsletter(intent) && told->newsletter) || intent->kind == INTENT_DECLINE;
        return true;
    }
    if (told->refusal || (told->question && (intent->missing != 0 || intent->event == NULL))) {
        *ret = true;
        return true;
    }
    return all_registered(desk, arena, intent, ret, err);
}

static void correct_field(struct arena *arena, struct intent *intent, const struct correction *c)
{
    while (intent->persons.n < c->person) {
        *LIST_ADD(arena, &intent->persons) = (struct person){0};
    }
    intent->persons.at[c->person - 1].field[c->field] =
        (struct fact){.value = c->value, .evidence = {.words = c->value, .source = "staff"}};
}

static bool correct(struct arena *arena, struct intent *intent, const struct corrections *corrections,
                    struct error *err)
{
    unsigned asked = intent->missing;
    if (corrections->event != NULL) {
        intent->event = corrections->event;
        intent->candidates.n = 0;
    }
    if (intent->persons.n == 0) { /* whoever is named now needs everything */
        asked = ~0u;
    } else { /* never through the list of what was read */
        struct person *copy = arena_alloc(arena, intent->persons.n * sizeof *copy);
        memcpy(copy, intent->persons.at, intent->persons.n * sizeof *copy);
        intent->persons.at = copy;
        intent->persons.room = intent->persons.n;
    }
    for (size_t i = 0; i < corrections->field.n; i++) {
        const struct correction *c = &corrections->field.at[i];
        if (c->person > intent->persons.n + 1) {
            return fail(err, "eine Person %zu gibt es nicht; die Mail nennt %zu", c->person,
                        intent->persons.n);
        }
        asked = c->person > intent->persons.n ? ~0u : asked;
        correct_field(arena, intent, c);
    }
    if (is_signing_up(intent)) { /* a person who was not read lacks what was not given */
        intent->missing = (needs_missing(intent) & asked) | (intent->event == NULL ? MISSING_EVENT : 0);
    }
    return true;
}

/* What one intent becomes; false in `*ret_kept`: nothing of it is to be done. */
static bool settle_intent(const struct desk *desk, struct arena *arena, enum case_kind closed,
                          const struct corrections *corrections, const struct told *told,
                          const struct proposal *p, struct intent *intent, bool *ret_kept, struct error *err)
{
    bool corrected = corrections->event != NULL || corrections->field.n > 0, done = false;
    *ret_kept = false;
    if (!is_signing_up(intent) && !is_newsletter(intent) && intent->kind != INTENT_CANCEL &&
        intent->kind != INTENT_DECLINE) {
        return true;
    }
    if (intent->kind == INTENT_ANSWER && p->known.open.id == 0) {
        intent->kind = closed == CASE_CANCEL ? INTENT_CANCEL : INTENT_REGISTER;
    }
    bool concerned = is_signing_up(intent) || intent->kind == INTENT_CANCEL;
    if (corrected && concerned && !correct(arena, intent, corrections, err)) {
        return false;
    }
    needs_intent(arena, &p->known, intent);
    if (!is_done(desk, arena, intent, told, corrected, &done, err)) {
        return false;
    }
    *ret_kept = !done;
    return true;
}

/* Nothing of the kind was read: what the person says makes the registration alone. */
static bool make_registration(struct arena *arena, const struct corrections *corrections,
                              struct reading *settled, struct error *err)
{
    struct intent *intent = LIST_ADD(arena, &settled->intents);
    *intent = (struct intent){
        .kind = INTENT_REGISTER, .missing = ~0u, .evidence = {.words = "von Hand", .source = "staff"}};
    return correct(arena, intent, corrections, err);
}

bool proposal_settle(const struct desk *desk, struct arena *arena, enum case_kind closed,
                     const struct corrections *corrections, struct proposal *p, struct error *err)
{
    struct told told;
    bool concerned = false;
    if (!learn_told(desk, arena, p->mail.id, &told, err)) {
        return false;
    }
    const struct reading read = p->settled;
    p->settled.intents.n = p->settled.intents.room = 0;
    p->settled.intents.at = NULL;
    struct intent *intents = arena_alloc(arena, (read.intents.n + 1) * sizeof *intents);
    bool *kept = arena_alloc(arena, (read.intents.n + 1) * sizeof *kept), cancels = false;
    for (size_t i = 0; i < read.intents.n; i++) {
        intents[i] = read.intents.at[i];
        if (!settle_intent(desk, arena, closed, corrections, &told, p, &intents[i], &kept[i], err)) {
            return false;
        }
        cancels |= kept[i] && intents[i].kind == INTENT_CANCEL;
    }
    for (size_t i = 0; i < read.intents.n; i++) { /* a place is given up for another: that goes together */
        bool signs_up = is_signing_up(&intents[i]);
        if (kept[i] || (cancels && signs_up)) {
            *LIST_ADD(arena, &p->settled.intents) = intents[i];
            concerned |= signs_up || intents[i].kind == INTENT_CANCEL;
        }
    }
    bool corrected = corrections->event != NULL || corrections->field.n > 0;
    if (corrected && !concerned && !make_registration(arena, corrections, &p->settled, err)) {
        return false;
    }
    p->settled.automatic = READING_ACT;
    p->settled.staff = false;
    p->settled.why_staff = NULL;
    return true;
}
