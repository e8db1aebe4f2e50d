#include "daemon/store/issue_store.h"
#include "daemon/store/ledger_store.h"
#include "tests/unit/store_room.h"
#include "tests/unit/store_sql.h"

static struct store *store;
static struct arena *arena;
static struct error err;

static int64_t begun(const char *name)
{
    struct issue_row row = {.name = name, .subject = "x", .source = "x", .send_at = 50};
    int64_t n = -1;
    CHECK_ROW(issue_put(store, 50, &row, &err) && issue_begin(store, 100, row.id, "mail", 4, &n, &err), "%s",
              err.what);
    CHECK_INT(n, 4);
    CHECK(!issue_begin(store, 101, row.id, "mail", 4, &n, &err)); /* never twice */
    return row.id;
}

static struct outbox_ids claimed(int64_t now, int64_t most)
{
    struct outbox_ids ids = {0};
    CHECK_ROW(ledger_claim(store, arena, now, most, &ids, &err), "%s", err.what);
    return ids;
}

static struct ledger_sums sums(int64_t issue)
{
    struct ledger_sums s = {0};
    CHECK(ledger_sums(store, issue, &s, &err));
    return s;
}

static const char *state_of(const char *name)
{
    struct issue_row row;
    CHECK(ledger_finish(store, 200, &err) && issue_find(store, arena, name, &row, &err));
    return row.state;
}

TEST(readers_are_fixed_claimed_in_order_and_come_to_an_end)
{
    int64_t issue = begun("eins");
    sql_run(store, "INSERT INTO subscriber (id, address, state, changed) VALUES (9, 'spaet@example.org', "
                   "'subscribed', 1)");
    struct outbox_ids ids = claimed(100, 3);
    CHECK_INT(ids.id.n, 3);
    struct ledger_copy copy;
    CHECK(ledger_get(store, arena, ids.id.at[0], &copy, &err));
    CHECK_STR(copy.address, "a@example.org");
    CHECK_INT(copy.first_try, 100);
    CHECK(ledger_record(store, 101, ids.id.at[0], "sent", "", 0, &err));
    CHECK(ledger_record(store, 101, ids.id.at[1], "later", "450 x", 500, &err));
    CHECK(ledger_release(store, 101, ids.id.at[2], &err));
    CHECK(ledger_record(store, 101, ids.id.at[0], "failed", "550 x", 0,
                        &err)); /* not `sending` any more: stays */
    struct ledger_sums s = sums(issue);
    CHECK(s.sent == 1 && s.later == 1 && s.queued == 2 && s.failed == 0);
    ids = claimed(102, 9);
    CHECK_INT(ids.id.n, 2);
    CHECK(ledger_drop(store, 102, ids.id.at[0], &err));
    int64_t n, due;
    CHECK(ledger_recover(store, 103, &n, &err)); /* the program ended in the middle */
    CHECK_INT(n, 1);
    CHECK(ledger_next_due(store, &due, &err));
    CHECK_INT(due, 500);
    CHECK_STR(state_of("eins"), "sending");
    CHECK_INT(claimed(499, 9).id.n, 0);
    ids = claimed(500, 9);
    CHECK_INT(ids.id.n, 1);
    CHECK_STR(state_of("eins"), "sending"); /* one is under way */
    CHECK(ledger_record(store, 501, ids.id.at[0], "sent", "", 0, &err));
    CHECK_STR(state_of("eins"), "sent");
    CHECK(ledger_send_unclear(store, 502, issue, &n, &err));
    CHECK_INT(n, 1);
    CHECK_INT(claimed(502, 9).id.n, 0); /* until the issue is being sent again */
    CHECK(issue_set_state(store, 502, issue, "sending", &err));
    ids = claimed(502, 9);
    CHECK_INT(ids.id.n, 1);
    CHECK(ledger_record(store, 503, ids.id.at[0], "sent", "", 0, &err));
    CHECK(ledger_bounced(store, 504, ids.id.at[0], "no such user", &err));
    s = sums(issue);
    CHECK(s.sent == 2 && s.bounced == 1 && s.dropped == 1);
    CHECK_STR(state_of("eins"), "sent");
    sql_run(store, "DELETE FROM subscriber WHERE id = 9");
}

TEST(what_is_paused_is_not_claimed_and_who_left_has_no_address)
{
    int64_t issue = begun("zwei");
    CHECK(issue_set_state(store, 100, issue, "paused", &err));
    CHECK_INT(claimed(600, 9).id.n, 0);
    CHECK(issue_set_state(store, 100, issue, "sending", &err));
    sql_run(store, "UPDATE subscriber SET state = 'unsubscribed' WHERE id = 1");
    struct ledger_copy copy;
    struct outbox_ids ids = claimed(600, 1);
    CHECK(ids.id.n == 1 && ledger_get(store, arena, ids.id.at[0], &copy, &err));
    CHECK(copy.address == NULL);
    sql_run(store, "DELETE FROM subscriber WHERE id = 2"); /* erased: the row stays, and names nobody */
    CHECK_INT(sums(issue).queued + sums(issue).sending, 4);
}

int main(void)
{
    char *folder;
    arena = arena_new();
    store = room_store(arena, &folder);
    sql_run(
        store,
        "INSERT INTO subscriber (id, address, state, changed) VALUES (1, 'a@example.org', 'subscribed', 1), "
        "(2, 'b@example.org', 'subscribed', 1), (3, 'c@example.org', 'subscribed', 1), "
        "(4, 'd@example.org', 'subscribed', 1), (5, 'e@example.org', 'asked', 1)");
    RUN(readers_are_fixed_claimed_in_order_and_come_to_an_end);
    RUN(what_is_paused_is_not_claimed_and_who_left_has_no_address);
    room_end(arena, store, folder);
    return check_done();
}
