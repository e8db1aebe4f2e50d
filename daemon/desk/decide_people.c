/* daemon/desk/decide_people.c: what is known already of the people of a registration: from the one that they
 * have elsewhere, or have here. Nobody is asked twice, and who corrects their data is believed in their own
 * mailbox alone. */
#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/desk/needs.h"

#include <stdlib.h>

enum { GENERATION = 15 }; /* years at least between a parent and a child */

bool is_person(struct arena *arena, const struct known_registration *r, const struct person *person)
{
    const char *last = person->field[LAST_NAME].value;
    return utf8_same_folded(arena, person->field[FIRST_NAME].value, r->first_name) &&
           (last == NULL || utf8_same_folded(arena, last, r->last_name));
}

struct chosen registrations_by(const struct deciding *d, const char *address, const char *event)
{
    struct chosen theirs = {0};
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *r = &d->known->registrations.at[i];
        if (str_equal(r->address, address) && (event == NULL || str_equal(r->event, event))) {
            *LIST_ADD(d->arena, &theirs.of) = r;
        }
    }
    return theirs;
}

static bool same_birth_date(const struct person *a, const struct person *b)
{
    return str_equal(a->field[BIRTH_DATE].value, b->field[BIRTH_DATE].value);
}

/* A father and a son of one name, say; the same day and month are those of one person, whose year was
 * mistyped. */
static bool generation_apart(const struct person *a, const struct person *b)
{
    const char *born = a->field[BIRTH_DATE].value, *other_born = b->field[BIRTH_DATE].value;
    struct date one, other;
    return born != NULL && other_born != NULL && date_parse_iso(born, &one) &&
           date_parse_iso(other_born, &other) && (one.day != other.day || one.month != other.month) &&
           abs(one.year - other.year) >= GENERATION;
}

struct chosen who_is(const struct deciding *d, const struct chosen *group, const struct person *person)
{
    struct chosen found = {0};
    for (size_t i = 0; i < group->of.n; i++) {
        if (is_person(d->arena, group->of.at[i], person)) {
            *LIST_ADD(d->arena, &found.of) = group->of.at[i];
        }
    }
    for (size_t i = 0; found.of.n > 1 && i < found.of.n; i++) {
        if (person->field[BIRTH_DATE].value != NULL && same_birth_date(&found.of.at[i]->person, person)) {
            found.of.at[0] = found.of.at[i];
            found.of.n = 1;
        }
    }
    if (found.of.n == 1 && generation_apart(&found.of.at[0]->person, person)) {
        found.of.n = 0;
    }
    return found;
}

bool is_nameless(const struct chosen *group)
{
    for (size_t i = 0; i < group->of.n; i++) {
        if (group->of.at[i]->first_name[0] != '\0' || group->of.at[i]->last_name[0] != '\0') {
            return false;
        }
    }
    return true;
}

/* The event that this mail gives up; "" none or not said. */
static const char *given_up(const struct deciding *d)
{
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        const struct intent *intent = &d->reading->intents.at[i];
        if (intent->kind == INTENT_CANCEL && intent->event != NULL) {
            return intent->event;
        }
    }
    return "";
}

static void fill(struct person *person, const struct person *known)
{
    bool town = person->field[POSTAL_CODE].value != NULL || person->field[CITY].value != NULL;
    for (int f = 0; f < PERSON_FIELDS; f++) {
        bool of_town = f == POSTAL_CODE || f == CITY;
        if (person->field[f].value == NULL && !(of_town && town)) {
            person->field[f] = known->field[f];
        }
    }
}

/* What is known of the person of that name; of two, a father and a son, nothing: which of them was not said.
 */
static void fill_by_name(const struct deciding *d, struct person *person)
{
    struct chosen own = registrations_by(d, d->known->sender, NULL);
    struct chosen theirs = who_is(d, &own, person);
    for (size_t i = 0; i < theirs.of.n; i++) {
        const struct person *known = &theirs.of.at[i]->person;
        if (generation_apart(known, person) || generation_apart(known, &theirs.of.at[0]->person)) {
            return;
        }
    }
    for (size_t i = 0; i < theirs.of.n; i++) {
        fill(person, &theirs.of.at[i]->person);
    }
}

struct intent complete_from_known(const struct deciding *d, const struct intent *intent)
{
    struct intent complete = *intent;
    if (intent->missing == 0) {
        return complete;
    }
    memset(&complete.persons, 0, sizeof complete.persons);
    /* In a rebooking that names nobody: who has the place that is given up, when it is one alone. */
    struct chosen before = registrations_by(d, d->known->sender, given_up(d));
    for (size_t p = 0; p < intent->persons.n; p++) {
        struct person person = intent->persons.at[p];
        if (person.field[FIRST_NAME].value == NULL && before.of.n == 1 && intent->persons.n == 1) {
            fill(&person, &before.of.at[0]->person);
        }
        if (person.field[LAST_NAME].value != NULL) {
            fill_by_name(d, &person);
        }
        *LIST_ADD(d->arena, &complete.persons) = person;
    }
    complete.missing &= MISSING_EVENT | needs_missing(&complete);
    return complete;
}

static bool differs(const struct person *now, const struct person *before, enum person_field field)
{
    const char *value = now->field[field].value;
    return value != NULL && !str_equal(value, before->field[field].value);
}

/* The registration at the event that is this person's: of several of one name the one of that birth date. */
static const struct known_registration *registered_there(const struct deciding *d, const struct event *event,
                                                         const struct person *person)
{
    struct chosen own = registrations_by(d, d->known->sender, event->code);
    const struct known_registration *found = NULL;
    for (size_t i = 0; i < own.of.n; i++) {
        const struct known_registration *r = own.of.at[i];
        if (is_person(d->arena, r, person) && (found == NULL || same_birth_date(&r->person, person))) {
            found = r;
        }
    }
    return found;
}

/* Somebody else in this mail has that name and that birth date: then this is another one. */
static bool is_somebody_elses(const struct deciding *d, const struct known_registration *r,
                              const struct intent *intent, const struct person *person)
{
    bool found = false;
    for (size_t i = 0; i < intent->persons.n; i++) {
        const struct person *other = &intent->persons.at[i];
        found |= other != person && is_person(d->arena, r, other) && same_birth_date(&r->person, other);
    }
    return found;
}

/* 1958-05-03 as staff write it. */
static const char *german(struct arena *arena, const struct person *person)
{
    const char *iso = person->field[BIRTH_DATE].value;
    return iso == NULL ? "?" : arena_printf(arena, "%.2s.%.2s.%.4s", iso + 8, iso + 5, iso);
}

void ask_staff_which(struct deciding *d, const struct chosen *namesakes)
{
    const struct known_registration *r = namesakes->of.at[0], *other = namesakes->of.at[1];
    add_queue(d, "same_name",
              arena_printf(
                  d->arena,
                  "Bei %s sind von derselben Mailadresse zwei Personen namens %s %s angemeldet (Nummer %lld, "
                  "geboren am %s, und Nummer %lld, geboren am %s). Wer von beiden seinen Platz aufgibt, sagt "
                  "die Mail nicht; abgesagt ist noch nichts. Bitte klären Sie es (stadtlabor registrations "
                  "cancel NUMMER).",
                  r->event, r->first_name, r->last_name, (long long)r->id, german(d->arena, &r->person),
                  (long long)other->id, german(d->arena, &other->person)));
}

static void ask_staff_who(struct deciding *d, const struct known_registration *r, const struct person *person)
{
    d->kept_place = true;
    add_queue(
        d, "same_name",
        arena_printf(d->arena,
                     "%s %s ist bei %s schon angemeldet (Nummer %lld, geboren am %s), und nun kommt von "
                     "derselben Mailadresse eine Anmeldung mit dem Geburtsdatum %s. Sind es zwei Personen, "
                     "etwa Vater und Sohn? Dann nehmen Sie die zweite bitte auf (stadtlabor registrations "
                     "add %s). Ist es eine Berichtigung, dann sagen Sie die alte Anmeldung vorher ab "
                     "(stadtlabor registrations cancel %lld).",
                     r->first_name, r->last_name, r->event, (long long)r->id, german(d->arena, &r->person),
                     german(d->arena, person), r->event, (long long)r->id));
}

/* With these data they are there already, under another number: by somebody else, say. */
static bool is_there_too(const struct deciding *d, const struct known_registration *r,
                         const struct person *person)
{
    const char *key = person_key(d->arena, person);
    bool found = false;
    for (size_t i = 0; i < d->known->registrations.n; i++) {
        const struct known_registration *other = &d->known->registrations.at[i];
        found |= other->id != r->id && str_equal(other->event, r->event) && str_equal(other->person_key, key);
    }
    return found;
}

bool changes_data(struct deciding *d, const struct event *event, const struct intent *intent,
                  const struct person *person)
{
    const struct known_registration *r = registered_there(d, event, person);
    if (r == NULL || is_somebody_elses(d, r, intent, person) || is_there_too(d, r, person)) {
        return false;
    }
    bool born = differs(person, &r->person, BIRTH_DATE);
    bool lives = differs(person, &r->person, STREET) || differs(person, &r->person, POSTAL_CODE) ||
                 differs(person, &r->person, CITY);
    if (born && generation_apart(person, &r->person)) {
        ask_staff_who(d, r, person);
    } else if (born || lives) {
        struct effect *effect = add_effect(d, EFFECT_CHANGE);
        struct person whole = *person;
        fill(&whole, &r->person);
        effect->id = r->id;
        *LIST_ADD(d->arena, &effect->persons) = whole;
        struct section *section = add_section(d, "changed", event);
        *LIST_ADD(d->arena, &section->persons) = *person;
        section->waiting = r->waiting;
        d->kept_place |= r->waiting;
        section->missing = (born ? MISSING_BIRTH_DATE : 0) | (lives ? MISSING_STREET : 0);
    }
    return born || lives;
}
