/* parsers/programme/event_terms_parts.h: what event_terms.c and event_compound.c share. Private to them. */
#ifndef STADTLABOR_PARSERS_PROGRAMME_EVENT_TERMS_PARTS_H
#define STADTLABOR_PARSERS_PROGRAMME_EVENT_TERMS_PARTS_H

#include "parsers/programme/event_terms.h"
#include "parsers/programme/event_word.h"

enum { SLOTS = 4096, LETTERS = 27 };

struct term {
    const char *stem, *word; /* "passwort", "passwoerter" */
    size_t len, word_len;
    uint32_t letters; /* of `word`, which of a-z occur: words with few in common need no comparison */
    bool keyword, common;
    int weight;
    int next; /* in the same slot; -1: none */
    struct event_set events;
};

struct event_terms {
    LIST(struct term)
    terms;
    int slot[SLOTS];
    uint64_t *begins[LETTERS], *ends[LETTERS]; /* the terms, a bit each, by first and by last letter */
};

/* Which of the sets of `begins` and `ends` holds words with that letter. */
size_t term_letter(char c);
/* The first term from `i` on that is in either set. */
size_t term_next(const struct event_terms *terms, const uint64_t *a, const uint64_t *b, size_t i);

/* The number of the term that the compound is of; -1: none. */
int term_in_compound(struct arena *arena, const struct event_terms *terms, const struct patterns *patterns,
                     const struct event_word *word);

#endif
