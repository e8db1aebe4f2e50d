/* base/csv.h: tables as spreadsheets read and write them (RFC 4180, and what Excel makes of it).
 *
 * Reading: `;`, `,` or tab, whichever the first line has most of; UTF-8 with or without BOM, else
 * windows-1252; any line ends. Writing: `;`, CRLF, UTF-8 with BOM, as a German Excel opens it at a
 * double click. A cell that a spreadsheet would take for a formula (it begins with = + - @ or a
 * control character) is written with an apostrophe before it, which reading takes off again. */
#ifndef STADTLABOR_BASE_CSV_H
#define STADTLABOR_BASE_CSV_H

#include "base/error.h"
#include "base/list.h"
#include "base/text.h"

enum { CSV_CELL_MAX = 64 * 1024, CSV_COLUMNS_MAX = 100 };

struct csv_row {
    int line;                /* in the file, from 1 */
    LIST(const char *) cell; /* without blanks at both ends */
};
struct csv_table {
    LIST(struct csv_row) rows; /* empty ones left out */
};

/* Refused: more than `rows_most` rows, a row of more than CSV_COLUMNS_MAX cells, a cell above CSV_CELL_MAX
 * bytes, a quote that does not end. Sentences are German: staff's files. */
bool csv_read(struct arena *arena, const char *bytes, size_t len, size_t rows_most, struct csv_table *ret,
              struct error *err);

void csv_begin(struct text *out); /* the byte order mark */
void csv_add(struct text *out, const char *cell);
void csv_end_row(struct text *out);

#endif
