/* daemon/staff/commands.h: every command of `stadtlabor`; daemon/stadtlabor.c has the table. */
#ifndef STADTLABOR_STAFF_COMMANDS_H
#define STADTLABOR_STAFF_COMMANDS_H

/* Each gets its own arguments, argv[0] being its name, and returns the exit status. */
enum { EXIT_DONE = 0, EXIT_NOT_DONE = 1, EXIT_USAGE = 2 };

/* Reading alone, without store or network. */
int cmd_read(int argc, char **argv);
int cmd_own_words(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_render(int argc, char **argv);

/* Over the store. */
int cmd_events(int argc, char **argv);
int cmd_registrations(int argc, char **argv);
int cmd_queue(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_subscribers(int argc, char **argv);
int cmd_newsletter(int argc, char **argv);
int cmd_people(int argc, char **argv);
int cmd_outbox(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_check(int argc, char **argv);

/* How each is called: what --help prints behind "usage: ". */
extern const char usage_read[], usage_own_words[], usage_explain[], usage_render[];
extern const char usage_events[], usage_registrations[], usage_queue[], usage_replay[], usage_subscribers[];
extern const char usage_newsletter[], usage_people[], usage_outbox[], usage_status[], usage_check[];

#endif
