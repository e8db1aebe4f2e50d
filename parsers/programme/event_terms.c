/* parsers/programme/event_terms.c: words of the programme, and how people write them.
 *
 * Terms are kept as stems in a small hash table. A word of the text is looked up as it is, then
 * joined with its neighbours; only long words that were not found go through the dearer
 * comparisons (compounds, typing errors). */
#include "parsers/programme/event_terms_parts.h"

#include "base/text.h"

enum { FUZZY_TITLE = 6, FUZZY_KEYWORD = 8 };

struct words {
    LIST(struct event_word)
    words;
};

static unsigned hash_of(const char *word, size_t len)
{
    unsigned hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)word[i]) * 16777619u;
    }
    return hash % SLOTS;
}

static int term_lookup(const struct event_terms *terms, const char *stem, size_t len)
{
    for (int i = terms->slot[hash_of(stem, len)]; i >= 0; i = terms->terms.at[i].next) {
        if (terms->terms.at[i].len == len && memcmp(terms->terms.at[i].stem, stem, len) == 0) {
            return i;
        }
    }
    return -1;
}

static void sort_by_letters(struct arena *arena, struct event_terms *terms)
{
    for (size_t l = 0; l < LETTERS; l++) {
        terms->begins[l] = arena_alloc(arena, (terms->terms.n / 64 + 1) * sizeof **terms->begins);
        terms->ends[l] = arena_alloc(arena, (terms->terms.n / 64 + 1) * sizeof **terms->ends);
    }
    for (size_t i = 0; i < terms->terms.n; i++) {
        const struct term *term = &terms->terms.at[i];
        terms->begins[term_letter(term->word[0])][i / 64] |= (uint64_t)1 << (i % 64);
        terms->ends[term_letter(term->word[term->word_len - 1])][i / 64] |= (uint64_t)1 << (i % 64);
    }
}

static void add_term(struct arena *arena, const struct patterns *patterns, struct event_terms *terms,
                     const struct event_word *word, bool keyword, size_t event)
{
    char stem[EVENT_WORD_MAX + 1];
    memcpy(stem, word->folded, word->folded_len + 1);
    size_t len = event_word_stem(stem, word->folded_len);
    struct found found;
    if (len < 2 || patterns_find(patterns, arena, "event.stop", word->folded, word->folded_len, 0, &found)) {
        return;
    }
    int at = term_lookup(terms, stem, len);
    if (at < 0) {
        unsigned slot = hash_of(stem, len);
        at = (int)terms->terms.n;
        *LIST_ADD(arena, &terms->terms) = (struct term){
            .stem = arena_strndup(arena, stem, len),
            .len = len,
            .word = arena_strndup(arena, word->folded, word->folded_len),
            .word_len = word->folded_len,
            .letters = event_word_letters(word->folded, word->folded_len),
            .keyword = keyword,
            .common =
                patterns_find(patterns, arena, "event.common", word->folded, word->folded_len, 0, &found),
            .next = terms->slot[slot],
        };
        terms->slot[slot] = at;
    }
    terms->terms.at[at].keyword = terms->terms.at[at].keyword && keyword;
    event_set_add(&terms->terms.at[at].events, event);
}

static void add_words(struct arena *arena, const struct patterns *patterns, struct event_terms *terms,
                      const char *text, bool keyword, size_t event)
{
    const char *s = text, *end = text + strlen(text);
    struct event_word word;
    while (event_word_next(text, &s, end, &word)) {
        add_term(arena, patterns, terms, &word, keyword, event);
    }
}

/* True when all the events of a set are repetitions of one. */
static bool one_series(const struct programme *programme, const struct event_set *set)
{
    const char *title = NULL;
    for (size_t i = 0; i < programme->events.n && i < EVENTS_MATCHED; i++) {
        if (!event_set_has(set, i)) {
            continue;
        }
        if (title != NULL && !str_equal(title, programme->events.at[i].title)) {
            return false;
        }
        title = programme->events.at[i].title;
    }
    return true;
}

/* "Energiesparen" as a keyword of "Energie sparen leicht gemacht" is a form of the title. */
static bool begins_with_title_word(const struct event_terms *terms, const struct term *keyword)
{
    for (size_t i = 0; i < terms->terms.n; i++) {
        const struct term *term = &terms->terms.at[i];
        if (!term->keyword && !term->common && term->word_len >= 5 && term->word_len < keyword->word_len &&
            memcmp(term->word, keyword->word, term->word_len) == 0 &&
            event_set_meet(term->events, keyword->events)) {
            return true;
        }
    }
    return false;
}

/* How many words that name something two titles share. */
static int shared_words(const struct event_terms *terms, size_t a, size_t b)
{
    int shared = 0;
    for (size_t i = 0; i < terms->terms.n; i++) {
        const struct term *term = &terms->terms.at[i];
        shared += !term->keyword && !term->common && event_set_has(&term->events, a) &&
                  event_set_has(&term->events, b);
    }
    return shared;
}

/* A keyword of "KI im Alltag" fits "KI im Alltag – Vertiefung" as well: who says "Künstliche Intelligenz" may
 * mean either, whatever the list of keywords says. */
static void add_family(const struct event_terms *terms, const struct programme *programme,
                       struct term *keyword)
{
    struct event_set own = keyword->events;
    for (size_t a = 0; a < programme->events.n && a < EVENTS_MATCHED; a++) {
        for (size_t b = 0; event_set_has(&own, a) && b < programme->events.n && b < EVENTS_MATCHED; b++) {
            if (!event_set_has(&own, b) && shared_words(terms, a, b) >= 2) {
                event_set_add(&keyword->events, b);
            }
        }
    }
}

const struct event_terms *event_terms_new(struct arena *arena, const struct patterns *patterns,
                                          const struct programme *programme)
{
    struct event_terms *terms = ARENA_NEW(arena, struct event_terms);
    for (int i = 0; i < SLOTS; i++) {
        terms->slot[i] = -1;
    }
    for (size_t i = 0; i < programme->events.n && i < EVENTS_MATCHED; i++) {
        add_words(arena, patterns, terms, programme->events.at[i].title, false, i);
        add_words(arena, patterns, terms, programme->events.at[i].keywords, true, i);
    }
    for (size_t i = 0; i < terms->terms.n; i++) {
        struct term *term = &terms->terms.at[i];
        term->keyword = term->keyword && !begins_with_title_word(terms, term);
        if (term->keyword) {
            add_family(terms, programme, term);
        }
        bool single = one_series(programme, &term->events);
        term->weight = term->common ? 1 : term->keyword || !single ? 2 : 3;
    }
    sort_by_letters(arena, terms);
    return terms;
}

void programme_prepare(struct arena *arena, const struct patterns *patterns, struct programme *programme)
{
    programme->terms = event_terms_new(arena, patterns, programme);
}

/* A word with a typing error: the first letter is right, one slip in six letters, two in nine, or in
 * eight where the last letter is right too (a "Führhund" is no Führung). */
static bool fuzzy_same(const struct term *term, const struct event_word *word, uint32_t letters)
{
    size_t shortest = term->keyword ? FUZZY_KEYWORD : FUZZY_TITLE, len = word->folded_len;
    if (term->common || term->word_len < shortest || len < shortest - 1 || term->word[0] != word->folded[0]) {
        return false;
    }
    bool ends_alike = term->word[term->word_len - 1] == word->folded[len - 1];
    int most = term->word_len >= 9 || (term->word_len == 8 && ends_alike) ? 2 : 1;
    size_t apart = term->word_len > len ? term->word_len - len : len - term->word_len;
    if (apart > (size_t)most || __builtin_popcount(term->letters ^ letters) > 2 * most) {
        return false;
    }
    return event_word_distance(term->word, term->word_len, word->folded, len, most) <= most;
}

static struct term_hit hit_of(const struct event_terms *terms, int term, const struct event_word *word,
                              size_t number)
{
    const struct term *t = &terms->terms.at[term];
    return (struct term_hit){.at = word->at,
                             .len = word->len,
                             .word = number,
                             .term = term,
                             .weight = t->weight,
                             .keyword = t->keyword,
                             .common = t->common,
                             .events = t->events};
}

static int dear_lookup(struct arena *arena, const struct event_terms *terms, const struct patterns *patterns,
                       const struct event_word *word, bool *ret_fuzzy)
{
    int at = word->folded_len >= 7 ? term_in_compound(arena, terms, patterns, word) : -1;
    uint32_t letters = event_word_letters(word->folded, word->folded_len);
    const uint64_t *same = terms->begins[term_letter(word->folded[0])];
    for (size_t i = 0; at < 0 && word->folded_len >= 5; i++) {
        i = term_next(terms, same, same, i);
        if (i >= terms->terms.n) {
            break;
        }
        if (fuzzy_same(&terms->terms.at[i], word, letters)) {
            struct found found;
            if (patterns_find(patterns, arena, "event.common", word->folded, word->folded_len, 0, &found)) {
                return -1;
            }
            at = (int)i;
            *ret_fuzzy = true;
        }
    }
    return at;
}

/* "lora wan", "3 d", "open street map": up to three words joined. Returns how many, 0: none. */
static size_t joined_lookup(const struct event_terms *terms, const struct words *words, size_t i,
                            int *ret_term)
{
    char joined[3 * EVENT_WORD_MAX + 1];
    size_t len = 0;
    for (size_t n = 1; n <= 3 && i + n <= words->words.n; n++) {
        const struct event_word *word = &words->words.at[i + n - 1];
        if (n > 1 && word->at > word[-1].at + word[-1].len + 1) {
            break;
        }
        memcpy(joined + len, word->folded, word->folded_len);
        len += word->folded_len;
        joined[len] = '\0';
        if (len > EVENT_WORD_MAX) {
            break;
        }
        char stem[3 * EVENT_WORD_MAX + 1];
        memcpy(stem, joined, len + 1);
        *ret_term = n == 1 ? -1 : term_lookup(terms, stem, event_word_stem(stem, len));
        if (*ret_term >= 0) {
            return n;
        }
    }
    return 0;
}

/* "Programm" has the stem of "Programmieren", but is said in every second mail. */
static bool said_often(struct arena *arena, const struct event_terms *terms, const struct patterns *patterns,
                       int term, const struct event_word *word)
{
    struct found found;
    return strcmp(terms->terms.at[term].word, word->folded) != 0 &&
           patterns_find(patterns, arena, "event.common", word->folded, word->folded_len, 0, &found);
}

void event_terms_find(struct arena *arena, const struct event_terms *terms, const struct patterns *patterns,
                      const char *text, size_t len, struct term_hits *ret)
{
    struct words words = {0};
    const char *s = text, *end = text + len;
    struct event_word word;
    while (words.words.n < TERM_WORDS_MAX && event_word_next(text, &s, end, &word)) {
        *LIST_ADD(arena, &words.words) = word;
    }
    *ret = (struct term_hits){0};
    for (size_t i = 0; i < words.words.n; i++) {
        struct event_word *w = &words.words.at[i];
        char stem[EVENT_WORD_MAX + 1];
        memcpy(stem, w->folded, w->folded_len + 1);
        size_t stem_len = event_word_stem(stem, w->folded_len);
        bool fuzzy = false, compound = false;
        int joined, at = term_lookup(terms, stem, stem_len);
        size_t n = joined_lookup(terms, &words, i, &joined); /* "Open Street Map" is no Open Data */
        if (n > 0) {
            const struct event_word *last = &words.words.at[i + n - 1];
            at = joined;
            w->len = last->at + last->len - w->at;
        } else if (at < 0) {
            at = dear_lookup(arena, terms, patterns, w, &fuzzy);
            compound = at >= 0 && !fuzzy;
        }
        if (at >= 0) {
            struct term_hit hit = hit_of(terms, at, w, i);
            hit.common = hit.common && !compound;
            hit.common = hit.common || (n == 0 && said_often(arena, terms, patterns, at, w));
            hit.fuzzy = fuzzy;
            *LIST_ADD(arena, &ret->hits) = hit;
            i += n > 0 ? n - 1 : 0;
        }
    }
}
