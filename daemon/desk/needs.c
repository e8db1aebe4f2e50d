#include "daemon/desk/needs.h"

static const struct {
    unsigned waives, missing;
    enum person_field fields[3];
    size_t n;
} rows[] = {
    {WAIVES_NAME, MISSING_FIRST_NAME | MISSING_LAST_NAME, {FIRST_NAME, LAST_NAME}, 2},
    {WAIVES_BIRTH_DATE, MISSING_BIRTH_DATE, {BIRTH_DATE}, 1},
    {WAIVES_ADDRESS, MISSING_STREET | MISSING_CITY, {STREET, POSTAL_CODE, CITY}, 3},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Bits of enum missing that nobody lacks at this event. */
static unsigned not_missing(const struct event *event)
{
    unsigned bits = 0;
    for (size_t i = 0; i < ROWS; i++) {
        bits |= event->waived & rows[i].waives ? rows[i].missing : 0;
    }
    return bits;
}

unsigned needs_missing(const struct intent *intent)
{
    unsigned missing = 0;
    for (size_t i = 0; i < intent->persons.n; i++) {
        missing |= person_missing(&intent->persons.at[i]);
    }
    return missing;
}

void needs_person(struct arena *arena, const struct event *event, const char *address, size_t number,
                  struct person *person)
{
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t f = 0; (event->waived & rows[i].waives) && f < rows[i].n; f++) {
            person->field[rows[i].fields[f]] = (struct fact){0};
        }
    }
    person->key = NULL;
    if (event->waived & (WAIVES_NAME | WAIVES_BIRTH_DATE)) {
        const char *key = person_key(arena, person);
        bool nameless = (event->waived & WAIVES_NAME) != 0;
        person->key = nameless && number > 0 ? arena_printf(arena, "%s|%s|%zu", key, address, number + 1)
                                             : arena_printf(arena, "%s|%s", key, address);
    }
}

/* What could be meant when no event is named: what the mail leaves open, else what was offered, else all. */
static unsigned waived_by_all(const struct known *known, const struct intent *intent)
{
    unsigned waived = ~0u;
    size_t n = intent->candidates.n;
    const char *const *codes = intent->candidates.at;
    if (n == 0 && intent->kind == INTENT_ANSWER) {
        n = known->open.expected.offered.n;
        codes = known->open.expected.offered.at;
    }
    for (size_t i = 0; i < n; i++) {
        const struct event *event = programme_find(known->programme, codes[i]);
        waived &= event == NULL ? 0 : not_missing(event);
    }
    for (size_t i = 0; n == 0 && i < known->programme->events.n; i++) {
        const struct event *event = &known->programme->events.at[i];
        waived &= event->start > known->now && !event->cancelled ? not_missing(event) : ~0u;
    }
    return waived == ~0u ? 0 : waived;
}

void needs_intent(struct arena *arena, const struct known *known, struct intent *intent)
{
    bool answer = intent->kind == INTENT_ANSWER && known->open.kind == CASE_REGISTER;
    if (intent->kind != INTENT_REGISTER && !answer) {
        return;
    }
    const struct event *event = programme_find(known->programme, intent->event);
    if (event == NULL) {
        intent->missing &= ~(waived_by_all(known, intent) & ~(unsigned)MISSING_EVENT);
        return;
    }
    if (event->waived == 0) {
        return;
    }
    const char *address = known->open.id != 0 ? known->open.address : known->sender;
    size_t n = intent->persons.n;
    struct person *persons = arena_alloc(arena, (n + 1) * sizeof *persons); /* intents may share theirs */
    for (size_t i = 0; i < n; i++) {
        persons[i] = intent->persons.at[i];
    }
    intent->missing &= ~not_missing(event);
    n += n == 0 && (event->waived & WAIVES_NAME); /* who writes, comes */
    for (size_t i = 0; i < n; i++) {
        needs_person(arena, event, address, i, &persons[i]);
    }
    intent->persons.at = persons;
    intent->persons.n = intent->persons.room = n;
}

void needs_reading(struct arena *arena, const struct known *known, struct reading *reading)
{
    unsigned missing = 0;
    for (size_t i = 0; i < reading->intents.n; i++) {
        needs_intent(arena, known, &reading->intents.at[i]);
        missing |= reading->intents.at[i].missing;
    }
    if (reading->automatic == READING_ASK && missing == 0) { /* nothing is left to ask */
        reading->automatic = READING_ACT;
    }
}
