#include "daemon/desk/chore.h"

#include "base/date.h"
#include "base/log.h"

/* True when it ran well or was not due; `*ret_next` is when it wants to come again. */
static bool one(struct desk *desk, const struct chore *chore, int64_t now, int64_t *ret_next, bool *ran,
                struct error *err)
{
    if (!chore->next_due(desk, now, ret_next, err)) {
        return false;
    }
    if (*ret_next > now) {
        return true;
    }
    if (!chore->run(desk, now, err)) {
        return false;
    }
    *ran = true;
    log_info("chore", "name=%s", chore->name);
    if (!chore->next_due(desk, now, ret_next, err)) {
        return false;
    }
    return *ret_next > now || fail(err, "it is due again at once after it was done");
}

int64_t chore_nightly(const struct desk *desk, const char *fact, int hour)
{
    int64_t last = store_fact(desk->store, fact, 0);
    struct date day;
    berlin_from_unix(last, &day, NULL, NULL);
    int64_t same_day = berlin_to_unix(day, hour, 0);
    return last < same_day ? same_day : berlin_to_unix(date_add_days(day, 1), hour, 0);
}

struct chores_outcome chores_run(struct desk *desk, const struct chore *const *chores, int64_t now)
{
    struct chores_outcome outcome = {.next = now + CHORE_LOOK};
    struct error err = {""};
    for (size_t i = 0; chores[i] != NULL; i++) {
        int64_t next = INT64_MAX;
        if (!one(desk, chores[i], now, &next, &outcome.ran, &err)) {
            log_warning("chore_failed", "name=%s why=%s", chores[i]->name, log_quote(err.what).s);
            outcome.failed = true;
            next = now + CHORE_RETRY;
        }
        outcome.next = next < outcome.next ? next : outcome.next;
    }
    return outcome;
}
