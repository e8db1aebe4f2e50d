/* daemon/desk/answer.h: a letter that was planned becomes bytes: facts to JSON, JSON to words, words
 * to a mail. */
#ifndef STADTLABOR_DESK_ANSWER_H
#define STADTLABOR_DESK_ANSWER_H

#include "daemon/desk/apply.h"

struct answer {
    const char *message_id;    /* without <>; stable: made of the store's key, the mail and `number` */
    const char *envelope_from; /* "" where nobody needs the bounce */
    const char *bytes;
    size_t len;
};

/* `number`: 0 for the first letter that a mail causes, 1 for the second … */
bool answer_write(const struct desk *desk, struct arena *arena, const struct handled *handled,
                  const struct letter_plan *plan, int number, struct answer *ret, struct error *err);

#endif
