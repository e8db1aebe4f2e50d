/* daemon/staff/reading_command.h: what `read`, `own-words` and `explain` share: options, patterns,
 * the programme, and one mail after the other. */
#ifndef STADTLABOR_STAFF_READING_COMMAND_H
#define STADTLABOR_STAFF_READING_COMMAND_H

#include "parsers/expected.h"

struct reading_command {
    struct arena *arena; /* of one mail */
    struct arena *kept;  /* of the command */
    struct patterns *patterns;
    struct programme programme;
    struct expected expected;
    struct reader reader;
    bool has_expected, whole;
    struct error err;
};

/* Parses options (before or behind the mails), loads what is needed, and calls `each` for every MAIL
 * ("-": stdin). A mail that cannot be read is told on stderr, and the others go on. Without
 * --programme the programme is the store's; without --today it is today in Berlin. Returns the exit
 * status. */
int reading_command_each(int argc, char **argv, bool with_programme,
                         bool (*each)(struct reading_command *, const char *path), const char *usage);

bool reading_command_letter(struct reading_command *c, const char *path, struct letter *ret);
bool reading_command_read(struct reading_command *c, const char *path, struct letter *ret_letter,
                          struct reading *ret);

#endif
