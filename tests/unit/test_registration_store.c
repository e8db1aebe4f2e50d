#include "daemon/store/programme_store.h"
#include "daemon/store/registration_store.h"
#include "tests/unit/store_room.h"

static struct store *store;
static struct arena *arena;
static struct error err;

static int64_t put(const char *event, const char *key)
{
    struct registration_row row = {.event = event,
                                   .state = "confirmed",
                                   .address = "a@example.org",
                                   .language = "de",
                                   .first_name = "A",
                                   .last_name = "B",
                                   .person_key = key};
    CHECK_ROW(registration_add(store, 1, &row, &err), "%s: %s", key, err.what);
    return row.id;
}

static void put_event(const char *code)
{
    struct event event = {.code = code,
                          .title = code,
                          .keywords = "",
                          .start = 100,
                          .end = 200,
                          .place = "",
                          .min_age = -1,
                          .max_age = -1,
                          .topic = ""};
    struct event_put done;
    CHECK_ROW(event_put(store, &event, &done, &err), "%s", err.what);
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
        CHECK(registrations_of_first_name(store, arena, "e", rows[i].name, &found, &err));
        CHECK_ROW(found.row.n == rows[i].n, "%s: %zu", rows[i].name, found.row.n);
    }
}

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    RUN(first_names_come_one_by_one);
    RUN(a_first_name_is_not_another_one_s_beginning);
    room_end(arena, store, folder);
    return check_done();
}
