/* parsers/programme/event_terms.h: the words that name events, and where a text says one of them.
 *
 * A word of a title or a keyword is a term. It is found in a text also in another form ("Balkone",
 * "Passwort" for "Passwörter"), with a typing error ("Strakregen"), inside a compound
 * ("Passwort-Abend", "Sensorenbauen") and written apart ("Lora Wan", "3 D Druck"). */
#ifndef STADTLABOR_PARSERS_PROGRAMME_EVENT_TERMS_H
#define STADTLABOR_PARSERS_PROGRAMME_EVENT_TERMS_H

#include "parsers/programme/programme.h"

#include <stdint.h>

/* Events are numbered as in the programme; those beyond the last EVENTS_MATCHED by date are old. */
enum { EVENT_SET_WORDS = 8, EVENTS_MATCHED = EVENT_SET_WORDS * 64, TERM_WORDS_MAX = 20000 };

struct event_set {
    uint64_t bits[EVENT_SET_WORDS];
};

static inline void event_set_add(struct event_set *set, size_t event)
{
    set->bits[event / 64] |= (uint64_t)1 << (event % 64);
}

static inline bool event_set_has(const struct event_set *set, size_t event)
{
    return (set->bits[event / 64] >> (event % 64) & 1) != 0;
}

static inline struct event_set event_set_both(struct event_set a, struct event_set b)
{
    for (int i = 0; i < EVENT_SET_WORDS; i++) {
        a.bits[i] &= b.bits[i];
    }
    return a;
}

static inline struct event_set event_set_either(struct event_set a, struct event_set b)
{
    for (int i = 0; i < EVENT_SET_WORDS; i++) {
        a.bits[i] |= b.bits[i];
    }
    return a;
}

static inline int event_set_count(const struct event_set *set)
{
    int n = 0;
    for (int i = 0; i < EVENT_SET_WORDS; i++) {
        n += __builtin_popcountll(set->bits[i]);
    }
    return n;
}

static inline bool event_set_meet(struct event_set a, struct event_set b)
{
    a = event_set_both(a, b);
    return event_set_count(&a) > 0;
}

static inline bool event_set_same(const struct event_set *a, const struct event_set *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* One place where a text says a term. */
struct term_hit {
    size_t at, len; /* bytes in the text */
    size_t word;    /* the how-manieth word of the text */
    int term;       /* number of the term */
    int weight;     /* 3 a title word of one event (or its repetitions), 2 shared or keyword, 1 common */
    bool keyword, common, fuzzy;
    struct event_set events;
};
struct term_hits {
    LIST(struct term_hit)
    hits; /* in order of place */
};

const struct event_terms *event_terms_new(struct arena *arena, const struct patterns *patterns,
                                          const struct programme *programme);

/* Only the first TERM_WORDS_MAX words of the text are looked at. */
void event_terms_find(struct arena *arena, const struct event_terms *terms, const struct patterns *patterns,
                      const char *text, size_t len, struct term_hits *ret);

#endif
