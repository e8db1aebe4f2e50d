/* daemon/desk/authentication.h: what the lab's own mail server found out about a mail's sender. */
#ifndef STADTLABOR_DESK_AUTHENTICATION_H
#define STADTLABOR_DESK_AUTHENTICATION_H

#include "parsers/mail/letter.h"

/* The Authentication-Results (RFC 8601) of the server that calls itself `authserv_id`, "" if there are none
 * or no name is configured. Only the topmost of that name counts: servers put theirs on top, and whatever
 * stands below may have come with the mail. Those of other names are anybody's. */
const char *authentication_of(struct arena *arena, const struct letter *letter, const char *authserv_id);

#endif
