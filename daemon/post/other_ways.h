/* daemon/post/other_ways.h: a letter of ours does not arrive: what staff can do about it, in German words. */
#ifndef STADTLABOR_POST_OTHER_WAYS_H
#define STADTLABOR_POST_OTHER_WAYS_H

#include "base/arena.h"
#include "daemon/store/store.h"

/* Who is registered under the letter's address, and the telephone numbers and other addresses that stand in
 * the mails from there: " Es geht um: Petra Müller (2026-12-03-ki-alltag). In der Mail steht: Telefon 0171
 * …". Begins with a blank. */
bool other_ways(struct store *store, struct arena *arena, int64_t outbox_id, int64_t now, const char **ret,
                struct error *err);

#endif
