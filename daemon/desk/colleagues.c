/* daemon/desk/colleagues.c: the done and the sent folder, and moving what was closed. */
#include "daemon/desk/colleagues.h"

#include "base/log.h"
#include "base/text.h"
#include "daemon/desk/answer.h"
#include "daemon/desk/identities.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_find.h"
#include "daemon/store/queue_store.h"

#include <string.h>

enum {
    FIRST_LOOK = 2000, /* mails at the end of a folder whose numbers are new */
    MOVES_AT_ONCE = 100,
};

static const char actor[] = "mailbox"; /* for the audit: somebody with a mail program */

enum mailbox_fault colleagues_store_trouble(struct colleagues *c)
{
    c->store_failed = true;
    return MAILBOX_LOST;
}

/* "look_done_next", "look_sent_uidvalidity". */
static const char *fact(struct arena *arena, enum mailbox_folder folder, const char *what)
{
    return arena_printf(arena, "look_%s_%s", folder == FOLDER_SENT ? "sent" : "done", what);
}

static bool keep_mark(struct store *store, struct arena *arena, enum mailbox_folder folder,
                      const struct mailbox_mark *mark, struct error *err)
{
    return store_fact_set(store, fact(arena, folder, "uidvalidity"), mark->uidvalidity, err) &&
           store_fact_set(store, fact(arena, folder, "next"), mark->next, err);
}

static const char inbox_numbers[] = "inbox_uidvalidity"; /* a fact */

enum mailbox_fault colleagues_know_inbox(struct colleagues *c, struct error *err)
{
    uint32_t uidvalidity = mailbox_uidvalidity(c->mailbox);
    c->renumbered = false;
    return store_fact(c->desk->store, inbox_numbers, 0) == uidvalidity ||
                   store_fact_set(c->desk->store, inbox_numbers, uidvalidity, err)
               ? MAILBOX_OK
               : colleagues_store_trouble(c);
}

enum mailbox_fault colleagues_begin(struct colleagues *c, struct error *err)
{
    static const enum mailbox_folder folders[] = {FOLDER_DONE, FOLDER_SENT};
    struct store *store = c->desk->store;
    struct arena *arena = arena_new();
    int64_t before = store_fact(store, inbox_numbers, 0);
    enum mailbox_fault fault = before == 0 ? colleagues_know_inbox(c, err) : MAILBOX_OK;
    c->renumbered = before != 0 && before != mailbox_uidvalidity(c->mailbox);
    for (size_t i = 0; fault == MAILBOX_OK && i < sizeof folders / sizeof *folders; i++) {
        struct mailbox_mark mark;
        if (store_fact(store, fact(arena, folders[i], "next"), 0) == 0) {
            fault = mailbox_mark(c->mailbox, folders[i], &mark, err);
            if (fault == MAILBOX_OK && !keep_mark(store, arena, folders[i], &mark, err)) {
                fault = colleagues_store_trouble(c);
            }
        }
    }
    arena_free(arena);
    return fault == MAILBOX_REFUSED ? MAILBOX_OK : fault;
}

static enum mailbox_fault identify(struct colleagues *c, struct arena *arena, const struct identities *asked,
                                   struct identities *ret, struct error *err)
{
    return identities_fetch(c->mailbox, c->desk->store, arena, asked->uid.at, asked->uid.n, ret,
                            &c->store_failed, err);
}

/* Whether the mail of this head may be that one. */
static bool may_be(const struct mailbox_head *head, const char *message_id, int64_t size)
{
    return message_id[0] == '\0' ? head->size == size : str_equal(message_id, head->message_id);
}

/* --- the done folder --- */

static bool close_entry(struct colleagues *c, const struct queue_row *row, const struct queue_end *end,
                        struct error *err)
{
    bool changed;
    if (!queue_close(c->desk->store, clock_now(), actor, row, end, &changed, err)) {
        return false;
    }
    log_info("queue_closed", "entry=%lld outcome=%s", (long long)row->id, end->outcome);
    return true;
}

/* Mails that lay in the review folder, or in that of robots, and whose entries are open. */
static bool is_under_review(const struct queue_row *row)
{
    return str_equal(row->mail_state, "queued") || str_equal(row->mail_state, "ignored");
}

static bool close_moved(struct colleagues *c, struct arena *arena, const struct identities *found,
                        struct error *err)
{
    static const struct queue_end end = {.outcome = "moved"};
    for (size_t i = 0; i < found->identity.n; i++) {
        struct mail_row mail;
        struct queue_rows rows = {0};
        if (!mail_find(c->desk->store, arena, found->identity.at[i], &mail, err) ||
            (mail.id != 0 && !queue_of_mail(c->desk->store, arena, mail.id, &rows, err))) {
            return false;
        }
        for (size_t k = 0; k < rows.row.n; k++) {
            if (is_under_review(&rows.row.at[k]) && !close_entry(c, &rows.row.at[k], &end, err)) {
                return false;
            }
        }
    }
    return true;
}

/* The UIDs of mails that may be of open entries. */
static bool candidates(struct colleagues *c, struct arena *arena, const struct mailbox_heads *heads,
                       struct identities *ret, struct error *err)
{
    struct queue_rows nameless = {0};
    if (!queue_of_nameless(c->desk->store, arena, &nameless, err)) {
        return false;
    }
    for (size_t i = 0; i < heads->head.n; i++) {
        struct queue_rows rows = {0};
        const struct mailbox_head *head = &heads->head.at[i];
        if (head->message_id != NULL &&
            !queue_of_message(c->desk->store, arena, head->message_id, &rows, err)) {
            return false;
        }
        bool wanted = rows.row.n > 0;
        for (size_t k = 0; k < nameless.row.n && !wanted; k++) {
            wanted = may_be(head, "", nameless.row.at[k].size);
        }
        if (wanted) {
            *LIST_ADD(arena, &ret->uid) = head->uid;
        }
    }
    return true;
}

static enum mailbox_fault look_at_done(struct colleagues *c, struct arena *arena,
                                       const struct mailbox_heads *heads, struct identities *ret,
                                       struct error *err)
{
    struct identities asked = {0};
    if (!candidates(c, arena, heads, &asked, err)) {
        return colleagues_store_trouble(c);
    }
    return identify(c, arena, &asked, ret, err);
}

/* --- the sent folder --- */

/* The address stands in the line, not as the end or the beginning of another one. */
static bool goes_to(const char *line, const char *address)
{
    static const char part[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+";
    size_t len = strlen(address);
    for (const char *at = line; len > 0 && (at = strcasestr(at, address)) != NULL; at++) {
        bool begins = at == line || strchr(part, at[-1]) == NULL;
        if (begins && (at[len] == '\0' || strchr(part, at[len]) == NULL)) {
            return true;
        }
    }
    return false;
}

/* "AW: Frage" of "Frage": all that an answer to a mail without a Message-ID names it by. */
static bool answers_subject(struct arena *arena, const char *answer, const char *subject)
{
    const char *as_answer = answer_subject(arena, answer);
    bool prefixed = !str_equal(str_trim(arena, answer), as_answer == NULL ? "" : as_answer + strlen("Re: "));
    return prefixed && str_equal(as_answer, answer_subject(arena, subject));
}

/* The open entries that this mail may be an answer to: of the mail it names, written by somebody it goes to
 * (a mail that is passed on to a colleague names the one it came from as an answer does). */
static bool answered_by(struct colleagues *c, struct arena *arena, const struct mailbox_head *head,
                        struct queue_rows *ret, struct error *err)
{
    struct queue_rows rows = {0};
    if (head->answers != NULL ? !queue_of_message(c->desk->store, arena, head->answers, &rows, err)
                              : !queue_of_nameless(c->desk->store, arena, &rows, err)) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct queue_row *row = &rows.row.at[i];
        if ((head->answers != NULL || answers_subject(arena, head->subject, row->subject)) &&
            goes_to(head->to, row->sender)) {
            *LIST_ADD(arena, &ret->row) = *row;
        }
    }
    return true;
}

/* Somebody's own answer: no letter of ours, no program's. */
static bool close_answered(struct colleagues *c, struct arena *arena, const struct mailbox_head *head,
                           struct error *err)
{
    static const struct queue_end end = {.outcome = "answered", .move = "done"};
    struct outbox_row ours = {0};
    struct queue_rows rows = {0};
    if (head->automatic) {
        return true;
    }
    if ((head->message_id != NULL &&
         !outbox_of_message_id(c->desk->store, arena, head->message_id, &ours, err)) ||
        (ours.id == 0 && !answered_by(c, arena, head, &rows, err))) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) { /* to which of two mails? A person must tell */
        if (rows.row.at[i].mail_id != rows.row.at[0].mail_id) {
            return true;
        }
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct queue_row *row = &rows.row.at[i];
        if (str_equal(row->mail_state, "queued") && !close_entry(c, row, &end, err)) {
            return false;
        }
    }
    return true;
}

/* --- both --- */

static bool conclude(struct colleagues *c, struct arena *arena, enum mailbox_folder folder,
                     const struct mailbox_heads *heads, const struct identities *found,
                     const struct mailbox_mark *mark, struct error *err)
{
    bool done =
        store_begin(c->desk->store, err) && (folder == FOLDER_SENT || close_moved(c, arena, found, err));
    for (size_t i = 0; done && folder == FOLDER_SENT && i < heads->head.n; i++) {
        done = close_answered(c, arena, &heads->head.at[i], err);
    }
    return store_end(c->desk->store, done && keep_mark(c->desk->store, arena, folder, mark, err), err);
}

/* What came to the folder since the last look, once. */
static enum mailbox_fault look(struct colleagues *c, struct arena *arena, enum mailbox_folder folder,
                               struct error *err)
{
    struct store *store = c->desk->store;
    struct mailbox_mark mark;
    struct mailbox_heads heads = {0};
    struct identities found = {0};
    enum mailbox_fault fault = mailbox_mark(c->mailbox, folder, &mark, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    int64_t before = store_fact(store, fact(arena, folder, "next"), 0);
    bool same = store_fact(store, fact(arena, folder, "uidvalidity"), 0) == mark.uidvalidity;
    if (same && mark.next <= before) {
        return MAILBOX_OK;
    }
    uint32_t from = same ? (uint32_t)before : mark.next > FIRST_LOOK ? mark.next - FIRST_LOOK : 1;
    fault = mailbox_visit(c->mailbox, folder, true, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    fault = mailbox_heads(c->mailbox, arena, from, &heads, err);
    if (fault == MAILBOX_OK && folder == FOLDER_DONE) {
        fault = look_at_done(c, arena, &heads, &found, err);
    }
    fault = mailbox_leave(c->mailbox, fault, err);
    if (fault == MAILBOX_OK && !conclude(c, arena, folder, &heads, &found, &mark, err)) {
        fault = colleagues_store_trouble(c);
    }
    return fault;
}

/* --- what was closed by a command --- */

static enum mailbox_fault move_some(struct colleagues *c, struct arena *arena,
                                    const struct queue_moves *moves, const struct identities *found,
                                    const char *where, struct error *err)
{
    uint32_t *uids = arena_alloc(arena, (found->uid.n + 1) * sizeof *uids);
    size_t n = 0;
    for (size_t i = 0; i < found->uid.n; i++) {
        bool wanted = false, taken = n > 0 && uids[n - 1] == found->uid.at[i];
        for (size_t k = 0; k < moves->move.n && !wanted && !taken; k++) {
            wanted = str_equal(moves->move.at[k].move, where) &&
                     identity_is(moves->move.at[k].identity, found->identity.at[i]);
        }
        if (wanted) {
            uids[n++] = found->uid.at[i];
        }
    }
    enum mailbox_folder folder = str_equal(where, "done") ? FOLDER_DONE : FOLDER_AUTOMATIC;
    return n == 0 ? MAILBOX_OK : mailbox_move(c->mailbox, uids, n, folder, err);
}

static enum mailbox_fault move_visited(struct colleagues *c, struct arena *arena,
                                       const struct queue_moves *moves, struct error *err)
{
    struct mailbox_heads heads = {0};
    struct identities asked = {0}, found = {0};
    enum mailbox_fault fault = mailbox_heads(c->mailbox, arena, 1, &heads, err);
    for (size_t i = 0; fault == MAILBOX_OK && i < heads.head.n; i++) {
        bool wanted = false;
        for (size_t k = 0; k < moves->move.n && !wanted; k++) {
            wanted = may_be(&heads.head.at[i], moves->move.at[k].message_id, moves->move.at[k].size);
        }
        if (wanted) {
            *LIST_ADD(arena, &asked.uid) = heads.head.at[i].uid;
        }
    }
    fault = fault == MAILBOX_OK ? identify(c, arena, &asked, &found, err) : fault;
    fault = fault == MAILBOX_OK ? move_some(c, arena, moves, &found, "done", err) : fault;
    return fault == MAILBOX_OK ? move_some(c, arena, moves, &found, "automatic", err) : fault;
}

static bool forget_moves(struct store *store, const struct queue_moves *moves, struct error *err)
{
    bool done = store_begin(store, err);
    for (size_t i = 0; done && i < moves->move.n; i++) {
        done = queue_set_move(store, moves->move.at[i].id, "", err);
    }
    return store_end(store, done, err);
}

/* What is no longer in the review folder was put elsewhere by somebody, and stays there. */
static enum mailbox_fault move_closed(struct colleagues *c, struct arena *arena, struct error *err)
{
    struct store *store = c->desk->store;
    struct queue_moves moves = {0};
    if (!queue_list_moves(store, arena, MOVES_AT_ONCE, &moves, err)) {
        return colleagues_store_trouble(c);
    }
    if (moves.move.n == 0) {
        return MAILBOX_OK;
    }
    enum mailbox_fault fault = mailbox_visit(c->mailbox, FOLDER_REVIEW, false, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    fault = move_visited(c, arena, &moves, err);
    fault = mailbox_leave(c->mailbox, fault, err);
    return fault != MAILBOX_OK || forget_moves(store, &moves, err) ? fault : colleagues_store_trouble(c);
}

bool colleagues_wait(struct colleagues *c)
{
    int64_t n = 0;
    return queue_in_mailbox(c->desk->store, &n, NULL) && n > 0;
}

enum mailbox_fault colleagues_look(struct colleagues *c, struct error *err)
{
    static const enum mailbox_folder folders[] = {FOLDER_DONE, FOLDER_SENT};
    enum mailbox_fault worst = MAILBOX_OK;
    if (!colleagues_wait(c)) {
        return MAILBOX_OK;
    }
    struct arena *arena = arena_new();
    for (size_t i = 0; worst != MAILBOX_LOST && i <= sizeof folders / sizeof *folders; i++) {
        struct error why = {""};
        bool moves = i == sizeof folders / sizeof *folders;
        enum mailbox_fault fault = moves ? move_closed(c, arena, &why) : look(c, arena, folders[i], &why);
        if (fault != MAILBOX_OK) {
            worst = fault;
            *err = why;
        }
    }
    arena_free(arena);
    if (worst == MAILBOX_REFUSED && !c->refused) {
        log_warning("folder_refused", "why=%s", log_quote(err->what).s);
    }
    c->refused = worst == MAILBOX_REFUSED;
    return worst == MAILBOX_REFUSED ? MAILBOX_OK : worst;
}
