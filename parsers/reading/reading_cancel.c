/* parsers/reading/reading_cancel.c: who gives up a place, and whether all of it. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "parsers/reading/extent.h"

/* Points of the countable reasons, as in reading_verdict.c. */
enum {
    POINTS_CANCEL = 45,
    POINTS_CANCEL_WEAK = 15,
    POINTS_ALREADY = 20,
    POINTS_REGRET = 10,
    POINTS_NO_TRACE = -10,
    POINTS_OTHER = -30, /* perhaps an appointment */
    POINTS_UNCLEAR = -100,
};

/* "Unser Gespräch am Mittwoch muss ich absagen": something else than a place of ours. */
static bool calls_off_other(const struct mail *mail, const struct sign *sign)
{
    return !sign->in_subject && !subject_names_event(mail) && !sentence_names_event(mail, sign->sentence) &&
           sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) == NULL &&
           sentence_says(mail, "cancel_other", sign->sentence);
}

/* "Den Rundgang am 9. Februar schaffe ich nicht": a day of ours in the same sentence, or a title
 * beside the writer. */
static bool names_ours(const struct mail *mail, const struct sign *sign)
{
    bool writer = !sign->in_subject && sentence_says(mail, "of_writer", sign->sentence);
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (!sign->in_subject && !mention->in_subject && mention->sentence == sign->sentence &&
            (mention->kind == MENTION_DATE || (writer && mention->kind == MENTION_TITLE &&
                                               (mention->terms > 1 || is_aimed_at(mail, mention)))) &&
            !mention->past) {
            return true;
        }
    }
    return false;
}

/* "Am 3. Dezember kann ich nicht zu Ihnen kommen. Wo finde ich die Folien?": the question follows in another
 * sentence, and is not whether there is another date, which who had no place asks as well. */
static bool asks_besides(const struct mail *mail, const struct wants *wants)
{
    const struct sign *said = wants->cancels;
    return !said->in_subject && !wants->question->in_subject && wants->question->sentence > said->sentence &&
           sentence_names_event(mail, said->sentence) && sentence_says(mail, "of_writer", said->sentence) &&
           sign_named(&mail->signs, "concern.offer", SIZE_MAX) == NULL &&
           !sentence_says(mail, "another_date", wants->question->sentence);
}

/* "Kann nicht kommen" alone gives up a place only from somebody who has one and asks nothing. */
bool cancel_holds(const struct mail *mail, const struct wants *wants)
{
    if (wants->cancels == NULL) {
        return false;
    }
    if (wants->privacy != NULL && wants->cancels->kind == SIGN_OFF) {
        return false; /* "nehmen Sie das Foto herunter" */
    }
    if (!wants->cancels->in_subject && sentence_waits(mail, wants->cancels->sentence)) {
        return false; /* "wenn es schneit, streichen Sie mich" */
    }
    bool instead = str_equal(wants->cancels->found->pattern, "rebook.instead");
    if (calls_off_other(mail, wants->cancels) || (instead && (wants->registers == NULL || wants->blocked))) {
        return false;
    }
    if (wants->cancel_sure) {
        return true;
    }
    bool invited = sign_named(&mail->signs, "past.invited", SIZE_MAX) != NULL;
    bool had_place = sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL || (mail->is_reply && !invited);
    bool regrets = sign_best(&mail->signs, SIGN_CANCEL_HINT, wants->cancels->sentence) != NULL;
    bool news = wants->news.n > 0 && (mail->mentions.list.n == 0 || !(had_place || regrets));
    if (wants->replaced) {
        return true;
    }
    if (wants->data || news || sign_named(&mail->signs, "past.unregistered", SIZE_MAX) != NULL) {
        return false; /* who gives all data registers; "bin selber verhindert" is said beside it */
    }
    bool names = !invited && names_ours(mail, wants->cancels) &&
                 (wants->concern == NULL || wants->question != NULL || wants->concern->in_subject ||
                  wants->concern->sentence != wants->cancels->sentence) &&
                 sign_best(&mail->signs, SIGN_CONDITION, wants->cancels->sentence) == NULL;
    bool place = names || had_place || (!invited && cancel_is_likely(mail, false));
    bool regret = sign_best(&mail->signs, SIGN_CANCEL_HINT, SIZE_MAX) != NULL &&
                  sign_named(&mail->signs, "void.would_but", SIZE_MAX) == NULL && !invited;
    bool old = !mail->is_reply && mail->mentions.list.n > 0; /* of a day that is over, nothing is given up */
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        old = old && mail->mentions.list.at[i].past;
    }
    bool asks = wants->question != NULL && !asks_besides(mail, wants) && !cancel_is_likely(mail, true);
    return !old && wants->registers == NULL && !asks && !wants->by_data && !wants->blocked &&
           (place || regret);
}

/* "von der Teilnehmerliste": only who is on it says so. */
static bool speaks_of_list(const struct sign *sign)
{
    return str_equal(sign->found->pattern, "cancel.list") ||
           str_equal(sign->found->pattern, "cancel.withdraw") ||
           str_equal(sign->found->pattern, "cancel.english");
}

/* The events to come that the mail names by title or day, each once. */
struct named_events {
    LIST(const struct event *) event;
};

static void named_events(const struct mail *mail, size_t sentence, struct named_events *ret)
{
    *ret = (struct named_events){0};
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        bool names = mention->kind == MENTION_TITLE || mention->kind == MENTION_DATE ||
                     (sentence != SIZE_MAX && mention->kind == MENTION_KEYWORD);
        bool here = sentence == SIZE_MAX || (!mention->in_subject && mention->sentence == sentence);
        const struct event *event = event_single(mail->reader->programme, &mention->fits);
        if (!names || !here || event == NULL || date_compare(event->day, mail->reader->today) < 0) {
            continue;
        }
        bool known = false;
        for (size_t k = 0; k < ret->event.n; k++) {
            known = known || ret->event.at[k] == event;
        }
        if (!known) {
            *LIST_ADD(mail->arena, &ret->event) = event;
        }
    }
}

/* Words for more than one, where a place is spoken of. */
static const struct sign *plural_places(const struct mail *mail)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_PLURAL && (sign->in_subject || sentence_names_event(mail, sign->sentence) ||
                                          sign_best(&mail->signs, SIGN_ALREADY, sign->sentence) != NULL ||
                                          sign_best(&mail->signs, SIGN_CANCEL, sign->sentence) != NULL)) {
            return sign;
        }
    }
    return NULL;
}

/* Only some of those who are registered: somebody still comes, or several had places and one gives up. */
static bool only_part(const struct mail *mail, const struct wants *wants, const struct wanted_events *events)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind != SIGN_CANCEL_PART || sign->in_subject || sign->is_void) {
            continue;
        }
        struct named_events named;
        named_events(mail, sign->sentence, &named);
        bool another = named.event.n == 1 && events->event.n == 1 && named.event.at[0] != events->event.at[0];
        if (!another) {
            return true;
        }
    }
    const struct sign *several = plural_places(mail);
    const struct sign *had = sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX);
    if (several == NULL && had != NULL && !had->in_subject &&
        sentence_says(mail, "several_had", had->sentence)) {
        several = had; /* "hatte meine Freundin und mich angemeldet" */
    }
    bool all = wants->cancels->in_subject || sentence_says(mail, "extent.people", wants->cancels->sentence);
    return several != NULL && !all;
}

/* Two events are named, and the words that give up a place stand beside neither. */
static bool which_unclear(const struct mail *mail, const struct wants *wants,
                          const struct wanted_events *events)
{
    struct named_events all;
    named_events(mail, SIZE_MAX, &all);
    if (all.event.n < 2 || events->event.n != 1 || wants->cancels->in_subject) {
        return false;
    }
    const struct sentence *s = &mail->sentences.list.at[wants->cancels->sentence];
    const struct evidence *chosen = &events->evidence;
    return !str_equal(chosen->source, "subject") && (chosen->at < s->at || chosen->at >= s->at + s->len);
}

static bool wished_for(const struct reading *ret, size_t n, enum intent_kind kind, const char *event)
{
    for (size_t i = 0; i < n; i++) {
        if (ret->intents.at[i].kind == kind && str_equal(ret->intents.at[i].event, event)) {
            return true;
        }
    }
    return false;
}

static bool registered_for(const struct reading *ret, const char *event)
{
    return wished_for(ret, ret->intents.n, INTENT_REGISTER, event);
}

bool cancel_of_another(const struct mail *mail, const struct wants *wants, const struct reading *ret)
{
    struct named_events named = {0};
    if (wants->cancels != NULL && !wants->cancels->in_subject &&
        sign_best(&mail->signs, SIGN_PAST, wants->cancels->sentence) == NULL) {
        named_events(mail, wants->cancels->sentence, &named);
    }
    for (size_t i = 0; i < named.event.n; i++) {
        if (registered_for(ret, named.event.at[i]->code)) {
            return false;
        }
    }
    return named.event.n > 0;
}

/* "Bitte melden Sie mich an, am 5. Dezember kann ich allerdings nicht": the day of the event that is wished,
 * in the clause of the writer's refusal. */
bool cancel_of_same(const struct mail *mail, const struct wants *wants, const struct reading *ret)
{
    const struct sign *cancels = wants->cancels;
    if (cancels == NULL || cancels->in_subject || cancels->kind != SIGN_CANCEL_WEAK) {
        return false;
    }
    struct stretch clause = clause_around(mail, cancels->sentence, cancels->at);
    bool own = stretch_says(mail, "self_refuses", clause);
    for (size_t i = 0; i < mail->mentions.list.n && own; i++) {
        const struct event_mention *day = &mail->mentions.list.at[i];
        const struct event *event = event_single(mail->reader->programme, &day->fits);
        if (!day->in_subject && day->kind == MENTION_DATE && event != NULL &&
            stretch_meets(clause, day->at, day->len) && registered_for(ret, event->code)) {
            return true;
        }
    }
    return false;
}

/* Where the text first names an event, by title or day; SIZE_MAX: only the subject does. */
static size_t first_named(const struct mail *mail, const struct event *event)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (!mention->in_subject && event_single(mail->reader->programme, &mention->fits) == event) {
            return mention->at;
        }
    }
    return SIZE_MAX;
}

static void set_code(struct mail *mail, struct intent *intent, const char *code)
{
    intent->event = code;
    intent->candidates.n = 0;
    *LIST_ADD(mail->arena, &intent->candidates) = code;
}

/* Of the events that are named, the one that nobody wants is given up; where all are wanted, one of the
 * wishes is none. */
static void left_for_cancel(struct mail *mail, struct reading *ret, const struct named_events *all,
                            struct intent *cancel)
{
    size_t wanted = 0;
    const struct event *left = NULL;
    for (size_t i = 0; i < all->event.n; i++) {
        bool wish = registered_for(ret, all->event.at[i]->code);
        wanted += wish;
        left = wish ? left : all->event.at[i];
    }
    if (all->event.n == 2 && wanted == 1) {
        set_code(mail, cancel, left->code);
    } else if (wanted > 1) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "which_cancel",
                       "Welche von mehreren Veranstaltungen abgesagt wird, ist unklar");
    }
}

/* "Streichen Sie mich dort und setzen Sie mich auf den 12. Januar": of two events that are named, people
 * name first the one they give up, unless they say "statt". */
static void other_than_wanted(struct mail *mail, struct reading *ret, struct intent *cancel)
{
    struct named_events all;
    named_events(mail, SIZE_MAX, &all);
    if (cancel->event == NULL) {
        left_for_cancel(mail, ret, &all, cancel);
        return;
    }
    if (!registered_for(ret, cancel->event)) {
        return;
    }
    struct intent *wish = NULL;
    size_t wishes = 0;
    for (size_t i = 0; i < ret->intents.n; i++) {
        bool registers = ret->intents.at[i].kind == INTENT_REGISTER;
        wish = registers ? &ret->intents.at[i] : wish;
        wishes += registers;
    }
    const struct sign *said = sign_named(&mail->signs, "rebook.instead", SIZE_MAX);
    bool instead = said != NULL && !said->in_subject;
    if (all.event.n != 2 || wishes != 1 || instead) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "same_event",
                       "Dieselbe Veranstaltung wird gewünscht und abgesagt");
        return;
    }
    size_t a = first_named(mail, all.event.at[0]), b = first_named(mail, all.event.at[1]);
    set_code(mail, cancel, all.event.at[a < b ? 0 : 1]->code);
    set_code(mail, wish, all.event.at[a < b ? 1 : 0]->code);
}

/* "Ich kann am 26.1. nicht, für mich kommt …": the one who comes instead wants the same event. */
static void same_event(struct mail *mail, struct reading *ret)
{
    const struct intent *cancel = &ret->intents.at[ret->intents.n - 1];
    for (size_t i = 0; i < ret->intents.n; i++) {
        struct intent *intent = &ret->intents.at[i];
        if (intent->kind == INTENT_REGISTER && intent->event == NULL && cancel->event != NULL) {
            intent->event = cancel->event;
            intent->event_evidence = cancel->event_evidence;
            intent->candidates.n = 0;
            *LIST_ADD(mail->arena, &intent->candidates) = intent->event;
            intent->missing &= ~(unsigned)MISSING_EVENT;
            ret->automatic = intent->missing == 0 ? READING_ACT : READING_ASK;
        }
    }
}

void cancel_read(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct wanted_events events;
    events_for_cancel(mail, wants, &events);
    size_t n = events.event.n == 0 || events.choices.contradiction ? 1 : events.event.n;
    const char *words = extent_words(mail->arena, mail->own);
    bool all = extent_all_events(mail->arena, mail->reader->patterns, words);
    for (size_t e = 0; e < n; e++) {
        struct intent *cancel = reading_add(mail, ret, INTENT_CANCEL, wants->cancels);
        reading_set_event(mail, cancel, &events, e);
        cancel->all_events = all;
        cancel->all_people = extent_all_people(mail->arena, mail->reader->patterns, words);
        if (!wants->replaced) {
            other_than_wanted(mail, ret, cancel);
        }
        if (wished_for(ret, ret->intents.n - 1, INTENT_CANCEL, cancel->event)) {
            ret->intents.n--; /* named twice */
        }
    }
    if (wants->replaced) {
        same_event(mail, ret);
    }
    ret->automatic = ret->automatic == READING_ASK ? READING_ASK : READING_ACT;
    reading_reason(mail->arena, ret, wants->cancel_sure ? POINTS_CANCEL : POINTS_CANCEL_WEAK, "cancels",
                   arena_printf(mail->arena, "Sagt ab: „%s“", wants->cancels->found->words));
    if (sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL || mail->is_reply || all) {
        reading_reason(mail->arena, ret, POINTS_ALREADY, "was_registered",
                       "Spricht von einer früheren Anmeldung");
    } else if (sign_best(&mail->signs, SIGN_CANCEL_HINT, SIZE_MAX) != NULL && events.event.n > 0) {
        reading_reason(mail->arena, ret, POINTS_REGRET, "regret", "Bedauert, nicht kommen zu können");
    } else if (events.event.n == 0 && !speaks_of_list(wants->cancels)) {
        bool other =
            mail->mentions.list.n > 0 || /* a day that is none of ours */
            (!wants->cancels->in_subject && sentence_says(mail, "cancel_other", wants->cancels->sentence));
        reading_reason(mail->arena, ret, other ? POINTS_OTHER : POINTS_NO_TRACE, "no_trace",
                       "Weder Veranstaltung noch Anmeldung werden genannt");
    }
    reading_event_points(mail, ret, &events);
    bool rebooks = wants->registers != NULL || wants->replaced;
    const struct intent *last = &ret->intents.at[ret->intents.n - 1];
    if (rebooks && last->kind == INTENT_CANCEL && last->event == NULL) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "which_cancel",
                       "Möchte tauschen; welche Anmeldung entfallen soll, ist unklar");
    }
    struct named_events all_named;
    named_events(mail, SIZE_MAX, &all_named);
    if (wants->data && !rebooks && all_named.event.n != 1) { /* else they say whose place it is */
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "data_and_cancel",
                       "Sagt ab und nennt alle Angaben für eine Anmeldung");
    }
    if (!rebooks && which_unclear(mail, wants, &events)) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "which_cancel",
                       "Mehrere Veranstaltungen werden genannt; welche abgesagt wird, ist unklar");
    }
    if (!rebooks && only_part(mail, wants, &events)) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "cancel_part",
                       "Vielleicht sagt nur ein Teil der Angemeldeten ab");
    }
}
