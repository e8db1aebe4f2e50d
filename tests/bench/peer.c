#include "tests/bench/peer.h"

#include "base/log.h"
#include "daemon/post/sender.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Processor time of this process or of its children. */
double cpu_s(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
           (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
}

double peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

void remove_store(const char *path)
{
    char name[320];
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

/* What was started ends, and what was stored goes. */
static void clean_up(const struct bench *bench)
{
    char store[320];
    if (bench->sink > 0) {
        kill(bench->sink, SIGTERM);
        waitpid(bench->sink, NULL, 0);
    }
    snprintf(store, sizeof store, "%s/store", bench->folder);
    remove_store(store);
    rmdir(bench->folder);
}

_Noreturn void give_up(const struct bench *bench, const char *what, const struct error *err)
{
    fprintf(stderr, "%s: %s%s%s\n", bench->name, what, err == NULL ? "" : ": ", err == NULL ? "" : err->what);
    clean_up(bench);
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
            give_up(bench, "smtp-sink does not listen; is postfix installed?", NULL);
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

double bench_source(struct bench *bench)
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
        give_up(bench, "smtp-source failed", NULL);
    }
    bench->source_cpu = cpu_s(RUSAGE_CHILDREN) - cpu;
    return bench->letters / (now_s() - begin);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *rates, int n)
{
    qsort(rates, (size_t)n, sizeof *rates, by_size);
    return rates[n / 2];
}

static int argument(int argc, char **argv, int at, int usual)
{
    return argc > at && atoi(argv[at]) > 0 ? atoi(argv[at]) : usual;
}

struct bench bench_begin(const char *name, int argc, char **argv)
{
    struct bench bench = {.name = name,
                          .letters = argument(argc, argv, 1, 10000),
                          .connections = argument(argc, argv, 2, 10),
                          .rounds = argument(argc, argv, 3, 3)};
    bench.rounds = bench.rounds < ROUNDS_MAX ? bench.rounds : ROUNDS_MAX;
    if (bench.connections > SENDER_CONNECTIONS_MAX) {
        fprintf(stderr, "%s: 1 to %d connections\n", name, SENDER_CONNECTIONS_MAX);
        exit(2);
    }
    const char *room = getenv("TMPDIR");
    snprintf(bench.folder, sizeof bench.folder, "%s/bench-XXXXXX", room == NULL ? "/tmp" : room);
    if (mkdtemp(bench.folder) == NULL) {
        give_up(&bench, "no temporary folder", NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_LEVEL_WARNING);
    start_sink(&bench);
    return bench;
}

void bench_end(struct bench *bench)
{
    clean_up(bench);
}
