/* parsers/mail/letter_parts.h: the parts of a mail → what a person reads, attachments and the parts of a
 * delivery report. Inner workings of letter.c. */
#ifndef STADTLABOR_PARSERS_MAIL_LETTER_PARTS_H
#define STADTLABOR_PARSERS_MAIL_LETTER_PARTS_H

#include "parsers/mail/letter.h"
#include "parsers/mail/mime_decode.h"

/* The text, as letter_read promises it; "" if there is none. Adds to the letter's attachments, report
 * parts and defects, and says whether the text was made of HTML. `kind`: of the whole mail. All in the
 * decoder's arena. */
const char *letter_parts(struct mime_decoder *decoder, const struct mime_entity *mail,
                         const struct part_kind *kind, struct letter *letter);

#endif
