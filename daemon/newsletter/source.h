/* daemon/newsletter/source.h: the ledger as the outbox's second source: copies of issues go out behind the
 * replies, through the same sender, under the same rate limit.
 *
 * A copy is made just before it is sent, of the mail and of what the store says about its reader
 * then: who left or was erased meanwhile gets nothing, and a run that was paused or stopped sends nothing
 * more. At most as many copies as there are connections are `sending` in the store at a time: the doubt that
 * a crash leaves. They are `unclear` then, and never sent again unless staff say so. */
#ifndef STADTLABOR_NEWSLETTER_SOURCE_H
#define STADTLABOR_NEWSLETTER_SOURCE_H

#include "base/config.h"
#include "daemon/post/outbox.h"

struct newsletter_source;

/* Belongs to the outbox's thread; lives in `arena`, and `config` as long. */
struct newsletter_source *newsletter_source_new(struct arena *arena, const struct config *config);
void newsletter_source_free(struct newsletter_source *source); /* NULL is allowed */
struct outbox_source newsletter_source_of(struct newsletter_source *source);

#endif
