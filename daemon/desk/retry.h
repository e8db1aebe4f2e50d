/* daemon/desk/retry.h: reads a mail that waits in the queue once more, with the present rules, as if
 * it had just come; for `stadtlabor queue retry`. */
#ifndef STADTLABOR_DESK_RETRY_H
#define STADTLABOR_DESK_RETRY_H

#include "base/config.h"
#include "daemon/store/queue_store.h"

/* In one transaction: the entry is closed, the old decision is kept under another identity, and the
 * mail goes through the pipeline again (a letter may wait in the outbox afterwards). `*ret_outcome`:
 * German words. Refused: an entry that is done, or has no mail, or whose mail was already acted on
 * (its registrations or letters would come twice). */
bool retry_mail(struct store *store, const struct config *config, struct arena *arena,
                const struct queue_row *row, int64_t now, const char **ret_outcome, struct error *err);

#endif
