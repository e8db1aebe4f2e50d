#include "daemon/store/query.h"
#include "tests/unit/store_rows.h"

static struct store *store;
static struct arena *arena;
static struct error err;

static int64_t put(const char *event, const char *key)
{
    struct registration_row row = rows_person(event, "A", "a@example.org");
    row.person_key = key;
    return rows_put(store, 1, row);
}

static void put_event(const char *code)
{
    struct event event = rows_event(code, 100);
    rows_put_event(store, &event);
}

/* Names that are empty, beginnings of others, in another script, of somebody who cancelled, and elsewhere. */
TEST(first_names_come_one_by_one)
{
    put_event("e");
    put_event("other");
    static const char *const keys[] = {"ann|berg|",    "anna|berg|1990-01-01", "anna|stein|", "|ohne|",
                                       "annamaria|x|", "анна|иванова|",        "past 7"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        put("e", keys[i]);
    }
    put("other", "berta|berg|");
    bool changed;
    CHECK(registration_cancel(store, 2, put("e", "zoe|berg|"), &changed, &err) && changed);
    const char *all = "", *first = NULL;
    while (registration_next_first_name(store, arena, "e", first, &first, &err) && first != NULL) {
        all = arena_printf(arena, "%s<%s>", all, first);
    }
    CHECK_STR(all, "<annamaria><anna><ann><past 7><><анна>");
}

TEST(a_first_name_is_not_another_one_s_beginning)
{
    static const struct {
        const char *name;
        size_t n;
    } rows[] = {{"ann", 1}, {"anna", 2}, {"annamaria", 1}, {"анна", 1}, {"", 1}, {"zoe", 0}, {"berta", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct registration_rows found = {0};
        CHECK(registrations_of_name(store, arena, "e", rows[i].name, &found, &err));
        CHECK_ROW(found.row.n == rows[i].n, "%s: %zu", rows[i].name, found.row.n);
    }
}

/* The one that stands; else the one given up last, which an appointment may still be of. */
TEST(a_person_s_party_is_found_standing_or_gone)
{
    static const char key[] = "emil|feld|";
    int64_t party = -1;
    bool changed;
    CHECK(registration_party(store, "e", key, &party, &err));
    CHECK_INT(party, 0);
    for (int64_t n = 1; n <= 3; n++) {
        int64_t id = put("e", key);
        sqlite3_stmt *q = store_query(store, "UPDATE registration SET party = ?2 WHERE id = ?1");
        bind_int(q, 1, id);
        bind_int(q, 2, n);
        CHECK(store_run(store, q, &err));
        CHECK(n == 3 || registration_cancel(store, 2, id, &changed, &err));
        CHECK(registration_party(store, "e", key, &party, &err));
        CHECK_INT(party, n);
    }
}

/* With thousands at an event none of these may read them all. */
TEST(people_are_found_in_an_index)
{
    static const char *const queries[] = {"EXPLAIN QUERY PLAN SELECT id FROM registration WHERE event_id = 1 "
                                          "AND person_key = 'a' AND state = 'cancelled'",
                                          "EXPLAIN QUERY PLAN SELECT id FROM registration WHERE event_id = 1 "
                                          "AND person_key >= 'a' AND state <> 'cancelled'"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        sqlite3_stmt *q = store_query(store, queries[i]);
        CHECK_INT(store_row(store, q, &err), ROW);
        const char *plan = column_text(arena, q, 3);
        CHECK_ROW(strstr(plan, "(event_id=? AND person_key") != NULL, "%s", plan);
        CHECK_INT(store_row(store, q, &err), ROWS_END);
    }
}

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    RUN(first_names_come_one_by_one);
    RUN(a_first_name_is_not_another_one_s_beginning);
    RUN(a_person_s_party_is_found_standing_or_gone);
    RUN(people_are_found_in_an_index);
    room_end(arena, store, folder);
    return check_done();
}
