/* parsers/person/name_tidy.c: names in ordinary capitals. */
#include "parsers/person/name.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

static void tidy_word(struct text *out, const char *word, bool particle)
{
    bool start = !particle;
    for (uint32_t c; (c = utf8_next(&word)) != 0;) {
        char bytes[4];
        uint32_t small = c == 'I' ? 'i' : utf8_lower(c);
        text_addn(out, bytes, utf8_put(start ? utf8_upper(c) : small, bytes));
        start = c == '-' || c == '\'' || c == 0x2019 || c == '.';
    }
}

bool name_one_case(const char *word)
{
    bool upper = false, lower = false;
    size_t letters = 0;
    for (uint32_t c; (c = utf8_next(&word)) != 0;) {
        if (utf8_is_letter(c)) {
            *(utf8_is_upper(c) ? &upper : &lower) = true;
            letters++;
        }
    }
    return !upper || (!lower && letters > 1);
}

char *name_tidy(struct arena *arena, const char *name)
{
    struct text out = text_new(arena, 1000);
    while (*name != '\0') {
        size_t len = strcspn(name, " \t\n");
        if (len > 0) {
            char *word = arena_strndup(arena, name, len);
            bool particle = (name_particle(word) || str_equal_nocase(word, "und")) &&
                            (out.len == 0 || strchr(name + len, ' ') != NULL || len <= 3);
            text_add(&out, out.len > 0 ? " " : "");
            if (particle && !(utf8_is_upper((unsigned char)word[0]) && !name_one_case(word))) {
                tidy_word(&out, word, true);
            } else if (name_one_case(word)) {
                tidy_word(&out, word, false);
            } else {
                text_add(&out, word);
            }
        }
        name += len + (name[len] != '\0');
    }
    return out.s;
}
