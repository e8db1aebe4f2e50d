/* daemon/desk/apply_newsletter.h: what was decided about the newsletter becomes rows, each step with its
 * proof; a part of apply.c. */
#ifndef STADTLABOR_DESK_APPLY_NEWSLETTER_H
#define STADTLABOR_DESK_APPLY_NEWSLETTER_H

#include "daemon/desk/apply.h"
#include "daemon/desk/dispatch.h"

/* EFFECT_ASK_NEWSLETTER to EFFECT_RESUME. */
bool apply_newsletter(const struct desk *desk, struct arena *arena, const struct handled *handled,
                      const struct effect *effect, struct error *err);

/* The question that was dispatched, as part of the proof; nothing for any other letter. */
bool apply_question(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                    struct error *err);

#endif
