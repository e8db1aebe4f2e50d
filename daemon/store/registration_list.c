#include "daemon/store/registration_list.h"

#include "daemon/store/query.h"

static void read_row(struct arena *arena, sqlite3_stmt *q, struct registration_row *ret)
{
    *ret = (struct registration_row){
        .id = column_int(q, 0),
        .mail_id = column_int(q, 1),
        .party = column_int(q, 2),
        .created = column_int(q, 3),
        .event = column_text(arena, q, 4),
        .state = column_text(arena, q, 5),
        .address = column_text(arena, q, 6),
        .language = column_text(arena, q, 7),
        .first_name = column_text(arena, q, 8),
        .last_name = column_text(arena, q, 9),
        .birth_date = column_text(arena, q, 10),
        .street = column_text(arena, q, 11),
        .postal_code = column_text(arena, q, 12),
        .city = column_text(arena, q, 13),
        .evidence = column_text(arena, q, 14),
        .person_key = "",
    };
}

bool registrations_walk(struct store *store, const struct registration_wish *wish, registration_each *each,
                        void *context, struct error *err)
{
    struct arena *arena = arena_new();
    sqlite3_stmt *q = store_query(
        store,
        "SELECT r.id, r.mail_id, r.party, r.created, e.code, r.state, r.address, r.language, r.first_name, "
        "r.last_name, r.birth_date, r.street, r.postal_code, r.city, iif(?4, r.evidence, ''), r.attended "
        "FROM event e JOIN registration r ON r.event_id = e.id "
        "WHERE (?1 = '' OR e.code = ?1) AND e.ends > ?2 AND (?3 OR r.state <> 'cancelled') "
        "ORDER BY e.starts, e.code, r.id");
    bind_text(q, 1, wish->event);
    bind_int(q, 2, wish->since > 0 ? wish->since : INT64_MIN);
    bind_int(q, 3, wish->cancelled);
    bind_int(q, 4, wish->evidence);
    enum row row;
    bool going = true;
    while (going && (row = store_row(store, q, err)) == ROW) {
        struct registration_row found;
        arena_reset(arena);
        read_row(arena, q, &found);
        going = each(context, &found, column_int(q, 15) != 0, err);
    }
    sqlite3_reset(q);
    arena_free(arena);
    return going && row == ROWS_END;
}

bool attendance_tick(struct store *store, struct arena *arena, int64_t id, bool came, const char **ret_event,
                     struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT e.code, r.state FROM registration r JOIN event e ON e.id = r.event_id "
                           "WHERE r.id = ?1");
    bind_int(q, 1, id);
    enum row row = store_row(store, q, err);
    if (row == ROW_FAILED) {
        return false;
    }
    if (row == ROWS_END) {
        return fail(err, "eine Anmeldung %lld gibt es nicht", (long long)id);
    }
    const char *event = column_text(arena, q, 0);
    bool has_place = strcmp(column_text(arena, q, 1), "confirmed") == 0;
    sqlite3_reset(q);
    if (!has_place) {
        return fail(err, "die Anmeldung %lld hat keinen Platz (Warteliste oder abgesagt)", (long long)id);
    }
    q = store_query(store, "UPDATE registration SET attended = ?2 WHERE id = ?1");
    bind_int(q, 1, id);
    bind_int(q, 2, came);
    *ret_event = event;
    return store_run(store, q, err);
}

bool attendance_tick_all(struct store *store, const char *event, bool came, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "UPDATE registration SET attended = ?2 WHERE state = 'confirmed' AND "
                           "event_id = (SELECT id FROM event WHERE code = ?1)");
    bind_text(q, 1, event);
    bind_int(q, 2, came);
    return store_run(store, q, err);
}
