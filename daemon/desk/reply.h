/* daemon/desk/reply.h: a person's own answer to a mail of the queue, sent as the lab and in the thread. */
#ifndef STADTLABOR_DESK_REPLY_H
#define STADTLABOR_DESK_REPLY_H

#include "daemon/desk/proposal.h"

/* Stands in a draft where the person must fill in or look at something. */
#define REPLY_GAP "[…]"

/* The text still holds one, in the quoted mail aside: it is not sent. */
bool reply_has_gap(const char *text);

/* What the person begins with: greeting, closing, the mail's own words quoted; templates/LANGUAGE/_reply.txt,
 * in the language of the mail. */
bool reply_draft(const struct desk *desk, struct arena *arena, const struct proposal *mail, const char **ret,
                 struct error *err);

/* Whom it goes to (Reply-To before From; NULL: nobody) and its subject. */
const char *reply_recipient(const struct proposal *mail);
const char *reply_subject(struct arena *arena, const struct proposal *mail);

/* Puts it into the outbox and closes the entry, inside the caller's transaction; wake the outbox after the
 * commit. No mark of a machine: a person wrote it. */
bool reply_send(const struct desk *desk, struct arena *arena, const struct queue_row *entry,
                const struct proposal *mail, const char *text, const char *actor, struct error *err);

#endif
