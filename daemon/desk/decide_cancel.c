/* daemon/desk/decide_cancel.c: who gives up which place. What the mail leaves open is asked: which event, who
 * of those who came together. */
#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "parsers/reading/extent.h"

/* A cancellation counts only from the address that registered, or in answer to our letter to it. */
static bool may_cancel(const struct deciding *d, const struct known_registration *r)
{
    return str_equal(r->address, d->known->sender) ||
           (d->known->thread_address != NULL && str_equal(r->address, d->known->thread_address));
}

/* The registrations that may be cancelled at this event; NULL: at any but those that this mail asks for. */
static struct chosen theirs_at(const struct deciding *d, const char *event)
{
    struct chosen chosen = {0};
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        bool there = event == NULL ? !registers_for(d, r->event) : str_equal(r->event, event);
        if (there && may_cancel(d, r)) {
            *LIST_ADD(d->arena, &chosen.of) = r;
        }
    }
    return chosen;
}

/* Those of the group that a list of people names; nobody when of one of them it is not said who it is. */
static struct chosen listed(const struct deciding *d, const struct chosen *group,
                            const struct person *persons, size_t n)
{
    struct chosen chosen = {0};
    if (is_nameless(group)) {
        return *group;
    }
    for (size_t i = 0; i < group->of.n; i++) {
        bool found = false;
        for (size_t p = 0; p < n; p++) {
            struct chosen same = who_is(d, group, &persons[p]);
            if (same.of.n > 1) {
                return (struct chosen){0};
            }
            found |= same.of.n == 1 && same.of.at[0] == group->of.at[i];
        }
        if (found) {
            *LIST_ADD(d->arena, &chosen.of) = group->of.at[i];
        }
    }
    return chosen;
}

/* The people whom this same mail gives a place at this event, or (`elsewhere`) at another one, or who had it.
 */
static struct section placed(const struct deciding *d, const struct event *event, bool elsewhere)
{
    const struct letter_plan *answer = &d->decision->answer;
    struct section all = {0};
    for (size_t i = 0; i < answer->sections.n; i++) {
        const struct section *section = &answer->sections.at[i];
        bool has = str_equal(section->kind, "confirmed") || str_equal(section->kind, "changed") ||
                   str_equal(section->kind, "already_registered");
        for (size_t p = 0; has && (section->event != event) == elsewhere && p < section->persons.n; p++) {
            *LIST_ADD(d->arena, &all.persons) = section->persons.at[p];
        }
    }
    return all;
}

/* Somebody is to have a place and to give it up, by one and the same mail. */
static bool contradicts(const struct deciding *d, const struct event *event, const struct chosen *these)
{
    struct section here = placed(d, event, false);
    bool found = false;
    for (size_t i = 0; i < these->of.n; i++) {
        for (size_t p = 0; p < here.persons.n; p++) {
            found |= is_person(d->arena, these->of.at[i], &here.persons.at[p]);
        }
    }
    return found;
}

static bool same_names(const struct deciding *d, const struct known_registration *a,
                       const struct known_registration *b, bool whole)
{
    struct person named = {0};
    named.field[FIRST_NAME].value = b->first_name;
    named.field[LAST_NAME].value = whole ? b->last_name : NULL;
    return is_person(d->arena, a, &named);
}

/* Two of the group who bear one name; nobody: there are none. */
static struct chosen namesakes(const struct deciding *d, const struct chosen *group)
{
    struct chosen two = {0};
    for (size_t i = 0; i < group->of.n; i++) {
        for (size_t k = i + 1; k < group->of.n && two.of.n == 0; k++) {
            if (same_names(d, group->of.at[i], group->of.at[k], true)) {
                *LIST_ADD(d->arena, &two.of) = group->of.at[i];
                *LIST_ADD(d->arena, &two.of) = group->of.at[k];
            }
        }
    }
    return two;
}

/* The words name this one of the group: by the first name, where several bear it by the last one too. */
static bool is_named(const struct deciding *d, const char *words, const struct chosen *group,
                     const struct known_registration *r)
{
    bool alone = true;
    for (size_t i = 0; i < group->of.n; i++) {
        alone &= group->of.at[i] == r || !same_names(d, r, group->of.at[i], false);
    }
    return extent_names(d->arena, words, r->first_name) &&
           (alone || extent_names(d->arena, words, r->last_name));
}

/* Who of a group stays away; nobody: that must be asked. "Wir" and a single name say two things. */
static struct chosen who_is_meant(const struct deciding *d, const struct intent *intent,
                                  const struct event *event, const struct chosen *group)
{
    if (intent->persons.n > 0) {
        return listed(d, group, intent->persons.at, intent->persons.n);
    }
    struct section elsewhere = placed(d, event, true); /* in a rebooking */
    struct chosen named = {0};
    if (elsewhere.persons.n > 0) {
        named = listed(d, group, elsewhere.persons.at, elsewhere.persons.n);
    }
    if (group->of.n == 1 || named.of.n > 0 || is_nameless(group)) {
        return named.of.n > 0 ? named : *group;
    }
    const struct own_words *own = &d->reading->own;
    const char *words = own->text == NULL ? "" : extent_words(d->arena, own);
    for (size_t i = 0; i < group->of.n; i++) {
        if (is_named(d, words, group, group->of.at[i])) {
            *LIST_ADD(d->arena, &named.of) = group->of.at[i];
        }
    }
    bool all = intent->all_people || intent->all_events;
    if (all && (named.of.n == 0 || named.of.n == group->of.n)) {
        return *group;
    }
    if (all || namesakes(d, &named).of.n > 0) {
        named.of.n = 0;
    }
    return named;
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

static bool are_others(const struct deciding *d, const struct chosen *group)
{
    bool others = false;
    for (size_t i = 0; i < group->of.n; i++) {
        others |= !str_equal(group->of.at[i]->address, d->known->sender);
    }
    return others;
}

/* Who got a letter of somebody else's need know no more of them than stands in it. */
static void ask_staff_whose(struct deciding *d, const char *why)
{
    add_queue(
        d, "cancel_other",
        arena_printf(d->arena,
                     "Absage als Antwort auf unseren Brief, aber von einer anderen Mailadresse, und %s. "
                     "Abgesagt ist dort noch nichts; bitte klären Sie, was gewünscht ist.",
                     why));
}

static void cancel_at(struct deciding *d, const struct intent *intent, const char *code)
{
    const struct event *event = programme_find(d->known->programme, code);
    struct chosen group = theirs_at(d, code);
    struct chosen these = who_is_meant(d, intent, event, &group);
    struct chosen same = namesakes(d, &group);
    if (contradicts(d, event, &these)) {
        add_queue(
            d, "cancel_unclear",
            arena_printf(d->arena,
                         "Die Mail meldet zu %s an und sagt dort zugleich ab. Abgesagt ist noch nichts; "
                         "bitte klären Sie, was gewünscht ist.",
                         code));
    } else if (these.of.n > 0) {
        cancel_these(d, event, &these);
    } else if (are_others(d, &group)) {
        ask_staff_whose(d, "ohne zu sagen, wer von mehreren Angemeldeten nicht kommt");
    } else if (same.of.n > 0) {
        ask_staff_which(d, &same);
    } else {
        ask_who(d, event, &group);
    }
}

/* Nothing is known under this address. Where somebody of that name has a place under another one, staff
 * can help; the letter tells nothing of it. */
static void nothing_known(struct deciding *d, const struct intent *intent)
{
    const struct event *event =
        intent->event == NULL ? NULL : programme_find(d->known->programme, intent->event);
    const struct known_registration *r = NULL;
    for (size_t i = 0; i < d->known->namesakes.n && r == NULL; i++) {
        const struct known_registration *namesake = &d->known->namesakes.at[i];
        r = str_equal(namesake->event, intent->event) ? namesake : NULL;
    }
    add_section(d, "cancel_unknown", event);
    if (r != NULL) {
        add_queue(
            d, "cancel_unknown",
            arena_printf(
                d->arena,
                "Absage von einer Mailadresse, unter der dort niemand angemeldet ist. Unter diesem Namen ist "
                "bei %s angemeldet: %s %s (%s). Ist es dieselbe Person? Dann sagen Sie bitte ab: stadtlabor "
                "registrations cancel %lld",
                r->event, r->first_name, r->last_name, r->address, (long long)r->id));
    }
}

void decide_cancel(struct deciding *d, const struct intent *intent)
{
    struct chosen theirs = theirs_at(d, intent->event);
    struct section choices = {0};
    bool others = are_others(d, &theirs);
    for (size_t i = 0; i < theirs.of.n; i++) {
        bool there = false;
        for (size_t k = 0; k < choices.offered.n; k++) {
            there |= str_equal(choices.offered.at[k], theirs.of.at[i]->event);
        }
        if (!there) {
            *LIST_ADD(d->arena, &choices.offered) = theirs.of.at[i]->event;
        }
    }
    if (theirs.of.n == 0) {
        nothing_known(d, intent);
    } else if (d->kept_place && is_rebooking(d) && others) {
        ask_staff_whose(d, "für einen anderen Termin, bei dem noch kein Platz frei ist");
    } else if (d->kept_place && is_rebooking(d)) {
        keep_old(d, &theirs);
    } else if (choices.offered.n > 1 && others) {
        ask_staff_whose(d, "ohne die Veranstaltung zu nennen; angemeldet ist die Person zu mehreren");
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
    struct chosen group = registrations_by(d, open->address, about->event);
    struct chosen these = listed(d, &group, about->persons.at, about->persons.n);
    struct chosen same = namesakes(d, &group);
    if (these.of.n > 0) {
        cancel_these(d, event, &these);
    } else if (same.of.n > 0) {
        ask_staff_which(d, &same);
    } else {
        add_section(d, "cancel_unknown", event);
    }
    close_case(d, open);
}
