#include "parsers/person/address_words.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* Capitals or small letters throughout: "BÖMBERGRING", "grüner weg". */
static void letter_cases(const char *s, bool *ret_upper, bool *ret_lower)
{
    *ret_upper = *ret_lower = false;
    for (uint32_t c; (c = utf8_next(&s)) != 0;) {
        if (utf8_is_letter(c)) {
            *(utf8_is_upper(c) ? ret_upper : ret_lower) = true;
        }
    }
}

static bool small_word(const char *word)
{
    static const char *const words[] = {"der", "den", "dem", "des", "die", "das", "und", "am",
                                        "an",  "im",  "in",  "auf", "vor", "von", "zu"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(words[i], word)) {
            return true;
        }
    }
    return false;
}

/* Each word with a capital, but for "der", "dem", … within. */
static char *in_ordinary_capitals(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, 1000);
    const char *lower = utf8_lower_copy(arena, s);
    while (*lower != '\0') {
        size_t len = strcspn(lower, " -./('’");
        const char *word = arena_strndup(arena, lower, len);
        if (len > 0 && (out.len == 0 || !small_word(word))) {
            char bytes[4];
            const char *rest = word;
            text_addn(&out, bytes, utf8_put(utf8_upper(utf8_next(&rest)), bytes));
            text_add(&out, rest);
        } else {
            text_add(&out, word);
        }
        lower += len;
        if (*lower != '\0') {
            text_addc(&out, *lower++);
        }
    }
    return out.s;
}

char *address_tidy_words(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, 1000);
    for (bool blank = false; *s != '\0'; s++) {
        if (strchr(" \t\n_", *s) != NULL) {
            blank = out.len > 0;
        } else {
            if (blank) {
                text_addc(&out, ' ');
            }
            blank = false;
            text_addc(&out, *s);
        }
    }
    bool upper, lower;
    letter_cases(out.s, &upper, &lower);
    return upper && lower ? out.s : in_ordinary_capitals(arena, out.s);
}
