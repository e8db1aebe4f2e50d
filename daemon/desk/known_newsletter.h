/* daemon/desk/known_newsletter.h: whose newsletter a mail speaks of; a part of known.c. */
#ifndef STADTLABOR_DESK_KNOWN_NEWSLETTER_H
#define STADTLABOR_DESK_KNOWN_NEWSLETTER_H

#include "daemon/desk/decide.h"
#include "daemon/store/store.h"

/* What the store knows of this address, lower case, as one of known->subscribers. */
bool known_add_subscriber(struct store *store, struct arena *arena, const char *address, struct known *known,
                          struct error *err);

/* Whether of ours the mail can mean the newsletter alone, as no conversation is open: it answers an issue
 * directly; or it answers nothing, and its sender gets the newsletter and has registered for no event that is
 * still to come. */
bool known_only_newsletter(struct store *store, const struct letter *letter, const struct known *known,
                           bool *ret, struct error *err);

/* known->reader: by a token in an address or the subject, by the issue that is answered, by a report (token,
 * Message-ID, else recipient). After known->returned is found. */
bool known_reader(struct store *store, struct arena *arena, const struct letter *letter,
                  const struct reading *reading, struct known *known, struct error *err);

#endif
