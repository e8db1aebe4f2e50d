/* daemon/newsletter/run.h: an issue is begun, paused, resumed, stopped: by a command, never by the daemon.
 *
 * Beginning fixes the recipients as rows of the ledger in one transaction, together with the mail they get.
 * The daemon then sends what waits (source.h); ring its doorbell. Each function but one is a transaction of
 * its own; those of a state that is not right for it fail with a German sentence that says which it is. */
#ifndef STADTLABOR_NEWSLETTER_RUN_H
#define STADTLABOR_NEWSLETTER_RUN_H

#include "daemon/newsletter/issue_words.h"

/* Takes a file in as `scheduled` for `send_at`, or in place of what was scheduled under that name. An issue
 * that was begun keeps its name for ever: nobody gets it twice. */
bool run_schedule(struct store *store, int64_t now, const char *actor, const char *name, const char *source,
                  const struct issue_file *file, const struct issue_pictures *pictures, int64_t send_at,
                  struct error *err);
/* The same within the caller's transaction. */
bool run_schedule_within(struct store *store, struct arena *arena, int64_t now, const char *actor,
                         const char *name, const char *source, const struct issue_file *file,
                         const struct issue_pictures *pictures, int64_t send_at, struct error *err);
bool run_unschedule(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
                    struct error *err);

/* Makes words and mail of what was scheduled and begins. */
bool run_begin(const struct issue_making *making, const char *actor, const struct issue_row *issue,
               int64_t *ret_recipients, struct error *err);

bool run_pause(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
               struct error *err);
/* Paused or stopped: goes on. `unclear`: copies of which nobody knows whether they arrived are sent again,
 * also of an issue that is through; `*ret_unclear` of them. */
bool run_resume(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
                bool unclear, int64_t *ret_unclear, struct error *err);
bool run_stop(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
              struct error *err);

#endif
