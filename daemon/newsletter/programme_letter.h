/* daemon/newsletter/programme_letter.h: the issue that writes itself: on its weekday the coming programme
 * goes out, by templates/newsletter/programme.md, unless no event came to it since the last time. */
#ifndef STADTLABOR_NEWSLETTER_PROGRAMME_LETTER_H
#define STADTLABOR_NEWSLETTER_PROGRAMME_LETTER_H

#include "daemon/newsletter/run.h"

/* Takes the issue in when it is due at `making->now`; `ret->id` 0: it is not. It is named after its day, so
 * that a day never has two. */
bool programme_letter(const struct issue_making *making, struct arena *arena, const char *actor,
                      struct issue_row *ret, struct error *err);

#endif
