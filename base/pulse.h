/* base/pulse.h: how one loop tells another thread that it lives, and how it is woken.
 *
 * Before anything that may take time a loop says until when it will be heard of again; the watchdog
 * is fed only while no loop is overdue, so it is fed only while work really proceeds. */
#ifndef STADTLABOR_BASE_PULSE_H
#define STADTLABOR_BASE_PULSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct pulse {
    _Atomic int64_t due; /* seconds of the monotonic clock; 0: not started, or ended */
};

void pulse_expect(struct pulse *pulse, int seconds); /* "you hear of me within …" */
void pulse_end(struct pulse *pulse);
bool pulse_overdue(struct pulse *pulse);

/* An eventfd that one thread waits on and any other rings; stays readable until quieted. */
int bell_new(void); /* -1: errno says why */
void bell_ring(int bell);
void bell_quiet(int bell);
/* Waits at most `most_ms` for the bell (which is not quieted); true when it rang. */
bool bell_wait(int bell, int most_ms);

#endif
