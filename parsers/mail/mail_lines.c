#include "parsers/mail/mail_lines.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* "> > words": the number of marks; the words begin behind them and one blank. */
static size_t quote_depth(const char *s, size_t len, int *ret_depth)
{
    size_t at = 0, words = 0;
    int depth = 0;
    while (at < len) {
        size_t mark = at + (s[at] == ' ' && at + 1 < len && s[at + 1] == '>');
        if (s[mark] != '>') {
            break;
        }
        depth++;
        at = words = mark + 1;
    }
    *ret_depth = depth;
    return words + (depth > 0 && words < len && s[words] == ' ');
}

static size_t count_lines(const char *text)
{
    size_t n = 1;
    while (n <= MAIL_LINES_MAX && (text = strchr(text, '\n')) != NULL) {
        text++;
        n++;
    }
    return n;
}

/* Without the blanks at its end. */
static size_t words_length(const char *s, size_t len)
{
    while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t')) {
        len--;
    }
    return len;
}

static void split(struct arena *arena, struct mail_lines *lines)
{
    size_t all = strlen(lines->text), to = 0;
    char *words = arena_alloc(arena, all + 2);
    lines->line.room = count_lines(lines->text);
    lines->line.at = arena_alloc(arena, lines->line.room * sizeof *lines->line.at);
    for (size_t at = 0; at < all;) {
        struct mail_line *line = &lines->line.at[lines->line.n++];
        const char *s = lines->text + at;
        line->at = at;
        line->len =
            lines->line.n == lines->line.room ? all - at - (lines->text[all - 1] == '\n') : strcspn(s, "\n");
        size_t skip = quote_depth(s, line->len, &line->depth);
        line->words_at = to;
        line->words_len = words_length(s + skip, line->len - skip);
        memcpy(words + to, s + skip, line->words_len);
        to += line->words_len;
        words[to++] = '\n';
        at += line->len + 1;
    }
    words[to] = '\0';
    lines->words = words;
}

size_t mail_lines_at(const struct mail_lines *lines, size_t at)
{
    size_t low = 0, high = lines->line.n;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (lines->line.at[middle].words_at <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* An e-mail address, or a clock time: hand-made sentences seldom have one. */
static bool is_sure(const char *words)
{
    if (strchr(words, '@') != NULL) {
        return true;
    }
    for (const char *s = words; *s != '\0'; s++) {
        bool digit = s[0] >= '0' && s[0] <= '9';
        if (digit && (s[1] == ':' || s[1] == '.') && s[2] >= '0' && s[2] <= '5' && s[3] >= '0' &&
            s[3] <= '9' && s[4] != '.' && !(s[4] >= '0' && s[4] <= '9')) {
            return true;
        }
    }
    return false;
}

static bool same_depth(const struct mail_lines *lines, size_t first, size_t last)
{
    for (size_t i = first + 1; i <= last; i++) {
        if (lines->line.at[i].depth != lines->line.at[first].depth) {
            return false;
        }
    }
    return true;
}

static const char *line_words(const struct mail_lines *lines, size_t i)
{
    return lines->words + lines->line.at[i].words_at;
}

/* A pattern that begins with a name may have taken the writer's last line with it: the match is
 * given its latest line to begin with, unless an address was broken there. */
static size_t latest_first(struct arena *arena, const struct patterns *patterns,
                           const struct mail_lines *lines, const struct found *found)
{
    size_t first = mail_lines_at(lines, found->at), last = mail_lines_at(lines, found->at + found->len - 1);
    while (first < last) {
        const struct mail_line *line = &lines->line.at[first];
        bool broken =
            lines->words[line->words_at + line->words_len - 1] == '<' || *line_words(lines, first + 1) == '<';
        struct found again;
        if (broken ||
            !patterns_find(patterns, arena, found->pattern, lines->words, found->at + found->len,
                           lines->line.at[first + 1].words_at, &again) ||
            again.at != lines->line.at[first + 1].words_at ||
            again.at + again.len != found->at + found->len) {
            break;
        }
        first++;
    }
    return first;
}

/* Looks among the lines [first, end). */
static void find_marks(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                       size_t first, size_t end, const char *group, enum mail_mark_kind kind)
{
    struct founds founds;
    size_t at = lines->line.at[first].words_at;
    const struct mail_line *last_line = &lines->line.at[end - 1];
    patterns_find_all(patterns, arena, group, lines->words + at,
                      last_line->words_at + last_line->words_len - at, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        struct found *found = &founds.at[i];
        if (found->len == 0) {
            continue;
        }
        found->at += at;
        size_t from = latest_first(arena, patterns, lines, found);
        size_t last = mail_lines_at(lines, found->at + found->len - 1);
        if (same_depth(lines, from, last)) {
            *LIST_ADD(arena, &lines->mark) = (struct mail_mark){.kind = kind,
                                                                .first = from,
                                                                .last = last,
                                                                .pattern = found->pattern,
                                                                .sure = is_sure(found->words)};
        }
    }
}

/* Attributions take up to this many lines, and end in a colon or one of few other characters: only
 * around such lines is it worth looking for them, which most mails have none of. */
enum { ATTRIBUTION_LINES = 5 };

/* So many bytes of such lines are looked at, enough for dozens of attributions: they are the dearest of all
 * patterns, and what comes behind is judged by its "> " alone. */
enum { ATTRIBUTIONS_SEARCHED = 8 * 1024 };

static bool may_end_attribution(const struct mail_lines *lines, size_t i)
{
    const char *s = lines->words + lines->line.at[i].words_at;
    size_t len = lines->line.at[i].words_len;
    if (len < 4) {
        return false;
    }
    bool wide_colon = memcmp(s + len - 3, "\xef\xbc\x9a", 3) == 0;
    bool year_first = s[0] == '2' && s[1] == '0' && s[4] != '\n' && (s[4] == '-' || s[4] == '/');
    return strchr(":->)", s[len - 1]) != NULL || wide_colon || year_first || memmem(s, len, "---", 3) != NULL;
}

static bool has_hint(struct arena *arena, const struct patterns *patterns, const struct mail_lines *lines,
                     size_t first, size_t last)
{
    struct found found;
    const struct mail_line *end = &lines->line.at[last];
    return patterns_find(patterns, arena, "attribution_hint", lines->words, end->words_at + end->words_len,
                         lines->line.at[first].words_at, &found);
}

static size_t bytes_of(const struct mail_lines *lines, size_t first, size_t last)
{
    const struct mail_line *end = &lines->line.at[last];
    return end->words_at + end->words_len - lines->line.at[first].words_at;
}

static void find_attributions(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                              size_t end)
{
    bool quotes = false;
    for (size_t i = 0; i < lines->line.n; i++) {
        quotes |= lines->line.at[i].depth > 0;
    }
    size_t left = ATTRIBUTIONS_SEARCHED;
    for (size_t i = 0; i < end; i++) {
        if (!may_end_attribution(lines, i)) {
            continue;
        }
        size_t first = i < ATTRIBUTION_LINES ? 0 : i + 1 - ATTRIBUTION_LINES, last = i;
        for (size_t k = i + 1; k < end && k <= last + ATTRIBUTION_LINES && bytes_of(lines, first, k) <= left;
             k++) {
            last = may_end_attribution(lines, k) ? k : last;
        }
        size_t bytes = bytes_of(lines, first, last);
        if (bytes > left) {
            break;
        }
        left -= bytes;
        if (has_hint(arena, patterns, lines, first, last)) {
            find_marks(arena, patterns, lines, first, last + 1, "attribution", MARK_ATTRIBUTION);
        }
        if (quotes) {
            find_marks(arena, patterns, lines, first, last + 1, "own_list", MARK_LIST);
            find_marks(arena, patterns, lines, first, last + 1, "attribution_unsure", MARK_UNSURE);
        }
        i = last;
    }
}

/* ---- header blocks ---- */

enum { FROM = 1, SENT = 2, TO = 4, SUBJECT = 8 };

struct header_line {
    size_t line;
    int field; /* one of the four, or 0 */
    const char *value;
};

static struct header_line header_line_of(const struct mail_lines *lines, const struct found *found)
{
    static const struct {
        const char *name;
        int field;
    } fields[] = {{"from", FROM}, {"sent", SENT}, {"to", TO}, {"subject", SUBJECT}};
    struct header_line line = {.line = mail_lines_at(lines, found->at), .value = found_group(found, "value")};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        line.field |= found_group(found, fields[i].name) != NULL ? fields[i].field : 0;
    }
    return line;
}

/* Between two lines of one block: nothing, one blank line, or long values broken over lines. */
static bool goes_on(const struct mail_lines *lines, const struct header_line *a, const struct header_line *b)
{
    if (b->line - a->line > 4 || !same_depth(lines, a->line, b->line)) {
        return false;
    }
    size_t blank = 0;
    for (size_t i = a->line + 1; i < b->line; i++) {
        blank += lines->line.at[i].words_len == 0;
    }
    return blank == 0 || (blank == 1 && b->line - a->line == 2);
}

/* A letterhead ("An: Stadtlabor / Betreff: …") is a citizen's own; a program's block names sender,
 * time and addressee or subject, with an address or a clock time in it. */
static void take_header(struct arena *arena, struct mail_lines *lines, const struct header_line *at, size_t n,
                        const char *pattern)
{
    int fields = 0;
    bool sure = false;
    struct mail_mark mark = {
        .kind = MARK_HEADER, .first = at[0].line, .last = at[n - 1].line, .pattern = pattern};
    for (size_t i = 0; i < n; i++) {
        const char *value = at[i].value == NULL ? "" : at[i].value;
        if (*value == '\0' && at[i].line + 1 < lines->line.n) { /* the value stands in the next line */
            const struct mail_line *next = &lines->line.at[at[i].line + 1];
            value = arena_strndup(arena, lines->words + next->words_at, next->words_len);
        }
        sure |= is_sure(value);
        mark.from = at[i].field == FROM && mark.from == NULL ? value : mark.from;
        mark.subject = at[i].field == SUBJECT && mark.subject == NULL ? value : mark.subject;
        fields |= at[i].field;
    }
    bool dated = (fields & SENT) != 0 && (fields & (TO | SUBJECT)) != 0;
    mark.sure = dated && (sure || (fields & (TO | SUBJECT)) == (TO | SUBJECT));
    if ((fields & FROM) != 0 && (fields & ~FROM) != 0) {
        *LIST_ADD(arena, &lines->mark) = mark;
    }
}

static void find_headers(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                         size_t searched)
{
    struct founds founds;
    patterns_find_all(patterns, arena, "quoted_header", lines->words, searched, &founds);
    struct header_line *all = arena_alloc(arena, (founds.n + 1) * sizeof *all);
    size_t begin = 0;
    for (size_t i = 0; i < founds.n; i++) {
        all[i] = header_line_of(lines, &founds.at[i]);
        if (i > 0 && (!goes_on(lines, &all[i - 1], &all[i]) || i - begin > 20)) {
            take_header(arena, lines, all + begin, i - begin, founds.at[begin].pattern);
            begin = i;
        }
    }
    if (founds.n > begin) {
        take_header(arena, lines, all + begin, founds.n - begin, founds.at[begin].pattern);
    }
}

/* ---- all marks in order ---- */

static int by_place(const void *a, const void *b)
{
    const struct mail_mark *m = a, *n = b;
    if (m->first != n->first) {
        return m->first < n->first ? -1 : 1;
    }
    if (m->kind != n->kind) {
        return (m->kind == MARK_UNSURE) - (n->kind == MARK_UNSURE) ?: (int)n->kind - (int)m->kind;
    }
    return m->last != n->last ? (m->last > n->last ? -1 : 1) : strcmp(m->pattern, n->pattern);
}

static void order_marks(struct mail_lines *lines)
{
    if (lines->mark.n == 0) {
        return;
    }
    struct mail_mark *mark = lines->mark.at;
    qsort(mark, lines->mark.n, sizeof *mark, by_place);
    size_t kept = 1;
    for (size_t i = 1; i < lines->mark.n; i++) {
        if (mark[i].first > mark[kept - 1].last) {
            mark[kept++] = mark[i];
        }
    }
    lines->mark.n = kept;
}

void mail_lines_read(struct arena *arena, const struct patterns *patterns, const char *text, size_t most,
                     struct mail_lines *ret)
{
    *ret = (struct mail_lines){.text = text};
    split(arena, ret);
    size_t searched = strlen(ret->words), end = ret->line.n;
    if (searched > most) { /* whole lines */
        end = mail_lines_at(ret, most);
        searched = ret->line.at[end].words_at;
    }
    if (end == 0) {
        return;
    }
    find_attributions(arena, patterns, ret, end);
    find_marks(arena, patterns, ret, 0, end, "original", MARK_ORIGINAL);
    find_marks(arena, patterns, ret, 0, end, "forward", MARK_FORWARD);
    find_headers(arena, patterns, ret, searched);
    order_marks(ret);
}
