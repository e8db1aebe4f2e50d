#include "daemon/desk/deciding.h"

#include "base/text.h"

static bool already_there(const struct deciding *d, const struct event *event, const char *key,
                          bool *ret_waiting)
{
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (str_equal(r->event, event->code) && str_equal(r->person_key, key)) {
            *ret_waiting = r->waiting;
            return true;
        }
    }
    /* … or put there a moment ago by this same mail. */
    for (size_t i = 0; i < d->decision->effects.n; i++) {
        const struct effect *e = &d->decision->effects.at[i];
        for (size_t p = 0; e->kind == EFFECT_REGISTER && str_equal(e->event, event->code) && p < e->persons.n;
             p++) {
            if (str_equal(person_key(d->arena, &e->persons.at[p]), key)) {
                *ret_waiting = e->waiting;
                return true;
            }
        }
    }
    return false;
}

enum age { AGE_FITS, AGE_TOO_YOUNG, AGE_TOO_OLD };

static enum age age_of(const struct event *event, const struct person *person)
{
    struct date born;
    const char *value = person->field[BIRTH_DATE].value;
    if ((event->min_age < 0 && event->max_age < 0) || value == NULL || !date_parse_iso(value, &born)) {
        return AGE_FITS;
    }
    int age = date_age(born, event->day);
    return event->min_age >= 0 && age < event->min_age   ? AGE_TOO_YOUNG
           : event->max_age >= 0 && age > event->max_age ? AGE_TOO_OLD
                                                         : AGE_FITS;
}

/* The list as it is after what this mail itself has added to it. */
static struct waiting_list list_now(const struct deciding *d, const struct event *event, int *ret_waiting)
{
    struct waiting_list list = {
        .starts = event->start, .cancelled = event->cancelled, .capacity = event->capacity};
    *ret_waiting = 0;
    for (size_t i = 0; i < d->known->events.n; i++) {
        const struct known_event *known = &d->known->events.at[i];
        if (str_equal(known->event, event->code)) {
            list = known->list;
            memset(&list.parties, 0, sizeof list.parties);
            for (size_t p = 0; p < known->list.parties.n; p++) {
                *LIST_ADD(d->arena, &list.parties) = known->list.parties.at[p];
            }
            *ret_waiting = known->waiting;
        }
    }
    for (size_t i = 0; i < d->decision->effects.n; i++) {
        const struct effect *e = &d->decision->effects.at[i];
        if (e->kind == EFFECT_REGISTER && str_equal(e->event, event->code) && e->waiting) {
            *LIST_ADD(d->arena, &list.parties) = (struct waiting_party){.people = (int)e->persons.n};
            *ret_waiting += (int)e->persons.n;
        } else if (e->kind == EFFECT_REGISTER && str_equal(e->event, event->code)) {
            list.confirmed += (int)e->persons.n;
        }
    }
    return list;
}

/* Everybody of one mail gets a place, or everybody waits. Who comes while others wait, waits too. */
static void give_places(struct deciding *d, const struct event *event, const struct effect *people)
{
    int waiting, wanted = (int)people->persons.n;
    struct waiting_list list = list_now(d, event, &waiting);
    bool fits = waiting_has_room(&d->limits->waiting, &list, d->known->now, wanted);
    if (!fits && event->waiting_list && event->capacity != 0 && wanted > event->capacity) {
        d->kept_place = true;
        add_queue(
            d, "group_too_large",
            arena_printf(d->arena,
                         "Anmeldung einer Gruppe von %d Personen für %s: dort gibt es nur %d Plätze. Bitte "
                         "klären Sie, wer kommen kann.",
                         wanted, event->code, event->capacity));
        return;
    }
    if (!fits && !event->waiting_list) {
        d->kept_place = true;
        memcpy(&add_section(d, "full", event)->persons, &people->persons, sizeof people->persons);
        offer_others(d, event, people->persons.at, people->persons.n);
        return;
    }
    struct effect *effect = add_effect(d, EFFECT_REGISTER);
    effect->event = event->code;
    effect->waiting = !fits;
    memcpy(&effect->persons, &people->persons, sizeof people->persons);
    struct section *section = add_section(d, fits ? "confirmed" : "waiting", event);
    section->place = waiting + 1;
    memcpy(&section->persons, &people->persons, sizeof people->persons);
    d->kept_place |= !fits;
}

static void refuse(struct deciding *d, const char *kind, const struct event *event,
                   const struct person *persons, size_t n)
{
    d->kept_place = true;
    struct section *section = add_section(d, kind, event);
    for (size_t i = 0; i < n; i++) {
        if (persons[i].field[FIRST_NAME].value != NULL || persons[i].field[LAST_NAME].value != NULL) {
            *LIST_ADD(d->arena, &section->persons) = persons[i];
        }
    }
}

/* Who waits is not told that they have a place. */
static void tell_already(struct deciding *d, const struct event *event, const struct effect *there)
{
    if (there->persons.n > 0) {
        struct section *section = add_section(d, "already_registered", event);
        section->waiting = there->waiting;
        d->kept_place |= there->waiting;
        memcpy(&section->persons, &there->persons, sizeof section->persons);
    }
}

/* Nothing that is missing is asked for an event nobody can register for. */
static bool told_shut(struct deciding *d, const struct event *event, const struct intent *intent)
{
    const char *why_not = event == NULL ? NULL : event_shut(d, event);
    if (why_not != NULL) {
        refuse(d, why_not, event, intent->persons.at, intent->persons.n);
        offer_others(d, event, intent->persons.at, intent->persons.n);
    }
    return why_not != NULL;
}

static void register_complete(struct deciding *d, const struct event *event, const struct intent *intent)
{
    struct effect fits = {0}, there[2] = {0}, young = {0}, old = {0};
    for (size_t i = 0; i < intent->persons.n; i++) {
        const struct person *person = &intent->persons.at[i];
        enum age age = age_of(event, person);
        if (age != AGE_FITS) {
            struct effect *refused = age == AGE_TOO_YOUNG ? &young : &old;
            *LIST_ADD(d->arena, &refused->persons) = *person;
            continue;
        }
        if (changes_data(d, event, intent, person)) {
            continue;
        }
        const char *key = person_key(d->arena, person);
        bool twice = false, waiting = false;
        for (size_t k = 0; k < fits.persons.n; k++) {
            twice |= str_equal(person_key(d->arena, &fits.persons.at[k]), key);
        }
        if (already_there(d, event, key, &waiting)) {
            *LIST_ADD(d->arena, &there[waiting].persons) = *person;
        } else if (!twice) {
            *LIST_ADD(d->arena, &fits.persons) = *person;
        }
    }
    size_t n_refused = young.persons.n + old.persons.n;
    if (n_refused == intent->persons.n) { /* each is told the limit that is theirs */
        if (young.persons.n > 0) {
            refuse(d, "too_young", event, young.persons.at, young.persons.n);
        }
        if (old.persons.n > 0) {
            refuse(d, "too_old", event, old.persons.at, old.persons.n);
        }
    } else if (n_refused > 0) {
        refuse(d, "age_mixed", event, intent->persons.at, intent->persons.n);
        ask_for_the_rest(d, event, &fits);
    } else {
        tell_already(d, event, &there[false]);
        there[true].waiting = true;
        tell_already(d, event, &there[true]);
        if (fits.persons.n > 0) {
            give_places(d, event, &fits);
        }
    }
}

void decide_register(struct deciding *d, const struct intent *intent)
{
    const struct event *event =
        intent->event == NULL ? NULL : programme_find(d->known->programme, intent->event);
    if (told_shut(d, event, intent)) {
        return;
    }
    struct intent complete = complete_from_known(d, intent);
    if (event == NULL || complete.missing != 0 || complete.persons.n == 0) {
        d->kept_place = true;
        ask_registration(d, &complete, false);
        return;
    }
    register_complete(d, event, &complete);
}

void decide_answer(struct deciding *d, const struct intent *intent)
{
    const struct known_case *open = &d->known->open;
    if (open->id == 0) {
        return; /* the reading had something to expect, the store no longer has: staff */
    }
    if (open->kind == CASE_CANCEL) { /* "who" is answered by a cancellation; here people are none of ours */
        struct intent which = *intent;
        which.persons.n = 0;
        decide_cancel(d, &which);
        return;
    }
    if (open->kind == CASE_PLACE) { /* they take it: they have it already */
        close_case(d, open);
        return;
    }
    const struct event *event =
        intent->event == NULL ? NULL : programme_find(d->known->programme, intent->event);
    if (told_shut(d, event, intent)) {
        close_case(d, open);
        return;
    }
    if (event == NULL || intent->missing != 0 || intent->persons.n == 0) {
        d->kept_place = true;
        ask_registration(d, intent, true);
        return;
    }
    close_case(d, open);
    register_complete(d, event, intent);
}
