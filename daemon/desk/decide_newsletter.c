/* daemon/desk/decide_newsletter.c: who gets the newsletter and who no longer. Yes comes from the mailbox that
 * was asked, in answer to the question; leaving is easier: from the own address, by answering an issue, or by
 * a token of an issue, which whoever it was forwarded to has as well: the owner is told and may take it back.
 */
#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "base/utf8.h"

enum { DAY = 86400 };

static const struct known_subscriber *subscriber(const struct deciding *d, const char *address)
{
    static const struct known_subscriber nobody;
    for (size_t i = 0; i < d->known->subscribers.n; i++) {
        if (str_equal(d->known->subscribers.at[i].address, address)) {
            return &d->known->subscribers.at[i];
        }
    }
    return &nobody;
}

static bool is_in(const struct known_subscriber *s)
{
    return s->state == SUBSCRIBER_SUBSCRIBED || s->state == SUBSCRIBER_ASKED;
}

/* `days` 0: for ever. */
static bool within(const struct deciding *d, int64_t since, int days)
{
    return days == 0 || d->known->now - since <= (int64_t)days * DAY;
}

/* The question whether an address really wants the newsletter goes to that address, alone; only a
 * question to the same address is continued. `late`: a yes came when the question was no longer open. */
static void ask_newsletter(struct deciding *d, const char *address, bool late)
{
    const struct known_case *open = &d->known->newsletter;
    bool own = str_equal(address, d->known->sender);
    bool same = open->id != 0 && open->kind == CASE_NEWSLETTER && str_equal(open->address, address);
    struct letter_plan *plan = LIST_ADD(d->arena, &d->decision->questions);
    *plan = (struct letter_plan){.to = address, .in_thread = own, .opens_case = true};
    struct section *section = LIST_ADD(d->arena, &plan->sections);
    section->kind = "newsletter_confirm";
    section->again = late;
    plan->asks = (struct known_case){.id = same ? open->id : 0, .kind = CASE_NEWSLETTER, .round = 1};
    plan->asks.address = address;
    plan->asks.language = d->decision->language;
    plan->asks.expected.confirm_newsletter = true;
    struct effect *effect = add_effect(d, EFFECT_ASK_NEWSLETTER);
    effect->address = address;
    effect->by_other = !own;
    if (d->decision->state == MAIL_DONE) {
        d->decision->state = MAIL_ASKED;
    }
}

/* Why somebody else's sign-up for this address gets no letter there; NULL: it may have its one. */
static const char *not_for_others(const struct deciding *d, const struct known_subscriber *s)
{
    bool asked =
        s->suppression == SUPPRESSION_ASKED && within(d, s->suppressed_at, d->limits->newsletter_pause_days);
    if (s->state == SUBSCRIBER_SUBSCRIBED) {
        return "Newsletter-Bestellung für eine fremde Adresse, die ihn schon bekommt. Bitte antworten Sie, "
               "wenn nötig.";
    }
    if (s->state == SUBSCRIBER_ASKED || asked) {
        return "Newsletter-Bestellung für eine fremde Adresse, die wir schon gefragt haben. Eine zweite "
               "Frage "
               "senden wir dorthin nicht; bitte entscheiden Sie.";
    }
    if (s->state == SUBSCRIBER_UNSUBSCRIBED || s->suppression == SUPPRESSION_LEFT) {
        return "Newsletter-Bestellung für eine fremde Adresse, an die wir ungefragt nicht mehr schreiben: "
               "Dort "
               "wurde der Newsletter abbestellt oder wurden die Daten gelöscht. Bestellt werden kann er von "
               "der "
               "Adresse selbst.";
    }
    return NULL;
}

/* The goodbye was answered from its own mailbox: what it told is taken back. */
static bool takes_back(struct deciding *d)
{
    const struct known_case *open = &d->known->newsletter;
    const struct known_subscriber *s = subscriber(d, d->known->sender);
    bool own = open->id != 0 && open->kind == CASE_GOODBYE && d->known->newsletter_in_thread &&
               str_equal(open->address, d->known->sender);
    if (!own || s->state != SUBSCRIBER_UNSUBSCRIBED ||
        !within(d, s->left_at, d->limits->newsletter_confirm_days)) {
        return false;
    }
    add_effect(d, EFFECT_SUBSCRIBE_AGAIN)->address = d->known->sender;
    close_case(d, open);
    add_section(d, "newsletter_welcome", NULL)->again = true;
    return true;
}

static void subscribe(struct deciding *d, const struct intent *intent)
{
    const char *address =
        intent->address != NULL ? utf8_lower_copy(d->arena, intent->address) : d->known->sender;
    const struct known_subscriber *s = subscriber(d, address);
    if (!str_equal(address, d->known->sender)) {
        const char *why_not = not_for_others(d, s);
        if (why_not != NULL) {
            add_queue(d, "newsletter_other", why_not);
        } else {
            ask_newsletter(d, address, false);
        }
    } else if (s->state == SUBSCRIBER_SUBSCRIBED) {
        if (s->suspended) {
            add_effect(d, EFFECT_RESUME)->address = address;
        }
        add_section(d, "newsletter_already", NULL);
    } else if (!takes_back(d)) {
        ask_newsletter(d, address, false);
    }
}

/* The owner is told, wherever the wish came from, and may take it back by answering: a From line is easily
 * forged. Whoever never said yes has nothing to take back. */
static struct section *leave(struct deciding *d, const struct known_subscriber *owner, const char *how)
{
    struct effect *effect = add_effect(d, EFFECT_UNSUBSCRIBE);
    effect->address = owner->address;
    effect->reason = how;
    struct letter_plan *plan = LIST_ADD(d->arena, &d->decision->questions);
    bool own = str_equal(owner->address, d->known->sender);
    *plan = (struct letter_plan){.to = owner->address, .in_thread = own, .acknowledgement = true};
    struct section *section = LIST_ADD(d->arena, &plan->sections);
    section->kind = "newsletter_goodbye";
    if (own && d->known->newsletter.kind == CASE_NEWSLETTER) {
        close_case(d, &d->known->newsletter);
    }
    if (owner->state == SUBSCRIBER_SUBSCRIBED) {
        section->again = plan->opens_case = true;
        plan->asks = (struct known_case){.kind = CASE_GOODBYE, .round = 1};
        plan->asks.address = owner->address;
        plan->asks.language = d->decision->language;
        plan->asks.expected.keep_newsletter = true;
    }
    return section;
}

/* In the same mail another address is put in for this one, and is asked. */
static bool moves(const struct deciding *d)
{
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        const struct intent *intent = &d->reading->intents.at[i];
        if (intent->kind == INTENT_SUBSCRIBE && intent->address != NULL) {
            return not_for_others(d, subscriber(d, utf8_lower_copy(d->arena, intent->address))) == NULL;
        }
    }
    return false;
}

static void unsubscribe(struct deciding *d, const struct intent *intent)
{
    const struct known_subscriber *reader = &d->known->reader.is;
    if (d->left_by_token) {
        return;
    }
    if (intent->address != NULL && !str_equal_nocase(intent->address, d->known->sender)) {
        add_queue(
            d, "newsletter_other",
            "Newsletter-Abmeldung für eine andere Adresse als die des Absenders. Bitte prüfen Sie, ob beide "
            "zusammengehören, und tragen Sie die Adresse aus.");
        return;
    }
    const struct known_subscriber *self = subscriber(d, d->known->sender);
    if (is_in(self)) {
        leave(d, self, "own_words")->elsewhere = moves(d);
    }
    if (reader->id != 0 && is_in(reader) && !str_equal(reader->address, d->known->sender)) {
        leave(d, reader, "issue");
    } else if (!is_in(self)) {
        add_section(d, "newsletter_unknown", NULL);
    }
}

/* A From line proves nothing: yes counts from the address that was asked, in answer to the question
 * itself, and while that question is open. */
static void confirm(struct deciding *d)
{
    const struct known_case *open = &d->known->newsletter;
    const struct known_subscriber *s = subscriber(d, d->known->sender);
    if (open->id == 0 || !d->known->newsletter_in_thread || !str_equal(open->address, d->known->sender)) {
        return;
    }
    if (open->kind == CASE_GOODBYE) {
        takes_back(d);
    } else if (s->state == SUBSCRIBER_ASKED && within(d, s->asked_at, d->limits->newsletter_confirm_days)) {
        add_effect(d, EFFECT_SUBSCRIBE)->address = d->known->sender;
        close_case(d, open);
        add_section(d, "newsletter_welcome", NULL);
    } else if (s->state == SUBSCRIBER_ASKED) {
        ask_newsletter(d, d->known->sender, true);
    }
}

void decide_newsletter(struct deciding *d, const struct intent *intent)
{
    if (intent->kind == INTENT_SUBSCRIBE) {
        subscribe(d, intent);
    } else if (intent->kind == INTENT_UNSUBSCRIBE) {
        unsubscribe(d, intent);
    } else {
        confirm(d);
    }
}

/* No to the question, or "ja, danke" to the goodbye: no letter, nobody wanted one. */
void decline_newsletter(struct deciding *d)
{
    close_case(d, &d->known->newsletter);
    if (d->known->newsletter.kind == CASE_NEWSLETTER) {
        struct effect *effect = add_effect(d, EFFECT_UNSUBSCRIBE);
        effect->address = d->known->sender;
        effect->reason = "declined";
    }
}

/* Nothing else is wished. The subject is the one our link gave: "Abmeldung" speaks of no event. */
static bool only_leaves(const struct deciding *d)
{
    const struct reading *reading = d->reading;
    if (reading->own.text == NULL || str_trim(d->arena, reading->own.text)[0] == '\0') {
        return true;
    }
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        bool by_subject = intent->kind == INTENT_CANCEL && str_equal(intent->evidence.source, "subject");
        if (intent->kind != INTENT_UNSUBSCRIBE && intent->kind != INTENT_AUTO_REPLY &&
            intent->kind != INTENT_BULK && !by_subject) {
            return false;
        }
    }
    return reading->intents.n > 0 || !reading->staff;
}

/* Mail programs write for who presses their button, some with words of their own that look like a robot's. */
bool decide_token(struct deciding *d)
{
    const struct known_reader *reader = &d->known->reader;
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        if (d->reading->intents.at[i].kind == INTENT_BOUNCE) {
            return false;
        }
    }
    if (!reader->by_token) {
        return false;
    }
    if (is_in(&reader->is)) {
        leave(d, &reader->is, "token");
    }
    d->left_by_token = true;
    return only_leaves(d);
}

/* Reports on issues, and on our question, concern the subscriber alone; nobody need be called. */
bool returned_newsletter(struct deciding *d, const struct intent *intent)
{
    const struct known_reader *reader = &d->known->reader;
    const char *kind = d->known->returned.kind;
    bool letter = d->known->returned.id != 0 && kind != NULL && str_starts(kind, "newsletter_");
    if (reader->is.id == 0 || (reader->copy_id == 0 && !letter && !intent->complaint)) {
        return false;
    }
    if (intent->delayed) {
        return true;
    }
    bool hard = intent->severity == SEVERITY_HARD;
    struct effect *effect = add_effect(d, intent->complaint ? EFFECT_COMPLAINT : EFFECT_RETURNED);
    effect->id = reader->is.id;
    effect->address = reader->is.address;
    effect->copy_id = reader->copy_id;
    effect->reason = hard                                                        ? "hard"
                     : letter                                                    ? ""
                     : reader->returns + 1 >= d->limits->newsletter_returns_most ? "soft"
                                                                                 : "";
    effect->words = intent->diagnostic != NULL ? intent->diagnostic
                    : intent->status != NULL   ? intent->status
                                               : "";
    return true;
}
