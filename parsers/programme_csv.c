/* parsers/programme_csv.c: the programme as staff keep it in a spreadsheet.
 *
 * First the bytes become text (UTF-8 or windows-1252), then rows of cells (RFC 4180), then events;
 * whatever is wrong is collected, so that one look at the answer mends the whole file. */
#include "parsers/programme.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { PROBLEMS_TOLD = 20, ROWS_MAX = 5000, CODE_MAX = 80 };

enum column {
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
    COLUMN_CANCELLED,
    COLUMNS
};

/* The names as exported, and as a German spreadsheet may call them (folded). */
static const struct {
    const char *name, *german;
    bool required;
} columns[COLUMNS] = {
    [COLUMN_CODE] = {"code", "kennung", true},
    [COLUMN_TITLE] = {"title", "titel", true},
    [COLUMN_KEYWORDS] = {"keywords", "stichwoerter", false},
    [COLUMN_START] = {"start", "beginn", true},
    [COLUMN_END] = {"end", "ende", false},
    [COLUMN_PLACE] = {"place", "ort", false},
    [COLUMN_CAPACITY] = {"capacity", "plaetze", false},
    [COLUMN_WAITING_LIST] = {"waiting_list", "warteliste", false},
    [COLUMN_REGISTER_UNTIL] = {"register_until", "anmeldeschluss", false},
    [COLUMN_MIN_AGE] = {"min_age", "mindestalter", false},
    [COLUMN_MAX_AGE] = {"max_age", "hoechstalter", false},
    [COLUMN_TOPIC] = {"topic", "thema", false},
    [COLUMN_CANCELLED] = {"cancelled", "abgesagt", false},
};

struct row {
    int line; /* in the file, from 1 */
    LIST(const char *)
    cells;
};
struct table {
    LIST(struct row)
    rows;
};

struct csv {
    struct arena *arena;
    int at[COLUMNS]; /* which cell holds the column; -1: none */
    struct text problems;
    int told, wrong;
};

/* Bytes 0x80 to 0x9f of windows-1252; 0 where it has no character. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static const char *decoded(struct arena *arena, const char *bytes, size_t len)
{
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    if (utf8_valid(bytes, len)) {
        return arena_strndup(arena, bytes, len);
    }
    struct text out = text_new(arena, len * 3 + 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        uint32_t c = byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte;
        char utf8[4];
        text_addn(&out, utf8, utf8_put(c == 0 ? 0xfffd : c, utf8));
    }
    return out.s;
}

static void problem(struct csv *csv, int line, const char *column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void problem(struct csv *csv, int line, const char *column, const char *format, ...)
{
    csv->wrong++;
    if (csv->told == PROBLEMS_TOLD) {
        return;
    }
    csv->told++;
    va_list args;
    va_start(args, format);
    const char *what = arena_vprintf(csv->arena, format, args);
    va_end(args);
    text_printf(&csv->problems, "Zeile %d, Spalte %s: %s\n", line, column, what);
}

/* The separator is the one of `;`, tab and `,` that the first line has most of. */
static char separator_of(const char *s)
{
    size_t count[3] = {0};
    for (; *s != '\0' && *s != '\n'; s++) {
        count[0] += *s == ';';
        count[1] += *s == '\t';
        count[2] += *s == ',';
    }
    return count[0] >= count[1] && count[0] >= count[2] ? ';' : count[1] >= count[2] ? '\t' : ',';
}

/* Reads one cell at `s`; returns the place behind it (a separator, a line end or the end). */
static const char *read_cell(struct arena *arena, const char *s, char separator, int *line, const char **ret)
{
    struct text cell = text_new(arena, 64 * 1024);
    bool quoted = *s == '"';
    for (s += quoted; *s != '\0'; s++) {
        if (quoted && s[0] == '"' && s[1] == '"') {
            text_addc(&cell, *s++);
        } else if (quoted && s[0] == '"') {
            quoted = false;
        } else if (!quoted && (*s == separator || *s == '\n')) {
            break;
        } else {
            *line += *s == '\n';
            text_addc(&cell, *s);
        }
    }
    *ret = str_trim(arena, cell.s);
    return s;
}

static void read_rows(struct arena *arena, const char *s, struct table *ret)
{
    char separator = separator_of(s);
    int line = 1;
    while (*s != '\0' && ret->rows.n < ROWS_MAX) {
        struct row row = {.line = line};
        bool blank = true;
        do {
            s += *s == separator && row.cells.n > 0;
            const char *cell;
            s = read_cell(arena, s, separator, &line, &cell);
            *LIST_ADD(arena, &row.cells) = cell;
            blank = blank && *cell == '\0';
        } while (*s == separator);
        s += *s == '\n';
        line++;
        if (!blank) {
            *LIST_ADD(arena, &ret->rows) = row;
        }
    }
}

static void read_heading(struct csv *csv, const struct row *row)
{
    for (int c = 0; c < COLUMNS; c++) {
        csv->at[c] = -1;
        for (size_t i = 0; i < row->cells.n; i++) {
            const char *name = utf8_fold(csv->arena, row->cells.at[i]);
            if (str_equal(name, columns[c].name) || str_equal(name, columns[c].german)) {
                csv->at[c] = (int)i;
            }
        }
        if (csv->at[c] < 0 && columns[c].required) {
            problem(csv, row->line, columns[c].name,
                    "fehlt in der Kopfzeile; richtig wäre zum Beispiel "
                    "code;title;keywords;start;end");
        }
    }
}

static const char *cell(const struct csv *csv, const struct row *row, enum column column)
{
    int at = csv->at[column];
    return at >= 0 && (size_t)at < row->cells.n ? row->cells.at[at] : "";
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

/* A day, then "T17:00", " 17:00", ", 17.00 Uhr" or " 17 Uhr". */
static bool read_time(const char *s, int64_t *ret)
{
    struct date d;
    int hour, minute = 0;
    if (!read_day(&s, &d)) {
        return false;
    }
    s += strspn(s, "T, ");
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
    *ret = berlin_to_unix(d, hour, minute);
    return true;
}

static int read_count(struct csv *csv, const struct row *row, enum column column, int absent)
{
    const char *s = cell(csv, row, column);
    int value = absent;
    if (*s != '\0' && (!read_number(&s, 6, &value) || *s != '\0')) {
        problem(csv, row->line, columns[column].name, "„%s“ ist keine Zahl; richtig wäre zum Beispiel 20",
                cell(csv, row, column));
    }
    return value;
}

static bool read_flag(struct csv *csv, const struct row *row, enum column column)
{
    static const char *const yes[] = {"yes", "ja", "true", "1", "x", "wahr"};
    static const char *const no[] = {"", "no", "nein", "false", "0", "falsch", "-"};
    const char *s = utf8_fold(csv->arena, cell(csv, row, column));
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (str_equal(s, yes[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        if (str_equal(s, no[i])) {
            return false;
        }
    }
    problem(csv, row->line, columns[column].name, "„%s“ ist weder yes noch no", cell(csv, row, column));
    return false;
}

static void check_code(struct csv *csv, const struct row *row, const struct event *event,
                       const struct programme *so_far)
{
    size_t len = strlen(event->code);
    if (len == 0 || len > CODE_MAX || strspn(event->code, "abcdefghijklmnopqrstuvwxyz0123456789-") != len) {
        problem(csv, row->line, "code",
                "„%s“ geht nicht; richtig sind bis zu 80 Zeichen aus a-z, 0-9 und -, zum Beispiel "
                "2026-12-03-ki-alltag",
                event->code);
    } else if (programme_find(so_far, event->code) != NULL) {
        problem(csv, row->line, "code", "„%s“ kommt zweimal vor", event->code);
    }
}

static void read_times(struct csv *csv, const struct row *row, struct event *event)
{
    const char *start = cell(csv, row, COLUMN_START), *end = cell(csv, row, COLUMN_END);
    const char *until = cell(csv, row, COLUMN_REGISTER_UNTIL);
    if (!read_time(start, &event->start)) {
        problem(csv, row->line, "start",
                "„%s“ ist kein Zeitpunkt; richtig wäre 2026-12-03T17:00 oder 3.12.2026 17:00", start);
        return;
    }
    event->end = event->start;
    if (*end != '\0' && (!read_time(end, &event->end) || event->end < event->start)) {
        problem(csv, row->line, "end",
                "„%s“ ist kein Zeitpunkt nach dem Beginn; richtig wäre 2026-12-03T19:00", end);
    }
    if (*until != '\0' && (!read_day(&until, &event->register_until) || *until != '\0')) {
        problem(csv, row->line, "register_until", "„%s“ ist kein Tag; richtig wäre 2026-12-01 oder 1.12.2026",
                cell(csv, row, COLUMN_REGISTER_UNTIL));
    }
    int hour, minute;
    berlin_from_unix(event->start, &event->day, &hour, &minute);
}

static void read_event(struct csv *csv, const struct row *row, struct programme *programme)
{
    struct event event = {
        .code = cell(csv, row, COLUMN_CODE),
        .title = cell(csv, row, COLUMN_TITLE),
        .keywords = cell(csv, row, COLUMN_KEYWORDS),
        .place = cell(csv, row, COLUMN_PLACE),
        .topic = cell(csv, row, COLUMN_TOPIC),
        .capacity = read_count(csv, row, COLUMN_CAPACITY, 0),
        .min_age = read_count(csv, row, COLUMN_MIN_AGE, -1),
        .max_age = read_count(csv, row, COLUMN_MAX_AGE, -1),
        .waiting_list = read_flag(csv, row, COLUMN_WAITING_LIST),
        .cancelled = read_flag(csv, row, COLUMN_CANCELLED),
    };
    check_code(csv, row, &event, programme);
    if (*event.title == '\0') {
        problem(csv, row->line, "title", "fehlt");
    }
    read_times(csv, row, &event);
    *LIST_ADD(csv->arena, &programme->events) = event;
}

static int by_start(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    return x->start != y->start ? (x->start > y->start) - (x->start < y->start) : strcmp(x->code, y->code);
}

bool programme_read_csv(struct arena *arena, const char *bytes, size_t len, struct programme *ret,
                        const char **ret_problems, struct error *err)
{
    struct csv csv = {.arena = arena, .problems = text_new(arena, 64 * 1024)};
    struct table table = {0};
    struct programme programme = {0};
    *ret_problems = "";
    const char *text = decoded(arena, bytes, len);
    struct text lines = text_new(arena, strlen(text) + 1);
    for (const char *s = text; *s != '\0'; s++) { /* CR LF and lone CR end lines as LF does */
        if (*s != '\r') {
            text_addc(&lines, *s);
        } else if (s[1] != '\n') {
            text_addc(&lines, '\n');
        }
    }
    read_rows(arena, lines.s, &table);
    if (table.rows.n == 0) {
        return fail(err, "Die Datei mit dem Programm ist leer; erwartet wird eine Kopfzeile mit "
                         "code;title;keywords;start;end;…");
    }
    read_heading(&csv, &table.rows.at[0]);
    bool headed = csv.wrong == 0;
    for (size_t i = 1; headed && i < table.rows.n; i++) {
        read_event(&csv, &table.rows.at[i], &programme);
    }
    if (csv.wrong > 0) {
        *ret_problems = csv.problems.s;
        return fail(err, "Das Programm hat %d Fehler; nichts wurde übernommen", csv.wrong);
    }
    if (programme.events.n > 0) {
        qsort(programme.events.at, programme.events.n, sizeof *programme.events.at, by_start);
    }
    *ret = programme;
    return true;
}
