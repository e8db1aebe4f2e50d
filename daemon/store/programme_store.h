/* daemon/store/programme_store.h: the events (table event). */
#ifndef STADTLABOR_STORE_PROGRAMME_STORE_H
#define STADTLABOR_STORE_PROGRAMME_STORE_H

#include "daemon/store/store.h"
#include "parsers/programme.h"

/* All events, ordered by start. */
bool programme_load(struct store *store, struct arena *arena, struct programme *ret, struct error *err);

/* Counts up with every change of an event, so that a reader knows when to load again. */
int64_t programme_version(struct store *store);

enum event_change { EVENT_SAME, EVENT_NEW, EVENT_CHANGED };

/* Puts the event in, or in place of the one with its code. */
bool event_put(struct store *store, const struct event *event, enum event_change *ret, struct error *err);

/* People with a place, and people waiting. */
bool event_seats(struct store *store, const char *code, int *ret_confirmed, int *ret_waiting,
                 struct error *err);

#endif
