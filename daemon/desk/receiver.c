#include "daemon/desk/receiver.h"

#include "base/date.h"
#include "base/log.h"
#include "daemon/desk/colleagues.h"
#include "daemon/desk/filing.h"
#include "daemon/desk/pipeline.h"
#include "daemon/desk/trouble.h"
#include "daemon/post/checkpoint.h"
#include "daemon/store/mail_store.h"

enum {
    BATCH_BYTES = 6 * 1024 * 1024, /* of mails held in memory at once, unless one alone is larger */
    WORK_SECONDS = 300,            /* within which a batch is done, or the watchdog bites */
    RETRY_MARGIN = 60,
};

/* A message whose attempt was noted by this process: handling it again (the disk was full, the move
 * was refused) is not another attempt, as attempts count crashes. */
struct noted {
    uint32_t uid;
    struct intake_row was; /* with a mail: decided by a process that did not come to move it */
};

/* What this process noted and has not moved yet; outlives a session. */
struct noted_list {
    struct arena *arena;
    uint32_t uidvalidity;
    LIST(struct noted) mail;
};

/* One session with the mailbox. */
struct session {
    struct receiver *receiver;
    struct mailbox *mailbox;
    uint32_t uidvalidity;
    struct noted_list *noted;
    struct colleagues colleagues;
    bool store_failed;
};

/* The store could not be written (full, busy): the session ends and is tried again after a while. */
static enum mailbox_fault store_trouble(struct session *s)
{
    s->store_failed = true;
    return MAILBOX_LOST;
}

static void expect(const struct receiver *receiver, int seconds)
{
    if (receiver->pulse != NULL) {
        pulse_expect(receiver->pulse, seconds);
    }
}

static struct noted *find_noted(struct session *s, uint32_t uid)
{
    for (size_t i = 0; i < s->noted->mail.n; i++) {
        if (s->noted->mail.at[i].uid == uid) {
            return &s->noted->mail.at[i];
        }
    }
    return NULL;
}

/* Commits "being read, attempt N" for all of them, before any is fetched. */
static bool note_attempts(struct session *s, const struct mailbox_uid *uids, size_t n, struct error *err)
{
    struct store *store = s->receiver->desk->store;
    size_t before = s->noted->mail.n;
    bool done = store_begin(store, err);
    for (size_t i = 0; done && i < n; i++) {
        struct noted noted = {.uid = uids[i].uid};
        if (find_noted(s, uids[i].uid) == NULL) {
            done = intake_attempt(store, s->uidvalidity, uids[i].uid, &noted.was, err);
            *LIST_ADD(s->noted->arena, &s->noted->mail) = noted;
        }
    }
    if (!store_end(store, done, err)) {
        s->noted->mail.n = before;
        return false;
    }
    checkpoint("receiver.noted");
    return true;
}

static bool forget(struct session *s, const struct mailbox_uid *uids, size_t n, struct error *err)
{
    struct store *store = s->receiver->desk->store;
    bool done = store_begin(store, err);
    for (size_t i = 0; done && i < n; i++) {
        struct noted *noted = find_noted(s, uids[i].uid);
        if (noted != NULL) {
            *noted = s->noted->mail.at[--s->noted->mail.n];
        }
        done = intake_done(store, s->uidvalidity, uids[i].uid, err);
    }
    return store_end(store, done, err);
}

struct fetching {
    struct session *session;
    struct arena *arena;
    struct batch *batch;
};

static bool keep_item(void *ctx, const struct mailbox_item *item)
{
    struct fetching *f = ctx;
    struct incoming *mail = LIST_ADD(f->arena, &f->batch->mail);
    mail->uidvalidity = f->session->uidvalidity;
    mail->uid = item->uid;
    mail->size = item->size;
    mail->bytes = arena_strndup(f->arena, item->len == 0 ? "" : item->bytes, item->len);
    mail->len = item->len;
    mail->complete = item->complete;
    const struct noted *noted = find_noted(f->session, item->uid);
    mail->attempt = noted == NULL ? 1 : noted->was.attempt;
    mail->decided = noted == NULL ? 0 : noted->was.mail_id;
    return true;
}

/* Moves what belongs into one folder; `*ret` gets what was moved. */
static enum mailbox_fault move_to(struct session *s, struct arena *arena, const struct batch *batch,
                                  enum mailbox_folder folder, struct uids *ret, struct error *err)
{
    uint32_t *uids = arena_alloc(arena, (batch->mail.n + 1) * sizeof *uids);
    size_t n = 0;
    for (size_t i = 0; i < batch->mail.n; i++) {
        if (batch->mail.at[i].folder == folder) {
            uids[n++] = batch->mail.at[i].uid;
        }
    }
    enum mailbox_fault fault = n == 0 ? MAILBOX_OK : mailbox_move(s->mailbox, uids, n, folder, err);
    for (size_t i = 0; fault == MAILBOX_OK && i < n; i++) {
        LIST_ADD(arena, ret)->uid = uids[i];
    }
    return fault;
}

/* A folder that takes nothing (quota) does not keep the others waiting: its mails stay in the INBOX,
 * decided, and are moved when it does. */
static enum mailbox_fault move_all(struct session *s, struct arena *arena, const struct batch *batch,
                                   struct uids *ret, struct error *err)
{
    enum mailbox_fault worst = MAILBOX_OK;
    for (int folder = FOLDER_DONE; folder <= FOLDER_AUTOMATIC && worst != MAILBOX_LOST; folder++) {
        struct error why = {""};
        enum mailbox_fault fault = move_to(s, arena, batch, folder, ret, &why);
        if (fault != MAILBOX_OK) {
            worst = fault;
            *err = why;
        }
        checkpoint("receiver.moved");
    }
    return worst;
}

static void log_batch(const struct batch *batch)
{
    static const char *const folders[] = {"done", "review", "automatic"};
    for (size_t i = 0; i < batch->mail.n; i++) {
        const struct incoming *mail = &batch->mail.at[i];
        log_info("mail_handled", "mail=%lld uid=%u folder=%s again=%s size=%u", (long long)mail->id,
                 mail->uid, folders[mail->folder], mail->again ? "yes" : "no", mail->size);
    }
}

/* Notes, fetches, handles, moves: in this order, so that a crash anywhere repeats work, never loses
 * it. */
static enum mailbox_fault take_in(struct session *s, const struct mailbox_uid *uids, size_t n,
                                  struct error *err)
{
    struct receiver *r = s->receiver;
    struct arena *arena = arena_new();
    struct batch batch = {0};
    struct fetching fetching = {s, arena, &batch};
    enum mailbox_fault fault = MAILBOX_OK;
    expect(r, WORK_SECONDS);
    if (!note_attempts(s, uids, n, err)) {
        fault = store_trouble(s);
        goto cleanup;
    }
    uint32_t *wanted = arena_alloc(arena, n * sizeof *wanted);
    for (size_t i = 0; i < n; i++) {
        wanted[i] = uids[i].uid;
    }
    fault = mailbox_fetch(s->mailbox, wanted, n, keep_item, &fetching, err);
    if (fault != MAILBOX_OK) {
        goto cleanup;
    }
    colleagues_note(&s->colleagues, &batch);
    if (!pipeline_handle(r->desk, clock_now(), &batch, err)) {
        fault = store_trouble(s);
        goto cleanup;
    }
    fault = colleagues_came_back(&s->colleagues, &batch, err);
    if (fault != MAILBOX_OK) {
        goto cleanup;
    }
    log_batch(&batch);
    if (r->on_letters != NULL) {
        r->on_letters(r->on_letters_ctx);
    }
    struct uids moved = {0};
    fault = move_all(s, arena, &batch, &moved, err);
    /* All of them, also those that vanished; or, where a folder refused, those that were moved. */
    if (fault != MAILBOX_LOST &&
        !forget(s, fault == MAILBOX_OK ? uids : moved.at, fault == MAILBOX_OK ? n : moved.n, err)) {
        fault = store_trouble(s);
    }
cleanup:
    arena_free(arena);
    return fault;
}

/* How many of the next mails make a batch. A mail that was tried before by a process that did not
 * come back stands alone, so that it cannot take others with it. */
static size_t batch_length(struct session *s, const struct uids *uids, size_t from)
{
    const struct mailbox_settings *settings = s->receiver->mailbox;
    size_t bytes = 0, n = 0;
    while (from + n < uids->n && n < (size_t)settings->batch) {
        const struct mailbox_uid *next = &uids->at[from + n];
        struct intake_row row;
        intake_get(s->receiver->desk->store, s->uidvalidity, next->uid, &row, NULL);
        bool tried = row.attempt > 0 && find_noted(s, next->uid) == NULL;
        bytes += next->size > settings->size_most ? settings->head_bytes : next->size;
        if (n > 0 && (tried || bytes > BATCH_BYTES)) {
            break;
        }
        n++;
        if (tried) {
            break;
        }
    }
    return n;
}

static enum mailbox_fault file_sent(struct session *s, struct error *err)
{
    enum mailbox_fault fault = MAILBOX_OK;
    bool more = true;
    while (fault == MAILBOX_OK && more && !atomic_load(s->receiver->stop)) {
        expect(s->receiver, WORK_SECONDS);
        fault = filing_some(s->receiver->desk->store, s->mailbox, &more, &s->store_failed, err);
    }
    return fault;
}

/* Everything that is in the INBOX now, and all copies. What a folder refuses is told at the end. */
static enum mailbox_fault work(struct session *s, struct error *err)
{
    struct arena *arena = arena_new();
    struct uids uids = {0};
    struct error refusal = {""};
    bool refused = false;
    expect(s->receiver, WORK_SECONDS);
    enum mailbox_fault fault = mailbox_list(s->mailbox, arena, 0, &uids, err);
    for (size_t from = 0; fault == MAILBOX_OK && from < uids.n && !atomic_load(s->receiver->stop);) {
        size_t n = batch_length(s, &uids, from);
        fault = take_in(s, uids.at + from, n, err);
        from += n;
        if (fault == MAILBOX_REFUSED) {
            refused = true;
            refusal = *err;
            fault = MAILBOX_OK;
        }
        if (fault == MAILBOX_OK) { /* a long intake does not keep copies waiting */
            fault = file_sent(s, err);
        }
    }
    arena_free(arena);
    fault = fault == MAILBOX_OK ? file_sent(s, err) : fault;
    if (fault == MAILBOX_OK && refused) {
        *err = refusal;
        return MAILBOX_REFUSED;
    }
    return fault;
}

static enum mailbox_fault begin(struct session *s, struct receiver *receiver, struct error *err)
{
    expect(receiver, WORK_SECONDS);
    enum mailbox_fault fault = mailbox_open(receiver->mailbox, &s->mailbox, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    s->uidvalidity = mailbox_uidvalidity(s->mailbox);
    if (s->uidvalidity != s->noted->uidvalidity) {
        s->noted->mail.n = 0;
        s->noted->uidvalidity = s->uidvalidity;
    }
    if (!intake_forget_others(receiver->desk->store, s->uidvalidity, err)) {
        return store_trouble(s);
    }
    log_info("mailbox_open", "uidvalidity=%u", s->uidvalidity);
    s->colleagues = (struct colleagues){.desk = receiver->desk, .mailbox = s->mailbox};
    return colleagues_begin(&s->colleagues, s->uidvalidity, err);
}

static int wait_most(struct session *s)
{
    const struct mailbox_settings *settings = s->receiver->mailbox;
    bool soon = colleagues_wait(&s->colleagues) && settings->look_s < settings->idle_renew_s;
    return soon ? settings->look_s : settings->idle_renew_s;
}

/* From connecting to the first fault, or to `stop`, or (`once`) until the work is done. */
static enum mailbox_fault session_run(struct receiver *receiver, bool once, struct noted_list *noted,
                                      struct trouble *trouble, struct error *err)
{
    struct session s = {.receiver = receiver, .noted = noted};
    enum mailbox_fault fault = begin(&s, receiver, err);
    while (fault == MAILBOX_OK && !atomic_load(receiver->stop)) {
        bell_quiet(receiver->bell);
        expect(receiver, WORK_SECONDS);
        fault = colleagues_look(&s.colleagues, err);
        fault = fault == MAILBOX_OK ? work(&s, err) : fault;
        s.colleagues.renumbered = s.colleagues.renumbered && fault != MAILBOX_OK;
        if (once || fault != MAILBOX_OK || atomic_load(receiver->stop)) {
            break;
        }
        trouble_ends(trouble);
        int most = wait_most(&s);
        expect(receiver, most + WORK_SECONDS);
        if (mailbox_wait(s.mailbox, receiver->bell, most, err) == WAIT_LOST) {
            fault = MAILBOX_LOST;
        }
    }
    mailbox_close(s.mailbox);
    trouble->store = s.store_failed || s.colleagues.store_failed;
    return fault;
}

bool receiver_once(struct receiver *receiver, struct error *err)
{
    struct trouble trouble = {0};
    struct noted_list noted = {.arena = arena_new()};
    enum mailbox_fault fault = session_run(receiver, true, &noted, &trouble, err);
    arena_free(noted.arena);
    return fault == MAILBOX_OK;
}

/* A letter that was sent is no reason to hurry a broken mailbox; only `stop` is. */
static void wait_out(const struct receiver *receiver, int wait_ms)
{
    int64_t until = clock_monotonic_ms() + wait_ms;
    expect(receiver, wait_ms / 1000 + RETRY_MARGIN);
    for (int64_t left = wait_ms; left > 0 && !atomic_load(receiver->stop);
         left = until - clock_monotonic_ms()) {
        if (bell_wait(receiver->bell, (int)left)) {
            bell_quiet(receiver->bell);
        }
    }
}

void receiver_run(struct receiver *receiver)
{
    struct trouble trouble = {0};
    struct noted_list noted = {.arena = arena_new()};
    while (!atomic_load(receiver->stop)) {
        struct error err = {""};
        enum mailbox_fault fault = session_run(receiver, false, &noted, &trouble, &err);
        if (fault == MAILBOX_OK || atomic_load(receiver->stop)) {
            continue;
        }
        int wait_ms = backoff_next_ms(&trouble.backoff);
        trouble_is(&trouble, fault == MAILBOX_REFUSED, wait_ms, err.what);
        wait_out(receiver, wait_ms);
    }
    arena_free(noted.arena);
    if (receiver->pulse != NULL) {
        pulse_end(receiver->pulse);
    }
}
