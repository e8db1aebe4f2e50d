/* parsers/person/address_words.h: the words of a street or town in ordinary capitals; for address.c. */
#ifndef STADTLABOR_PARSERS_PERSON_ADDRESS_WORDS_H
#define STADTLABOR_PARSERS_PERSON_ADDRESS_WORDS_H

#include "base/arena.h"

/* "BÖMBERGRING" → "Bömbergring", "an der alten post" → "An der Alten Post"; what is written in mixed
 * case stays as it is. */
char *address_tidy_words(struct arena *arena, const char *s);

#endif
