/* daemon/desk/privacy.h: what a mail wishes of data protection, and until when it must be answered. Pure. */
#ifndef STADTLABOR_DESK_PRIVACY_H
#define STADTLABOR_DESK_PRIVACY_H

#include "parsers/reading/reading.h"

enum { PRIVACY_ACCESS = 1 << 0, PRIVACY_ERASE = 1 << 1 };

/* Bits of what is wished (DSGVO Art. 15, Art. 17); 0: the reading names no such wish. A wish that names
 * neither counts as access: telling comes before deleting, and what is deleted cannot be told. */
unsigned privacy_wishes(const struct reading *reading);

/* One month after the day it came (DSGVO Art. 12(3)): the same day of the next month, or its last (Regulation
 * 1182/71, Art. 3(2)(c)). That the last day may move behind a weekend is not made use of. */
struct date privacy_until(struct date received);

/* For the queue, in German: what is wished, until when, which commands do it. */
const char *privacy_words(struct arena *arena, const struct reading *reading, struct date received);

#endif
