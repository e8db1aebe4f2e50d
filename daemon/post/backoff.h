/* daemon/post/backoff.h: how long to wait before the next try.
 *
 * The delay doubles from 1 s to 5 min; each is varied by up to a fifth, so that many
 * clients of a server that comes back do not all knock at the same moment. */
#ifndef STADTLABOR_POST_BACKOFF_H
#define STADTLABOR_POST_BACKOFF_H

#include <stdint.h>

enum { BACKOFF_FIRST_MS = 1000, BACKOFF_MOST_MS = 5 * 60 * 1000 };

/* All zero is ready for use. */
struct backoff {
    int tries;
    uint64_t random; /* state of the jitter; 0: seeded by the kernel */
};

int backoff_next_ms(struct backoff *backoff);
void backoff_reset(struct backoff *backoff); /* it worked: start from 1 s again */

#endif
