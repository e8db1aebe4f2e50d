/* stadtlabord: watches the mailbox, decides, and sends what waits in the outbox.
 *
 * Three threads, each with its own connection to the store: one receives (daemon/desk/receiver.h), one
 * sends (daemon/post/outbox.h); this one does the chores (daemon/desk/chore.h), listens for signals and
 * for the doorbell, and feeds systemd's watchdog while neither of the others is overdue. The receiver has
 * helpers that live as long as a batch: one is at the mailbox, one reads ahead. */
#include "base/log.h"
#include "base/pulse.h"
#include "base/text.h"
#include "daemon/desk/checkup.h"
#include "daemon/desk/places.h"
#include "daemon/desk/purge.h"
#include "daemon/desk/receiver.h"
#include "daemon/desk/recovery.h"
#include "daemon/desk/settings.h"
#include "daemon/newsletter/source.h"
#include "daemon/programme/mailing.h"
#include "daemon/staff/digest.h"
#include "daemon/store/doorbell.h"
#include "daemon/store/guard.h"

#include <curl/curl.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

static const char usage[] = "usage: stadtlabord [--config FILE] [--once]\n"
                            "       stadtlabord --help|--version\n";

enum { TRIM_BYTES = 128 * 1024, OWN_PAGES_BYTES = 64 * 1024 };

/* A batch of mails writes all over the indexes: a page that is given up has to be read and written again. */
enum { RECEIVING_KIB = 1000, OTHERS_KIB = 200 };

static const struct chore *const chores[] = {&waiting_chore, &recovery_chore, &reminder_chore, &thanks_chore,
                                             &digest_chore,  &purge_chore,    &checkup_chore,  NULL};

struct house {
    struct arena *arena;
    struct config config;
    struct settings settings;
    struct store *receiving, *sending, *housekeeping; /* a connection a thread */
    struct desk desk, letters;                        /* of the receiver, and of the chores */
    struct outbox *outbox;
    struct newsletter_source *newsletter;
    struct outbox_source more;
    struct receiver receiver;
    struct pulse pulse;
    atomic_bool stop;
    int bell, doorbell, signals, guard;
};

/* The sender sent a letter: its copy can be filed. */
static void on_sent(void *ctx)
{
    bell_ring(((struct house *)ctx)->bell);
}

static void on_letters(void *ctx)
{
    outbox_wake(((struct house *)ctx)->outbox);
}

static void set_log_level(const char *name)
{
    log_set_level(str_equal(name, "error")     ? LOG_LEVEL_ERROR
                  : str_equal(name, "warning") ? LOG_LEVEL_WARNING
                  : str_equal(name, "debug")   ? LOG_LEVEL_DEBUG
                                               : LOG_LEVEL_INFO);
}

/* Everything that can be refused at start is refused here: configuration, store, patterns, letters. */
static bool house_begin(struct house *h, const char *config_file, struct error *err)
{
    h->bell = h->doorbell = h->signals = h->guard = -1;
    h->arena = arena_new();
    if (!config_read(h->arena, config_file, &h->config, err)) {
        return false;
    }
    set_log_level(h->config.log_level);
    settings_begin(&h->settings, &h->config);
    h->guard = guard_take(h->config.store, err);
    if (h->guard < 0) {
        return false;
    }
    h->bell = bell_new();
    if (h->bell < 0) {
        return fail(err, "eventfd: %s", strerror(errno));
    }
    h->settings.outbox.on_sent = on_sent;
    h->settings.outbox.on_sent_ctx = h;
    h->newsletter = newsletter_source_new(h->arena, &h->config);
    h->more = newsletter_source_of(h->newsletter);
    h->settings.outbox.more = &h->more;
    h->settings.outbox.n_more = 1;
    if (!store_open(h->config.store, &h->receiving, err) || !store_open(h->config.store, &h->sending, err) ||
        !store_open(h->config.store, &h->housekeeping, err) ||
        !desk_begin(&h->desk, h->arena, h->receiving, &h->config, err) ||
        !outbox_new(&h->settings.outbox, h->sending, &h->outbox, err)) {
        return false;
    }
    if (!store_keep(h->receiving, RECEIVING_KIB, err) || !store_keep(h->sending, OTHERS_KIB, err) ||
        !store_keep(h->housekeeping, OTHERS_KIB, err)) {
        return false;
    }
    desk_begin_beside(&h->letters, &h->desk, h->housekeeping);
    h->receiver = (struct receiver){.desk = &h->desk,
                                    .mailbox = &h->settings.mailbox,
                                    .bell = h->bell,
                                    .on_letters = on_letters,
                                    .on_letters_ctx = h,
                                    .stop = &h->stop,
                                    .pulse = &h->pulse};
    malloc_trim(0); /* what loading took beside what stays */
    return true;
}

static void house_end(struct house *h)
{
    outbox_free(h->outbox);
    newsletter_source_free(h->newsletter);
    desk_end(&h->letters);
    desk_end(&h->desk);
    store_close(h->housekeeping);
    store_close(h->sending);
    store_close(h->receiving);
    settings_end(&h->settings);
    doorbell_close(h->doorbell, h->config.store);
    if (h->bell >= 0) {
        close(h->bell);
    }
    if (h->signals >= 0) {
        close(h->signals);
    }
    if (h->guard >= 0) {
        close(h->guard);
    }
    arena_free(h->arena);
}

static void *receive(void *ctx)
{
    receiver_run(&((struct house *)ctx)->receiver);
    return NULL;
}

static void *send_out(void *ctx)
{
    outbox_run(((struct house *)ctx)->outbox, false);
    return NULL;
}

/* Neither loop is overdue. The sender may wait for the relay as long as its timeout allows. */
static bool all_is_well(struct house *h)
{
    int64_t busy_most_ms = (int64_t)h->config.smtp_timeout * 1000 * 2 + 60 * 1000;
    return !pulse_overdue(&h->pulse) && outbox_busy_ms(h->outbox) < busy_most_ms;
}

static void feed_watchdog(struct house *h)
{
    if (all_is_well(h)) {
        sd_notify(0, "WATCHDOG=1");
    }
}

/* Long chores ask that: they are no reason to be killed, nor to go on after SIGTERM. */
static bool chores_must_end(void *ctx)
{
    struct house *h = ctx;
    struct pollfd signals = {.fd = h->signals, .events = POLLIN};
    feed_watchdog(h);
    return poll(&signals, 1, 0) > 0;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Until SIGTERM or SIGINT: asleep but for chores, the doorbell and the watchdog. */
static void watch(struct house *h)
{
    uint64_t watchdog_us = 0;
    int64_t feed_ms = sd_watchdog_enabled(0, &watchdog_us) > 0 ? (int64_t)(watchdog_us / 2000) : INT64_MAX;
    struct pollfd fds[2] = {{.fd = h->signals, .events = POLLIN}, {.fd = h->doorbell, .events = POLLIN}};
    for (int64_t chores_at = 0;;) {
        int64_t now = clock_now();
        if (now >= chores_at) {
            struct chores_outcome outcome = chores_run(&h->letters, chores, now);
            chores_at = outcome.next;
            if (outcome.ran) {
                outbox_wake(h->outbox);
            }
        }
        int n = poll(fds, 2, (int)smaller(feed_ms, (chores_at - now) * 1000));
        if (n > 0 && fds[0].revents != 0) {
            return;
        }
        if (n > 0 && fds[1].revents != 0 && doorbell_rang(h->doorbell)) {
            outbox_wake(h->outbox);
            bell_ring(h->bell); /* … or closed an entry, whose mail is to be moved */
            chores_at = 0;      /* a command may have changed what is due */
        }
        feed_watchdog(h);
    }
}

/* Signals are blocked before any thread begins, so that only `watch` sees them. */
static bool listen_for_signals(struct house *h, struct error *err)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    pthread_sigmask(SIG_BLOCK, &wanted, NULL);
    h->signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    return h->signals >= 0 || fail(err, "signalfd: %s", strerror(errno));
}

static bool run(struct house *h, struct error *err)
{
    pthread_t receiving, sending;
    h->doorbell = doorbell_listen(h->config.store, err);
    if (h->doorbell < 0) {
        return false;
    }
    if (pthread_create(&sending, NULL, send_out, h) != 0) {
        return fail(err, "no thread for sending");
    }
    if (pthread_create(&receiving, NULL, receive, h) != 0) {
        outbox_stop(h->outbox);
        pthread_join(sending, NULL);
        return fail(err, "no thread for receiving");
    }
    store_interrupt_when(h->housekeeping, chores_must_end, h);
    sd_notify(0, "READY=1");
    log_info("started", "version=%s", STADTLABOR_VERSION);
    watch(h);
    sd_notify(0, "STOPPING=1");
    atomic_store(&h->stop, true);
    bell_ring(h->bell);
    outbox_stop(h->outbox);
    pthread_join(receiving, NULL);
    pthread_join(sending, NULL);
    log_info("stopped", "version=%s", STADTLABOR_VERSION);
    return true;
}

/* --once: take in what is there, do the chores, send what is due, file the copies. */
static bool run_once(struct house *h, struct error *err)
{
    h->receiver.on_letters = NULL;
    if (!receiver_once(&h->receiver, err)) {
        return false;
    }
    if (chores_run(&h->letters, chores, clock_now()).failed) {
        return fail(err, "a chore could not be done; the log says why");
    }
    if (!outbox_run(h->outbox, true)) {
        return fail(err, "not everything that is due could be sent; the log says why");
    }
    return receiver_once(&h->receiver, err);
}

/* Each thread's heap grows by what is needed and gives back what is free; an arena's blocks have pages of
 * their own, which are gone when they are freed. Else the C library learns from the first large block that is
 * freed to keep as much everywhere. */
static void keep_little(void)
{
    mallopt(M_MMAP_THRESHOLD, OWN_PAGES_BYTES);
    mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
    mallopt(M_TOP_PAD, 0);
}

int main(int argc, char **argv)
{
    const char *config_file = CONFIG_DEFAULT_FILE;
    bool once = false;
    for (int i = 1; i < argc; i++) {
        if (str_equal(argv[i], "--once")) {
            once = true;
        } else if (str_equal(argv[i], "--config") && i + 1 < argc) {
            config_file = argv[++i];
        } else if (str_equal(argv[i], "--version")) {
            printf("stadtlabord %s\n", STADTLABOR_VERSION);
            return 0;
        } else {
            bool asked = str_equal(argv[i], "--help");
            fputs(usage, asked ? stdout : stderr);
            return asked ? 0 : 2;
        }
    }
    keep_little();
    signal(SIGPIPE, SIG_IGN); /* a server that closes must not end us */
    signal(SIGXFSZ, SIG_IGN); /* nor a file that may not grow: that is a full disk, which passes */
    struct house house = {0};
    struct error err = {""};
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        fputs("stadtlabord: libsodium or libcurl does not start\n", stderr);
        return 1;
    }
    bool done = house_begin(&house, config_file, &err) && (once || listen_for_signals(&house, &err)) &&
                (once ? run_once(&house, &err) : run(&house, &err));
    if (!done) {
        log_error("failed", "why=%s", log_quote(err.what).s);
    }
    house_end(&house);
    curl_global_cleanup();
    return done ? 0 : 1;
}
