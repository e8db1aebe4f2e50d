/* Below the writer's words: client lines, "-- ", company blocks, disclaimers; and the closing. */
#include "parsers/mail/own_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* What stands behind "-- " in real mails; more than that was written by a person. */
enum { SIGNATURE_LINES_MAX = 15, COMPANY_POINTS = 3 };

/* No pattern, but a rule: as `pattern` of a block. */
static const char signature_delimiter[] = "signature delimiter";

static const char *words_of(const struct mail_lines *lines, size_t i)
{
    return lines->words + lines->line.at[i].words_at;
}

static bool line_is(const struct mail_lines *lines, size_t i, const char *words)
{
    return lines->line.at[i].words_len == strlen(words) &&
           memcmp(words_of(lines, i), words, strlen(words)) == 0;
}

static void mark_lines(struct mail_lines *lines, size_t first, size_t end, enum block_kind kind,
                       const char *pattern)
{
    for (size_t i = first; i < end; i++) {
        if (lines->line.at[i].kind == BLOCK_OWN) {
            lines->line.at[i].kind = kind;
            lines->line.at[i].pattern = pattern;
        }
    }
}

/* Bytes of `words` that the lines take. */
static size_t range(const struct mail_lines *lines, size_t first, size_t end, size_t *ret_len)
{
    size_t at = lines->line.at[first].words_at;
    const struct mail_line *last = &lines->line.at[end - 1];
    size_t len = last->words_at + last->words_len - at;
    *ret_len = utf8_cut(lines->words + at, len < MAIL_LINES_SEARCHED ? len : MAIL_LINES_SEARCHED);
    return at;
}

static void mark_client_lines(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                              size_t first, size_t end)
{
    size_t len, at = range(lines, first, end, &len);
    struct founds founds;
    patterns_find_all(patterns, arena, "client_line", lines->words + at, len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        size_t line = mail_lines_at(lines, at + founds.at[i].at);
        mark_lines(lines, line, line + 1, BLOCK_SIGNATURE, founds.at[i].pattern);
    }
}

static void mark_disclaimers(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                             size_t first, size_t end)
{
    size_t len, at = range(lines, first, end, &len);
    struct founds founds;
    patterns_find_all(patterns, arena, "disclaimer", lines->words + at, len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        size_t line = mail_lines_at(lines, at + founds.at[i].at), stop = line;
        while (stop < end && lines->line.at[stop].words_len > 0) {
            stop++;
        }
        mark_lines(lines, line, stop, BLOCK_DISCLAIMER, founds.at[i].pattern);
    }
}

/* RFC 3676 4.3: "-- "; programs and HTML lose the blank. The first one that no more than
 * SIGNATURE_LINES_MAX lines follow. */
static bool mark_delimited(struct mail_lines *lines, size_t first, size_t end)
{
    size_t delimiter = end, below = 0;
    for (size_t i = end; i-- > first && below <= SIGNATURE_LINES_MAX;) {
        if (line_is(lines, i, "--")) {
            delimiter = i;
        }
        below += lines->line.at[i].words_len > 0;
    }
    mark_lines(lines, delimiter, end, BLOCK_SIGNATURE, signature_delimiter);
    return delimiter < end;
}

/* "______", "------": a line drawn by hand or by a company's mail server. */
static bool is_rule(const struct mail_lines *lines, size_t i)
{
    const char *s = words_of(lines, i);
    size_t len = lines->line.at[i].words_len;
    if (len < 4 || strchr("_-=*~", *s) == NULL) {
        return false;
    }
    return strspn(s, (char[]){*s, '\0'}) >= len;
}

struct company {
    int points;
    size_t first_line; /* of what speaks for it */
    const char *pattern;
};

/* What speaks for a company's signature in the lines: each pattern counts once. */
static struct company judge_company(struct arena *arena, const struct patterns *patterns,
                                    const struct mail_lines *lines, size_t first, size_t end)
{
    struct company company = {.first_line = end};
    if (first >= end) {
        return company;
    }
    size_t len, at = range(lines, first, end, &len);
    struct founds founds;
    struct found personal;
    patterns_find_all(patterns, arena, "company", lines->words + at, len, &founds);
    if (founds.n == 0 || patterns_find(patterns, arena, "personal", lines->words + at, len, 0, &personal)) {
        return company;
    }
    for (size_t i = 0; i < founds.n; i++) {
        bool seen = false;
        for (size_t j = 0; j < i; j++) {
            seen |= str_equal(founds.at[j].pattern, founds.at[i].pattern);
        }
        company.points += seen ? 0 : founds.at[i].weight;
    }
    company.first_line = mail_lines_at(lines, at + founds.at[0].at);
    company.pattern = founds.at[0].pattern;
    return company;
}

/* A whole sentence; lines of a signature are none. */
static bool is_sentence(const struct mail_lines *lines, size_t i)
{
    const char *s = words_of(lines, i);
    size_t len = lines->line.at[i].words_len, blanks = 0;
    for (size_t k = 0; k < len; k++) {
        blanks += s[k] == ' ';
    }
    return len > 0 && blanks >= 3 && strchr(".!?", s[len - 1]) != NULL;
}

static bool is_postscript(const struct mail_lines *lines, size_t i)
{
    const char *s = words_of(lines, i);
    return str_starts_nocase(s, "P.S") || str_starts_nocase(s, "PS:") || str_starts_nocase(s, "PS ") ||
           str_starts_nocase(s, "PPS");
}

/* From `first` on a company's block, if it is one; sentences before it and postscripts stay. */
static bool mark_company(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                         size_t first, size_t end, int points)
{
    for (size_t i = first; i < end; i++) {
        if (is_postscript(lines, i)) {
            end = i;
        }
    }
    struct company company = judge_company(arena, patterns, lines, first, end);
    if (company.points < points) {
        return false;
    }
    for (size_t i = first; i < company.first_line; i++) {
        if (is_sentence(lines, i)) {
            first = i + 1;
        }
    }
    mark_lines(lines, first, end, BLOCK_SIGNATURE, company.pattern);
    return true;
}

/* Without a closing: the last paragraphs, if they are short lines full of company matters. */
static void mark_last_paragraphs(struct arena *arena, const struct patterns *patterns,
                                 struct mail_lines *lines, size_t first, size_t end)
{
    for (int points = 5; end > first; points = COMPANY_POINTS) {
        size_t begin = end;
        bool prose = false;
        while (begin > first && lines->line.at[begin - 1].words_len > 0) {
            begin--;
            prose |= lines->line.at[begin].words_len > 90 || is_sentence(lines, begin);
        }
        if (begin == first || prose || !mark_company(arena, patterns, lines, begin, end, points)) {
            return;
        }
        for (end = begin; end > first && lines->line.at[end - 1].words_len == 0;) {
            end--;
        }
    }
}

/* A name: few words, no digit, no sentence. */
static bool is_name(const struct mail_lines *lines, size_t i, size_t most_words)
{
    const char *s = words_of(lines, i);
    size_t len = lines->line.at[i].words_len, words = 1;
    for (size_t k = 0; k < len; k++) {
        words += s[k] == ' ';
        if ((s[k] >= '0' && s[k] <= '9') || strchr("@:|<>/?!", s[k]) != NULL) {
            return false;
        }
    }
    return len > 0 && len <= 60 && words <= most_words && !is_sentence(lines, i);
}

/* The closing in [first, end) and the name under it: lines [*ret_first, *ret_end). `ret_at`: where in
 * the first of them the closing begins. */
static bool find_closing(struct arena *arena, const struct patterns *patterns, const struct mail_lines *lines,
                         size_t first, size_t end, size_t *ret_first, size_t *ret_end, size_t *ret_at)
{
    if (first >= end) {
        return false;
    }
    size_t len, at = range(lines, first, end, &len);
    struct founds founds;
    patterns_find_all(patterns, arena, "closing", lines->words + at, len, &founds);
    while (founds.n > 0 &&
           lines->line.at[mail_lines_at(lines, at + founds.at[founds.n - 1].at)].kind != BLOCK_OWN) {
        founds.n--;
    }
    if (founds.n == 0) {
        return false;
    }
    const struct found *found = &founds.at[founds.n - 1];
    size_t line = mail_lines_at(lines, at + found->at);
    *ret_first = line;
    *ret_at = at + found->at - lines->line.at[line].words_at;
    size_t behind = at + found->at + found->len, next = line + 1;
    const struct mail_line *own = &lines->line.at[line];
    if (behind >= own->words_at + own->words_len) { /* the name stands below */
        while (next < end && next <= line + 2 && lines->line.at[next].words_len == 0) {
            next++;
        }
        bool name = next < end && lines->line.at[next].kind == BLOCK_OWN && is_name(lines, next, 7);
        next = name ? next + 1 : line + 1;
    }
    *ret_end = next;
    return true;
}

/* Among the lines [first, end), all of them BLOCK_OWN. */
static void mark_signature(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines,
                           size_t first, size_t end)
{
    if (first >= end || lines->line.at[first].words_at >= MAIL_LINES_SEARCHED) {
        return;
    }
    mark_client_lines(arena, patterns, lines, first, end);
    mark_disclaimers(arena, patterns, lines, first, end);
    if (mark_delimited(lines, first, end)) {
        while (end > first && lines->line.at[end - 1].kind != BLOCK_OWN) {
            end--;
        }
    }
    while (end > first &&
           (lines->line.at[end - 1].words_len == 0 || lines->line.at[end - 1].kind != BLOCK_OWN)) {
        end--;
    }
    size_t closing, below, at;
    if (find_closing(arena, patterns, lines, first, end, &closing, &below, &at)) {
        lines->closing = closing;
        mark_company(arena, patterns, lines, below, end, COMPANY_POINTS);
        return;
    }
    below = 0;
    for (size_t i = end; i-- > first + 1 && below <= SIGNATURE_LINES_MAX;) {
        if (is_rule(lines, i)) {
            mark_company(arena, patterns, lines, i, end, COMPANY_POINTS);
            return;
        }
        below += lines->line.at[i].words_len > 0;
    }
    mark_last_paragraphs(arena, patterns, lines, first, end);
}

/* A mail that was written below its "-- ", with nothing else in it. */
static void all_below_delimiter(struct mail_lines *lines)
{
    size_t below = 0;
    for (size_t i = 0; i < lines->line.n; i++) {
        const struct mail_line *line = &lines->line.at[i];
        if (line->words_len == 0) {
            continue;
        }
        if (!str_equal(line->pattern, signature_delimiter)) {
            return;
        }
        below++;
    }
    if (below > 2) { /* "--", and more than a name */
        for (size_t i = 0; i < lines->line.n; i++) {
            lines->line.at[i].kind = BLOCK_OWN;
            lines->line.at[i].pattern = NULL;
        }
    }
}

void own_signatures(struct arena *arena, const struct patterns *patterns, struct mail_lines *lines)
{
    for (size_t i = 0; i < lines->line.n;) { /* every run of own lines has its own signature */
        size_t end = i;
        while (end < lines->line.n && lines->line.at[end].kind == BLOCK_OWN) {
            end++;
        }
        if (end > i) {
            mark_signature(arena, patterns, lines, i, end);
        }
        i = end + (end == i);
    }
    all_below_delimiter(lines);
}

const char *own_closing(struct arena *arena, const struct patterns *patterns, const struct mail_lines *lines)
{
    size_t first, end, at;
    if (!find_closing(arena, patterns, lines, lines->closing, lines->line.n, &first, &end, &at)) {
        return "";
    }
    const char *s = lines->words + lines->line.at[first].words_at + at;
    const struct mail_line *last = &lines->line.at[end - 1];
    return str_trim(arena,
                    arena_strndup(arena, s, (size_t)(lines->words + last->words_at + last->words_len - s)));
}
