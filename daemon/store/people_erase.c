/* daemon/store/people_erase.c: the removal; people_store.c chose whose. */
#include "daemon/store/consent_store.h"
#include "daemon/store/people_store.h"
#include "daemon/store/query.h"

bool people_letters_waiting(struct store *store, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "SELECT count(*) FROM outbox WHERE id IN (SELECT id FROM temp.who_letter) AND "
               "(state = 'sending' OR (kind = 'reply' AND state IN ('queued', 'later', 'unclear')))");
    return store_number(store, q, ret, err);
}

/* In this order: what points at something goes before it. `at`: which number of people_erased it is. */
static const struct {
    int at; /* -1: not counted */
    const char *sql;
} steps[] = {
    {3, "DELETE FROM conversation WHERE address IN (SELECT address FROM temp.who_address)"},
    {3, "DELETE FROM conversation WHERE EXISTS (SELECT 1 FROM registration r WHERE r.id IN (SELECT id FROM "
        "temp.who_registration) AND r.last_name <> '' AND holds(expected, r.first_name) AND "
        "holds(expected, r.last_name))"},
    {4, "DELETE FROM subscriber WHERE address IN (SELECT address FROM temp.who_address)"},
    {-1, "UPDATE consent SET sender = '', message_id = '', words = '', head = '' "
         "WHERE sender IN (SELECT address FROM temp.who_address)"},
    {5, "UPDATE queue_entry SET words = 'Auf Wunsch gelöscht.', chosen = '', closed = coalesce(closed, ?1), "
        "outcome = CASE WHEN state = 'open' THEN 'erased' ELSE outcome END, state = 'done' "
        "WHERE mail_id IN (SELECT id FROM temp.who_mail WHERE own) OR outbox_id IN (SELECT id FROM "
        "temp.who_letter WHERE id IN (SELECT id FROM outbox WHERE recipient IN (SELECT address FROM "
        "temp.who_address))) OR EXISTS (SELECT 1 FROM temp.who_word WHERE holds(words, word) OR "
        "holds(chosen, word))"},
    {-1, "UPDATE queue_entry SET chosen = '' WHERE mail_id IN (SELECT id FROM temp.who_mail)"},
    {2, "DELETE FROM outbox WHERE recipient IN (SELECT address FROM temp.who_address)"},
    {-1, "DELETE FROM outbox_bytes WHERE outbox_id IN (SELECT id FROM outbox WHERE (id IN (SELECT id FROM "
         "temp.who_letter) OR kind IN ('digest', 'staff_entry')) AND "
         "(state = 'failed' OR (state = 'sent' AND filed = 'yes')))"},
    {0, "DELETE FROM registration WHERE id IN (SELECT id FROM temp.who_registration)"},
    {-1, "DELETE FROM mail_raw WHERE mail_id IN (SELECT id FROM temp.who_mail)"},
    {1, "UPDATE mail SET sender = '', sender_name = '', subject = '', message_id = '', reading = '', "
        "state = 'done', reason = 'erased' WHERE id IN (SELECT id FROM temp.who_mail WHERE own)"},
    {1,
     "UPDATE mail SET subject = '', reading = '' WHERE id IN (SELECT id FROM temp.who_mail WHERE NOT own)"},
};

bool people_erase(struct store *store, struct arena *arena, int64_t now, struct people_erased *ret,
                  struct error *err)
{
    struct people_addresses addresses = {0};
    int64_t n[6] = {0};
    if (!people_addresses(store, arena, &addresses, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        sqlite3_stmt *q = store_query(store, steps[i].sql);
        if (q != NULL && sqlite3_bind_parameter_count(q) > 0) {
            bind_int(q, 1, now);
        }
        int64_t changed;
        if (!store_run_counted(store, q, &changed, err)) {
            return false;
        }
        if (steps[i].at >= 0) {
            n[steps[i].at] += changed;
        }
    }
    for (size_t i = 0; i < addresses.address.n; i++) {
        if (!suppression_put(store, now, addresses.address.at[i], "erased", err)) {
            return false;
        }
    }
    *ret = (struct people_erased){.registrations = n[0],
                                  .mails = n[1],
                                  .letters = n[2],
                                  .conversations = n[3],
                                  .subscribers = n[4],
                                  .entries = n[5]};
    return true;
}
