/* daemon/newsletter/refusal.h: a copy that the relay refused for good says the same of its reader as a report
 * that comes back later: suspended at once when the address does not exist, else after so many in a row. */
#ifndef STADTLABOR_NEWSLETTER_REFUSAL_H
#define STADTLABOR_NEWSLETTER_REFUSAL_H

#include "base/config.h"
#include "daemon/store/store.h"

/* `reply`: the relay's words without addresses. Nothing happens unless the copy is `failed`. Within the
 * caller's transaction. */
bool refusal_note(struct store *store, const struct config *config, int64_t now, int64_t copy_id,
                  const char *reply, struct error *err);

#endif
