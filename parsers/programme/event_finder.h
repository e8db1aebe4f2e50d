/* parsers/programme/event_finder.h: what event_mentions.c and event_days.c share. Private to them. */
#ifndef STADTLABOR_PARSERS_PROGRAMME_EVENT_FINDER_H
#define STADTLABOR_PARSERS_PROGRAMME_EVENT_FINDER_H

#include "parsers/programme/event_match.h"

struct finder {
    struct arena *arena;
    const struct patterns *patterns;
    const struct programme *programme;
    struct date today;
    const struct event_source *source;
    bool in_subject;
    struct event_set upcoming;
    struct event_mentions *out;
    struct term_hits hits;
};

/* Of its events those that are ahead, unless all are over. Never NULL: one mention too many is not kept. */
struct event_mention *finder_add(struct finder *f, enum event_mention_kind kind, size_t at, size_t len,
                                 struct event_set fits);

/* event_days.c: days that are told without day and month, and what narrows them. */
void finder_days(struct finder *f);

#endif
