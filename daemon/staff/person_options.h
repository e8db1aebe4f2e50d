/* daemon/staff/person_options.h: data of people on the command line: --first-name Petra
 * --birth-date 3.5.1958;
 * "--first-name 2=Paul" is the second person's. */
#ifndef STADTLABOR_STAFF_PERSON_OPTIONS_H
#define STADTLABOR_STAFF_PERSON_OPTIONS_H

#include "daemon/desk/proposal.h"
#include "daemon/staff/command.h"

/* For command_begin_with. */
#define PERSON_OPTIONS "first-name last-name birth-date street postal-code city"

bool is_person_option(const char *name);

/* `name` is one of them. The value is checked and tidied; a birth date becomes YYYY-MM-DD. */
bool person_option(struct command *c, const char *name, const char *given, struct correction *ret);

#endif
