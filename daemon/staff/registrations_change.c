/* daemon/staff/registrations_change.c: registrations add, cancel, move: what staff enter themselves. */
#include "daemon/staff/registrations.h"

#include "base/text.h"
#include "daemon/programme/registering.h"
#include "daemon/staff/events.h"
#include "daemon/staff/person_options.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>

/* What a command does inside the transaction. */
struct work {
    struct command *c;
    struct registering r;
    struct event event; /* of add and move */
    struct registration_rows rows;
    struct {
        LIST(struct person) list;
    } persons;
    const char *address, *language;
    enum seat seat;
    struct registered registered;
    int letters;
};

static bool take_seat(struct command *c, enum seat *ret)
{
    bool place = command_value(c, "place") != NULL, wait = command_value(c, "wait") != NULL;
    *ret = place ? SEAT_PLACE : wait ? SEAT_WAIT : SEAT_BY_RULE;
    return !(place && wait) || fail(&c->err, "--place und --wait schließen sich aus");
}

static bool take_address(struct work *w)
{
    struct command *c = w->c;
    const char *given = command_value(c, "address"), *language = command_value(c, "language");
    w->address = "";
    if (given != NULL && !command_address(c, given, &w->address)) {
        return false;
    }
    if (given != NULL && strchr(strrchr(w->address, '@'), '.') == NULL) {
        return fail(&c->err, "--address %s: dahinter fehlt etwas, zum Beispiel „.de“", w->address);
    }
    if (language != NULL && !str_equal(language, "de") && !str_equal(language, "en")) {
        return fail(&c->err, "--language %s: möglich sind de und en", language);
    }
    w->language = language == NULL ? "de" : language;
    return true;
}

static bool take_persons(struct work *w)
{
    struct command *c = w->c;
    for (size_t i = 0; i < c->values.n; i++) {
        const struct command_value *given = &c->values.at[i];
        struct correction one = {0};
        if (!is_person_option(given->name)) {
            continue;
        }
        if (!person_option(c, given->name, given->value, &one)) {
            return false;
        }
        while (w->persons.list.n < one.person) {
            LIST_ADD(c->arena, &w->persons.list);
        }
        w->persons.list.at[one.person - 1].field[one.field].value = one.value;
    }
    if (w->persons.list.n == 0) {
        LIST_ADD(c->arena, &w->persons.list);
    }
    return true;
}

/* The registrations whose numbers the words name, from the second word to before `end`. */
static bool take_rows(struct work *w, int end)
{
    struct command *c = w->c;
    for (int i = 1; i < end; i++) {
        int64_t id;
        struct registration_row row;
        if (!command_id(c, c->words[i], &id) || !registration_get(c->store, c->arena, id, &row, &c->err)) {
            return false;
        }
        if (row.id == 0 || str_equal(row.state, "cancelled")) {
            return fail(&c->err, "Anmeldung %lld %s", (long long)id,
                        row.id == 0 ? "gibt es nicht" : "ist schon abgesagt");
        }
        *LIST_ADD(c->arena, &w->rows.row) = row;
    }
    return true;
}

/* In one transaction, with the programme as it is then. */
static bool in_transaction(struct work *w, bool (*act)(struct work *w))
{
    struct command *c = w->c;
    struct desk desk;
    if (!desk_begin_letters(&desk, c->arena, c->store, &c->config, &c->err)) {
        return false;
    }
    w->r = (struct registering){.desk = &desk,
                                .arena = c->arena,
                                .cause = {.now = clock_now(), .actor = command_actor(c->arena)},
                                .silent = command_value(c, "no-letters") != NULL};
    bool done = store_begin(c->store, &c->err) && desk_programme(&desk, &c->err) && act(w);
    done = store_end(c->store, done, &c->err);
    desk_end(&desk);
    if (done) {
        doorbell_ring(c->config.store);
    }
    return done;
}

static bool act_add(struct work *w)
{
    return events_find(w->c, w->c->words[1], &w->event) &&
           registering_add(&w->r, &w->event, w->persons.list.at, w->persons.list.n, w->address, w->language,
                           w->seat, &w->registered, &w->c->err);
}

static bool act_cancel(struct work *w)
{
    return take_rows(w, w->c->words_n) && registering_cancel(&w->r, &w->rows, &w->letters, &w->c->err);
}

static bool act_move(struct work *w)
{
    struct command *c = w->c;
    if (!events_find(c, c->words[c->words_n - 1], &w->event) || !take_rows(w, c->words_n - 1)) {
        return false;
    }
    const struct registration_row *first = &w->rows.row.at[0];
    if (!str_equal(first->event, w->event.code)) {
        return registering_move(&w->r, &w->rows, &w->event, w->seat, &w->registered, &c->err);
    }
    if (w->seat != SEAT_PLACE || w->rows.row.n > 1) {
        return fail(&c->err,
                    "Anmeldung %lld ist schon bei %s. Mit --place bekommt die ganze Gruppe einen Platz, "
                    "wenn sie wartet; nennen Sie dazu eine Nummer",
                    (long long)first->id, first->event);
    }
    return registering_give_place(&w->r, first, &w->registered, &c->err);
}

static void print_registered(const struct work *w)
{
    const struct registered *done = &w->registered;
    struct command *c = w->c;
    for (size_t i = 0; i < done->id.n; i++) {
        printf("Anmeldung %lld: %s bei %s\n", (long long)done->id.at[i],
               !done->waiting ? "Platz"
                              : arena_printf(c->arena, "Warteliste, Platz %d", done->position + (int)i),
               w->event.code);
    }
    if (done->letter_to != NULL) {
        printf("Brief an %s\n", command_safe(c->arena, done->letter_to));
    } else {
        printf("Kein Brief%s\n", w->r.silent ? "" : ": keine Mailadresse. Bitte geben Sie selbst Bescheid");
    }
    for (size_t i = 0; i < done->held.row.n; i++) {
        const struct registration_row *old = &done->held.row.at[i];
        printf("Anmeldung %lld bei %s steht noch: %s\n", (long long)old->id, old->event,
               done->waiting
                   ? "sie entfällt, sobald hier ein Platz frei wird"
                   : arena_printf(c->arena,
                                  "sie sollte mit dem Platz entfallen, auf den gewartet wurde. Wird "
                                  "sie nicht mehr gebraucht: stadtlabor registrations cancel %lld",
                                  (long long)old->id));
    }
    if (done->too_many > 0) {
        printf("Achtung: jetzt haben %d Personen mehr einen Platz, als es Plätze gibt\n", done->too_many);
    }
}

static int finish(struct work *w, bool done)
{
    if (!done) {
        return command_failed(w->c);
    }
    print_registered(w);
    return EXIT_DONE;
}

int registrations_add(struct command *c)
{
    struct work w = {.c = c};
    if (c->words_n != 2) {
        return command_usage(c);
    }
    return finish(&w, take_seat(c, &w.seat) && take_address(&w) && take_persons(&w) &&
                          in_transaction(&w, act_add));
}

int registrations_move(struct command *c)
{
    struct work w = {.c = c};
    if (c->words_n < 3) {
        return command_usage(c);
    }
    return finish(&w, take_seat(c, &w.seat) && in_transaction(&w, act_move));
}

int registrations_cancel(struct command *c)
{
    struct work w = {.c = c};
    if (c->words_n < 2) {
        return command_usage(c);
    }
    if (!in_transaction(&w, act_cancel)) {
        return command_failed(c);
    }
    printf("%zu %s abgesagt, %d %s\n", w.rows.row.n, w.rows.row.n == 1 ? "Anmeldung" : "Anmeldungen",
           w.letters, w.letters == 1 ? "Brief" : "Briefe");
    return EXIT_DONE;
}
