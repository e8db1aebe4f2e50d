/* daemon/store/newsletter_token.h: short words that only this store can have made, and that name a subscriber
 * or one copy of an issue: behind the "+" of a return or unsubscribe address, in a subject, in a Message-ID.
 *
 * "s17-0123456789abcdef": kind, number, and 64 bits of a keyed hash over both. Lower case letters, digits and
 * "-" alone, so that it survives what mail programs do to local parts, subjects and links. */
#ifndef STADTLABOR_STORE_NEWSLETTER_TOKEN_H
#define STADTLABOR_STORE_NEWSLETTER_TOKEN_H

#include "base/arena.h"
#include "daemon/store/store.h"

enum { TOKEN_MAX = 40 }; /* bytes, at most */

/* A subscriber's: whoever shows it may unsubscribe that subscriber, and nothing else. `key`: the store's
 * (store_key). Pure. */
char *newsletter_token(struct arena *arena, int64_t key, int64_t subscriber_id);
/* The first token of a subscriber that stands anywhere in `words` (an address, a subject), in upper or lower
 * case; 0: none that is ours. Within a transaction, or where the store has its key. False: the store
 * failed. */
bool newsletter_token_find(struct store *store, const char *words, int64_t *ret_subscriber_id,
                           struct error *err);

/* The same of a copy (table newsletter_copy): in its Message-ID and in its envelope sender. */
char *newsletter_copy_token(struct arena *arena, int64_t key, int64_t copy_id);
bool newsletter_copy_token_find(struct store *store, const char *words, int64_t *ret_copy_id,
                                struct error *err);

#endif
