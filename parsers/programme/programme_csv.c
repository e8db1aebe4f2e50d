/* parsers/programme/programme_csv.c: the programme as staff keep it in a spreadsheet. Whatever is wrong is
 * collected, so that one look at the answer mends the whole file. */
#include "base/csv.h"
#include "base/text.h"
#include "parsers/programme/programme.h"

#include <stdlib.h>

enum { PROBLEMS_TOLD = 20, ROWS_MOST = 5000, UNKNOWN_BYTES = 1000 };

struct reading_table {
    struct arena *arena;
    int at[EVENT_COLUMNS]; /* which cell holds the column; -1: none */
    struct text problems, unknown;
    int told, wrong;
};

static void problem(struct reading_table *t, int line, enum event_column column, const char *what)
{
    t->wrong++;
    if (t->told < PROBLEMS_TOLD) {
        t->told++;
        text_printf(&t->problems, "Zeile %d, Spalte %s: %s\n", line, event_column_name(column), what);
    }
}

static void read_heading(struct reading_table *t, const struct csv_row *row)
{
    static const enum event_column wanted[] = {COLUMN_TITLE, COLUMN_START};
    for (int c = 0; c < EVENT_COLUMNS; c++) {
        t->at[c] = -1;
    }
    for (size_t i = 0; i < row->cell.n; i++) {
        enum event_column column;
        const char *name = str_trim(t->arena, row->cell.at[i]);
        if (!event_column_find(t->arena, name, &column)) {
            text_printf(&t->unknown, name[0] == '\0' ? "" : "%s„%s“", t->unknown.len > 0 ? ", " : "", name);
        } else if (t->at[column] >= 0) {
            problem(t, row->line, column, "steht zweimal in der Kopfzeile");
        } else {
            t->at[column] = (int)i;
        }
    }
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (t->at[wanted[i]] < 0) {
            problem(t, row->line, wanted[i],
                    "fehlt in der Kopfzeile; richtig wäre zum Beispiel code;title;keywords;start;end");
        }
    }
}

static void read_event(struct reading_table *t, const struct csv_row *row, struct programme *programme)
{
    struct event event = {.keywords = "", .place = "", .topic = "", .contact = "", .extra = "", .uid = ""};
    event.min_age = event.max_age = -1;
    unsigned told = t->at[COLUMN_CODE] < 0 ? EVENT_COLUMN_BIT(COLUMN_CODE) : 0;
    for (int c = 0; c < EVENT_COLUMNS; c++) {
        enum event_column column = (enum event_column)c;
        if (t->at[c] < 0 || (told & EVENT_COLUMN_BIT(c))) {
            continue;
        }
        const char *cell = (size_t)t->at[c] < row->cell.n ? row->cell.at[t->at[c]] : "";
        const char *wrong = event_set(t->arena, &event, column, cell);
        if (wrong != NULL) {
            problem(t, row->line, column, wrong);
            told |= EVENT_COLUMN_BIT(c) | (column == COLUMN_START ? EVENT_COLUMN_BIT(COLUMN_END) : 0);
        }
    }
    enum event_column column;
    for (const char *wrong; (wrong = event_problem(t->arena, &event, &told, &column)) != NULL;) {
        problem(t, row->line, column, wrong);
    }
    if (programme_find(programme, event.code) != NULL) {
        problem(t, row->line, COLUMN_CODE, arena_printf(t->arena, "„%s“ kommt zweimal vor", event.code));
    }
    *LIST_ADD(t->arena, &programme->events) = event;
}

static int by_start(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    const char *a_code = x->code == NULL ? "" : x->code, *b_code = y->code == NULL ? "" : y->code;
    return x->start != y->start ? (x->start > y->start) - (x->start < y->start) : strcmp(a_code, b_code);
}

void programme_sort(struct programme *programme)
{
    if (programme->events.n > 0) {
        qsort(programme->events.at, programme->events.n, sizeof *programme->events.at, by_start);
    }
}

bool programme_read_csv(struct arena *arena, const char *bytes, size_t len, struct programme *ret,
                        const char **ret_problems, struct error *err)
{
    struct reading_table t = {
        .arena = arena, .problems = text_new(arena, 64 * 1024), .unknown = text_new(arena, UNKNOWN_BYTES)};
    struct csv_table table;
    struct programme programme = {0};
    *ret_problems = "";
    if (!csv_read(arena, bytes, len, ROWS_MOST, &table, err)) {
        return false;
    }
    if (table.rows.n == 0) {
        return fail(err, "Die Datei mit dem Programm ist leer; erwartet wird eine Kopfzeile mit "
                         "code;title;keywords;start;end;…");
    }
    read_heading(&t, &table.rows.at[0]);
    bool headed = t.wrong == 0;
    for (size_t i = 1; headed && i < table.rows.n; i++) {
        read_event(&t, &table.rows.at[i], &programme);
    }
    if (t.wrong > 0) {
        *ret_problems = t.problems.s;
        return fail(err, "Das Programm hat %d Fehler; nichts wurde übernommen", t.wrong);
    }
    for (int c = 0; c < EVENT_COLUMNS; c++) {
        programme.columns |= t.at[c] < 0 ? 0 : EVENT_COLUMN_BIT(c);
    }
    programme.unknown = t.unknown.s;
    programme_sort(&programme);
    *ret = programme;
    return true;
}
