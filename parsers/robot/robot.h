/* parsers/robot/robot.h: who is no person (RFC 3834, and what robots do in practice). */
#ifndef STADTLABOR_PARSERS_ROBOT_ROBOT_H
#define STADTLABOR_PARSERS_ROBOT_ROBOT_H

#include "parsers/mail/letter.h"
#include "parsers/mail/own_words.h"
#include "parsers/pattern/pattern_file.h"

enum robot_kind {
    ROBOT_NONE,       /* a person */
    ROBOT_REPORT,     /* a delivery report or complaint: delivery_report.h reads it */
    ROBOT_AUTO_REPLY, /* out of office, ticket receipt, read receipt */
    ROBOT_BULK,       /* a mailing list, advertising, spam that shows itself */
};

struct robot {
    enum robot_kind kind;
    const char *why;     /* "Auto-Submitted: auto-replied", "out-of-office wording"; NULL for a person */
    const char *pattern; /* NULL when a header said so */
};

void robot_recognise(struct arena *arena, const struct patterns *patterns, const struct letter *letter,
                     const struct own_words *own, struct robot *ret);

#endif
