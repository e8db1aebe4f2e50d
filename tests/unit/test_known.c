/* What a decision is told of the store. */
#include "daemon/desk/known.h"
#include "tests/unit/store_rows.h"

static struct arena *arena;
static struct store *store;
static struct error err;
static struct programme programme;
static const int64_t now = 1795345200;

static void add_event(const char *code)
{
    struct event event = rows_event(code, now + 7200);
    rows_put_event(store, &event);
}

static void join(const char *event, const char *address, const char *born)
{
    struct registration_row row = rows_person(event, "Petra", address);
    row.party = 1;
    row.birth_date = born;
    row.person_key = arena_printf(arena, "petra|mueller|%s", born);
    rows_put(store, now, row);
}

static struct known learn(const struct reading *reading)
{
    struct letter letter = {.from = {.address = "petra@example.org", .name = "Petra Müller"}, .subject = ""};
    struct known known = known_nothing(arena, &programme, &letter, now);
    CHECK_ROW(known_facts(store, arena, &letter, reading, &known, &err), "%s", err.what);
    return known;
}

/* Her husband had registered her; she has a place of her own elsewhere. */
TEST(who_cancels_what_others_registered_is_found)
{
    struct reading reading = {.own.text = "Ich kann leider nicht kommen."};
    add_event("a");
    add_event("b");
    join("a", "hans@example.org", "1958-05-03");
    join("b", "petra@example.org", "1958-05-03");
    *LIST_ADD(arena, &reading.intents) = (struct intent){.kind = INTENT_CANCEL, .event = "a"};
    struct known known = learn(&reading);
    CHECK_INT(known.registrations.n, 1);
    CHECK(known.namesakes.n == 1 && str_equal(known.namesakes.at[0].address, "hans@example.org"));
    reading.intents.at[0].event = "b"; /* her own: nobody else is looked for */
    CHECK_INT(learn(&reading).namesakes.n, 0);
}

/* Whatever her birth date turns out to be, it is known whether she is there. */
TEST(who_says_no_birth_date_is_found_by_name)
{
    struct reading reading = {.own.text = ""};
    struct person person = {0};
    add_event("c");
    join("c", "hans@example.org", "1958-05-03");
    join("c", "hans@example.org", "1988-02-01");
    person.field[FIRST_NAME].value = "PETRA";
    person.field[LAST_NAME].value = "Müller";
    struct intent *intent = LIST_ADD(arena, &reading.intents);
    *intent = (struct intent){.kind = INTENT_REGISTER, .event = "c"};
    *LIST_ADD(arena, &intent->persons) = person;
    CHECK_INT(learn(&reading).registrations.n, 3); /* both, and her own elsewhere */
    intent->persons.at[0].field[BIRTH_DATE].value = "1988-02-01";
    CHECK_INT(learn(&reading).registrations.n, 2);
}

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    RUN(who_cancels_what_others_registered_is_found);
    RUN(who_says_no_birth_date_is_found_by_name);
    room_end(arena, store, folder);
    return check_done();
}
