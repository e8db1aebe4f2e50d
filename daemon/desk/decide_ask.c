/* daemon/desk/decide_ask.c: what is asked about a registration, and what is offered. */
#include "daemon/desk/deciding.h"

#include "base/text.h"

/* Those that fit, else all that can still be registered for. */
static void offer(struct deciding *d, const struct intent *intent, struct expected *expected)
{
    for (size_t i = 0; i < intent->candidates.n; i++) {
        *LIST_ADD(d->arena, &expected->offered) = intent->candidates.at[i];
    }
    for (size_t i = 0; intent->candidates.n == 0 && i < d->known->programme->events.n; i++) {
        const struct event *e = &d->known->programme->events.at[i];
        if (event_shut(d, e) == NULL) {
            *LIST_ADD(d->arena, &expected->offered) = e->code;
        }
    }
}

/* The questions of one mail go into one letter and one case; a second incomplete registration in
 * the same mail would need two answers at once: that is for a person. */
void ask_registration(struct deciding *d, const struct intent *intent, bool is_answer)
{
    const struct known_case *open = is_answer ? &d->known->open : &(struct known_case){0};
    if (open->id != 0 && open->round >= d->limits->rounds_most) {
        close_case(d, open);
        add_queue(d, "rounds",
                  "Wir haben mehrmals nachgefragt und immer noch nicht alle Angaben. Bitte rufen Sie an oder "
                  "schreiben Sie persönlich.");
        return;
    }
    if (d->decision->answer.opens_case) {
        add_queue(
            d, "two_incomplete",
            "Die Mail enthält zwei Anmeldungen, bei denen Angaben fehlen. Nach der ersten haben wir gefragt; "
            "bitte klären Sie die zweite.");
        return;
    }
    const struct event *event =
        intent->event == NULL ? NULL : programme_find(d->known->programme, intent->event);
    struct known_case *asks = &d->decision->answer.asks;
    struct expected expected = {.missing = intent->missing | (event == NULL ? MISSING_EVENT : 0),
                                .event = event == NULL ? NULL : event->code};
    if (event == NULL) {
        offer(d, intent, &expected);
        if (expected.offered.n == 0) {
            add_queue(
                d, "nothing_to_offer",
                "Welche Veranstaltung gemeint ist, steht nicht da, und im Programm steht keine, für die man "
                "sich anmelden kann. Bitte prüfen Sie das Programm und antworten Sie.");
            return;
        }
    }
    bool unknown = event == NULL && intent->candidates.n == 0 && open->id == 0;
    struct section *section = add_section(d, unknown ? "event_unknown" : "question", event);
    section->missing = expected.missing;
    section->again = open->id != 0;
    memcpy(&section->persons, &intent->persons, sizeof section->persons);
    memcpy(&section->offered, &expected.offered, sizeof section->offered);
    memcpy(&expected.persons, &intent->persons, sizeof expected.persons);
    d->decision->answer.opens_case = true;
    *asks = (struct known_case){
        .id = open->id, .kind = CASE_REGISTER, .round = open->round + 1, .expected = expected};
    asks->address = open->id != 0 ? open->address : d->known->sender;
    asks->language = d->decision->language;
    if (d->decision->state == MAIL_DONE) {
        d->decision->state = MAIL_ASKED;
    }
}

/* A case of somebody whose mail was answered in full, and who may still say one thing more. */
static struct known_case *may_answer(struct deciding *d)
{
    struct known_case *asks = &d->decision->answer.asks;
    d->decision->answer.opens_case = true;
    *asks = (struct known_case){
        .kind = CASE_REGISTER, .round = 1, .address = d->known->sender, .language = d->decision->language};
    return asks;
}

void offer_others(struct deciding *d, const struct event *event, const struct person *persons, size_t n)
{
    enum { OFFERED_MOST = 3 };
    struct letter_plan *answer = &d->decision->answer;
    struct section *section = &answer->sections.at[answer->sections.n - 1];
    if (answer->opens_case || answer->sections.n > 1) {
        return; /* "2" must have one meaning */
    }
    for (size_t i = 0; i < d->known->programme->events.n && section->offered.n < OFFERED_MOST; i++) {
        const struct event *e = &d->known->programme->events.at[i];
        bool topic = event->topic != NULL && event->topic[0] != '\0' && str_equal(e->topic, event->topic);
        if (e != event && event_shut(d, e) == NULL && (topic || str_equal(e->title, event->title))) {
            *LIST_ADD(d->arena, &section->offered) = e->code;
        }
    }
    if (section->offered.n > 0) {
        struct expected *expected = &may_answer(d)->expected;
        expected->missing = MISSING_EVENT;
        memcpy(&expected->offered, &section->offered, sizeof expected->offered);
        for (size_t i = 0; i < n; i++) {
            *LIST_ADD(d->arena, &expected->persons) = persons[i];
        }
    }
}

void ask_for_the_rest(struct deciding *d, const struct event *event, const struct effect *fit)
{
    if (d->decision->answer.opens_case || fit->persons.n == 0) {
        return;
    }
    struct expected *expected = &may_answer(d)->expected;
    expected->event = event->code;
    expected->confirm_persons = true;
    memcpy(&expected->persons, &fit->persons, sizeof expected->persons);
    if (d->decision->state == MAIL_DONE) {
        d->decision->state = MAIL_ASKED;
    }
}
