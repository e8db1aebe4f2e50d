/* parsers/programme/programme.c: the programme as a plain value. */
#include "parsers/programme/programme.h"

#include "base/text.h"

const char *person_field_name(enum person_field field)
{
    static const char *const names[PERSON_FIELDS] = {"first_name", "last_name",   "birth_date",
                                                     "street",     "postal_code", "city"};
    return names[field];
}

bool event_deadline_over(const struct event *event, struct date today)
{
    return event->register_until.year != 0 && date_compare(today, event->register_until) > 0;
}

const struct event *programme_find(const struct programme *programme, const char *code)
{
    for (size_t i = 0; code != NULL && i < programme->events.n; i++) {
        if (str_equal(programme->events.at[i].code, code)) {
            return &programme->events.at[i];
        }
    }
    return NULL;
}

static const char *kept(const char *from, const char *into)
{
    return from != NULL ? from : into;
}

static void merge_column(struct event *into, const struct event *from, enum event_column column)
{
    switch (column) {
    case COLUMN_CODE:
        into->code = kept(from->code, into->code);
        break;
    case COLUMN_TITLE:
        into->title = kept(from->title, into->title);
        break;
    case COLUMN_KEYWORDS:
        into->keywords = kept(from->keywords, into->keywords);
        break;
    case COLUMN_START:
        into->end = from->start + (into->end - into->start);
        into->start = from->start;
        into->day = from->day;
        break;
    case COLUMN_END:
        into->end = from->end;
        break;
    case COLUMN_PLACE:
        into->place = kept(from->place, into->place);
        break;
    case COLUMN_CAPACITY:
        into->capacity = from->capacity;
        break;
    case COLUMN_WAITING_LIST:
        into->waiting_list = from->waiting_list;
        break;
    case COLUMN_REGISTER_UNTIL:
        into->register_until = from->register_until;
        break;
    case COLUMN_MIN_AGE:
        into->min_age = from->min_age;
        break;
    case COLUMN_MAX_AGE:
        into->max_age = from->max_age;
        break;
    case COLUMN_TOPIC:
        into->topic = kept(from->topic, into->topic);
        break;
    case COLUMN_REQUIRED:
        into->waived = from->waived;
        break;
    case COLUMN_CONTACT:
        into->contact = kept(from->contact, into->contact);
        break;
    case COLUMN_EXTRA:
        into->extra = kept(from->extra, into->extra);
        break;
    case COLUMN_CANCELLED:
        into->cancelled = from->cancelled;
        break;
    case EVENT_COLUMNS:
        break;
    }
}

/* In the order of the columns: the start before the end. */
void event_merge(struct event *into, const struct event *from, unsigned columns)
{
    for (int c = 0; c < EVENT_COLUMNS; c++) {
        if (columns & EVENT_COLUMN_BIT(c)) {
            merge_column(into, from, (enum event_column)c);
        }
    }
}

unsigned event_differences(struct arena *arena, const struct event *a, const struct event *b)
{
    unsigned differ = 0;
    for (int c = 0; c < EVENT_COLUMNS; c++) {
        enum event_column column = (enum event_column)c;
        if (!str_equal(event_cell(arena, a, column), event_cell(arena, b, column))) {
            differ |= EVENT_COLUMN_BIT(c);
        }
    }
    return differ;
}

static const char *code_problem(struct arena *arena, const char *code)
{
    size_t len = code == NULL ? 0 : strlen(code);
    if (len > 0 && len <= EVENT_CODE_MAX && strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == len &&
        code[0] != '-') {
        return NULL;
    }
    return arena_printf(arena,
                        "„%s“ geht nicht; richtig sind bis zu %d Zeichen aus a-z, 0-9 und -, zum Beispiel "
                        "2026-12-03-ki-alltag",
                        code == NULL ? "" : code, EVENT_CODE_MAX);
}

static bool too_long(const char *words)
{
    return words != NULL && strlen(words) > EVENT_WORDS_MAX;
}

const char *event_problem(struct arena *arena, const struct event *event, unsigned *told,
                          enum event_column *ret_column)
{
    const char *wrong_code = code_problem(arena, event->code);
    bool has_ages = event->min_age >= 0 || event->max_age >= 0;
    const struct {
        bool wrong;
        enum event_column column;
        const char *words;
    } rows[] = {
        {wrong_code != NULL, COLUMN_CODE, wrong_code},
        {event->title == NULL || event->title[0] == '\0', COLUMN_TITLE, "fehlt"},
        {event->start <= 0, COLUMN_START, "fehlt; richtig wäre 2026-12-03T17:00 oder 3.12.2026 17:00"},
        {event->end < event->start, COLUMN_END, "liegt vor dem Beginn"},
        {event->max_age >= 0 && event->min_age > event->max_age, COLUMN_MAX_AGE,
         "ist kleiner als das Mindestalter"},
        {has_ages && (event->waived & WAIVES_BIRTH_DATE), COLUMN_REQUIRED,
         "ohne Geburtsdatum lässt sich das Alter nicht prüfen; richtig wäre zum Beispiel name, birth_date"},
        {too_long(event->title), COLUMN_TITLE, "ist länger als 480 Zeichen"},
        {too_long(event->place), COLUMN_PLACE, "ist länger als 480 Zeichen"},
        {too_long(event->contact), COLUMN_CONTACT, "ist länger als 480 Zeichen"},
        {too_long(event->extra), COLUMN_EXTRA, "ist länger als 480 Zeichen"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].wrong && (*told & EVENT_COLUMN_BIT(rows[i].column)) == 0) {
            *told |= EVENT_COLUMN_BIT(rows[i].column);
            *ret_column = rows[i].column;
            return rows[i].words;
        }
    }
    return NULL;
}
