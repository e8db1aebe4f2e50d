/* tests/bench/bench_outbox.c: the durable outbox against Postfix's own load generator.
 *
 *     bench_outbox [LETTERS [CONNECTIONS [ROUNDS]]]      usual: 10000 10 3
 *
 * Each round sends so many letters of 5 KB to one smtp-sink(1), once by smtp-source -d (keeps its
 * connections, stores nothing), once by the outbox without a rate limit, every claim and every
 * result committed with synchronous=FULL. Prints both rates and their ratio, by the medians.
 * The store lies in $TMPDIR or /tmp. */
#include "base/date.h"
#include "base/log.h"
#include "daemon/post/outbox.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LETTER_BYTES = 5 * 1024, ROUNDS_MAX = 99 };

struct bench {
    int letters, connections, rounds, port;
    pid_t sink;
    char folder[256];
    double source_cpu, outbox_cpu; /* seconds of the last round */
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Processor time of this process or of its children. */
static double cpu_s(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
           (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
}

static void give_up(const char *what, const struct error *err)
{
    fprintf(stderr, "bench_outbox: %s%s%s\n", what, err == NULL ? "" : ": ", err == NULL ? "" : err->what);
    exit(1);
}

static pid_t start(const char *const words[])
{
    pid_t pid = fork();
    if (pid == 0) {
        execv(words[0], (char *const *)(uintptr_t)words); /* POSIX: it does not change them */
        _exit(127);
    }
    return pid;
}

/* A connection to the port on loopback, or -1; with port 0: a port that is free. */
static int connected(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t len = sizeof at;
    if (*port != 0) {
        if (connect(fd, (struct sockaddr *)&at, len) != 0) {
            close(fd);
            return -1;
        }
    } else if (bind(fd, (struct sockaddr *)&at, len) == 0 &&
               getsockname(fd, (struct sockaddr *)&at, &len) == 0) {
        *port = ntohs(at.sin_port);
    }
    return fd;
}

static void start_sink(struct bench *bench)
{
    close(connected(&bench->port));
    char where[32];
    snprintf(where, sizeof where, "127.0.0.1:%d", bench->port);
    /* Started as root it wants to be somebody else. */
    const char *const as_root[] = {"/usr/sbin/smtp-sink", "-u", "nobody", where, "1000", NULL};
    const char *const as_user[] = {"/usr/sbin/smtp-sink", where, "1000", NULL};
    bench->sink = start(getuid() == 0 ? as_root : as_user);
    for (double end = now_s() + 10;;) {
        int fd = connected(&bench->port);
        if (fd >= 0) {
            close(fd);
            return;
        }
        if (now_s() > end || waitpid(bench->sink, NULL, WNOHANG) != 0) {
            give_up("smtp-sink does not listen; is postfix installed?", NULL);
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

static double run_source(struct bench *bench)
{
    char sessions[16], letters[16], length[16], where[32];
    snprintf(sessions, sizeof sessions, "%d", bench->connections);
    snprintf(letters, sizeof letters, "%d", bench->letters);
    snprintf(length, sizeof length, "%d", LETTER_BYTES);
    snprintf(where, sizeof where, "127.0.0.1:%d", bench->port);
    const char *const words[] = {"/usr/sbin/smtp-source",
                                 "-d",
                                 "-s",
                                 sessions,
                                 "-m",
                                 letters,
                                 "-l",
                                 length,
                                 "-f",
                                 "lab@example.org",
                                 "-t",
                                 "citizen@example.org",
                                 where,
                                 NULL};
    double begin = now_s(), cpu = cpu_s(RUSAGE_CHILDREN);
    int status;
    if (waitpid(start(words), &status, 0) < 0 || status != 0) {
        give_up("smtp-source failed", NULL);
    }
    bench->source_cpu = cpu_s(RUSAGE_CHILDREN) - cpu;
    return bench->letters / (now_s() - begin);
}

static void fill(struct store *store, int letters)
{
    struct error err = {0};
    char body[LETTER_BYTES + 100], name[64], address[64];
    bool ok = store_begin(store, &err);
    for (int i = 0; i < letters && ok; i++) {
        snprintf(name, sizeof name, "<%d.bench@example.org>", i);
        snprintf(address, sizeof address, "citizen%d@example.org", i);
        int len = snprintf(body, sizeof body, "Message-ID: %s\r\nSubject: bench\r\n\r\n", name);
        for (; len + 64 <= LETTER_BYTES; len += 64) {
            memset(body + len, 'x', 62);
            memcpy(body + len + 62, "\r\n", 2);
        }
        struct outbox_row row = {.kind = "confirmed",
                                 .message_id = name,
                                 .envelope_from = "lab@example.org",
                                 .recipient = address};
        ok = outbox_put(store, clock_now(), &row, body, (size_t)len, &err);
    }
    if (!ok || !store_commit(store, &err)) {
        give_up("cannot fill the store", &err);
    }
}

static void remove_store(const char *path)
{
    char name[320];
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

static double run_outbox(struct bench *bench)
{
    char path[300];
    snprintf(path, sizeof path, "%s/store", bench->folder);
    struct outbox_settings settings = {
        .sender = {
            .host = "127.0.0.1", .port = bench->port, .tls = TLS_NONE, .connections = bench->connections}};
    struct store *store;
    struct outbox *outbox;
    struct error err = {0};
    if (!store_open(path, &store, &err)) {
        give_up("no store", &err);
    }
    fill(store, bench->letters);
    if (!outbox_new(&settings, store, &outbox, &err)) {
        give_up("no outbox", &err);
    }
    double begin = now_s(), cpu = cpu_s(RUSAGE_SELF);
    bool through = outbox_run(outbox, true);
    double took = now_s() - begin;
    bench->outbox_cpu = cpu_s(RUSAGE_SELF) - cpu;
    int64_t sent = 0;
    if (!outbox_count(store, "sent", &sent, &err) || !through || sent != bench->letters) {
        give_up("not all letters were sent", NULL);
    }
    outbox_free(outbox);
    store_close(store);
    remove_store(path);
    return bench->letters / took;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *rates, int n)
{
    qsort(rates, (size_t)n, sizeof *rates, by_size);
    return rates[n / 2];
}

static int argument(int argc, char **argv, int at, int usual)
{
    return argc > at && atoi(argv[at]) > 0 ? atoi(argv[at]) : usual;
}

int main(int argc, char **argv)
{
    struct bench bench = {.letters = argument(argc, argv, 1, 10000),
                          .connections = argument(argc, argv, 2, 10),
                          .rounds = argument(argc, argv, 3, 3)};
    bench.rounds = bench.rounds < ROUNDS_MAX ? bench.rounds : ROUNDS_MAX;
    const char *room = getenv("TMPDIR");
    snprintf(bench.folder, sizeof bench.folder, "%s/bench-outbox-XXXXXX", room == NULL ? "/tmp" : room);
    if (mkdtemp(bench.folder) == NULL) {
        give_up("no temporary folder", NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_LEVEL_WARNING);
    start_sink(&bench);
    double source[ROUNDS_MAX] = {0}, outbox[ROUNDS_MAX] = {0};
    for (int i = 0; i < bench.rounds; i++) {
        source[i] = run_source(&bench);
        outbox[i] = run_outbox(&bench);
    }
    kill(bench.sink, SIGTERM);
    waitpid(bench.sink, NULL, 0);
    rmdir(bench.folder);
    double theirs = median(source, bench.rounds), ours = median(outbox, bench.rounds);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("outbox: %d letters of %d bytes, %d connections: %.0f/s, smtp-source -d %.0f/s, ratio %.2f (at "
           "least 0.6), "
           "peak memory %.0f MB, processor time a letter %.0f µs against %.0f µs\n",
           bench.letters, LETTER_BYTES, bench.connections, ours, theirs, ours / theirs,
           (double)usage.ru_maxrss / 1024, bench.outbox_cpu / bench.letters * 1e6,
           bench.source_cpu / bench.letters * 1e6);
    return ours / theirs >= 0.6 ? 0 : 1;
}
