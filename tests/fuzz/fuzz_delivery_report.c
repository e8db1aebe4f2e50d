/* Any bytes as a mail that came back: what is found is an address, in valid text. */
#include "base/utf8.h"
#include "parsers/robot/delivery_report.h"
#include "parsers/robot/robot.h"
#include "tests/unit/shipped.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct patterns *patterns;
    if (patterns == NULL) {
        patterns = shipped_patterns();
    }
    struct arena *arena = arena_new();
    struct letter letter;
    struct robot robot;
    struct delivery_report report = {0};
    if (letter_read(arena, (const char *)data, size, true, &letter, NULL)) {
        struct own_words own = {.text = letter.text, .closing = "", .signature = ""};
        robot_recognise(arena, patterns, &letter, &own, &robot);
        delivery_report_read(arena, patterns, &letter, &report);
    }
    for (size_t i = 0; i < report.failed.n; i++) {
        const struct failed_recipient *f = &report.failed.at[i];
        const char *words = f->diagnostic == NULL ? "" : f->diagnostic;
        if (strchr(f->recipient, '@') == NULL || !utf8_valid(words, strlen(words)) ||
            (f->hard && f->delayed)) {
            abort();
        }
    }
    arena_free(arena);
    return 0;
}
