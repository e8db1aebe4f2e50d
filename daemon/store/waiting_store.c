#include "daemon/store/waiting_store.h"

#include "daemon/store/query.h"

/* Of an event that is full nobody moves up: then only whose turn it is matters, and a long list is not
 * read with every registration. */
enum { ENOUGH_WHEN_FULL = 200, ALL = -1 }; /* people */

static bool load_parties(struct store *store, struct arena *arena, struct waiting_row *row, struct error *err)
{
    bool full = row->capacity != 0 && row->confirmed >= row->capacity;
    sqlite3_stmt *q = store_query(
        store, "SELECT party, count(*) FROM (SELECT party, id FROM registration WHERE state = 'waiting' AND "
               "event_id = (SELECT id FROM event WHERE code = ?1) ORDER BY id LIMIT ?2) "
               "GROUP BY party ORDER BY min(id)");
    bind_text(q, 1, row->event);
    bind_int(q, 2, full ? ENOUGH_WHEN_FULL : ALL);
    enum row found;
    while ((found = store_row(store, q, err)) == ROW) {
        struct waiting_row_party *party = LIST_ADD(arena, &row->parties);
        party->party = column_int(q, 0);
        party->people = (int)column_int(q, 1);
    }
    return found == ROWS_END;
}

bool waiting_load(struct store *store, struct arena *arena, const char *event, struct waiting_row *ret,
                  struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "SELECT code, starts, cancelled, capacity, "
        "iif(capacity = 0, 0, (SELECT count(*) FROM registration r WHERE r.event_id = e.id AND r.state = "
        "'confirmed')), "
        "(SELECT count(*) FROM registration r WHERE r.event_id = e.id AND r.state = 'waiting'), "
        "ifnull(kept_for, 0), ifnull(kept_since, 0), ifnull(told, 0) "
        "FROM event e LEFT JOIN waiting_list w ON w.event_id = e.id WHERE code = ?1");
    bind_text(q, 1, event);
    struct waiting_row row = {.event = ""};
    enum row found = store_row(store, q, err);
    if (found == ROW) {
        row.event = column_text(arena, q, 0);
        row.starts = column_int(q, 1);
        row.cancelled = column_int(q, 2) != 0;
        row.capacity = (int)column_int(q, 3);
        row.confirmed = (int)column_int(q, 4);
        row.waiting = (int)column_int(q, 5);
        row.kept_for = column_int(q, 6);
        row.kept_since = column_int(q, 7);
        row.told = (int)column_int(q, 8);
        sqlite3_reset(q);
    }
    if (found == ROW_FAILED || (row.waiting > 0 && !load_parties(store, arena, &row, err))) {
        return false;
    }
    *ret = row;
    return true;
}

bool waiting_keep(struct store *store, const struct waiting_row *row, int64_t look_again, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "UPDATE waiting_list SET kept_for = ?2, kept_since = ?3, told = ?4, look_again = nullif(?5, 0) "
        "WHERE event_id = (SELECT id FROM event WHERE code = ?1)");
    bind_text(q, 1, row->event);
    bind_int(q, 2, row->kept_for);
    bind_int(q, 3, row->kept_since);
    bind_int(q, 4, row->told);
    bind_int(q, 5, look_again);
    return store_run(store, q, err);
}

bool waiting_due(struct store *store, struct arena *arena, int64_t now, struct waiting_codes *ret,
                 struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT code FROM waiting_list JOIN event ON id = event_id "
                                         "WHERE look_again <= ?1 ORDER BY starts, id");
    bind_int(q, 1, now);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->event) = column_text(arena, q, 0);
    }
    return row == ROWS_END;
}

bool waiting_next(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT ifnull(min(look_again), ?1) FROM waiting_list WHERE look_again IS NOT NULL");
    bind_int(q, 1, INT64_MAX);
    return store_number(store, q, ret, err);
}

bool waiting_give_places(struct store *store, int64_t now, const char *event, int64_t party,
                         struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "UPDATE registration SET state = 'confirmed', changed = ?3 WHERE state = 'waiting' AND "
               "party = ?2 AND event_id = (SELECT id FROM event WHERE code = ?1)");
    bind_text(q, 1, event);
    bind_int(q, 2, party);
    bind_int(q, 3, now);
    return store_run(store, q, err);
}
