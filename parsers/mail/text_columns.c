#include "parsers/mail/text_columns.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { CELLS_MAX = 9, ROWS_MIN = 2, ROWS_MAX = 20, LABEL_MAX = 40 };

struct row {
    const char *cell[CELLS_MAX]; /* trimmed; the first is the label */
    int n;
};

static bool parts_cells(const char *s)
{
    return *s == '\t' || *s == '|' || (s[0] == ' ' && s[1] == ' ');
}

/* The cells of a line; more than CELLS_MAX: none. */
static struct row split(struct arena *arena, const char *line, size_t len)
{
    struct row row = {0};
    for (const char *s = line, *end = line + len; s < end;) {
        s += strspn(s, " \t|");
        const char *from = s;
        while (s < end && !parts_cells(s)) {
            s++;
        }
        if (from >= end) {
            break;
        }
        if (row.n == CELLS_MAX) {
            return (struct row){0};
        }
        row.cell[row.n++] = str_trim(arena, arena_strndup(arena, from, (size_t)(s - from)));
    }
    return row;
}

/* Whether the cell begins with one of the words, as a whole word. */
static bool says(const char *folded, const char *const *words)
{
    for (; *words != NULL; words++) {
        size_t len = strlen(*words);
        if (str_starts(folded, *words) && !(folded[len] >= 'a' && folded[len] <= 'z')) {
            return true;
        }
    }
    return false;
}

static const char *const name_words[] = {"vorname", "vornamen",   "rufname",   "name", "nachname",
                                         "zuname",  "first name", "last name", NULL};
static const char *const birth_words[] = {"geb",      "geboren",   "geburtsdatum",  "geburtstag", "gebdatum",
                                          "birthday", "birthdate", "date of birth", "born",       "dob",
                                          NULL};
static const char *const other_words[] = {
    "familienname", "strasse",  "str",          "anschrift", "adresse", "address",    "wohnort",
    "wohnt",        "wohnhaft", "plz",          "ort",       "hausnr",  "hausnummer", "alter",
    "tel",          "telefon",  "postleitzahl", "e-mail",    "email",   "mail",       "handy",
    "mobil",        "stadt",    "street",       "city",      NULL};

/* 'n', 'b' or 'o' for what the first cell asks for; 0: it is no label, or the line no row of a table. */
static char label_of(struct arena *arena, const struct row *row)
{
    if (row->n < 3 || strlen(row->cell[0]) > LABEL_MAX) {
        return 0;
    }
    const char *folded = utf8_fold(arena, row->cell[0]);
    return says(folded, name_words)    ? 'n'
           : says(folded, birth_words) ? 'b'
           : says(folded, other_words) ? 'o'
                                       : 0;
}

/* How many lines from `text` on are rows of one table of people; 0: none. */
static int table_rows(struct arena *arena, const char *text, struct row *rows, size_t *ret_len)
{
    int n = 0;
    bool named = false, born = false;
    const char *s = text;
    while (n < ROWS_MAX && *s != '\0') {
        size_t len = strcspn(s, "\n");
        struct row row = split(arena, s, len);
        char label = label_of(arena, &row);
        if (label == 0 || (n > 0 && row.n != rows[0].n)) {
            break;
        }
        named |= label == 'n';
        born |= label == 'b';
        rows[n++] = row;
        s += len + (s[len] == '\n');
    }
    *ret_len = (size_t)(s - text);
    return n >= ROWS_MIN && named && born ? n : 0;
}

static void write_lists(struct text *out, const struct row *rows, int n)
{
    for (int column = 1; column < rows[0].n; column++) {
        text_addc(out, '\n');
        for (int i = 0; i < n; i++) {
            size_t label = strcspn(rows[i].cell[0], ":");
            text_printf(out, "%.*s: %s\n", (int)label, rows[i].cell[0], rows[i].cell[column]);
        }
    }
    text_addc(out, '\n');
}

const char *text_columns(struct arena *arena, const char *text)
{
    struct row rows[ROWS_MAX];
    struct text out = text_new(arena, 2 * strlen(text) + 1000);
    const char *written = text; /* up to here, for what is copied */
    bool any = false;
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\n"), whole;
        bool may = memchr(line, '\t', len) != NULL || memchr(line, '|', len) != NULL ||
                   memmem(line, len, "  ", 2) != NULL;
        int n = may ? table_rows(arena, line, rows, &whole) : 0;
        if (n > 0) {
            text_addn(&out, written, (size_t)(line - written));
            write_lists(&out, rows, n);
            line = written = line + whole;
            any = true;
            continue;
        }
        line += len + (line[len] == '\n');
    }
    if (!any) {
        return text;
    }
    text_add(&out, written);
    return out.overflow ? text : out.s; /* nothing is ever cut: a table too wide stays as written */
}
