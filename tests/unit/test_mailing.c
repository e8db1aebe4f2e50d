/* Reminders and thanks: once, at their time, to those who have a place; nothing after the event began. */
#include "base/text.h"
#include "daemon/programme/mailing.h"
#include "tests/unit/store_rows.h"
#include "tests/unit/store_sql.h"

static struct arena *arena;
static struct config config;
static struct store *store;
static struct desk desk;
static struct error err;
static int64_t parties;

static int64_t at(const char *iso)
{
    int64_t time = 0;
    CHECK(berlin_parse(iso, &time));
    return time;
}

static void put_event(const char *code, const char *starts)
{
    struct event event = rows_event(code, at(starts));
    rows_put_event(store, &event);
}

static void joins(const char *event, const char *created, const char *state, int people)
{
    rows_put_party(store, arena, at(created), event, state, ++parties, people);
}

static struct chores_outcome chores_at(const char *when)
{
    static const struct chore *const chores[] = {&reminder_chore, &thanks_chore, NULL};
    struct chores_outcome outcome = chores_run(&desk, chores, at(when));
    CHECK(!outcome.failed);
    return outcome;
}

static const char reminders[] = "SELECT count(*) FROM outbox WHERE kind = 'reminder'";
static const char thanked[] = "SELECT count(*) FROM outbox WHERE kind = 'thanks'";

TEST(a_reminder_goes_once_to_who_has_a_place)
{
    put_event("a", "2026-12-03T17:00");
    joins("a", "2026-11-20T12:00", "confirmed", 2);
    joins("a", "2026-11-20T12:00", "confirmed", 1);
    joins("a", "2026-11-20T12:00", "waiting", 1);
    joins("a", "2026-11-20T12:00", "cancelled", 1);
    joins("a", "2026-12-01T10:30", "confirmed", 1); /* after it was due: has a fresh confirmation */
    CHECK_INT(chores_at("2026-12-01T08:00").next, at("2026-12-01T10:00"));
    CHECK_INT(sql_number(store, reminders), 0);
    CHECK(chores_at("2026-12-01T11:00").ran);
    CHECK_INT(sql_number(store, reminders), 2);
    CHECK(!chores_at("2026-12-01T11:01").ran);
    CHECK_INT(sql_number(store, reminders), 2);
    CHECK_INT(sql_number(store, "SELECT count(*) FROM outbox_bytes WHERE instr(bytes, 'text/calendar') > 0"),
              2);

    put_event("a", "2026-12-10T17:00"); /* moved: due anew, to all who have a place by then */
    CHECK(!chores_at("2026-12-08T09:59").ran);
    CHECK(chores_at("2026-12-08T10:00").ran);
    CHECK_INT(sql_number(store, reminders), 5);
}

TEST(no_reminder_after_the_event_began_or_when_it_is_called_off)
{
    int64_t before = sql_number(store, reminders);
    put_event("b", "2026-12-20T17:00");
    put_event("c", "2026-12-20T17:00");
    joins("b", "2026-11-20T12:00", "confirmed", 1);
    joins("c", "2026-11-20T12:00", "confirmed", 1);
    sql_run(store, "UPDATE event SET cancelled = 1 WHERE code = 'c'");
    sql_run(store, "UPDATE fact SET value = value + 1 WHERE name = 'programme_version'");
    chores_at("2026-12-20T17:00");
    CHECK_INT(sql_number(store, reminders), before);
    chores_at("2026-12-20T16:59"); /* the daemon was down for two days */
    CHECK_INT(sql_number(store, reminders), before + 1);
}

/* … also when that happened a moment ago, since the programme was looked at. */
TEST(nobody_is_reminded_of_what_was_called_off_just_now)
{
    int64_t before = sql_number(store, reminders);
    put_event("d", "2026-12-20T18:00");
    joins("d", "2026-11-20T12:00", "confirmed", 1);
    CHECK(desk_programme(&desk, &err));
    sql_run(store, "UPDATE event SET cancelled = 1 WHERE code = 'd'");
    sql_run(store, "UPDATE fact SET value = value + 1 WHERE name = 'programme_version'");
    CHECK_ROW(reminder_chore.run(&desk, at("2026-12-20T17:30"), &err), "%s", err.what);
    CHECK_INT(sql_number(store, reminders), before);
}

TEST(thanks_go_to_those_who_were_there)
{
    CHECK_INT(sql_number(store, thanked), 0);
    config.thanks_text = "Wie war es? https://www.example.org/umfrage";
    chores_at("2026-12-21T09:59");
    CHECK_INT(sql_number(store, thanked), 0);
    chores_at("2026-12-21T10:00"); /* nobody was ticked: everybody with a place */
    CHECK_INT(sql_number(store, thanked), 1);
    put_event("d", "2027-01-10T17:00");
    joins("d", "2026-12-20T12:00", "confirmed", 1);
    joins("d", "2026-12-20T12:00", "confirmed", 1);
    joins("d", "2026-12-20T12:00", "confirmed", 1);
    sql_run(store, "UPDATE registration SET attended = 1 WHERE id = (SELECT max(id) FROM registration)");
    chores_at("2027-01-11T10:00");
    CHECK_INT(sql_number(store, thanked), 2);
    put_event("e", "2027-02-01T17:00");
    joins("e", "2026-12-20T12:00", "confirmed", 1);
    chores_at("2027-02-06T10:00"); /* too late to be of use */
    CHECK_INT(sql_number(store, thanked), 2);
}

TEST(nobody_is_reminded_where_it_is_not_wanted)
{
    int64_t before = sql_number(store, reminders);
    put_event("f", "2027-03-01T17:00");
    joins("f", "2026-12-20T12:00", "confirmed", 1);
    config.reminder_days = 0;
    CHECK(!chores_at("2027-03-01T12:00").ran);
    CHECK_INT(sql_number(store, reminders), before);
}

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    room_desk(arena, folder, store, &config, &desk);
    RUN(a_reminder_goes_once_to_who_has_a_place);
    RUN(no_reminder_after_the_event_began_or_when_it_is_called_off);
    RUN(nobody_is_reminded_of_what_was_called_off_just_now);
    RUN(thanks_go_to_those_who_were_there);
    RUN(nobody_is_reminded_where_it_is_not_wanted);
    desk_end(&desk);
    room_end(arena, store, folder);
    return check_done();
}
