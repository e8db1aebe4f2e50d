#include "daemon/desk/waiting_list.h"

struct waiting_rule waiting_rule_of(const struct config *config)
{
    return (struct waiting_rule){.keep = (int64_t)config->waiting_keep_hours * 3600,
                                 .last = (int64_t)config->waiting_last_hours * 3600};
}

struct waiting_list waiting_list_from(struct arena *arena, const struct waiting_row *row)
{
    struct waiting_list list = {.starts = row->starts,
                                .cancelled = row->cancelled,
                                .capacity = row->capacity,
                                .confirmed = row->confirmed,
                                .kept_for = row->kept_for,
                                .kept_since = row->kept_since,
                                .told = row->told};
    for (size_t i = 0; i < row->parties.n; i++) {
        *LIST_ADD(arena, &list.parties) =
            (struct waiting_party){.party = row->parties.at[i].party, .people = row->parties.at[i].people};
    }
    return list;
}

bool waiting_list_of(struct store *store, struct arena *arena, const char *event, struct waiting_list *ret,
                     int *ret_waiting, struct error *err)
{
    struct waiting_row row;
    if (!waiting_load(store, arena, event, &row, err)) {
        return false;
    }
    *ret = waiting_list_from(arena, &row);
    *ret_waiting = row.waiting;
    return true;
}
