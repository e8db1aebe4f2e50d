/* daemon/programme/forget.h: what an event no longer asks for is no longer kept of those who are registered.
 */
#ifndef STADTLABOR_PROGRAMME_FORGET_H
#define STADTLABOR_PROGRAMME_FORGET_H

#include "daemon/programme/change.h"

/* How many registrations hold something that the event, as changed, does without. */
bool forget_count(struct store *store, struct arena *arena, const struct event_edit *edit, int *ret,
                  struct error *err);

/* Takes it out of them, cancelled ones too, in the caller's transaction. */
bool forget_waived(struct store *store, struct arena *arena, const struct event_edit *edit, int64_t now,
                   struct error *err);

#endif
