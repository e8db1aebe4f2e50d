/* parsers/mail/html_layout.h: the words of a page on the lines on which a browser would show them.
 *
 * Elements begin and end, words come between; blanks are folded, margins become empty lines, quotes
 * "> ", cells tabs, items "- ". Line ends, tabs and blanks are owed until the next visible
 * character, so that none stand at the ends. */
#ifndef STADTLABOR_PARSERS_MAIL_HTML_LAYOUT_H
#define STADTLABOR_PARSERS_MAIL_HTML_LAYOUT_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* At first all zero but `out`. */
struct html_layout {
    struct text out;
    int pre, quote; /* open elements of that kind */
    /* Owed to the next character: */
    int lines, tabs;
    int lines_quote; /* quote depth of the empty lines owed: the least seen */
    bool blank, item;
    bool words_in_line; /* something was written since the last line end */
    bool nbsp_alone;    /* nothing but nbsp: that makes an empty line */
    bool fresh_cell;    /* blocks that begin in it do not break the line */
    size_t row_at;      /* where this row's words begin in `out` */
};

/* `tag`: enum html_tag, or-ed. */
void html_layout_begin(struct html_layout *layout, unsigned tag);
void html_layout_end(struct html_layout *layout, unsigned tag);

/* Words in UTF-8, up to `end`; invisible characters are left out. Writes nothing more once `out` has
 * reached its cap. */
void html_layout_put(struct html_layout *layout, const char *s, const char *end);

#endif
