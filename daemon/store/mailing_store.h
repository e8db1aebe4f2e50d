/* daemon/store/mailing_store.h: letters to everybody of an event that are sent once (table event_mailing). */
#ifndef STADTLABOR_STORE_MAILING_STORE_H
#define STADTLABOR_STORE_MAILING_STORE_H

#include "daemon/store/registration_store.h"

/* The last letters of this kind ("reminder", "thanks") for the event at this time were sent, or there was
 * nobody to send them to. */
bool mailing_done(struct store *store, const char *event, const char *kind, int64_t starts, bool *ret,
                  struct error *err);
bool mailing_note(struct store *store, int64_t now, const char *event, const char *kind, int64_t starts,
                  struct error *err);

/* Who has a place since before `before`, party after party; `attended`: of those who were ticked, when
 * anybody was. */
bool mailing_people(struct store *store, struct arena *arena, const char *event, int64_t before,
                    bool attended, struct registration_rows *ret, struct error *err);

#endif
