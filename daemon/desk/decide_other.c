#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "base/utf8.h"

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
    if (d->known->open.id != 0 && d->known->open.kind == CASE_PLACE) {
        decline_place(d);
    } else if (d->known->open.id != 0 && d->known->open.kind == CASE_CANCEL) {
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
        "Unser Brief an %s kam nicht an (%s%s%s). Bitte versuchen Sie es auf einem anderen Weg, etwa per "
        "Telefon.%s",
        d->known->returned.recipient,
        intent->severity == SEVERITY_HARD ? "die Adresse gibt es nicht" : "zurzeit nicht zustellbar",
        intent->diagnostic != NULL ? ": " : "", intent->diagnostic != NULL ? intent->diagnostic : "",
        d->known->returned.ways == NULL ? "" : d->known->returned.ways);
}
