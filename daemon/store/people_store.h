/* daemon/store/people_store.h: all that is kept about one person, from every table, and its removal.
 *
 * A person is an address with everything that came from it or went there, or a name: then the registrations
 * that bear it, and the addresses whose mails bear it as their sender's name. */
#ifndef STADTLABOR_STORE_PEOPLE_STORE_H
#define STADTLABOR_STORE_PEOPLE_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

/* Rows of one kind, as they are told: column names are those of the schema. */
struct people_table {
    const char *name, *title; /* "registrations", "Anmeldungen" */
    LIST(const char *) column;
    LIST(const char *) cell; /* row by row */
};
struct people_tables {
    LIST(struct people_table) table; /* those that hold something */
};

/* Fixes whom the functions below speak of, on this connection: an address (it holds "@"), or "Petra Müller".
 * Case and accents of a name do not count. `*ret_found` false: nothing is kept. */
bool people_choose(struct store *store, struct arena *arena, const char *who, bool *ret_found,
                   struct error *err);
/* The addresses chosen. */
struct people_addresses {
    LIST(const char *) address;
};
bool people_addresses(struct store *store, struct arena *arena, struct people_addresses *ret,
                      struct error *err);
bool people_show(struct store *store, struct arena *arena, struct people_tables *ret, struct error *err);

/* Letters to the person that are on their way, or that staff wrote and that wait: these go first. */
bool people_letters_waiting(struct store *store, int64_t *ret, struct error *err);

/* Removes it all inside the caller's transaction; what remains of a mail is its identity, so that it is never
 * taken for a new one, and of an address a keyed hash. How many rows of each kind. */
struct people_erased {
    int64_t registrations, mails, letters, conversations, subscribers, entries;
};
bool people_erase(struct store *store, struct arena *arena, int64_t now, struct people_erased *ret,
                  struct error *err);

#endif
