/* parsers/person/name.h: the names of people: which words can be one, and which of them is which.
 *
 * Words of a name: letters of any script with hyphens, apostrophes and dots of initials. Titles
 * (Dr., Prof., Dipl.-Ing.), forms of address (Herr, Frau, Familie) and "geb. Köster" are no part of it. */
#ifndef STADTLABOR_PARSERS_PERSON_NAME_H
#define STADTLABOR_PARSERS_PERSON_NAME_H

#include "base/arena.h"
#include "parsers/pattern/pattern_file.h"

#include <stdbool.h>
#include <stddef.h>

enum { NAME_WORDS_MAX = 7 };

struct name {
    const char *first, *last; /* tidied; NULL: not said. An initial alone ("P.") is no first name */
    const char *initial;      /* "P" of "P. Müller", "PM" of "P. M."; NULL: none */
    int words;
    bool given_known;     /* a word of it is a known given name */
    bool honorific;       /* "Frau Müller", "Familie Tillmann" */
    bool family;          /* "Familie Tillmann", "Eheleute Kottmann", "Brigitte und Horst Wember" */
    bool order_certain;   /* a comma, a label or a known given name told first from last */
    bool last_name_first; /* as written */
};

/* How the words stand: as people write without a word about it, or as a label told. */
enum name_order {
    NAME_ORDER_ANY,
    NAME_ORDER_FIRST_LAST,
    NAME_ORDER_LAST_FIRST,
    NAME_ORDER_FIRST,
    NAME_ORDER_LAST
};

/* Reads "Müller, Petra", "Dr. Friedrich-Wilhelm von der Heyden", "KOWALSKI Jens", "Frau Kowalczyk".
 * False when the words cannot be a name: none or too many, digits, words of no_names.words. With an
 * order that a label told, words of no_names.words do not hinder. */
bool name_parse(struct arena *arena, const struct patterns *patterns, const char *words,
                enum name_order order, struct name *ret);

/* One word of a text: letters, and hyphen, apostrophe or an initial's dot among them; and no word of
 * no_names.words. */
bool name_word(struct arena *arena, const struct patterns *patterns, const char *word);

/* A given name that is a common word too counts right before a surname, `behind` being what follows it:
 * "August Holm". */
bool name_before_surname(struct arena *arena, const struct patterns *patterns, const char *word,
                         const char *behind);
/* A surname that is a common word too counts right behind a given name: "Jörg Freitag". */
bool name_behind_given(struct arena *arena, const struct patterns *patterns, const char *given,
                       const char *word);
bool name_given(struct arena *arena, const struct patterns *patterns, const char *word);
bool name_particle(const char *word); /* "von", "der", "de", "van", "el" … */

/* Whether both can be the same person: no part contradicts ("P. Müller", "Petra Müller", "Petra"). */
bool name_same(struct arena *arena, const struct name *a, const struct name *b);

/* "VON DER HEIDE" → "von der Heide", "o'brien" → "O'Brien", "müller-lüdenscheidt" → "Müller-Lüdenscheidt". */
char *name_tidy(struct arena *arena, const char *name);

/* All in capitals, or all in small letters. */
bool name_one_case(const char *word);

#endif
