#include "parsers/mail/own_words.h"

#include "base/text.h"
#include "parsers/mail/own_parts.h"

#include <string.h>

enum { FORWARDS_MAX = 6 }; /* forwards of forwards are followed so deep */

/* Without blank lines at both ends and blanks at the end. */
static const char *trimmed(struct arena *arena, const char *s)
{
    const char *begin = s;
    for (const char *at = s; *at == ' ' || *at == '\t' || *at == '\n'; at++) {
        begin = *at == '\n' ? at + 1 : begin;
    }
    size_t len = strlen(begin);
    while (len > 0 && strchr(" \t\n", begin[len - 1]) != NULL) {
        len--;
    }
    return len == 0 ? "" : arena_strndup(arena, begin, len);
}

static const char *joined(struct arena *arena, const struct mail_lines *lines, enum block_kind kind)
{
    struct text out = text_new(arena, OWN_TEXT_MOST);
    for (size_t i = 0; i < lines->line.n; i++) {
        const struct mail_line *line = &lines->line.at[i];
        if (line->kind == kind) {
            text_addn(&out, lines->text + line->at, line->len);
            text_addc(&out, '\n');
        }
    }
    return trimmed(arena, out.s);
}

static void add_blocks(struct arena *arena, const struct mail_lines *lines, struct own_words *ret)
{
    struct block *block = NULL;
    for (size_t i = 0; i < lines->line.n; i++) {
        const struct mail_line *line = &lines->line.at[i];
        bool blank = line->words_len == 0 && block != NULL; /* belongs to what stands above */
        if (block == NULL ||
            (!blank && (block->kind != line->kind ||
                        (line->kind != BLOCK_OWN && !str_equal(block->pattern, line->pattern))))) {
            block = LIST_ADD(arena, &ret->blocks);
            *block = (struct block){.kind = line->kind, .at = line->at, .pattern = line->pattern};
        }
        block->len = line->at + line->len - block->at;
    }
}

/* The quoted lines that end with line `last`. */
static const char *quoted_until(struct arena *arena, const struct mail_lines *lines, size_t last)
{
    size_t first = last;
    while (first > 0 && lines->line.at[first - 1].kind == BLOCK_QUOTE) {
        first--;
    }
    struct text out = text_new(arena, OWN_TEXT_MOST);
    for (size_t i = first; i <= last; i++) {
        text_addn(&out, lines->words + lines->line.at[i].words_at, lines->line.at[i].words_len);
        text_addc(&out, '\n');
    }
    return out.s;
}

/* Own lines right below quoted ones; blank lines between do not count. */
static void add_answers(struct arena *arena, const struct mail_lines *lines, struct own_words *ret)
{
    size_t at = 0, before = SIZE_MAX, last_quote = 0; /* `before`: blank lines, which `text` leaves out */
    const struct mail_line *above = NULL;
    for (size_t i = 0; i < lines->line.n; i++) {
        last_quote = lines->line.at[i].kind == BLOCK_QUOTE ? i : last_quote;
    }
    for (size_t i = 0; i < lines->line.n && last_quote > 0; i++) {
        const struct mail_line *line = &lines->line.at[i];
        bool own = line->kind == BLOCK_OWN, words = line->words_len > 0;
        before = own && words && before == SIZE_MAX ? at : before;
        if (own && words && above != NULL && above->kind == BLOCK_QUOTE) {
            size_t quote = (size_t)(above - lines->line.at);
            *LIST_ADD(arena, &ret->answers) = (struct answer_place){
                .at = at - before, .quoted = quoted_until(arena, lines, quote), .goes_on = last_quote > i};
        }
        above = words ? line : above;
        at += own ? line->len + 1 : 0;
    }
}

static void read_own(struct arena *arena, const struct patterns *patterns, const char *text, int depth,
                     struct own_words *ret)
{
    struct mail_lines lines = {0};
    struct inner_mail inner;
    /* Halved at each depth, so that forwards of forwards cost no more than twice the first. */
    mail_lines_read(arena, patterns, text, (size_t)MAIL_LINES_SEARCHED >> depth, &lines);
    own_quotes(&lines, &inner);
    own_signatures(arena, patterns, &lines);
    *ret = (struct own_words){.text = joined(arena, &lines, BLOCK_OWN),
                              .closing = own_closing(arena, patterns, &lines),
                              .signature = joined(arena, &lines, BLOCK_SIGNATURE)};
    add_blocks(arena, &lines, ret);
    add_answers(arena, &lines, ret);
    if (inner.found && depth < FORWARDS_MAX) {
        ret->is_forward = own_forward_said(arena, patterns, &inner, ret->text);
        const char *inner_text = own_forward_text(arena, &lines, &inner);
        struct own_words inner_own;
        read_own(arena, patterns, inner_text, depth + 1, &inner_own);
        own_forward(arena, patterns, &lines, &inner, inner_text, &inner_own, &ret->forwarded);
    }
}

void own_words(struct arena *arena, const struct patterns *patterns, const char *text, struct own_words *ret)
{
    read_own(arena, patterns, text, 0, ret);
}

const char *own_words_shown(const struct own_words *own)
{
    return *own->text == '\0' && own->forwarded.text != NULL ? own->forwarded.text : own->text;
}
