/* daemon/desk/decide_cancel.c: who gives up which place. What the mail leaves open is asked: which event, who
 * of those who came together. */
#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/reading/extent.h"

/* What `r` has of registrations, in the order of the store. */
struct chosen {
    LIST(const struct known_registration *) of;
};

/* A cancellation counts only from the address that registered, or in answer to our letter to it. */
static bool may_cancel(const struct deciding *d, const struct known_registration *r)
{
    return str_equal(r->address, d->known->sender) ||
           (d->known->thread_address != NULL && str_equal(r->address, d->known->thread_address));
}

static bool same_name(struct arena *arena, const char *a, const char *b)
{
    return a != NULL && b != NULL && str_equal(utf8_fold(arena, a), utf8_fold(arena, b));
}

bool is_person(struct arena *arena, const struct known_registration *r, const struct person *person)
{
    const char *last = person->field[LAST_NAME].value;
    return same_name(arena, person->field[FIRST_NAME].value, r->first_name) &&
           (last == NULL || same_name(arena, last, r->last_name));
}

/* The registrations that may be cancelled at this event; NULL: at any. */
static struct chosen theirs_at(const struct deciding *d, const char *event)
{
    struct chosen chosen = {0};
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (may_cancel(d, r) && (event == NULL || str_equal(r->event, event))) {
            *LIST_ADD(d->arena, &chosen.of) = r;
        }
    }
    return chosen;
}

/* The event keeps no names: who came together goes together. */
static bool is_nameless(const struct chosen *group)
{
    for (size_t i = 0; i < group->of.n; i++) {
        if (group->of.at[i]->first_name[0] != '\0' || group->of.at[i]->last_name[0] != '\0') {
            return false;
        }
    }
    return true;
}

/* Those of the group that a list of people names. */
static struct chosen listed(const struct deciding *d, const struct chosen *group,
                            const struct person *persons, size_t n)
{
    struct chosen chosen = {0};
    if (is_nameless(group)) {
        return *group;
    }
    for (size_t i = 0; i < group->of.n; i++) {
        bool found = false;
        for (size_t p = 0; p < n && !found; p++) {
            found = is_person(d->arena, group->of.at[i], &persons[p]);
        }
        if (found) {
            *LIST_ADD(d->arena, &chosen.of) = group->of.at[i];
        }
    }
    return chosen;
}

/* Who was registered for another event by this same mail, in a rebooking. */
static struct chosen rebooked(const struct deciding *d, const struct chosen *group)
{
    struct chosen chosen = {0};
    for (size_t i = 0; i < d->decision->effects.n; i++) {
        const struct effect *effect = &d->decision->effects.at[i];
        if (effect->kind == EFFECT_REGISTER) {
            struct chosen some = listed(d, group, effect->persons.at, effect->persons.n);
            for (size_t k = 0; k < some.of.n; k++) {
                *LIST_ADD(d->arena, &chosen.of) = some.of.at[k];
            }
        }
    }
    return chosen;
}

/* Who of a group stays away; nobody: that must be asked. "Wir" and a single name say two things. */
static struct chosen who_is_meant(const struct deciding *d, const struct intent *intent,
                                  const struct chosen *group)
{
    if (intent->persons.n > 0) {
        return listed(d, group, intent->persons.at, intent->persons.n);
    }
    struct chosen named = rebooked(d, group);
    if (group->of.n == 1 || named.of.n > 0 || is_nameless(group)) {
        return named.of.n > 0 ? named : *group;
    }
    const struct own_words *own = &d->reading->own;
    const char *words = own->text == NULL ? "" : extent_words(d->arena, own);
    for (size_t i = 0; i < group->of.n; i++) {
        if (extent_names(d->arena, words, group->of.at[i]->first_name)) {
            *LIST_ADD(d->arena, &named.of) = group->of.at[i];
        }
    }
    bool all = intent->all_people || intent->all_events;
    if (named.of.n == group->of.n || (all && named.of.n == 0)) {
        return *group;
    }
    if (all) {
        named.of.n = 0;
    }
    return named;
}

static bool is_rebooking(const struct deciding *d)
{
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        if (d->reading->intents.at[i].kind == INTENT_REGISTER) {
            return true;
        }
    }
    return false;
}

/* A question about a cancellation opens a case; a mail has one question at most. */
static struct section *ask(struct deciding *d, const char *kind, const struct event *event)
{
    if (d->decision->answer.opens_case) {
        add_queue(
            d, "two_incomplete",
            "Die Mail sagt nicht, welche Anmeldung abgesagt wird, und enthält noch eine offene Anmeldung. "
            "Bitte klären Sie die Absage.");
        return NULL;
    }
    struct known_case *asks = &d->decision->answer.asks;
    d->decision->answer.opens_case = true;
    *asks = (struct known_case){.kind = CASE_CANCEL, .round = 1, .address = d->known->sender};
    asks->language = d->decision->language;
    asks->expected.missing = MISSING_EVENT;
    asks->expected.confirm_which_cancel = true;
    asks->expected.event = event == NULL ? NULL : event->code;
    if (d->decision->state == MAIL_DONE) {
        d->decision->state = MAIL_ASKED;
    }
    return add_section(d, kind, event);
}

static void ask_which(struct deciding *d, const struct section *choices)
{
    struct section *section = ask(d, "cancel_which", NULL);
    if (section != NULL) {
        memcpy(&section->offered, &choices->offered, sizeof section->offered);
        memcpy(&d->decision->answer.asks.expected.offered, &choices->offered, sizeof section->offered);
    }
}

static void ask_who(struct deciding *d, const struct event *event, const struct chosen *group)
{
    struct section *section = ask(d, "cancel_who", event);
    for (size_t i = 0; section != NULL && i < group->of.n; i++) {
        const struct known_registration *r = group->of.at[i];
        *LIST_ADD(d->arena, &section->persons) = r->person;
        struct person *named = LIST_ADD(d->arena, &d->decision->answer.asks.expected.persons);
        named->field[FIRST_NAME].value = r->first_name;
        named->field[LAST_NAME].value = r->last_name;
    }
}

/* Who registered hears of it when somebody else who had our letter cancels. */
static void copy_to_owner(struct deciding *d, const struct known_registration *r, const struct event *event)
{
    if (str_equal(r->address, d->known->sender) || r->address[0] == '\0') {
        return;
    }
    struct letter_plan *copy = NULL;
    for (size_t i = 0; i < d->decision->questions.n; i++) {
        struct letter_plan *plan = &d->decision->questions.at[i];
        if (str_equal(plan->to, r->address) && str_equal(plan->sections.at[0].kind, "cancelled") &&
            plan->sections.at[0].event == event) {
            copy = plan;
        }
    }
    if (copy == NULL) {
        copy = LIST_ADD(d->arena, &d->decision->questions);
        copy->to = r->address;
        struct section *section = LIST_ADD(d->arena, &copy->sections);
        section->kind = "cancelled";
        section->event = event;
        section->by_other = true;
        section->waiting = true;
    }
    *LIST_ADD(d->arena, &copy->sections.at[0].persons) = r->person;
    copy->sections.at[0].waiting &= r->waiting;
}

static void cancel_these(struct deciding *d, const struct event *event, const struct chosen *these)
{
    struct section *section = add_section(d, "cancelled", event);
    section->waiting = true;
    section->rebooking = is_rebooking(d);
    for (size_t i = 0; i < these->of.n; i++) {
        const struct known_registration *r = these->of.at[i];
        add_effect(d, EFFECT_CANCEL)->id = r->id;
        *LIST_ADD(d->arena, &section->persons) = r->person;
        section->waiting &= r->waiting;
    }
    for (size_t i = 0; i < these->of.n; i++) {
        copy_to_owner(d, these->of.at[i], event);
    }
}

static void cancel_at(struct deciding *d, const struct intent *intent, const char *code)
{
    const struct event *event = programme_find(d->known->programme, code);
    struct chosen group = theirs_at(d, code);
    struct chosen these = who_is_meant(d, intent, &group);
    if (these.of.n == 0) {
        ask_who(d, event, &group);
    } else {
        cancel_these(d, event, &these);
    }
}

/* What waits for a place at the new event; NULL: nothing, or at several. */
static struct effect *waits(const struct deciding *d)
{
    struct effect *found = NULL;
    for (size_t i = 0; i < d->decision->effects.n; i++) {
        struct effect *effect = &d->decision->effects.at[i];
        if (effect->kind == EFFECT_REGISTER && effect->waiting) {
            if (found != NULL) {
                return NULL;
            }
            found = effect;
        }
    }
    return found;
}

/* Whoever waits at the new event gives the old place up when they move up there: that is what they asked for.
 * Those of whom that is clear. */
static struct chosen give_up_later(const struct deciding *d, const struct chosen *old)
{
    struct effect *effect = waits(d);
    struct chosen given_up = {0};
    if (effect != NULL && effect->instead.n > 0) {
        return given_up; /* another place is given up for it already */
    }
    bool nameless = is_nameless(old);
    for (size_t p = 0; effect != NULL && p < effect->persons.n; p++) {
        const struct known_registration *r = nameless && p < old->of.n ? old->of.at[p] : NULL;
        for (size_t i = 0; !nameless && r == NULL && i < old->of.n; i++) {
            r = is_person(d->arena, old->of.at[i], &effect->persons.at[p]) ? old->of.at[i] : NULL;
        }
        *LIST_ADD(d->arena, &effect->instead) = r == NULL ? 0 : r->id;
        if (r != NULL) {
            *LIST_ADD(d->arena, &given_up.of) = r;
        }
    }
    return given_up;
}

/* The new place is not had: the old one stays, and that is said. */
static void keep_old(struct deciding *d, const struct chosen *theirs)
{
    const struct event *event = NULL;
    for (size_t i = 0; i < theirs->of.n; i++) {
        const struct event *one = programme_find(d->known->programme, theirs->of.at[i]->event);
        if (event != NULL && one != event) {
            return; /* which one they meant was never asked, as nothing is given up */
        }
        event = one;
    }
    if (event != NULL) {
        struct chosen given_up = give_up_later(d, theirs);
        const struct chosen *kept = given_up.of.n > 0 ? &given_up : theirs;
        struct section *section = add_section(d, "place_kept", event);
        section->rebooking = given_up.of.n > 0;
        for (size_t i = 0; i < kept->of.n; i++) {
            *LIST_ADD(d->arena, &section->persons) = kept->of.at[i]->person;
            section->waiting |= kept->of.at[i]->waiting;
        }
    }
}

/* Nothing is known under this address. Where somebody of that name has a place under another one, staff
 * can help; the letter tells nothing of it. */
static void nothing_known(struct deciding *d, const struct intent *intent)
{
    const struct event *event =
        intent->event == NULL ? NULL : programme_find(d->known->programme, intent->event);
    add_section(d, "cancel_unknown", event);
    if (d->known->namesakes.n > 0) {
        const struct known_registration *r = &d->known->namesakes.at[0];
        add_queue(
            d, "cancel_unknown",
            arena_printf(
                d->arena,
                "Absage von einer Mailadresse, unter der nichts bekannt ist. Unter diesem Namen ist bei "
                "%s angemeldet: %s %s (%s). Ist es dieselbe Person? Dann sagen Sie bitte ab: stadtlabor "
                "registrations cancel %lld",
                r->event, r->first_name, r->last_name, r->address, (long long)r->id));
    }
}

void decide_cancel(struct deciding *d, const struct intent *intent)
{
    struct chosen theirs = theirs_at(d, intent->event);
    if (d->kept_place && is_rebooking(d)) {
        keep_old(d, &theirs);
        return;
    }
    struct section choices = {0};
    bool others = false; /* they belong to the address that our letter went to */
    for (size_t i = 0; i < theirs.of.n; i++) {
        bool there = false;
        for (size_t k = 0; k < choices.offered.n; k++) {
            there |= str_equal(choices.offered.at[k], theirs.of.at[i]->event);
        }
        if (!there) {
            *LIST_ADD(d->arena, &choices.offered) = theirs.of.at[i]->event;
        }
        others |= !str_equal(theirs.of.at[i]->address, d->known->sender);
    }
    if (choices.offered.n == 0) {
        nothing_known(d, intent);
    } else if (choices.offered.n > 1 && others) { /* who got one letter need not know of the others */
        add_queue(d, "cancel_other",
                  "Absage als Antwort auf unseren Brief, aber von einer anderen Mailadresse, und ohne die "
                  "Veranstaltung zu nennen; angemeldet ist die Person zu mehreren. Bitte klären Sie, welche "
                  "gemeint ist.");
    } else if (choices.offered.n > 1 && !intent->all_events) {
        ask_which(d, &choices);
    } else {
        for (size_t i = 0; i < choices.offered.n; i++) {
            cancel_at(d, intent, choices.offered.at[i]);
        }
        close_case(d, d->known->open.kind == CASE_CANCEL ? &d->known->open : &(struct known_case){0});
    }
}

/* A place from the waiting list is given back: that of the people whom we wrote to about it, and no other. */
void decline_place(struct deciding *d)
{
    const struct known_case *open = &d->known->open;
    const struct expected *about = &open->expected;
    const struct event *event = programme_find(d->known->programme, about->event);
    struct chosen group = {0};
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (str_equal(r->event, about->event) && str_equal(r->address, open->address)) {
            *LIST_ADD(d->arena, &group.of) = r;
        }
    }
    struct chosen these = listed(d, &group, about->persons.at, about->persons.n);
    if (these.of.n > 0) {
        cancel_these(d, event, &these);
    } else {
        add_section(d, "cancel_unknown", event);
    }
    close_case(d, open);
}
