#include "daemon/desk/checkup.h"

#include "base/log.h"
#include "daemon/store/store_check.h"

enum { CHECKUP_HOUR = 4 }; /* in Berlin, when the purge is through */

static bool next_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    (void)now, (void)err;
    *ret = chore_nightly(desk, STORE_CHECKED_FACT, CHECKUP_HOUR);
    return true;
}

/* Damage is a finding, and no failure of the chore: the next night looks again. */
static bool run(struct desk *desk, int64_t now, struct error *err)
{
    struct error finding = {""};
    enum store_checked found = store_check_whole(desk->store, now, &finding);
    if (found == STORE_DAMAGED) {
        log_error("store_damaged", "why=%s", log_quote(finding.what).s);
    } else if (found == STORE_NOT_CHECKED) {
        *err = finding;
    }
    return found != STORE_NOT_CHECKED;
}

const struct chore checkup_chore = {"checkup", next_due, run};
