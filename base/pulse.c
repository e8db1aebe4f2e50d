#include "base/pulse.h"

#include "base/date.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int64_t monotonic(void)
{
    return clock_monotonic_ms() / 1000;
}

void pulse_expect(struct pulse *pulse, int seconds)
{
    atomic_store(&pulse->due, monotonic() + seconds);
}

void pulse_end(struct pulse *pulse)
{
    atomic_store(&pulse->due, 0);
}

bool pulse_overdue(struct pulse *pulse)
{
    int64_t due = atomic_load(&pulse->due);
    return due != 0 && monotonic() > due;
}

int bell_new(void)
{
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void bell_ring(int bell)
{
    uint64_t one = 1;
    /* EAGAIN means that it is ringing as loud as it can. */
    ssize_t written = write(bell, &one, sizeof one);
    (void)written;
}

void bell_quiet(int bell)
{
    uint64_t rang;
    ssize_t got = read(bell, &rang, sizeof rang);
    (void)got;
}

bool bell_wait(int bell, int most_ms)
{
    struct pollfd p = {.fd = bell, .events = POLLIN};
    return poll(&p, 1, most_ms) > 0;
}
