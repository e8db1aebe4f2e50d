/* daemon/desk/identities.h: which mails they are that lie in a folder.
 *
 * A mail is known by its content (letter_identity), not by its Message-ID, which others can forge and some
 * mails do not have. The Message-ID, or else the size, only says which mails of a folder are worth being
 * fetched. */
#ifndef STADTLABOR_DESK_IDENTITIES_H
#define STADTLABOR_DESK_IDENTITIES_H

#include "base/list.h"
#include "daemon/post/mailbox.h"
#include "daemon/store/store.h"

/* A mail has two: as it is when it was read, and as one that was not; it may have been one and then the
 * other. */
struct identities {
    LIST(const char *) identity;
    LIST(uint32_t) uid; /* of the one at the same place; those of a mail stand together */
};

/* Of a mail that could not be read; with no bytes, as the server could not give it, its place is all we know.
 */
const char *identity_unread(struct arena *arena, const char *bytes, size_t len);
const char *identity_unread_at(struct arena *arena, uint32_t uidvalidity, uint32_t uid);
bool identity_of_unread(const char *identity);

/* Fetches the mails with these UIDs of the folder that is selected. What the store knows as unread is not
 * read here either: it may have ended the program. `*ret_store_failed` is set when MAILBOX_LOST is the
 * store's. */
enum mailbox_fault identities_fetch(struct mailbox *mailbox, struct store *store, struct arena *arena,
                                    const uint32_t *uids, size_t n, struct identities *ret,
                                    bool *ret_store_failed, struct error *err);

/* The old identity of a mail that was read anew ends in "/" and a number. */
bool identity_is(const char *stored, const char *found);

#endif
