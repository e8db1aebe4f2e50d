/* daemon/desk/retry.h: reads a mail that was decided once more, with the present rules, as if it had just
 * come: for `stadtlabor queue retry`, and for mails that people put back into the INBOX. */
#ifndef STADTLABOR_DESK_RETRY_H
#define STADTLABOR_DESK_RETRY_H

#include "base/config.h"
#include "daemon/desk/pipeline.h"
#include "daemon/store/queue_store.h"

/* Whether nothing was done because of this mail yet, so that nothing can come twice. */
struct caused {
    size_t letters; /* notices to staff and acknowledgements aside */
    int64_t registrations;
};
bool retry_caused(struct store *store, struct arena *arena, int64_t mail_id, struct caused *ret,
                  struct error *err);

/* Inside the caller's transaction: the mail's open entries are closed with `outcome`, and the old decision is
 * kept under another identity, so that the pipeline does not take the mail for a second delivery. */
bool retry_forget(struct store *store, struct arena *arena, int64_t mail_id, int64_t now, const char *outcome,
                  const char *actor, struct error *err);

/* Inside the caller's transaction, with patterns and the programme loaded: retry_forget, and `mail` (bytes,
 * size, complete are set) goes through the pipeline; `mail->folder` and `mail->id` tell what came of it. */
bool retry_within(const struct desk *desk, struct arena *arena, int64_t mail_id, int64_t now,
                  const char *outcome, const char *actor, struct incoming *mail, struct error *err);

/* In one transaction: the same for an entry of the queue, with the mail as it is kept (a letter may wait in
 * the outbox afterwards). `*ret_outcome`: German words. Refused: an entry that is done, or has no mail, or
 * whose mail was already acted on (its registrations or letters would come twice), or was never read and is
 * not kept whole. */
bool retry_mail(struct store *store, const struct config *config, struct arena *arena, int64_t entry,
                int64_t now, const char *actor, const char **ret_outcome, struct error *err);

#endif
