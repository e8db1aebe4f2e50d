/* parsers/programme/event_word.h: a word of a title or of a mail, in the form in which the two are compared.
 *
 * Folded means: small letters, umlauts and ß written out ("ae", "ss"), other accents of Latin-1 off.
 * Both sides are folded alike, so that "Passwörter", "PASSWOERTER" and "Café", "Cafe" are the same
 * word. */
#ifndef STADTLABOR_PARSERS_PROGRAMME_EVENT_WORD_H
#define STADTLABOR_PARSERS_PROGRAMME_EVENT_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVENT_WORD_MAX = 60 }; /* bytes of a folded word that are kept */

struct event_word {
    size_t at, len; /* bytes in the text */
    char folded[EVENT_WORD_MAX + 1];
    size_t folded_len;
};

/* The next word at or after `*s`: letters and digits; soft and hard hyphens join. `*s` goes behind
 * it. False: there is none before `end`. `text`: what `at` counts from. */
bool event_word_next(const char *text, const char **s, const char *end, struct event_word *ret);

/* "passwoerter" → "passwort": ending off, umlauts as plain vowels. A folded word, in place;
 * returns the length. */
size_t event_word_stem(char *word, size_t len);

/* Which of a to z occur: bit 0 for "a". */
uint32_t event_word_letters(const char *word, size_t len);

/* How many letters are wrong, missing, too many or swapped with their neighbour (optimal string
 * alignment), given up beyond `most`. A letter for another that neither stands beside it on the keyboard nor
 * sounds like it takes all of `most`: with a second slip it is another word ("Vertretung" is no
 * "Vertiefung"). Neither word is longer than EVENT_WORD_MAX. */
int event_word_distance(const char *a, size_t na, const char *b, size_t nb, int most);

#endif
