/* daemon/desk/waiting.h: who gets a place that is free: a pure rule, no store and no clock.
 *
 * The rule, in the words that `events show` prints (waiting_rule_words):
 * 1. A party (the people of one mail) stays together: all of it gets places, or all of it waits.
 * 2. Places go to the list in order. While the party whose turn it is does not fit yet, what is
 *    free is kept for it, for at most `keep` seconds from the first time it had to be passed;
 *    from then on smaller parties behind it move up past it, in their order. Nothing is ever kept
 *    for a party larger than the event.
 * 3. In the last `last` seconds before the event nobody moves up by themselves any more: who is
 *    told so late cannot plan. Staff are told instead, once for each place.
 *
 * So no party is passed before its time, and none blocks the list for ever. */
#ifndef STADTLABOR_DESK_WAITING_H
#define STADTLABOR_DESK_WAITING_H

#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

struct waiting_rule {
    int64_t keep; /* seconds; 0: smaller parties move up at once */
    int64_t last; /* seconds before the start; 0: places are given until the start */
};

struct waiting_party {
    int64_t party;
    int people; /* of it that wait; above 0 */
};

/* One event as it stands. The last three fields are the rule's own memory: it returns them, the
 * store keeps them. */
struct waiting_list {
    int64_t starts;
    bool cancelled;
    int capacity;                       /* 0: no limit */
    int confirmed;                      /* people with a place; staff may have let in more than fit */
    LIST(struct waiting_party) parties; /* in the order they came */
    int64_t kept_for, kept_since;       /* the party that what is free is kept for; 0: none */
    int told;                           /* free places that staff have been told of */
};

struct waiting_moves {
    LIST(struct waiting_party) up; /* get places now, in this order */
    int64_t kept_for, kept_since;
    int told;
    bool tell_staff;    /* places are free, people wait, and it is too late for rule 2 */
    int64_t look_again; /* when the passing of time alone changes something; 0: never */
};

/* To be asked whenever a place may have become free, or the time `look_again` is there. Afterwards
 * the list is settled: asked again at the same `now`, it moves nobody. */
void waiting_move_up(struct arena *arena, const struct waiting_rule *rule, const struct waiting_list *list,
                     int64_t now, struct waiting_moves *ret);

/* Whether a party that comes now gets places at once; else it waits behind the others. */
bool waiting_has_room(const struct waiting_rule *rule, const struct waiting_list *list, int64_t now,
                      int people);

/* Places not taken; 0 when there are none or more people than places; INT_MAX without a limit. */
int waiting_free(const struct waiting_list *list);

/* The rule in German, one paragraph, for staff. */
char *waiting_rule_words(struct arena *arena, const struct waiting_rule *rule);

#endif
