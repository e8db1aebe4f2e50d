/* daemon/staff/digest.h: the mail to staff each working morning: what waits and since when, the events of the
 * next days with their numbers, letters that could not be delivered, newsletters due. Nothing to say: no
 * mail. */
#ifndef STADTLABOR_STAFF_DIGEST_H
#define STADTLABOR_STAFF_DIGEST_H

#include "daemon/desk/chore.h"

/* Due on working days from digest_hour on, once a day, also when the program only started later. */
extern const struct chore digest_chore;

#endif
