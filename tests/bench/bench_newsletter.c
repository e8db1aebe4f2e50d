/* tests/bench/bench_newsletter.c: an issue of the newsletter against Postfix's own load generator.
 *
 *     bench_newsletter [COPIES [CONNECTIONS [ROUNDS]]]      usual: 10000 10 3
 *
 * Each round sends so many messages of 5 KB to one smtp-sink(1), once by smtp-source -d (keeps its
 * connections, stores nothing), once as an issue to so many subscribers: each copy made of the store as it
 * goes, with tokens and address of its own, each of its states committed with synchronous=FULL. Then an issue
 * to 200,000 subscribers is begun: how long its ledger takes. Prints "name value" lines. The store lies in
 * $TMPDIR or /tmp. */
#include "base/date.h"
#include "daemon/newsletter/run.h"
#include "daemon/newsletter/source.h"
#include "daemon/store/ledger_store.h"
#include "daemon/store/query.h"
#include "tests/bench/peer.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MANY = 200000, WORDS = 750 };

struct scene {
    struct bench *bench;
    struct arena *arena;
    struct config config;
    struct store *store;
    char path[300];
    struct error err;
};

static void configure(struct scene *scene)
{
    const char *path = arena_printf(scene->arena, "%s/conf", scene->bench->folder);
    FILE *file = fopen(path, "w");
    if (file != NULL) {
        fputs("imap_host = localhost\nimap_user = lab\nimap_password_file = x\nsmtp_host = 127.0.0.1\n"
              "lab_address = lab@example.org\nnewsletter_plus = yes\n",
              file);
        fclose(file);
    }
    bool read = config_read(scene->arena, path, &scene->config, &scene->err);
    unlink(path);
    if (!read) {
        give_up(scene->bench, "configuration", &scene->err);
    }
}

static void subscribe(struct scene *scene, int n)
{
    bool ok = store_begin(scene->store, &scene->err);
    for (int i = 0; i < n && ok; i++) {
        char address[64];
        snprintf(address, sizeof address, "citizen%d@example.org", i);
        sqlite3_stmt *q =
            store_query(scene->store, "INSERT INTO subscriber (address, state, confirmed_at, changed) "
                                      "VALUES (?1, 'subscribed', 1, 1)");
        bind_text(q, 1, address);
        ok = store_run(scene->store, q, &scene->err);
    }
    if (!store_end(scene->store, ok, &scene->err)) {
        give_up(scene->bench, "cannot fill the store", &scene->err);
    }
}

/* A file whose mail has about 5 KB. */
static const char *source_text(struct arena *arena)
{
    char words[WORDS + 1];
    for (int i = 0; i < WORDS; i++) {
        words[i] = i % 70 == 69 ? '\n' : "abcdefghij "[i % 11];
    }
    words[WORDS] = '\0';
    return arena_printf(arena,
                        "Betreff: Neues aus dem Labor\n\n# {{greeting}}\n\n%s\n\nAn {{address}}, "
                        "[abmelden]({{unsubscribe}})\n",
                        words);
}

/* Seconds that the ledger took. */
static double begin_issue(struct scene *scene, int64_t *ret_recipients)
{
    struct programme programme = {0};
    struct issue_pictures pictures = {0};
    struct issue_file file;
    struct issue_row issue = {0};
    struct issue_making making = {.config = &scene->config,
                                  .store = scene->store,
                                  .programme = &programme,
                                  .templates_folder = "templates",
                                  .now = clock_now()};
    const char *source = source_text(scene->arena);
    if (!issue_file_read(scene->arena, source, strlen(source), &file, &scene->err) ||
        !run_schedule(scene->store, clock_now(), "bench", "2026-12", source, &file, &pictures, clock_now(),
                      &scene->err) ||
        !issue_find(scene->store, scene->arena, "2026-12", &issue, &scene->err)) {
        give_up(scene->bench, "no issue", &scene->err);
    }
    double begin = now_s();
    if (!run_begin(&making, "bench", &issue, ret_recipients, &scene->err)) {
        give_up(scene->bench, "the issue does not begin", &scene->err);
    }
    return now_s() - begin;
}

static void open_store(struct scene *scene)
{
    snprintf(scene->path, sizeof scene->path, "%s/store", scene->bench->folder);
    if (!store_open(scene->path, &scene->store, &scene->err)) {
        give_up(scene->bench, "no store", &scene->err);
    }
}

static void close_store(struct scene *scene)
{
    store_close(scene->store);
    remove_store(scene->path);
}

/* The bytes of the issue as all its readers have them in common. */
static size_t size_of_issue(struct scene *scene)
{
    char *bytes;
    size_t len = 0;
    issue_bytes(scene->store, scene->arena, 1, &bytes, &len, &scene->err);
    return len;
}

static double run_issue(struct scene *scene, size_t *ret_size)
{
    struct bench *bench = scene->bench;
    int64_t recipients;
    open_store(scene);
    subscribe(scene, bench->letters);
    begin_issue(scene, &recipients);
    *ret_size = size_of_issue(scene);
    struct newsletter_source *source = newsletter_source_new(scene->arena, &scene->config);
    struct outbox_source more = newsletter_source_of(source);
    struct outbox_settings settings = {.sender = {.host = "127.0.0.1",
                                                  .port = bench->port,
                                                  .tls = TLS_NONE,
                                                  .connections = bench->connections},
                                       .more = &more,
                                       .n_more = 1};
    struct outbox *outbox;
    if (!outbox_new(&settings, scene->store, &outbox, &scene->err)) {
        give_up(bench, "no outbox", &scene->err);
    }
    double begin = now_s(), cpu = cpu_s(RUSAGE_SELF);
    bool through = outbox_run(outbox, true);
    double took = now_s() - begin;
    bench->outbox_cpu = cpu_s(RUSAGE_SELF) - cpu;
    struct ledger_sums sums;
    if (!ledger_sums(scene->store, 1, &sums, &scene->err) || !through || sums.sent != bench->letters) {
        give_up(bench, "not all copies were sent", NULL);
    }
    outbox_free(outbox);
    newsletter_source_free(source);
    close_store(scene);
    return bench->letters / took;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        return 1;
    }
    struct bench bench = bench_begin("bench_newsletter", argc, argv);
    struct scene scene = {.bench = &bench, .arena = arena_new()};
    configure(&scene);
    double source[ROUNDS_MAX] = {0}, issue[ROUNDS_MAX] = {0};
    size_t size = 0;
    for (int i = 0; i < bench.rounds; i++) {
        source[i] = bench_source(&bench);
        issue[i] = run_issue(&scene, &size);
    }
    double theirs = median(source, bench.rounds), ours = median(issue, bench.rounds), peak = peak_mb();
    open_store(&scene);
    subscribe(&scene, MANY);
    int64_t recipients = 0;
    double fixing = begin_issue(&scene, &recipients);
    close_store(&scene);
    bench_end(&bench);
    printf("copies_per_s %.0f\nsource_per_s %.0f\ncopies_ratio %.3f\ncopy_bytes %zu\npeak_mb %.1f\n"
           "copy_cpu_us %.1f\nsource_cpu_us %.1f\nrecipients %lld\nledger_s %.2f\npeak_many_mb %.1f\n",
           ours, theirs, ours / theirs, size, peak, bench.outbox_cpu / bench.letters * 1e6,
           bench.source_cpu / bench.letters * 1e6, (long long)recipients, fixing, peak_mb());
    arena_free(scene.arena);
    return ours / theirs >= 0.6 && peak < 60 && fixing < 5 ? 0 : 1;
}
