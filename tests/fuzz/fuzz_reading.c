/* tests/fuzz/fuzz_reading.c: any bytes as a mail; the first byte says what had been asked before. */
#include "parsers/reading/reading.h"
#include "tests/unit/shipped.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct patterns *patterns;
static struct programme programme;
static struct arena *forever;

static void start(void)
{
    static const char csv[] = "code;title;keywords;start\n"
                              "a-1;KI im Alltag;ChatGPT;2026-12-03T17:00\n"
                              "a-2;KI im Alltag – Vertiefung;ChatGPT;2027-01-21T17:00\n"
                              "b-1;Smartphone-Sprechstunde;Handy;2026-12-08T10:00\n"
                              "b-2;Smartphone-Sprechstunde;Handy;2027-01-12T10:00\n";
    const char *problems;
    forever = arena_new();
    patterns = shipped_patterns();
    if (!programme_read_csv(forever, csv, sizeof csv - 1, &programme, &problems, NULL)) {
        abort();
    }
    programme_prepare(forever, patterns, &programme);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (patterns == NULL) {
        start();
    }
    if (size == 0) {
        return 0;
    }
    struct arena *arena = arena_new();
    struct reader reader = {
        .patterns = patterns, .programme = &programme, .today = {2026, 11, 22}, .caution = 50};
    struct expected expected = {.missing = data[0] & 63,
                                .confirm_newsletter = data[0] & 64,
                                .confirm_which_cancel = data[0] & 128,
                                .keep_newsletter = data[0] & 32};
    *LIST_ADD(arena, &expected.offered) = "b-1";
    *LIST_ADD(arena, &expected.offered) = "b-2";
    struct letter letter;
    struct reading reading;
    if (letter_read(arena, (const char *)data + 1, size - 1, true, &letter, NULL)) {
        read_letter(arena, &reader, &letter, data[0] == 0 ? NULL : &expected, &reading);
        reading_json(arena, &reading, "a.eml", true);
    }
    arena_free(arena);
    return 0;
}
