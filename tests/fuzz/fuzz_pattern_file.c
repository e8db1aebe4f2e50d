/* Any bytes as a pattern file: refused with a place, or usable. */
#include "base/utf8.h"
#include "parsers/pattern/pattern_text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    struct pattern_entries entries = {0};
    struct error err = {0};
    char *text = utf8_repair(arena, (const char *)data, size);
    if (!pattern_text_read(arena, text, "fuzz.patterns", 0, &entries, &err) &&
        strstr(err.what, "fuzz.patterns:") == NULL) {
        abort();
    }
    for (size_t i = 0; i < entries.entries.n; i++) {
        const char *expression;
        const size_t *starts;
        if (entries.entries.at[i].expression.n > 0) {
            pattern_text_expand(arena, &entries, &entries.entries.at[i], &expression, &starts, &err);
        }
    }
    arena_free(arena);
    return 0;
}
