#include "daemon/desk/purge.h"

enum { PURGE_HOUR = 3 }; /* in Berlin, when nobody works */

static int larger(int a, int b)
{
    return a > b ? a : b;
}

struct retention purge_retention(const struct config *c)
{
    int asked = c->retention_letters_days;
    struct retention r = {0};
    r.days[RETENTION_DETAILS] = c->retention_details_days;
    r.days[RETENTION_NAMES] = c->retention_names_days;
    r.days[RETENTION_MAILS] = c->retention_mails_days;
    r.days[RETENTION_LETTERS] = c->retention_letters_days;
    r.days[RETENTION_TRACES] = c->retention_mails_days;
    /* not while a yes would still count */
    r.days[RETENTION_ASKED] = asked == 0 ? 0 : larger(asked, c->newsletter_confirm_days + 1);
    r.days[RETENTION_CONSENT] = c->retention_consent_days;
    r.days[RETENTION_PAUSES] = c->newsletter_pause_days;
    r.days[RETENTION_AUDIT] = c->retention_audit_days;
    return r;
}

static bool next_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    (void)now, (void)err;
    *ret = chore_nightly(desk, "purged", PURGE_HOUR);
    return true;
}

static bool purge_kind(struct desk *desk, int64_t now, enum retention_kind kind, int days, int64_t *ret_n,
                       struct error *err)
{
    bool done = store_begin(desk->store, err) && retention_purge(desk->store, now, kind, days, ret_n, err);
    return store_end(desk->store, done, err);
}

/* A transaction a kind: none is long, and after a crash the rest is done next. What was removed leaves the
 * write-ahead log too; when somebody else works just then, the next night's does it. */
static bool run(struct desk *desk, int64_t now, struct error *err)
{
    struct retention retention = purge_retention(desk->config);
    int64_t sum = 0, n = 0;
    bool emptied;
    for (int kind = 0; kind < RETENTION_KINDS; kind++) {
        if (!purge_kind(desk, now, (enum retention_kind)kind, retention.days[kind], &n, err)) {
            return false;
        }
        sum += n;
    }
    return store_fact_set(desk->store, "purged", now, err) &&
           (sum == 0 || store_scrub(desk->store, &emptied, err));
}

const struct chore purge_chore = {"purge", next_due, run};
