/* parsers/person/name_words.c: which words can be part of a name, and which part. */
#include "parsers/person/name_words.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

bool name_one_of(const char *word, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (str_equal(*words, word)) {
            return true;
        }
    }
    return false;
}

bool name_particle(const char *word)
{
    static const char *const particles[] = {
        "von", "vom", "van", "der", "den", "de", "zu", "zum", "zur", "ter", "ten", "del",   "della",
        "di",  "da",  "do",  "dos", "das", "du", "la", "le",  "el",  "al",  "dal", "dalla", "bin",
        "ibn", "af",  "av",  "v.",  "d.",  "y",  "e",  "vd",  "'t",  "dem", NULL};
    char lower[8];
    size_t len = strlen(word);
    if (len == 0 || len >= sizeof lower) {
        return false;
    }
    for (size_t i = 0; i <= len; i++) {
        lower[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 'a' - 'A' : word[i]);
    }
    return name_one_of(lower, particles);
}

/* Vietnamese surnames, which stand first at home and often last abroad. */
bool name_vietnamese(const char *folded)
{
    static const char *const names[] = {"nguyen", "tran", "pham", "hoang", "huynh", "phan",   "vo",
                                        "dang",   "bui",  "ngo",  "duong", "ly",    "truong", NULL};
    return name_one_of(folded, names);
}

bool name_is_honorific(const char *folded)
{
    static const char *const words[] = {"herr",     "herrn",   "hr.",       "hr",      "frau", "fr.",
                                        "fr",       "mr",      "mr.",       "mrs",     "mrs.", "ms",
                                        "ms.",      "miss",    "fraeulein", "familie", "fam.", "fam",
                                        "eheleute", "ehepaar", "family",    NULL};
    return name_one_of(folded, words);
}

/* Letters, with single hyphens, apostrophes and dots between or behind them. */
bool name_has_form(const char *word)
{
    bool letter = false, any = false;
    size_t n = 0;
    for (uint32_t c; (c = utf8_next(&word)) != 0; n++) {
        bool mark = c == '-' || c == '\'' || c == 0x2019 || c == '.' || c == 0x2010 || c == '`';
        if (!utf8_is_letter(c) && !(c >= 0x300 && c < 0x370) && !(mark && (letter || n == 0))) {
            return false;
        }
        letter = !mark;
        any |= letter;
    }
    return any && n <= 40;
}

bool name_is_initial(const char *word)
{
    const char *s = word;
    uint32_t c = utf8_next(&s);
    return utf8_is_letter(c) &&
           (*s == '\0' || (*s == '.' && (s[1] == '\0' || s[1] == '-' || strchr(s + 1, '.') != NULL)));
}

bool name_noble(struct arena *arena, const char *word)
{
    static const char *const nobles[] = {"graf",    "graefin", "freiherr", "freifrau", "baron",
                                         "baronin", "ritter",  "edler",    NULL};
    return name_one_of(utf8_fold(arena, word), nobles);
}

bool name_und_inside(const char *text, const char *word)
{
    return word - text >= 4 && str_starts_nocase(word - 4, "von und zu");
}

bool name_given(struct arena *arena, const struct patterns *patterns, const char *word)
{
    char *folded = utf8_fold(arena, word);
    if (patterns_word(patterns, "given_names", folded)) {
        return true;
    }
    char *hyphen = strchr(folded, '-'); /* Karl-Heinz, Anne-Kathrin: the first part tells */
    if (hyphen == NULL) {
        return false;
    }
    *hyphen = '\0';
    return patterns_word(patterns, "given_names", folded) ||
           patterns_word(patterns, "given_names", hyphen + 1);
}

bool name_word(struct arena *arena, const struct patterns *patterns, const char *word)
{
    if (!name_has_form(word)) {
        return false;
    }
    char *folded = utf8_fold(arena, word);
    size_t len = strlen(folded);
    if (len > 3 && folded[len - 1] == '.') { /* the sentence ends: "bitte vormerken." */
        folded[len - 1] = '\0';
    }
    size_t plain = strlen(folded);
    bool street = (plain > 4 && str_equal(folded + plain - 3, "str")) ||
                  (plain > 7 && str_equal(folded + plain - 7, "strasse"));
    if (street || patterns_word(patterns, "no_names", folded)) {
        return false;
    }
    char *hyphen = strchr(folded, '-'); /* "KI-Vortrag", "Repair-Café", but Karl-Heinz */
    if (hyphen != NULL) {
        char *last = strrchr(folded, '-');
        if (patterns_word(patterns, "no_names", last + 1) &&
            !patterns_word(patterns, "given_names", last + 1)) {
            return false;
        }
    }
    return true;
}

bool name_before_surname(struct arena *arena, const struct patterns *patterns, const char *word,
                         const char *behind)
{
    const char *first = word, *next = *behind == ' ' ? behind + 1 : "";
    if (!utf8_is_upper(utf8_next(&first)) || !utf8_is_upper(utf8_next(&next))) {
        return false;
    }
    const char *folded = utf8_fold(arena, word);
    return patterns_word(patterns, "given_names", folded) && patterns_word(patterns, "no_names", folded) &&
           name_word(arena, patterns, arena_strndup(arena, behind + 1, utf8_letters(behind + 1)));
}

bool name_behind_given(struct arena *arena, const struct patterns *patterns, const char *given,
                       const char *word)
{
    const char *first = word;
    return utf8_is_upper(utf8_next(&first)) && name_has_form(word) && name_given(arena, patterns, given) &&
           patterns_word(patterns, "also_names", utf8_fold(arena, word));
}
