#include "daemon/post/outbox_pace.h"
#include "tests/unit/check.h"

TEST(no_limit)
{
    struct rate rate = rate_new(0);
    CHECK_INT(rate_allows(&rate, 5, false), INT32_MAX);
    rate_take(&rate, 5);
    CHECK_INT(rate_wait_ms(&rate, 5, true), 0);
}

/* Sends whenever it may for `minutes`; the most in any 60 seconds, and the total. */
static int busiest_minute(int per_minute, bool even, int minutes, int *ret_total)
{
    static int64_t sent[100000];
    int n = 0, most = 0;
    struct rate rate = rate_new(per_minute);
    for (int64_t now = 123456; now < 123456 + minutes * 60000;) {
        int allowed = rate_allows(&rate, now, even);
        for (int i = 0; i < allowed; i++) {
            rate_take(&rate, now);
            sent[n++] = now;
        }
        int wait = rate_wait_ms(&rate, now, even);
        CHECK_ROW(wait > 0 && wait <= 60250, "wait %d after %d", wait, n);
        now += wait;
        CHECK_ROW(rate_allows(&rate, now, even) > 0, "nothing allowed after the wait, n=%d", n);
        if (check_failures > 3) {
            break;
        }
    }
    for (int first = 0, last = 0; last < n; last++) {
        while (sent[last] - sent[first] >= 60000) {
            first++;
        }
        most = last - first + 1 > most ? last - first + 1 : most;
    }
    *ret_total = n;
    return most;
}

TEST(no_minute_sees_more_than_allowed)
{
    static const int limits[] = {1, 2, 3, 7, 30, 59, 60, 61, 240, 1000, 6000};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        for (int even = 0; even <= 1; even++) {
            int total, most = busiest_minute(limits[i], even, 10, &total);
            CHECK_ROW(most <= limits[i], "%d a minute, even %d: %d", limits[i], even, most);
            CHECK_ROW(total >= limits[i] * 10 * 97 / 100, "%d a minute, even %d: %d in ten minutes",
                      limits[i], even, total);
        }
    }
}

TEST(replies_may_burst_and_a_long_run_may_not)
{
    struct rate rate = rate_new(30);
    CHECK_INT(rate_allows(&rate, 1000, false), 30);
    CHECK_INT(rate_allows(&rate, 1000, true), 1);
    rate_take(&rate, 1000);
    CHECK_INT(rate_allows(&rate, 1000, false), 29);
    CHECK_INT(rate_wait_ms(&rate, 1000, true), 2000);
    CHECK_INT(rate_allows(&rate, 2999, true), 0);
    CHECK_INT(rate_allows(&rate, 3000, true), 1);
    CHECK_INT(rate_allows(&rate, 1000000, true), 1);
    CHECK_INT(rate_allows(&rate, 1000000, false), 30);
}

TEST(delays_grow_and_end)
{
    static const int wanted[] = {60, 120, 240, 480, 960, 1920, 3840, 7200, 7200, 7200};
    for (int attempt = 1; attempt <= 10; attempt++) {
        CHECK_INT(retry_at(1000, 1000, attempt, 0), 1000 + wanted[attempt - 1]);
        int64_t least = retry_at(1000, 1000, attempt, 0.999999);
        CHECK_ROW(least >= 1000 + wanted[attempt - 1] * 3 / 4 && least < 1000 + wanted[attempt - 1],
                  "attempt %d: %lld", attempt, (long long)least);
    }
    CHECK_INT(retry_at(1000, 1000, 0, 0), 1060);
    CHECK_INT(retry_at(1000, 1000, 1000000, 0), 1000 + 7200);
    CHECK_INT(retry_at(GIVE_UP_S - 10, 0, 20, 0), GIVE_UP_S);
    CHECK_INT(retry_at(GIVE_UP_S, 0, 20, 0), 0);
    CHECK_INT(retry_at(GIVE_UP_S + 5, 0, 1, 0), 0);
}

TEST(a_relay_that_is_at_fault_is_tried_soon)
{
    CHECK(retry_drawn(1000, 1000, 9, false) > 1000 + 7200 * 3 / 4);
    CHECK_INT(retry_drawn(1000, 1000, 9, true), 1060);
    CHECK(retry_drawn(1000, 1000, 1, true) <= 1060);
    CHECK_INT(retry_drawn(GIVE_UP_S, 0, 20, true), 0);
}

int main(void)
{
    RUN(no_limit);
    RUN(no_minute_sees_more_than_allowed);
    RUN(replies_may_burst_and_a_long_run_may_not);
    RUN(delays_grow_and_end);
    RUN(a_relay_that_is_at_fault_is_tried_soon);
    return check_done();
}
