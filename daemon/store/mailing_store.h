/* daemon/store/mailing_store.h: letters to everybody of an event that are sent once (table event_mailing). */
#ifndef STADTLABOR_STORE_MAILING_STORE_H
#define STADTLABOR_STORE_MAILING_STORE_H

#include "daemon/store/store.h"

/* The last letters of this kind ("reminder", "thanks") for the event at this time were sent, or there was
 * nobody to send them to. */
bool mailing_done(struct store *store, const char *event, const char *kind, int64_t starts, bool *ret,
                  struct error *err);
bool mailing_note(struct store *store, int64_t now, const char *event, const char *kind, int64_t starts,
                  struct error *err);

#endif
