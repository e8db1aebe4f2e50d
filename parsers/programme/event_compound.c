/* parsers/programme/event_compound.c: terms inside German compounds: "Passwortabend", "Stadtrundgang". */
#include "parsers/programme/event_terms_parts.h"

#include <string.h>

size_t term_letter(char c)
{
    return c >= 'a' && c <= 'z' ? (size_t)(c - 'a') : LETTERS - 1;
}

size_t term_next(const struct event_terms *terms, const uint64_t *a, const uint64_t *b, size_t i)
{
    while (i < terms->terms.n) {
        uint64_t left = (a[i / 64] | b[i / 64]) >> (i % 64);
        if (left != 0) {
            return i + (size_t)__builtin_ctzll(left);
        }
        i = (i / 64 + 1) * 64;
    }
    return i;
}

/* True when another word of the same titles begins here: the "bau" of "sensorenbau". */
static bool begins_term(const struct event_terms *terms, const struct term *first, const char *rest,
                        size_t len)
{
    for (size_t i = 0; i < terms->terms.n; i++) {
        const struct term *other = &terms->terms.at[i];
        size_t same = other->len < len ? other->len : len;
        if (other != first && same >= 3 && memcmp(other->stem, rest, same) == 0 &&
            event_set_meet(other->events, first->events)) {
            return true;
        }
    }
    return false;
}

/* "passwortabend", "sensorenbau": a term, then a word for an event or another of its terms. "Handykurs" as
 * well, though "Handy" is said everywhere: but only a word for an event makes that a name. */
static bool compound_rest(struct arena *arena, const struct event_terms *terms,
                          const struct patterns *patterns, const struct term *first, const char *rest,
                          size_t len)
{
    struct found found;
    if (len > 6 && memcmp(rest, "ier", 3) == 0) { /* "programmierkurs" */
        rest += 3;
        len -= 3;
    }
    for (size_t skip = 0; skip <= 2 && skip + 3 <= len; skip++) {
        if (skip > 0 && strchr("sne", rest[skip - 1]) == NULL) {
            break;
        }
        if ((!first->common && begins_term(terms, first, rest + skip, len - skip)) ||
            patterns_find(patterns, arena, first->common ? "event.occasion" : "event.noun", rest + skip,
                          len - skip, 0, &found)) {
            return true;
        }
    }
    return false;
}

/* How much of a term begins the word: its stem, or a verb without its ending ("loetkurs"). */
static size_t compound_head(const struct term *term, const char *s, size_t len)
{
    size_t verb =
        term->word_len > 5 && memcmp(term->word + term->word_len - 2, "en", 2) == 0 ? term->word_len - 2 : 0;
    return verb > term->len && verb < len && memcmp(s, term->word, verb) == 0 ? verb : term->len;
}

int term_in_compound(struct arena *arena, const struct event_terms *terms, const struct patterns *patterns,
                     const struct event_word *word)
{
    const char *s = word->folded;
    size_t len = word->folded_len;
    const uint64_t *begins = terms->begins[term_letter(s[0])], *ends = terms->ends[term_letter(s[len - 1])];
    for (size_t i = 0; (i = term_next(terms, begins, ends, i)) < terms->terms.n; i++) {
        const struct term *term = &terms->terms.at[i];
        bool whole = term->word_len < len && memcmp(s, term->word, term->word_len) == 0;
        size_t head = whole ? term->word_len : compound_head(term, s, len);
        if (head + 3 > len) {
            continue;
        }
        if (head >= 4 && (whole || head != term->len || memcmp(s, term->stem, head) == 0) &&
            compound_rest(arena, terms, patterns, term, s + head, len - head)) {
            return (int)i;
        }
        /* the last part says what a German compound is: "Stadtrundgang" is a Rundgang */
        if (!term->keyword && !term->common && term->word_len >= 6 && len >= term->word_len + 3 &&
            memcmp(s + len - term->word_len, term->word, term->word_len) == 0) {
            return (int)i;
        }
    }
    return -1;
}
