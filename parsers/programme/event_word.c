#include "parsers/programme/event_word.h"

#include "base/utf8.h"

#include <string.h>

/* Endings of German nouns, verbs and adjectives, by their last letter, longest first. */
static const char *const endings[][8] = {
    {"ierung", "ung"}, {"ierungen", "ieren", "ungen", "innen", "ern", "en", "n"},
    {"atur", "er"},    {"em"},
    {"es", "ns", "s"}, {"e"},
};

static size_t strip(const char *word, size_t len)
{
    static const char last[] = "gnrmse";
    const char *kind = len < 5 ? NULL : memchr(last, word[len - 1], sizeof last - 1);
    for (const char *const *ending = kind == NULL ? NULL : endings[kind - last];
         kind != NULL && *ending != NULL; ending++) {
        size_t end = strlen(*ending);
        if (len >= end + 4 && memcmp(word + len - end, *ending, end) == 0) {
            return len - end;
        }
    }
    return len;
}

size_t event_word_stem(char *word, size_t len)
{
    size_t n = 0;
    len = strip(word, len);
    for (size_t i = 0; i < len; i++) {
        word[n++] = word[i];
        bool vowel = word[i] == 'a' || word[i] == 'o' || word[i] == 'u';
        i += vowel && i + 1 < len && word[i + 1] == 'e';
    }
    word[n] = '\0';
    return n;
}

uint32_t event_word_letters(const char *word, size_t len)
{
    uint32_t letters = 0;
    for (size_t i = 0; i < len; i++) {
        letters |= word[i] >= 'a' && word[i] <= 'z' ? 1u << (word[i] - 'a') : 0;
    }
    return letters;
}

static void fold_into(struct event_word *word, uint32_t c)
{
    static const struct {
        uint32_t c;
        const char *as;
    } special[] = {{0xe4, "ae"}, {0xf6, "oe"}, {0xfc, "ue"}, {0xdf, "ss"}};
    char raw[5] = {0}, *end = raw;
    const char *as = raw;
    if (c < 0x80) {
        *end = (char)c;
    } else {
        for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
            as = special[i].c == c ? special[i].as : as;
        }
        if (as == raw) {
            utf8_put(c, raw);
        }
    }
    for (; *as != '\0' && word->folded_len < EVENT_WORD_MAX; as++) {
        word->folded[word->folded_len++] = *as;
    }
}

/* Letters with an accent lose it, so that "Café" and "Cafe" are one word. */
static uint32_t plain_letter(uint32_t c)
{
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo/ouuuuyts"; /* U+00E0 to U+00FF */
    c = utf8_lower(c);
    if (c >= 0xe0 && c <= 0xff && c != 0xe4 && c != 0xf6 && c != 0xfc && c != 0xf7) {
        return (unsigned char)plain[c - 0xe0];
    }
    return c;
}

bool event_word_next(const char *text, const char **s, const char *end, struct event_word *ret)
{
    struct event_word word = {0};
    bool inside = false;
    while (*s < end) {
        const char *at = *s;
        uint32_t c = (unsigned char)*at < 0x80 ? (unsigned char)*(*s)++ : utf8_next(s);
        bool part =
            c < 0x80 ? (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') : utf8_is_letter(c);
        if (part && !inside) {
            inside = true;
            word.at = (size_t)(at - text);
        }
        if (part) {
            word.len = (size_t)(*s - text) - word.at;
            fold_into(&word, c < 0x80 ? (c >= 'A' && c <= 'Z' ? c | 0x20 : c) : plain_letter(c));
        } else if (c != 0xad && c != 0x2011 && inside) { /* soft and hard hyphens join */
            break;
        }
    }
    *ret = word;
    return inside;
}

/* Letters that stand side by side on a German keyboard, or sound alike. */
static bool easily_mistaken(char a, char b)
{
    static const char *const alike[] = {"aeiouy", "bp", "dt", "gkcq", "fvw", "szc", "mn"};
    static const char rows[3][11] = {"qwertzuiop", "asdfghjkl", "yxcvbnm"};
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        if (strchr(alike[i], a) != NULL && strchr(alike[i], b) != NULL) {
            return true;
        }
    }
    for (size_t i = 0; i < 3; i++) {
        const char *at = strchr(rows[i], a);
        for (size_t k = 0; at != NULL && k < 3; k++) { /* each row stands half a key to the right */
            const char *other = strchr(rows[k], b);
            ptrdiff_t right = other == NULL ? 9 : (other - rows[k]) - (at - rows[i]);
            bool beside = k == i ? right == 1 || right == -1
                                 : (k == i + 1 && (right == 0 || right == -1)) ||
                                       (i == k + 1 && (right == 0 || right == 1));
            if (beside) {
                return true;
            }
        }
    }
    return false;
}

int event_word_distance(const char *a, size_t na, const char *b, size_t nb, int most)
{
    int row[3][EVENT_WORD_MAX + 2];
    for (size_t j = 0; j <= nb; j++) {
        row[0][j] = (int)j;
    }
    for (size_t i = 1; i <= na; i++) {
        int *now = row[i % 3], *before = row[(i - 1) % 3], *earlier = row[(i + 1) % 3];
        int best = now[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            bool same = a[i - 1] == b[j - 1];
            int d = before[j - 1] + (same ? 0 : easily_mistaken(a[i - 1], b[j - 1]) ? 1 : most);
            d = before[j] + 1 < d ? before[j] + 1 : d;
            d = now[j - 1] + 1 < d ? now[j - 1] + 1 : d;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < d) {
                d = earlier[j - 2] + 1;
            }
            now[j] = d;
            best = d < best ? d : best;
        }
        if (best > most) {
            return most + 1;
        }
    }
    return row[na % 3][nb];
}
