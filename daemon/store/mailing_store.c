#include "daemon/store/mailing_store.h"

#include "daemon/store/query.h"

bool mailing_done(struct store *store, const char *event, const char *kind, int64_t starts, bool *ret,
                  struct error *err)
{
    sqlite3_stmt *q =
        store_query(store, "SELECT EXISTS (SELECT 1 FROM event_mailing WHERE kind = ?2 AND starts = ?3 AND "
                           "event_id = (SELECT id FROM event WHERE code = ?1))");
    bind_text(q, 1, event);
    bind_text(q, 2, kind);
    bind_int(q, 3, starts);
    int64_t found;
    if (!store_number(store, q, &found, err)) {
        return false;
    }
    *ret = found != 0;
    return true;
}

bool mailing_note(struct store *store, int64_t now, const char *event, const char *kind, int64_t starts,
                  struct error *err)
{
    sqlite3_stmt *q = store_query(store, "INSERT INTO event_mailing (event_id, kind, starts, done) "
                                         "SELECT id, ?2, ?3, ?4 FROM event WHERE code = ?1");
    bind_text(q, 1, event);
    bind_text(q, 2, kind);
    bind_int(q, 3, starts);
    bind_int(q, 4, now);
    return store_run(store, q, err);
}
