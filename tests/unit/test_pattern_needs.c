/* tests/unit/test_pattern_needs.c: an expression is only left out where it cannot match. */
#include "parsers/pattern/needs_index.h"

#include "tests/unit/check.h"

/* Whether the text holds what the expression needs. */
static const struct {
    const char *expression, *text;
    bool possible;
} rows[] = {
    {"newsletter", "Ihr Newsletter bitte", true},
    {"newsletter", "Ihr Rundbrief bitte", false},
    {"newsletter|rundbrief", "Ihr RUNDBRIEF", true},
    {"newsletter|rundbrief", "Ihr Brief", false},
    {"(?:newsletter|rundbrief)\\s+bitte", "rundbrief bitte", true},
    {"(?:newsletter|rundbrief)\\s+bitte", "rundbrief danke", false},
    {"möchte", "ich MÖCHTE", true},
    {"möchte", "ich mag", false},
    {"stra(?:ß|ss)e", "Hauptstrasse", true},
    {"straße", "HAUPTSTRAẞE", true}, /* the capital sharp s has three bytes */
    {"straße", "hauptweg", false},
    {"grä?fin", "grfin", true}, /* a letter of two bytes is left out whole */
    {"grä{0,2}fin", "grfin", true},
    {"gräfin", "grfin", false},
    {"masse",
     "ma\xc5\xbf\xc5\xbf"
     "e",
     true}, /* PCRE2 takes these for s, k and å, too */
    {"kreis", "\xe2\x84\xaareis", true},
    {"sie", "\xc5\xbfie", true},
    {"ångström", "\xe2\x84\xabngström", true},
    {"anmeld(?:en|ung)?", "Anmeld", true},
    {"anmelden?", "anmelde", true},
    {"anmelde(?:n)?", "anmelde", true},
    {"newslet{1,2}er", "newsleter", true},
    {"newslet{0,1}er", "newsleer", true},
    {"ab(?:zu)?melden", "abmelden", true},
    {"ab\\ melden", "ab melden", true},
    {"ab melden # a comment |x", "abmelden", true},
    {"[a-z]{3}", "123", true},
    {"\\bnicht\\b", "NICHT", true},
    {"\\x41bc", "abc", true},
    {"(?!newsletter)\\w+", "abc", true},
    {"(?<=newsletter )abc", "newsletter abc", true},
    {"(?<word>newsletter)", "newsletter", true},
    {"(?<word>newsletter)", "news", false},
    {"(?-i:Newsletter)", "Newsletter", true},
    {"(?(?=a)bcd|efg)", "efg", true},
    {"\\b(?:ob|wie)\\b", "und ob", true}, /* a word's edges */
    {"\\b(?:ob|wie)\\b", "Obst, wieder", true},
    {"\\b(?:ob|wie)\\b", "halb so, nieder", false},
    {"\\bab\\b", "ab", true},
    {"\\bab\\b", "\"ab\"", true},
    {"\\bab\\b", "„ab“", true},
    {"\\bab\\b", "aber", false},
    {"\\bab\\b", "knapp ab!", true},
    {"\\bab\\b", "üab", false},
    {"ich\\s+auch", "ich\nauch", true},
    {"ich\\s+auch",
     "ich\xe2\x80\xaf"
     "auch",
     true},
    {"ich\\s+auch", "ichauch", false},
    {"ich\\s*auch", "ichauch", true},
    {"ich[ ]auch", "ich auch", true},
    {"ich(?!\\d)\\s+auch", "ich auch", true},
    {"an-\\b\\w", "an-x", true},
    {"(?:an|ab)\\b\\W", "an!", true},
    {"\\d{5}", "58636", true}, /* digits */
    {"\\d{5}", "4711", true},
    {"\\d{5}", "12 34", false},
    {"\\d{5}", "\u0665\u0668\u0666\u0663\u0666", true},
    {"\\d{1,2}\\.", "am 3.", true},
    {"\\d{1,2}\\.", "am 3", false},
    {"\\d+\\s?%", "7 %", true},
    {"\\?$", "ob?", true}, /* one sign */
    {"\\?$", "ob!", false},
    {"(?:ja|ne)\\s*\\?", "ne ?", true},
    {"(?:ja|ne)\\s*\\?", "ja.", false},
    {"×2", "×2", true},
    {"\\b(?:написал|写道)\\s*:", "Анна НАПИСАЛ:", true}, /* other scripts */
    {"\\b(?:написал|写道)\\s*:", "安娜写道:", true},
    {"\\b(?:написал|写道)\\b", "Anna hat geschrieben", false},
    {"сказал", "\u1c83казал", true}, /* the same letter, but of three bytes */
    {"(?:作|ж)2", "Ж2", true},
    {"viết", "VIẾT", true},
    {"^ab", "x\nab", true},
    {"ab$", "ab", true},
    {"(abc", "", true}, /* not understood: always tried */
    {"abc)", "", true},
    {"newsletter|", "", true},
    {"", "", true},
    {"abc", "ab", false},
};

static uint64_t places(struct arena *arena, const char *expression, const char *text)
{
    struct pattern_needs needs;
    struct needs_index *index = ARENA_NEW(arena, struct needs_index);
    struct text_classes classes = {0};
    uint8_t of_ascii[128];
    for (int c = 0; c < 128; c++) {
        of_ascii[c] = (uint8_t)text_class_of((unsigned char)c);
    }
    pattern_needs(arena, expression, &needs);
    needs_index_begin(arena, index);
    struct needs_place place = needs_index_add(arena, index, &needs);
    needs_index_ready(arena, arena, index);
    struct text_needs found = {.met = arena_alloc(arena, index->reach.n * sizeof *found.met)};
    text_classes_read(&classes, of_ascii, text, 0, strlen(text));
    struct words_found work = {.word = arena_alloc(arena, index->words * sizeof *work.word),
                               .blocks = arena_alloc(arena, index->words * sizeof *work.blocks)};
    needs_look(index, &classes, text, &work, &found);
    text_classes_free(&classes);
    return needs_places(index, &place, &found, ~(uint64_t)0);
}

TEST(rows)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW((places(arena, rows[i].expression, rows[i].text) != 0) == rows[i].possible, "%s in \"%s\"",
                  rows[i].expression, rows[i].text);
    }
    arena_free(arena);
}

/* Which blocks of 16 bytes a match may begin in: the text is filled up with blanks to where the word is. */
static const struct {
    const char *expression;
    size_t at; /* of the word, in bytes */
    const char *word;
    uint64_t places;
} reaches[] = {
    {"newsletter", 64, "newsletter", 0x18}, /* the block before: a match may begin at its end */
    {"\\s{1,20}newsletter", 64, "newsletter", 0x1c},
    {"(?:a|bc){0,9}newsletter", 64, "newsletter", 0x1c},
    {"\\w{2,}?newsletter", 64, "newsletter", 0x1f},
    {"\\s*newsletter", 64, "newsletter", 0x1f},
    {"\\X?newsletter", 64, "newsletter", 0x1f},
    {"\\R{16}newsletter", 64, "newsletter", 0x1e},
    {"\\R{8}newsletter", 64, "newsletter", 0x1c},
    {"(?=[a-z]{99})newsletter", 64, "newsletter", 0x18}, /* looking ahead takes nothing */
    {"a?\\w{3}(?:\\d|\\w{4})\\w(?:newsletter|rundbrief)", 64, "rundbrief", 0x18},
    {"(?:newsletter|\\w{40}rundbrief)", 64, "rundbrief", 0x1e},
    {".{16}newsletter", 64, "\u00e4\u00e4 newsletter", 0x1c}, /* two bytes more than characters */
    {"newsletter.{0,9}rundbrief", 64, "newsletter", 0},
    {"abc\\s{9}defg\\s{9}hijk", 64, "abc defg hijk", 0x18},
};

TEST(reaches)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof reaches / sizeof *reaches; i++) {
        char *text = arena_alloc(arena, 200);
        memset(text, ' ', reaches[i].at);
        strcpy(text + reaches[i].at, reaches[i].word);
        uint64_t found = places(arena, reaches[i].expression, text);
        CHECK_ROW(found == reaches[i].places, "%s: %#lx", reaches[i].expression, (unsigned long)found);
    }
    arena_free(arena);
}

TEST(deep_and_long)
{
    struct arena *arena = arena_new();
    char *deep = arena_alloc(arena, 200001);
    struct pattern_needs needs;
    memset(deep, '(', 200000);
    pattern_needs(arena, deep, &needs);
    CHECK_INT(needs.branches, 0);
    memset(deep, 'a', 200000);
    pattern_needs(arena, deep, &needs);
    CHECK_INT(needs.branches, 1);
    arena_free(arena);
}

int main(void)
{
    RUN(rows);
    RUN(reaches);
    RUN(deep_and_long);
    return check_done();
}
