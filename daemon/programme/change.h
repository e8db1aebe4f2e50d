/* daemon/programme/change.h: the programme changes: what would be different, whom it concerns, and how it is
 * done.
 *
 * Whoever has a place or waits at an event that is moved (other time or place), called off, or takes place
 * after all, is concerned and gets a letter; an event that is over concerns nobody. */
#ifndef STADTLABOR_PROGRAMME_CHANGE_H
#define STADTLABOR_PROGRAMME_CHANGE_H

#include "daemon/desk/desk.h"

enum event_news { NEWS_NONE, NEWS_MOVED, NEWS_CALLED_OFF, NEWS_ON_AGAIN };

struct event_edit {
    struct event before; /* code NULL: it is new */
    struct event after;
    unsigned columns; /* that differ, EVENT_COLUMN_BITs */
    enum event_news news;
    int people, letters; /* concerned by the news */
    int confirmed;       /* people with a place */
    int forgotten;       /* registrations that hold what the event does without from now on: it is deleted */
};

struct programme_change {
    LIST(struct event_edit) edits; /* of those that are new or differ */
    int fresh, changed, same;      /* events */
    int people, letters;           /* over all edits */
    int forgotten;
};

/* Holds `wanted` against the store: events are known by their code, else by the uid of their calendar entry;
 * what `wanted->columns` does not hold stays as it is. An event of a calendar file has no code yet: one is
 * made of day and title. Changes that cannot be are told in `ret_problems`, one a line, and fail. */
bool programme_compare(struct store *store, struct arena *arena, const struct programme *wanted, int64_t now,
                       struct programme_change *ret, const char **ret_problems, struct error *err);

struct change_order {
    int64_t now;
    const char *actor; /* for the audit */
    const char *note;  /* a sentence of staff's for the letters; "": none */
    bool silent;       /* no letters */
};

/* Stores the edits, writes the letters, moves up who now gets a place: in the caller's transaction. Wake the
 * outbox after the commit. */
bool programme_change(struct desk *desk, struct arena *arena, const struct programme_change *change,
                      const struct change_order *order, struct error *err);

#endif
