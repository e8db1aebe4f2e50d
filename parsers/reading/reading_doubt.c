/* parsers/reading/reading_doubt.c: whether the events that were chosen are those that are meant.
 *
 * A keyword says little, and so does the day of an event that nothing else names: it may be a day of the
 * writer's life. Where a title stands beside them, that counts more, or a person asks. */
#include "parsers/reading/reading_parts.h"

/* Whether a mention names the event by more than a word in passing: in the subject, by several words of its
 * title, or as where somebody goes. */
static bool names_plainly(const struct mail *mail, const struct event_mention *m)
{
    return m->kind == MENTION_TITLE && !m->past && (m->in_subject || m->terms > 1 || is_aimed_at(mail, m));
}

/* What the choice rests on says little: a keyword of an event whose day is not told, or a day of one that is
 * not named. */
static bool is_faint(const struct mail *mail, const struct event_choice *choice)
{
    bool day = false, name = false;
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        bool meets = event_set_meet(m->fits, choice->could_be);
        day = day || (meets && m->kind == MENTION_DATE);
        name = name || (meets && (m->kind == MENTION_TITLE || m->kind == MENTION_KEYWORD ||
                                  (m->kind == MENTION_DATE && m->in_subject)));
    }
    return choice->by_title ? choice->by_keyword && !day : !name;
}

/* Another event than those chosen is named plainly, or by its day in the subject. */
static bool another_named(const struct mail *mail, const enum place *place,
                          const struct event_choices *chosen)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        bool day = m->kind == MENTION_DATE && m->in_subject && !m->past;
        bool other = place[i] != PLACE_OUT && (day || names_plainly(mail, m));
        for (size_t c = 0; c < chosen->choices.n && other; c++) {
            other = !event_set_meet(m->fits, chosen->choices.at[c].could_be);
        }
        if (other) {
            return true;
        }
    }
    return false;
}

/* "seit ich am Computer schreiben soll", and elsewhere a title: what is faint waits for it. */
bool choice_waits(const struct mail *mail, const enum place *place, const struct event_choices *choices)
{
    return choices->choices.n == 1 && is_faint(mail, &choices->choices.at[0]) &&
           another_named(mail, place, choices);
}

/* Whether the mail says how many dates are meant: "beide Termine", "zwei Veranstaltungen". */
bool says_both(const struct mail *mail)
{
    struct found found;
    return text_says(mail, "answer.both", &found) ||
           patterns_find(mail->reader->patterns, mail->arena, "answer.both", mail->subject_sentences.text,
                         mail->subject_sentences.len, 0, &found);
}

/* What a sentence says between two of the days, by a pattern; false: they are not two days of one sentence.
 */
bool says_between(const struct mail *mail, const struct event_set *days, const char *pattern)
{
    const struct event_mention *first = NULL;
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        if (m->kind != MENTION_DATE || m->in_subject || !event_set_meet(m->fits, *days)) {
            continue;
        }
        if (first == NULL || m->sentence != first->sentence) {
            first = m;
        } else if (!event_set_same(&first->fits, &m->fits)) {
            return stretch_says(mail, pattern, (struct stretch){first->at, m->at});
        }
    }
    return false;
}

/* A keyword in the subject is all that speaks for the event, while the text names the day of another. */
static bool only_by_keyword(const struct mail *mail, const struct event_choices *choices)
{
    if (choices->choices.n != 1 || !choices->choices.at[0].by_keyword || !choices->choices.at[0].in_subject) {
        return false;
    }
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        if (m->kind == MENTION_DATE && !m->in_subject && !m->past &&
            !event_set_meet(m->fits, choices->choices.at[0].could_be)) {
            return true;
        }
    }
    return false;
}

/* The day of the title stands in its sentence. */
static bool has_its_day(const struct mail *mail, const struct event_mention *title, const enum place *place)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *day = &mail->mentions.list.at[i];
        if (day->kind == MENTION_DATE && place[i] != PLACE_OUT && !day->in_subject &&
            day->sentence == title->sentence && event_set_meet(day->fits, title->fits)) {
            return true;
        }
    }
    return false;
}

/* Another event stands there with title and day: nobody writes that by the way. */
static bool event_left(const struct mail *mail, const enum place *place, const struct wanted_events *wanted)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *title = &mail->mentions.list.at[i];
        bool names = title->kind == MENTION_TITLE || title->kind == MENTION_KEYWORD;
        if (!names || title->in_subject || title->past || place[i] == PLACE_OUT ||
            mail->signs.question[title->sentence] || !has_its_day(mail, title, place)) {
            continue;
        }
        bool taken = false;
        for (size_t e = 0; e < wanted->event.n; e++) {
            taken = taken || event_set_has(&title->fits, (size_t)(wanted->event.at[e] -
                                                                  mail->reader->programme->events.at));
        }
        if (!taken) {
            return true;
        }
    }
    return false;
}

/* The day stands beside another that is chosen, as in "am 3.12. und am 10.12.", or goes on with one. */
static bool joins_day(const struct mail *mail, const struct event_choices *choices, size_t c)
{
    const struct event_choice *day = &choices->choices.at[c];
    for (size_t i = 0; i < choices->choices.n; i++) {
        const struct event_choice *other = &choices->choices.at[i];
        struct event_set both = event_set_either(day->could_be, other->could_be);
        if (i != c && other->by_date && says_between(mail, &both, "event.days")) {
            return true;
        }
    }
    return sentence_says(mail, "event.also", day->sentence);
}

/* "Am 12.12. heiratet unsere Tochter" beside an evening with its title: perhaps only a day of the writer's
 * life, or the wrong one. */
static bool faint_beside(const struct mail *mail, const enum place *place,
                         const struct event_choices *choices)
{
    for (size_t c = 0; c < choices->choices.n; c++) {
        const struct event_choice *choice = &choices->choices.at[c];
        struct event_choices alone = {0};
        *LIST_ADD(mail->arena, &alone.choices) = *choice;
        if (!choice->by_title && is_faint(mail, choice) && another_named(mail, place, &alone) &&
            !joins_day(mail, choices, c)) {
            return true;
        }
    }
    return false;
}

bool events_doubtful(struct mail *mail, const enum place *place, bool both,
                     const struct wanted_events *wanted)
{
    return only_by_keyword(mail, &wanted->choices) ||
           (wanted->event.n > 0 && !both && event_left(mail, place, wanted)) ||
           (!says_both(mail) && faint_beside(mail, place, &wanted->choices));
}
