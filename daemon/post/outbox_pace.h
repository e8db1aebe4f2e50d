/* daemon/post/outbox_pace.h: when a letter may go, and when it may be tried again. Pure, but for retry_drawn:
 * time and chance are arguments. */
#ifndef STADTLABOR_POST_OUTBOX_PACE_H
#define STADTLABOR_POST_OUTBOX_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Messages a minute: no 60 seconds ever see more than `per_minute`, for relays such as Exchange
 * Online (30 a minute) count that way, and refuse the rest. A token bucket either lets the
 * first minute take more or wastes a part of every other; so what went in the last minute is
 * counted, in quarters of a second. */
enum { RATE_SLOT_MS = 250, RATE_SLOTS = 60000 / RATE_SLOT_MS + 1 };
struct rate {
    int per_minute; /* 0: no limit */
    int sum;        /* of all slots */
    int64_t slot;   /* number of the newest slot: milliseconds of the monotonic clock / RATE_SLOT_MS */
    int64_t last_ms;
    int count[RATE_SLOTS]; /* slot n stands at n % RATE_SLOTS */
};

struct rate rate_new(int per_minute);
/* Messages that may go now; INT32_MAX without a limit. `even`: spread over the minute, so that
 * a long run never uses a minute up and a reply between its messages waits for one gap only. */
int rate_allows(struct rate *rate, int64_t now_ms, bool even);
void rate_take(struct rate *rate, int64_t now_ms);
/* Milliseconds until one may go; 0: now. */
int rate_wait_ms(struct rate *rate, int64_t now_ms, bool even);

/* Two days after it was written a letter is given up. */
enum { GIVE_UP_S = 48 * 3600, RETRY_FIRST_S = 60, RETRY_MOST_S = 2 * 3600 };

/* When to try again after `attempt` attempts (1: the first failed): 1, 2, 4, … minutes, at
 * most 2 hours, less up to a quarter by `chance` (0 ≤ chance < 1). The last try comes at the
 * end of the two days; when those are over: 0, give up. */
int64_t retry_at(int64_t now, int64_t created, int attempt, double chance);
/* The same by chance itself; and soon where the `relay` is at fault, not the letter: the outbox as a whole
 * waits for it. */
int64_t retry_drawn(int64_t now, int64_t created, int attempt, bool relay);

#endif
