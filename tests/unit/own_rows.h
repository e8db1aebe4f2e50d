/* tests/unit/own_rows.h: rows of mails and what their writers wrote in them, for the tests of the
 * parts of own_words. */
#ifndef STADTLABOR_TESTS_OWN_ROWS_H
#define STADTLABOR_TESTS_OWN_ROWS_H

#include "base/text.h"
#include "parsers/mail/own_words.h"
#include "tests/unit/shipped.h"

struct own_row {
    const char *what, *text, *own;
};

/* Each row's own words; its blocks are all of the text. */
static inline void own_rows_check(const struct patterns *patterns, const struct own_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct arena *arena = arena_new();
        struct own_words own;
        own_words(arena, patterns, rows[i].text, &own);
        CHECK_ROW(str_equal(own.text, rows[i].own), "%s: \"%s\"", rows[i].what, own.text);
        size_t at = 0;
        for (size_t k = 0; k < own.blocks.n; k++) {
            CHECK_ROW(own.blocks.at[k].at == at, "%s: block %zu at %zu", rows[i].what, k,
                      own.blocks.at[k].at);
            at = own.blocks.at[k].at + own.blocks.at[k].len + 1;
        }
        CHECK_ROW(at >= strlen(rows[i].text), "%s: blocks end at %zu", rows[i].what, at);
        arena_free(arena);
    }
}

#endif
