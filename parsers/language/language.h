/* parsers/language/language.h: which language people write. */
#ifndef STADTLABOR_PARSERS_LANGUAGE_LANGUAGE_H
#define STADTLABOR_PARSERS_LANGUAGE_LANGUAGE_H

/* "de", "en", "tr", "pl", "uk", "ru", "ar", "fa", "it", "fr", "es", "nl", "ro", "hr", "sq", "el", "zh" …;
 * "" when the text is too short to tell. Counts small words that are said in every letter, and
 * scripts; a German or English word counts as any other. */
const char *language_of(const char *text);

#endif
