#include "daemon/post/backoff.h"

#include <sys/random.h>
#include <time.h>

/* xorshift64 (Marsaglia 2003): jitter needs no better. */
static uint64_t next_random(uint64_t *state)
{
    if (*state == 0) {
        if (getrandom(state, sizeof *state, GRND_NONBLOCK) != sizeof *state || *state == 0) {
            *state = (uint64_t)time(NULL) | 1;
        }
    }
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

int backoff_next_ms(struct backoff *backoff)
{
    int delay = BACKOFF_MOST_MS;
    if (backoff->tries < 9) { /* 1 s · 2^9 is beyond five minutes */
        delay = BACKOFF_FIRST_MS << backoff->tries++;
        delay = delay < BACKOFF_MOST_MS ? delay : BACKOFF_MOST_MS;
    }
    int fifth = delay / 5;
    return delay - fifth + (int)(next_random(&backoff->random) % (uint64_t)(2 * fifth + 1));
}

void backoff_reset(struct backoff *backoff)
{
    backoff->tries = 0;
}
