/* daemon/staff/explain_mail.h: a mail with all that was found in it, for people who ask why; shared by
 * `stadtlabor explain` and `stadtlabor queue show`. */
#ifndef STADTLABOR_STAFF_EXPLAIN_MAIL_H
#define STADTLABOR_STAFF_EXPLAIN_MAIL_H

#include "parsers/reading/reading.h"

#include <stdbool.h>
#include <stdio.h>

/* On stdout: sender, subject, the own words with the findings marked (in colour when `colours`), each
 * finding with its words, pattern and file, what would be done and why, what speaks against it.
 * Nothing from the mail can steer the terminal. */
void explain_reading(struct arena *arena, const struct letter *letter, const struct reading *reading,
                     int caution, bool colours);

/* Of these the sender, subject, own words and findings alone; then what speaks against acting. */
void explain_words(struct arena *arena, const struct letter *letter, const struct reading *reading,
                   bool colours);
void explain_findings(struct arena *arena, const struct reading *reading);
void explain_doubts(struct arena *arena, const struct reading *reading);

/* Colours are wanted: stdout is a terminal, and NO_COLOR is not set (no-color.org). */
bool explain_in_colour(void);

#endif
