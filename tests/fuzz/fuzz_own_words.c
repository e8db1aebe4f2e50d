/* Any bytes as the text of a mail: no crash, and the blocks are all of the text, in order. */
#include "base/utf8.h"
#include "parsers/mail/own_words.h"
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
    struct own_words own;
    own_words(arena, patterns, text, &own);
    size_t at = 0, len = strlen(text);
    for (size_t i = 0; i < own.blocks.n; i++) {
        if (own.blocks.at[i].at != at) {
            abort();
        }
        at += own.blocks.at[i].len + 1;
    }
    if (at < len || own.forwarded.at + own.forwarded.len > len || !utf8_valid(own.text, strlen(own.text)) ||
        !utf8_valid(own.closing, strlen(own.closing))) {
        abort();
    }
    arena_free(arena);
    return 0;
}
