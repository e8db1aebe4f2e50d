/* daemon/staff/explain_mail.h: a mail with all that was found in it, for a person; shared by
 * `stadtlabor explain` and `stadtlabor queue show`. */
#ifndef STADTLABOR_STAFF_EXPLAIN_MAIL_H
#define STADTLABOR_STAFF_EXPLAIN_MAIL_H

#include "parsers/reading.h"

#include <stdbool.h>
#include <stdio.h>

/* Sender, subject, own words with the findings marked (in colour when `colour`), each finding with
 * its words, pattern and file, what would be done and why, and what speaks against it. Nothing from
 * the mail can steer the terminal. */
void explain_reading(struct arena *arena, const struct letter *letter, const struct reading *reading,
                     bool colour, FILE *out);

#endif
