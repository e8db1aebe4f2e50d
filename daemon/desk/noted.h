/* daemon/desk/noted.h: the messages of the INBOX that this process noted as being read, attempt N, and has
 * not moved yet. Each is noted before it is fetched. Handling it again (the disk was full, the move was
 * refused) is not another attempt, as attempts count crashes. */
#ifndef STADTLABOR_DESK_NOTED_H
#define STADTLABOR_DESK_NOTED_H

#include "daemon/post/mailbox.h"
#include "daemon/store/mail_store.h"

struct noted {
    uint32_t uid;
    struct intake_row was; /* with a mail: decided by a process that did not come to move it */
    bool fresh;            /* this message was not decided under its number before */
};

/* Outlives a session with the mailbox. */
struct noted_list {
    struct arena *arena;
    uint32_t uidvalidity;
    LIST(struct noted) mail;
};

/* NULL: not noted. Holds until the list changes. */
struct noted *noted_find(const struct noted_list *list, uint32_t uid);

struct noted_batch {
    const struct mailbox_uid *at; /* in the list it was taken from */
    size_t n;
    bool alone; /* one mail that nothing is to be fetched beside: it was tried before by a process that did
                   not come back, and takes no others with it; or it is as large as a batch */
};

/* As many of `uids` as make a batch are noted in one transaction; none, if the first stands alone and others
 * are `under_way`. False: nothing is noted. */
bool noted_next(struct noted_list *list, struct store *store, const struct mailbox_settings *settings,
                const struct uids *uids, size_t from, bool under_way, struct noted_batch *ret,
                struct error *err);

/* They were moved, or vanished. */
bool noted_forget(struct noted_list *list, struct store *store, const struct mailbox_uid *uids, size_t n,
                  struct error *err);

#endif
