/* parsers/person/contact.h: other ways to reach the writer of a mail: telephone numbers and mail addresses in
 * its text. For a person to see, never to be used by the machine. */
#ifndef STADTLABOR_PARSERS_PERSON_CONTACT_H
#define STADTLABOR_PARSERS_PERSON_CONTACT_H

#include "base/list.h"

enum { CONTACTS_MOST = 6 }; /* of each kind; a list of members is nobody's telephone */

struct contacts {
    LIST(const char *) phones;    /* as written, blanks in a row one: "0171 / 123 45 67" */
    LIST(const char *) addresses; /* lower case */
};

/* Telephone numbers begin with 0 or + and have 7 to 15 digits (ITU-T E.164); days, postal codes and what
 * stands behind "> " are none. What `theirs` holds too (the lab's own letter, quoted) is left out. */
void contacts_find(struct arena *arena, const char *text, const struct contacts *theirs,
                   struct contacts *ret);

#endif
