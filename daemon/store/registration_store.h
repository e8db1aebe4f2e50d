/* daemon/store/registration_store.h: who takes part (table registration). */
#ifndef STADTLABOR_STORE_REGISTRATION_STORE_H
#define STADTLABOR_STORE_REGISTRATION_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

struct registration_row {
    int64_t id, mail_id, party, created;
    const char *event; /* code */
    const char *state; /* "confirmed", "waiting", "cancelled" */
    const char *address, *language;
    const char *first_name, *last_name, *birth_date, *street, *postal_code, *city;
    const char *person_key;
    const char *evidence; /* JSON */
    int64_t instead_of;   /* the registration that is given up when this one moves up; 0: none */
};

struct registration_rows {
    LIST(struct registration_row) row;
};

/* `ret->id` 0: not there. Cancelled ones too. */
bool registration_get(struct store *store, struct arena *arena, int64_t id, struct registration_row *ret,
                      struct error *err);
/* A number for people who come together and by no mail: below 0, so that it is no mail's. */
bool registration_next_party(struct store *store, int64_t *ret, struct error *err);
/* `row->id` is given back. A person who is there already is an error (registration_once). */
bool registration_add(struct store *store, int64_t now, struct registration_row *row, struct error *err);
/* Birth date, address, key and evidence as given, of the row `row->id`. */
bool registration_change(struct store *store, int64_t now, const struct registration_row *row,
                         struct error *err);
/* `*ret_changed` false: it was cancelled before. */
bool registration_cancel(struct store *store, int64_t now, int64_t id, bool *ret_changed, struct error *err);

/* Not cancelled, of events that end after `now`, in the order of events. */
bool registrations_of_address(struct store *store, struct arena *arena, const char *address, int64_t now,
                              struct registration_rows *ret, struct error *err);
/* The party with which the person came to this event the last time, cancelled or not; 0: never. */
bool registration_party(struct store *store, const char *event, const char *person_key, int64_t *ret,
                        struct error *err);
/* Adds the person's registration at this event, if there is one that is not cancelled. */
bool registrations_of_person(struct store *store, struct arena *arena, const char *event,
                             const char *person_key, struct registration_rows *ret, struct error *err);
/* The first names of an event's people, one after the other, as they stand in person_key: the next after
 * `before` (NULL: the first); NULL: there is none. */
bool registration_next_first_name(struct store *store, struct arena *arena, const char *event,
                                  const char *before, const char **ret, struct error *err);
/* Those at the event of that name, as it stands in person_key: "hans", or "hans|mueller". Not cancelled. */
bool registrations_of_name(struct store *store, struct arena *arena, const char *event, const char *name,
                           struct registration_rows *ret, struct error *err);
/* Those of one party at the event in that state, in the order they came. */
bool registrations_of_party(struct store *store, struct arena *arena, const char *event, int64_t party,
                            const char *state, struct registration_rows *ret, struct error *err);
/* Who has a place since before `before`, party after party; `attended`: of those who were ticked, when
 * anybody was. */
bool registrations_with_place(struct store *store, struct arena *arena, const char *event, int64_t before,
                              bool attended, struct registration_rows *ret, struct error *err);
/* All of one event (NULL: of all), cancelled ones too, in the order they came. */
bool registrations_of_event(struct store *store, struct arena *arena, const char *event,
                            struct registration_rows *ret, struct error *err);

#endif
