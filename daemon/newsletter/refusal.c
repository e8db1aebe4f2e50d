#include "daemon/newsletter/refusal.h"

#include "base/text.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/ledger_store.h"
#include "daemon/store/subscriber_store.h"

#include <string.h>

/* RFC 3463: X.1.1 bad mailbox, X.1.2 bad system, X.1.3 bad syntax, X.1.6 moved, X.1.10 null MX (RFC 7505). */
static bool address_is_dead(const char *reply)
{
    static const char *const codes[] = {" 5.1.1 ", " 5.1.2 ", " 5.1.3 ", " 5.1.6 ", " 5.1.10 "};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strstr(reply, codes[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool suspend(struct store *store, int64_t now, const struct subscriber_row *row, const char *why,
                    const char *reply, struct arena *arena, struct error *err)
{
    struct consent_step step = {.kind = "suspended", .at = now, .actor = "stadtlabord", .words = reply};
    return subscriber_suspend(store, now, row->id, why, reply, err) &&
           consent_add(store, row->address, &step, err) &&
           store_audit(store, now, "stadtlabord", "newsletter_suspended", 0,
                       arena_printf(arena, "subscriber %lld", (long long)row->id), err);
}

bool refusal_note(struct store *store, const struct config *config, int64_t now, int64_t copy_id,
                  const char *reply, struct error *err)
{
    struct arena *arena = arena_new();
    struct ledger_copy copy;
    struct subscriber_row row;
    int64_t returns = 0;
    bool done = ledger_get(store, arena, copy_id, &copy, err);
    if (done && copy.id != 0 && str_equal(copy.state, "failed")) {
        done = subscriber_of_copy(store, arena, copy_id, &row, err) &&
               subscriber_returns(store, row.id, copy_id, &returns, err);
        bool hard = address_is_dead(reply);
        if (done && row.id != 0 && (hard || returns + 1 >= config->newsletter_returns_most)) {
            done = suspend(store, now, &row, hard ? "hard" : "soft", reply, arena, err);
        }
    }
    arena_free(arena);
    return done;
}
