#include "daemon/store/retention_store.h"

#include "daemon/store/query.h"

#define OVER "event_id IN (SELECT id FROM event WHERE ends < ?1)"
#define DETAILS                                                                                              \
    OVER " AND (birth_date <> '' OR street <> '' OR postal_code <> '' OR city <> '' OR evidence <> '')"
#define NAMES OVER " AND (first_name <> '' OR last_name <> '' OR address <> '')"
#define NOBODY_ACTS                                                                                          \
    "received < ?1 AND NOT EXISTS (SELECT 1 FROM queue_entry e WHERE e.mail_id = mail.id AND e.state = "     \
    "'open')"
#define MAILS                                                                                                \
    NOBODY_ACTS                                                                                              \
    " AND (sender <> '' OR subject <> '' OR reading <> '' OR sender_name <> '' OR EXISTS (SELECT 1 "         \
    "FROM mail_raw WHERE mail_id = mail.id))"
#define SENT "(state = 'failed' OR (state = 'sent' AND filed = 'yes')) AND changed < ?1"
#define LETTERS "outbox_id IN (SELECT id FROM outbox WHERE " SENT ")"
#define ASKED "state = 'asked' AND asked_at < ?1"
#define LEFT "state = 'unsubscribed' AND coalesce(left_at, changed) < ?1"

/* ?1 is the time before which something is due. Statements that remove run in their order; the number of
 * changes of the first is told. The person's key holds name and birth date: it goes with the details, when
 * the event is over and nobody can be registered twice. */
static const struct {
    const char *title, *count;
    const char *remove[4];
} kinds[RETENTION_KINDS] = {
    [RETENTION_DETAILS] =
        {"Geburtsdatum und Anschrift von Teilnehmenden",
         "SELECT count(*) FROM registration WHERE " DETAILS,
         {"UPDATE registration SET birth_date = '', street = '', postal_code = '', city = '', "
          "evidence = '', person_key = 'past ' || id WHERE " DETAILS}},
    [RETENTION_NAMES] = {"Namen und Mailadressen von Teilnehmenden",
                         "SELECT count(*) FROM registration WHERE " NAMES,
                         {"UPDATE registration SET first_name = '', last_name = '', address = '', "
                          "person_key = 'past ' || id WHERE " NAMES}},
    [RETENTION_MAILS] = {"Mails und was in ihnen gelesen wurde",
                         "SELECT count(*) FROM mail WHERE " MAILS,
                         {"DELETE FROM mail_raw WHERE mail_id IN (SELECT id FROM mail WHERE " MAILS ")",
                          "UPDATE mail SET sender = '', sender_name = '', subject = '', message_id = '', "
                          "reading = '' WHERE " MAILS}},
    [RETENTION_LETTERS] = {"Texte unserer Briefe",
                           "SELECT count(*) FROM outbox_bytes WHERE " LETTERS,
                           {"DELETE FROM outbox_bytes WHERE " LETTERS}},
    [RETENTION_TRACES] =
        {"An wen Briefe gingen, abgeschlossene Rückfragen und Einträge",
         "SELECT (SELECT count(*) FROM outbox WHERE " SENT ") + (SELECT count(*) FROM "
         "conversation WHERE changed < ?1) + (SELECT count(*) FROM queue_entry "
         "WHERE state = 'done' AND closed < ?1 AND words <> '')",
         {"DELETE FROM outbox WHERE " SENT, "DELETE FROM conversation WHERE changed < ?1",
          "UPDATE queue_entry SET words = '', chosen = '' WHERE state = 'done' AND closed < ?1 "
          "AND words <> ''"}},
    [RETENTION_ASKED] = {"Newsletter-Bestellungen ohne Bestätigung",
                         "SELECT count(*) FROM subscriber WHERE " ASKED,
                         {"DELETE FROM subscriber WHERE " ASKED}},
    [RETENTION_CONSENT] = {"Nachweise zu Abbestellungen des Newsletters",
                           "SELECT count(*) FROM subscriber WHERE " LEFT,
                           {"DELETE FROM subscriber WHERE " LEFT}},
    [RETENTION_PAUSES] = {"Vermerke, dass jemand anderes eine Adresse nannte (verschlüsselt)",
                          "SELECT count(*) FROM suppression WHERE reason = 'asked' AND since < ?1",
                          {"DELETE FROM suppression WHERE reason = 'asked' AND since < ?1"}},
    [RETENTION_AUDIT] = {"Protokoll (ohne Personendaten)",
                         "SELECT count(*) FROM audit WHERE at < ?1",
                         {"INSERT INTO fact (name, value) VALUES ('audit_since', ?1) ON CONFLICT (name) DO "
                          "UPDATE SET value = excluded.value",
                          "DELETE FROM audit WHERE at < ?1"}},
};

static int64_t before(int64_t now, int days)
{
    return now - (int64_t)days * 86400;
}

const char *retention_title(enum retention_kind kind)
{
    return kinds[kind].title;
}

bool retention_due(struct store *store, int64_t now, enum retention_kind kind, int days, int64_t *ret,
                   struct error *err)
{
    if (days == 0) {
        *ret = 0;
        return true;
    }
    sqlite3_stmt *q = store_query(store, kinds[kind].count);
    bind_int(q, 1, before(now, days));
    return store_number(store, q, ret, err);
}

bool retention_purge(struct store *store, int64_t now, enum retention_kind kind, int days, int64_t *ret_n,
                     struct error *err)
{
    int64_t due;
    if (!retention_due(store, now, kind, days, &due, err)) {
        return false;
    }
    for (size_t i = 0; due > 0 && i < 4 && kinds[kind].remove[i] != NULL; i++) {
        sqlite3_stmt *q = store_query(store, kinds[kind].remove[i]);
        bind_int(q, 1, before(now, days));
        if (!store_run(store, q, err)) {
            return false;
        }
    }
    *ret_n = due;
    return true;
}
