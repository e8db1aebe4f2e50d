/* daemon/desk/filing.h: copies of sent letters for the lab's sent folder.
 *
 * A copy is noted as being filed before the APPEND; one whose fate a crash left open is looked for
 * first, by its Message-ID. */
#ifndef STADTLABOR_DESK_FILING_H
#define STADTLABOR_DESK_FILING_H

#include "daemon/post/mailbox.h"
#include "daemon/store/store.h"

#include <stdbool.h>

/* Files the next few. `*ret_more`: there may be others. MAILBOX_LOST with `*ret_store_failed`: it was
 * the store that could not be read or written. */
enum mailbox_fault filing_some(struct store *store, struct mailbox *mailbox, bool *ret_more,
                               bool *ret_store_failed, struct error *err);

#endif
