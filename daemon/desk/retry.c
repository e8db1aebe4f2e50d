#include "daemon/desk/retry.h"

#include "base/text.h"
#include "daemon/desk/pipeline.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_find.h"

/* Closes the entry and frees the mail's identity, so that the pipeline does not take it for a second
 * delivery. */
static bool make_room(struct store *store, struct arena *arena, const struct queue_row *row, int64_t now,
                      struct error *err)
{
    bool changed;
    static const struct queue_end end = {.outcome = "retried"};
    return queue_close(store, now, row->id, &end, &changed, err) && mail_retire(store, row->mail_id, err) &&
           store_audit(store, now, "staff", "queue_retry", row->mail_id,
                       arena_printf(arena, "queue %lld", (long long)row->id), err);
}

static bool may_retry(struct store *store, struct arena *arena, const struct queue_row *row,
                      struct error *err)
{
    struct outbox_rows letters = {0};
    int64_t registrations;
    size_t answers = 0;
    if (!str_equal(row->state, "open") || row->mail_id == 0) {
        return fail(err, "Eintrag %lld ist erledigt oder hat keine Mail", (long long)row->id);
    }
    if (!outbox_of_mail(store, arena, row->mail_id, &letters, err) ||
        !mail_registrations(store, row->mail_id, &registrations, err)) {
        return false;
    }
    for (size_t i = 0; i < letters.row.n; i++) { /* "a person will read it" was no answer */
        const char *kind = letters.row.at[i].kind;
        answers += !str_equal(kind, "received") && !str_equal(kind, "staff_entry");
    }
    if (answers > 0 || registrations > 0) {
        return fail(
            err,
            "Eintrag %lld: ein Teil der Mail ist schon bearbeitet (%zu Briefe, %lld Anmeldungen); bitte den "
            "Rest von Hand erledigen",
            (long long)row->id, answers, (long long)registrations);
    }
    return true;
}

bool retry_mail(struct store *store, const struct config *config, struct arena *arena,
                const struct queue_row *row, int64_t now, const char **ret_outcome, struct error *err)
{
    struct desk desk = {0};
    struct incoming mail = {.attempt = 1};
    struct mail_row before;
    char *bytes;
    if (!may_retry(store, arena, row, err) || !mail_get(store, arena, row->mail_id, &before, err) ||
        !mail_raw(store, arena, row->mail_id, &bytes, &mail.len, err) ||
        !desk_begin(&desk, arena, store, config, err)) {
        return false;
    }
    mail.bytes = bytes;
    mail.size = (uint32_t)before.size;
    mail.complete = mail.len >= (size_t)before.size;
    if (!str_starts(before.identity, "raw-")) { /* of the whole mail, which is not kept when it is long */
        mail.identity = before.identity;
    }
    bool done = desk_programme(&desk, err) && store_begin(store, err);
    if (done) {
        done = make_room(store, arena, row, now, err) && pipeline_one(&desk, arena, now, &mail, err);
        if (done) {
            done = store_commit(store, err);
        } else {
            store_rollback(store);
        }
    }
    desk_end(&desk);
    if (done) {
        *ret_outcome = mail.folder == FOLDER_REVIEW      ? "wartet weiter auf Sie"
                       : mail.folder == FOLDER_AUTOMATIC ? "als automatische Mail abgelegt"
                                                         : "bearbeitet";
    }
    return done;
}
