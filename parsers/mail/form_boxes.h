/* parsers/mail/form_boxes.h: forms as they were filled in. */
#ifndef STADTLABOR_PARSERS_MAIL_FORM_BOXES_H
#define STADTLABOR_PARSERS_MAIL_FORM_BOXES_H

#include "base/arena.h"
#include "parsers/pattern/pattern_file.h"

/* The text with blanks where a form offers what the writer did not take: the words of boxes left open, of
 * questions answered with no. The marks of "Wer? Klara" and "plz": "58636" are made those of other labels. Of
 * the same length, so that places stay places; but what programs write loses the blanks between. */
const char *form_filled(struct arena *arena, const struct patterns *patterns, const char *text);

#endif
