#include "base/file.h"
#include "base/text.h"
#include "daemon/store/query.h"
#include "daemon/store/store.h"
#include "daemon/store/store_check.h"
#include "tests/unit/check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test-store-XXXXXX";
static char path[64];

static struct store *opened(void)
{
    struct store *store = NULL;
    struct error err = {0};
    CHECK_ROW(store_open(path, &store, &err), "%s", err.what);
    return store;
}

static void removed(void)
{
    char name[80];
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

TEST(a_fresh_file_has_the_schema_and_is_private)
{
    struct store *store = opened();
    struct error err = {0};
    CHECK(store_check_whole(store, 1, &err) == STORE_WHOLE);
    CHECK(store_fact_set(store, "n", 42, &err));
    store_close(store);
    store = opened();
    CHECK_INT(store_fact(store, "n", 0), 42);
    CHECK_INT(store_fact(store, "none", 7), 7);
    store_close(store);
    struct stat st;
    CHECK(stat(path, &st) == 0 && (st.st_mode & 077) == 0);
    removed();
}

TEST(a_folder_shared_by_a_group_makes_a_file_shared_by_it)
{
    static const struct {
        mode_t folder, file;
    } rows[] = {{02770, 0660}, {0770, 0600}, {02750, 0600}, {0700, 0600}};
    static const char *const ends[] = {"", "-wal", "-shm"};
    mode_t before = umask(077);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(chmod(folder, rows[i].folder) == 0);
        struct store *store = opened();
        CHECK(store_fact_set(store, "n", 1, NULL));
        for (size_t k = 0; k < 3; k++) {
            char name[80];
            struct stat st = {0};
            snprintf(name, sizeof name, "%s%s", path, ends[k]);
            CHECK_ROW(stat(name, &st) == 0 && (st.st_mode & 0777) == rows[i].file,
                      "folder %o: %s has mode %o", (unsigned)rows[i].folder, name,
                      (unsigned)st.st_mode & 0777);
        }
        store_close(store);
        removed();
    }
    umask(before);
}

TEST(a_newer_file_is_refused)
{
    struct store *store = opened();
    CHECK(store_run(store, store_query(store, "PRAGMA user_version = 999"), NULL));
    store_close(store);
    struct error err = {0};
    store = NULL;
    CHECK(!store_open(path, &store, &err));
    CHECK(store == NULL && strstr(err.what, "newer") != NULL);
    removed();
}

TEST(a_file_that_is_no_store_is_refused)
{
    FILE *f = fopen(path, "w");
    fputs("this is a text about the weather, and not a database at all", f);
    fclose(f);
    struct store *store = NULL;
    struct error err = {0};
    CHECK(!store_open(path, &store, &err));
    CHECK(err.what[0] != '\0' && strstr(err.what, "auto_vacuum") == NULL);
    removed();
}

TEST(a_file_with_pages_of_another_kind_is_refused)
{
    sqlite3 *db = NULL;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "PRAGMA auto_vacuum = FULL; CREATE TABLE t (x)", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    struct store *store = NULL;
    struct error err = {0};
    CHECK(!store_open(path, &store, &err));
    CHECK(strstr(err.what, "auto_vacuum") != NULL);
    removed();
}

static void made_of_version(struct arena *arena, int version)
{
    struct error err = {0};
    char *sql = NULL;
    size_t len;
    sqlite3 *db = NULL;
    CHECK_ROW(
        file_read(arena, arena_printf(arena, "tests/unit/store-%d.sql", version), 1 << 20, &sql, &len, &err),
        "version %d: %s", version, err.what);
    CHECK(sql != NULL && sqlite3_open(path, &db) == SQLITE_OK &&
          sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

/* Each store-N.sql is a store as version N left it; a newer program opens it and loses nothing. */
TEST(stores_of_older_versions_keep_everything)
{
    static const char *const tables[] = {"mail",
                                         "mail_raw",
                                         "intake",
                                         "event",
                                         "registration",
                                         "conversation",
                                         "conversation_message",
                                         "subscriber",
                                         "outbox",
                                         "outbox_bytes",
                                         "queue_entry",
                                         "audit",
                                         "fact"};
    for (int version = 1; version < STORE_SCHEMA_VERSION; version++) {
        struct arena *arena = arena_new();
        struct error err = {0};
        made_of_version(arena, version);
        struct store *store = opened();
        CHECK_ROW(store_check_whole(store, 1, &err) == STORE_WHOLE, "version %d: %s", version, err.what);
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
            sqlite3_stmt *q = store_query(store, arena_printf(arena, "SELECT count(*) FROM %s", tables[i]));
            CHECK_ROW(store_row(store, q, &err) == ROW && column_int(q, 0) >= 1,
                      "version %d: %s lost its row", version, tables[i]);
        }
        store_close(store);
        arena_free(arena);
        removed();
    }
}

/* Columns, keys, indexes and triggers of a store, in an order of their own: ALTER TABLE adds at the end. */
static char *shape(struct arena *arena)
{
    static const char *const queries[] = {
        "SELECT m.name || '.' || c.name || ' ' || c.type || c.\"notnull\" || ifnull(c.dflt_value, '') || c.pk"
        " FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY 1",
        "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || f.on_delete"
        " FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1",
        "SELECT m.name || '.' || i.name || i.\"unique\" || i.partial || ' ' || ifnull(c.name, '')"
        " FROM sqlite_schema m JOIN pragma_index_list(m.name) i JOIN pragma_index_xinfo(i.name) c"
        " WHERE m.type = 'table' AND c.key ORDER BY 1, c.seqno",
        "SELECT name || ' gives no number twice' FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%' ORDER "
        "BY name",
        "SELECT sql FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY name"};
    struct store *store = opened();
    struct text all = text_new(arena, 1 << 20);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        sqlite3_stmt *q = store_query(store, queries[i]);
        while (store_row(store, q, NULL) == ROW) {
            text_printf(&all, "%s\n", column_text(arena, q, 0));
        }
    }
    store_close(store);
    removed();
    return all.s;
}

/* schema.sql and the migrations end alike. */
TEST(a_migrated_store_is_like_a_new_one)
{
    struct arena *arena = arena_new();
    const char *fresh = shape(arena);
    CHECK(strstr(fresh, "registration.person_key TEXT1") != NULL);
    made_of_version(arena, 1);
    CHECK_STR(shape(arena), fresh);
    arena_free(arena);
}

TEST(what_is_rolled_back_is_gone_and_the_audit_stays)
{
    struct store *store = opened();
    struct error err = {0};
    CHECK(store_begin(store, &err));
    CHECK(store_audit(store, 1, "t", "kept", 0, "", &err));
    CHECK(store_savepoint(store, &err));
    CHECK(store_audit(store, 1, "t", "taken back", 0, "", &err));
    store_undo(store);
    CHECK(store_end(store, true, &err));
    CHECK(!store_run(store, store_query(store, "UPDATE audit SET action = 'x'"), &err));
    sqlite3_stmt *q = store_query(store, "SELECT count(*) FROM audit");
    CHECK(store_row(store, q, &err) == ROW);
    CHECK_INT(column_int(q, 0), 1);
    store_close(store);
    removed();
}

/* By another program, which knows no keys. */
static void meddled(const char *sql)
{
    sqlite3 *db;
    CHECK(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK_ROW(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

#define EVENT "INSERT INTO event (id, code, title, starts, ends) VALUES (1, 'kurs', 'Kurs', 1, 2);"
#define REGISTRATION(state)                                                                                  \
    "INSERT INTO registration (id, event_id, party, state, address, first_name, last_name, person_key, "     \
    "created, changed) VALUES (7, 1, 1, '" state "', '', '', '', 'k', 1, 1);"
#define MAIL "INSERT INTO mail (id, identity, received, state) VALUES (3, 'i', 1, 'queued');"
#define ENTRY                                                                                                \
    "INSERT INTO queue_entry (mail_id, reason, words, state, created) VALUES (3, 'r', 'w', 'done', 1);"
#define LETTER                                                                                               \
    "INSERT INTO outbox (id, kind, state, message_id, envelope_from, recipient, created, changed) VALUES "   \
    "(5, 'reply', 'later', 'm', '', '', 1, 1);"
#define ISSUE                                                                                                \
    "INSERT INTO newsletter_issue (id, name, state, subject, source, bytes, send_at, changed) VALUES (1, "   \
    "'2026-12', 'sent', '', '', x'', 1, 1); INSERT INTO newsletter_copy (issue_id, state, first_try, "       \
    "changed) VALUES (1, 'later', 1, 1);"

TEST(a_quick_check_finds_what_breaks_a_promise)
{
    static const struct {
        const char *sql, *finding; /* NULL: nothing is wrong */
    } rows[] = {
        {EVENT REGISTRATION("waiting") MAIL ENTRY, NULL},
        {"DROP TRIGGER registration_goes", "trigger registration_goes is missing"},
        {"DROP INDEX queue_open", "index queue_open is missing"},
        {"CREATE INDEX mine ON event (title)", NULL},
        {MAIL, "mail 3 needs a person"},
        {LETTER, "letter 5 is to be sent and has no text"},
        {LETTER "INSERT INTO outbox_bytes VALUES (5, x'41')", NULL},
        {EVENT REGISTRATION("confirmed") "DELETE FROM event", "event number 1 is not there"},
        {EVENT REGISTRATION("waiting") "DELETE FROM waiting_list", "event kurs has people who wait"},
        {ISSUE, "newsletter 2026-12 is said to be sent"},
        {ISSUE "UPDATE newsletter_copy SET state = 'unclear'", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {""};
        store_close(opened());
        meddled(rows[i].sql);
        struct store *store = opened();
        bool good = store_check_quick(store, &err);
        CHECK_ROW(good == (rows[i].finding == NULL) && strstr(err.what, good ? "" : rows[i].finding) != NULL,
                  "%s: %s", rows[i].sql, err.what);
        store_close(store);
        removed();
    }
}

/* The end of the last page, where its cells lie. */
static void page_spoilt(void)
{
    char bytes[600];
    memset(bytes, 0xee, sizeof bytes);
    struct stat st;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    CHECK(fd >= 0 && fstat(fd, &st) == 0);
    CHECK(pwrite(fd, bytes, sizeof bytes, st.st_size - (off_t)sizeof bytes) == sizeof bytes);
    close(fd);
}

TEST(damage_that_only_a_whole_check_finds_is_kept_in_mind)
{
    struct error err = {""};
    struct store *store = opened();
    CHECK(store_check_quick(store, &err) && store_fact(store, STORE_CHECKED_FACT, 0) == 0);
    CHECK(store_check_whole(store, 1000, &err) == STORE_WHOLE);
    CHECK_INT(store_fact(store, STORE_CHECKED_FACT, 0), 1000);
    CHECK_ROW(
        store_run(store,
                  store_query(store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                                     "i < 2000) INSERT INTO suppression (hash, reason, since) "
                                     "SELECT 'hash ' || i, 'left', i FROM n"),
                  &err),
        "%s", err.what);
    store_close(store);
    page_spoilt();
    store = opened();
    CHECK_ROW(store_check_quick(store, &err), "%s", err.what);
    CHECK(store_check_whole(store, 2000, &err) == STORE_DAMAGED);
    CHECK_ROW(strstr(err.what, "restore the last back-up") != NULL, "%s", err.what);
    CHECK(!store_check_quick(store, &err));
    CHECK_ROW(strstr(err.what, "found damaged") != NULL, "%s", err.what);
    store_close(store);
    removed();

    store_close(opened());
    meddled(EVENT MAIL ENTRY "DELETE FROM mail");
    store = opened();
    CHECK(store_check_whole(store, 4000, &err) == STORE_DAMAGED);
    CHECK_ROW(strstr(err.what, "rows of queue_entry point at rows that are gone") != NULL, "%s", err.what);
    CHECK(!store_check_quick(store, &err));
    CHECK(store_run(store, store_query(store, "UPDATE queue_entry SET mail_id = NULL"), &err));
    CHECK(store_check_whole(store, 5000, &err) == STORE_WHOLE && store_check_quick(store, &err));
    store_close(store);
    removed();
}

/* From the second question on. */
static bool has_to_stop(void *ctx)
{
    return ++*(int *)ctx >= 2;
}

TEST(a_whole_check_is_given_up_when_it_has_to_end)
{
    struct error err = {""};
    struct store *store = opened();
    CHECK_ROW(
        store_run(store,
                  store_query(store, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                                     "i < 20000) INSERT INTO suppression (hash, reason, since) "
                                     "SELECT 'hash ' || i, 'left', i FROM n"),
                  &err),
        "%s", err.what);
    int asked = 0;
    store_interrupt_when(store, has_to_stop, &asked);
    CHECK(store_check_whole(store, 1000, &err) == STORE_NOT_CHECKED && asked >= 2);
    CHECK_ROW(strstr(err.what, "interrupted") != NULL, "%s", err.what);
    CHECK_INT(store_fact(store, STORE_CHECKED_FACT, 0), 0);
    store_interrupt_when(store, NULL, NULL);
    CHECK(store_check_whole(store, 2000, &err) == STORE_WHOLE && store_check_quick(store, &err));
    store_close(store);
    removed();
}

int main(void)
{
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    snprintf(path, sizeof path, "%s/store.db", folder);
    RUN(a_fresh_file_has_the_schema_and_is_private);
    RUN(a_folder_shared_by_a_group_makes_a_file_shared_by_it);
    RUN(a_newer_file_is_refused);
    RUN(a_file_that_is_no_store_is_refused);
    RUN(a_file_with_pages_of_another_kind_is_refused);
    RUN(stores_of_older_versions_keep_everything);
    RUN(a_migrated_store_is_like_a_new_one);
    RUN(what_is_rolled_back_is_gone_and_the_audit_stays);
    RUN(a_quick_check_finds_what_breaks_a_promise);
    RUN(damage_that_only_a_whole_check_finds_is_kept_in_mind);
    RUN(a_whole_check_is_given_up_when_it_has_to_end);
    rmdir(folder);
    return check_done();
}
