#include "daemon/desk/trouble.h"

#include "base/log.h"
#include "base/text.h"

#include <stdio.h>

/* The store's sentences name the statement that failed, another one each time: they count as the same. */
void trouble_is(struct trouble *trouble, bool grave, int wait_ms, const char *words)
{
    bool same = trouble->now && trouble->store == trouble->said_store &&
                (trouble->store || str_equal(trouble->said.what, words));
    const char *event = trouble->store ? "intake_stopped" : "mailbox_lost";
    struct log_quoted quoted = log_quote(words);
    const char *why = quoted.s;
    if (same) {
        log_debug(event, "retry_ms=%d why=%s", wait_ms, why);
        return;
    }
    if (grave || trouble->store) {
        log_error(event, "retry_ms=%d why=%s", wait_ms, why);
    } else {
        log_warning(event, "retry_ms=%d why=%s", wait_ms, why);
    }
    trouble->now = true;
    trouble->said_store = trouble->store;
    snprintf(trouble->said.what, sizeof trouble->said.what, "%s", words);
}

void trouble_ends(struct trouble *trouble)
{
    backoff_reset(&trouble->backoff);
    if (trouble->now) {
        log_info("intake_goes_on", "reason=works_again");
    }
    trouble->now = false;
}
