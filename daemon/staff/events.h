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

/* The event of this code; its absence is an error with those that look like it. */
bool events_find(struct command *c, const char *code, struct event *ret);

#endif
