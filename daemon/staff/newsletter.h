/* daemon/staff/newsletter.h: for the files of `stadtlabor newsletter` alone: what they share. */
#ifndef STADTLABOR_STAFF_NEWSLETTER_H
#define STADTLABOR_STAFF_NEWSLETTER_H

#include "daemon/desk/desk.h"
#include "daemon/newsletter/run.h"
#include "daemon/staff/command.h"

/* A file that is to become an issue. */
struct issue_draft {
    const char *path, *name, *source;
    struct issue_file file;
};

/* Both fail with c->err. */
bool newsletter_making(struct command *c, struct issue_making *ret);
bool newsletter_read_file(struct command *c, const char *path, struct issue_draft *ret);

/* Subcommands in files of their own. */
int newsletter_status(struct command *c);

#endif
