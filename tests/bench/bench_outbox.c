/* tests/bench/bench_outbox.c: the durable outbox against Postfix's own load generator.
 *
 *     bench_outbox [LETTERS [CONNECTIONS [ROUNDS]]]      usual: 10000 10 3
 *
 * Each round sends so many letters of 5 KB to one smtp-sink(1), once by smtp-source -d (keeps its
 * connections, stores nothing), once by the outbox without a rate limit, every claim and every
 * result committed with synchronous=FULL. Prints both rates and their ratio, by the medians.
 * The store lies in $TMPDIR or /tmp. */
#include "base/date.h"
#include "daemon/post/outbox.h"

#include "tests/bench/peer.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static void fill(const struct bench *bench, struct store *store)
{
    struct error err = {0};
    char body[LETTER_BYTES + 100], name[64], address[64];
    bool ok = store_begin(store, &err);
    for (int i = 0; i < bench->letters && ok; i++) {
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
    if (!store_end(store, ok, &err)) {
        give_up(bench, "cannot fill the store", &err);
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
        give_up(bench, "no store", &err);
    }
    fill(bench, store);
    if (!outbox_new(&settings, store, &outbox, &err)) {
        give_up(bench, "no outbox", &err);
    }
    double begin = now_s(), cpu = cpu_s(RUSAGE_SELF);
    bool through = outbox_run(outbox, true);
    double took = now_s() - begin;
    bench->outbox_cpu = cpu_s(RUSAGE_SELF) - cpu;
    int64_t sent = 0;
    if (!outbox_count(store, "sent", &sent, &err) || !through || sent != bench->letters) {
        give_up(bench, "not all letters were sent", NULL);
    }
    outbox_free(outbox);
    store_close(store);
    remove_store(path);
    return bench->letters / took;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_begin("bench_outbox", argc, argv);
    double source[ROUNDS_MAX] = {0}, outbox[ROUNDS_MAX] = {0};
    for (int i = 0; i < bench.rounds; i++) {
        source[i] = bench_source(&bench);
        outbox[i] = run_outbox(&bench);
    }
    bench_end(&bench);
    double theirs = median(source, bench.rounds), ours = median(outbox, bench.rounds);
    printf("outbox: %d letters of %d bytes, %d connections: %.0f/s, smtp-source -d %.0f/s, ratio %.2f (at "
           "least 0.6), "
           "peak memory %.0f MB, processor time a letter %.0f µs against %.0f µs\n",
           bench.letters, LETTER_BYTES, bench.connections, ours, theirs, ours / theirs, peak_mb(),
           bench.outbox_cpu / bench.letters * 1e6, bench.source_cpu / bench.letters * 1e6);
    return ours / theirs >= 0.6 ? 0 : 1;
}
