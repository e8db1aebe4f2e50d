#include "parsers/own_words.h"

#include "base/text.h"
#include "parsers/mail_lines.h"

#include <string.h>

enum {
    FORWARDS_MAX = 6,       /* forwards of forwards are followed so deep */
    INNER_MOST = 64 * 1024, /* bytes of a forwarded mail that are read */
    TEXT_MOST = 16 * 1024 * 1024,
};

/* Where the first mail inside this one begins. */
struct inner {
    bool found, marked; /* marked: a program's forward mark, no mere header block */
    size_t first;       /* of its mark or header block */
    size_t words, end;  /* lines of its text */
    int depth;
    const char *from, *subject;
};

struct work {
    struct arena *arena;
    const struct patterns *patterns;
    struct mail_lines lines;
    struct inner inner;
    size_t next_mark; /* first mark that begins at or behind the line looked at */
};

static struct mail_line *line_at(struct work *w, size_t i)
{
    return &w->lines.line.at[i];
}

static size_t skip_blank(struct work *w, size_t i)
{
    while (i < w->lines.line.n && line_at(w, i)->words_len == 0 && line_at(w, i)->depth == 0) {
        i++;
    }
    return i;
}

static void set_kind(struct work *w, size_t first, size_t end, enum block_kind kind, const char *pattern)
{
    for (size_t i = first; i < end && i < w->lines.line.n; i++) {
        line_at(w, i)->kind = kind;
        line_at(w, i)->pattern = pattern;
    }
}

static bool any_own(struct work *w, size_t end)
{
    for (size_t i = 0; i < end; i++) {
        if (line_at(w, i)->kind == BLOCK_OWN && line_at(w, i)->words_len > 0) {
            return true;
        }
    }
    return false;
}

static char first_character(struct work *w, size_t i)
{
    return i < w->lines.line.n && line_at(w, i)->words_len > 0 ? w->lines.words[line_at(w, i)->words_at]
                                                               : '\0';
}

/* Lines quoted by "|" behind an attribution: as if they began with ">". Returns whether there are. */
static bool bars_to_marks(struct work *w, size_t i)
{
    size_t begin = i;
    while (first_character(w, i) == '|') {
        line_at(w, i++)->depth = 1;
    }
    return i > begin;
}

/* ---- header blocks and forward marks ---- */

static const struct mail_mark *mark_at(struct work *w, size_t line)
{
    for (size_t i = 0; i < w->lines.mark.n; i++) {
        if (w->lines.mark.at[i].first == line) {
            return &w->lines.mark.at[i];
        }
    }
    return NULL;
}

/* Behind the quoted lines that begin at `i`, blank lines between them included. */
static size_t quote_end(struct work *w, size_t i, int depth)
{
    size_t end = i;
    for (; i < w->lines.line.n; i++) {
        if (line_at(w, i)->depth >= depth) {
            end = i + 1;
        } else if (line_at(w, i)->words_len > 0) {
            break;
        }
    }
    return end;
}

static size_t skip_empty(struct work *w, size_t i)
{
    while (i < w->lines.line.n && line_at(w, i)->words_len == 0) {
        i++;
    }
    return i;
}

/* A mail that stands inside, from its mark or header block at `mark` on: notes the first such. */
static void note_inner(struct work *w, const struct mail_mark *mark)
{
    if (w->inner.found) {
        return;
    }
    struct inner inner = {.found = true, .marked = mark->kind == MARK_FORWARD, .first = mark->first};
    size_t next = skip_empty(w, mark->last + 1);
    const struct mail_mark *header = mark->kind == MARK_HEADER ? mark : mark_at(w, next);
    if (header != NULL && header->kind == MARK_HEADER) {
        inner.from = header->from;
        inner.subject = header->subject;
        next = header->last + 1;
    }
    inner.words = skip_empty(w, next);
    inner.depth = inner.words < w->lines.line.n ? line_at(w, inner.words)->depth : 0;
    inner.end = inner.depth == 0 ? w->lines.line.n : quote_end(w, inner.words, inner.depth);
    w->inner = inner;
}

/* "________", as Outlook draws above its header block. */
static bool is_rule(struct work *w, size_t i)
{
    const struct mail_line *line = line_at(w, i);
    const char *s = w->lines.words + line->words_at;
    size_t indent = strspn(s, " ");
    return line->words_len >= indent + 3 && indent + strspn(s + indent, "_-") >= line->words_len;
}

/* It belongs to the block, the blank lines between as well. */
static size_t with_rule_above(struct work *w, size_t i)
{
    size_t above = i;
    while (above > 0 && line_at(w, above - 1)->words_len == 0 && line_at(w, above - 1)->depth == 0) {
        above--;
    }
    bool rule = above > 0 && line_at(w, above - 1)->depth == 0 && is_rule(w, above - 1);
    return rule ? above - 1 : i;
}

/* A mark at the left edge behind which everything is somebody else's. Returns the line to go on. */
static size_t cut(struct work *w, const struct mail_mark *mark)
{
    bool forward = mark->kind == MARK_FORWARD;
    size_t first = with_rule_above(w, mark->first), behind = skip_empty(w, mark->last + 1);
    const struct mail_mark *header = mark_at(w, behind);
    size_t head_end = mark->last + 1;
    if (header != NULL && header->kind == MARK_HEADER && mark->kind != MARK_HEADER) {
        head_end = header->last + 1;
    }
    behind = skip_blank(w, head_end);
    bool quoted = behind < w->lines.line.n && line_at(w, behind)->depth > 0;
    size_t end = quoted ? quote_end(w, behind, 1) : w->lines.line.n;
    note_inner(w, mark);
    set_kind(w, first, head_end, forward ? BLOCK_FORWARD : BLOCK_ATTRIBUTION, mark->pattern);
    set_kind(w, head_end, end, forward ? BLOCK_FORWARD : BLOCK_QUOTE, mark->pattern);
    return end;
}

/* ---- attributions ---- */

/* Whether marked quotes come later at the left edge: then this program marks what it quotes, and
 * lines without a mark are not quoted. */
static bool marks_its_quotes(struct work *w, size_t from)
{
    for (size_t i = 0; i < w->lines.mark.n; i++) {
        const struct mail_mark *mark = &w->lines.mark.at[i];
        if (mark->first > from && mark->kind == MARK_ATTRIBUTION && line_at(w, mark->first)->depth == 0) {
            size_t next = skip_blank(w, mark->last + 1);
            if (next < w->lines.line.n && line_at(w, next)->depth > 0) {
                return true;
            }
        }
    }
    return false;
}

static size_t attribution(struct work *w, const struct mail_mark *mark)
{
    size_t next = skip_blank(w, mark->last + 1);
    bool quoted = next < w->lines.line.n && line_at(w, next)->depth > 0;
    if (!quoted && (mark->sure || mark->kind == MARK_ATTRIBUTION)) {
        quoted = bars_to_marks(w, next);
    }
    bool own_before = any_own(w, mark->first);
    if (!quoted && (mark->kind == MARK_UNSURE || !mark->sure)) {
        return mark->first; /* a sentence of the writer's */
    }
    set_kind(w, mark->first, mark->last + 1, BLOCK_ATTRIBUTION, mark->pattern);
    if (quoted || (!own_before && marks_its_quotes(w, mark->last))) {
        return mark->last + 1;
    }
    set_kind(w, mark->last + 1, w->lines.line.n, BLOCK_QUOTE, mark->pattern);
    return w->lines.line.n;
}

/* ---- the walk ---- */

/* Quoted lines; Apple Mail quotes what it forwards as well. Returns the line behind them. */
static size_t quoted_lines(struct work *w, size_t i)
{
    size_t end = quote_end(w, i, 1);
    size_t head = skip_empty(w, i);
    if (head < end && is_rule(w, head)) {
        head = skip_empty(w, head + 1);
    }
    const struct mail_mark *mark = mark_at(w, head);
    bool inner = mark != NULL && mark->first < end &&
                 (mark->kind == MARK_FORWARD || (mark->kind == MARK_HEADER && mark->sure));
    if (inner) {
        note_inner(w, mark);
    }
    bool forward = inner && mark->kind == MARK_FORWARD;
    set_kind(w, i, end, forward ? BLOCK_FORWARD : BLOCK_QUOTE, inner ? mark->pattern : QUOTE_MARK);
    return end;
}

static void walk(struct work *w)
{
    for (size_t i = 0; i < w->lines.line.n;) {
        const struct mail_mark *mark = NULL;
        while (w->next_mark < w->lines.mark.n && w->lines.mark.at[w->next_mark].first < i) {
            w->next_mark++;
        }
        if (w->next_mark < w->lines.mark.n && w->lines.mark.at[w->next_mark].first == i) {
            mark = &w->lines.mark.at[w->next_mark];
        }
        size_t from = i;
        bool groupwise = mark != NULL && str_equal(mark->pattern, "attribution.groupwise");
        if (line_at(w, i)->depth > 0 && !groupwise) {
            i = quoted_lines(w, i);
        } else if (mark != NULL && (mark->kind == MARK_ATTRIBUTION || mark->kind == MARK_UNSURE)) {
            i = attribution(w, mark);
        } else if (mark != NULL && (mark->kind != MARK_HEADER || mark->sure)) {
            i = cut(w, mark);
        }
        i += i == from; /* a line of the writer's */
    }
}

/* Nothing but quoted lines, and nobody named whose they are: somebody writes like that. */
static bool only_marks(struct work *w)
{
    for (size_t i = 0; i < w->lines.line.n; i++) {
        const struct mail_line *line = line_at(w, i);
        if (line->kind == BLOCK_OWN ? line->words_len > 0 : !str_equal(line->pattern, QUOTE_MARK)) {
            return false;
        }
    }
    return w->lines.line.n > 0;
}

/* Every run of own lines has its own signature. */
static void signatures(struct work *w)
{
    for (size_t i = 0; i < w->lines.line.n;) {
        size_t end = i;
        while (end < w->lines.line.n && line_at(w, end)->kind == BLOCK_OWN) {
            end++;
        }
        if (end > i) {
            own_signature(w->arena, w->patterns, &w->lines, i, end);
        }
        i = end + (end == i);
    }
}

/* A mail that was written below its "-- ", with nothing else in it. */
static void all_below_delimiter(struct work *w)
{
    size_t below = 0;
    for (size_t i = 0; i < w->lines.line.n; i++) {
        const struct mail_line *line = line_at(w, i);
        if (line->words_len == 0) {
            continue;
        }
        if (!str_equal(line->pattern, SIGNATURE_DELIMITER)) {
            return;
        }
        below++;
    }
    if (below > 2) { /* "--", and more than a name */
        set_kind(w, 0, w->lines.line.n, BLOCK_OWN, NULL);
    }
}

/* ---- results ---- */

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

static const char *joined(struct work *w, enum block_kind kind)
{
    struct text out = text_new(w->arena, TEXT_MOST);
    for (size_t i = 0; i < w->lines.line.n; i++) {
        const struct mail_line *line = line_at(w, i);
        if (line->kind == kind) {
            text_addn(&out, w->lines.text + line->at, line->len);
            text_addc(&out, '\n');
        }
    }
    return trimmed(w->arena, out.s);
}

static void add_blocks(struct work *w, struct own_words *ret)
{
    struct block *block = NULL;
    for (size_t i = 0; i < w->lines.line.n; i++) {
        const struct mail_line *line = line_at(w, i);
        bool blank = line->words_len == 0 && block != NULL; /* belongs to what stands above */
        if (block == NULL ||
            (!blank && (block->kind != line->kind ||
                        (line->kind != BLOCK_OWN && !str_equal(block->pattern, line->pattern))))) {
            block = LIST_ADD(w->arena, &ret->blocks);
            *block = (struct block){.kind = line->kind, .at = line->at, .pattern = line->pattern};
        }
        block->len = line->at + line->len - block->at;
    }
}

static const char *find_own_closing(struct work *w)
{
    size_t first, end, at;
    if (!own_closing(w->arena, w->patterns, &w->lines, w->lines.closing, w->lines.line.n, &first, &end,
                     &at)) {
        return "";
    }
    const char *s = w->lines.words + line_at(w, first)->words_at + at;
    const struct mail_line *last = line_at(w, end - 1);
    return str_trim(w->arena, arena_strndup(w->arena, s,
                                            (size_t)(w->lines.words + last->words_at + last->words_len - s)));
}

/* ---- the mail inside ---- */

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

/* The lines of the mail inside, with the marks of its own quotes alone. */
static char *inner_text(struct work *w)
{
    struct text out = text_new(w->arena, TEXT_MOST);
    for (size_t i = w->inner.words; i < w->inner.end && out.len < INNER_MOST; i++) {
        const struct mail_line *line = line_at(w, i);
        for (int k = w->inner.depth; k < line->depth; k++) {
            text_addc(&out, '>');
        }
        if (line->depth > w->inner.depth) {
            text_addc(&out, ' ');
        }
        text_addn(&out, w->lines.words + line->words_at, line->words_len);
        text_addc(&out, '\n');
    }
    return out.s;
}

static bool has_forward_subject(struct work *w, const char *subject)
{
    struct found found;
    return subject != NULL &&
           patterns_find(w->patterns, w->arena, "forward_subject", subject, strlen(subject), 0, &found);
}

/* From the n-th line of the inner text to the text that was passed. */
static size_t outer_place(struct work *w, const char *inner, size_t at)
{
    size_t line = w->inner.words;
    for (size_t i = 0; i < at; i++) {
        line += inner[i] == '\n';
    }
    return line < w->lines.line.n ? line_at(w, line)->at : strlen(w->lines.text);
}

static void read_own(struct arena *arena, const struct patterns *patterns, const char *text, int depth,
                     struct own_words *ret);

static void read_inner(struct work *w, int depth, struct forwarded *ret)
{
    struct forwarded f = {.text = "", .closing = "", .subject = NULL};
    if (w->inner.subject != NULL && *w->inner.subject != '\0') {
        f.subject = w->inner.subject;
    }
    read_sender(w->arena, w->inner.from, &f);
    const char *text = inner_text(w);
    struct own_words own;
    read_own(w->arena, w->patterns, text, depth + 1, &own);
    bool deeper = own.forwarded.text != NULL &&
                  (own.is_forward || *own.text == '\0' || has_forward_subject(w, f.subject));
    size_t first = 0, end = 0;
    if (deeper) {
        f = own.forwarded;
        first = f.at;
        end = f.at + f.len;
    } else {
        f.text = own.text;
        f.closing = own.closing;
        for (size_t i = 0; i < own.blocks.n; i++) {
            const struct block *block = &own.blocks.at[i];
            if (block->kind == BLOCK_OWN && block->len > 0) {
                first = end == 0 ? block->at : first;
                end = block->at + block->len;
            }
        }
    }
    f.at = outer_place(w, text, first);
    size_t last = end == 0 ? f.at : outer_place(w, text, end - 1);
    f.len = end == 0 ? 0 : last + strcspn(w->lines.text + last, "\n") - f.at;
    *ret = f;
}

static bool says_forward(struct work *w, const char *own)
{
    struct found found;
    size_t len = strlen(own);
    return w->inner.marked || len == 0 ||
           patterns_find(w->patterns, w->arena, "passing_on", own,
                         len > MAIL_LINES_SEARCHED ? (size_t)0 : len, 0, &found);
}

static void read_own(struct arena *arena, const struct patterns *patterns, const char *text, int depth,
                     struct own_words *ret)
{
    struct work w = {.arena = arena, .patterns = patterns};
    /* Halved at each depth, so that forwards of forwards cost no more than twice the first. */
    mail_lines_read(arena, patterns, text, (size_t)MAIL_LINES_SEARCHED >> depth, &w.lines);
    walk(&w);
    if (only_marks(&w)) {
        set_kind(&w, 0, w.lines.line.n, BLOCK_OWN, NULL);
    }
    signatures(&w);
    all_below_delimiter(&w);
    *ret = (struct own_words){.text = joined(&w, BLOCK_OWN), .signature = joined(&w, BLOCK_SIGNATURE)};
    ret->closing = find_own_closing(&w);
    add_blocks(&w, ret);
    if (w.inner.found && depth < FORWARDS_MAX) {
        ret->is_forward = says_forward(&w, ret->text);
        read_inner(&w, depth, &ret->forwarded);
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
