/* daemon/newsletter/issue_words.h: an issue's file and the programme of the day → its words, as text and as
 * HTML.
 *
 * Mustache first, over what the file may name (see issue_data), Markdown second: so a section of Mustache may
 * hold a list or a table of Markdown. What Mustache puts in is escaped as Markdown: a title cannot make a
 * heading. */
#ifndef STADTLABOR_NEWSLETTER_ISSUE_WORDS_H
#define STADTLABOR_NEWSLETTER_ISSUE_WORDS_H

#include "daemon/newsletter/issue_file.h"
#include "daemon/newsletter/issue_mail.h"
#include "parsers/programme/programme.h"

#include <jansson.h>

/* What words are made with; pointers live as long. */
struct issue_making {
    const struct config *config;
    struct store *store; /* for free places */
    const struct programme *programme;
    const char *templates_folder; /* holds newsletter/frame.html */
    int64_t now;
};

/* The names that an issue may use:
 *   greeting, subject, preview, unsubscribe (a link), address (the reader's), lab.name …
 *   events: those to come, in their order, each with code, title, when, place, register (a link), extra, and
 * of free (a number), unlimited, waiting (a list is kept), full, closed those that hold event.CODE: one of
 * them by its code */
json_t *issue_data(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                   struct error *err);

/* The same, with every name that an issue may use, whatever the programme; to be changed freely. */
json_t *issue_sample(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                     struct error *err);

/* The Markdown of the body with everything put in. A name that is not there is an error with its line. */
bool issue_markdown(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                    char **ret, struct error *err);

/* Words for issue_mail. `pictures` in the order in which the text names them. */
bool issue_words(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                 const struct issue_pictures *pictures, struct issue_words *ret, struct error *err);

#endif
