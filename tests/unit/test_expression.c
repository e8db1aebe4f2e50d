/* tests/unit/test_expression.c: digits and blanks of ASCII, wherever they stand in an expression. */
#include "parsers/pattern/expression.h"

#include "base/text.h"
#include "tests/unit/check.h"

static const struct {
    const char *expression, *ascii;
} rows[] = {
    {"", ""},
    {"am\\s+\\d{1,2}", "am[\\t-\\r ]+[0-9]{1,2}"},
    {"[\\s\\d-]x\\d", "[\\t-\\r 0-9-]x[0-9]"},
    {"[]\\s][^]\\d]\\s", "[]\\t-\\r ][^]0-9][\\t-\\r ]"},
    {"[[:alpha:]\\d]\\d", "[[:alpha:]0-9][0-9]"},
    {"[\\]\\d]", "[\\]0-9]"},
    {"\\S\\D\\\\d\\[\\d", "\\S\\D\\\\d\\[[0-9]"},
    {"a # \\d [\n\\d", "a # \\d [\n[0-9]"},
    {"\\s\\s\\s\\s", "[\\t-\\r ][\\t-\\r ][\\t-\\r ][\\t-\\r ]"},
    {"x\\", "x\\"},
};

TEST(ascii)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *ascii = expression_ascii(arena, rows[i].expression);
        CHECK_ROW(str_equal(ascii, rows[i].ascii), "%s: %s, not %s", rows[i].expression, ascii,
                  rows[i].ascii);
    }
    arena_free(arena);
}

int main(void)
{
    RUN(ascii);
    return check_done();
}
