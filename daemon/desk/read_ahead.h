/* daemon/desk/read_ahead.h: mails are read while the desk decides about those before them and stores that:
 * reading is pure, so it can be done by a thread of its own, without the store and in no transaction. It
 * takes longer than deciding: where the desk would have to wait it reads, too.
 *
 *     struct read_ahead *ahead = read_ahead_begin(desk, now, batch);
 *     for each mail in the batch: struct read_mail *read = read_ahead_next(ahead); …
 *     read_ahead_end(ahead); */
#ifndef STADTLABOR_DESK_READ_AHEAD_H
#define STADTLABOR_DESK_READ_AHEAD_H

#include "daemon/desk/decide.h"
#include "daemon/desk/pipeline.h"
#include "parsers/reading/topic.h"

/* One mail as it was read in expectation of nothing: hardly ever is anything expected. */
struct read_mail {
    struct arena *arena; /* what was read lives there, and whatever is made of it */
    bool done;           /* false: nobody read it yet */
    bool readable;       /* false: `why`, and nothing below is there */
    struct error why;
    struct letter letter;
    const char *identity;
    struct reading reading; /* without what its event does not ask for (needs.h) */
    const char *kept;       /* … as it goes into the store */
    enum topic topic;
};

/* Into `mail`, whose arena is set. */
void read_mail(const struct desk *desk, int64_t now, const struct incoming *incoming, struct read_mail *mail);
/* Once more, when it answers something. */
void read_mail_knowing(const struct desk *desk, const struct known *known, struct read_mail *mail);

/* Desk, with the programme loaded, and batch are borrowed and must not change until the end. */
struct read_ahead;
struct read_ahead *read_ahead_begin(const struct desk *desk, int64_t now, const struct batch *batch);
/* The next mail of the batch; the one before is gone. Not read (`done`) is what was decided before, or is not
 * to be read any more: PIPELINE_ATTEMPTS_MAX. */
struct read_mail *read_ahead_next(struct read_ahead *ahead);
void read_ahead_end(struct read_ahead *ahead);

#endif
