/* daemon/desk/checkup.h: each night the whole store is read, so that damage is known while the back-ups of
 * the days before are still there. */
#ifndef STADTLABOR_DESK_CHECKUP_H
#define STADTLABOR_DESK_CHECKUP_H

#include "daemon/desk/chore.h"

extern const struct chore checkup_chore;

#endif
