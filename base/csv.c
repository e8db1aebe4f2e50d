#include "base/csv.h"

#include "base/utf8.h"

/* Bytes 0x80 to 0x9f of windows-1252; 0 where it has no character. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static const char bom[] = "\xef\xbb\xbf";

static const char *decoded(struct arena *arena, const char *bytes, size_t len)
{
    if (len >= 3 && memcmp(bytes, bom, 3) == 0) {
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

/* CR LF and lone CR end lines as LF does. */
static const char *with_line_feeds(struct arena *arena, const char *s)
{
    struct text lines = text_new(arena, strlen(s) + 1);
    for (; *s != '\0'; s++) {
        if (*s != '\r') {
            text_addc(&lines, *s);
        } else if (s[1] != '\n') {
            text_addc(&lines, '\n');
        }
    }
    return lines.s;
}

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

static bool is_formula(const char *s)
{
    return *s != '\0' && (strchr("=+-@", *s) != NULL || (unsigned char)*s < 0x20);
}

/* What is being read, and where. */
struct reading_csv {
    struct arena *arena;
    char separator;
    int line;
};

/* One cell at `s`; the place behind it (a separator, a line end or the end), NULL when it is none. */
static const char *read_cell(struct reading_csv *r, const char *s, const char **ret, struct error *err)
{
    struct text cell = text_new(r->arena, CSV_CELL_MAX);
    int begins = r->line;
    bool quoted = *s == '"';
    for (s += quoted; *s != '\0'; s++) {
        if (quoted && s[0] == '"' && s[1] == '"') {
            text_addc(&cell, *s++);
        } else if (quoted && s[0] == '"') {
            quoted = false;
        } else if (!quoted && (*s == r->separator || *s == '\n')) {
            break;
        } else {
            r->line += *s == '\n';
            text_addc(&cell, *s);
        }
    }
    if (quoted || cell.overflow) {
        (void)fail(err,
                   "Zeile %d: ein Anführungszeichen beginnt dort und endet nicht, oder der Text ist zu lang",
                   begins);
        return NULL;
    }
    const char *value = str_trim(r->arena, cell.s);
    *ret = value[0] == '\'' && is_formula(value + 1) ? value + 1 : value;
    return s;
}

bool csv_read(struct arena *arena, const char *bytes, size_t len, size_t rows_most, struct csv_table *ret,
              struct error *err)
{
    struct csv_table table = {0};
    const char *s = with_line_feeds(arena, decoded(arena, bytes, len));
    struct reading_csv r = {.arena = arena, .separator = separator_of(s), .line = 1};
    while (*s != '\0') {
        struct csv_row row = {.line = r.line};
        bool blank = true;
        do {
            s += *s == r.separator && row.cell.n > 0;
            const char *cell;
            s = read_cell(&r, s, &cell, err);
            if (s == NULL) {
                return false;
            }
            *LIST_ADD(arena, &row.cell) = cell;
            blank = blank && *cell == '\0';
        } while (*s == r.separator && row.cell.n <= CSV_COLUMNS_MAX);
        s += *s == '\n';
        r.line++;
        if (!blank && (table.rows.n == rows_most || row.cell.n > CSV_COLUMNS_MAX)) {
            return fail(err, "Zeile %d: mehr als %zu Zeilen oder mehr als %d Spalten", row.line, rows_most,
                        CSV_COLUMNS_MAX);
        }
        if (!blank) {
            *LIST_ADD(arena, &table.rows) = row;
        }
    }
    *ret = table;
    return true;
}

void csv_begin(struct text *out)
{
    text_add(out, bom);
}

void csv_add(struct text *out, const char *cell)
{
    if (out->len > 0 && out->s[out->len - 1] != '\n' && !(out->len == 3 && memcmp(out->s, bom, 3) == 0)) {
        text_addc(out, ';');
    }
    size_t plain = 0;
    while (cell[plain] != '\0' && (cell[plain] == ' ' || (unsigned char)cell[plain] > ',')) {
        plain++; /* no quote, separator or line end: all of them, and more, lie below '-' */
    }
    bool formula = is_formula(cell);
    bool quoted = plain == 0 || formula || cell[plain] != '\0' || strchr(cell, ';') != NULL;
    if (!quoted) {
        text_addn(out, cell, plain);
        return;
    }
    text_add(out, formula ? "\"'" : "\"");
    for (size_t len; *cell != '\0'; cell += len) { /* up to a quote, which is doubled */
        len = strcspn(cell, "\"");
        text_addn(out, cell, len);
        if (cell[len] == '"') {
            text_add(out, "\"\"");
            len++;
        }
    }
    text_addc(out, '"');
}

void csv_end_row(struct text *out)
{
    text_add(out, "\r\n");
}
