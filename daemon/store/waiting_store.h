/* daemon/store/waiting_store.h: the waiting lists (tables registration, waiting_list). */
#ifndef STADTLABOR_STORE_WAITING_STORE_H
#define STADTLABOR_STORE_WAITING_STORE_H

#include "base/list.h"
#include "daemon/store/store.h"

struct waiting_row_party {
    int64_t party;
    int people; /* of it that wait */
};

/* One event with its list; daemon/desk/waiting.h says what the fields mean. */
struct waiting_row {
    const char *event; /* code; "" : no such event */
    int64_t starts, kept_for, kept_since;
    bool cancelled;
    int capacity, confirmed, waiting,
        told; /* people; without a limit (0) those with a place are not counted */
    /* In the order they came; of an event that is full only the first of them. */
    LIST(struct waiting_row_party) parties;
};

bool waiting_load(struct store *store, struct arena *arena, const char *event, struct waiting_row *ret,
                  struct error *err);

/* What the rule remembers; `look_again` 0: never. Call it after the moves: those make the event due. */
bool waiting_keep(struct store *store, const struct waiting_row *row, int64_t look_again, struct error *err);

struct waiting_codes {
    LIST(const char *) event;
};

/* Events whose list the rule must be asked about by `now`. */
bool waiting_due(struct store *store, struct arena *arena, int64_t now, struct waiting_codes *ret,
                 struct error *err);
/* When the first is due; INT64_MAX: none ever. */
bool waiting_next(struct store *store, int64_t *ret, struct error *err);

/* Those of the party that wait have places now. */
bool waiting_give_places(struct store *store, int64_t now, const char *event, int64_t party,
                         struct error *err);

#endif
