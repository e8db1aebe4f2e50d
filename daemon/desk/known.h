/* daemon/desk/known.h: gathers from the store what a decision needs to know. */
#ifndef STADTLABOR_DESK_KNOWN_H
#define STADTLABOR_DESK_KNOWN_H

#include "daemon/desk/decide.h"
#include "daemon/store/registration_store.h"

/* What is known without the store: who writes, and when. */
struct known known_nothing(struct arena *arena, const struct programme *programme,
                           const struct letter *letter, int64_t now);

/* Before the mail is read: sender, thread, and the open conversation: by In-Reply-To and
 * References, else by the sender's address among those changed since `since`. */
bool known_conversation(struct store *store, struct arena *arena, const struct letter *letter, int64_t now,
                        int64_t since, struct known *ret, struct error *err);

/* A case by its number, open or closed; `ret->id` 0: gone. */
bool known_case_of_id(struct store *store, struct arena *arena, int64_t id, struct known_case *ret,
                      struct error *err);

/* What the reading is to expect; NULL when nothing is open. */
const struct expected *known_expected(struct arena *arena, const struct known *known);

/* What a mail was read in expectation of, as it stands in the reading that is kept of it (mail.reading);
 * NULL: nothing. */
bool known_kept_expected(struct arena *arena, const char *reading, const struct expected **ret,
                         struct error *err);

/* After it is read: registrations, seats, subscriptions, letters of today, the letter that came back. */
bool known_facts(struct store *store, struct arena *arena, const struct letter *letter,
                 const struct reading *reading, struct known *known, struct error *err);

/* A stored registration's person; every fact's evidence says "known". */
void known_person(const struct registration_row *row, struct person *ret);
/* … and the other way: the person's data, and the key they are found by, into the row. */
void known_row(struct arena *arena, const struct person *person, struct registration_row *ret);
/* "" where it is not known, as in a row. */
const char *known_value(const struct person *person, enum person_field field);

/* The name to greet with in a letter about this registration: of who wrote the mail that made it; NULL: not
 * known. */
bool known_greeting(struct store *store, struct arena *arena, const struct registration_row *row,
                    const char **ret, struct error *err);

#endif
