#include "daemon/programme/registering.h"

#include "base/text.h"
#include "daemon/desk/dispatch.h"
#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"

static bool audit(const struct registering *r, const char *action, int64_t id, struct error *err)
{
    return store_audit(r->desk->store, r->cause.now, r->cause.actor, action, 0,
                       arena_printf(r->arena, "registration %lld", (long long)id), err);
}

static const char *name_of(const struct registering *r, const struct person *person)
{
    return arena_printf(r->arena, "%s %s", known_value(person, FIRST_NAME), known_value(person, LAST_NAME));
}

/* What the event asks for and the person lacks: "Geburtsdatum, Ort"; "": nothing. */
static const char *lacks(struct arena *arena, const struct event *event, const struct person *person)
{
    static const struct {
        enum person_field field;
        unsigned waiver;
        const char *german;
    } rows[] = {{FIRST_NAME, WAIVES_NAME, "Vorname"},
                {LAST_NAME, WAIVES_NAME, "Nachname"},
                {BIRTH_DATE, WAIVES_BIRTH_DATE, "Geburtsdatum"},
                {STREET, WAIVES_ADDRESS, "Straße und Hausnummer"},
                {CITY, WAIVES_ADDRESS, "Ort"}};
    const char *all = "";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((event->waived & rows[i].waiver) == 0 && person->field[rows[i].field].value == NULL) {
            all = arena_printf(arena, "%s%s%s", all, *all == '\0' ? "" : ", ", rows[i].german);
        }
    }
    return all;
}

static bool check_age(const struct registering *r, const struct event *event, const struct person *person,
                      struct error *err)
{
    struct date born;
    const char *value = person->field[BIRTH_DATE].value;
    if (value == NULL || !date_parse_iso(value, &born)) {
        return true;
    }
    int age = date_age(born, event->day);
    if (event->min_age >= 0 && age < event->min_age) {
        return fail(err, "%s ist an diesem Tag %d Jahre alt; die Veranstaltung ist ab %d Jahren",
                    name_of(r, person), age, event->min_age);
    }
    return event->max_age < 0 || age <= event->max_age ||
           fail(err, "%s ist an diesem Tag %d Jahre alt; die Veranstaltung ist bis %d Jahre",
                name_of(r, person), age, event->max_age);
}

static bool check_event(const struct registering *r, const struct event *event, struct error *err)
{
    if (event->cancelled) {
        return fail(err, "%s ist abgesagt", event->code);
    }
    return event->start > r->cause.now || fail(err, "%s hat schon begonnen", event->code);
}

static bool check_person(const struct registering *r, const struct event *event, const struct person *person,
                         struct error *err)
{
    struct registration_rows there = {0};
    const char *missing = lacks(r->arena, event, person);
    if (*missing != '\0') {
        return fail(err, "es fehlt: %s%s%s", missing,
                    known_value(person, FIRST_NAME)[0] != '\0' ? " von " : "",
                    known_value(person, FIRST_NAME));
    }
    if (!check_age(r, event, person, err) ||
        !registrations_of_person(r->desk->store, r->arena, event->code, person_key(r->arena, person), &there,
                                 err)) {
        return false;
    }
    bool named = known_value(person, FIRST_NAME)[0] != '\0';
    return !named || there.row.n == 0 ||
           fail(err, "%s ist dort schon angemeldet (Nummer %lld)", name_of(r, person),
                (long long)there.row.at[0].id);
}

static bool check_persons(const struct registering *r, const struct event *event,
                          const struct person *persons, size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!check_person(r, event, &persons[i], err)) {
            return false;
        }
    }
    return true;
}

/* Whether they have a place, by the rule or by staff's word. */
static bool choose_seat(const struct registering *r, const struct event *event, int people, enum seat seat,
                        struct registered *ret, struct error *err)
{
    struct waiting_rule rule = waiting_rule_of(r->desk->config);
    struct waiting_list list;
    int waiting;
    if (!waiting_list_of(r->desk->store, r->arena, event->code, &list, &waiting, err)) {
        return false;
    }
    bool room = waiting_has_room(&rule, &list, r->cause.now, people);
    bool may_wait = event->waiting_list && (event->capacity == 0 || people <= event->capacity);
    if (!room && seat == SEAT_BY_RULE) {
        return fail(err,
                    "%s: %d von %d Plätzen sind vergeben, und %d %s. --place gibt trotzdem einen Platz%s",
                    event->code, list.confirmed, event->capacity, waiting,
                    waiting == 1 ? "Person wartet" : "Personen warten",
                    may_wait ? ", --wait setzt auf die Warteliste" : "");
    }
    if (!room && seat == SEAT_WAIT && !may_wait) {
        return fail(err, "%s hat keine Warteliste, oder die Gruppe ist größer als die Veranstaltung",
                    event->code);
    }
    ret->waiting = !room && seat != SEAT_PLACE;
    ret->position = waiting + 1;
    int taken = list.confirmed + (ret->waiting ? 0 : people);
    ret->too_many = event->capacity > 0 && taken > event->capacity ? taken - event->capacity : 0;
    return true;
}

/* `before`: the registrations that these come from, in a move; NULL: none. */
static bool add_rows(const struct registering *r, const struct registration_row *pattern,
                     const struct registration_row *before, const struct person *persons, size_t n,
                     struct registered *ret, struct error *err)
{
    const struct event *event = programme_find(&r->desk->programme, pattern->event);
    bool evidence = event != NULL && event->waived == 0; /* else it may tell what the event does without */
    for (size_t i = 0; i < n; i++) {
        struct registration_row row = *pattern;
        known_row(r->arena, &persons[i], &row);
        row.evidence = before != NULL && evidence ? before[i].evidence : "{}";
        row.instead_of = before != NULL && str_equal(row.state, "waiting") ? before[i].instead_of : 0;
        if (!registration_add(r->desk->store, r->cause.now, &row, err) ||
            !audit(r, "registered", row.id, err)) {
            return false;
        }
        *LIST_ADD(r->arena, &ret->id) = row.id;
    }
    return true;
}

static struct section *add_section(const struct registering *r, struct letter_plan *plan, const char *kind,
                                   const struct event *event)
{
    struct section *section = LIST_ADD(r->arena, &plan->sections);
    section->kind = kind;
    section->event = event;
    return section;
}

/* To who has an address; `*ret` tells whether there was a letter. */
static bool write_letter(const struct registering *r, const struct letter_plan *plan, const char *occasion,
                         const char *language, bool *ret, struct error *err)
{
    *ret = !r->silent && plan->to[0] != '\0';
    struct dispatch dispatch = {
        .plan = plan,
        .seed = arena_printf(r->arena, "staff %s %lld", occasion, (long long)r->cause.now),
        .language = language,
        .now = r->cause.now,
        .actor = r->cause.actor,
    };
    struct dispatched done;
    return !*ret || dispatch_letter(r->desk, r->arena, &dispatch, &done, err);
}

static bool register_people(const struct registering *r, const struct event *event,
                            const struct person *persons, size_t n, const struct registration_row *pattern,
                            const struct registration_row *before, struct letter_plan *plan,
                            struct registered *ret, struct error *err)
{
    struct registration_row row = *pattern;
    row.event = event->code;
    row.state = ret->waiting ? "waiting" : "confirmed";
    if (!registration_next_party(r->desk->store, &row.party, err) ||
        !add_rows(r, &row, before, persons, n, ret, err)) {
        return false;
    }
    struct section *section = add_section(r, plan, ret->waiting ? "waiting" : "confirmed", event);
    section->place = ret->position;
    for (size_t i = 0; i < n; i++) {
        *LIST_ADD(r->arena, &section->persons) = persons[i];
    }
    return true;
}

/* The people as the event keeps them: no more than it needs. Who has no mail address is told apart by the
 * party. */
static bool keep_needed(const struct registering *r, const struct event *event, const char *address,
                        const struct person *persons, size_t n, struct person **ret, struct error *err)
{
    struct person *kept = arena_alloc(r->arena, n * sizeof *kept);
    int64_t party;
    if (!registration_next_party(r->desk->store, &party, err)) {
        return false;
    }
    const char *apart = address[0] != '\0' ? address : arena_printf(r->arena, "party %lld", (long long)party);
    for (size_t i = 0; i < n; i++) {
        kept[i] = persons[i];
        needs_person(r->arena, event, apart, i, &kept[i]);
    }
    *ret = kept;
    return true;
}

bool registering_add(const struct registering *r, const struct event *event, const struct person *given,
                     size_t n, const char *address, const char *language, enum seat seat,
                     struct registered *ret, struct error *err)
{
    struct registered added = {0};
    struct letter_plan plan = {.to = address};
    struct registration_row pattern = {.address = address, .language = language};
    struct person *persons;
    bool written;
    if (!check_event(r, event, err) || !keep_needed(r, event, address, given, n, &persons, err) ||
        !check_persons(r, event, persons, n, err) || !choose_seat(r, event, (int)n, seat, &added, err)) {
        return false;
    }
    if (!register_people(r, event, persons, n, &pattern, NULL, &plan, &added, err) ||
        !write_letter(r, &plan, arena_printf(r->arena, "add %lld", (long long)added.id.at[0]), language,
                      &written, err) ||
        !places_settle(r->desk, r->arena, &r->cause, err)) {
        return false;
    }
    added.letter_to = written ? address : NULL;
    *ret = added;
    return true;
}

static bool cancel_row(const struct registering *r, const struct registration_row *row, struct error *err)
{
    bool changed;
    return registration_cancel(r->desk->store, r->cause.now, row->id, &changed, err) &&
           (changed || fail(err, "Anmeldung %lld ist schon abgesagt", (long long)row->id)) &&
           audit(r, "cancelled", row->id, err);
}

/* The rows from `at` on that are of the same address and event get one letter. */
static bool cancel_together(const struct registering *r, const struct registration_rows *rows, size_t at,
                            bool *done, bool *ret_written, struct error *err)
{
    const struct registration_row *first = &rows->row.at[at];
    struct letter_plan plan = {.to = first->address};
    struct section *section =
        add_section(r, &plan, "cancelled", programme_find(&r->desk->programme, first->event));
    section->waiting = true;
    for (size_t i = at; i < rows->row.n; i++) {
        const struct registration_row *row = &rows->row.at[i];
        if (!done[i] && str_equal(row->address, first->address) && str_equal(row->event, first->event)) {
            done[i] = true;
            section->waiting &= str_equal(row->state, "waiting");
            known_person(row, LIST_ADD(r->arena, &section->persons));
            if (!cancel_row(r, row, err)) {
                return false;
            }
        }
    }
    return known_greeting(r->desk->store, r->arena, first, &plan.to_name, err) &&
           write_letter(r, &plan, arena_printf(r->arena, "cancel %lld", (long long)first->id),
                        first->language, ret_written, err);
}

bool registering_cancel(const struct registering *r, const struct registration_rows *rows, int *ret_letters,
                        struct error *err)
{
    bool *done = arena_alloc(r->arena, rows->row.n * sizeof *done);
    int letters = 0;
    for (size_t i = 0; i < rows->row.n; i++) {
        bool written = false;
        if (!done[i] && !cancel_together(r, rows, i, done, &written, err)) {
            return false;
        }
        letters += written;
    }
    if (!places_settle(r->desk, r->arena, &r->cause, err)) {
        return false;
    }
    *ret_letters = letters;
    return true;
}

/* What is held elsewhere until a place that was waited for is had. */
static bool find_held(const struct registering *r, const struct registration_rows *rows,
                      struct registered *ret, struct error *err)
{
    for (size_t i = 0; i < rows->row.n; i++) {
        struct registration_row old = {0};
        if (rows->row.at[i].instead_of != 0 &&
            !registration_get(r->desk->store, r->arena, rows->row.at[i].instead_of, &old, err)) {
            return false;
        }
        if (old.id != 0 && !str_equal(old.state, "cancelled")) {
            *LIST_ADD(r->arena, &ret->held.row) = old;
        }
    }
    return true;
}

/* The people of a move: of one address at one event. */
static bool people_together(const struct registering *r, const struct registration_rows *rows,
                            struct person **ret, struct error *err)
{
    const struct registration_row *first = &rows->row.at[0];
    struct person *persons = arena_alloc(r->arena, rows->row.n * sizeof *persons);
    for (size_t i = 0; i < rows->row.n; i++) {
        known_person(&rows->row.at[i], &persons[i]);
        if (!str_equal(rows->row.at[i].address, first->address) ||
            !str_equal(rows->row.at[i].event, first->event)) {
            return fail(err, "Anmeldungen %lld und %lld gehören nicht zusammen: bitte einzeln umbuchen",
                        (long long)first->id, (long long)rows->row.at[i].id);
        }
    }
    *ret = persons;
    return true;
}

bool registering_move(const struct registering *r, const struct registration_rows *rows,
                      const struct event *event, enum seat seat, struct registered *ret, struct error *err)
{
    struct registered moved = {0};
    const struct registration_row *first = &rows->row.at[0];
    struct letter_plan plan = {.to = first->address};
    struct person *persons;
    bool written;
    if (!people_together(r, rows, &persons, err) || !check_event(r, event, err) ||
        !keep_needed(r, event, first->address, persons, rows->row.n, &persons, err) ||
        !check_persons(r, event, persons, rows->row.n, err) ||
        !choose_seat(r, event, (int)rows->row.n, seat, &moved, err)) {
        return false;
    }
    for (size_t i = 0; i < rows->row.n; i++) {
        if (!cancel_row(r, &rows->row.at[i], err)) {
            return false;
        }
    }
    if (!register_people(r, event, persons, rows->row.n, first, rows->row.at, &plan, &moved, err)) {
        return false;
    }
    struct section *old =
        add_section(r, &plan, "cancelled", programme_find(&r->desk->programme, first->event));
    old->waiting = str_equal(first->state, "waiting");
    old->rebooking = true;
    for (size_t i = 0; i < rows->row.n; i++) {
        known_person(&rows->row.at[i], LIST_ADD(r->arena, &old->persons));
    }
    if (!known_greeting(r->desk->store, r->arena, first, &plan.to_name, err) ||
        !write_letter(r, &plan, arena_printf(r->arena, "move %lld", (long long)first->id), first->language,
                      &written, err) ||
        !find_held(r, rows, &moved, err) || !places_settle(r->desk, r->arena, &r->cause, err)) {
        return false;
    }
    moved.letter_to = written ? first->address : NULL;
    *ret = moved;
    return true;
}

bool registering_give_place(const struct registering *r, const struct registration_row *row,
                            struct registered *ret, struct error *err)
{
    struct registered given = {0};
    struct registration_rows party = {0};
    const struct event *event = programme_find(&r->desk->programme, row->event);
    if (!str_equal(row->state, "waiting")) {
        return fail(err, "Anmeldung %lld steht nicht auf der Warteliste", (long long)row->id);
    }
    if (event == NULL || !check_event(r, event, err) ||
        !registrations_of_party(r->desk->store, r->arena, row->event, row->party, "waiting", &party, err) ||
        !choose_seat(r, event, (int)party.row.n, SEAT_PLACE, &given, err) ||
        !places_give(r->desk, r->arena, &r->cause, event, row->party, err) ||
        !places_settle(r->desk, r->arena, &r->cause, err)) {
        return false;
    }
    for (size_t i = 0; i < party.row.n; i++) {
        *LIST_ADD(r->arena, &given.id) = party.row.at[i].id;
    }
    given.letter_to = row->address[0] != '\0' ? row->address : NULL;
    *ret = given;
    return true;
}
