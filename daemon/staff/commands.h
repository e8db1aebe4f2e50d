/* daemon/staff/commands.h: what `stadtlabor NAME …` can do. One file a capability; a new one adds its
 * function here and a line in the table of daemon/stadtlabor.c.
 *
 * A command gets its own arguments, argv[0] being its name, and returns the exit status: 0 done,
 * 1 not done (the reason is on stderr), 2 wrong usage. */
#ifndef STADTLABOR_DAEMON_STAFF_COMMANDS_H
#define STADTLABOR_DAEMON_STAFF_COMMANDS_H

enum { EXIT_DONE = 0, EXIT_NOT_DONE = 1, EXIT_USAGE = 2 };

int cmd_read(int argc, char **argv);
int cmd_own_words(int argc, char **argv);
int cmd_explain(int argc, char **argv);

#endif
