/* parsers/robot/delivery_report.h: what came back (RFC 3464, RFC 5965, and plain-text reports). */
#ifndef STADTLABOR_PARSERS_ROBOT_DELIVERY_REPORT_H
#define STADTLABOR_PARSERS_ROBOT_DELIVERY_REPORT_H

#include "base/list.h"
#include "parsers/mail/letter.h"
#include "parsers/pattern/pattern_file.h"

#include <stdbool.h>

struct failed_recipient {
    const char *recipient;  /* address in lower case */
    const char *status;     /* "5.1.1" (RFC 3463); NULL: none */
    const char *diagnostic; /* the server's words, one line; NULL: none */
    bool hard;              /* the address itself is dead: unknown user or host, moved */
    bool delayed;           /* still being tried: never a failure */
};

struct delivery_report {
    LIST(struct failed_recipient) failed;
    const char *returned_message_id; /* of our letter, without <>; NULL: not in the report */
    bool complaint;                  /* ARF abuse report */
};

/* True when the letter is a report and at least one recipient was found. */
bool delivery_report_read(struct arena *arena, const struct patterns *patterns, const struct letter *letter,
                          struct delivery_report *ret);

#endif
