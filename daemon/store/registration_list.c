#include "daemon/store/registration_list.h"

#include "daemon/store/query.h"

/* Not copied: valid until the next row. */
static const char *peek(sqlite3_stmt *q, int at)
{
    const char *s = (const char *)sqlite3_column_text(q, at);
    return s == NULL ? "" : s;
}

static void read_row(sqlite3_stmt *q, struct registration_row *ret)
{
    *ret = (struct registration_row){
        .id = column_int(q, 0),
        .mail_id = column_int(q, 1),
        .party = column_int(q, 2),
        .created = column_int(q, 3),
        .event = "",
        .state = peek(q, 4),
        .address = peek(q, 5),
        .language = peek(q, 6),
        .first_name = peek(q, 7),
        .last_name = peek(q, 8),
        .birth_date = peek(q, 9),
        .street = peek(q, 10),
        .postal_code = peek(q, 11),
        .city = peek(q, 12),
        .evidence = peek(q, 13),
        .person_key = "",
    };
}

/* One event's, which the index finds together; their numbers alone are put in order, not the rows. */
static bool walk_event(struct store *store, const struct registration_wish *wish, int64_t event,
                       const char *code, registration_each *each, void *context, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT id, mail_id, party, created, state, address, language, first_name, last_name, "
               "birth_date, street, postal_code, city, iif(?3, evidence, ''), attended "
               "FROM registration WHERE id IN (SELECT id FROM registration WHERE event_id = ?1 AND "
               "(?2 OR state <> 'cancelled')) ORDER BY id");
    bind_int(q, 1, event);
    bind_int(q, 2, wish->cancelled);
    bind_int(q, 3, wish->evidence);
    enum row row = ROWS_END;
    bool going = true;
    while (going && (row = store_row(store, q, err)) == ROW) {
        struct registration_row found;
        read_row(q, &found);
        found.event = code;
        going = each(context, &found, column_int(q, 14) != 0, err);
    }
    sqlite3_reset(q);
    return going && row == ROWS_END;
}

bool registrations_walk(struct store *store, const struct registration_wish *wish, registration_each *each,
                        void *context, struct error *err)
{
    struct {
        LIST(struct {
            int64_t id;
            const char *code;
        })
        list;
    } events = {0};
    struct arena *arena = arena_new();
    sqlite3_stmt *q =
        store_query(store, "SELECT id, code FROM event WHERE (?1 = '' OR code = ?1) AND ends > ?2 "
                           "ORDER BY starts, code");
    bind_text(q, 1, wish->event);
    bind_int(q, 2, wish->since > 0 ? wish->since : INT64_MIN);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        size_t n = events.list.n;
        LIST_ADD(arena, &events.list)->id = column_int(q, 0);
        events.list.at[n].code = column_text(arena, q, 1);
    }
    bool done = row == ROWS_END;
    for (size_t i = 0; done && i < events.list.n; i++) {
        done = walk_event(store, wish, events.list.at[i].id, events.list.at[i].code, each, context, err);
    }
    arena_free(arena);
    return done;
}

bool registration_parties(struct store *store, const char *event, int *ret_people, int *ret_parties,
                          int *ret_confirmed, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT ifnull(sum(n), 0), count(*) FILTER (WHERE address <> ''), ifnull(sum(n) FILTER (WHERE "
               "state = 'confirmed'), 0) FROM "
               "(SELECT state, address, count(*) AS n FROM registration WHERE state <> 'cancelled' AND "
               "event_id = (SELECT id FROM event WHERE code = ?1) GROUP BY party, state, address)");
    bind_text(q, 1, event);
    if (store_row(store, q, err) != ROW) {
        return false;
    }
    *ret_people = (int)column_int(q, 0);
    *ret_parties = (int)column_int(q, 1);
    *ret_confirmed = (int)column_int(q, 2);
    sqlite3_reset(q);
    return true;
}

bool registration_rewrite(struct store *store, int64_t now, const struct registration_row *row,
                          struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "UPDATE registration SET first_name = ?2, last_name = ?3, birth_date = ?4, street = ?5, "
        "postal_code = ?6, city = ?7, evidence = ?9, changed = ?10, person_key = iif(EXISTS (SELECT 1 FROM "
        "registration o WHERE o.event_id = registration.event_id AND o.person_key = ?8 AND o.id <> ?1), "
        "?8 || '|' || ?1, ?8) WHERE id = ?1");
    bind_int(q, 1, row->id);
    bind_text(q, 2, row->first_name);
    bind_text(q, 3, row->last_name);
    bind_text(q, 4, row->birth_date);
    bind_text(q, 5, row->street);
    bind_text(q, 6, row->postal_code);
    bind_text(q, 7, row->city);
    bind_text(q, 8, row->person_key);
    bind_text(q, 9, row->evidence);
    bind_int(q, 10, now);
    return store_run(store, q, err);
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
