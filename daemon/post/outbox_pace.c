#include "daemon/post/outbox_pace.h"

#include <stdlib.h>
#include <string.h>

struct rate rate_new(int per_minute)
{
    return (struct rate){.per_minute = per_minute, .last_ms = -60000};
}

/* Empties the slots that are a minute old. */
static void move_on(struct rate *rate, int64_t now_ms)
{
    int64_t slot = now_ms / RATE_SLOT_MS;
    if (slot - rate->slot >= RATE_SLOTS) {
        memset(rate->count, 0, sizeof rate->count);
        rate->sum = 0;
        rate->slot = slot;
    }
    while (rate->slot < slot) {
        int *oldest = &rate->count[++rate->slot % RATE_SLOTS];
        rate->sum -= *oldest;
        *oldest = 0;
    }
}

/* Evenly: what the time since the last message is worth, but no more than a second's share. */
static int even_share(const struct rate *rate, int64_t now_ms)
{
    int64_t share = (now_ms - rate->last_ms) * rate->per_minute / 60000;
    int64_t most = rate->per_minute < 60 ? 1 : rate->per_minute / 60;
    return (int)(share < most ? share : most);
}

int rate_allows(struct rate *rate, int64_t now_ms, bool even)
{
    if (rate->per_minute == 0) {
        return INT32_MAX;
    }
    move_on(rate, now_ms);
    int room = rate->per_minute - rate->sum;
    int share = even ? even_share(rate, now_ms) : room;
    return room < share ? room : share;
}

void rate_take(struct rate *rate, int64_t now_ms)
{
    if (rate->per_minute > 0) {
        move_on(rate, now_ms);
        rate->count[rate->slot % RATE_SLOTS]++;
        rate->sum++;
        rate->last_ms = now_ms;
    }
}

int rate_wait_ms(struct rate *rate, int64_t now_ms, bool even)
{
    if (rate_allows(rate, now_ms, even) > 0) {
        return 0;
    }
    int64_t at = now_ms;
    if (rate->sum >= rate->per_minute) {
        int64_t slot = rate->slot - RATE_SLOTS + 1;
        while (rate->count[slot % RATE_SLOTS] == 0) {
            slot++;
        }
        at = (slot + RATE_SLOTS) * RATE_SLOT_MS;
    }
    int64_t even_at = rate->last_ms + (60000 + rate->per_minute - 1) / rate->per_minute;
    at = even && even_at > at ? even_at : at;
    return (int)(at - now_ms);
}

int64_t retry_at(int64_t now, int64_t created, int attempt, double chance)
{
    int64_t end = created + GIVE_UP_S;
    if (now >= end) {
        return 0;
    }
    int64_t delay = RETRY_MOST_S;
    if (attempt < 8) { /* 1 min · 2^7 is beyond two hours */
        delay = (int64_t)RETRY_FIRST_S << (attempt < 1 ? 0 : attempt - 1);
        delay = delay < RETRY_MOST_S ? delay : RETRY_MOST_S;
    }
    delay -= (int64_t)((double)delay / 4 * chance);
    return now + delay < end ? now + delay : end;
}

int64_t retry_drawn(int64_t now, int64_t created, int attempt, bool relay)
{
    int64_t again = retry_at(now, created, attempt, (double)arc4random() / ((double)UINT32_MAX + 1));
    return relay && again > now + RETRY_FIRST_S ? now + RETRY_FIRST_S : again;
}
