/* parsers/programme.h: the lab's events, and which of them a mail means.
 *
 * An event is a plain value here; the store keeps it, the CSV border (../shared format:
 * code;title;keywords;start;end;place;capacity;waiting_list;register_until;min_age;max_age;topic)
 * fills it. */
#ifndef STADTLABOR_PARSERS_PROGRAMME_H
#define STADTLABOR_PARSERS_PROGRAMME_H

#include "base/date.h"
#include "base/error.h"
#include "base/list.h"
#include "parsers/pattern_file.h"

/* What a registration must have. Default: all of them (the lab's web page). */
enum person_field { FIRST_NAME, LAST_NAME, BIRTH_DATE, STREET, POSTAL_CODE, CITY, PERSON_FIELDS };

struct event {
    const char *code; /* "2026-12-03-ki-alltag": unique, [a-z0-9-], at most 80 bytes */
    const char *title;
    const char *keywords; /* comma separated, "" if none */
    int64_t start, end;   /* seconds since 1970 */
    struct date day;      /* of start, in Berlin */
    const char *place;
    int capacity; /* places; 0: no limit */
    bool waiting_list;
    struct date register_until; /* last day; year 0: until the start */
    int min_age, max_age;       /* on the day of the event; -1: none */
    const char *topic;
    bool cancelled;
};

struct event_terms; /* the words of all titles and keywords, ready to be looked up */

struct programme {
    LIST(struct event) events;       /* ordered by start */
    const struct event_terms *terms; /* made by programme_prepare; NULL: made anew for each mail */
};

/* CSV with `;`, `,` or tab, quotes as RFC 4180, UTF-8 (BOM allowed) or windows-1252, columns by
 * name in any order, ISO or German dates. Every bad row is told: row, column, what is wrong, what
 * would be right (the first 20, one a line of `ret_problems`); nothing is returned then. */
bool programme_read_csv(struct arena *arena, const char *bytes, size_t len, struct programme *ret,
                        const char **ret_problems, struct error *err);

/* Makes the words of the programme ready once, for many mails; lives in `arena`. */
void programme_prepare(struct arena *arena, const struct patterns *patterns, struct programme *programme);

const struct event *programme_find(const struct programme *programme, const char *code);

/* One event that a text may mean. */
struct event_hit {
    const struct event *event;
    int score;           /* sum of countable reasons */
    const char *reasons; /* "Titel „KI im Alltag“ (3), Datum 3.12. (4)": for evidence */
    size_t at, len;      /* the place of the best words in `text`; len 0: in the subject */
};
struct event_hits {
    LIST(struct event_hit) hits; /* best first */
    bool named_unknown;          /* an event or date is named that is not in the programme */
};

/* Which events subject and own words mean: by title or part of it, keyword, date, weekday, series,
 * with typing errors. Past events only when nothing upcoming fits. The hits whose score equals the
 * best one's are "could be meant"; one alone is the event. */
void programme_match(struct arena *arena, const struct patterns *patterns, const struct programme *programme,
                     const char *subject, const char *text, struct date today, struct event_hits *ret);

#endif
