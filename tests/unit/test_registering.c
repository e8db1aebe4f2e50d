/* What staff do about registrations, in a real store: a place that was to be given up for another one that
 * they wait for is neither lost nor forgotten when staff move them. */
#include "daemon/programme/registering.h"
#include "tests/unit/store_rows.h"

enum { HOUR = 3600 };

static struct arena *arena;
static struct config config;
static struct store *store;
static struct desk desk;
static struct error err;
static const int64_t now = 1795345200;

static struct event add_event(const char *code, int capacity)
{
    struct event event = rows_event(code, now + 200 * HOUR);
    event.capacity = capacity;
    event.waiting_list = true;
    rows_put_event(store, &event);
    return event;
}

static int64_t join(const char *event, const char *state, const char *first_name, int64_t instead_of)
{
    struct registration_row row = rows_person(event, first_name, "petra@example.org");
    row.party = now;
    row.state = state;
    row.birth_date = "1958-05-03";
    row.street = "Baarstraße 7";
    row.postal_code = "58636";
    row.city = "Iserlohn";
    row.person_key = arena_printf(arena, "%s|müller|1958-05-03", first_name);
    row.instead_of = instead_of;
    return rows_put(store, now, row);
}

static struct registration_row row_of(int64_t id)
{
    struct registration_row row = {0};
    CHECK_ROW(registration_get(store, arena, id, &row, &err), "%s", err.what);
    return row;
}

static struct registering by_staff(void)
{
    return (struct registering){.desk = &desk, .arena = arena, .cause = {.now = now, .actor = "weber"}};
}

static struct registered move(int64_t id, const struct event *event, enum seat seat)
{
    struct registering r = by_staff();
    struct registration_rows rows = {0};
    struct registered done = {0};
    *LIST_ADD(arena, &rows.row) = row_of(id);
    bool moved = store_begin(store, &err) && desk_programme(&desk, &err) &&
                 registering_move(&r, &rows, event, seat, &done, &err);
    CHECK_ROW(store_end(store, moved, &err), "%s", err.what);
    return done;
}

TEST(a_move_tells_which_place_is_held_still)
{
    add_event("old", 5);
    add_event("wished", 1);
    struct event other = add_event("other", 1), third = add_event("third", 5);
    int64_t taken = join("wished", "confirmed", "hans", 0), full = join("other", "confirmed", "hans", 0);
    int64_t held = join("old", "confirmed", "petra", 0);
    int64_t waits = join("wished", "waiting", "petra", held);
    struct registered moved = move(waits, &other, SEAT_WAIT);
    CHECK(moved.waiting && moved.held.row.n == 1 && moved.held.row.at[0].id == held);
    CHECK_INT(row_of(moved.id.at[0]).instead_of, held);

    struct registering r = by_staff(); /* the place that they wait for now becomes free: the old one goes */
    struct registration_rows gone = {0};
    int letters;
    *LIST_ADD(arena, &gone.row) = row_of(full);
    bool done = store_begin(store, &err) && registering_cancel(&r, &gone, &letters, &err);
    CHECK_ROW(store_end(store, done, &err), "%s", err.what);
    CHECK_STR(row_of(moved.id.at[0]).state, "confirmed");
    CHECK_STR(row_of(held).state, "cancelled");
    CHECK_INT(move(moved.id.at[0], &third, SEAT_BY_RULE).held.row.n, 0);

    held =
        join("old", "confirmed", "lena", 0); /* a place that was not waited for leaves the old one to staff */
    waits = join("wished", "waiting", "lena", held);
    moved = move(waits, &third, SEAT_BY_RULE);
    CHECK(!moved.waiting && moved.held.row.n == 1 && moved.held.row.at[0].id == held);
    CHECK_INT(row_of(moved.id.at[0]).instead_of, 0);
    CHECK_STR(row_of(held).state, "confirmed");
    CHECK_STR(row_of(taken).state, "confirmed");
}

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    room_desk(arena, folder, store, &config, &desk);
    RUN(a_move_tells_which_place_is_held_still);
    desk_end(&desk);
    room_end(arena, store, folder);
    return check_done();
}
