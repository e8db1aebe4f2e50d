#include "base/text.h"
#include "parsers/mail/form_boxes.h"
#include "tests/unit/shipped.h"

static struct patterns *patterns;

static const struct {
    const char *what, *text, *taken; /* words parted by one blank, "|" a line end */
} rows[] = {
    {"boxes before words", "[x] Mapathon\n[ ] Rundgang\n( ) KI", "[x] Mapathon||"},
    {"boxes behind words", "Mapathon [x]\nRundgang [ ]", "Mapathon [x]|"},
    {"signs", "☒ Mapathon ☐ Rundgang", "☒ Mapathon"},
    {"yes and no in a line", "Newsletter: ( ) ja (x) nein\nMapathon", "|Mapathon"},
    {"yes is kept with its question", "Newsletter: [X] ja [ ] nein", "Newsletter: [X] ja"},
    {"boxes behind yes and no", "Newsletter: nein [ ] ja [x]", "Newsletter: ja [x]"},
    {"a question above its boxes", "Newsletter?\n[ ] ja\n[x] nein", "||"},
    {"nothing ticked", "[ ] Mapathon\n[ ] Rundgang", "|"},
    {"an answer of no", "Newsletter gewünscht: nein\nTeilnahme: nein", "|Teilnahme: nein"},
    {"questions as labels", "Wer? Klara Simon\nWo? Ringstraße 6", "Wer: Klara Simon|Wo: Ringstraße 6"},
    {"labels without a mark", "Was Mapathon\nWer Klara Simon", "Was:Mapathon|Wer:Klara Simon"},
    {"one question is a question", "Wer? Klara Simon kommt.", "Wer? Klara Simon kommt."},
    {"data of a program", "\"plz\": \"58636\",\n\"ort\": \"Iserlohn\"", "plz: 58636||ort: Iserlohn"},
    {"no form", "Ich komme (gern) [1] zum Mapathon.", "Ich komme (gern) [1] zum Mapathon."},
};

/* Runs of blanks as one, none at the ends of the text. */
static const char *words_of(struct arena *arena, const char *text)
{
    struct text out = text_new(arena, 1000);
    for (const char *s = text; *s != '\0'; s++) {
        bool blank = *s == ' ' && (s[1] == ' ' || s[1] == '\n' || s[1] == '\0' || out.len == 0);
        if (!blank) {
            text_addc(&out, *s == '\n' ? '|' : *s);
        }
    }
    return out.s;
}

TEST(what_a_form_offers_counts_only_when_it_is_taken)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        const char *filled = form_filled(arena, patterns, rows[i].text);
        CHECK_ROW(str_equal(words_of(arena, filled), rows[i].taken), "%s: \"%s\"", rows[i].what,
                  words_of(arena, filled));
        CHECK_ROW(strlen(filled) == strlen(rows[i].text), "%s: another length", rows[i].what);
        arena_free(arena);
    }
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(what_a_form_offers_counts_only_when_it_is_taken);
    patterns_free(patterns);
    return check_done();
}
