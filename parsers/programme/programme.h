/* parsers/programme/programme.h: the lab's events.
 *
 * An event is a plain value here; the store keeps it, a table (CSV) or a calendar file fills it. Whatever
 * can be said of an event is a column: a table names it in its first line, `events edit` on the command
 * line, the export writes it, and a change is shown by it. */
#ifndef STADTLABOR_PARSERS_PROGRAMME_PROGRAMME_H
#define STADTLABOR_PARSERS_PROGRAMME_PROGRAMME_H

#include "base/date.h"
#include "base/error.h"
#include "base/list.h"
#include "parsers/pattern/pattern_file.h"

/* What is known of a person; which of it a registration must have, the event says. */
enum person_field { FIRST_NAME, LAST_NAME, BIRTH_DATE, STREET, POSTAL_CODE, CITY, PERSON_FIELDS };
const char *person_field_name(enum person_field field); /* "first_name", …, as in the corpus */

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
    unsigned waived;     /* bits of enum event_waives; 0: all that the lab's web page asks for */
    const char *contact; /* who answers questions: for the confirmation */
    const char *extra;   /* a sentence or two of its own for the confirmation */
    int sequence;        /* iCalendar SEQUENCE; not in tables */
    const char *uid;     /* of the calendar file that it came from, "" or NULL: none; not in tables */
};

/* What this event does without: it is neither asked for nor kept. */
enum event_waives { WAIVES_NAME = 1 << 0, WAIVES_BIRTH_DATE = 1 << 1, WAIVES_ADDRESS = 1 << 2 };

enum event_column {
    COLUMN_CODE,
    COLUMN_TITLE,
    COLUMN_KEYWORDS,
    COLUMN_START,
    COLUMN_END,
    COLUMN_PLACE,
    COLUMN_CAPACITY,
    COLUMN_WAITING_LIST,
    COLUMN_REGISTER_UNTIL,
    COLUMN_MIN_AGE,
    COLUMN_MAX_AGE,
    COLUMN_TOPIC,
    COLUMN_REQUIRED,
    COLUMN_CONTACT,
    COLUMN_EXTRA,
    COLUMN_CANCELLED,
    EVENT_COLUMNS
};
#define EVENT_COLUMN_BIT(column) (1U << (column))

enum { EVENT_CODE_MAX = 80, EVENT_WORDS_MAX = 480 /* bytes of what goes into letters */ };

struct event_terms; /* the words of all titles and keywords, ready to be looked up */

struct programme {
    LIST(struct event) events;       /* ordered by start */
    const struct event_terms *terms; /* made by programme_prepare; NULL: made anew for each mail */
    unsigned columns;                /* EVENT_COLUMN_BITs that the file it was read from holds */
    const char *unknown; /* names of its other columns, "„Farbe“, „Saal“"; NULL or "": none */
};

/* "register_until", and the name that a German table may have ("Anmeldeschluss"). */
const char *event_column_name(enum event_column column);
const char *event_column_german(enum event_column column);
/* By either name, in any case. */
bool event_column_find(struct arena *arena, const char *name, enum event_column *ret);

/* Sets what a cell says ("3.12.2026 17:00", "ja", "Name, Anschrift"). NULL, or German words for what is wrong
 * and what would be right; the event is untouched then. Set the start before an end that is a time alone. */
const char *event_set(struct arena *arena, struct event *event, enum event_column column, const char *cell);
/* The cell that event_set reads back to the same. */
const char *event_cell(struct arena *arena, const struct event *event, enum event_column column);
/* The same for people: "3.12.2026 17:00", "ohne Grenze". */
const char *event_cell_words(struct arena *arena, const struct event *event, enum event_column column);
/* What `columns` of `from` say is put into `into`, words that are NULL excepted; a new start without an end
 * keeps the length. */
void event_merge(struct event *into, const struct event *from, unsigned columns);
/* Columns in which two events differ, as EVENT_COLUMN_BITs. */
unsigned event_differences(struct arena *arena, const struct event *a, const struct event *b);
/* What is wrong with the event as a whole, in German, and its column; NULL: nothing (more). Columns in
 * `*told` (EVENT_COLUMN_BITs) are passed over, and the one found is added. */
const char *event_problem(struct arena *arena, const struct event *event, unsigned *told,
                          enum event_column *ret_column);

/* A table as base/csv.h reads it, columns by name in any order, ISO or German dates; columns that it does not
 * have are as in a new event; where there are no codes they are NULL. Every bad row is told: row, column,
 * what is wrong, what would be right (the first 20, one a line of `ret_problems`); nothing is returned then.
 */
bool programme_read_csv(struct arena *arena, const char *bytes, size_t len, struct programme *ret,
                        const char **ret_problems, struct error *err);

/* The last day on which one could register is over. */
bool event_deadline_over(const struct event *event, struct date today);

/* By start, then code. */
void programme_sort(struct programme *programme);

/* Makes the words of the programme ready once, for many mails; lives in `arena`. */
void programme_prepare(struct arena *arena, const struct patterns *patterns, struct programme *programme);

const struct event *programme_find(const struct programme *programme, const char *code);

#endif
