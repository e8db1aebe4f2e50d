/* daemon/desk/answer.h: a letter that was planned becomes bytes: facts to JSON, JSON to words, words
 * to a mail. For dispatch.c, which puts it into the outbox. */
#ifndef STADTLABOR_DESK_ANSWER_H
#define STADTLABOR_DESK_ANSWER_H

#include "daemon/desk/dispatch.h"
#include "daemon/post/compose.h"

struct answer {
    const char *envelope_from; /* "" where nobody needs the bounce */
    const char *bytes;
    size_t len;
};

/* Without <>; always the same for the same seed in the same store. NULL: the store failed. */
const char *answer_message_id(const struct desk *desk, struct arena *arena, const char *seed,
                              struct error *err);

/* Its subject and words alone. */
bool answer_text(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                 struct rendered *ret, struct error *err);

/* In-Reply-To and References of an answer to this mail; its subject with one "Re:", NULL: theirs is empty. */
void answer_references(struct arena *arena, const struct letter *theirs, struct outgoing *mail);
const char *answer_subject(struct arena *arena, const char *subject);

bool answer_write(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                  const char *message_id, struct answer *ret, struct error *err);

#endif
