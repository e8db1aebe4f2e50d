/* Any bytes as the text of a mail: no crash, dates in order and within the text. */
#include "base/utf8.h"
#include "parsers/language/german_date.h"
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
    char *text = utf8_repair(arena, (const char *)data, size);
    struct dates dates;
    german_dates(arena, patterns, text, (struct date){2026, 11, 22}, &dates);
    size_t end = 0;
    for (size_t i = 0; i < dates.found.n; i++) {
        if (dates.found.at[i].at < end || (dates.found.at[i].month > 12)) {
            abort();
        }
        end = dates.found.at[i].at + dates.found.at[i].len;
    }
    if (end > strlen(text)) {
        abort();
    }
    arena_free(arena);
    return 0;
}
