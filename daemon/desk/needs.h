/* daemon/desk/needs.h: an event asks for no more than it needs (Art. 5 DSGVO), and no more is kept.
 *
 * What an event does without is taken out of the reading before anything is decided or stored: facts that
 * were written all the same, and what is missing of them. While it is not known which event is meant, only
 * that is missing which every event needs that could be meant. Pure. */
#ifndef STADTLABOR_DESK_NEEDS_H
#define STADTLABOR_DESK_NEEDS_H

#include "daemon/desk/decide.h"

void needs_reading(struct arena *arena, const struct known *known, struct reading *reading);
void needs_intent(struct arena *arena, const struct known *known, struct intent *intent);

/* Bits of enum missing: what one or the other of its people lacks, whether the event needs it or not. */
unsigned needs_missing(const struct intent *intent);

/* One person as the event keeps them: the number-th (from 0) of those whom `address` registers. Where neither
 * name and birth date tell people apart, the address does. */
void needs_person(struct arena *arena, const struct event *event, const char *address, size_t number,
                  struct person *person);

#endif
