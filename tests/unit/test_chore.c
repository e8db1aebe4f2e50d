#include "daemon/desk/chore.h"
#include "daemon/programme/mailing.h"
#include "tests/unit/store_room.h"
#include "tests/unit/store_sql.h"

/* When the clock of a chore is due, and how often it ran. */
static int64_t due, comes_again;
static int runs;
static bool broken;

static bool next_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    (void)desk, (void)now, (void)err;
    *ret = due;
    return true;
}

static bool run(struct desk *desk, int64_t now, struct error *err)
{
    (void)desk, (void)now;
    if (broken) {
        return fail(err, "not today");
    }
    runs++;
    due = comes_again;
    return true;
}

static const struct chore clock_chore = {"clock", next_due, run};
static const struct chore *const chores[] = {&clock_chore, NULL};

static struct desk desk;

static struct chores_outcome at(int64_t now, int64_t when, int64_t then, bool breaks)
{
    runs = 0;
    due = when;
    comes_again = then;
    broken = breaks;
    return chores_run(&desk, chores, now);
}

TEST(a_chore_runs_when_it_is_due_and_not_before)
{
    struct chores_outcome o = at(1000, 1001, 5000, false);
    CHECK_INT(runs, 0);
    CHECK(o.next == 1001 && !o.ran && !o.failed);
    o = at(1001, 1001, 5000, false);
    CHECK_INT(runs, 1);
    CHECK(o.next == 5000 && o.ran && !o.failed);
    o = at(1000, INT64_MAX, 0, false);
    CHECK(runs == 0 && o.next == 1000 + CHORE_LOOK);
}

TEST(a_chore_that_fails_comes_again_later)
{
    struct chores_outcome o = at(1000, 1000, 5000, true);
    CHECK(o.failed && !o.ran && o.next == 1000 + CHORE_RETRY);
    o = at(1000, 900, 1000, false); /* would run for ever */
    CHECK(o.failed && o.next == 1000 + CHORE_RETRY && runs == 1);
}

TEST(a_programme_that_cannot_be_loaded_keeps_no_other_chore_from_its_work)
{
    static const struct chore *const both[] = {&reminder_chore, &clock_chore, NULL};
    struct error err;
    CHECK(store_fact_set(desk.store, "programme_version", 1, &err));
    sql_run(desk.store, "ALTER TABLE event RENAME TO elsewhere");
    runs = 0;
    due = 1000;
    comes_again = 5000;
    broken = false;
    struct chores_outcome o = chores_run(&desk, both, 1000);
    CHECK(runs == 1 && o.ran && o.failed && o.next == 1000 + CHORE_RETRY);
    sql_run(desk.store, "ALTER TABLE elsewhere RENAME TO event");
}

int main(void)
{
    char *folder;
    struct arena *arena = arena_new();
    desk.store = room_store(arena, &folder);
    desk.programme_arena = arena_new();
    RUN(a_chore_runs_when_it_is_due_and_not_before);
    RUN(a_chore_that_fails_comes_again_later);
    RUN(a_programme_that_cannot_be_loaded_keeps_no_other_chore_from_its_work);
    arena_free(desk.programme_arena);
    room_end(arena, desk.store, folder);
    return check_done();
}
