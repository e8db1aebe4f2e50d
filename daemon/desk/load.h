/* daemon/desk/load.h: a batch of mails on its way: it was noted, is fetched, handled (pipeline.h) and moved.
 */
#ifndef STADTLABOR_DESK_LOAD_H
#define STADTLABOR_DESK_LOAD_H

#include "daemon/desk/noted.h"
#include "daemon/desk/pipeline.h"

struct load {
    struct arena *arena;
    struct arena *bytes; /* of the mails, until they are handled */
    struct noted_batch noted;
    bool renumbered; /* the INBOX has other numbers than before: none of its messages counts as fresh */
    struct batch batch;
    struct uids moved;
};

struct load *load_new(const struct noted_batch *noted, bool renumbered);
/* The mails themselves are needed no longer. */
void load_handled(struct load *load);
void load_free(struct load *load); /* NULL is allowed */

/* Fills the batch. What vanished is not in it. A mail whose fetch ended four sessions in a row, alone but for
 * the first, is not asked for again: it comes as one that the server cannot give. */
enum mailbox_fault load_fetch(struct load *load, struct mailbox *mailbox, struct noted_list *noted,
                              struct error *err);
/* Each mail into its folder; `moved` gets those that are there. A folder that takes nothing (quota) does not
 * keep the others waiting: its mails stay in the INBOX, decided, and are moved when it does. */
enum mailbox_fault load_move(struct load *load, struct mailbox *mailbox, struct error *err);

#endif
