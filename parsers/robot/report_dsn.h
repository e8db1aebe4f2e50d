/* parsers/robot/report_dsn.h: the machine-readable part of a delivery report (RFC 3464 2), wherever it
 * stands: some systems write its fields into the text. */
#ifndef STADTLABOR_PARSERS_ROBOT_REPORT_DSN_H
#define STADTLABOR_PARSERS_ROBOT_REPORT_DSN_H

#include "base/arena.h"
#include "base/list.h"

enum dsn_action {
    DSN_UNSAID,
    DSN_FAILED,
    DSN_DELAYED,
    DSN_ARRIVED, /* delivered, relayed, expanded: RFC 3464 2.3.3 */
};

struct dsn_recipient {
    const char *recipient;  /* lower case; Final-Recipient, else Original-Recipient; NULL: unreadable */
    const char *status;     /* "5.1.1"; the Diagnostic-Code's where the field says only "5.0.0" */
    const char *diagnostic; /* one line, its type ("smtp;") taken off; NULL: none */
    enum dsn_action action;
};

struct dsn {
    LIST(struct dsn_recipient)
    recipients;
};

enum { DSN_RECIPIENTS_MAX = 100 }; /* RFC 5321 4.5.3.1.8: a server need not take more at once */

/* Adds what `text` says to `ret`. */
void report_dsn_read(struct arena *arena, const char *text, struct dsn *ret);

/* The first enhanced status code (RFC 3463) in `s`, class 4 or 5; NULL: none. "2.1.5", version
 * numbers and IP addresses are none. */
const char *report_status(struct arena *arena, const char *s);

#endif
