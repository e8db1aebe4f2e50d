/* parsers/person/person_between.c: what stands between two mentions, or around one. */
#include "parsers/person/person_parts.h"

#include "base/text.h"

#include <string.h>

bool person_same_line(const struct walk *w, size_t a, size_t b)
{
    return b >= a && memchr(w->text + a, '\n', b - a) == NULL;
}

/* The bullet of a row: "- ", "2. ", "b) ". */
static size_t bullet(const char *s)
{
    size_t len = strspn(s, " \t*-0123456789.)");
    bool lettered = len == 0 && s[0] >= 'a' && s[0] <= 'h' && s[1] == ')';
    return lettered ? 2 + strspn(s + 2, " ") : len;
}

/* "A (3.5.2014), B (8.9.2015), C und D": nothing but marks and "und" stands between. */
bool person_only_joins(const char *text, size_t from, size_t to)
{
    static const char *const joints[] = {"und ", "sowie ", "and ", "plus "};
    while (from < to) {
        bool row = text[from] == '\n' && text[from + 1] != '\n';
        size_t len = row ? 1 + bullet(text + from + 1) : strchr(" ,;()&", text[from]) != NULL;
        for (size_t i = 0; i < sizeof joints / sizeof *joints && len == 0; i++) {
            len = str_starts(text + from, joints[i]) ? strlen(joints[i]) : 0;
        }
        if (len == 0) {
            return false;
        }
        from += len;
    }
    return true;
}

/* "A und B", "A, B": the name comes right behind that of the one before. */
bool person_joins_last(const struct walk *w, int before, const struct mention *m)
{
    if (before == NOBODY || m->at < w->name_end || w->name_end == 0) {
        return false;
    }
    size_t gap = m->at - w->name_end;
    const char *between = w->text + w->name_end;
    return (gap == 5 && str_starts(between, " und ")) || (gap == 3 && str_starts(between, " & ")) ||
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
    size_t open = at, close = at + strcspn(w->text + at, "()\n");
    while (open > 0 && strchr("()\n", w->text[open - 1]) == NULL) {
        open--;
    }
    return open > 0 && w->text[open - 1] == '(' && w->text[close] == ')' ? close : SIZE_MAX;
}

bool person_next_line(const struct walk *w, const struct mention *m)
{
    size_t end = w->name_end;
    return m->source == NAME_ON_LINE && end > 0 && end < m->at && w->text[end] == '\n' &&
           w->text[end + 1] != '\n' && end + 1 + bullet(w->text + end + 1) == m->at;
}
