/* daemon/staff/subscribers.h: the parts of `stadtlabor subscribers`. Each returns the exit status. */
#ifndef STADTLABOR_STAFF_SUBSCRIBERS_H
#define STADTLABOR_STAFF_SUBSCRIBERS_H

#include "daemon/staff/command.h"

int subscribers_import(struct command *c);
int subscribers_add(struct command *c);
int subscribers_remove(struct command *c);
int subscribers_restore(struct command *c);

#endif
