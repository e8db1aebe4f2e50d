/* A mailbox at the end of a line: settings as arguments (name=value), commands on standard
 * input, answers of one or more lines, each answer ended by a line ".", for
 * tests/flow/test_mailbox.py.
 *
 *     open | close | uidvalidity | list AFTER | fetch UID,UID… | move FOLDER UID,UID…
 *     append FILE | sent-has ID | wait SECONDS [WAKE_AFTER_MS] | stop-after N | bench | token
 */
#include "base/file.h"
#include "base/text.h"
#include "tests/flow/mailbox_settings.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct probe {
    struct arena *arena; /* of one command */
    struct mailbox_settings settings;
    struct token_settings token;
    struct mailbox *mailbox;
    int stop_after; /* mails; 0: never */
    int delivered;
    size_t bytes;
    bool quiet;
};

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const char *name_of(enum mailbox_fault fault)
{
    return fault == MAILBOX_OK ? "ok" : fault == MAILBOX_LOST ? "lost" : "refused";
}

static void answer(const char *command, enum mailbox_fault fault, const struct error *err)
{
    printf("%s %s", command, name_of(fault));
    if (fault != MAILBOX_OK) {
        printf(": %s", err->what);
    }
    printf("\n");
}

/* FNV-1a, so that the test can tell whether the bytes are right. */
static unsigned checksum(const char *bytes, size_t len)
{
    unsigned sum = 2166136261u;
    for (size_t i = 0; i < len; i++) {
        sum = (sum ^ (unsigned char)bytes[i]) * 16777619u;
    }
    return sum;
}

static bool each(void *ctx, const struct mailbox_item *item)
{
    struct probe *probe = ctx;
    probe->delivered++;
    probe->bytes += item->len;
    if (!probe->quiet) {
        printf("mail uid=%u size=%u len=%zu seen=%d complete=%d sum=%u\n", item->uid, item->size, item->len,
               item->seen, item->complete, checksum(item->bytes, item->len));
    }
    return probe->stop_after == 0 || probe->delivered < probe->stop_after;
}

struct numbers {
    LIST(uint32_t);
};

static struct numbers numbers_of(struct probe *probe, char *list)
{
    struct numbers numbers = {0};
    for (char *save = NULL, *one = strtok_r(list, ",", &save); one != NULL;
         one = strtok_r(NULL, ",", &save)) {
        *LIST_ADD(probe->arena, &numbers) = (uint32_t)strtoul(one, NULL, 10);
    }
    return numbers;
}

static void do_open(struct probe *probe, char *first, char *second)
{
    (void)first, (void)second;
    struct error err;
    double start = seconds();
    enum mailbox_fault fault = mailbox_open(&probe->settings, &probe->mailbox, &err);
    if (fault == MAILBOX_OK) {
        printf("open ok uidvalidity=%u ms=%.0f\n", mailbox_uidvalidity(probe->mailbox),
               (seconds() - start) * 1000);
    } else {
        answer("open", fault, &err);
    }
}

static void do_close(struct probe *probe, char *first, char *second)
{
    (void)first, (void)second;
    mailbox_close(probe->mailbox);
    probe->mailbox = NULL;
    printf("close ok\n");
}

static void do_uidvalidity(struct probe *probe, char *first, char *second)
{
    (void)first, (void)second;
    printf("uidvalidity ok %u\n", mailbox_uidvalidity(probe->mailbox));
}

static void do_list(struct probe *probe, char *after, char *second)
{
    (void)second;
    struct uids uids = {0};
    struct error err;
    uint32_t from = (uint32_t)strtoul(after, NULL, 10);
    enum mailbox_fault fault = mailbox_list(probe->mailbox, from, &uids, &err);
    if (fault != MAILBOX_OK) {
        answer("list", fault, &err);
        return;
    }
    printf("list ok");
    for (size_t i = 0; i < uids.n; i++) {
        printf(" %u:%u", uids.at[i].uid, uids.at[i].size);
    }
    printf("\n");
}

static void do_fetch(struct probe *probe, char *uids, char *second)
{
    (void)second;
    struct numbers numbers = numbers_of(probe, uids);
    struct error err;
    probe->delivered = 0;
    answer("fetch", mailbox_fetch(probe->mailbox, numbers.at, numbers.n, each, probe, &err), &err);
}

static void do_stop_after(struct probe *probe, char *n, char *second)
{
    (void)second;
    probe->stop_after = atoi(n);
    printf("stop-after ok\n");
}

/* ru_maxrss would count what the parent had before exec. */
static long peak_kb(void)
{
    long kb = 0;
    char line[200];
    FILE *status = fopen("/proc/self/status", "r");
    if (status == NULL) {
        return 0;
    }
    while (fgets(line, sizeof line, status) != NULL) {
        if (str_starts(line, "VmHWM:")) {
            kb = atol(line + 6);
        }
    }
    fclose(status);
    return kb;
}

/* Lists and fetches everything, as fast as it goes. */
static void do_bench(struct probe *probe, char *first, char *second)
{
    (void)first, (void)second;
    struct uids uids = {0};
    struct error err;
    double start = seconds();
    enum mailbox_fault fault = mailbox_list(probe->mailbox, 0, &uids, &err);
    double listed = seconds();
    uint32_t *numbers = arena_alloc(probe->arena, uids.n * sizeof *numbers);
    for (size_t i = 0; i < uids.n; i++) {
        numbers[i] = uids.at[i].uid;
    }
    probe->quiet = true;
    probe->delivered = 0;
    probe->bytes = 0;
    if (fault == MAILBOX_OK) {
        fault = mailbox_fetch(probe->mailbox, numbers, uids.n, each, probe, &err);
    }
    double fetched = seconds();
    probe->quiet = false;
    if (fault != MAILBOX_OK) {
        answer("bench", fault, &err);
        return;
    }
    printf("bench ok mails=%d bytes=%zu list_s=%.3f fetch_s=%.3f mails_per_s=%.0f peak_kb=%ld\n",
           probe->delivered, probe->bytes, listed - start, fetched - listed,
           probe->delivered / (fetched - listed), peak_kb());
}

static void do_move(struct probe *probe, char *folder, char *list)
{
    struct numbers numbers = numbers_of(probe, list);
    enum mailbox_folder to = str_equal(folder, "done")     ? FOLDER_DONE
                             : str_equal(folder, "review") ? FOLDER_REVIEW
                                                           : FOLDER_AUTOMATIC;
    struct error err;
    answer("move", mailbox_move(probe->mailbox, numbers.at, numbers.n, to, &err), &err);
}

static void do_append(struct probe *probe, char *path, char *second)
{
    (void)second;
    char *bytes;
    size_t len;
    struct error err;
    if (!file_read(probe->arena, path, 64 * 1024 * 1024, &bytes, &len, &err)) {
        printf("append %s\n", err.what);
        return;
    }
    answer("append", mailbox_append_sent(probe->mailbox, bytes, len, &err), &err);
}

static void do_sent_has(struct probe *probe, char *id, char *second)
{
    (void)second;
    bool has = false;
    struct error err;
    enum mailbox_fault fault = mailbox_sent_has(probe->mailbox, id, &has, &err);
    answer(has ? "sent-has yes" : "sent-has no", fault, &err);
}

static void do_wait(struct probe *probe, char *most, char *wake_ms)
{
    static const char *const names[] = {
        [WAIT_NEWS] = "news", [WAIT_WOKEN] = "woken", [WAIT_TIMEOUT] = "timeout", [WAIT_LOST] = "lost"};
    int wake_fd = -1;
    if (wake_ms != NULL) {
        long ms = atol(wake_ms);
        struct itimerspec when = {.it_value = {ms / 1000, ms % 1000 * 1000000}};
        wake_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
        timerfd_settime(wake_fd, 0, &when, NULL);
    }
    struct error err = {""};
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double start = seconds();
    enum mailbox_wait wait = mailbox_wait(probe->mailbox, wake_fd, atoi(most), &err);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    getrusage(RUSAGE_SELF, &after);
    printf("wait %s ms=%.0f at=%lld.%03ld wakes=%ld%s%s\n", names[wait], (seconds() - start) * 1000,
           (long long)now.tv_sec, now.tv_nsec / 1000000, after.ru_nvcsw - before.ru_nvcsw,
           wait == WAIT_LOST ? ": " : "", err.what);
    if (wake_fd >= 0) {
        close(wake_fd);
    }
}

static void do_token(struct probe *probe, char *first, char *second)
{
    (void)first, (void)second;
    char *token;
    struct error err;
    if (token_get(&probe->token, probe->arena, &token, &err)) {
        printf("token ok sum=%u\n", checksum(token, strlen(token)));
    } else {
        printf("token refused: %s\n", err.what);
    }
}

static const struct command {
    const char *name;
    void (*run)(struct probe *, char *, char *);
    int arguments;
    bool session;
} commands[] = {
    {"open", do_open, 0, false},
    {"close", do_close, 0, false},
    {"uidvalidity", do_uidvalidity, 0, true},
    {"list", do_list, 1, true},
    {"fetch", do_fetch, 1, true},
    {"stop-after", do_stop_after, 1, false},
    {"bench", do_bench, 0, true},
    {"move", do_move, 2, true},
    {"append", do_append, 1, true},
    {"sent-has", do_sent_has, 1, true},
    {"wait", do_wait, 1, true},
    {"token", do_token, 0, false},
};

static void obey(struct probe *probe, char *line)
{
    char *save = NULL, *name = strtok_r(line, " \n", &save);
    char *first = strtok_r(NULL, " \n", &save), *second = strtok_r(NULL, " \n", &save);
    int given = (first != NULL) + (second != NULL);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const struct command *command = &commands[i];
        if (!str_equal(name, command->name)) {
            continue;
        }
        if (given < command->arguments || (command->session && probe->mailbox == NULL)) {
            printf("%s: arguments or a session are missing\n", command->name);
        } else {
            command->run(probe, first, second);
        }
        return;
    }
    printf("unknown command\n");
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    struct probe probe = {.arena = arena_new()};
    if (!mailbox_settings_read(argc, argv, &probe.settings, &probe.token)) {
        return 2;
    }
    token_begin(&probe.token);
    if (probe.token.file != NULL || probe.token.endpoint != NULL) {
        probe.settings.token = &probe.token;
    }
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        obey(&probe, line);
        printf(".\n");
        fflush(stdout);
        arena_reset(probe.arena);
    }
    free(line);
    mailbox_close(probe.mailbox);
    token_end(&probe.token);
    arena_free(probe.arena);
    return 0;
}
