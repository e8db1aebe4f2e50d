/* A mail inside a mail: who wrote it, its own words, and whether it was passed on. */
#include "parsers/mail/own_parts.h"

#include "base/text.h"

#include <string.h>

enum { INNER_MOST = 64 * 1024 }; /* bytes of a forwarded mail that are read */

/* "Petra Müller <petra@example.org>", "petra@example.org", "Petra Müller [mailto:petra@example.org]",
 * "Petra Müller/ISL/DE" → name and address. */
static void read_sender(struct arena *arena, const char *value, struct forwarded *ret)
{
    const char *at = value == NULL ? NULL : strchr(value, '@');
    size_t name_len = value == NULL ? 0 : strlen(value);
    if (at != NULL) {
        const char *begin = at;
        while (begin > value && strchr(" \t<>[]():;,\"'*", begin[-1]) == NULL) {
            begin--;
        }
        size_t len = strcspn(begin, " \t<>[]();,\"'*");
        ret->from_address = begin < at && begin + len > at + 1 ? arena_strndup(arena, begin, len) : NULL;
        name_len = (size_t)(begin - value);
        char *name = arena_strndup(arena, value, name_len);
        name_len = strcspn(name, "<[(");
    }
    char *name = arena_strndup(arena, value == NULL ? "" : value, name_len);
    while (*name != '\0' && strchr(" \t\"'*", *name) != NULL) {
        name++;
    }
    size_t len = strlen(name);
    while (len > 0 && strchr(" \t\"'*", name[len - 1]) != NULL) {
        len--;
    }
    name[len] = '\0';
    ret->from_name = len == 0 ? NULL : name;
}

const char *own_forward_text(struct arena *arena, const struct mail_lines *lines,
                             const struct inner_mail *inner)
{
    struct text out = text_new(arena, OWN_TEXT_MOST);
    for (size_t i = inner->words; i < inner->end && out.len < INNER_MOST; i++) {
        const struct mail_line *line = &lines->line.at[i];
        for (int k = inner->depth; k < line->depth; k++) {
            text_addc(&out, '>');
        }
        if (line->depth > inner->depth) {
            text_addc(&out, ' ');
        }
        text_addn(&out, lines->words + line->words_at, line->words_len);
        text_addc(&out, '\n');
    }
    return out.s;
}

static bool has_forward_subject(struct arena *arena, const struct patterns *patterns, const char *subject)
{
    struct found found;
    return subject != NULL &&
           patterns_find(patterns, arena, "forward_subject", subject, strlen(subject), 0, &found);
}

/* From the n-th line of the inner text to the text that was passed. */
static size_t outer_place(const struct mail_lines *lines, const struct inner_mail *mail, const char *inner,
                          size_t at)
{
    size_t line = mail->words;
    for (size_t i = 0; i < at; i++) {
        line += inner[i] == '\n';
    }
    return line < lines->line.n ? lines->line.at[line].at : strlen(lines->text);
}

bool own_forward_said(struct arena *arena, const struct patterns *patterns, const struct inner_mail *inner,
                      const char *own_text)
{
    struct found found;
    size_t len = strlen(own_text);
    return inner->marked || len == 0 ||
           patterns_find(patterns, arena, "passing_on", own_text, len > MAIL_LINES_SEARCHED ? (size_t)0 : len,
                         0, &found);
}

void own_forward(struct arena *arena, const struct patterns *patterns, const struct mail_lines *lines,
                 const struct inner_mail *inner, const char *inner_text, const struct own_words *inner_own,
                 struct forwarded *ret)
{
    struct forwarded f = {.text = "", .closing = "", .subject = NULL};
    if (inner->subject != NULL && *inner->subject != '\0') {
        f.subject = inner->subject;
    }
    read_sender(arena, inner->from, &f);
    bool deeper = inner_own->forwarded.text != NULL && (inner_own->is_forward || *inner_own->text == '\0' ||
                                                        has_forward_subject(arena, patterns, f.subject));
    size_t first = 0, end = 0;
    if (deeper) {
        f = inner_own->forwarded;
        first = f.at;
        end = f.at + f.len;
    } else {
        f.text = inner_own->text;
        f.closing = inner_own->closing;
        for (size_t i = 0; i < inner_own->blocks.n; i++) {
            const struct block *block = &inner_own->blocks.at[i];
            if (block->kind == BLOCK_OWN && block->len > 0) {
                first = end == 0 ? block->at : first;
                end = block->at + block->len;
            }
        }
    }
    f.at = outer_place(lines, inner, inner_text, first);
    size_t last = end == 0 ? f.at : outer_place(lines, inner, inner_text, end - 1);
    f.len = end == 0 ? 0 : last + strcspn(lines->text + last, "\n") - f.at;
    *ret = f;
}
