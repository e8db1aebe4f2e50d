/* daemon/post/outbox_loop.h: for the outbox alone: what the loop holds in memory.
 *
 * A message is an item from its claim until its fate is committed:
 *     free → waiting (its claim is committed) → under way (at the sender) → ended (fate known)
 *     → recorded (not committed yet) → free */
#ifndef STADTLABOR_POST_OUTBOX_LOOP_H
#define STADTLABOR_POST_OUTBOX_LOOP_H

#include "base/pulse.h"
#include "daemon/post/backoff.h"
#include "daemon/post/outbox.h"
#include "daemon/post/outbox_commit.h"
#include "daemon/post/outbox_pace.h"

#include <stdatomic.h>

enum { SOURCES_MAX = 4, RIPE_MOST_MS = 100, QUICK_RIPE_MS = 5, FRESH_MS = 200 };

enum item_state { ITEM_FREE, ITEM_WAITING, ITEM_UNDER_WAY, ITEM_ENDED, ITEM_RECORDED, ITEM_STATES };

struct item {
    enum item_state state;
    int source;
    int64_t id;
    int64_t claimed;             /* running number: first claimed, first sent */
    struct arena *arena;         /* of the message, then of what became of it; NULL: not yet */
    struct submission message;   /* made when it was claimed … */
    int64_t made_ms;             /* … then */
    struct sender_result result; /* when ended */
};

struct source_state {
    struct outbox_source source;
    int count[ITEM_STATES]; /* items in each state but free */
    bool dry;               /* nothing is due before next_due, unless somebody wakes us */
    int64_t next_due;       /* seconds since 1970; INT64_MAX: none */
};

/* One transaction of the outbox, by whichever thread does it: that one works with the store, with what stands
 * here, and with these items but for their states; the other one leaves all this alone meanwhile. */
struct step {
    int64_t now, began_ms;
    bool release;                   /* what waits is given back, and nothing is claimed */
    bool one;                       /* no more than the first source gives */
    int most[SOURCES_MAX];          /* to be claimed of each source */
    struct item **ended, **room;    /* results to record; free items for what is claimed */
    int n_ended, n_room, n_claimed; /* the first of `room` */
    bool recorded_alone;            /* the rest failed */
    struct source_found {           /* holds when the step is committed */
        bool asked, dry;
        int64_t next_due;
    } found[SOURCES_MAX];
    struct arena *arena;
};

/* Something that fails for a while: left alone with growing pauses, logged when it begins and
 * when it ends. */
struct trouble {
    bool now;
    int64_t until_ms; /* the pause; monotonic */
    struct backoff backoff;
};

struct outbox {
    struct outbox_settings settings;
    struct store *store;
    struct sender *sender;
    int connections;
    struct source_state sources[SOURCES_MAX];
    int n_sources;
    struct item *items;
    int n_items;
    int64_t n_claimed;
    int64_t ended_since_ms; /* the oldest result that is not in a transaction yet */
    /* How long results wait for others, so that a commit serves several: four times what the
     * last commit took, RIPE_MOST_MS at most, and never for more results than there are
     * connections. So a crash leaves few letters that were sent and not recorded. */
    int64_t ripe_ms;
    struct rate rate;
    struct trouble relay_trouble, store_trouble;
    struct committer *committer; /* NULL: commits are made in place */
    bool committing;             /* the step is at the committer, and the store with it */
    bool woken_since;            /* what the step found there may be older than what woke us */
    struct step step;
    struct arena *arena; /* of the outbox's life */
    int wake_fd;
    atomic_bool stop, woken;
    atomic_llong round_ms; /* when the loop last came round; 0: asleep with nothing to do */
};

int64_t outbox_now(const struct outbox *outbox);

/* Takes the item to another state; keeps the counts. */
void item_set(struct outbox *outbox, struct item *item, enum item_state state);
int items_in(const struct outbox *outbox, enum item_state state);

/* One transaction: what became of ended items, new claims (or, when `winding_down` or the relay
 * is in trouble, the release of what waits). Nothing happens when there is nothing to do. While letters are
 * under way the committer does it, and a later call, when that is done, takes over what the step found;
 * `winding_down` waits for it. True: a step is through; what it claimed can be sent before the next one. */
bool outbox_step(struct outbox *outbox, bool winding_down);
bool outbox_transact(void *outbox, struct error *err); /* the step that stands there; the committer's work */
/* Made so long ago that more may have happened since: it is made once more. False: not now. */
bool outbox_remake(struct outbox *outbox, struct item *item);
bool outbox_recover_all(struct outbox *outbox);

/* The pauses: nothing is claimed and nothing new is sent. */
bool outbox_store_paused(const struct outbox *outbox, int64_t now_ms);
bool outbox_relay_paused(const struct outbox *outbox, int64_t now_ms);
void outbox_relay_failed(struct outbox *outbox, const char *words);
void outbox_relay_works(struct outbox *outbox);
void outbox_store_failed(struct outbox *outbox, const struct error *err);
void outbox_store_works(struct outbox *outbox);

#endif
