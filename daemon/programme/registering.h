/* daemon/programme/registering.h: what staff do about registrations: with the same rules as the machine, the
 * same letters, and the same waiting list; only that staff may give a place beyond the rule.
 *
 * All inside the caller's transaction, the desk with its programme loaded; the waiting lists are settled.
 * Errors are German sentences for staff. Wake the outbox after the commit. */
#ifndef STADTLABOR_PROGRAMME_REGISTERING_H
#define STADTLABOR_PROGRAMME_REGISTERING_H

#include "daemon/desk/places.h"
#include "daemon/store/registration_store.h"

struct registering {
    const struct desk *desk;
    struct arena *arena;
    struct cause cause;
    bool silent; /* no letter to the people concerned; who moves up is told all the same */
};

enum seat {
    SEAT_BY_RULE, /* a place, else an error that says what can be done */
    SEAT_WAIT,    /* a place, else the waiting list */
    SEAT_PLACE,   /* a place, even beyond what the event has or before others who wait */
};

struct registered {
    bool waiting;
    int position;                  /* on the waiting list, of the first */
    LIST(int64_t) id;              /* of the registrations */
    const char *letter_to;         /* NULL: no letter */
    int too_many;                  /* people beyond the capacity */
    struct registration_rows held; /* of a move: was to go for the place moved from, and stands still */
};

/* People who came by telephone or to the counter: together. `address` may be "". Refused: an event that is
 * over or called off, data that it asks for and that lack, an age that does not fit, who is there already. */
bool registering_add(const struct registering *r, const struct event *event, const struct person *persons,
                     size_t n, const char *address, const char *language, enum seat seat,
                     struct registered *ret, struct error *err);

/* One letter to each address and event. `*ret_letters`: how many. */
bool registering_cancel(const struct registering *r, const struct registration_rows *rows, int *ret_letters,
                        struct error *err);

/* To another event, the old place given up when the new one is had; all rows are of one address. */
bool registering_move(const struct registering *r, const struct registration_rows *rows,
                      const struct event *event, enum seat seat, struct registered *ret, struct error *err);

/* Who waits gets a place now, out of turn: the whole party. */
bool registering_give_place(const struct registering *r, const struct registration_row *row,
                            struct registered *ret, struct error *err);

#endif
