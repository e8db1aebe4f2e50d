#include "parsers/reading/extent.h"

#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

/* A few words and nothing else: the name under a letter without greetings. */
static bool is_bare_name(const char *line)
{
    int words = 1;
    for (const char *c = line; *c != '\0'; c++) {
        words += *c == ' ';
        if (strchr(",;:!?()0123456789", *c) != NULL) {
            return false;
        }
    }
    return words <= 4;
}

char *extent_words(struct arena *arena, const struct own_words *own)
{
    size_t len = strlen(own->text), closing = strlen(own->closing);
    bool ends = closing <= len && memcmp(own->text + len - closing, own->closing, closing) == 0;
    char *words = str_trim(arena, arena_strndup(arena, own->text, ends ? len - closing : len));
    char *last = strrchr(words, '\n');
    if (last != NULL && last > words && last[-1] == '\n' && is_bare_name(last + 1)) {
        *last = '\0';
    }
    return words;
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
