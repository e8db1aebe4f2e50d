/* parsers/reading/extent.h: how far a cancellation goes: all dates, everybody of a group, or whom by name. */
#ifndef STADTLABOR_PARSERS_READING_EXTENT_H
#define STADTLABOR_PARSERS_READING_EXTENT_H

#include "parsers/mail/own_words.h"

#include <stdbool.h>

/* The writer's words without the closing or a name alone in the last paragraph: what stands under the letter
 * says who writes, not who stays away. */
char *extent_words(struct arena *arena, const struct own_words *own);

/* The words hold this first name as a whole word ("Anna" is not in "Anna-Lena"); case and accents are
 * one. "" and NULL are in no words. */
bool extent_names(struct arena *arena, const char *words, const char *first_name);

/* "alle meine Anmeldungen", "sämtliche Termine" */
bool extent_all_events(struct arena *arena, const struct patterns *patterns, const char *words);
/* "wir", "uns beide", "alle drei": those who registered together go together */
bool extent_all_people(struct arena *arena, const struct patterns *patterns, const char *words);

#endif
