/* daemon/newsletter/issue_check.h: what is wrong with an issue before anybody gets it. */
#ifndef STADTLABOR_NEWSLETTER_ISSUE_CHECK_H
#define STADTLABOR_NEWSLETTER_ISSUE_CHECK_H

#include "daemon/newsletter/issue_words.h"

struct issue_findings {
    LIST(const char *) line; /* German sentences, each one thing to mend */
};

/* Stands in a new issue where its author must write something. */
#define ISSUE_GAP "[…]"

/* Subject, gaps, names that nothing stands behind (also events that are over or called off), pictures, links,
 * size, the way to unsubscribe. False for faults of the store and of the house only. */
bool issue_check(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                 const struct issue_pictures *pictures, struct issue_findings *ret, struct error *err);

/* The names of pictures, as the text gives them, in its order; one that stands twice is twice there. Fails
 * for what issue_markdown fails for. */
struct issue_names {
    LIST(const char *) name;
};
bool issue_picture_names(struct arena *arena, const struct issue_making *making,
                         const struct issue_file *file, struct issue_names *ret, struct error *err);

#endif
