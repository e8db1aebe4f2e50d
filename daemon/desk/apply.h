/* daemon/desk/apply.h: a decision becomes rows: the mail with its state, registrations,
 * conversations, subscribers, queue entries, audit, and the letters in the outbox. Runs inside the
 * caller's transaction: all of it is there, or nothing. */
#ifndef STADTLABOR_DESK_APPLY_H
#define STADTLABOR_DESK_APPLY_H

#include "daemon/desk/decide.h"
#include "daemon/desk/desk.h"
#include "daemon/store/mail_store.h"

/* One mail on its way through the desk. */
struct handled {
    struct mail_row *row; /* identity, received, size are set; the rest is filled in here */
    const char *actor;    /* for the audit; NULL: "stadtlabord" */
    const char *occasion; /* of letters of a second decision, which differ from those of the first; NULL */
    const struct letter *letter;
    const struct reading *reading;
    const char *kept; /* … as it is kept in the store: reading_json(); of apply_decision alone */
    const struct known *known;
    const struct decision *decision;
    const char *bytes; /* what is kept of the mail */
    size_t len;
};

bool apply_decision(const struct desk *desk, struct arena *arena, const struct handled *handled,
                    struct error *err);

/* The effects and letters alone, of a mail that is stored already (`row->id`): a person has decided. */
bool apply_effects(const struct desk *desk, struct arena *arena, const struct handled *handled,
                   struct error *err);

/* A mail that could not be read: into the queue with its bytes, unread. `why` is a stable name. */
bool apply_unread(const struct desk *desk, struct mail_row *row, const char *why, const char *words,
                  const char *bytes, size_t len, struct error *err);

#endif
