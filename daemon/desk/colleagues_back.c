/* daemon/desk/colleagues_back.c: mails that people put back into the INBOX. */
#include "daemon/desk/colleagues.h"

#include "base/log.h"
#include "base/text.h"
#include "daemon/desk/identities.h"
#include "daemon/desk/retry.h"
#include "daemon/store/mail_store.h"

static const char actor[] = "mailbox";

/* In the visited folder. */
static enum mailbox_fault lies_here(struct colleagues *c, struct arena *arena, const struct mail_row *row,
                                    bool *ret, struct error *err)
{
    struct uids like = {0};
    struct identities found = {0};
    enum mailbox_fault fault =
        mailbox_visited_like(c->mailbox, arena, row->message_id, (uint32_t)row->size, &like, err);
    uint32_t *uids = arena_alloc(arena, (like.n + 1) * sizeof *uids);
    for (size_t i = 0; i < like.n; i++) {
        uids[i] = like.at[i].uid;
    }
    if (fault == MAILBOX_OK) {
        fault =
            identities_fetch(c->mailbox, c->desk->store, arena, uids, like.n, &found, &c->store_failed, err);
    }
    for (size_t i = 0; i < found.identity.n && !*ret; i++) {
        *ret = identity_is(row->identity, found.identity.at[i]);
    }
    return fault;
}

/* A copy in one of our folders: this one is a second delivery, and nobody moved anything. */
static enum mailbox_fault lies_elsewhere(struct colleagues *c, struct arena *arena,
                                         const struct mail_row *row, bool *ret, struct error *err)
{
    enum mailbox_fault fault = MAILBOX_OK;
    *ret = false;
    for (int folder = FOLDER_DONE; fault == MAILBOX_OK && !*ret && folder <= FOLDER_AUTOMATIC; folder++) {
        fault = mailbox_visit(c->mailbox, folder, true, err);
        if (fault == MAILBOX_OK) {
            fault = mailbox_leave(c->mailbox, lies_here(c, arena, row, ret, err), err);
        }
    }
    return fault;
}

/* Somebody wants to see it again: it goes to the queue, whatever it was. */
static bool for_a_person(struct store *store, int64_t now, int64_t mail_id, struct incoming *mail,
                         const char *words, struct error *err)
{
    mail->folder = FOLDER_REVIEW;
    return queue_add(store, now, mail_id, 0, "moved_back", words, NULL, err) &&
           mail_set_state(store, mail_id, "queued", "moved_back", err) &&
           store_audit(store, now, actor, "queued", mail_id, "moved_back", err);
}

static bool read_anew(const struct desk *desk, struct arena *arena, int64_t now, const struct mail_row *row,
                      struct incoming *mail, struct error *err)
{
    if (!retry_within(desk, arena, row->id, now, "reread", actor, mail, err)) {
        return false;
    }
    return mail->folder != FOLDER_AUTOMATIC ||
           for_a_person(
               desk->store, now, mail->id, mail,
               "Sie haben die Mail in den Posteingang zurückgelegt. Das Programm hält sie weiter für "
               "die eines Automaten; bitte sehen Sie selbst.",
               err);
}

static bool take_back(const struct desk *desk, struct arena *arena, int64_t now, const struct mail_row *row,
                      struct incoming *mail, struct error *err)
{
    struct caused caused;
    struct queue_rows open = {0};
    if (!retry_caused(desk->store, arena, row->id, &caused, err) ||
        !queue_of_mail(desk->store, arena, row->id, &open, err)) {
        return false;
    }
    mail->id = row->id;
    bool untouched = caused.letters == 0 && caused.registrations == 0 && !str_equal(row->state, "done") &&
                     !identity_of_unread(row->identity); /* just now it was tried again, in vain */
    bool done = untouched         ? read_anew(desk, arena, now, row, mail, err)
                : open.row.n == 0 ? for_a_person(desk->store, now, row->id, mail,
                                                 "Die Mail war schon bearbeitet und liegt nun wieder im "
                                                 "Posteingang. Bitte sehen Sie nach, was noch zu tun ist.",
                                                 err)
                                  : true; /* it waits already */
    return done && intake_settled(desk->store, mail->uidvalidity, mail->uid, mail->id, err);
}

static bool in_transaction(struct colleagues *c, struct arena *arena, const struct mail_row *row,
                           struct incoming *mail, struct error *err)
{
    struct store *store = c->desk->store;
    bool done = store_begin(store, err) && desk_programme(c->desk, err) &&
                take_back(c->desk, arena, clock_now(), row, mail, err);
    return store_end(store, done, err);
}

/* Decided in this very batch: two copies came together. */
static bool is_twin(const struct batch *batch, const struct incoming *mail)
{
    for (size_t i = 0; i < batch->mail.n; i++) {
        const struct incoming *other = &batch->mail.at[i];
        if (other != mail && other->id == mail->id && (!other->again || other < mail)) {
            return true;
        }
    }
    return false;
}

/* A mail that could not be read when it came and, put back, now was: nobody waits for the old entry. */
static bool read_after_all(struct colleagues *c, struct arena *arena, const struct batch *batch,
                           struct error *err)
{
    struct store *store = c->desk->store;
    struct queue_rows nameless = {0};
    bool done = queue_of_nameless(store, arena, &nameless, err);
    for (size_t i = 0; done && nameless.row.n > 0 && i < batch->mail.n; i++) {
        const struct incoming *mail = &batch->mail.at[i];
        struct mail_row unread = {0};
        done = mail_find(store, arena, identity_unread(arena, mail->bytes, mail->len), &unread, err);
        if (done && unread.id != 0 && unread.id != mail->id) {
            done = store_begin(store, err) &&
                   retry_forget(store, arena, unread.id, clock_now(), "reread", actor, err);
            done = store_end(store, done, err);
        }
    }
    return done;
}

enum mailbox_fault colleagues_came_back(struct colleagues *c, struct batch *batch, struct error *err)
{
    struct arena *arena = arena_new();
    enum mailbox_fault fault =
        read_after_all(c, arena, batch, err) ? MAILBOX_OK : colleagues_store_trouble(c);
    for (size_t i = 0; fault == MAILBOX_OK && i < batch->mail.n; i++) {
        struct incoming *mail = &batch->mail.at[i];
        struct mail_row row = {0};
        bool elsewhere = true;
        if (!mail->again || !mail->fresh || is_twin(batch, mail)) {
            continue;
        }
        if (!mail_get(c->desk->store, arena, mail->id, &row, err)) {
            fault = colleagues_store_trouble(c);
        } else {
            fault = lies_elsewhere(c, arena, &row, &elsewhere, err);
        }
        if (fault == MAILBOX_REFUSED) { /* not to be found out: a second delivery, as far as we know */
            fault = MAILBOX_OK;
            continue;
        }
        if (fault == MAILBOX_OK && !elsewhere) {
            if (in_transaction(c, arena, &row, mail, err)) {
                log_info("mail_came_back", "mail=%lld", (long long)row.id);
            } else {
                fault = colleagues_store_trouble(c);
            }
        }
    }
    arena_free(arena);
    return fault;
}
