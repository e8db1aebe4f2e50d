/* daemon/desk/colleagues.h: what people do in the mailbox with their mail programs, noticed and never undone.
 *
 *   review → done folder      the mail's entries are closed: 'moved'
 *   a reply in the sent folder to a mail of the queue: 'answered', and the mail goes to the done folder
 *   back to the INBOX         the mail is read anew: 'reread'; or, when something was done because of it
 * already, or a robot sent it, a person is asked to look
 *
 * And the other way round: the mail of an entry that a command closed goes to the done folder.
 * Which mail it is: identities.h. */
#ifndef STADTLABOR_DESK_COLLEAGUES_H
#define STADTLABOR_DESK_COLLEAGUES_H

#include "daemon/desk/pipeline.h"

struct colleagues {
    struct desk *desk; /* with patterns */
    struct mailbox *mailbox;
    bool renumbered;   /* the INBOX has other numbers than before: what lies in it is there anew by nobody's
                          doing */
    bool refused;      /* a folder refused the last time: told in the log */
    bool store_failed; /* out: MAILBOX_LOST was the store's */
};

/* MAILBOX_LOST, and whose it was. */
enum mailbox_fault colleagues_store_trouble(struct colleagues *c);

/* At the beginning of a session: folders that were never looked at count
 * from now on. MAILBOX_OK or MAILBOX_LOST: the INBOX matters more than a folder that refuses. */
enum mailbox_fault colleagues_begin(struct colleagues *c, struct error *err);
/* All that lay in the INBOX was taken in: its numbers are known from now on. MAILBOX_OK or MAILBOX_LOST. */
enum mailbox_fault colleagues_know_inbox(struct colleagues *c, struct error *err);

/* Looks at what came to the folders since the last time, and moves what was closed. Costs next to nothing
 * while no entry is open. MAILBOX_OK or MAILBOX_LOST: a folder that refuses is told in the log, once. */
enum mailbox_fault colleagues_look(struct colleagues *c, struct error *err);
/* Whether it has to be called again before long. */
bool colleagues_wait(struct colleagues *c);

/* After the pipeline handled a batch: mails that were decided before and lie in none of our folders came back
 * from there. Sets their folders anew. */
enum mailbox_fault colleagues_came_back(struct colleagues *c, struct batch *batch, struct error *err);

#endif
