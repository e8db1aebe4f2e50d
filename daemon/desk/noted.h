/* daemon/desk/noted.h: the messages of the INBOX that this process noted as being read, attempt N, and has
 * not moved yet. Each is noted before it is fetched. Attempts count crashes: doing it again in this process
 * (the disk was full, the session was lost, the move was refused) is not another one, and what a process that
 * ends by itself did not decide was none. */
#ifndef STADTLABOR_DESK_NOTED_H
#define STADTLABOR_DESK_NOTED_H

#include "daemon/post/mailbox.h"
#include "daemon/store/mail_store.h"

struct noted {
    uint32_t uid;
    struct intake_row was; /* with a mail: decided by a process that did not come to move it */
    bool fresh;            /* this message was not decided under its number before */
    int lost;              /* so many sessions in a row ended while it was fetched */
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
    bool alone; /* nothing is to be fetched beside it */
};

/* As many of `uids` as make a batch are noted in one transaction. A mail that a process tried that did not
 * come back, or whose fetch ended a session, takes no others with it: it is a batch of its own, as is one
 * that is as large as a batch, and while others are `under_way` none is noted. A batch of mails that were
 * noted before is moved before more is fetched, which may have ended the session. False: nothing is noted. */
bool noted_next(struct noted_list *list, struct store *store, const struct mailbox_settings *settings,
                const struct uids *uids, size_t from, bool under_way, struct noted_batch *ret,
                struct error *err);

/* They were moved, or vanished. */
bool noted_forget(struct noted_list *list, struct store *store, const struct mailbox_uid *uids, size_t n,
                  struct error *err);

/* The INBOX is empty: what is noted still left it unseen (a crash after the move, somebody's hand). */
bool noted_forget_all(struct noted_list *list, struct store *store, struct error *err);

/* The process ends by itself: what it did not come to decide was no attempt. */
bool noted_take_back(struct noted_list *list, struct store *store, struct error *err);

#endif
