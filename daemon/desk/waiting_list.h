/* daemon/desk/waiting_list.h: the rule of daemon/desk/waiting.h as configured, and a list as the store has
 * it. */
#ifndef STADTLABOR_DESK_WAITING_LIST_H
#define STADTLABOR_DESK_WAITING_LIST_H

#include "base/arena.h"
#include "base/config.h"
#include "base/error.h"
#include "daemon/desk/waiting.h"
#include "daemon/store/waiting_store.h"

struct waiting_rule waiting_rule_of(const struct config *config);

struct waiting_list waiting_list_from(struct arena *arena, const struct waiting_row *row);

/* The list of one event as it stands; `*ret_waiting`: people. An event that is not there is an empty list. */
bool waiting_list_of(struct store *store, struct arena *arena, const char *event, struct waiting_list *ret,
                     int *ret_waiting, struct error *err);

#endif
