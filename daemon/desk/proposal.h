/* daemon/desk/proposal.h: what would be done about a mail that waits for a person, if that person says yes:
 * the reading without the doubts, with what the person corrects, and the decision that follows from it.
 * Nothing is written until proposal_carry_out. */
#ifndef STADTLABOR_DESK_PROPOSAL_H
#define STADTLABOR_DESK_PROPOSAL_H

#include "daemon/desk/decide.h"
#include "daemon/desk/desk.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/queue_store.h"

/* What a person knows better. Values are tidied already: a birth date as YYYY-MM-DD, a code of the programme.
 */
struct correction {
    size_t person; /* from 1, in the order of the mail */
    enum person_field field;
    const char *value;
};

struct corrections {
    const char *event; /* NULL: as read */
    LIST(struct correction) field;
};

struct proposal {
    struct mail_row mail;
    const char *bytes;
    size_t len;
    bool unread; /* the mail was never read, and must not be now: nothing below is filled */
    bool gone;   /* … because its text is no longer kept */
    struct letter letter;
    struct reading read;    /* as it is read now, on the day it came */
    struct reading settled; /* … without doubts, as corrected, without what is done already */
    struct known known;
    struct decision decision;
    bool acts;           /* it can be accepted */
    bool asks;           /* it can be asked: something is missing */
    const char *why_not; /* German; neither of both: why; NULL: there is simply nothing to do */
};

/* `desk` with patterns and the programme loaded; everything lies in the arena. */
bool proposal_make(const struct desk *desk, struct arena *arena, int64_t now, int64_t mail_id,
                   const struct corrections *corrections, struct proposal *ret, struct error *err);

/* The letter to the sender as it would go out. `*ret` NULL: none would. */
bool proposal_letter(const struct desk *desk, struct arena *arena, const struct proposal *proposal,
                     const struct rendered **ret, struct error *err);

/* Does it and closes the entry, inside the caller's transaction; wake the outbox after the commit. */
bool proposal_carry_out(const struct desk *desk, struct arena *arena, const struct queue_row *entry,
                        const struct proposal *proposal, const char *actor, struct error *err);

#endif
