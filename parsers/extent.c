#include "parsers/extent.h"

#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

char *extent_words(struct arena *arena, const struct own_words *own)
{
    size_t len = strlen(own->text), closing = strlen(own->closing);
    bool ends = closing <= len && memcmp(own->text + len - closing, own->closing, closing) == 0;
    return arena_strndup(arena, own->text, ends ? len - closing : len);
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '-';
}

bool extent_names(struct arena *arena, const char *words, const char *first_name)
{
    const char *name = utf8_fold(arena, first_name == NULL ? "" : first_name);
    const char *all = utf8_fold(arena, words);
    size_t len = strlen(name);
    for (const char *at = all; len > 0 && (at = strstr(at, name)) != NULL; at++) {
        if ((at == all || !in_word(at[-1])) && !in_word(at[len])) {
            return true;
        }
    }
    return false;
}

static bool says(struct arena *arena, const struct patterns *patterns, const char *pattern, const char *words)
{
    struct found found;
    return patterns_find(patterns, arena, pattern, words, strlen(words), 0, &found);
}

bool extent_all_events(struct arena *arena, const struct patterns *patterns, const char *words)
{
    return says(arena, patterns, "extent.events", words);
}

bool extent_all_people(struct arena *arena, const struct patterns *patterns, const char *words)
{
    return says(arena, patterns, "extent.people", words);
}
