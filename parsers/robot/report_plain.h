/* parsers/robot/report_plain.h: a delivery report as people read it: the notice, the failed addresses in
 * it, and our own letter behind it. */
#ifndef STADTLABOR_PARSERS_ROBOT_REPORT_PLAIN_H
#define STADTLABOR_PARSERS_ROBOT_REPORT_PLAIN_H

#include "base/list.h"
#include "parsers/mail/letter.h"
#include "parsers/pattern/pattern_file.h"

enum { REPORT_NOTICE_MAX = 32 * 1024 }; /* bytes of a notice looked at */

struct report_notice {
    const char *text;     /* the report's own words, at most REPORT_NOTICE_MAX bytes */
    const char *returned; /* what follows: our letter, or its head; "" if it is not in the text */
};

/* Cuts a report's text where the returned letter begins. */
void report_notice_cut(struct arena *arena, const struct patterns *patterns, const char *text,
                       struct report_notice *ret);

struct named_recipient {
    const char *recipient; /* lower case */
    const char *words;     /* what the notice says of it; the whole notice where only one is named */
};

struct named_recipients {
    LIST(struct named_recipient)
    list;
    bool sure; /* named where failed addresses stand, not just somewhere */
};

/* The addresses that the notice says have failed, in its order. The report's sender and its
 * addressee count only where nobody else is named. */
void report_named_recipients(struct arena *arena, const struct patterns *patterns, const char *notice,
                             const struct letter *letter, struct named_recipients *ret);

/* What the head of our returned letter tells. */
struct returned_head {
    const char *message_id; /* without <>; NULL: none */
    const char *recipient;  /* whom it was for; NULL: not said */
    bool names_original;    /* X-HmXmrOriginalRecipient: Microsoft's complaint reports have it */
};

void report_returned_head(struct arena *arena, const char *text, struct returned_head *ret);

#endif
