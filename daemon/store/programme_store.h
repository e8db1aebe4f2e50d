/* daemon/store/programme_store.h: the events (table event). */
#ifndef STADTLABOR_STORE_PROGRAMME_STORE_H
#define STADTLABOR_STORE_PROGRAMME_STORE_H

#include "daemon/store/store.h"
#include "parsers/programme/programme.h"

/* All events, ordered by start. */
bool programme_load(struct store *store, struct arena *arena, struct programme *ret, struct error *err);

/* Counts up with every change of an event, so that a reader knows when to load again. */
int64_t programme_version(struct store *store);

/* `ret->code` NULL: there is none of this code. */
bool event_load(struct store *store, struct arena *arena, const char *code, struct event *ret,
                struct error *err);

/* The code of the event that came from this entry of a calendar file; NULL: none. */
bool event_code_of_uid(struct store *store, struct arena *arena, const char *uid, const char **ret,
                       struct error *err);

enum event_change { EVENT_SAME, EVENT_NEW, EVENT_CHANGED };

struct event_put {
    enum event_change change;
    unsigned columns; /* that changed, EVENT_COLUMN_BITs */
    int sequence;     /* the event's now: one more when what stands in calendars changed */
};

/* Puts the event in, or in place of the one with its code (`event->sequence` is not looked at). */
bool event_put(struct store *store, const struct event *event, struct event_put *ret, struct error *err);

struct event_counts {
    int confirmed, waiting; /* people */
    int attended;           /* of those with a place: ticked, were there */
};
bool event_count(struct store *store, const char *code, struct event_counts *ret, struct error *err);

#endif
