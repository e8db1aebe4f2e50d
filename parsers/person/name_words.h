/* parsers/person/name_words.h: the kinds of words names consist of; for name.c and who reads names in a text.
 */
#ifndef STADTLABOR_PARSERS_PERSON_NAME_WORDS_H
#define STADTLABOR_PARSERS_PERSON_NAME_WORDS_H

#include "parsers/person/name.h"

bool name_one_of(const char *word, const char *const *words); /* NULL ends the list */
bool name_vietnamese(const char *folded);                     /* a surname that stands first at home */
bool name_is_honorific(const char *folded);                   /* "frau", "familie" */
bool name_has_form(const char *word); /* letters, with single hyphens, apostrophes and dots */
bool name_is_initial(const char *word);
bool name_noble(struct arena *arena, const char *word); /* "Graf", "Freiherr": of the surname before "von" */
/* "und" at `word` of "von und zu Mühlen"; `text` is where the line or words begin. */
bool name_und_inside(const char *text, const char *word);

#endif
