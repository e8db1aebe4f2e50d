/* tests/unit/test_pattern_opening.c: a pattern is tried wherever it could begin, and hardly anywhere else. */
#include "parsers/pattern/pattern_index.h"

#include "base/text.h"
#include "tests/unit/check.h"

#include <stdlib.h>

/* The places of the text, in bytes, where the expression may begin. */
static const struct {
    const char *expression, *text, *places;
} rows[] = {
    {"newsletter", "Der NEWSLETTER kommt", "4"},
    {"newsletter", "Newsletter, Newsl", "0"}, /* the end of the text */
    {"letter", "der Newsletter", "8"},
    {"\\bletter", "der Newsletter, ein Letter", "20"},
    {"\\b(?:an|ab)", "dann ab an Land", "5 8"},
    {"an\\b", "Land an Anna", "5"},
    {"\\ban\\b", "an Anna-an", "0 8"},
    {"(?:an|ab)meld(?:en|ung)", "anmelden, anmalen, Abmeldung", "0 19"},
    {"(?:rot|grün)er", "grüner roter gruner", "0 8"},
    {"gr(?:ü|ue)n", "Grün gruen grün", "0 6 12"},
    {"stra(?:ß|ss)e", "straße STRASSE straẞe", "0 8 16 20"}, /* what is odd may be anything */
    {"ab?c", "abc ac abbc adc", "0 4 7"},
    {"ab*c", "abc ac abbc", "0 4 7"},
    {"a{2}b", "aab ab aaab", "0 8"},
    {"(?:ab){2,}c", "ababc abc", "0"},
    {"a(?:b|)c", "abc ac adc", "0 4"},
    {"\\d{5}\\s\\w+", "58636 Iserlohn, 5863 Iserlohn", "0"},
    {"[a-c]x[^.]", "ax1 bx. cxa dxa", "0 8"},
    {"[[:alpha:]]x", "1x", "0"}, /* not understood: anything */
    {"^ab", "ab\nab ab", "0 3"},
    {"(?:^|,)ab", "ab cab,ab", "0 6"},
    {"\\Aab", "ab ab", "0"},
    {"(?<!\\p{L})ab", "ab cab -ab äab", "0 8"},
    {"(?<![\\d.])ab", "1ab .ab cab", "9"},
    {"(?<!xx)ab", "xxab", "2"}, /* of two characters that must not stand there nothing is understood */
    {"(?<=[.!]\\s|,)ab", "x ab,ab xab", "2 5"},
    {"ab(?!\\p{L})", "ab abc ab.", "0 7"},
    {"(?=\\d)\\w", "a1 2b", "1 3"},
    {"(?!ab)\\w\\w", "ab", "0"},
    {"(?<word>ab)c", "abc", "0"},
    {"(?i:AB)c", "abc", "0"},
    {"x|\\bab", "ax ab cab", "1 3"},
    {"\\b„ab", "c„ab „ab", "1"}, /* a word's edge before a sign: the word ends there */
    {"\\bж", "aж ж", "1 4"},     /* beyond Latin one does not know what is in a word */
    {"kreis", "\xe2\x84\xaareis kreis", "0 8"},
    {"sie", "\xc5\xbfie", "0"},
    {"\\d", "\xd9\xa1", "0"},
    {"a\\R?b", "ab axb", "0 3"}, /* of no known length */
    {"(a)\\1", "ab", "0"},
    {"a\\g{-1}", "ab", "0"},
    {"\\Qa|b\\E", "xyz", "0 1 2"},
    {"(?(?=a)bc|de)", "xyz", "0 1 2"},
    {"abcdefghijk|x", "abcdef x abcde", "0 7"}, /* six bytes and no more */
    {"a # b\n b", "ab a b", "0"},
    {"a \\  b", "a b", "0"},
    {"(?:(?:a|b)+c)+d", "abcbcd bd", "0 1 3"},
    {"", "ab", "0 1"},
};

static char *places(struct arena *arena, const char *expression, const char *text)
{
    struct pattern_openings openings;
    struct pattern_index index;
    struct text_classes classes = {0};
    struct index_hits hits = {0};
    struct text out = text_new(arena, 1000);
    size_t len = strlen(text);
    pattern_openings(expression, &openings);
    pattern_index_begin(arena, &index);
    struct index_place place = pattern_index_add(arena, &index, &openings);
    text_classes_read(&classes, index.class_of, text, 0, len);
    pattern_index_scan(&index, &place, &classes, text, 0, len, &hits);
    for (size_t i = 0; i < hits.n; i++) {
        for (size_t at = hits.at[i].first; at <= hits.at[i].last; at++) {
            if (((unsigned char)text[at] & 0xc0) == 0x80) {
                continue;
            }
            struct text_classes from = {0}; /* the same, seen from there alone */
            struct index_hits again = {0};
            text_classes_read(&from, index.class_of, text, at, len);
            pattern_index_scan(&index, &place, &from, text, at, len, &again);
            if (again.n > 0 && again.at[0].first == at) {
                text_printf(&out, "%s%zu", out.len > 0 ? " " : "", at);
            }
            text_classes_free(&from);
            free(again.at);
        }
    }
    text_classes_free(&classes);
    free(hits.at);
    return out.s;
}

TEST(rows)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *found = places(arena, rows[i].expression, rows[i].text);
        CHECK_ROW(str_equal(found, rows[i].places), "%s in \"%s\": %s, not %s", rows[i].expression,
                  rows[i].text, found, rows[i].places);
    }
    arena_free(arena);
}

TEST(deep_and_long)
{
    struct arena *arena = arena_new();
    char *deep = arena_alloc(arena, 200001);
    struct pattern_openings openings;
    memset(deep, '(', 200000);
    pattern_openings(deep, &openings);
    CHECK_INT(openings.n, 1);
    CHECK(openings.at[0].class[1] == CLASSES_ALL);
    memset(deep, 'a', 200000);
    pattern_openings(deep, &openings);
    CHECK_INT(openings.n, 1);
    CHECK(openings.at[0].class[OPENING_BYTES] == CLASS_BIT(CLASS_LETTER));
    arena_free(arena);
}

/* Characters cut off at the end of what is searched, and before it. */
TEST(cut_characters)
{
    struct arena *arena = arena_new();
    struct pattern_index index;
    struct text_classes classes = {0};
    const char text[] = "aä“b";
    pattern_index_begin(arena, &index);
    for (size_t from = 0; from < sizeof text; from++) {
        for (size_t len = from; len < sizeof text; len++) {
            text_classes_read(&classes, index.class_of, text, from, len);
            CHECK_INT(classes.len, len);
            CHECK_INT(classes.class[len - from], CLASS_ENDS);
        }
    }
    text_classes_free(&classes);
    arena_free(arena);
}

int main(void)
{
    RUN(rows);
    RUN(deep_and_long);
    RUN(cut_characters);
    return check_done();
}
