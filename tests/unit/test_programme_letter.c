#include "daemon/newsletter/programme_letter.h"

#include "base/date.h"
#include "tests/unit/store_rows.h"
#include "tests/unit/store_sql.h"

static struct store *store;
static struct arena *arena;
static struct error err;

/* Mondays at nine; the id of the issue, 0: there is none. `ret`: it went well. */
static int64_t letter_at(const char *day, int hour, bool *ret)
{
    static struct config config = {.newsletter_programme = 1, .newsletter_programme_hour = 9};
    struct date date;
    struct issue_row issue = {0};
    CHECK(date_parse_iso(day, &date));
    struct issue_making making = {.config = &config,
                                  .store = store,
                                  .templates_folder = "templates",
                                  .now = berlin_to_unix(date, hour, 0)};
    *ret = programme_letter(&making, arena, "test", &issue, &err);
    return issue.id;
}

TEST(on_its_day_and_hour_once_and_only_with_something_new)
{
    bool good;
    CHECK_INT(letter_at("2026-11-29", 12, &good), 0);
    CHECK_INT(letter_at("2026-11-30", 8, &good), 0);
    CHECK(letter_at("2026-11-30", 9, &good) > 0);
    CHECK_INT(letter_at("2026-11-30", 10, &good), 0);
    CHECK_INT(letter_at("2026-12-07", 9, &good), 0);
    struct event other = rows_event("lesung", 1804100000);
    rows_put_event(store, &other);
    CHECK(letter_at("2026-12-14", 9, &good) > 0);
    CHECK(good);
}

TEST(what_cannot_be_remembered_is_not_sent_either)
{
    bool good;
    sql_run(store, "CREATE TRIGGER full BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'no room'); END");
    CHECK_INT(letter_at("2026-11-30", 9, &good), 0);
    CHECK(!good);
    sql_run(store, "DROP TRIGGER full");
    CHECK(letter_at("2026-11-30", 9, &good) > 0);
    CHECK_INT(letter_at("2026-12-07", 9, &good), 0);
    CHECK(good);
}

/* A store of its own for each test, with one event in March 2027. */
static void begin(char **ret_folder)
{
    struct event event = rows_event("mapathon", 1804000000);
    arena = arena_new();
    store = room_store(arena, ret_folder);
    rows_put_event(store, &event);
}

int main(void)
{
    char *folder;
    begin(&folder);
    RUN(on_its_day_and_hour_once_and_only_with_something_new);
    room_end(arena, store, folder);
    begin(&folder);
    RUN(what_cannot_be_remembered_is_not_sent_either);
    room_end(arena, store, folder);
    return check_done();
}
