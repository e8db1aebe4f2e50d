/* daemon/staff/events.h: what the commands about events share; cmd_events.c has the table of them. */
#ifndef STADTLABOR_STAFF_EVENTS_H
#define STADTLABOR_STAFF_EVENTS_H

#include "daemon/programme/change.h"
#include "daemon/staff/command.h"

/* Each is a command of its own and returns the exit status. */
int events_import(struct command *c);
int events_add(struct command *c);
int events_edit(struct command *c);
int events_cancel(struct command *c);
int events_list(struct command *c);
int events_show(struct command *c);
int events_export(struct command *c);

/* Shows what would change; unless it is a dry run, has it confirmed where people are concerned (`ask`:
 * always), and does it in one transaction. The exit status. */
int events_change(struct command *c, const struct programme *wanted, bool ask);

/* The event of this code; its absence is an error with those that look like it. */
bool events_find(struct command *c, const char *code, struct event *ret);

#endif
