/* Attributions, header blocks, forward marks and "> ": which lines are somebody else's. */
#include "parsers/mail/own_parts.h"

#include "base/text.h"

#include <string.h>

/* The lines are gone through once, from the first to the last. */
struct walk {
    struct mail_lines *lines;
    struct inner_mail inner;
    size_t next_mark; /* first mark that begins at or behind the line looked at */
};

/* No pattern, but a rule: as `pattern` of a block. */
static const char quote_mark[] = "quote mark";

static struct mail_line *line_at(struct walk *w, size_t i)
{
    return &w->lines->line.at[i];
}

static size_t skip_blank(struct walk *w, size_t i)
{
    while (i < w->lines->line.n && line_at(w, i)->words_len == 0 && line_at(w, i)->depth == 0) {
        i++;
    }
    return i;
}

static void set_kind(struct walk *w, size_t first, size_t end, enum block_kind kind, const char *pattern)
{
    for (size_t i = first; i < end && i < w->lines->line.n; i++) {
        line_at(w, i)->kind = kind;
        line_at(w, i)->pattern = pattern;
    }
}

static bool any_own(struct walk *w, size_t end)
{
    for (size_t i = 0; i < end; i++) {
        if (line_at(w, i)->kind == BLOCK_OWN && line_at(w, i)->words_len > 0) {
            return true;
        }
    }
    return false;
}

static char first_character(struct walk *w, size_t i)
{
    return i < w->lines->line.n && line_at(w, i)->words_len > 0 ? w->lines->words[line_at(w, i)->words_at]
                                                                : '\0';
}

/* Lines quoted by "|" behind an attribution: as if they began with ">". Returns whether there are. */
static bool bars_to_marks(struct walk *w, size_t i)
{
    size_t begin = i;
    while (first_character(w, i) == '|') {
        line_at(w, i++)->depth = 1;
    }
    return i > begin;
}

static const struct mail_mark *mark_at(struct walk *w, size_t line)
{
    for (size_t i = 0; i < w->lines->mark.n; i++) {
        if (w->lines->mark.at[i].first == line) {
            return &w->lines->mark.at[i];
        }
    }
    return NULL;
}

/* Behind the quoted lines that begin at `i`, blank lines between them included. */
static size_t quote_end(struct walk *w, size_t i, int depth)
{
    size_t end = i;
    for (; i < w->lines->line.n; i++) {
        if (line_at(w, i)->depth >= depth) {
            end = i + 1;
        } else if (line_at(w, i)->words_len > 0) {
            break;
        }
    }
    return end;
}

static size_t skip_empty(struct walk *w, size_t i)
{
    while (i < w->lines->line.n && line_at(w, i)->words_len == 0) {
        i++;
    }
    return i;
}

/* A mail that stands inside, from its mark or header block at `mark` on: notes the first such. */
static void note_inner(struct walk *w, const struct mail_mark *mark)
{
    if (w->inner.found) {
        return;
    }
    struct inner_mail inner = {.found = true, .marked = mark->kind == MARK_FORWARD};
    size_t next = skip_empty(w, mark->last + 1);
    const struct mail_mark *header = mark->kind == MARK_HEADER ? mark : mark_at(w, next);
    if (header != NULL && header->kind == MARK_HEADER) {
        inner.from = header->from;
        inner.subject = header->subject;
        next = header->last + 1;
    }
    inner.words = skip_empty(w, next);
    inner.depth = inner.words < w->lines->line.n ? line_at(w, inner.words)->depth : 0;
    inner.end = inner.depth == 0 ? w->lines->line.n : quote_end(w, inner.words, inner.depth);
    w->inner = inner;
}

/* "________", as Outlook draws above its header block. */
static bool is_rule(struct walk *w, size_t i)
{
    const struct mail_line *line = line_at(w, i);
    const char *s = w->lines->words + line->words_at;
    size_t indent = strspn(s, " ");
    return line->words_len >= indent + 3 && indent + strspn(s + indent, "_-") >= line->words_len;
}

/* It belongs to the block, the blank lines between as well. */
static size_t with_rule_above(struct walk *w, size_t i)
{
    size_t above = i;
    while (above > 0 && line_at(w, above - 1)->words_len == 0 && line_at(w, above - 1)->depth == 0) {
        above--;
    }
    bool rule = above > 0 && line_at(w, above - 1)->depth == 0 && is_rule(w, above - 1);
    return rule ? above - 1 : i;
}

/* A mark at the left edge behind which everything is somebody else's. Returns the line to go on. */
static size_t cut(struct walk *w, const struct mail_mark *mark)
{
    bool forward = mark->kind == MARK_FORWARD;
    size_t first = with_rule_above(w, mark->first), behind = skip_empty(w, mark->last + 1);
    const struct mail_mark *header = mark_at(w, behind);
    size_t head_end = mark->last + 1;
    if (header != NULL && header->kind == MARK_HEADER && mark->kind != MARK_HEADER) {
        head_end = header->last + 1;
    }
    behind = skip_blank(w, head_end);
    bool quoted = behind < w->lines->line.n && line_at(w, behind)->depth > 0;
    size_t end = quoted ? quote_end(w, behind, 1) : w->lines->line.n;
    note_inner(w, mark);
    set_kind(w, first, head_end, forward ? BLOCK_FORWARD : BLOCK_ATTRIBUTION, mark->pattern);
    set_kind(w, head_end, end, forward ? BLOCK_FORWARD : BLOCK_QUOTE, mark->pattern);
    return end;
}

/* Whether marked quotes come later at the left edge: then this program marks what it quotes, and
 * lines without a mark are not quoted. */
static bool marks_its_quotes(struct walk *w, size_t from)
{
    for (size_t i = 0; i < w->lines->mark.n; i++) {
        const struct mail_mark *mark = &w->lines->mark.at[i];
        if (mark->first > from && mark->kind == MARK_ATTRIBUTION && line_at(w, mark->first)->depth == 0) {
            size_t next = skip_blank(w, mark->last + 1);
            if (next < w->lines->line.n && line_at(w, next)->depth > 0) {
                return true;
            }
        }
    }
    return false;
}

static size_t attribution(struct walk *w, const struct mail_mark *mark)
{
    size_t next = skip_blank(w, mark->last + 1);
    bool quoted = next < w->lines->line.n && line_at(w, next)->depth > 0;
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
    set_kind(w, mark->last + 1, w->lines->line.n, BLOCK_QUOTE, mark->pattern);
    return w->lines->line.n;
}

/* Short lines without the end of a sentence. */
static bool is_list(struct walk *w, size_t i, size_t end)
{
    enum { SHORT = 70, LINES_MOST = 12 };
    bool list = end > i && end - i <= LINES_MOST;
    for (; i < end && list; i++) {
        const struct mail_line *line = line_at(w, i);
        const char *words = w->lines->words + line->words_at;
        list = line->depth <= 1 && line->words_len <= SHORT &&
               (line->words_len == 0 || strchr(".!?", words[line->words_len - 1]) == NULL);
    }
    return list;
}

/* The writer marks a list of his own: its lines stay his. Returns the line behind it. */
static size_t own_list(struct walk *w, const struct mail_mark *mark)
{
    size_t begin = skip_blank(w, mark->last + 1), end = quote_end(w, begin, 1);
    return line_at(w, mark->first)->depth == 0 && is_list(w, begin, end) ? end : mark->first;
}

/* Quoted lines; Apple Mail quotes what it forwards as well. Returns the line behind them. */
static size_t quoted_lines(struct walk *w, size_t i)
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
    set_kind(w, i, end, forward ? BLOCK_FORWARD : BLOCK_QUOTE, inner ? mark->pattern : quote_mark);
    return end;
}

static void walk_lines(struct walk *w)
{
    for (size_t i = 0; i < w->lines->line.n;) {
        const struct mail_mark *mark = NULL;
        while (w->next_mark < w->lines->mark.n && w->lines->mark.at[w->next_mark].first < i) {
            w->next_mark++;
        }
        if (w->next_mark < w->lines->mark.n && w->lines->mark.at[w->next_mark].first == i) {
            mark = &w->lines->mark.at[w->next_mark];
        }
        size_t from = i;
        bool groupwise = mark != NULL && str_equal(mark->pattern, "attribution.groupwise");
        if (line_at(w, i)->depth > 0 && !groupwise) {
            i = quoted_lines(w, i);
        } else if (mark != NULL && mark->kind == MARK_LIST) {
            i = own_list(w, mark);
        } else if (mark != NULL && (mark->kind == MARK_ATTRIBUTION || mark->kind == MARK_UNSURE)) {
            i = attribution(w, mark);
        } else if (mark != NULL && (mark->kind != MARK_HEADER || mark->sure)) {
            i = cut(w, mark);
        }
        i += i == from; /* a line of the writer's */
    }
}

/* Nothing but quoted lines, and nobody named whose they are: somebody writes like that. */
static bool only_marks(struct walk *w)
{
    for (size_t i = 0; i < w->lines->line.n; i++) {
        const struct mail_line *line = line_at(w, i);
        if (line->kind == BLOCK_OWN ? line->words_len > 0 : !str_equal(line->pattern, quote_mark)) {
            return false;
        }
    }
    return w->lines->line.n > 0;
}

void own_quotes(struct mail_lines *lines, struct inner_mail *ret_inner)
{
    struct walk w = {.lines = lines};
    walk_lines(&w);
    if (only_marks(&w)) {
        set_kind(&w, 0, lines->line.n, BLOCK_OWN, NULL);
    }
    *ret_inner = w.inner;
}
