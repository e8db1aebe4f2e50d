#include "daemon/desk/recovery.h"

#include "daemon/store/subscriber_store.h"

static int64_t pause_of(const struct desk *desk)
{
    return (int64_t)desk->config->newsletter_recover_days * 86400;
}

static bool next_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    int64_t first;
    (void)now;
    if (!subscribers_resume_first(desk->store, &first, err)) {
        return false;
    }
    *ret = first == INT64_MAX ? INT64_MAX : first + pause_of(desk);
    return true;
}

static bool resume(struct desk *desk, int64_t now, struct error *err)
{
    int64_t n;
    bool done =
        store_begin(desk->store, err) && subscribers_resume(desk->store, now, now - pause_of(desk), &n, err);
    return store_end(desk->store, done, err);
}

const struct chore recovery_chore = {"recovery", next_due, resume};
