/* daemon/staff/command.h: what the commands of `stadtlabor` share.
 *
 * A command is a function `int cmd_NAME(int argc, char **argv)`; argv[0] is its own name. It returns
 * the exit status: 0 done, 1 not done (the reason stands on stderr), 2 wrong usage. What it prints for
 * staff is German; --json gives every listing to programs. */
#ifndef STADTLABOR_STAFF_COMMAND_H
#define STADTLABOR_STAFF_COMMAND_H

#include "base/arena.h"
#include "base/config.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "daemon/staff/commands.h"
#include "daemon/store/store.h"

#include <jansson.h>

enum { COMMAND_WORDS_MAX = 64 };

/* "--event CODE": an option with a value, without the dashes. */
struct command_value {
    const char *name, *value;
};

struct command {
    struct arena *arena;
    struct config config;
    struct store *store;
    struct error err;
    const char *usage;
    bool json, all, yes;
    int words_n; /* what is left when options are taken out; words[0] is the first argument */
    const char *words[COMMAND_WORDS_MAX];
    LIST(struct command_value) values; /* in their order; one may stand several times */
};

/* Takes out --config FILE, --json, --all, --yes (before or behind the words; "--" ends options),
 * reads the configuration and opens the store. On failure says why on stderr and returns the exit
 * status; 0: go on. `usage` is printed for a wrong option. */
int command_begin(struct command *command, int argc, char **argv, const char *usage);
/* The same, and takes out options with a value ("--event CODE", "--event=CODE"); `names` are "event
 * birth-date", between blanks. A name with a "!" behind it is one without a value. */
int command_begin_with(struct command *command, int argc, char **argv, const char *usage, const char *names);
/* The last value given ("" for an option without one); NULL: none. */
const char *command_value(const struct command *command, const char *name);
void command_end(struct command *command);

/* A command of several parts: "events list". `options` are its own, as for command_begin_with; those of
 * another part are wrong usage: what was meant would not be done. */
struct command_part {
    const char *name;
    int (*run)(struct command *command);
    const char *options;
};

/* The whole of such a command: begins as command_begin_with, runs the part that the first word names
 * (`standard` where there is no word; NULL: that is wrong usage), and ends. */
int command_of_parts(int argc, char **argv, const char *usage, const struct command_part *parts, size_t n,
                     const char *standard);

int command_usage(const struct command *command);  /* prints it; EXIT_USAGE */
int command_failed(const struct command *command); /* prints err; EXIT_NOT_DONE */

/* The bytes of a file that was named on the command line, "-" for standard input; err in German. */
bool command_file(struct command *command, const char *path, size_t most, char **ret_bytes, size_t *ret_len);

/* Whether it shall be done: --yes, or a "j" at the terminal behind the question; else err says why not. */
bool command_confirm(struct command *command, const char *question);

/* Who is at the keyboard, for the audit: the login name. */
const char *command_actor(struct arena *arena);

/* A mail address, to which letters can go, in small letters. */
bool command_address(struct command *command, const char *word, const char **ret);

/* A whole number above 0, such as a queue entry's. */
bool command_id(struct command *command, const char *word, int64_t *ret);

/* Prints the value (one line) and gives the reference back. */
void command_print_json(json_t *value);
/* The end of a listing, whose lines were printed already: with --json, instead of them, prints `all`. Where
 * nothing was listed says `nothing` (NULL: not a word). Gives the reference back; EXIT_DONE. */
int command_listed(const struct command *command, json_t *all, const char *nothing);

/* Padded to `width` columns of the terminal, cut with "…"; control characters become blanks, so that
 * a hostile subject cannot steer a terminal. */
void command_add_cell(struct text *out, const char *s, int width);
char *command_cell(struct arena *arena, const char *s, int width);
/* The same without padding and cut: for whole texts; line ends stay. */
char *command_safe(struct arena *arena, const char *s);
/* "3.12.2026 17:00", and how long ago: "vor 2 Stunden". */
char *command_time(struct arena *arena, int64_t unix_seconds);
char *command_age(struct arena *arena, int64_t since, int64_t now);
/* What staff call a letter of that kind. */
const char *command_letter(const char *kind);

#endif
