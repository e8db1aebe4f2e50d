#include "daemon/store/outbox_store.h"
#include "daemon/store/query.h"
#include "tests/unit/store_room.h"

static struct store *store;
static struct arena *arena;
static struct error err;

static int64_t put(int64_t now, const char *recipient)
{
    static int n;
    struct outbox_row row = {.kind = "confirmed",
                             .message_id = arena_printf(arena, "<%d@example.org>", n++),
                             .envelope_from = "",
                             .recipient = recipient};
    CHECK_ROW(outbox_put(store, now, &row, "letter\r\n", 8, &err), "%s", err.what);
    return row.id;
}

static struct outbox_row got(int64_t id)
{
    struct outbox_row row = {0};
    CHECK_ROW(outbox_get(store, arena, id, &row, &err), "%s", err.what);
    return row;
}

static struct outbox_ids claimed(int64_t now, int64_t most)
{
    struct outbox_ids ids = {0};
    CHECK_ROW(outbox_claim(store, arena, now, most, &ids, &err), "%s", err.what);
    return ids;
}

static int64_t next_due(void)
{
    int64_t due = -1;
    CHECK_ROW(outbox_next_due(store, &due, &err), "%s", err.what);
    return due;
}

TEST(what_was_put_comes_back)
{
    int64_t id = put(100, "a@example.org");
    struct outbox_row row = got(id);
    CHECK_STR(row.state, "queued");
    CHECK_STR(row.recipient, "a@example.org");
    CHECK_INT(row.created, 100);
    CHECK_INT(row.mail_id, 0);
    struct outbox_letter letter;
    CHECK(outbox_letter(store, arena, id, &letter, &err));
    CHECK_INT(letter.len, 8);
    CHECK_STR(letter.bytes, "letter\r\n");
    CHECK_STR(letter.recipient, "a@example.org");
    char *bytes;
    size_t len;
    CHECK(outbox_bytes(store, arena, id, &bytes, &len, &err));
    CHECK_STR(bytes, "letter\r\n");
    CHECK(outbox_letter(store, arena, 4711, &letter, &err) && letter.bytes == NULL);
    CHECK(outbox_bytes(store, arena, 4711, &bytes, &len, &err) && bytes == NULL);
    CHECK_INT(got(4711).id, 0);
    int64_t n;
    CHECK(outbox_count_to(store, "a@example.org", 100, &n, &err));
    CHECK_INT(n, 1);
    CHECK(outbox_count_to(store, "a@example.org", 101, &n, &err));
    CHECK_INT(n, 0);
}

TEST(the_oldest_due_first)
{
    int64_t a = put(100, "a@example.org"), b = put(100, "b@example.org"), c = put(100, "c@example.org");
    CHECK_INT(next_due(), 0);
    CHECK_INT(claimed(200, 2).id.n, 2);
    CHECK_STR(got(a).state, "sending");
    CHECK_STR(got(c).state, "queued");
    CHECK(outbox_record(store, 201, a, "later", "450 wait", 300, &err));
    CHECK(outbox_record(store, 201, b, "unclear", "lost", 400, &err));
    struct outbox_ids ids = claimed(299, 10);
    CHECK(ids.id.n == 1 && ids.id.at[0] == c);
    CHECK(outbox_record(store, 299, c, "sent", "250 ok", 0, &err));
    CHECK_INT(next_due(), 300);
    ids = claimed(400, 10);
    CHECK(ids.id.n == 2 && ids.id.at[0] == a && ids.id.at[1] == b);
    CHECK_INT(got(a).attempt, 1);
    CHECK(outbox_release(store, 400, a, &err));
    CHECK_STR(got(a).state, "queued");
    CHECK_INT(got(a).attempt, 1);
    CHECK_INT(next_due(), 300);
}

TEST(only_what_is_sending_can_end)
{
    int64_t id = put(100, "a@example.org");
    CHECK(outbox_record(store, 101, id, "sent", "250 ok", 0, &err));
    CHECK_STR(got(id).state, "queued");
    CHECK(outbox_record(store, 101, 4711, "sent", "250 ok", 0, &err));
    CHECK(!outbox_record(store, 101, (claimed(101, 1), id), "nonsense", "", 0, &err));
}

TEST(a_crash_makes_unclear_and_says_so)
{
    int64_t a = put(100, "a@example.org"), b = put(100, "b@example.org"), n = -1;
    claimed(100, 1);
    CHECK(outbox_recover(store, 150, &n, &err));
    CHECK_INT(n, 1);
    CHECK_STR(got(a).state, "unclear");
    CHECK_STR(got(b).state, "queued");
    CHECK(outbox_recover(store, 160, &n, &err));
    CHECK_INT(n, 0);
    struct outbox_ids ids = claimed(150, 10);
    CHECK(ids.id.n == 2 && ids.id.at[0] == a);
    sqlite3_stmt *q = store_query(store, "SELECT group_concat(action || ' ' || subject, '; ') FROM audit");
    CHECK_INT(store_row(store, q, &err), ROW);
    CHECK_STR(column_text(arena, q, 0),
              arena_printf(arena, "unclear outbox %lld; sent again outbox %lld", (long long)a, (long long)a));
    sqlite3_reset(q);
}

TEST(sent_letters_are_filed_once)
{
    int64_t a = put(100, "a@example.org");
    struct outbox_rows rows = {0};
    CHECK(outbox_to_file(store, arena, 10, &rows, &err));
    CHECK_INT(rows.row.n, 0);
    claimed(100, 1);
    CHECK(outbox_record(store, 101, a, "sent", "250 ok", 0, &err));
    CHECK(outbox_to_file(store, arena, 10, &rows, &err));
    CHECK(rows.row.n == 1 && rows.row.at[0].id == a);
    CHECK(outbox_set_filed(store, a, "filing", &err));
    CHECK(outbox_to_file(store, arena, 10, &rows, &err));
    CHECK(rows.row.n == 1 && strcmp(rows.row.at[0].filed, "filing") == 0);
    CHECK(outbox_set_filed(store, a, "yes", &err));
    CHECK(outbox_to_file(store, arena, 10, &rows, &err));
    CHECK_INT(rows.row.n, 0);
    CHECK(outbox_list(store, arena, NULL, 10, &rows, &err));
    CHECK_INT(rows.row.n, 1);
    CHECK(outbox_list(store, arena, "failed", 10, &rows, &err));
    CHECK_INT(rows.row.n, 0);
}

/* A full outbox must not be sorted for every claim. */
TEST(the_claim_uses_its_index)
{
    sqlite3_stmt *q = store_query(
        store, "EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE state = 'queued' AND state <> 'sent' "
               "AND state <> 'failed' AND not_before <= 5 ORDER BY not_before, id");
    CHECK_INT(store_row(store, q, &err), ROW);
    const char *plan = column_text(arena, q, 3);
    CHECK_ROW(strstr(plan, "outbox_due (state=? AND not_before<?)") != NULL, "%s", plan);
    CHECK_INT(store_row(store, q, &err), ROWS_END);
}

static void each(void (*test)(void))
{
    CHECK(store_begin(store, &err));
    test();
    store_end(store, false, &err);
}

#define RUN_IN_TRANSACTION(name)                                                                             \
    do {                                                                                                     \
        check_failures = 0;                                                                                  \
        each(test_##name);                                                                                   \
        printf("%sok " #name "\n", check_failures ? "not " : "");                                            \
        check_total_failed += check_failures != 0;                                                           \
    } while (0)

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    RUN_IN_TRANSACTION(what_was_put_comes_back);
    RUN_IN_TRANSACTION(the_oldest_due_first);
    RUN_IN_TRANSACTION(only_what_is_sending_can_end);
    RUN_IN_TRANSACTION(a_crash_makes_unclear_and_says_so);
    RUN_IN_TRANSACTION(sent_letters_are_filed_once);
    RUN_IN_TRANSACTION(the_claim_uses_its_index);
    room_end(arena, store, folder);
    return check_done();
}
