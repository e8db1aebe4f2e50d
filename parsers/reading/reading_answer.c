/* parsers/reading/reading_answer.c: an answer to what we had asked.
 *
 * Who answers writes little: "3.5.1958", "2", "ja bitte". What was asked gives the words their
 * meaning; what is said beyond is read as in any mail. */
#include "parsers/reading/extent.h"
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

static bool is_offered(const struct expected *expected, const char *code)
{
    for (size_t i = 0; i < expected->offered.n; i++) {
        if (str_equal(expected->offered.at[i], code)) {
            return true;
        }
    }
    return expected->offered.n == 0;
}

/* "2", "den zweiten": the number of the offered event, from 0; -1: not said. */
static int ordinal_said(const struct mail *mail, struct found *found)
{
    static const char *const names[] = {"one", "two", "three", "four", "five"};
    if (!text_says(mail, "answer.ordinal", found)) {
        return -1;
    }
    for (int i = 0; i < 5; i++) {
        if (found_group(found, names[i]) != NULL) {
            return i;
        }
    }
    return -1;
}

/* The event that the answer chooses; NULL: none, or several. */
static const char *event_chosen(struct mail *mail, const struct expected *expected,
                                struct evidence *ret_evidence)
{
    const struct programme *programme = mail->reader->programme;
    bool *used = arena_alloc(mail->arena, mail->mentions.list.n + 1);
    struct event_mentions offered = {0};
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        struct event_mention mention = mail->mentions.list.at[i];
        struct event_set fits = {0};
        for (size_t e = 0; e < programme->events.n && e < EVENTS_MATCHED; e++) {
            if (event_set_has(&mention.fits, e) && is_offered(expected, programme->events.at[e].code)) {
                event_set_add(&fits, e);
            }
        }
        if (!mention.in_subject && event_set_count(&fits) > 0) {
            mention.fits = fits;
            mention.kind = mention.kind == MENTION_PERIOD || mention.kind == MENTION_KEYWORD ? MENTION_TITLE
                                                                                             : mention.kind;
            used[offered.list.n] = true;
            *LIST_ADD(mail->arena, &offered.list) = mention;
        }
    }
    struct event_choices choices;
    event_choose(mail->arena, &offered, used, &choices);
    if (choices.choices.n == 1 && !choices.contradiction) {
        const struct event_choice *choice = &choices.choices.at[0];
        const struct event *event = event_single(programme, &choice->could_be);
        if (event != NULL) {
            *ret_evidence =
                (struct evidence){.words = arena_strndup(mail->arena, mail->text + choice->at, choice->len),
                                  .source = "answer",
                                  .at = choice->at,
                                  .len = choice->len,
                                  .pattern = "answer.event",
                                  .where = "reading_answer.c"};
            return event->code;
        }
    }
    struct found found;
    int number = choices.choices.n == 0 ? ordinal_said(mail, &found) : -1;
    if (number >= 0 && (size_t)number < expected->offered.n) {
        *ret_evidence = answer_evidence(&found);
        return expected->offered.at[number];
    }
    return NULL;
}

static bool answer_data(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    struct answered_people people;
    answer_merge(mail, expected, &people);
    struct evidence evidence = {0};
    const char *event = expected->event;
    if (expected->missing & MISSING_EVENT) {
        const char *chosen = event_chosen(mail, expected, &evidence);
        event = chosen != NULL ? chosen : event;
        people.filled += chosen != NULL;
    }
    if (people.told == 0 && !people.stranger && !people.unclear && people.filled == 0) {
        return false;
    }
    struct intent *intent = answer_add(mail, ret, INTENT_ANSWER, NULL);
    intent->event = event;
    intent->event_evidence = evidence;
    intent->missing = event == NULL ? MISSING_EVENT : 0;
    for (size_t i = 0; i < people.persons.n; i++) {
        *LIST_ADD(mail->arena, &intent->persons) = people.persons.at[i];
        intent->missing |= person_missing(&people.persons.at[i]);
    }
    ret->automatic = intent->missing == 0 ? READING_ACT : READING_ASK;
    reading_reason(mail->arena, ret, 60, "answer", "Antwortet auf unsere Rückfrage");
    if (people.stranger || people.unclear) {
        ret->automatic = READING_NONE;
        reading_for_staff(ret, people.stranger
                                   ? "Die Antwort nennt jemanden, nach dem wir nicht gefragt hatten"
                                   : "Zu wem ein Geburtsdatum der Antwort gehört, ist nicht sicher");
    }
    return true;
}

/* --- yes, no, which --- */

/* By the first name; where several bear it, by the last one too. */
static bool is_named(struct mail *mail, const char *words, const struct expected *expected, size_t at)
{
    const struct fact *name = expected->persons.at[at].field;
    bool alone = true;
    for (size_t i = 0; i < expected->persons.n; i++) {
        alone &=
            i == at || !str_equal(expected->persons.at[i].field[FIRST_NAME].value, name[FIRST_NAME].value);
    }
    return extent_names(mail->arena, words, name[FIRST_NAME].value) &&
           (alone || extent_names(mail->arena, words, name[LAST_NAME].value));
}

/* Who of a group stays away: "alle", "Hans", "2". */
static bool answer_who_cancels(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    struct intent intent = {.kind = INTENT_CANCEL, .event = expected->event};
    struct found found;
    const char *words = extent_words(mail->arena, mail->own);
    if (text_says(mail, "answer.no", &found)) {
        return false;
    }
    intent.all_people = extent_all_people(mail->arena, mail->reader->patterns, words);
    for (size_t i = 0; !intent.all_people && i < expected->persons.n; i++) {
        if (is_named(mail, words, expected, i)) {
            *LIST_ADD(mail->arena, &intent.persons) = expected->persons.at[i];
        }
    }
    if (!intent.all_people && intent.persons.n == 0) {
        int number = ordinal_said(mail, &found);
        if (number < 0 || (size_t)number >= expected->persons.n) {
            return false;
        }
        *LIST_ADD(mail->arena, &intent.persons) = expected->persons.at[number];
        intent.evidence = answer_evidence(&found);
    }
    *LIST_ADD(mail->arena, &ret->intents) = intent;
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Sagt, wer nicht kommt");
    return true;
}

static bool answer_which_cancel(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    struct evidence evidence = {0};
    struct found found;
    if (expected->persons.n > 0) {
        return answer_who_cancels(mail, expected, ret);
    }
    const char *event = event_chosen(mail, expected, &evidence);
    if (event == NULL && !text_says(mail, "answer.both", &found)) {
        return false;
    }
    for (size_t i = 0; i < expected->offered.n; i++) {
        if (event == NULL || str_equal(event, expected->offered.at[i])) {
            struct intent *intent = answer_add(mail, ret, INTENT_CANCEL, event == NULL ? &found : NULL);
            intent->event = expected->offered.at[i];
            intent->event_evidence = evidence;
        }
    }
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Sagt, welche Anmeldung gemeint ist");
    return ret->intents.n > 0;
}

/* The event that is given up, where one is named, is another than the one we wrote about. */
static bool cancels_another(struct mail *mail, const struct wants *wants, const char *event)
{
    struct wanted_events events;
    events_for_cancel(mail, wants, &events);
    for (size_t i = 0; i < events.event.n; i++) {
        if (!str_equal(events.event.at[i]->code, event)) {
            return true;
        }
    }
    return false;
}

/* The words name one of several people, not all of them: what is said is not said of the rest. */
static bool names_some(const struct mail *mail, const struct expected *expected)
{
    const char *words = extent_words(mail->arena, mail->own);
    size_t named = 0;
    for (size_t i = 0; i < expected->persons.n; i++) {
        named += extent_names(mail->arena, words, expected->persons.at[i].field[FIRST_NAME].value);
    }
    return named > 0 && named < expected->persons.n;
}

/* Yes or no about the people and the event that we wrote about: shall they be registered, do they take the
 * place. Who only is glad takes it. */
static bool answer_yes_or_no(struct mail *mail, const struct expected *expected, const struct wants *wants,
                             struct reading *ret)
{
    struct found found;
    bool cancels = wants->cancels != NULL && !wants->cancels->in_subject; /* our own subject */
    bool no = cancels || text_says(mail, "answer.no", &found);
    struct found glad;
    bool plain = cancels || (no && (found.at == 0 || str_starts_nocase(found.words, "nein") ||
                                    str_starts_nocase(found.words, "no")));
    if (no && !plain && text_says(mail, "answer.glad", &glad)) {
        return false; /* "das will ich nicht verpassen" */
    }
    if (wants->cancel_part || wants->blocked || names_some(mail, expected) ||
        (cancels && cancels_another(mail, wants, expected->event))) {
        return false;
    }
    if (no) {
        answer_add(mail, ret, INTENT_DECLINE, cancels ? wants->cancels->found : &found);
    } else if (text_says(mail, "answer.yes", &found) || text_says(mail, "answer.yes_anywhere", &found) ||
               (expected->place_given && text_says(mail, "answer.glad", &found))) {
        struct intent *intent = answer_add(mail, ret, INTENT_ANSWER, &found);
        intent->event = expected->event;
        for (size_t i = 0; i < expected->persons.n; i++) {
            *LIST_ADD(mail->arena, &intent->persons) = expected->persons.at[i];
        }
    } else {
        return false;
    }
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Antwortet mit Ja oder Nein");
    return true;
}

/* A wish for an event that the conversation is not about. */
static bool another_matter(struct mail *mail, const struct expected *expected, const struct wants *wants)
{
    if (wants->registers == NULL) {
        return false;
    }
    struct wanted_events events;
    events_for_register(mail, wants, &events);
    for (size_t i = 0; i < events.event.n; i++) {
        const char *code = events.event.at[i]->code;
        bool known =
            str_equal(code, expected->event) || (expected->offered.n > 0 && is_offered(expected, code));
        if (!known && (expected->event != NULL || expected->offered.n > 0)) {
            return true;
        }
    }
    return false;
}

bool answer_read(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    struct wants wants;
    struct found found;
    wants_find(mail, &wants);
    if (wants.privacy != NULL || another_matter(mail, expected, &wants)) {
        return false;
    }
    bool news = answer_news(mail, expected, &wants, ret), answered = news;
    if (!answered && expected->confirm_which_cancel) {
        answered = answer_which_cancel(mail, expected, ret);
    }
    if (!answered && (expected->confirm_persons || expected->place_given)) {
        answered = answer_yes_or_no(mail, expected, &wants, ret);
    }
    if (!answered && expected->missing != 0) {
        bool gives_up = (wants.cancels != NULL && wants.cancel_sure) || text_says(mail, "answer.no", &found);
        if (gives_up && wants.registers == NULL) {
            answer_add(mail, ret, INTENT_DECLINE, wants.cancels == NULL ? &found : wants.cancels->found);
            ret->automatic = READING_ACT;
            reading_reason(mail->arena, ret, 60, "answer", "Möchte nicht mehr");
            answered = true;
        } else {
            answered = answer_data(mail, expected, ret);
        }
    }
    if (answered && (wants.question != NULL || wants.concern != NULL)) {
        answer_add(mail, ret, INTENT_QUESTION, NULL);
        ret->staff = true;
        ret->why_staff = "Antwortet und fragt noch etwas";
    }
    if (answered && !news) {
        for (size_t i = 0; i < wants.news.n; i++) {
            struct intent *intent =
                answer_add(mail, ret, wants.news.at[i].subscribe ? INTENT_SUBSCRIBE : INTENT_UNSUBSCRIBE,
                           wants.news.at[i].sign->found);
            intent->address = wants.news.at[i].address;
        }
    }
    return answered;
}
