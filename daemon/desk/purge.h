/* daemon/desk/purge.h: each night what need not be kept any longer is removed, kind by kind. */
#ifndef STADTLABOR_DESK_PURGE_H
#define STADTLABOR_DESK_PURGE_H

#include "daemon/desk/chore.h"
#include "daemon/store/retention_store.h"

extern const struct chore purge_chore;

/* As configured. */
struct retention purge_retention(const struct config *config);

#endif
