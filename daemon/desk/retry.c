#include "daemon/desk/retry.h"

#include "base/text.h"
#include "daemon/desk/identities.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_find.h"

bool retry_caused(struct store *store, struct arena *arena, int64_t mail_id, struct caused *ret,
                  struct error *err)
{
    struct outbox_rows letters = {0};
    struct caused caused = {0};
    if (!outbox_of_mail(store, arena, mail_id, &letters, err) ||
        !mail_registrations(store, mail_id, &caused.registrations, err)) {
        return false;
    }
    for (size_t i = 0; i < letters.row.n; i++) { /* "a person will read it" was no answer */
        const char *kind = letters.row.at[i].kind;
        caused.letters += !str_equal(kind, "received") && !str_equal(kind, "staff_entry");
    }
    *ret = caused;
    return true;
}

bool retry_forget(struct store *store, struct arena *arena, int64_t mail_id, int64_t now, const char *outcome,
                  const char *actor, struct error *err)
{
    struct queue_rows rows = {0};
    const struct queue_end end = {.outcome = outcome};
    bool done = queue_of_mail(store, arena, mail_id, &rows, err), changed;
    for (size_t i = 0; done && i < rows.row.n; i++) {
        done = queue_close(store, now, actor, &rows.row.at[i], &end, &changed, err);
    }
    return done && mail_retire(store, mail_id, err);
}

bool retry_within(const struct desk *desk, struct arena *arena, int64_t mail_id, int64_t now,
                  const char *outcome, const char *actor, struct incoming *mail, struct error *err)
{
    struct mail_row before;
    if (!mail_get(desk->store, arena, mail_id, &before, err)) {
        return false;
    }
    mail->attempt = 1;
    mail->decided = 0;
    mail->again = false;
    if (!identity_of_unread(before.identity)) { /* of the whole mail, which is not kept when it is long */
        mail->identity = before.identity;
    }
    return retry_forget(desk->store, arena, mail_id, now, outcome, actor, err) &&
           pipeline_one(desk, arena, now, mail, err);
}

/* Its mail, if nothing came of it yet. */
static bool may_retry(struct store *store, struct arena *arena, int64_t entry, int64_t *ret_mail_id,
                      struct error *err)
{
    struct caused caused;
    struct queue_row row;
    if (!queue_get(store, arena, entry, &row, err)) {
        return false;
    }
    if (!str_equal(row.state, "open") || row.mail_id == 0) {
        return fail(err, "Eintrag %lld ist erledigt oder hat keine Mail", (long long)entry);
    }
    if (!retry_caused(store, arena, row.mail_id, &caused, err)) {
        return false;
    }
    *ret_mail_id = row.mail_id;
    if (caused.letters > 0 || caused.registrations > 0) {
        return fail(
            err,
            "Eintrag %lld: ein Teil der Mail ist schon bearbeitet (%zu Briefe, %lld Anmeldungen); bitte den "
            "Rest von Hand erledigen",
            (long long)entry, caused.letters, (long long)caused.registrations);
    }
    return true;
}

/* The mail lies in the review folder; where nobody is needed any more it goes on from there. */
static bool move_on(struct store *store, int64_t entry, const struct incoming *mail, struct error *err)
{
    return mail->folder == FOLDER_REVIEW ||
           queue_set_move(store, entry, mail->folder == FOLDER_AUTOMATIC ? "automatic" : "done", err);
}

/* Its mail as it is kept. Which mail it is was found out when it was read, if it was; else all of it tells.
 */
static bool load(struct store *store, struct arena *arena, int64_t entry, int64_t mail_id,
                 struct incoming *ret, struct error *err)
{
    struct mail_row before;
    char *bytes;
    if (!mail_get(store, arena, mail_id, &before, err) ||
        !mail_raw(store, arena, mail_id, &bytes, &ret->len, err)) {
        return false;
    }
    ret->bytes = bytes;
    ret->size = (uint32_t)before.size;
    ret->complete = ret->len > 0 && ret->len >= (size_t)before.size;
    return ret->complete || !identity_of_unread(before.identity) ||
           fail(
               err,
               "Eintrag %lld: die Mail ist nicht ganz aufbewahrt; bitte legen Sie sie im Mailprogramm in den "
               "Posteingang zurück, dann wird sie noch einmal gelesen",
               (long long)entry);
}

bool retry_mail(struct store *store, const struct config *config, struct arena *arena, int64_t entry,
                int64_t now, const char *actor, const char **ret_outcome, struct error *err)
{
    int64_t mail_id;
    struct desk desk = {0};
    struct incoming mail = {0};
    struct queue_rows again = {0};
    if (!desk_begin(&desk, arena, store, config, err)) {
        return false;
    }
    bool done = store_begin(store, err) && desk_programme(&desk, err) &&
                may_retry(store, arena, entry, &mail_id, err) &&
                load(store, arena, entry, mail_id, &mail, err) &&
                retry_within(&desk, arena, mail_id, now, "retried", actor, &mail, err) &&
                move_on(store, entry, &mail, err) && queue_of_mail(store, arena, mail.id, &again, err);
    done = store_end(store, done, err);
    desk_end(&desk);
    if (done) {
        *ret_outcome = again.row.n > 0 ? arena_printf(arena, "wartet weiter auf Sie, jetzt als Eintrag %lld",
                                                      (long long)again.row.at[0].id)
                       : mail.folder == FOLDER_AUTOMATIC ? "als automatische Mail abgelegt"
                                                         : "bearbeitet";
    }
    return done;
}
