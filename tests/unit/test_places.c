/* The waiting lists in a real store: whatever happens to registrations and events, by whichever way, the list
 * is settled, nobody is overbooked or forgotten, and each who moves up gets one letter. */
#include "base/text.h"
#include "daemon/desk/places.h"
#include "daemon/store/query.h"
#include "daemon/store/store_check.h"
#include "tests/unit/store_rows.h"

enum { HOUR = 3600, HISTORIES = 60, STEPS = 30 };

static struct arena *arena, *scratch;
static struct config config;
static struct store *store;
static struct desk desk;
static struct error err;
static int64_t now = 1795345200, next_party;

static int64_t number(const char *sql, const char *event)
{
    sqlite3_stmt *q = store_query(store, sql);
    bind_text(q, 1, event);
    int64_t value = -1;
    if (store_row(store, q, &err) == ROW) {
        value = column_int(q, 0);
        sqlite3_reset(q);
    }
    return value;
}

static void run(const char *sql, int64_t value, const char *event)
{
    sqlite3_stmt *q = store_query(store, sql);
    bind_int(q, 1, value);
    if (event != NULL) {
        bind_text(q, 2, event);
    }
    CHECK_ROW(store_run(store, q, &err), "%s: %s", sql, err.what);
}

static void add_event(const char *code, int capacity, int64_t starts)
{
    struct event event = rows_event(code, starts);
    event.capacity = capacity;
    event.waiting_list = true;
    rows_put_event(store, &event);
}

/* As the desk does it: together, with a place or waiting. */
static void join(const char *event, int people)
{
    struct waiting_rule rule = waiting_rule_of(&config);
    struct waiting_list list;
    int waiting;
    CHECK(waiting_list_of(store, scratch, event, &list, &waiting, &err));
    const char *state = waiting_has_room(&rule, &list, now, people) ? "confirmed" : "waiting";
    rows_put_party(store, scratch, now, event, state, ++next_party, people);
}

static void settle(void)
{
    struct cause cause = {.now = now, .actor = "test"};
    bool done = store_begin(store, &err) && desk_programme(&desk, &err) &&
                places_settle(&desk, scratch, &cause, &err);
    CHECK_ROW(store_end(store, done, &err), "%s", err.what);
}

#define PLACES(state)                                                                                        \
    "SELECT count(*) FROM registration r JOIN event e ON e.id = event_id WHERE code = ?1 AND state = "       \
    "'" state "'"

static const char letters[] = "SELECT count(*) FROM outbox WHERE kind = 'confirmed' AND ?1 = ?1";

TEST(whoever_frees_a_place_the_next_one_moves_up)
{
    add_event("a", 2, now + 200 * HOUR);
    join("a", 2);
    join("a", 1);
    join("a", 1);
    settle();
    CHECK_INT(number(PLACES("waiting"), "a"), 2);
    int64_t before = number(letters, "");
    run("DELETE FROM registration WHERE id = (SELECT min(id) FROM registration) AND ?1", 1, NULL);
    struct chores_outcome outcome =
        chores_run(&desk, (const struct chore *const[]){&waiting_chore, NULL}, now);
    CHECK(outcome.ran && !outcome.failed); /* nobody asked for it */
    CHECK_INT(number(PLACES("waiting"), "a"), 1);
    CHECK_INT(number(letters, ""), before + 1);
    run("UPDATE event SET capacity = ?1 WHERE code = ?2", 5, "a");
    run("UPDATE fact SET value = value + ?1 WHERE name = 'programme_version'", 1, NULL);
    settle();
    CHECK_INT(number(PLACES("waiting"), "a"), 0);
    CHECK_INT(number(letters, ""), before + 2);
    settle();
    CHECK_INT(number(letters, ""), before + 2);
    CHECK_INT(number("SELECT count(*) FROM conversation WHERE kind = 'place' AND ?1 = ''", ""), 2);
}

/* The place given up frees one for who waits there, in the same transaction. */
TEST(who_moves_up_after_a_rebooking_gives_the_old_place_up)
{
    add_event("old", 1, now + 300 * HOUR);
    add_event("new", 1, now + 200 * HOUR);
    add_event("gone", 1, now - HOUR);
    join("old", 1);
    join("old", 1);
    join("new", 1);
    join("new", 1);
    settle();
    run("UPDATE registration SET instead_of = (SELECT r.id FROM registration r JOIN event e ON e.id = "
        "r.event_id "
        "WHERE e.code = 'old' AND r.state = 'confirmed') WHERE state = 'waiting' AND ?1 AND event_id = "
        "(SELECT id "
        "FROM event WHERE code = ?2)",
        1, "new");
    int64_t before = number(letters, "");
    run("UPDATE registration SET state = 'cancelled' WHERE state = 'confirmed' AND ?1 AND event_id = (SELECT "
        "id "
        "FROM event WHERE code = ?2)",
        1, "new");
    settle();
    CHECK_INT(number(PLACES("confirmed"), "new"), 1);
    CHECK_INT(number(PLACES("cancelled"), "old"), 1);
    CHECK_INT(number(PLACES("confirmed"), "old"), 1);
    CHECK_INT(number(PLACES("waiting"), "old"), 0);
    CHECK_INT(number(letters, ""), before + 2);
    CHECK_INT(number("SELECT count(*) FROM waiting_list WHERE look_again <= 0 AND ?1 = ''", ""), 0);
}

TEST(in_the_last_hours_staff_are_told)
{
    add_event("b", 1, now + 20 * HOUR);
    join("b", 1);
    join("b", 1);
    int64_t before = number(letters, "");
    run("UPDATE registration SET state = 'cancelled' WHERE state = 'confirmed' AND ?1 AND "
        "event_id = (SELECT id FROM event WHERE code = ?2)",
        1, "b");
    settle();
    settle();
    CHECK_INT(number("SELECT count(*) FROM queue_entry WHERE reason = 'place_free' AND ?1 = ''", ""), 1);
    CHECK_INT(number(PLACES("waiting"), "b"), 1);
    CHECK_INT(number(letters, ""), before);
}

static unsigned seed;
static unsigned dice(unsigned sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

#define ONE                                                                                                  \
    "(SELECT id FROM registration WHERE state <> 'cancelled' AND event_id = "                                \
    "(SELECT id FROM event WHERE code = ?2) ORDER BY (id * 7919 + ?1) % 101 LIMIT 1)"

/* One thing that happens, by SQL of its own: what the rule is to be asked about, only the triggers know. */
static void happen(const char *event)
{
    switch (dice(8)) {
    case 0:
    case 1:
    case 2:
        join(event, (int)dice(4) + 1);
        break;
    case 3:
        run("UPDATE registration SET state = 'cancelled' WHERE id = " ONE, dice(1000), event);
        break;
    case 4:
        run("DELETE FROM registration WHERE id < (SELECT max(id) FROM registration) AND id = " ONE,
            dice(1000), event);
        break;
    case 5:
        run("UPDATE registration SET state = 'cancelled' WHERE party = (SELECT party FROM registration "
            "WHERE id = " ONE ")",
            dice(1000), event);
        break;
    case 6:
        run("UPDATE event SET capacity = ?1 WHERE code = ?2", dice(7) + 1, event);
        break;
    default:
        now += dice(20 * HOUR);
    }
}

/* By the store's own numbers: who has a place fits, unless the event was made smaller; who moved up was told
 * once. */
static void check_event(const char *event, int64_t confirmed_before)
{
    int64_t confirmed = number(PLACES("confirmed"), event);
    int64_t capacity = number("SELECT capacity FROM event WHERE code = ?1", event);
    CHECK_ROW(confirmed <= capacity || confirmed <= confirmed_before, "%s is overbooked", event);
    CHECK_INT(number("SELECT count(*) FROM waiting_list WHERE look_again <= 0 AND ?1 = ''", ""), 0);
    CHECK_INT(
        number(
            "SELECT count(*) FROM (SELECT party, event_id FROM registration JOIN event e ON e.id = event_id "
            "WHERE code = ?1 AND state <> 'cancelled' GROUP BY party HAVING count(DISTINCT state) > 1)",
            event),
        0);
    CHECK_INT(number("SELECT count(*) FROM (SELECT DISTINCT subject FROM audit WHERE action = 'moved_up') "
                     "WHERE ?1 = ''",
                     ""),
              number("SELECT count(*) FROM audit WHERE action = 'moved_up' AND ?1 = ''", ""));
}

TEST(random_histories_in_the_store)
{
    for (int h = 1; h <= HISTORIES && check_failures == 0; h++) {
        const char *event = arena_printf(arena, "h%d", h);
        seed = (unsigned)h * 77;
        add_event(event, (int)dice(6) + 1, now + (int64_t)(60 + dice(300)) * HOUR);
        for (int i = 0; i < STEPS && check_failures == 0; i++) {
            arena_reset(scratch);
            int64_t before = number(PLACES("confirmed"), event);
            happen(event);
            settle();
            check_event(event, before > 0 ? before : number(PLACES("confirmed"), event));
        }
    }
    int64_t moved = number("SELECT count(*) FROM audit WHERE action = 'moved_up' AND ?1 = ''", "");
    int64_t parties =
        number("SELECT count(DISTINCT case_id) FROM outbox WHERE kind = 'confirmed' AND ?1 = ''", "");
    printf("# %d histories: %lld people of %lld parties moved up\n", HISTORIES, (long long)moved,
           (long long)parties);
    CHECK(moved > 50 && parties == number(letters, ""));
    CHECK_ROW(store_check_whole(store, 1, &err) == STORE_WHOLE && store_check_quick(store, &err), "%s",
              err.what);
}

int main(void)
{
    char *folder;
    arena = arena_new();
    scratch = arena_new();
    store = room_store(arena, &folder);
    room_desk(arena, folder, store, &config, &desk);
    RUN(whoever_frees_a_place_the_next_one_moves_up);
    RUN(who_moves_up_after_a_rebooking_gives_the_old_place_up);
    RUN(in_the_last_hours_staff_are_told);
    RUN(random_histories_in_the_store);
    desk_end(&desk);
    arena_free(scratch);
    room_end(arena, store, folder);
    return check_done();
}
