/* parsers/person/address_words.h: the words of a street or town in ordinary capitals; for address.c. */
#ifndef STADTLABOR_PARSERS_PERSON_ADDRESS_WORDS_H
#define STADTLABOR_PARSERS_PERSON_ADDRESS_WORDS_H

#include "base/arena.h"

/* "BÖMBERGRING" → "Bömbergring", "an der alten post" → "An der Alten Post"; what is written in mixed
 * case stays as it is. */
char *address_tidy_words(struct arena *arena, const char *s);

/* As on the sign, for the street that stands at `at` of the text: "in der Schlesischen Straße" is Schlesische
 * Straße. */
const char *address_without_grammar(struct arena *arena, const char *street, const char *text, size_t at);

#endif
