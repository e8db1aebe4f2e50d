/* daemon/desk/decide_cancel.c: who gives up which place. */
#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "base/utf8.h"

#include <strings.h>

/* A cancellation counts only from the address that registered, or in answer to our letter to it. */
static bool may_cancel(const struct deciding *d, const struct known_registration *r)
{
    return str_equal(r->address, d->known->sender) ||
           (d->known->thread_address != NULL && str_equal(r->address, d->known->thread_address));
}

/* True when `intent` names nobody, or names this person. */
static bool is_meant(const struct intent *intent, const struct known_registration *r)
{
    bool anybody_named = false;
    if (r->first_name[0] == '\0' && r->last_name[0] == '\0') { /* the event keeps no names */
        return true;
    }
    for (size_t i = 0; i < intent->persons.n; i++) {
        const char *first = intent->persons.at[i].field[FIRST_NAME].value;
        const char *last = intent->persons.at[i].field[LAST_NAME].value;
        if (first == NULL) {
            continue;
        }
        anybody_named = true;
        if (strcasecmp(first, r->first_name) == 0 && (last == NULL || strcasecmp(last, r->last_name) == 0)) {
            return true;
        }
    }
    return !anybody_named;
}

static void offer_once(struct arena *arena, struct section *section, const char *code)
{
    for (size_t i = 0; i < section->offered.n; i++) {
        if (str_equal(section->offered.at[i], code)) {
            return;
        }
    }
    *LIST_ADD(arena, &section->offered) = code;
}

static void ask_which(struct deciding *d, const struct section *choices)
{
    if (d->decision->answer.opens_case) {
        add_queue(d, "two_incomplete",
                  "Die Mail sagt nicht, welche Veranstaltung abgesagt wird, und enthält noch eine offene "
                  "Anmeldung. "
                  "Bitte klären Sie die Absage.");
        return;
    }
    struct section *section = add_section(d, "cancel_which", NULL);
    memcpy(&section->offered, &choices->offered, sizeof section->offered);
    struct known_case *asks = &d->decision->answer.asks;
    d->decision->answer.opens_case = true;
    *asks = (struct known_case){.kind = CASE_CANCEL, .round = 1, .address = d->known->sender};
    asks->language = d->decision->language;
    asks->expected.missing = MISSING_EVENT;
    asks->expected.confirm_which_cancel = true;
    memcpy(&asks->expected.offered, &choices->offered, sizeof asks->expected.offered);
    if (d->decision->state == MAIL_DONE) {
        d->decision->state = MAIL_ASKED;
    }
}

static void cancel_at(struct deciding *d, const struct intent *intent, const char *code)
{
    struct section *section = add_section(d, "cancelled", programme_find(d->known->programme, code));
    bool place_freed = false;
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (str_equal(r->event, code) && may_cancel(d, r) && is_meant(intent, r)) {
            add_effect(d, EFFECT_CANCEL)->id = r->id;
            *LIST_ADD(d->arena, &section->persons) = r->person;
            place_freed |= !r->waiting;
        }
    }
    section->waiting = !place_freed;
}

void decide_cancel(struct deciding *d, const struct intent *intent)
{
    if (d->kept_place) {
        add_queue(
            d, "rebook",
            "Umbuchung: der neue Platz ist noch nicht sicher. Der alte Platz bleibt deshalb erst einmal "
            "bestehen; bitte sagen Sie dort ab, sobald der neue feststeht.");
        return;
    }
    struct section choices = {0};
    bool others = false; /* they belong to the address that our letter went to */
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (may_cancel(d, r) && is_meant(intent, r) &&
            (intent->event == NULL || str_equal(r->event, intent->event))) {
            offer_once(d->arena, &choices, r->event);
            others |= !str_equal(r->address, d->known->sender);
        }
    }
    if (choices.offered.n == 0) {
        add_queue(d, "cancel_unknown",
                  "Absage, aber unter dieser Mailadresse ist keine passende Anmeldung bekannt. Bitte suchen "
                  "Sie die "
                  "Anmeldung und antworten Sie.");
    } else if (choices.offered.n > 1 && others) { /* who got one letter need not know of the others */
        add_queue(d, "cancel_other",
                  "Absage als Antwort auf unseren Brief, aber von einer anderen Mailadresse, und ohne die "
                  "Veranstaltung zu nennen; angemeldet ist die Person zu mehreren. Bitte klären Sie, welche "
                  "gemeint ist.");
    } else if (choices.offered.n > 1) {
        ask_which(d, &choices);
    } else {
        cancel_at(d, intent, choices.offered.at[0]);
        close_case(d, d->known->open.kind == CASE_CANCEL ? &d->known->open : &(struct known_case){0});
    }
}

/* A place from the waiting list is given back: that of the people whom we wrote to about it, and no other. */
void decline_place(struct deciding *d)
{
    const struct known_case *open = &d->known->open;
    const struct expected *about = &open->expected;
    struct section *section = NULL;
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (!str_equal(r->event, about->event) || !str_equal(r->address, open->address)) {
            continue;
        }
        for (size_t p = 0; p < about->persons.n; p++) {
            const struct fact *named = about->persons.at[p].field;
            if (str_equal(named[FIRST_NAME].value, r->first_name) &&
                str_equal(named[LAST_NAME].value, r->last_name)) {
                section = section != NULL ? section
                                          : add_section(d, "cancelled",
                                                        programme_find(d->known->programme, about->event));
                *LIST_ADD(d->arena, &section->persons) = r->person;
                add_effect(d, EFFECT_CANCEL)->id = r->id;
            }
        }
    }
    close_case(d, open);
    if (section == NULL) {
        add_section(d, "cancel_unknown", programme_find(d->known->programme, about->event));
    }
}
