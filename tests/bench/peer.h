/* tests/bench/peer.h: what the benches of sending share: Postfix's sink and load generator, clocks, sums. */
#ifndef STADTLABOR_TESTS_PEER_H
#define STADTLABOR_TESTS_PEER_H

#include "base/error.h"

#include <sys/types.h>

enum { LETTER_BYTES = 5 * 1024, ROUNDS_MAX = 99 };

struct bench {
    const char *name; /* the program's, for what goes wrong */
    int letters, connections, rounds, port;
    pid_t sink;
    char folder[256];
    double source_cpu, outbox_cpu; /* seconds of the last round */
};

/* NAME [LETTERS [CONNECTIONS [ROUNDS]]], usual: 10000 10 3. Ends the program when something is missing. */
struct bench bench_begin(const char *name, int argc, char **argv);
void bench_end(struct bench *bench);

/* One round of smtp-source -d: letters a second. */
double bench_source(struct bench *bench);

double now_s(void);
double cpu_s(int who); /* processor time: RUSAGE_SELF, RUSAGE_CHILDREN */
double peak_mb(void);  /* of this process, so far */
double median(double *rates, int n);
_Noreturn void give_up(const struct bench *bench, const char *what, const struct error *err);
/* The store with its side files. */
void remove_store(const char *path);

#endif
