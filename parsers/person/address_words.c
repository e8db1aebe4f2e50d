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

static bool says_street(const char *folded)
{
    static const char *const types[] = {"strasse", "str",       "str.", "weg",   "allee", "platz",
                                        "ring",    "gasse",     "damm", "ufer",  "pfad",  "kamp",
                                        "hof",     "waeldchen", "kopf", "huegel"};
    size_t len = strlen(folded);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t n = strlen(types[i]);
        if (len >= n && str_equal(folded + len - n, types[i])) {
            return true;
        }
    }
    return false;
}

/* "in der Schlesischen Straße": the street is Schlesische Straße; "im Eichenweg": Eichenweg. A street that
 * does not say what it is keeps its preposition, "auf der Emst", but for "wohne im Steinbrink". */
const char *address_without_grammar(struct arena *arena, const char *street, const char *text, size_t at)
{
    static const char *const prepositions[] = {"in der ", "an der ",  "auf der ", "im ",
                                               "am ",     "auf dem ", "in dem "};
    char *s = arena_strdup(arena, street);
    for (char *c = s; (c = strchr(c, '\n')) != NULL;) { /* a wrapped line */
        *c = ' ';
    }
    bool after_der = false;
    const char *folded = utf8_fold(arena, s);
    if (str_starts(s, "in der ")) { /* "wir wohnen in der Bremsheide 62" */
        s += strlen("in der ");
        folded = utf8_fold(arena, s);
    }
    bool in_sentence = at > 1 && text[at - 1] == ' ' && text[at - 2] >= 'a' && text[at - 2] <= 'z';
    bool drops = says_street(folded) || (in_sentence && str_starts(s, "im "));
    for (size_t i = 0; i < sizeof prepositions / sizeof *prepositions && drops; i++) {
        if (str_starts(utf8_lower_copy(arena, s), prepositions[i]) && !(s[0] >= 'A' && s[0] <= 'Z')) {
            after_der = strstr(prepositions[i], "der ") != NULL;
            s += strlen(prepositions[i]);
            break;
        }
    }
    size_t before = at > 4 ? at - 4 : 0;
    after_der |= at >= 4 && str_starts_nocase(text + before, "der ");
    char *street_word = strstr(s, "en Str");
    if (after_der && street_word != NULL) {
        memmove(street_word + 1, street_word + 2, strlen(street_word + 2) + 1);
    }
    s = address_tidy_words(arena, s);
    if (at >= 3 && str_starts(text + at - 3, "im ")) { /* "im Hohlen Weg": Hohler Weg */
        char *way = strstr(s, "en Weg");
        way = way == NULL ? strstr(s, "en Ring") : way;
        if (way != NULL) {
            way[1] = 'r';
        }
    }
    const char *rest = s;
    uint32_t first = utf8_next(&rest);
    if (utf8_is_upper(first)) {
        return s;
    }
    char bytes[4]; /* "im Wiesengrund", "auf der Heide" in a sentence */
    size_t n = utf8_put(utf8_upper(first), bytes);
    return arena_printf(arena, "%.*s%s", (int)n, bytes, rest);
}
