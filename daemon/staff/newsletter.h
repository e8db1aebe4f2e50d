/* daemon/staff/newsletter.h: for the files of `stadtlabor newsletter` alone: what they share. */
#ifndef STADTLABOR_STAFF_NEWSLETTER_H
#define STADTLABOR_STAFF_NEWSLETTER_H

#include "daemon/desk/desk.h"
#include "daemon/newsletter/issue_check.h"
#include "daemon/newsletter/run.h"
#include "daemon/staff/command.h"

/* A file that is to become an issue. */
struct issue_draft {
    const char *path, *name, *source;
    struct issue_file file;
    struct issue_pictures pictures; /* those that are there, in the order of the text */
    struct issue_findings findings;
};

/* All fail with c->err. newsletter_read_file reads the pictures, too, and checks; newsletter_sound prints
 * what was found and is false when there is something. */
bool newsletter_making(struct command *c, struct issue_making *ret);
bool newsletter_read_file(struct command *c, const char *path, struct issue_draft *ret);
bool newsletter_sound(struct command *c, const struct issue_draft *draft);

/* Subcommands in files of their own. */
int newsletter_status(struct command *c);
int newsletter_new(struct command *c);
int newsletter_check(struct command *c);
int newsletter_preview(struct command *c);
int newsletter_test(struct command *c);

#endif
