/* daemon/staff/registrations.h: the commands about registrations; cmd_registrations.c has the table of them.
 */
#ifndef STADTLABOR_STAFF_REGISTRATIONS_H
#define STADTLABOR_STAFF_REGISTRATIONS_H

#include "daemon/staff/command.h"

/* Each is a command of its own and returns the exit status. */
int registrations_list(struct command *c);
int registrations_sheet(struct command *c);
int registrations_came(struct command *c);
int registrations_add(struct command *c);
int registrations_cancel(struct command *c);
int registrations_move(struct command *c);

#endif
