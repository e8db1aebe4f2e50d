/* tests/bench/bench_reading.c: how fast mails are read, in one process on one core.
 *
 *     bench_reading PATTERNS PROGRAMME.csv SECONDS MAIL...
 * SECONDS below 0: reads for so long and prints nothing, for a profiler.
 *
 * Prints "name value" lines: mails a second from bytes to reading; how the time divides between MIME,
 * patterns and the rest (the time within pcre2_match, seen through the linker's --wrap, in a run of
 * its own); GMime's text extraction alone; the peak of memory; the time to load and prove the
 * patterns, also with the machine code of those that the mails needed; and the worst time for 1 MB of each
 * kind of hostile text, with machine code and without, as where the system forbids it. */
#include "parsers/reading/reading.h"

#include "base/file.h"
#include "base/text.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <gmime/gmime.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAIL_MAX = 32 * 1024 * 1024, HOSTILE_BYTES = 1024 * 1024, HOSTILE_ROUNDS = 3, START_ROUNDS = 5 };

struct mail_bytes {
    char *bytes;
    size_t len;
};

struct bench {
    struct arena *arena;
    const char *patterns_folder;
    struct patterns *patterns;
    struct programme programme;
    struct reader reader;
    double seconds;
    LIST(struct mail_bytes) mails;
};

static double now_s(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Processor time: others at work on the machine matter less. */
static double cpu_s(void)
{
    return now_s(CLOCK_PROCESS_CPUTIME_ID);
}

/* --- the time within PCRE2 --- */

static bool matching_is_timed;
static double matching_s;

typedef int matching(const pcre2_code *code, PCRE2_SPTR subject, PCRE2_SIZE len, PCRE2_SIZE from,
                     uint32_t options, pcre2_match_data *data, pcre2_match_context *context);
matching __real_pcre2_match_8, __wrap_pcre2_match_8;
matching __real_pcre2_jit_match_8, __wrap_pcre2_jit_match_8;

static int timed(matching *match, const pcre2_code *code, PCRE2_SPTR subject, PCRE2_SIZE len, PCRE2_SIZE from,
                 uint32_t options, pcre2_match_data *data, pcre2_match_context *context)
{
    if (!matching_is_timed) {
        return match(code, subject, len, from, options, data, context);
    }
    double begin = now_s(CLOCK_MONOTONIC);
    int rc = match(code, subject, len, from, options, data, context);
    matching_s += now_s(CLOCK_MONOTONIC) - begin;
    return rc;
}

int __wrap_pcre2_match_8(const pcre2_code *code, PCRE2_SPTR subject, PCRE2_SIZE len, PCRE2_SIZE from,
                         uint32_t options, pcre2_match_data *data, pcre2_match_context *context)
{
    return timed(__real_pcre2_match_8, code, subject, len, from, options, data, context);
}

int __wrap_pcre2_jit_match_8(const pcre2_code *code, PCRE2_SPTR subject, PCRE2_SIZE len, PCRE2_SIZE from,
                             uint32_t options, pcre2_match_data *data, pcre2_match_context *context)
{
    return timed(__real_pcre2_jit_match_8, code, subject, len, from, options, data, context);
}

/* --- the time to make machine code, at a pattern's first use --- */

static double compiling_s;
static bool compiling_is_forbidden;

int __real_pcre2_jit_compile_8(pcre2_code *code, uint32_t options);
int __wrap_pcre2_jit_compile_8(pcre2_code *code, uint32_t options);

int __wrap_pcre2_jit_compile_8(pcre2_code *code, uint32_t options)
{
    if (compiling_is_forbidden) {
        return PCRE2_ERROR_NOMEMORY;
    }
    double begin = cpu_s();
    int rc = __real_pcre2_jit_compile_8(code, options);
    compiling_s += cpu_s() - begin;
    return rc;
}

/* --- what is measured --- */

static void give_up(const char *what, const struct error *err)
{
    fprintf(stderr, "bench_reading: %s: %s\n", what, err->what);
    exit(1);
}

static struct letter letter_of(struct arena *arena, const struct mail_bytes *mail)
{
    struct letter letter;
    struct error err;
    if (!letter_read(arena, mail->bytes, mail->len, true, &letter, &err)) {
        give_up("letter_read", &err);
    }
    return letter;
}

static void read_one(struct bench *b, struct arena *arena, const struct mail_bytes *mail)
{
    struct letter letter = letter_of(arena, mail);
    struct reading reading;
    read_letter(arena, &b->reader, &letter, NULL, &reading);
}

static void mime_one(struct bench *b, struct arena *arena, const struct mail_bytes *mail)
{
    (void)b;
    (void)letter_of(arena, mail);
}

static void gmime_part(GMimeObject *parent, GMimeObject *part, gpointer ctx)
{
    (void)parent;
    if (GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text((GMimeTextPart *)part);
        *(size_t *)ctx += text == NULL ? 0 : strlen(text);
        g_free(text);
    }
}

/* Parse, decode subject and sender, decode every text part: nothing more. */
static void gmime_one(struct bench *b, struct arena *arena, const struct mail_bytes *mail)
{
    (void)b, (void)arena;
    size_t got = 0;
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail->bytes, mail->len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (message != NULL) {
        (void)g_mime_message_get_subject(message);
        (void)g_mime_message_get_from(message);
        g_mime_message_foreach(message, gmime_part, &got);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

/* Mails a second of processor time: as many whole rounds over the mails as `seconds` hold. */
static double rate(struct bench *b, void (*one)(struct bench *, struct arena *, const struct mail_bytes *))
{
    struct arena *arena = arena_new();
    size_t n = 0;
    double begin = cpu_s();
    do {
        for (size_t i = 0; i < b->mails.n; i++, n++) {
            arena_reset(arena);
            one(b, arena, &b->mails.at[i]);
        }
    } while (cpu_s() - begin < b->seconds);
    double took = cpu_s() - begin;
    arena_free(arena);
    return (double)n / took;
}

static long peak_kib(void)
{
    char line[256];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (str_starts(line, "VmHWM:")) {
            kib = strtol(line + 6, NULL, 10);
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return kib;
}

/* --- hostile text --- */

struct hostile {
    const char *name, *unit;
    int line; /* units a line; 0: one line of all */
};

static const struct hostile hostile_kinds[] = {
    {"one_long_line", "Donaudampfschifffahrt und weiter so ", 0},
    {"one_word", "x", 0},
    {"digits", "7", 0},
    {"digits_in_lines", "4711", 18},
    {"a_blank", "a ", 0},
    {"a_blank_in_lines", "a ", 36},
    {"blanks", " ", 0},
    {"empty_lines", "\n", 1},
    {"quotes", ">", 70},
    {"deep_quotes", "> > > > > > > > > > > > a b c\n", 1},
    {"dates", "3.5.1958, ", 7},
    {"spelled_dates", "am 3. Mai 1958 um 17 Uhr ", 3},
    {"names", "Erika Mustermann, ", 4},
    {"one_line_of_names", "Anna Maria Beispiel und ", 0},
    {"labels",
     "Vorname: Anna\nNachname: Beispiel\nGeburtsdatum: 3.5.1958\nStraße: Am Markt 3\nOrt: 58636 Iserlohn\n",
     1},
    {"addresses", "Am Markt 3a, 58636 Iserlohn\n", 1},
    {"greetings", "Mit freundlichen Grüßen\n", 1},
    {"headers", "Von: a@example.org\nGesendet: Montag, 3. Mai 2021 10:00\nAn: b@example.org\nBetreff: x\n",
     1},
    {"attributions", "Am 3.5.2021 um 10:00 schrieb Anna <a@example.org>:\n> ja\n", 1},
    {"wishes", "Ich möchte mich und meine Frau anmelden. ", 2},
    {"titles", "KI im Alltag ", 5},
    {"capitals", "VON DER HEIDE ", 5},
    {"at_signs", "@", 0},
    {"mail_addresses", "a@b.example ", 6},
    {"brackets", "((((((((((", 0},
    {"umlauts", "ä", 0},
};

static struct mail_bytes hostile_mail(struct arena *arena, const struct hostile *kind)
{
    struct text mail = text_new(arena, 2 * HOSTILE_BYTES);
    text_add(&mail, "From: Anna Beispiel <anna@example.org>\r\nTo: stadtlabor@iserlohn.de\r\n"
                    "Subject: Anmeldung\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    "Content-Transfer-Encoding: 8bit\r\n\r\n");
    for (int n = 1; mail.len < HOSTILE_BYTES; n++) {
        text_add(&mail, kind->unit);
        if (kind->line > 0 && n % kind->line == 0 && mail.s[mail.len - 1] != '\n') {
            text_add(&mail, "\n");
        }
    }
    return (struct mail_bytes){mail.s, mail.len};
}

/* Processor time, the best of a few: what the text costs, not what others do to the machine. */
static void hostile_all(struct bench *b, const char *figure)
{
    for (size_t i = 0; i < sizeof hostile_kinds / sizeof *hostile_kinds; i++) {
        struct arena *mails = arena_new(), *arena = arena_new();
        struct mail_bytes mail = hostile_mail(mails, &hostile_kinds[i]);
        double best = 0;
        for (int round = 0; round < HOSTILE_ROUNDS; round++) {
            arena_reset(arena);
            double begin = cpu_s();
            read_one(b, arena, &mail);
            double took = cpu_s() - begin;
            best = round == 0 || took < best ? took : best;
        }
        printf("%s.%s %.1f\n", figure, hostile_kinds[i].name, best * 1000);
        arena_free(arena);
        arena_free(mails);
    }
}

/* --- the order of it all --- */

static double start_s(const struct bench *b)
{
    const char *const folders[] = {b->patterns_folder, NULL};
    double best = 0;
    for (int round = 0; round < START_ROUNDS; round++) {
        struct error err;
        double begin = now_s(CLOCK_MONOTONIC); /* patterns are loaded on all processors */
        struct patterns *patterns = patterns_load(folders, true, &err);
        double took = now_s(CLOCK_MONOTONIC) - begin;
        if (patterns == NULL) {
            give_up("patterns", &err);
        }
        patterns_free(patterns);
        best = round == 0 || took < best ? took : best;
    }
    return best;
}

static void begin(struct bench *b, const char *programme, char **mails)
{
    const char *const folders[] = {b->patterns_folder, NULL};
    struct error err;
    const char *problems;
    char *bytes;
    size_t len;
    b->patterns = patterns_load(folders, true, &err);
    if (b->patterns == NULL || !file_read(b->arena, programme, MAIL_MAX, &bytes, &len, &err) ||
        !programme_read_csv(b->arena, bytes, len, &b->programme, &problems, &err)) {
        give_up(programme, &err);
    }
    programme_prepare(b->arena, b->patterns, &b->programme);
    b->reader = (struct reader){.patterns = b->patterns,
                                .programme = &b->programme,
                                .today = {2026, 11, 22},
                                .caution = READING_CAUTION,
                                .own_address = "stadtlabor@iserlohn.de"};
    for (; *mails != NULL; mails++) {
        struct mail_bytes *mail = LIST_ADD(b->arena, &b->mails);
        if (!file_read(b->arena, *mails, MAIL_MAX, &mail->bytes, &mail->len, &err)) {
            give_up(*mails, &err);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fputs("usage: bench_reading PATTERNS PROGRAMME.csv SECONDS MAIL...\n", stderr);
        return 2;
    }
    struct bench b = {.arena = arena_new(), .patterns_folder = argv[1], .seconds = strtod(argv[3], NULL)};
    letter_init();
    begin(&b, argv[2], argv + 4);
    if (b.seconds < 0) { /* for a profiler */
        b.seconds = -b.seconds;
        rate(&b, read_one);
        return 0;
    }
    double reading = rate(&b, read_one), compiling = compiling_s;
    long kib = peak_kib();
    printf("reading_per_s %.0f\npeak_kib %ld\n", reading, kib);
    printf("mime_share %.3f\n", reading / rate(&b, mime_one));
    matching_is_timed = true;
    double wall = now_s(CLOCK_MONOTONIC);
    rate(&b, read_one);
    wall = now_s(CLOCK_MONOTONIC) - wall;
    matching_is_timed = false;
    printf("pattern_share %.3f\n", matching_s / wall);
    printf("gmime_per_s %.0f\n", rate(&b, gmime_one));
    double start = start_s(&b);
    printf("start_ms %.1f\nstart_jit_ms %.1f\n", start * 1000, (start + compiling) * 1000);
    hostile_all(&b, "hostile_ms");
    patterns_free(b.patterns);
    compiling_is_forbidden = true;
    begin(&b, argv[2], argv + 4);
    hostile_all(&b, "hostile_plain_ms");
    patterns_free(b.patterns);
    arena_free(b.arena);
    return 0;
}
