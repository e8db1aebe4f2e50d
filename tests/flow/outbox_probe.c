/* tests/flow/outbox_probe.c: the outbox alone, driven by tests/flow/test_sender.py.
 *
 *     outbox_probe --store FILE --port N [--option VALUE …]
 *
 * Opens (or makes) the store, runs the outbox in a thread of its own, says "ready", and obeys
 * standard input: wake, advance SECONDS (of its clock), bulk N (that many more messages of the
 * second source), hold and go (the disk answers no more, which says "held", and answers again; neither
 * wakes), busy, stop (says "stopped MILLISECONDS" and ends). With --once 1 it sends
 * what is due, says "once through" or "once left", and ends. With --check 1 it tries the relay,
 * says "check good" or why not, and ends. */
#include "base/date.h"
#include "daemon/post/outbox.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* In place of the C library's, for SQLite too: a commit waits here while the disk is held. */
static pthread_mutex_t disk = PTHREAD_MUTEX_INITIALIZER;

int fdatasync(int fd)
{
    if (pthread_mutex_trylock(&disk) != 0) {
        printf("held\n");
        fflush(stdout);
        pthread_mutex_lock(&disk);
    }
    pthread_mutex_unlock(&disk);
    return (int)syscall(SYS_fdatasync, fd);
}

static atomic_llong clock_shift;

static int64_t shifted_clock(void)
{
    return clock_now() + clock_shift;
}

/* A second source as the newsletter's ledger will be one: copies are made while sending. */
struct bulk {
    atomic_int wanted;
    int claimed;
    atomic_int sent, failed, released;
};

static bool bulk_recover(void *ctx, struct store *store, int64_t now, int64_t *ret_n, struct error *err)
{
    (void)ctx, (void)store, (void)now, (void)err;
    *ret_n = 0;
    return true;
}

static bool bulk_claim(void *ctx, struct store *store, struct arena *arena, int64_t now, int64_t most,
                       struct outbox_ids *ret, struct error *err)
{
    (void)store, (void)now, (void)err;
    struct bulk *bulk = ctx;
    for (; most > 0 && bulk->claimed < bulk->wanted; most--) {
        *LIST_ADD(arena, &ret->id) = ++bulk->claimed;
    }
    return true;
}

static bool bulk_make(void *ctx, struct store *store, struct arena *arena, int64_t id, struct submission *ret,
                      struct error *err)
{
    (void)ctx, (void)store, (void)err;
    ret->envelope_from = "lab@example.org";
    ret->recipient = arena_printf(arena, "reader%lld@example.org", (long long)id);
    ret->bytes = arena_printf(arena, "Message-ID: <copy-%lld@example.org>\r\nSubject: copy\r\n\r\nHello\r\n",
                              (long long)id);
    ret->len = strlen(ret->bytes);
    return true;
}

static bool bulk_record(void *ctx, struct store *store, int64_t now, int64_t id,
                        const struct sender_result *result, struct error *err)
{
    (void)store, (void)now, (void)id, (void)err;
    struct bulk *bulk = ctx;
    atomic_fetch_add(result->delivery == DELIVERY_DONE ? &bulk->sent : &bulk->failed, 1);
    return true;
}

static bool bulk_release(void *ctx, struct store *store, int64_t now, int64_t id, struct error *err)
{
    (void)store, (void)now, (void)id, (void)err;
    atomic_fetch_add(&((struct bulk *)ctx)->released, 1);
    return true;
}

static bool bulk_next_due(void *ctx, struct store *store, int64_t *ret, struct error *err)
{
    (void)ctx, (void)store, (void)err;
    *ret = INT64_MAX;
    return true;
}

/* An access token that tests change in a file. */
static bool token_of_file(void *ctx, struct arena *arena, char **ret, struct error *err)
{
    char line[256] = "";
    FILE *file = fopen(ctx, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL) {
        if (file != NULL) {
            fclose(file);
        }
        return fail(err, "no token: the token endpoint does not answer");
    }
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    *ret = arena_strdup(arena, line);
    return true;
}

static void say_refused(void *ctx)
{
    (void)ctx;
    printf("token refused\n");
    fflush(stdout);
}

static void say_sent(void *ctx)
{
    (void)ctx;
    printf("sent\n");
    fflush(stdout);
}

static bool text_option(const char *name, char *value, struct outbox_settings *settings, const char **store)
{
    struct sender_settings *sender = &settings->sender;
    if (strcmp(name, "--store") == 0) {
        *store = value;
    } else if (strcmp(name, "--host") == 0) {
        sender->host = value;
    } else if (strcmp(name, "--ca") == 0) {
        sender->ca_file = value;
    } else if (strcmp(name, "--user") == 0) {
        sender->user = value;
    } else if (strcmp(name, "--password-file") == 0) {
        sender->password_file = value;
    } else if (strcmp(name, "--token-file") == 0) {
        sender->token = token_of_file;
        sender->token_refused = say_refused;
        sender->token_ctx = value;
    } else if (strcmp(name, "--tls") == 0) {
        sender->tls = value[0] == 'i' ? TLS_IMPLICIT : value[0] == 's' ? TLS_STARTTLS : TLS_NONE;
    } else {
        return false;
    }
    return true;
}

struct run {
    struct outbox *outbox;
    bool once, check;
};

static bool number_option(const char *name, const char *value, struct outbox_settings *settings,
                          struct run *run)
{
    int number = atoi(value);
    if (strcmp(name, "--port") == 0) {
        settings->sender.port = number;
    } else if (strcmp(name, "--connections") == 0) {
        settings->sender.connections = number;
    } else if (strcmp(name, "--timeout") == 0) {
        settings->sender.timeout_s = number;
    } else if (strcmp(name, "--rate") == 0) {
        settings->per_minute = number;
    } else if (strcmp(name, "--shift") == 0) {
        clock_shift = number;
    } else if (strcmp(name, "--once") == 0) {
        run->once = number != 0;
    } else if (strcmp(name, "--check") == 0) {
        run->check = number != 0;
    } else {
        return false;
    }
    return true;
}

static void *run_outbox(void *ctx)
{
    struct run *run = ctx;
    bool through = outbox_run(run->outbox, run->once);
    if (run->once) {
        printf("once %s\n", through ? "through" : "left");
    }
    return NULL;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Until "stop" or the end of the input; the milliseconds that outbox_stop took. */
static int64_t obey(struct outbox *outbox, struct bulk *bulk)
{
    char line[100];
    printf("ready\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "stop\n") != 0) {
        if (strncmp(line, "advance ", 8) == 0) {
            clock_shift += atoi(line + 8);
        } else if (strncmp(line, "bulk ", 5) == 0) {
            bulk->wanted += atoi(line + 5);
        } else if (strcmp(line, "busy\n") == 0) {
            printf("busy %lld\n", (long long)outbox_busy_ms(outbox));
            fflush(stdout);
            continue;
        } else if (strcmp(line, "hold\n") == 0) {
            pthread_mutex_lock(&disk);
            continue;
        } else if (strcmp(line, "go\n") == 0) {
            pthread_mutex_unlock(&disk);
            continue;
        }
        outbox_wake(outbox);
    }
    int64_t begin = now_ms();
    outbox_stop(outbox);
    return begin;
}

int main(int argc, char **argv)
{
    struct bulk bulk = {0};
    struct outbox_source more = {.name = "bulk",
                                 .ctx = &bulk,
                                 .recover = bulk_recover,
                                 .claim = bulk_claim,
                                 .make = bulk_make,
                                 .record = bulk_record,
                                 .release = bulk_release,
                                 .next_due = bulk_next_due};
    struct outbox_settings settings = {.sender = {.host = "127.0.0.1", .tls = TLS_NONE, .timeout_s = 5},
                                       .now = shifted_clock,
                                       .on_sent = say_sent,
                                       .more = &more,
                                       .n_more = 1};
    const char *path = NULL;
    struct run run = {0};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!text_option(argv[i], argv[i + 1], &settings, &path) &&
            !number_option(argv[i], argv[i + 1], &settings, &run)) {
            fprintf(stderr, "outbox_probe: unknown option %s\n", argv[i]);
            return 2;
        }
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a test takes the disk away by a limit on the size of files */
    struct store *store = NULL;
    struct error err = {0};
    if (run.check) {
        printf("check %s\n", sender_check(&settings.sender, &err) ? "good" : err.what);
        return 0;
    }
    if (path == NULL || !store_open(path, &store, &err) || !outbox_new(&settings, store, &run.outbox, &err)) {
        printf("refused %s\n", err.what);
        store_close(store);
        return 1;
    }
    pthread_t thread;
    pthread_create(&thread, NULL, run_outbox, &run);
    int64_t begin = run.once ? 0 : obey(run.outbox, &bulk);
    pthread_join(thread, NULL);
    if (!run.once) {
        printf("stopped %lld\n", (long long)(now_ms() - begin));
    }
    printf("bulk sent=%d failed=%d released=%d\n", bulk.sent, bulk.failed, bulk.released);
    outbox_free(run.outbox);
    store_close(store);
    return 0;
}
