#include "daemon/desk/pipeline.h"

#include "base/text.h"
#include "daemon/desk/apply.h"
#include "daemon/desk/care.h"
#include "daemon/desk/identities.h"
#include "daemon/desk/known.h"
#include "daemon/desk/read_ahead.h"
#include "daemon/desk/waiting_list.h"
#include "daemon/post/checkpoint.h"

static enum mailbox_folder folder_of(const char *state)
{
    return str_equal(state, "queued")    ? FOLDER_REVIEW
           : str_equal(state, "ignored") ? FOLDER_AUTOMATIC
                                         : FOLDER_DONE;
}

/* Of a large mail its beginning is kept: enough to show and to read again. */
static size_t kept_len(const struct desk *desk, const struct incoming *mail)
{
    return mail->len < (size_t)desk->config->imap_head ? mail->len : (size_t)desk->config->imap_head;
}

static void settle(struct incoming *mail, const struct mail_row *row)
{
    mail->id = row->id;
    mail->folder = folder_of(row->state);
}

static bool to_queue_unread(const struct desk *desk, struct arena *arena, int64_t now, struct incoming *mail,
                            const char *why, const char *words, struct error *err)
{
    struct mail_row row;
    bool given = mail->len > 0; /* else its place is all we know, and no look into a folder finds it */
    const char *identity = given ? identity_unread(arena, mail->bytes, mail->len)
                                 : identity_unread_at(arena, mail->uidvalidity, mail->uid);
    if (!mail_find(desk->store, arena, identity, &row, err)) {
        return false;
    }
    mail->again = row.id != 0;
    if (row.id == 0) {
        row = (struct mail_row){.identity = identity, .received = now, .size = given ? mail->size : 0};
        if (!apply_unread(desk, &row, why, words, mail->bytes, kept_len(desk, mail), err)) {
            return false;
        }
    }
    settle(mail, &row);
    return true;
}

/* By what is configured. Of a mail that is read once more its writer has heard before. */
static void decide_by(const struct desk *desk, struct arena *arena, const struct incoming *mail,
                      const struct letter *letter, const struct reading *reading, const struct known *known,
                      struct decision *ret)
{
    struct topic_care *care = arena_alloc(arena, TOPICS * sizeof *care); /* the decision points to it */
    care_configured(arena, desk->config, care);
    struct decide_limits limits = {.replies_per_day = desk->config->replies_per_day,
                                   .rounds_most = desk->config->rounds_most,
                                   .waiting = waiting_rule_of(desk->config),
                                   .newsletter_confirm_days = desk->config->newsletter_confirm_days,
                                   .newsletter_pause_days = desk->config->newsletter_pause_days,
                                   .newsletter_returns_most = desk->config->newsletter_returns_most,
                                   .acknowledge = desk->config->acknowledge && mail->identity == NULL,
                                   .care = mail->identity == NULL ? care : NULL,
                                   .own_address = desk->config->lab_address};
    decide(arena, &limits, letter, reading, known, ret);
}

/* What is known before it is decided; a mail that answers something is read once more, knowing that. */
static bool look_up(const struct desk *desk, int64_t now, struct read_mail *read, struct known *known,
                    struct error *err)
{
    int64_t since = now - (int64_t)desk->config->conversation_days * 86400;
    *known = (struct known){.programme = &desk->programme};
    if (!known_conversation(desk->store, read->arena, &read->letter, now, since, known, err)) {
        return false;
    }
    if (known_expected(read->arena, known) != NULL) {
        read_mail_knowing(desk, known, read);
    }
    known->topic = read->topic;
    return known_facts(desk->store, read->arena, &read->letter, &read->reading, known, err);
}

/* One mail, from what was read to rows. */
static bool handle(const struct desk *desk, int64_t now, struct incoming *mail, struct read_mail *read,
                   struct error *err)
{
    struct arena *arena = read->arena;
    struct mail_row row;
    if (!read->done) {
        read_mail(desk, now, mail, read);
    }
    if (!read->readable) {
        return fail(err, "%s", read->why.what);
    }
    if (!mail_find(desk->store, arena, read->identity, &row, err)) {
        return false;
    }
    if (row.id != 0) { /* seen before: a second delivery, or a crash before the move */
        mail->again = true;
        settle(mail, &row);
        return true;
    }

    struct known known;
    struct decision decision;
    if (!look_up(desk, now, read, &known, err)) {
        return false;
    }
    decide_by(desk, arena, mail, &read->letter, &read->reading, &known, &decision);

    row = (struct mail_row){.identity = read->identity, .received = now, .size = mail->size};
    struct handled handled = {.row = &row,
                              .letter = &read->letter,
                              .reading = &read->reading,
                              .kept = read->kept,
                              .known = &known,
                              .decision = &decision,
                              .bytes = mail->bytes,
                              .len = kept_len(desk, mail)};
    if (!apply_decision(desk, arena, &handled, err)) {
        return false;
    }
    settle(mail, &row);
    return true;
}

/* NULL: it is to be read. */
static const char *why_unread(const struct incoming *mail)
{
    return mail->attempt > PIPELINE_ATTEMPTS_MAX
               ? "Das Programm ist zweimal abgebrochen, als es diese Mail lesen wollte. Bitte lesen Sie sie "
                 "selbst, und geben Sie der IT Bescheid."
           : mail->len == 0 && !mail->complete
               ? "Der Mailserver gibt diese Mail nicht heraus. Bitte lesen Sie sie selbst, und geben Sie der "
                 "IT Bescheid."
               : NULL;
}

/* A mail whose rows cannot be written is taken back alone and goes to the queue with the reason. */
static bool one(const struct desk *desk, int64_t now, struct incoming *mail, struct read_mail *read,
                struct error *err)
{
    struct arena *arena = read->arena;
    if (mail->decided != 0) {
        struct mail_row row;
        if (!mail_get(desk->store, arena, mail->decided, &row, err)) {
            return false;
        }
        if (row.id != 0) {
            mail->again = true;
            settle(mail, &row);
            return true;
        }
    }
    const char *why = why_unread(mail);
    if (why != NULL) {
        return to_queue_unread(desk, arena, now, mail, "unread", why, err);
    }
    if (!store_savepoint(desk->store, err)) {
        return false;
    }
    if (handle(desk, now, mail, read, err)) {
        return store_release(desk->store, err);
    }
    enum store_fault fault = store_fault(desk->store);
    if (!store_undo(desk->store) || fault == STORE_BUSY || fault == STORE_FULL) {
        return false;
    }
    const char *words =
        arena_printf(arena,
                     "Die Mail konnte nicht bearbeitet werden (%s). Bitte lesen Sie sie selbst, und "
                     "geben Sie der IT Bescheid.",
                     err->what);
    return to_queue_unread(desk, arena, now, mail, "not_handled", words, err);
}

bool pipeline_one(const struct desk *desk, struct arena *arena, int64_t now, struct incoming *mail,
                  struct error *err)
{
    struct read_mail read = {.arena = arena};
    return one(desk, now, mail, &read, err);
}

/* A mail that was decided before, and lies in the INBOX as a new message: perhaps somebody put it back
 * (colleagues_came_back), which a crash from here on must not make forgotten. */
static bool settled(const struct desk *desk, const struct incoming *mail, struct error *err)
{
    return (mail->again && mail->fresh) ||
           intake_settled(desk->store, mail->uidvalidity, mail->uid, mail->id, err);
}

/* Each mail in its order, within the transaction. */
static bool handle_all(struct desk *desk, int64_t now, struct batch *batch, struct error *err)
{
    struct read_ahead *ahead = read_ahead_begin(desk, now, batch);
    bool done = true;
    for (size_t i = 0; done && i < batch->mail.n; i++) {
        struct incoming *mail = &batch->mail.at[i];
        struct read_mail *read = read_ahead_next(ahead);
        checkpoint("desk.mail");
        done = one(desk, now, mail, read, err) && settled(desk, mail, err);
    }
    read_ahead_end(ahead);
    return done;
}

bool pipeline_handle(struct desk *desk, int64_t now, struct batch *batch, struct error *err)
{
    bool done =
        store_begin(desk->store, err) && desk_programme(desk, err) && handle_all(desk, now, batch, err);
    if (done) {
        checkpoint("desk.before_commit");
    }
    done = store_end(desk->store, done, err);
    if (done) {
        checkpoint("desk.committed");
    }
    return done;
}
