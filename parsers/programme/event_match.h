/* parsers/programme/event_match.h: which events a mail names, and which of them are wanted.
 *
 * First every mention is found, with the events it fits: titles, keywords, dates, months, weekdays.
 * Then the caller says which mentions count (a word in "war beim Klimaschutz-Abend" does not),
 * and what counts is put together: title and date of one sentence, a series narrowed by a date. */
#ifndef STADTLABOR_PARSERS_PROGRAMME_EVENT_MATCH_H
#define STADTLABOR_PARSERS_PROGRAMME_EVENT_MATCH_H

#include "parsers/language/german_date.h"
#include "parsers/language/sentences.h"
#include "parsers/programme/event_terms.h"

enum event_mention_kind {
    MENTION_TITLE,
    MENTION_KEYWORD,
    MENTION_DATE,         /* a day on which there is an event */
    MENTION_PERIOD,       /* month, weekday, time, "nächste Woche": narrows, names nothing */
    MENTION_UNKNOWN_DATE, /* a day to come without an event */
    MENTION_UNKNOWN_NAME, /* a title that is not in the programme */
};

/* What a MENTION_PERIOD narrows by: each kind for itself. */
enum event_period {
    PERIOD_MONTH,
    PERIOD_WEEKDAY,
    PERIOD_WEEK,
    PERIOD_YEAR,
    PERIOD_TIME,
    PERIOD_ORDER,
    PERIODS
};

struct event_mention {
    enum event_mention_kind kind;
    enum event_period period;
    bool in_subject;
    size_t at, len; /* bytes in the subject or the text */
    size_t sentence;
    struct event_set fits;
    struct event_set ever; /* … and those that are over */
    struct event_set like; /* of an unknown name: events that share a common word with it */
    int order;             /* of PERIOD_ORDER: the how-manieth of the dates that are left; -1: the last */
    int score;             /* countable: words of the title */
    int terms;             /* how many different words */
    bool past;             /* fits only events that are over */
};
struct event_mentions {
    LIST(struct event_mention)
    list; /* of the subject first, each in order of place */
};

struct event_source {
    const struct sentences *sentences;
    const struct dates *dates;
};

void event_mentions_find(struct arena *arena, const struct patterns *patterns,
                         const struct programme *programme, const struct event_source *subject,
                         const struct event_source *text, struct date today, struct event_mentions *ret);

/* One event wanted; `could_be` holds several when nothing says which. */
struct event_choice {
    struct event_set could_be;
    struct event_set dated; /* all whose day is said beside the title */
    int score;
    bool by_title, by_keyword, by_date, in_subject; /* by_keyword: by nothing better than a keyword */
    size_t at, len;                                 /* of the best mention */
    size_t sentence;
    bool single_word; /* named by one word without a date: perhaps in passing */
};
struct event_choices {
    LIST(struct event_choice)
    choices;                    /* in order of place */
    bool contradiction;         /* the date belongs to another event than the title */
    bool unknown;               /* only something not in the programme is named */
    struct event_set free_days; /* events of days that no title took, beside titles with a day */
    bool several_dates;         /* one title with two of its dates */
};

/* `used[i]` says whether mention i counts. */
void event_choose(struct arena *arena, const struct event_mentions *mentions, const bool *used,
                  struct event_choices *ret);

/* The one event of a set, or NULL. */
const struct event *event_single(const struct programme *programme, const struct event_set *set);

/* German, for staff: "Titel „KI im Alltag – Chancen und Risiken“, Datum". */
const char *event_choice_reasons(struct arena *arena, const struct programme *programme,
                                 const struct event_choice *choice);

#endif
