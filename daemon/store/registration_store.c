#include "daemon/store/registration_store.h"

#include "daemon/store/query.h"

#include <string.h>

bool registration_add(struct store *store, int64_t now, struct registration_row *row, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "INSERT INTO registration (event_id, mail_id, party, state, address, language, first_name, "
        "last_name, birth_date, street, postal_code, city, person_key, evidence, created, changed, "
        "instead_of) SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15, ?16 "
        "FROM event WHERE code = ?1");
    bind_text(q, 1, row->event);
    bind_id(q, 2, row->mail_id);
    bind_int(q, 3, row->party);
    bind_text(q, 4, row->state);
    bind_text(q, 5, row->address);
    bind_text(q, 6, row->language);
    bind_text(q, 7, row->first_name);
    bind_text(q, 8, row->last_name);
    bind_text(q, 9, row->birth_date);
    bind_text(q, 10, row->street);
    bind_text(q, 11, row->postal_code);
    bind_text(q, 12, row->city);
    bind_text(q, 13, row->person_key);
    bind_text(q, 14, row->evidence);
    bind_int(q, 15, now);
    bind_int(q, 16, row->instead_of);
    int64_t n;
    if (!store_run_counted(store, q, &n, err)) {
        return false;
    }
    if (n != 1) {
        return fail(err, "no event %s in the programme", row->event);
    }
    row->id = store_last_id(store);
    return true;
}

bool registration_change(struct store *store, int64_t now, const struct registration_row *row,
                         struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "UPDATE registration SET birth_date = ?2, street = ?3, postal_code = ?4, city = ?5, "
               "person_key = ?6, evidence = ?7, changed = ?8 WHERE id = ?1 AND state <> 'cancelled'");
    bind_int(q, 1, row->id);
    bind_text(q, 2, row->birth_date);
    bind_text(q, 3, row->street);
    bind_text(q, 4, row->postal_code);
    bind_text(q, 5, row->city);
    bind_text(q, 6, row->person_key);
    bind_text(q, 7, row->evidence);
    bind_int(q, 8, now);
    return store_run(store, q, err);
}

bool registration_cancel(struct store *store, int64_t now, int64_t id, bool *ret_changed, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "UPDATE registration SET state = 'cancelled', changed = ?2 "
                                         "WHERE id = ?1 AND state <> 'cancelled'");
    bind_int(q, 1, id);
    bind_int(q, 2, now);
    int64_t n;
    if (!store_run_counted(store, q, &n, err)) {
        return false;
    }
    *ret_changed = n == 1;
    return true;
}

#define REGISTRATION_SELECT                                                                                  \
    "SELECT r.id, r.mail_id, r.party, r.created, e.code, r.state, r.address, r.language, r.first_name, "     \
    "r.last_name, r.birth_date, r.street, r.postal_code, r.city, r.person_key, r.evidence, "                 \
    "r.instead_of FROM "                                                                                     \
    "registration r "                                                                                        \
    "JOIN event e ON e.id = r.event_id "

static bool read_rows(struct store *store, struct arena *arena, sqlite3_stmt *q,
                      struct registration_rows *ret, struct error *err)
{
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->row) = (struct registration_row){
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
            .person_key = column_text(arena, q, 14),
            .evidence = column_text(arena, q, 15),
            .instead_of = column_int(q, 16),
        };
    }
    return row == ROWS_END;
}

bool registrations_of_address(struct store *store, struct arena *arena, const char *address, int64_t now,
                              struct registration_rows *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, REGISTRATION_SELECT "WHERE r.address = ?1 AND r.state <> 'cancelled' "
                                               "AND e.ends > ?2 ORDER BY e.starts, r.id");
    bind_text(q, 1, address);
    bind_int(q, 2, now);
    return read_rows(store, arena, q, ret, err);
}

bool registrations_of_person(struct store *store, struct arena *arena, const char *event,
                             const char *person_key, struct registration_rows *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, REGISTRATION_SELECT
                                  "WHERE e.code = ?1 AND r.person_key = ?2 AND r.state <> 'cancelled'");
    bind_text(q, 1, event);
    bind_text(q, 2, person_key);
    return read_rows(store, arena, q, ret, err);
}

/* A key is "first|last|born", and "}" the byte after "|": so one first name's keys lie from its "|" to its
 * "}", and each step is one search in registration_once. */
bool registration_next_first_name(struct store *store, struct arena *arena, const char *event,
                                  const char *before, const char **ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT person_key FROM registration WHERE event_id = (SELECT id FROM event WHERE code = ?1) "
               "AND state <> 'cancelled' AND person_key >= ?2 ORDER BY person_key LIMIT 1");
    bind_text(q, 1, event);
    bind_text(q, 2, before == NULL ? "" : arena_printf(arena, "%s}", before));
    enum row row = store_row(store, q, err);
    *ret = NULL;
    if (row == ROW) {
        const char *key = column_text(arena, q, 0);
        *ret = arena_strndup(arena, key, strcspn(key, "|"));
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool registrations_of_name(struct store *store, struct arena *arena, const char *event, const char *name,
                           struct registration_rows *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, REGISTRATION_SELECT
                    "WHERE e.code = ?1 AND r.state <> 'cancelled' AND r.person_key >= ?2 || '|' "
                    "AND r.person_key < ?2 || '}' ORDER BY r.id");
    bind_text(q, 1, event);
    bind_text(q, 2, name);
    return read_rows(store, arena, q, ret, err);
}

#define OF_PERSON                                                                                            \
    "FROM registration WHERE event_id = (SELECT id FROM event WHERE code = ?1) AND person_key = ?2 AND "     \
    "state "

bool registration_party(struct store *store, const char *event, const char *person_key, int64_t *ret,
                        struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT coalesce((SELECT party " OF_PERSON
                                         "<> 'cancelled'), (SELECT party " OF_PERSON
                                         "= 'cancelled' ORDER BY id DESC LIMIT 1), 0)");
    bind_text(q, 1, event);
    bind_text(q, 2, person_key);
    return store_number(store, q, ret, err);
}

bool registration_get(struct store *store, struct arena *arena, int64_t id, struct registration_row *ret,
                      struct error *err)
{
    struct registration_rows rows = {0};
    sqlite3_stmt *q = store_query(store, REGISTRATION_SELECT "WHERE r.id = ?1");
    bind_int(q, 1, id);
    if (!read_rows(store, arena, q, &rows, err)) {
        return false;
    }
    *ret = rows.row.n > 0 ? rows.row.at[0] : (struct registration_row){0};
    return true;
}

bool registration_next_party(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT ifnull(min(party), 0) - 1 FROM registration WHERE party < 0");
    return store_number(store, q, ret, err);
}

bool registrations_of_party(struct store *store, struct arena *arena, const char *event, int64_t party,
                            const char *state, struct registration_rows *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, REGISTRATION_SELECT
                                  "WHERE e.code = ?1 AND r.state = ?3 AND r.party = ?2 ORDER BY r.id");
    bind_text(q, 1, event);
    bind_int(q, 2, party);
    bind_text(q, 3, state);
    return read_rows(store, arena, q, ret, err);
}

bool registrations_with_place(struct store *store, struct arena *arena, const char *event, int64_t before,
                              bool attended, struct registration_rows *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, REGISTRATION_SELECT
        "WHERE e.code = ?1 AND r.state = 'confirmed' AND r.created < ?2 AND r.address <> '' AND "
        "(?3 = 0 OR r.attended = 1 OR NOT EXISTS (SELECT 1 FROM registration a WHERE a.event_id = "
        "r.event_id AND a.state = 'confirmed' AND a.attended = 1)) ORDER BY r.party, r.address, r.id");
    bind_text(q, 1, event);
    bind_int(q, 2, before);
    bind_int(q, 3, attended);
    return read_rows(store, arena, q, ret, err);
}

bool registrations_of_event(struct store *store, struct arena *arena, const char *event,
                            struct registration_rows *ret, struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, REGISTRATION_SELECT "WHERE ?1 = '' OR e.code = ?1 ORDER BY e.starts, r.id");
    bind_text(q, 1, event);
    return read_rows(store, arena, q, ret, err);
}
