/* Erasure reaches every byte of the files: histories of people who come and go in pages shared with others.
 */
#include "daemon/store/people_store.h"

#include "base/file.h"
#include "base/text.h"
#include "daemon/store/query.h"
#include "daemon/store/retention_store.h"
#include "daemon/store/store_check.h"
#include "tests/unit/check.h"
#include "tests/unit/store_sql.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum { PEOPLE = 200, NOW = 1795345200 };

static char folder[] = "/tmp/test-people-XXXXXX";
static char path[64];
static struct store *store, *other;
static struct arena *arena;
static struct error err;

static const char *address_of(int i)
{
    return arena_printf(arena, "mensch%04dx@example.org", i);
}

/* A word that stands nowhere but in this person's rows. */
static const char *word_of(int i)
{
    return arena_printf(arena, "Wort%04dEnde", i);
}

static void put(const char *sql, int i, const char *long_words)
{
    sqlite3_stmt *q = store_query(store, sql);
    bind_int(q, 1, i);
    bind_text(q, 2, address_of(i));
    bind_text(q, 3, word_of(i));
    if (sqlite3_bind_parameter_count(q) > 3) {
        bind_text(q, 4, long_words);
    }
    CHECK_ROW(store_run(store, q, &err), "%s", err.what);
}

/* Mails of 0 to 20 KB, so that some fill pages of their own and most share one. */
static void person_comes(int i)
{
    struct text words = text_new(arena, 64 * 1024);
    for (int n = rand() % 8 == 0 ? rand() % 1500 : rand() % 40; n >= 0; n--) {
        text_printf(&words, "%s ", word_of(i));
    }
    put("INSERT INTO mail (id, identity, received, state, sender, sender_name, subject, reading) "
        "VALUES (?1, 'i' || ?1, 1, 'done', ?2, ?3, ?3, ?4)",
        i, words.s);
    put("INSERT INTO mail_raw (mail_id, bytes) SELECT ?1, CAST(?4 || ?2 || ?3 AS BLOB)", i, words.s);
    put("INSERT INTO registration (event_id, mail_id, party, state, address, first_name, last_name, "
        "person_key, evidence, created, changed) VALUES (1, ?1, ?1, 'confirmed', ?2, 'Anna', ?3, ?3 || ?1, "
        "?4, "
        "1, 1)",
        i, words.s);
    put("INSERT INTO subscriber (id, address, state, returned, changed) VALUES (?1, ?2, 'subscribed', ?3, 1)",
        i, "");
    put("INSERT INTO consent (subscriber_id, kind, at, actor, sender, words) VALUES (?1, 'request', 1, 't', "
        "?2, "
        "?3 || ?4)",
        i, words.s);
    put("INSERT INTO conversation (address, kind, expected, opened, changed) SELECT ?2, 'register', ?3 || "
        "?1, 1, "
        "1",
        i, "");
    put("INSERT INTO outbox (id, mail_id, kind, state, message_id, envelope_from, recipient, created, "
        "changed, "
        "filed) VALUES (?1, ?1, 'confirmed', 'sent', ?3 || ?1, '', ?2, 1, 1, 'yes')",
        i, "");
    put("INSERT INTO outbox_bytes (outbox_id, bytes) SELECT ?1, CAST(?4 || ?2 || ?3 AS BLOB)", i, words.s);
    put("INSERT INTO queue_entry (mail_id, reason, words, created) SELECT ?1, 'question', ?3 || ?2, 1", i,
        "");
}

static void person_goes(int i)
{
    bool found = false;
    struct people_erased erased;
    CHECK(store_begin(store, &err));
    CHECK_ROW(people_choose(store, arena, address_of(i), &found, &err) && found, "%d: %s", i, err.what);
    CHECK_ROW(people_erase(store, arena, NOW, &erased, &err), "%s", err.what);
    CHECK_INT(erased.registrations, 1);
    CHECK(store_end(store, true, &err));
}

static bool stands(const char *ending, const char *word)
{
    char *bytes;
    size_t len;
    const char *file = arena_printf(arena, "%s%s", path, ending);
    return access(file, F_OK) == 0 && file_read(arena, file, 256 << 20, &bytes, &len, &err) &&
           memmem(bytes, len, word, strlen(word)) != NULL;
}

static void check_gone(int i, const char *when)
{
    static const char *const endings[] = {"", "-wal"};
    for (size_t e = 0; e < 2; e++) {
        CHECK_ROW(!stands(endings[e], word_of(i)), "%s: the words of %d stand in the file%s", when, i,
                  endings[e]);
        CHECK_ROW(!stands(endings[e], address_of(i)), "%s: the address of %d stands in the file%s", when, i,
                  endings[e]);
    }
}

static size_t number(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* Bytes that are not zero between the cell pointers and the cells of a page, and in the holes among its
 * cells. */
static size_t left_in_page(const unsigned char *page, size_t page_len, size_t header)
{
    unsigned char kind = page[header];
    bool inner = kind == 0x02 || kind == 0x05;
    size_t left = 0, cells = number(page + header + 5), steps = 0;
    if (!inner && kind != 0x0a && kind != 0x0d) {
        return 0;
    }
    size_t from = header + (inner ? 12 : 8) + 2 * number(page + header + 3);
    for (size_t i = from; i < (cells == 0 ? page_len : cells) && i < page_len; i++) {
        left += page[i] != 0;
    }
    for (size_t at = number(page + header + 1); at > 0 && at + 4 <= page_len && steps++ < 1000;
         at = number(page + at)) {
        for (size_t i = at + 4; i < at + number(page + at + 2) && i < page_len; i++) {
            left += page[i] != 0;
        }
    }
    return left;
}

static void check_pages(void)
{
    char *bytes;
    size_t len, left = 0;
    CHECK(file_read(arena, path, 256 << 20, &bytes, &len, &err));
    size_t page_len = number((unsigned char *)bytes + 16);
    CHECK_INT(page_len, 4096);
    for (size_t at = 0; at + page_len <= len; at += page_len) {
        left += left_in_page((unsigned char *)bytes + at, page_len, at == 0 ? 100 : 0);
    }
    CHECK_INT(left, 0);
}

/* The daemon beside: it has read the pages before somebody goes, and writes them afterwards. */
static void daemon_runs(const char *sql)
{
    sql_run(other, sql);
}

static void daemon_reads(void)
{
    daemon_runs("CREATE TEMP TABLE IF NOT EXISTS seen (n)");
    daemon_runs("INSERT INTO temp.seen SELECT sum(length(reading)) FROM mail UNION ALL SELECT "
                "count(DISTINCT person_key) FROM registration UNION ALL SELECT count(DISTINCT address) FROM "
                "registration UNION ALL SELECT count(*) FROM mail WHERE sender > ''");
}

static void daemon_writes(void)
{
    daemon_runs("UPDATE registration SET changed = changed + 1, address = 'x' || address, person_key = 'x' "
                "|| person_key");
    daemon_runs("UPDATE registration SET address = substr(address, 2), person_key = substr(person_key, 2)");
    daemon_runs("UPDATE mail SET received = received + 1");
}

static void begin(void)
{
    snprintf(path, sizeof path, "%s/store", folder);
    arena = arena_new();
    CHECK_ROW(store_open(path, &store, &err), "%s", err.what);
    CHECK_ROW(store_open(path, &other, &err), "%s", err.what);
    sql_run(store, "INSERT INTO event (id, code, title, starts, ends) VALUES (1, 'e', 'e', 1, 2)");
}

static void end(void)
{
    CHECK_ROW(store_check_whole(store, 1, &err) == STORE_WHOLE && store_check_quick(store, &err), "%s",
              err.what);
    store_close(other);
    store_close(store);
    unlink(path);
    arena_free(arena);
}

/* In any order, with others coming in between: pages split, merge and are moved about. */
TEST(nothing_of_who_is_erased_stands_in_any_page)
{
    bool here[PEOPLE] = {0}, emptied = false;
    begin();
    srand(4);
    for (int turn = 0; turn < 6; turn++) {
        CHECK(store_begin(store, &err));
        for (int i = 0; i < PEOPLE; i++) {
            if (!here[i] && rand() % 3 == 0 && turn < 5) {
                person_comes(turn * PEOPLE + i);
                here[i] = true;
            }
        }
        CHECK(store_end(store, true, &err));
        int gone[PEOPLE], n = 0;
        daemon_reads();
        for (int i = 0; i < PEOPLE && n < 60; i++) {
            for (int t = 0; here[i] && rand() % 4 == 0 && t < 6; t++) {
                bool found = false;
                int id = t * PEOPLE + i;
                CHECK(people_choose(store, arena, address_of(id), &found, &err));
                if (found) {
                    person_goes(id);
                    here[i] = false;
                    gone[n++] = id;
                }
            }
        }
        CHECK(store_scrub(store, &emptied, &err) && emptied);
        check_pages();
        for (int g = 0; g < n; g++) {
            check_gone(gone[g], "after a turn");
        }
        daemon_writes();
        for (int g = 0; g < n; g++) {
            check_gone(gone[g], "when the daemon wrote");
        }
        arena_reset(arena);
    }
    end();
}

TEST(nothing_of_what_is_purged_stands_in_any_page)
{
    bool emptied = false;
    begin();
    CHECK(store_begin(store, &err));
    for (int i = 1; i < PEOPLE; i++) {
        person_comes(i);
    }
    sql_run(store, "UPDATE queue_entry SET state = 'done', closed = 1");
    sql_run(store, "UPDATE subscriber SET state = 'unsubscribed', left_at = 1");
    CHECK(store_end(store, true, &err));
    for (int kind = 0; kind < RETENTION_KINDS; kind++) {
        int64_t n, left = -1;
        CHECK(store_begin(store, &err));
        CHECK_ROW(retention_purge(store, NOW, (enum retention_kind)kind, 1, &n, &err), "%s", err.what);
        CHECK_ROW(retention_due(store, NOW, (enum retention_kind)kind, 1, &left, &err) && left == 0,
                  "%s: %lld are due still", retention_title((enum retention_kind)kind), (long long)left);
        CHECK(store_end(store, true, &err));
    }
    CHECK(store_scrub(store, &emptied, &err) && emptied);
    check_pages();
    for (int i = 1; i < PEOPLE; i++) {
        check_gone(i, "after the purge");
        arena_reset(arena);
    }
    end();
}

/* What the audit names is never somebody else. */
TEST(no_number_of_who_is_erased_is_given_again)
{
    static const char *const newest[] = {"SELECT max(id) FROM registration", "SELECT max(id) FROM outbox",
                                         "SELECT max(id) FROM conversation",
                                         "SELECT max(id) FROM subscriber"};
    int64_t before[4], after = 0;
    begin();
    person_comes(1);
    person_comes(2);
    for (size_t i = 0; i < 4; i++) {
        before[i] = sql_number(store, newest[i]);
    }
    person_goes(2);
    sql_run(store,
            "INSERT INTO registration (event_id, party, state, address, first_name, last_name, person_key, "
            "created, "
            "changed) VALUES (1, 9, 'confirmed', 'c@example.org', 'C', 'C', 'c', 1, 1)");
    sql_run(store, "INSERT INTO outbox (kind, state, message_id, envelope_from, recipient, created, changed) "
                   "VALUES ('confirmed', 'sent', 'c', '', 'c@example.org', 1, 1)");
    sql_run(
        store,
        "INSERT INTO conversation (address, kind, expected, opened, changed) VALUES ('c', 'place', '', 1, "
        "1)");
    sql_run(store, "INSERT INTO subscriber (address, state, changed) VALUES ('c', 'asked', 1)");
    for (size_t i = 0; i < 4; i++) {
        after = sql_number(store, newest[i]);
        CHECK_INT(after, before[i] + 1);
    }
    end();
}

/* A store of an older program, or one that somebody repaired by hand: its pages hold what they hold. */
TEST(what_another_program_left_goes_with_the_first_erasure)
{
    sqlite3 *plain;
    bool emptied = false;
    begin();
    sql_run(store, "DELETE FROM fact WHERE name = 'pages_clean'");
    CHECK_INT(sqlite3_open(path, &plain), SQLITE_OK);
    CHECK_INT(sqlite3_exec(plain,
                           "PRAGMA secure_delete = OFF; INSERT INTO fact VALUES ('left', 'Wort0001Ende'); "
                           "DELETE FROM fact WHERE name = 'left'; PRAGMA wal_checkpoint(TRUNCATE)",
                           NULL, NULL, NULL),
              SQLITE_OK);
    sqlite3_close(plain);
    CHECK(stands("", word_of(1)));
    CHECK(store_scrub(store, &emptied, &err) && emptied);
    CHECK(!stands("", word_of(1)));
    check_pages();
    CHECK_INT(store_fact(store, "pages_clean", 0), 1);
    end();
}

TEST(the_audit_goes_by_age_alone)
{
    int64_t n;
    begin();
    CHECK(store_audit(store, 100, "t", "old", 0, "", &err));
    CHECK(store_audit(store, NOW, "t", "new", 0, "", &err));
    CHECK(!store_run(store, store_query(store, "DELETE FROM audit"), &err));
    CHECK(store_begin(store, &err));
    CHECK_ROW(retention_purge(store, NOW, RETENTION_AUDIT, 30, &n, &err), "%s", err.what);
    CHECK_INT(n, 1);
    CHECK(store_end(store, true, &err));
    CHECK(!store_run(store, store_query(store, "DELETE FROM audit"), &err));
    end();
}

int main(void)
{
    if (sodium_init() < 0 || mkdtemp(folder) == NULL) {
        return 1;
    }
    RUN(nothing_of_who_is_erased_stands_in_any_page);
    RUN(nothing_of_what_is_purged_stands_in_any_page);
    RUN(no_number_of_who_is_erased_is_given_again);
    RUN(what_another_program_left_goes_with_the_first_erasure);
    RUN(the_audit_goes_by_age_alone);
    rmdir(folder);
    return check_done();
}
