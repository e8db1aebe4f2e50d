/* parsers/language/german_date.h: dates as people write them, German and English. */
#ifndef STADTLABOR_PARSERS_LANGUAGE_GERMAN_DATE_H
#define STADTLABOR_PARSERS_LANGUAGE_GERMAN_DATE_H

#include "base/date.h"
#include "base/list.h"
#include "parsers/pattern/pattern_file.h"

struct date_found {
    size_t at, len; /* bytes in the text */
    const char *words;
    int year, month, day; /* 0: not said (a "3. Mai" has no year, "Jg. 53" only a year) */
    bool two_digit_year;  /* `year` was completed by the rule of the past: nobody older than 100 */
    const char *pattern, *where;
};

struct dates {
    LIST(struct date_found) found; /* in order of place, not overlapping */
};

/* All dates in `text`; `today` completes two-digit years. Times, telephone numbers, postal codes,
 * amounts and reference numbers are no dates. */
void german_dates(struct arena *arena, const struct patterns *patterns, const char *text, struct date today,
                  struct dates *ret);

/* "zwölften", "achtundfünfzig" in folded letters → 12, 58; 0: no number. */
int german_number(const char *folded);

#endif
