/* daemon/desk/recovery.h: subscribers who were suspended because their mailbox was full, or their server ill,
 * are tried again after `newsletter_recover_days`. */
#ifndef STADTLABOR_DESK_RECOVERY_H
#define STADTLABOR_DESK_RECOVERY_H

#include "daemon/desk/chore.h"

extern const struct chore recovery_chore;

#endif
