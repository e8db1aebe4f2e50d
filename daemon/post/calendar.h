/* daemon/post/calendar.h: an event → text/calendar (RFC 5545), for the confirmation's attachment.
 * libical is known only here.
 *
 * Times are written in UTC ("20261203T160000Z"): each calendar shows them in the reader's own zone,
 * right on both sides of a clock change, and no VTIMEZONE is needed (libical's own does not carry
 * the name Europe/Berlin, which Outlook wants to see). */
#ifndef STADTLABOR_POST_CALENDAR_H
#define STADTLABOR_POST_CALENDAR_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct calendar_entry {
    const char *event;  /* code; with `party` and the domain of `organizer_address` the UID */
    int64_t party;      /* whose places these are; stable over changes and the cancellation */
    int sequence;       /* 0 at first; each change counts one up (RFC 5545 3.8.7.4) */
    int64_t start, end; /* seconds since 1970; end <= start: none */
    const char *title, *place;
    const char *description; /* how to cancel */
    const char *organizer_name, *organizer_address;
    bool cancelled; /* METHOD:CANCEL, STATUS:CANCELLED; else PUBLISH, CONFIRMED (RFC 5546) */
    int64_t now;    /* DTSTAMP, seconds since 1970 */
};

/* "PUBLISH" or "CANCEL", as it must also stand in the Content-Type. */
const char *calendar_method(const struct calendar_entry *entry);

/* The whole VCALENDAR, CRLF, folded at 75 bytes, UTF-8. Texts that are not one line have their
 * control characters made blanks. Refused: no title, times that no calendar holds. */
bool calendar_write(struct arena *arena, const struct calendar_entry *entry, const char **ret,
                    struct error *err);

#endif
