/* daemon/post/outbox.h: the loop that sends what waits, through the one sender.
 *
 * One thread runs it. It claims due letters (the claim is committed before their first SMTP
 * command), hands them to the relay under one rate limit, and commits what became of them in
 * small groups. The replies of table outbox are its first source; further sources (the
 * newsletter's ledger) have a lower priority and share connections and rate.
 *
 * The relay in trouble (not reachable, login refused, 421 …) is the outbox's matter, not the
 * letters': it pauses with growing delay, then tries with one letter. The store in trouble
 * (disk full, locked): nothing new is claimed, results are kept and written when it works
 * again, so that nothing accepted by the relay is sent a second time. Both are logged once
 * when they begin and once when they end. */
#ifndef STADTLABOR_POST_OUTBOX_H
#define STADTLABOR_POST_OUTBOX_H

#include "daemon/post/sender.h"
#include "daemon/store/outbox_store.h"

/* Where messages come from. Functions marked T run inside a transaction of the outbox's own
 * connection to the store; all run in the outbox's thread. They fail for faults of the store
 * only: the outbox then rolls back and comes again. */
struct outbox_source {
    const char *name; /* for the log */
    void *ctx;
    /* Most messages that are `sending` in the store at a time, 1 to OUTBOX_AHEAD_MAX: the doubt
     * a crash leaves. 0: as many as there are connections, the least that keeps them busy. */
    int ahead;
    /* T: at start: what a crash left `sending`. */
    bool (*recover)(void *ctx, struct store *store, int64_t now, int64_t *ret_n, struct error *err);
    /* T: at most `most` due messages become `sending`; fewer than `most`: there are no more now. */
    bool (*claim)(void *ctx, struct store *store, struct arena *arena, int64_t now, int64_t most,
                  struct outbox_ids *ret, struct error *err);
    /* T: the message, made or read in the arena when it is claimed. Once more, outside of a transaction, when
     * its turn is long in coming: each statement stands alone then, and who only reads waits for nobody.
     * `ret->bytes` NULL: it is not to be sent any more (erased, unsubscribed), and that is noted. */
    bool (*make)(void *ctx, struct store *store, struct arena *arena, int64_t id, struct submission *ret,
                 struct error *err);
    /* T: what became of it. */
    bool (*record)(void *ctx, struct store *store, int64_t now, int64_t id,
                   const struct sender_result *result, struct error *err);
    /* T: claimed, but its sending was not begun. */
    bool (*release)(void *ctx, struct store *store, int64_t now, int64_t id, struct error *err);
    /* When the next message is due; INT64_MAX: none waits. */
    bool (*next_due)(void *ctx, struct store *store, int64_t *ret, struct error *err);
};

enum { OUTBOX_AHEAD_MAX = 100 };

struct outbox_settings {
    struct sender_settings sender;
    int per_minute;       /* messages a minute, over all sources; 0: no limit */
    int64_t (*now)(void); /* seconds since 1970; NULL: clock_now */
    void (*on_sent)(
        void *ctx); /* after a commit that made letters `sent`: copies can be filed; may be NULL */
    void *on_sent_ctx;
    const struct outbox_source *more; /* behind the replies, in order of priority; copied */
    size_t n_more;
};

struct outbox;

/* `store`: a connection of the outbox's own while outbox_run runs; the caller closes it. */
bool outbox_new(const struct outbox_settings *settings, struct store *store, struct outbox **ret,
                struct error *err);
void outbox_free(struct outbox *outbox); /* NULL is allowed; not while outbox_run runs */

/* Sends until outbox_stop, asleep while nothing is due; or once: until nothing is due now.
 * False when something due was left behind (relay or store in trouble, or stopped). */
bool outbox_run(struct outbox *outbox, bool once);

/* From any thread: rows were committed, look now. */
void outbox_wake(struct outbox *outbox);

/* From any thread: outbox_run takes no more letters, gives those under way most of a second to
 * end, cuts their connections, and returns. What was claimed and not begun is queued again,
 * what was under way is recorded as what it is. */
void outbox_stop(struct outbox *outbox);

/* From any thread, for the watchdog: milliseconds since the loop last came round; 0 while it
 * sleeps because there is nothing to do. Only a store that is locked holds the loop up for long
 * (STORE_WAIT_MS). */
int64_t outbox_busy_ms(const struct outbox *outbox);

/* The first source: table outbox. */
extern const struct outbox_source outbox_replies;

#endif
