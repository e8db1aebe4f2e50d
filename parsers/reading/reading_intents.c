/* parsers/reading/reading_intents.c: what the parts put into a reading: intents with the words that say so,
 * reasons that are counted, events. */
#include "parsers/reading/reading_parts.h"

/* Points of the countable reasons, as in reading_verdict.c. */
enum { POINTS_TITLE = 15, POINTS_DATE = 15, POINTS_KEYWORD = 5 };

void reading_reason(struct arena *arena, struct reading *reading, int points, const char *code,
                    const char *what)
{
    *LIST_ADD(arena, &reading->reasons) = (struct reason){.points = points, .what = what, .code = code};
    int good = POINTS_START, bad = 0; /* what speaks for it makes up for nothing that speaks against it */
    for (size_t i = 0; i < reading->reasons.n; i++) {
        int one = reading->reasons.at[i].points;
        good += one > 0 ? one : 0;
        bad += one < 0 ? one : 0;
    }
    int sum = (good > 100 ? 100 : good) + bad;
    reading->confidence = sum < 0 ? 0 : sum;
}

struct evidence sign_evidence(const struct mail *mail, const struct sign *sign)
{
    return (struct evidence){.words = sign->found->words,
                             .source = sign->in_subject  ? "subject"
                                       : mail->passed_on ? "forwarded"
                                                         : "text",
                             .at = sign->at,
                             .len = sign->len,
                             .pattern = sign->found->pattern,
                             .where = sign->found->where};
}

struct evidence answer_evidence(const struct found *found)
{
    return (struct evidence){.words = found->words,
                             .source = "answer",
                             .at = found->at,
                             .len = found->len,
                             .pattern = found->pattern,
                             .where = found->where};
}

struct intent *reading_add(struct mail *mail, struct reading *ret, enum intent_kind kind,
                           const struct sign *sign)
{
    struct intent *intent = LIST_ADD(mail->arena, &ret->intents);
    intent->kind = kind;
    if (sign != NULL) {
        intent->evidence = sign_evidence(mail, sign);
    }
    return intent;
}

struct intent *answer_add(struct mail *mail, struct reading *ret, enum intent_kind kind,
                          const struct found *found)
{
    struct intent *intent = LIST_ADD(mail->arena, &ret->intents);
    intent->kind = kind;
    if (found != NULL) {
        intent->evidence = answer_evidence(found);
    }
    return intent;
}

void reading_for_staff(struct reading *ret, const char *why)
{
    ret->staff = true;
    ret->why_staff = ret->why_staff == NULL ? why : ret->why_staff;
}

unsigned person_missing(const struct person *person)
{
    return (person->field[FIRST_NAME].value == NULL ? MISSING_FIRST_NAME : 0) |
           (person->field[LAST_NAME].value == NULL ? MISSING_LAST_NAME : 0) |
           (person->field[BIRTH_DATE].value == NULL ? MISSING_BIRTH_DATE : 0) |
           (person->field[STREET].value == NULL ? MISSING_STREET : 0) |
           (person->field[POSTAL_CODE].value == NULL && person->field[CITY].value == NULL ? MISSING_CITY : 0);
}

void reading_event_points(struct mail *mail, struct reading *ret, const struct wanted_events *events)
{
    if (events->event.n == 0 || events->choices.choices.n == 0) {
        return;
    }
    const struct event_choice *choice = &events->choices.choices.at[0];
    bool keyword = choice->by_keyword;
    if (choice->by_title) {
        reading_reason(mail->arena, ret, keyword ? POINTS_KEYWORD : POINTS_TITLE, "event_title",
                       keyword ? "Veranstaltung am Stichwort erkannt" : "Veranstaltung am Titel erkannt");
    }
    if (choice->by_date) {
        reading_reason(mail->arena, ret, POINTS_DATE, "event_date",
                       "Das Datum gehört zu dieser Veranstaltung");
    }
}

void reading_set_event(struct mail *mail, struct intent *intent, const struct wanted_events *events, size_t i)
{
    intent->event_evidence = events->evidence;
    if (i < events->event.n && !events->choices.contradiction) {
        intent->event = events->event.at[i]->code;
        *LIST_ADD(mail->arena, &intent->candidates) = intent->event;
        return;
    }
    const struct programme *programme = mail->reader->programme;
    for (size_t c = 0; c < events->choices.choices.n; c++) {
        for (size_t e = 0; e < programme->events.n && e < EVENTS_MATCHED; e++) {
            if (event_set_has(&events->choices.choices.at[c].could_be, e) &&
                date_compare(programme->events.at[e].day, mail->reader->today) >= 0) {
                *LIST_ADD(mail->arena, &intent->candidates) = programme->events.at[e].code;
            }
        }
    }
}
