#include "parsers/mail/html_layout.h"

#include "base/utf8.h"
#include "parsers/mail/html_tag.h"

#include <string.h>

/* At least `n` line ends before the next character: 1 a new line, 2 an empty one as well. */
static void want_lines(struct html_layout *layout, int n)
{
    if (layout->fresh_cell) {
        return;
    }
    layout->blank = false;
    layout->tabs = 0;
    if (layout->quote < layout->lines_quote) {
        layout->lines_quote = layout->quote;
    }
    if (layout->lines < n) {
        layout->lines = n;
    }
}

static void put_quote(struct html_layout *layout, int depth, bool words)
{
    for (int i = 0; i < depth; i++) {
        text_addc(&layout->out, '>');
    }
    if (depth > 0 && words) {
        text_addc(&layout->out, ' ');
    }
}

/* What is owed before a character is written. */
static void put_owed(struct html_layout *layout)
{
    if (layout->out.len == 0) {
        put_quote(layout, layout->quote, true);
    } else if (layout->lines > 0) {
        text_addc(&layout->out, '\n');
        for (int i = 1; i < layout->lines; i++) {
            put_quote(layout, layout->lines_quote, false);
            text_addc(&layout->out, '\n');
        }
        put_quote(layout, layout->quote, true);
    } else {
        for (int i = 0; i < layout->tabs; i++) {
            text_addc(&layout->out, '\t');
        }
        if (layout->tabs == 0 && layout->blank) {
            text_addc(&layout->out, ' ');
        }
    }
    if (layout->item) {
        text_add(&layout->out, "- ");
    }
    layout->lines = layout->tabs = 0;
    layout->lines_quote = layout->quote;
    layout->blank = layout->item = layout->fresh_cell = layout->nbsp_alone = false;
    layout->words_in_line = true;
}

/* <br>, or a line end in <pre>: ends the line, also an empty one; three in a row are enough. */
static void put_break(struct html_layout *layout)
{
    layout->fresh_cell = false;
    want_lines(layout, layout->words_in_line ? 1 : layout->lines < 3 ? layout->lines + 1 : 3);
    layout->words_in_line = layout->nbsp_alone = false;
}

static void block_edge(struct html_layout *layout, bool margin)
{
    if (layout->fresh_cell) {
        return;
    }
    want_lines(layout, margin || layout->nbsp_alone ? 2 : 1);
    layout->words_in_line = layout->nbsp_alone = false;
}

static bool is_invisible(uint32_t c)
{
    return c == 0xad || c == 0x34f || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c < 0x20) || (c >= 0x7f && c < 0xa0);
}

void html_layout_put(struct html_layout *layout, const char *s, const char *end)
{
    while (s < end && !layout->out.overflow) {
        const char *from = s;
        uint32_t c = utf8_next(&s);
        if (c == '\n' && layout->pre > 0) {
            put_break(layout);
        } else if (c == '\t' && layout->pre > 0) {
            layout->tabs++;
        } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
            layout->blank |= layout->words_in_line;
        } else if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000) {
            layout->blank |= layout->words_in_line;
            layout->nbsp_alone = !layout->words_in_line;
        } else if (!is_invisible(c)) {
            put_owed(layout);
            text_addn(&layout->out, from, (size_t)(s - from));
        }
    }
}

/* As long as Outlook's in plain text; one is enough where two meet. */
static const char rule[] = "________________________________";

static void put_rule(struct html_layout *layout)
{
    block_edge(layout, false);
    size_t len = sizeof rule - 1;
    if (layout->out.len < len || strcmp(layout->out.s + layout->out.len - len, rule) != 0) {
        html_layout_put(layout, rule, rule + len);
    }
    block_edge(layout, false);
}

void html_layout_begin(struct html_layout *layout, unsigned tag)
{
    if (tag & TAG_BREAK) {
        put_break(layout);
    }
    if (tag & TAG_BLOCK) {
        block_edge(layout, tag & TAG_MARGIN);
    }
    if (tag & TAG_ROW) {
        layout->row_at = layout->out.len;
    }
    if (tag & TAG_CELL) {
        if (layout->out.len > layout->row_at) {
            layout->lines = 0;
            layout->tabs++;
            layout->words_in_line = true;
        }
        layout->fresh_cell = true;
        layout->blank = false;
    }
    if (tag & TAG_ITEM) {
        layout->item = layout->fresh_cell = true;
    }
    if (tag & TAG_QUOTE) {
        layout->quote++;
    }
    if (tag & TAG_RULE) {
        put_rule(layout);
    }
    layout->pre += (tag & TAG_PRE) != 0;
}

void html_layout_end(struct html_layout *layout, unsigned tag)
{
    layout->pre -= (tag & TAG_PRE) != 0;
    if (tag & TAG_QUOTE) {
        layout->quote--;
    }
    if (tag & (TAG_CELL | TAG_ITEM)) {
        layout->fresh_cell = false;
    }
    if (tag & TAG_BLOCK) {
        layout->item = false;
        block_edge(layout, tag & TAG_MARGIN);
    }
    if ((tag & (TAG_ROW | TAG_ITEM)) != 0 && layout->lines > 1) {
        layout->lines = 1; /* the margins of paragraphs in it make no empty lines between */
    }
}
