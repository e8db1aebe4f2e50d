#include "daemon/desk/receiver.h"

#include "base/date.h"
#include "base/log.h"
#include "daemon/desk/colleagues.h"
#include "daemon/desk/filing.h"
#include "daemon/desk/load.h"
#include "daemon/desk/pipeline.h"
#include "daemon/desk/trouble.h"

#include <pthread.h>

enum {
    WORK_SECONDS = 300, /* within which a batch is done, or the watchdog bites */
    RETRY_MARGIN = 60,
};

/* One session with the mailbox. */
struct session {
    struct receiver *receiver;
    struct mailbox *mailbox;
    struct noted_list *noted;
    struct colleagues colleagues;
    bool store_failed;
    bool passed; /* all that lay in the INBOX was taken in */
    bool copies_refused;
    bool refused; /* a folder takes nothing, or some mails are not given */
    struct error refusal;
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

/* The batches at work: one is handled at the desk while the mailbox moves the one before it and gives the one
 * after it. NULL: none. */
struct stages {
    struct load *moves, *handles, *fetches;
};

/* What the mailbox does meanwhile. */
struct errand {
    struct session *session;
    struct load *moves, *fetches;
    enum mailbox_fault moved, fetched;
    struct error move_err, fetch_err;
};

static void *run_errand(void *ctx)
{
    struct errand *e = ctx;
    e->moved = e->moves == NULL ? MAILBOX_OK : load_move(e->moves, e->session->mailbox, &e->move_err);
    if (e->moved == MAILBOX_LOST) {
        e->fetched = MAILBOX_LOST;
        e->fetch_err = e->move_err;
    } else if (e->fetches != NULL) {
        e->fetched = load_fetch(e->fetches, e->session->mailbox, e->session->noted, &e->fetch_err);
    }
    return NULL;
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

static void letters_wait(const struct receiver *r)
{
    if (r->on_letters != NULL) {
        r->on_letters(r->on_letters_ctx);
    }
}

/* The mailbox is free again: it can be moved. */
static enum mailbox_fault conclude(struct session *s, struct load *load, struct error *err)
{
    enum mailbox_fault fault = colleagues_came_back(&s->colleagues, &load->batch, err);
    letters_wait(s->receiver); /* of what was read anew */
    log_batch(&load->batch);
    load_handled(load);
    return fault;
}

/* All of them, also those that vanished; or, where a folder refused, those that were moved. */
static enum mailbox_fault forget(struct session *s, const struct load *load, enum mailbox_fault fault,
                                 struct error *err)
{
    bool all = fault == MAILBOX_OK;
    const struct mailbox_uid *uids = all ? load->noted.at : load->moved.at;
    size_t n = all ? load->noted.n : load->moved.n;
    bool forgotten = fault == MAILBOX_LOST || noted_forget(s->noted, s->receiver->desk->store, uids, n, err);
    return forgotten ? fault : store_trouble(s);
}

/* The first fault that ends the session is the one that is told. A refusal does not keep the rest waiting. */
static enum mailbox_fault first_of(struct session *s, enum mailbox_fault fault, enum mailbox_fault other,
                                   const struct error *why, struct error *err)
{
    if (other == MAILBOX_REFUSED) {
        s->refused = true;
        s->refusal = *why;
    } else if (other == MAILBOX_LOST && fault == MAILBOX_OK) {
        *err = *why;
        return other;
    }
    return fault;
}

/* Each batch one stage further. A crash anywhere repeats work, never loses it: what is fetched was noted,
 * what is moved was decided. */
static enum mailbox_fault go_on(struct session *s, struct stages *stages, struct error *err)
{
    struct errand errand = {.session = s, .moves = stages->moves, .fetches = stages->fetches};
    struct load *handles = stages->handles;
    pthread_t thread;
    bool beside = handles != NULL && (errand.moves != NULL || errand.fetches != NULL) &&
                  pthread_create(&thread, NULL, run_errand, &errand) == 0;
    expect(s->receiver, WORK_SECONDS);
    if (!beside) {
        run_errand(&errand);
    }
    bool done = handles == NULL || pipeline_handle(s->receiver->desk, clock_now(), &handles->batch, err);
    if (done && handles != NULL) {
        letters_wait(s->receiver); /* and not for the mailbox */
    }
    if (beside) {
        pthread_join(thread, NULL);
    }
    enum mailbox_fault fault = !done             ? store_trouble(s)
                               : handles != NULL ? conclude(s, handles, err)
                                                 : MAILBOX_OK;
    fault = first_of(s, fault, errand.fetched, &errand.fetch_err, err);
    if (errand.moves != NULL) {
        errand.moved = forget(s, errand.moves, errand.moved, &errand.move_err);
    }
    fault = first_of(s, fault, errand.moved, &errand.move_err, err);
    load_free(stages->moves);
    if (errand.fetched != MAILBOX_OK) {
        load_free(stages->fetches);
        stages->fetches = NULL;
    }
    *stages = (struct stages){.moves = handles, .handles = stages->fetches};
    return fault;
}

/* Notes the next batch, unless it has to wait for the one under way. */
static enum mailbox_fault next_batch(struct session *s, const struct uids *uids, size_t *from,
                                     struct stages *stages, struct error *err)
{
    struct receiver *r = s->receiver;
    struct noted_batch noted;
    const struct load *under_way = stages->handles;
    if (*from == uids->n || atomic_load(r->stop) || (under_way != NULL && under_way->noted.alone)) {
        return MAILBOX_OK;
    }
    if (!noted_next(s->noted, r->desk->store, r->mailbox, uids, *from, under_way != NULL, &noted, err)) {
        return store_trouble(s);
    }
    if (noted.n > 0) {
        *from += noted.n;
        stages->fetches = load_new(&noted, s->colleagues.renumbered);
    }
    return MAILBOX_OK;
}

/* Copies of what was sent. A folder that refuses them is asked no more in this session, and keeps no mail
 * waiting. */
static enum mailbox_fault file_sent(struct session *s, struct error *err)
{
    struct error why = {""};
    enum mailbox_fault fault = MAILBOX_OK;
    bool more = !s->copies_refused;
    while (fault == MAILBOX_OK && more && !atomic_load(s->receiver->stop)) {
        expect(s->receiver, WORK_SECONDS);
        fault = filing_some(s->receiver->desk->store, s->mailbox, &more, &s->store_failed, &why);
    }
    s->copies_refused = s->copies_refused || fault == MAILBOX_REFUSED;
    return first_of(s, MAILBOX_OK, fault, &why, err);
}

/* The first time in this session: from now on the INBOX holds only what comes. */
static enum mailbox_fault pass(struct session *s, struct error *err)
{
    s->passed = true;
    return noted_forget_all(s->noted, s->receiver->desk->store, err)
               ? colleagues_know_inbox(&s->colleagues, err)
               : store_trouble(s);
}

/* Everything that is in the INBOX now, and all copies: of those a long intake files some whenever a batch is
 * moved, so that none is kept from it by what becomes of them. What a folder refuses is told at the end. */
static enum mailbox_fault work(struct session *s, struct error *err)
{
    struct uids uids = {0};
    struct stages stages = {0};
    size_t from = 0;
    s->refused = s->copies_refused = false;
    expect(s->receiver, WORK_SECONDS);
    enum mailbox_fault fault = mailbox_list(s->mailbox, 0, &uids, err);
    while (fault == MAILBOX_OK && (stages.moves != NULL || stages.handles != NULL ||
                                   (from < uids.n && !atomic_load(s->receiver->stop)))) {
        bool moves = stages.moves != NULL;
        fault = next_batch(s, &uids, &from, &stages, err);
        fault = fault == MAILBOX_OK ? go_on(s, &stages, err) : fault;
        fault = fault == MAILBOX_OK && moves ? file_sent(s, err) : fault;
    }
    fault = fault == MAILBOX_OK ? file_sent(s, err) : fault;
    load_free(stages.moves);
    load_free(stages.handles);
    if (fault == MAILBOX_OK && s->refused) {
        *err = s->refusal;
        return MAILBOX_REFUSED;
    }
    return fault == MAILBOX_OK && !s->passed && from == uids.n ? pass(s, err) : fault;
}

static enum mailbox_fault begin(struct session *s, struct receiver *receiver, struct error *err)
{
    expect(receiver, WORK_SECONDS);
    enum mailbox_fault fault = mailbox_open(receiver->mailbox, &s->mailbox, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    uint32_t uidvalidity = mailbox_uidvalidity(s->mailbox);
    if (uidvalidity != s->noted->uidvalidity) {
        s->noted->mail.n = 0;
        s->noted->uidvalidity = uidvalidity;
    }
    if (!intake_forget_others(receiver->desk->store, uidvalidity, err)) {
        return store_trouble(s);
    }
    log_info("mailbox_open", "uidvalidity=%u", uidvalidity);
    s->colleagues = (struct colleagues){.desk = receiver->desk, .mailbox = s->mailbox};
    return colleagues_begin(&s->colleagues, err);
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

/* Where the store takes nothing, an attempt too many is counted: no harm is done by the first. */
static void end_noted(struct receiver *receiver, struct noted_list *noted)
{
    struct error err;
    (void)noted_take_back(noted, receiver->desk->store, &err);
    arena_free(noted->arena);
}

bool receiver_once(struct receiver *receiver, struct error *err)
{
    struct trouble trouble = {0};
    struct noted_list noted = {.arena = arena_new()};
    enum mailbox_fault fault = session_run(receiver, true, &noted, &trouble, err);
    end_noted(receiver, &noted);
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
    end_noted(receiver, &noted);
    if (receiver->pulse != NULL) {
        pulse_end(receiver->pulse);
    }
}
