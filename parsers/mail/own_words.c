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
