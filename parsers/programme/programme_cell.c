/* parsers/programme/programme_cell.c: one cell of the programme's table ↔ what an event says there. */
#include "parsers/programme/programme.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* The names as exported, and as a German spreadsheet may call them (folded for comparison). */
static const struct {
    const char *name, *german;
} columns[EVENT_COLUMNS] = {
    [COLUMN_CODE] = {"code", "Kennung"},
    [COLUMN_TITLE] = {"title", "Titel"},
    [COLUMN_KEYWORDS] = {"keywords", "Stichwörter"},
    [COLUMN_START] = {"start", "Beginn"},
    [COLUMN_END] = {"end", "Ende"},
    [COLUMN_PLACE] = {"place", "Ort"},
    [COLUMN_CAPACITY] = {"capacity", "Plätze"},
    [COLUMN_WAITING_LIST] = {"waiting_list", "Warteliste"},
    [COLUMN_REGISTER_UNTIL] = {"register_until", "Anmeldeschluss"},
    [COLUMN_MIN_AGE] = {"min_age", "Mindestalter"},
    [COLUMN_MAX_AGE] = {"max_age", "Höchstalter"},
    [COLUMN_TOPIC] = {"topic", "Thema"},
    [COLUMN_REQUIRED] = {"required", "Pflichtangaben"},
    [COLUMN_CONTACT] = {"contact", "Kontakt"},
    [COLUMN_EXTRA] = {"extra", "Zusatztext"},
    [COLUMN_CANCELLED] = {"cancelled", "Abgesagt"},
};

const char *event_column_name(enum event_column column)
{
    return columns[column].name;
}

const char *event_column_german(enum event_column column)
{
    return columns[column].german;
}

bool event_column_find(struct arena *arena, const char *name, enum event_column *ret)
{
    const char *folded = utf8_fold(arena, name);
    for (int c = 0; c < EVENT_COLUMNS; c++) {
        if (str_equal(folded, columns[c].name) || str_equal(folded, utf8_fold(arena, columns[c].german))) {
            *ret = (enum event_column)c;
            return true;
        }
    }
    return false;
}

static bool read_number(const char **s, int most_digits, int *ret)
{
    int value = 0, digits = 0;
    for (; **s >= '0' && **s <= '9' && digits < most_digits; (*s)++, digits++) {
        value = value * 10 + (**s - '0');
    }
    *ret = value;
    return digits > 0;
}

/* "2026-12-03", "3.12.2026" at the beginning of `*s`. */
static bool read_day(const char **s, struct date *ret)
{
    struct date d = {0};
    const char *p = *s;
    int first;
    if (!read_number(&p, 4, &first) || (*p != '-' && *p != '.')) {
        return false;
    }
    char mark = *p++;
    bool ok = read_number(&p, 2, &d.month) && *p++ == mark;
    if (mark == '-') {
        d.year = first;
        ok = ok && read_number(&p, 2, &d.day);
    } else {
        d.day = first;
        ok = ok && read_number(&p, 4, &d.year);
    }
    if (!ok || !date_valid(d)) {
        return false;
    }
    *ret = d;
    *s = p;
    return true;
}

/* "17:00", "17.00 Uhr", "17 Uhr", "17:00:00" to the end. */
static bool read_clock(const char *s, int *ret_hour, int *ret_minute)
{
    int hour, minute = 0;
    if (!read_number(&s, 2, &hour)) {
        return false;
    }
    if ((*s == ':' || *s == '.') && (s++, !read_number(&s, 2, &minute))) {
        return false;
    }
    if (*s == ':') { /* seconds, as some spreadsheets write them */
        s += strspn(s, ":0123456789");
    }
    s += strspn(s, " ");
    s += str_starts_nocase(s, "uhr") ? 3 : 0;
    if (*s != '\0' || hour > 23 || minute > 59) {
        return false;
    }
    *ret_hour = hour;
    *ret_minute = minute;
    return true;
}

/* A day, then "T17:00", " 17:00", ", 17.00 Uhr" or " 17 Uhr"; a time alone is that of `day`. */
static bool read_time(const char *s, struct date day, int64_t *ret)
{
    int hour, minute;
    bool with_day = read_day(&s, &day);
    if (with_day) {
        s += strspn(s, "T, ");
    }
    if (!date_valid(day) || !read_clock(s, &hour, &minute)) {
        return false;
    }
    *ret = berlin_to_unix(day, hour, minute);
    return true;
}

static const char *set_start(struct arena *arena, struct event *event, const char *cell)
{
    if (!read_time(cell, (struct date){0}, &event->start)) {
        return arena_printf(
            arena, "„%s“ ist kein Zeitpunkt; richtig wäre 2026-12-03T17:00 oder 3.12.2026 17:00", cell);
    }
    berlin_from_unix(event->start, &event->day, NULL, NULL);
    event->end = event->start;
    return NULL;
}

static const char *set_end(struct arena *arena, struct event *event, const char *cell)
{
    int64_t end = event->start;
    if (*cell != '\0' && (!read_time(cell, event->day, &end) || end < event->start)) {
        return arena_printf(arena, "„%s“ ist kein Zeitpunkt nach dem Beginn; richtig wäre 2026-12-03T19:00",
                            cell);
    }
    event->end = end;
    return NULL;
}

static const char *set_deadline(struct arena *arena, struct event *event, const char *cell)
{
    struct date until = {0};
    const char *s = cell;
    if (*s != '\0' && (!read_day(&s, &until) || *s != '\0')) {
        return arena_printf(arena, "„%s“ ist kein Tag; richtig wäre 2026-12-01 oder 1.12.2026", cell);
    }
    event->register_until = until;
    return NULL;
}

static const char *set_count(struct arena *arena, int *at, int absent, const char *cell)
{
    int value = absent;
    const char *s = cell;
    if (*s != '\0' && (!read_number(&s, 6, &value) || *s != '\0')) {
        return arena_printf(arena, "„%s“ ist keine Zahl; richtig wäre zum Beispiel 20", cell);
    }
    *at = value;
    return NULL;
}

static const char *set_flag(struct arena *arena, bool *at, const char *cell)
{
    static const char *const yes[] = {"yes", "ja", "true", "1", "x", "wahr"};
    static const char *const no[] = {"", "no", "nein", "false", "0", "falsch", "-"};
    const char *s = utf8_fold(arena, cell);
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (str_equal(s, yes[i])) {
            *at = true;
            return NULL;
        }
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        if (str_equal(s, no[i])) {
            *at = false;
            return NULL;
        }
    }
    return arena_printf(arena, "„%s“ ist weder yes noch no", cell);
}

/* What may be required, in the order in which it is written. */
static const struct {
    const char *word;
    unsigned waives;
    const char *also[4]; /* folded */
} requirements[] = {
    {"name", WAIVES_NAME, {"name", "namen"}},
    {"birth_date", WAIVES_BIRTH_DATE, {"birth_date", "geburtsdatum", "geburtstag"}},
    {"address", WAIVES_ADDRESS, {"address", "anschrift", "adresse"}},
};
enum { REQUIREMENTS = sizeof requirements / sizeof *requirements };

static unsigned requirement(const char *word)
{
    for (size_t i = 0; i < REQUIREMENTS; i++) {
        for (const char *const *also = requirements[i].also; *also != NULL; also++) {
            if (str_equal(word, *also)) {
                return requirements[i].waives;
            }
        }
    }
    return 0;
}

/* Nothing in the cell: as usual, all. "none", "keine": nothing. */
static const char *set_required(struct arena *arena, struct event *event, const char *cell)
{
    const char *s = utf8_fold(arena, cell);
    unsigned waived = WAIVES_NAME | WAIVES_BIRTH_DATE | WAIVES_ADDRESS;
    bool none = str_equal(s, "none") || str_equal(s, "keine");
    for (size_t len; !none && *(s += strspn(s, ", +/")) != '\0'; s += len) {
        len = strcspn(s, ", +/");
        unsigned bit = requirement(arena_strndup(arena, s, len));
        if (bit == 0 && !(len == 3 && memcmp(s, "und", 3) == 0)) {
            return arena_printf(arena,
                                "„%s“ ist nicht bekannt; richtig wären name, birth_date, address (oder Name, "
                                "Geburtsdatum, Anschrift), mehrere mit Komma, oder none",
                                cell);
        }
        waived &= ~bit;
    }
    event->waived = cell[0] == '\0' ? 0 : waived;
    return NULL;
}

static const char **words_at(struct event *event, enum event_column column)
{
    return column == COLUMN_CODE       ? &event->code
           : column == COLUMN_TITLE    ? &event->title
           : column == COLUMN_KEYWORDS ? &event->keywords
           : column == COLUMN_PLACE    ? &event->place
           : column == COLUMN_TOPIC    ? &event->topic
           : column == COLUMN_CONTACT  ? &event->contact
                                       : &event->extra;
}

const char *event_set(struct arena *arena, struct event *event, enum event_column column, const char *cell)
{
    switch (column) {
    case COLUMN_START:
        return set_start(arena, event, cell);
    case COLUMN_END:
        return set_end(arena, event, cell);
    case COLUMN_CAPACITY:
        return set_count(arena, &event->capacity, 0, cell);
    case COLUMN_MIN_AGE:
        return set_count(arena, &event->min_age, -1, cell);
    case COLUMN_MAX_AGE:
        return set_count(arena, &event->max_age, -1, cell);
    case COLUMN_WAITING_LIST:
        return set_flag(arena, &event->waiting_list, cell);
    case COLUMN_CANCELLED:
        return set_flag(arena, &event->cancelled, cell);
    case COLUMN_REGISTER_UNTIL:
        return set_deadline(arena, event, cell);
    case COLUMN_REQUIRED:
        return set_required(arena, event, cell);
    default:
        *words_at(event, column) = cell;
        return NULL;
    }
}

static const char *required_cell(struct arena *arena, unsigned waived, bool german)
{
    static const char *const words[] = {"Name", "Geburtsdatum", "Anschrift"};
    struct text cell = text_new(arena, 100);
    for (size_t i = 0; i < REQUIREMENTS; i++) {
        if ((waived & requirements[i].waives) == 0) {
            text_printf(&cell, "%s%s", cell.len > 0 ? ", " : "", german ? words[i] : requirements[i].word);
        }
    }
    return cell.len > 0 ? cell.s : german ? "keine" : "none";
}

const char *event_cell(struct arena *arena, const struct event *event, enum event_column column)
{
    switch (column) {
    case COLUMN_START:
        return berlin_iso(arena, event->start);
    case COLUMN_END:
        return event->end == event->start ? "" : berlin_iso(arena, event->end);
    case COLUMN_CAPACITY:
        return event->capacity == 0 ? "" : arena_printf(arena, "%d", event->capacity);
    case COLUMN_MIN_AGE:
        return event->min_age < 0 ? "" : arena_printf(arena, "%d", event->min_age);
    case COLUMN_MAX_AGE:
        return event->max_age < 0 ? "" : arena_printf(arena, "%d", event->max_age);
    case COLUMN_WAITING_LIST:
        return event->waiting_list ? "yes" : "no";
    case COLUMN_CANCELLED:
        return event->cancelled ? "yes" : "no";
    case COLUMN_REGISTER_UNTIL:
        return event->register_until.year == 0 ? "" : date_iso(arena, event->register_until);
    case COLUMN_REQUIRED:
        return required_cell(arena, event->waived, false);
    default: {
        const char *words = *words_at((struct event *)event, column);
        return words == NULL ? "" : words;
    }
    }
}

static const char *time_words(struct arena *arena, int64_t when)
{
    struct date d;
    int hour, minute;
    berlin_from_unix(when, &d, &hour, &minute);
    return arena_printf(arena, "%d.%d.%d %02d:%02d", d.day, d.month, d.year, hour, minute);
}

const char *event_cell_words(struct arena *arena, const struct event *event, enum event_column column)
{
    struct date until = event->register_until;
    switch (column) {
    case COLUMN_START:
        return time_words(arena, event->start);
    case COLUMN_END:
        return event->end == event->start ? "offen" : time_words(arena, event->end);
    case COLUMN_CAPACITY:
        return event->capacity == 0 ? "ohne Grenze" : arena_printf(arena, "%d", event->capacity);
    case COLUMN_WAITING_LIST:
        return event->waiting_list ? "ja" : "nein";
    case COLUMN_CANCELLED:
        return event->cancelled ? "ja" : "nein";
    case COLUMN_REGISTER_UNTIL:
        return until.year == 0 ? "bis zum Beginn"
                               : arena_printf(arena, "%d.%d.%d", until.day, until.month, until.year);
    case COLUMN_REQUIRED:
        return required_cell(arena, event->waived, true);
    default: {
        const char *cell = event_cell(arena, event, column);
        return cell[0] == '\0' ? "–" : cell;
    }
    }
}
