/* parsers/person/person_between.c: what stands between two mentions, or around one. */
#include "parsers/person/person_parts.h"

#include "base/text.h"

#include <string.h>

enum { BRACKET_MAX = 400 }; /* bytes before, and behind */

bool person_same_line(const struct walk *w, size_t a, size_t b)
{
    return b >= a && memchr(w->text + a, '\n', b - a) == NULL;
}

/* "A und B", "A, B": the name comes right behind that of the one before. */
bool person_joins_last(const struct walk *w, int before, const struct mention *m)
{
    if (before == NOBODY || m->at < w->name_end || w->name_end == 0) {
        return false;
    }
    size_t age = mention_age_length(w->text + w->name_end), from = w->name_end + age;
    size_t gap = m->at < from ? 0 : m->at - from;
    const char *between = w->text + from;
    return (gap == 5 && str_starts(between, " und ")) ||
           (gap == 3 && (str_starts(between, " & ") || str_starts(between, " + "))) ||
           (gap == 2 && str_starts(between, ", "));
}

/* Begins the last line, or one of the last, and no row of data stands above: who writes, not who comes. */
bool person_below_text(const struct walk *w, size_t at)
{
    size_t lines = 0, line = at;
    for (const char *c = w->text + at; *c != '\0'; c++) {
        lines += *c == '\n' && c[1] != '\0';
    }
    if (at == 0 || w->text[at - 1] != '\n' || lines > 1) {
        return false;
    }
    bool digit = false;
    for (line = at - 1; line > 0 && w->text[line - 1] != '\n'; line--) {
        digit = digit || (w->text[line - 1] >= '0' && w->text[line - 1] <= '9');
    }
    return !digit || at - line > ROW_MAX;
}

size_t person_bracket_end(const struct walk *w, size_t at)
{
    size_t open = at, close = at;
    while (open > 0 && at - open < BRACKET_MAX && strchr("()\n", w->text[open - 1]) == NULL) {
        open--;
    }
    while (w->text[close] != '\0' && close - at < BRACKET_MAX && strchr("()\n", w->text[close]) == NULL) {
        close++;
    }
    return open > 0 && w->text[open - 1] == '(' && w->text[close] == ')' ? close : SIZE_MAX;
}

bool person_next_line(const struct walk *w, const struct mention *m)
{
    size_t end = w->name_end;
    return m->source == NAME_ON_LINE && end > 0 && end < m->at && w->text[end] == '\n' &&
           w->text[end + 1] != '\n' && end + 1 + mention_row_bullet(w->text + end + 1) == m->at;
}

/* "wohnt nicht bei mir (ich: Ulmenweg 2), sondern …": behind the bracket it is about the other again. */
void person_begin_bracket(struct walk *w, const struct mention *m)
{
    size_t end = person_bracket_end(w, m->at);
    if (end != SIZE_MAX && w->current != NOBODY && !w->all.at[w->current].writer) {
        w->before_bracket = w->current;
        w->bracket_end = end;
    }
}

void person_leave_bracket(struct walk *w, const struct mention *m)
{
    if (w->before_bracket != NOBODY && m->at > w->bracket_end) {
        w->current = w->current == w->writer ? w->before_bracket : w->current;
        w->before_bracket = NOBODY;
    }
}
