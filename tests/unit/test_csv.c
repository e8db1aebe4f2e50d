/* tests/unit/test_csv.c: tables in and out. */
#include "base/csv.h"

#include "tests/unit/check.h"

static struct arena *arena;

static bool reads(const char *bytes, size_t len, struct csv_table *ret)
{
    struct error err;
    return csv_read(arena, bytes, len, 100, ret, &err);
}

TEST(what_is_written_is_read_back)
{
    static const char *const cells[] = {"",
                                        "einfach",
                                        "mit;Strichpunkt",
                                        "mit \"Anführung\"",
                                        "zwei\nZeilen",
                                        "=1+1",
                                        "-5",
                                        "@x",
                                        "+49 2371 217",
                                        "'schon",
                                        "'=doch",
                                        "Öäß€",
                                        "\tx"};
    struct text out = text_new(arena, 10000);
    csv_begin(&out);
    csv_add(&out, "kopf");
    csv_add(&out, "wert");
    csv_end_row(&out);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        csv_add(&out, "x");
        csv_add(&out, cells[i]);
        csv_end_row(&out);
    }
    struct csv_table table = {0};
    CHECK(reads(out.s, out.len, &table));
    CHECK_INT(table.rows.n, 1 + sizeof cells / sizeof *cells);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        const char *wanted = cells[i][0] == '\t' ? "\tx" : str_equal(cells[i], "'=doch") ? "=doch" : cells[i];
        CHECK_STR(table.rows.at[i + 1].cell.at[1], wanted);
    }
}

TEST(no_cell_is_a_formula)
{
    static const char *const cells[] = {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        struct text out = text_new(arena, 1000);
        csv_begin(&out);
        csv_add(&out, cells[i]);
        CHECK_ROW(strncmp(out.s + 3, "\"'", 2) == 0, "%s", out.s);
    }
}

TEST(spreadsheets_write_in_many_ways)
{
    static const struct {
        const char *bytes;
        size_t rows, cells;
        const char *last;
    } rows[] = {
        {"a;b\n1;2\n", 2, 2, "2"},
        {"\xef\xbb\xbf"
         "a,b\r\n1,\"2,5\"\r\n",
         2, 2, "2,5"},
        {"a\tb\r1\tB\xe4ume\r", 2, 2, "Bäume"},
        {"a;b\n\n;\n  ;  \n1;\x80\n", 2, 2, "€"},
        {"a;b\n1;\"zwei\r\nZeilen\"", 2, 2, "zwei\nZeilen"},
        {"", 0, 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct csv_table table = {0};
        CHECK_ROW(reads(rows[i].bytes, strlen(rows[i].bytes), &table), "row %zu", i);
        CHECK_INT(table.rows.n, rows[i].rows);
        if (table.rows.n == rows[i].rows && rows[i].rows > 0) {
            const struct csv_row *last = &table.rows.at[table.rows.n - 1];
            CHECK_INT(last->cell.n, rows[i].cells);
            CHECK_STR(last->cell.at[last->cell.n - 1], rows[i].last);
        }
    }
}

TEST(what_is_no_table_is_refused_not_cut)
{
    struct csv_table table;
    CHECK(!reads("a;b\n1;\"offen\n", 13, &table));
    struct text many = text_new(arena, 100000), wide = text_new(arena, 100000);
    for (int i = 0; i < 101; i++) {
        text_add(&many, "x\n");
        text_add(&wide, "x;");
    }
    CHECK(!reads(many.s, many.len, &table));
    CHECK(!reads(wide.s, wide.len, &table));
}

int main(void)
{
    arena = arena_new();
    RUN(what_is_written_is_read_back);
    RUN(no_cell_is_a_formula);
    RUN(spreadsheets_write_in_many_ways);
    RUN(what_is_no_table_is_refused_not_cut);
    arena_free(arena);
    return check_done();
}
