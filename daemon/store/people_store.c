#include "daemon/store/people_store.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/store/query.h"

#include <string.h>

static bool run(struct store *store, const char *sql, struct error *err)
{
    return store_run(store, store_query(store, sql), err);
}

static bool run_text(struct store *store, const char *sql, const char *value, struct error *err)
{
    sqlite3_stmt *q = store_query(store, sql);
    bind_text(q, 1, value);
    return store_run(store, q, err);
}

/* --- who is meant: temporary tables, in memory --- */

static bool scope_begin(struct store *store, struct error *err)
{
    return run(store, "CREATE TEMP TABLE IF NOT EXISTS who_address (address TEXT PRIMARY KEY) WITHOUT ROWID",
               err) &&
           run(store, "CREATE TEMP TABLE IF NOT EXISTS who_word (word TEXT PRIMARY KEY) WITHOUT ROWID",
               err) &&
           run(store, "CREATE TEMP TABLE IF NOT EXISTS who_registration (id INTEGER PRIMARY KEY)", err) &&
           run(store, "CREATE TEMP TABLE IF NOT EXISTS who_mail (id INTEGER PRIMARY KEY, own INTEGER)",
               err) &&
           run(store, "CREATE TEMP TABLE IF NOT EXISTS who_letter (id INTEGER PRIMARY KEY)", err) &&
           run(store, "DELETE FROM temp.who_address", err) && run(store, "DELETE FROM temp.who_word", err) &&
           run(store, "DELETE FROM temp.who_registration", err) &&
           run(store, "DELETE FROM temp.who_mail", err) && run(store, "DELETE FROM temp.who_letter", err);
}

static bool add_address(struct store *store, const char *address, struct error *err)
{
    return run_text(store, "INSERT OR IGNORE INTO temp.who_address VALUES (?1)", address, err) &&
           run_text(store, "INSERT OR IGNORE INTO temp.who_word VALUES (?1)", address, err);
}

static bool by_name(struct store *store, struct arena *arena, const char *name, struct error *err)
{
    const char *folded = utf8_fold(arena, str_trim(arena, name));
    return run_text(store,
                    "INSERT INTO temp.who_registration SELECT id FROM registration WHERE "
                    "named(first_name || ' ' || last_name, ?1)",
                    folded, err) &&
           run_text(
               store,
               "INSERT OR IGNORE INTO temp.who_address SELECT sender FROM mail WHERE sender_name <> '' AND "
               "sender <> '' AND named(sender_name, ?1)",
               folded, err) &&
           run(store,
               "INSERT OR IGNORE INTO temp.who_word SELECT address FROM temp.who_address UNION ALL "
               "SELECT first_name || ' ' || last_name FROM registration WHERE id IN (SELECT id FROM "
               "temp.who_registration)",
               err);
}

/* What follows from the addresses and registrations. */
static bool scope_complete(struct store *store, struct error *err)
{
    return run(store,
               "INSERT OR IGNORE INTO temp.who_registration SELECT id FROM registration "
               "WHERE address IN (SELECT address FROM temp.who_address)",
               err) &&
           run(store,
               "INSERT OR IGNORE INTO temp.who_mail SELECT id, 1 FROM mail "
               "WHERE sender IN (SELECT address FROM temp.who_address)",
               err) &&
           run(store,
               "INSERT OR IGNORE INTO temp.who_mail SELECT mail_id, 0 FROM registration WHERE mail_id IS NOT "
               "NULL "
               "AND id IN (SELECT id FROM temp.who_registration)",
               err) &&
           run(store,
               "INSERT OR IGNORE INTO temp.who_mail SELECT id, 0 FROM mail WHERE reading <> '' AND "
               "EXISTS (SELECT 1 FROM temp.who_word WHERE holds(reading, word))",
               err) &&
           run(store,
               "INSERT OR IGNORE INTO temp.who_word SELECT DISTINCT first_name || ' ' || last_name "
               "FROM registration WHERE last_name <> '' AND id IN (SELECT id FROM temp.who_registration)",
               err) &&
           run(store,
               "INSERT OR IGNORE INTO temp.who_letter SELECT id FROM outbox "
               "WHERE recipient IN (SELECT address FROM temp.who_address) "
               "OR mail_id IN (SELECT id FROM temp.who_mail)",
               err);
}

bool people_choose(struct store *store, struct arena *arena, const char *who, bool *ret_found,
                   struct error *err)
{
    int64_t n;
    bool address = strchr(who, '@') != NULL;
    if (!scope_begin(store, err) ||
        !(address ? add_address(store, utf8_lower_copy(arena, str_trim(arena, who)), err)
                  : by_name(store, arena, who, err)) ||
        !scope_complete(store, err)) {
        return false;
    }
    sqlite3_stmt *q = store_query(
        store,
        "SELECT (SELECT count(*) FROM temp.who_registration) + (SELECT count(*) FROM temp.who_mail) + "
        "(SELECT count(*) FROM temp.who_letter) + (SELECT count(*) FROM subscriber WHERE address IN "
        "(SELECT address FROM temp.who_address)) + (SELECT count(*) FROM conversation WHERE address IN "
        "(SELECT address FROM temp.who_address))");
    if (!store_number(store, q, &n, err)) {
        return false;
    }
    *ret_found = n > 0;
    return true;
}

bool people_addresses(struct store *store, struct arena *arena, struct people_addresses *ret,
                      struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT address FROM temp.who_address ORDER BY address");
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        *LIST_ADD(arena, &ret->address) = column_text(arena, q, 0);
    }
    return row == ROWS_END;
}

/* --- what is kept --- */

#define WHEN(column) "strftime('%Y-%m-%dT%H:%M:%SZ', " column ", 'unixepoch') AS " column

static const struct {
    const char *name, *title, *sql;
} tables[] = {
    {"registrations", "Anmeldungen",
     "SELECT r.id, e.code AS event, e.title, r.state, r.first_name, r.last_name, r.birth_date, r.street, "
     "r.postal_code, r.city, r.address, r.language, r.attended, r.evidence, "
     "strftime('%Y-%m-%dT%H:%M:%SZ', r.created, 'unixepoch') AS created FROM registration r "
     "JOIN event e ON e.id = r.event_id WHERE r.id IN (SELECT id FROM temp.who_registration) ORDER BY r.id"},
    {"subscriber", "Newsletter",
     "SELECT address, state, language, " WHEN("asked_at") ", by_other, " WHEN("confirmed_at") ", " WHEN(
         "left_at") ", suspended, returned FROM subscriber WHERE address IN (SELECT address FROM "
                    "temp.who_address)"},
    {"consent", "Nachweis der Einwilligung",
     "SELECT kind, strftime('%Y-%m-%dT%H:%M:%SZ', at, 'unixepoch') AS at, actor, sender, message_id, "
     "authentication, words, head FROM consent WHERE sender IN (SELECT address FROM temp.who_address) OR "
     "subscriber_id IN (SELECT id FROM subscriber WHERE address IN (SELECT address FROM temp.who_address)) "
     "ORDER BY consent.id"},
    {"issues", "Zugesandte Ausgaben des Newsletters",
     "SELECT i.name, i.subject, c.state, strftime('%Y-%m-%dT%H:%M:%SZ', c.changed, 'unixepoch') AS changed "
     "FROM newsletter_copy c JOIN newsletter_issue i ON i.id = c.issue_id JOIN subscriber s "
     "ON s.id = c.subscriber_id WHERE s.address IN (SELECT address FROM temp.who_address) ORDER BY c.id"},
    {"mails", "Mails an uns",
     "SELECT mail.id, " WHEN(
         "received") ", state, reason, sender, sender_name, subject, message_id, reading, "
                     "EXISTS (SELECT 1 FROM mail_raw WHERE mail_id = mail.id) AS kept_whole FROM mail "
                     "WHERE id IN (SELECT id FROM temp.who_mail) ORDER BY id"},
    {"letters", "Briefe von uns",
     "SELECT o.id, o.kind, o.state, o.recipient, strftime('%Y-%m-%dT%H:%M:%SZ', o.created, 'unixepoch') AS "
     "created, o.message_id, o.reply FROM outbox o WHERE o.id IN (SELECT id FROM temp.who_letter) ORDER BY "
     "o.id"},
    {"conversations", "Rückfragen",
     "SELECT id, address, kind, state, round, expected, " WHEN(
         "opened") " FROM conversation WHERE address IN "
                   "(SELECT address FROM temp.who_address) ORDER BY id"},
    {"entries", "Einträge der Liste für Menschen",
     "SELECT id, mail_id, reason, words, state, topic, assigned, outcome, chosen, " WHEN(
         "created") " FROM "
                    "queue_entry WHERE mail_id IN (SELECT id FROM temp.who_mail) OR outbox_id IN (SELECT id "
                    "FROM "
                    "temp.who_letter) OR EXISTS (SELECT 1 FROM temp.who_word WHERE holds(words, word)) "
                    "ORDER BY id"},
};

static bool read_table(struct store *store, struct arena *arena, const char *sql, struct people_table *ret,
                       struct error *err)
{
    sqlite3_stmt *q = store_query(store, sql);
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        int n = sqlite3_column_count(q);
        for (int i = 0; ret->column.n < (size_t)n; i++) {
            *LIST_ADD(arena, &ret->column) = arena_strdup(arena, sqlite3_column_name(q, i));
        }
        for (int i = 0; i < n; i++) {
            *LIST_ADD(arena, &ret->cell) = column_text(arena, q, i);
        }
    }
    return row == ROWS_END;
}

bool people_show(struct store *store, struct arena *arena, struct people_tables *ret, struct error *err)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct people_table table = {.name = tables[i].name, .title = tables[i].title};
        if (!read_table(store, arena, tables[i].sql, &table, err)) {
            return false;
        }
        if (table.cell.n > 0) {
            *LIST_ADD(arena, &ret->table) = table;
        }
    }
    return true;
}
