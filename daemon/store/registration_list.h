/* daemon/store/registration_list.h: lists of those who take part, and who came. */
#ifndef STADTLABOR_STORE_REGISTRATION_LIST_H
#define STADTLABOR_STORE_REGISTRATION_LIST_H

#include "daemon/store/registration_store.h"

struct registration_wish {
    const char *event; /* code; "": of all events … */
    int64_t since;     /* … that end after this; 0: past ones too */
    bool cancelled;    /* also who gave the place up */
    bool evidence;     /* else it is "" */
};

/* Called with each row in turn; what `row` points to lives until the call returns. False ends the walk. */
typedef bool registration_each(void *context, const struct registration_row *row, bool attended,
                               struct error *err);

/* In the order of events, then as they came. */
bool registrations_walk(struct store *store, const struct registration_wish *wish, registration_each *each,
                        void *context, struct error *err);

/* People with a place or on the waiting list, of whom so many have a place, and their parties: people of one
 * mail, address and standing; those without a mail address left out. */
bool registration_parties(struct store *store, const char *event, int *ret_people, int *ret_parties,
                          int *ret_confirmed, struct error *err);

/* Name, birth date, address, key and evidence as given, of the row `row->id`, whatever its state. Where
 * another row of the event has the key already, its number makes this one's different. */
bool registration_rewrite(struct store *store, int64_t now, const struct registration_row *row,
                          struct error *err);

/* Ticks who came, or takes the tick back; only who has a place can come. `*ret_event`: the code. */
bool attendance_tick(struct store *store, struct arena *arena, int64_t id, bool came, const char **ret_event,
                     struct error *err);
/* The same for all who have a place at the event. */
bool attendance_tick_all(struct store *store, const char *event, bool came, struct error *err);

#endif
