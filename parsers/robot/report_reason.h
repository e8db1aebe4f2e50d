/* parsers/robot/report_reason.h: is an address dead, or did something else fail?
 *
 * Dead (a hard bounce): no such user, no such host or domain, the host takes no mail (RFC 7505),
 * moved away. Everything else may be right tomorrow: full, disabled, refused for what was sent or
 * for who sent it, too large, not reachable. The words of the refusing server decide
 * (parsers/patterns/report.patterns); the status code (RFC 3463) where they do not. */
#ifndef STADTLABOR_PARSERS_ROBOT_REPORT_REASON_H
#define STADTLABOR_PARSERS_ROBOT_REPORT_REASON_H

#include "parsers/pattern/pattern_file.h"

#include <stdbool.h>

/* What one recipient's failure is judged by; NULL where it is not known. */
struct report_evidence {
    const char *status;     /* "5.1.1" */
    const char *words;      /* the server's answer */
    const char *transcript; /* what the report says besides: weighed when `words` say nothing */
    bool plain;             /* no field of RFC 3464: `words` are the notice's */
};

bool report_address_is_dead(struct arena *arena, const struct patterns *patterns,
                            const struct report_evidence *evidence);

#endif
