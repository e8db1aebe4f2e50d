/* parsers/mail/text_columns.h: tables whose columns are people. */
#ifndef STADTLABOR_PARSERS_MAIL_TEXT_COLUMNS_H
#define STADTLABOR_PARSERS_MAIL_TEXT_COLUMNS_H

#include "base/arena.h"

/* The text with each such table turned into one list a person, as everybody else writes them:
 *
 *     Vorname   Ewald        Christiane            Vorname: Ewald
 *     Nachname  Nockemann    Nockemann       →     Nachname: Nockemann
 *     geboren   05.05.1959   19.02.1962            geboren: 05.05.1959
 *                                                  (and a list for Christiane)
 *
 * Cells are parted by tabs, bars or two blanks. The same text where there is no such table, or where
 * long labels would make more than twice of it. */
const char *text_columns(struct arena *arena, const char *text);

#endif
