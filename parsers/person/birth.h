/* parsers/person/birth.h: which of the dates in a text are birth dates.
 *
 * What speaks for it, counted: words before or behind ("geb.", "*", "erblickte das Licht der Welt"),
 * a line or cell of its own, an age people have. Against it: words of other days ("geheiratet",
 * "seit dem", "um 17 Uhr"), the day of an event. */
#ifndef STADTLABOR_PARSERS_PERSON_BIRTH_H
#define STADTLABOR_PARSERS_PERSON_BIRTH_H

#include "parsers/programme/reader.h"

/* Enough to be a birth date; 3 for a word that says so, 1 for an age that fits, 1 more for a place of its
 * own. */
enum { BIRTH_POINTS_SAID = 3, BIRTH_POINTS_PLACED = 2, BIRTH_POINTS_ENOUGH = 1, BIRTH_AGE_MAX = 110 };

struct birth {
    size_t at, len; /* bytes in the text */
    struct date day;
    int points;
    bool of_both; /* "beide am …" */
    const char *pattern, *where;
};

struct births {
    LIST(struct birth)
    birth; /* in order of place */
};

void births_find(struct arena *arena, const struct reader *reader, const char *text, struct births *ret);

#endif
