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
    int waiting = 0;
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (str_equal(r->event, code) && may_cancel(d, r) && is_meant(intent, r)) {
            add_effect(d, EFFECT_CANCEL)->id = r->id;
            struct person *person = LIST_ADD(d->arena, &section->persons);
            person->field[FIRST_NAME].value = r->first_name;
            person->field[LAST_NAME].value = r->last_name;
            place_freed |= !r->waiting;
        }
    }
    section->waiting = !place_freed;
    for (size_t i = 0; i < d->known->events.n; i++) {
        if (str_equal(d->known->events.at[i].event, code)) {
            waiting = d->known->events.at[i].waiting;
        }
    }
    if (place_freed && waiting > 0) {
        struct effect *effect = add_effect(d, EFFECT_QUEUE);
        effect->reason = "place_free";
        effect->words =
            arena_printf(d->arena,
                         "Bei %s ist ein Platz frei geworden, und %d %s auf der Warteliste. Bitte "
                         "entscheiden Sie, wer nachrückt.",
                         code, waiting, waiting == 1 ? "Person steht" : "Personen stehen");
    }
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

static enum subscriber_state subscriber_state(const struct deciding *d, const char *address)
{
    for (size_t i = 0; i < d->known->subscribers.n; i++) {
        if (str_equal(d->known->subscribers.at[i].address, address)) {
            return d->known->subscribers.at[i].state;
        }
    }
    return SUBSCRIBER_NONE;
}

/* The question whether an address really wants the newsletter goes to that address, alone; only a
 * question to the same address is continued. */
static void ask_newsletter(struct deciding *d, const char *address)
{
    const struct known_case *open = &d->known->newsletter;
    bool same = open->id != 0 && str_equal(open->address, address);
    struct letter_plan *plan = LIST_ADD(d->arena, &d->decision->questions);
    *plan = (struct letter_plan){
        .to = address, .in_thread = str_equal(address, d->known->sender), .opens_case = true};
    LIST_ADD(d->arena, &plan->sections)->kind = "newsletter_confirm";
    plan->asks = (struct known_case){.id = same ? open->id : 0, .kind = CASE_NEWSLETTER, .round = 1};
    plan->asks.address = address;
    plan->asks.language = d->decision->language;
    plan->asks.expected.confirm_newsletter = true;
    add_effect(d, EFFECT_ASK_NEWSLETTER)->address = address;
    if (d->decision->state == MAIL_DONE) {
        d->decision->state = MAIL_ASKED;
    }
}

static void subscribe(struct deciding *d, const struct intent *intent)
{
    const char *address =
        intent->address != NULL ? utf8_lower_copy(d->arena, intent->address) : d->known->sender;
    bool own = str_equal(address, d->known->sender);
    enum subscriber_state state = subscriber_state(d, address);
    if (state == SUBSCRIBER_SUBSCRIBED) {
        if (own) {
            add_section(d, "newsletter_already", NULL);
        } else {
            add_queue(
                d, "newsletter_other",
                "Newsletter-Bestellung für eine fremde Adresse, die ihn schon bekommt. Bitte antworten Sie, "
                "wenn nötig.");
        }
    } else if (!own && state == SUBSCRIBER_ASKED) {
        add_queue(
            d, "newsletter_other",
            "Newsletter-Bestellung für eine fremde Adresse, die wir schon gefragt haben. Eine zweite Frage "
            "senden wir dorthin nicht; bitte entscheiden Sie.");
    } else {
        ask_newsletter(d, address);
    }
}

static void unsubscribe(struct deciding *d, const struct intent *intent)
{
    if (intent->address != NULL && !str_equal_nocase(intent->address, d->known->sender)) {
        add_queue(
            d, "newsletter_other",
            "Newsletter-Abmeldung für eine andere Adresse als die des Absenders. Bitte prüfen Sie, ob beide "
            "zusammengehören, und tragen Sie die Adresse aus.");
        return;
    }
    enum subscriber_state state = subscriber_state(d, d->known->sender);
    if (state == SUBSCRIBER_SUBSCRIBED || state == SUBSCRIBER_ASKED) {
        add_effect(d, EFFECT_UNSUBSCRIBE)->address = d->known->sender;
        add_section(d, "newsletter_goodbye", NULL);
        close_case(d, &d->known->newsletter);
    } else {
        add_section(d, "newsletter_unknown", NULL);
    }
}

/* A From line proves nothing: yes counts from the address that was asked, in answer to the question
 * itself, and while that question is open. */
static bool may_confirm(const struct deciding *d)
{
    return d->known->newsletter.id != 0 && d->known->newsletter_in_thread &&
           str_equal(d->known->newsletter.address, d->known->sender) &&
           subscriber_state(d, d->known->sender) == SUBSCRIBER_ASKED;
}

void decide_newsletter(struct deciding *d, const struct intent *intent)
{
    if (intent->kind == INTENT_SUBSCRIBE) {
        subscribe(d, intent);
    } else if (intent->kind == INTENT_UNSUBSCRIBE) {
        unsubscribe(d, intent);
    } else if (may_confirm(d)) {
        add_effect(d, EFFECT_SUBSCRIBE)->address = d->known->sender;
        close_case(d, &d->known->newsletter);
        add_section(d, "newsletter_welcome", NULL);
    }
}

/* No to what we had asked: nothing is done, and that is said once; a newsletter nobody wanted needs
 * no letter. */
void decide_decline(struct deciding *d)
{
    if (d->known->open.id != 0 && d->known->open.kind == CASE_CANCEL) {
        close_case(d, &d->known->open);
        add_queue(
            d, "cancel_unclear",
            "Wir haben gefragt, welche Anmeldung abgesagt wird, und die Antwort nennt keine. Bisher ist "
            "nichts abgesagt; bitte klären Sie, was gewünscht ist.");
    } else if (d->known->open.id != 0) {
        close_case(d, &d->known->open);
        add_section(d, "declined", NULL);
    } else if (d->known->newsletter.id != 0) {
        close_case(d, &d->known->newsletter);
        add_effect(d, EFFECT_UNSUBSCRIBE)->address = d->known->sender;
    }
}

void decide_bounce(struct deciding *d, const struct intent *intent)
{
    if (intent->delayed || d->known->returned.id == 0) {
        return;
    }
    struct effect *effect = add_effect(d, EFFECT_QUEUE);
    effect->reason = "undeliverable";
    effect->id = d->known->returned.id;
    effect->words = arena_printf(
        d->arena,
        "Unser Brief kam nicht an (%s%s%s). Bitte versuchen Sie es auf einem anderen Weg, etwa per "
        "Telefon.",
        intent->severity == SEVERITY_HARD ? "die Adresse gibt es nicht" : "zurzeit nicht zustellbar",
        intent->diagnostic != NULL ? ": " : "", intent->diagnostic != NULL ? intent->diagnostic : "");
}
