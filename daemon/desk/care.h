/* daemon/desk/care.h: who takes care of which topic, as configured, and that they hear of an entry. */
#ifndef STADTLABOR_DESK_CARE_H
#define STADTLABOR_DESK_CARE_H

#include "daemon/desk/apply.h"
#include "daemon/store/queue_store.h"

/* One for each topic. */
void care_configured(struct arena *arena, const struct config *config, struct topic_care ret[TOPICS]);

/* Whom the configuration knows by that name or address; NULL: nobody. */
const struct topic_care *care_named(const struct topic_care care[TOPICS], const char *name);

/* A new entry gets its topic and whoever is in charge, who is told by mail. Robots' mails tell nobody: a
 * notice that came back would cause the next. Inside the caller's transaction. */
bool care_entry(const struct desk *desk, struct arena *arena, const struct handled *handled, int64_t entry,
                const struct effect *effect, struct error *err);

/* The notice alone, once for an entry and an address; `text` are the mail's own words. */
bool care_notice(const struct desk *desk, struct arena *arena, int64_t now, const struct queue_row *entry,
                 const struct topic_care *to, const char *text, const char *actor, struct error *err);

#endif
