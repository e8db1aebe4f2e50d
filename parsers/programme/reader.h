/* parsers/programme/reader.h: what every mail of a day is read with. */
#ifndef STADTLABOR_PARSERS_PROGRAMME_READER_H
#define STADTLABOR_PARSERS_PROGRAMME_READER_H

#include "parsers/pattern/pattern_file.h"
#include "parsers/programme/programme.h"

struct reader {
    const struct patterns *patterns;
    const struct programme *programme;
    struct date today;
    int caution;             /* the line, 0 to 100 */
    const char *own_address; /* the lab's, so that it is never taken for a citizen's; may be NULL */
    bool proposes;           /* for a person to say yes to: a condition or a question holds no wish back */
};

#endif
