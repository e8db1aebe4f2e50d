#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "daemon/desk/privacy.h"

static bool is_robot_kind(enum intent_kind kind)
{
    return kind == INTENT_BOUNCE || kind == INTENT_AUTO_REPLY || kind == INTENT_BULK;
}

static bool from_robot(const struct reading *reading)
{
    for (size_t i = 0; i < reading->intents.n; i++) {
        if (!is_robot_kind(reading->intents.at[i].kind)) {
            return false;
        }
    }
    return reading->intents.n > 0;
}

/* A robot's mail is filed; only a letter of ours that came back concerns a person. */
static void decide_robot(struct deciding *d)
{
    d->decision->state = MAIL_IGNORED;
    d->decision->reason = intent_name(d->reading->intents.at[0].kind);
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        if (d->reading->intents.at[i].kind == INTENT_BOUNCE) {
            decide_bounce(d, &d->reading->intents.at[i]);
        }
    }
}

/* Why no rule may act on this mail at all; NULL: none. */
static const char *not_to_be_answered(const struct deciding *d, const struct letter *letter,
                                      const char **ret_words)
{
    if (letter->defects & (LETTER_NO_SENDER | LETTER_SEVERAL_SENDERS)) {
        *ret_words =
            "Der Absender der Mail ist unklar (keine oder mehrere Adressen). Bitte ansehen und, wenn "
            "nötig, von Hand antworten.";
        return "sender_unclear";
    }
    if (str_equal_nocase(d->known->sender, d->limits->own_address)) {
        *ret_words =
            "Die Mail trägt unsere eigene Adresse als Absender. Bitte ansehen; automatisch wird darauf "
            "nie geantwortet.";
        return "own_address";
    }
    if (letter->defects & (LETTER_TOO_DEEP | LETTER_NUL_BYTES)) {
        *ret_words = "Die Mail ist ungewöhnlich aufgebaut und wurde nicht sicher gelesen. Bitte ansehen.";
        return "unusual_mail";
    }
    if (d->known->replies_today >= d->limits->replies_per_day) {
        *ret_words =
            "An diese Adresse gingen heute schon viele automatische Antworten. Bitte prüfen, ob dort ein "
            "Automat schreibt, und von Hand weiter bearbeiten.";
        return "too_many_replies";
    }
    return NULL;
}

static const char *reason_of(const struct reading *reading)
{
    static const enum intent_kind order[] = {INTENT_PRIVACY, INTENT_QUESTION};
    for (size_t o = 0; o < sizeof order / sizeof *order; o++) {
        for (size_t i = 0; i < reading->intents.n; i++) {
            if (reading->intents.at[i].kind == order[o]) {
                return intent_name(order[o]);
            }
        }
    }
    return "unclear";
}

/* Why, which a list cuts off last, then what to do next: what the machine did already need not be done again.
 * A wish about one's data says both, with its day. */
static void queue_for_staff(struct deciding *d)
{
    const char *reason = reason_of(d->reading);
    const char *todo =
        str_equal(reason, "privacy") ? privacy_words(d->arena, d->reading, d->known->today)
        : d->decision->effects.n > 0 || d->decision->answer.sections.n > 0
            ? "Ein Teil der Mail ist schon bearbeitet. Bitte lesen Sie den Rest und antworten Sie."
            : "Bitte lesen Sie die Mail und antworten Sie.";
    const char *why = d->reading->why_staff;
    bool both = why != NULL && !str_equal(reason, "privacy");
    add_queue(d, reason, both ? arena_printf(d->arena, "%s. %s", why, todo) : todo);
}

static void decide_intent(struct deciding *d, const struct intent *intent)
{
    switch (intent->kind) {
    case INTENT_REGISTER:
        decide_register(d, intent);
        break;
    case INTENT_ANSWER:
        decide_answer(d, intent);
        break;
    case INTENT_CANCEL:
        decide_cancel(d, intent);
        break;
    case INTENT_SUBSCRIBE:
    case INTENT_UNSUBSCRIBE:
    case INTENT_CONFIRM:
        decide_newsletter(d, intent);
        break;
    case INTENT_DECLINE:
        decide_decline(d);
        break;
    default: /* questions and privacy: queue_for_staff; robots never come here */
        break;
    }
}

/* The wishes for places, or all others. */
static void decide_intents(struct deciding *d, bool places)
{
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        if (wants_place(d, &d->reading->intents.at[i]) == places) {
            decide_intent(d, &d->reading->intents.at[i]);
        }
    }
}

static void acknowledge(struct deciding *d)
{
    enum topic topic = d->known->topic;
    const struct topic_care *care = d->limits->care != NULL ? &d->limits->care[topic] : NULL;
    bool wanted = d->limits->acknowledge || (care != NULL && care->acknowledge);
    if (wanted && d->decision->state == MAIL_QUEUED && d->decision->answer.sections.n == 0) {
        struct section *section = add_section(d, "received", NULL);
        section->topic = topic;
        section->care = care;
        d->decision->answer.acknowledgement = true;
    }
}

/* The mail's; of a bare "3.5.1958" that of the conversation. */
static const char *language_of(const struct reading *reading, const struct known *known)
{
    const char *language = reading->language;
    if ((language == NULL || language[0] == '\0') && known->open.id != 0) {
        language = known->open.language;
    }
    return str_equal(language, "en") ? "en" : "de";
}

void decide(struct arena *arena, const struct decide_limits *limits, const struct letter *letter,
            const struct reading *reading, const struct known *known, struct decision *ret)
{
    *ret = (struct decision){.state = MAIL_DONE, .reason = ""};
    ret->language = language_of(reading, known);
    struct deciding d = {
        .arena = arena, .limits = limits, .reading = reading, .known = known, .decision = ret};
    if (decide_token(&d)) {
        return;
    }
    if (from_robot(reading)) {
        decide_robot(&d);
        return;
    }
    const char *words = NULL;
    const char *reason = not_to_be_answered(&d, letter, &words);
    if (reason != NULL) {
        add_queue(&d, reason, words);
        return;
    }
    if (reading->automatic != READING_NONE) {
        decide_intents(&d, true); /* in a rebooking the old place is given up only when the new one is had */
        decide_intents(&d, false);
    }
    bool nothing = ret->effects.n == 0 && ret->answer.sections.n == 0;
    if (reading->staff || (nothing && ret->state == MAIL_DONE)) {
        queue_for_staff(&d);
    }
    acknowledge(&d);
}
