/* parsers/person/mention_left_words.c: what the words left of a date or address tell of a name among them. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"

#include <string.h>

size_t mention_without_blanks(const struct search *s, size_t line, size_t at)
{
    while (at > line && s->text[at - 1] == ' ') {
        at--;
    }
    return at;
}

/* The word that ends before the blanks left of `*at`, which moves to where it begins; NULL: none. */
static const char *word_before(struct search *s, size_t line, size_t *at)
{
    size_t end = mention_without_blanks(s, line, *at), from = end;
    while (from > line && s->text[from - 1] != ' ' && !mention_parts_names(s->text[from - 1])) {
        from--;
    }
    *at = from;
    return from == end ? NULL : arena_strndup(s->arena, s->text + from, end - from);
}

/* The same where nothing but a blank stands between. */
static const char *word_left(struct search *s, size_t line, size_t *at)
{
    return *at > line && s->text[*at - 1] == ' ' ? word_before(s, line, at) : NULL;
}

bool mention_behind_given(struct search *s, size_t line, size_t start, const char *word)
{
    size_t at = start, behind = start + strlen(word);
    const char *left = word_left(s, line, &at);
    while (left != NULL && name_particle(left)) {
        left = word_left(s, line, &at);
    }
    if (left == NULL) {
        return false;
    }
    bool fact = (s->text[behind] != '\0' && strchr(",\n;|\t", s->text[behind]) != NULL) ||
                str_starts(s->text + behind, " (");
    return fact && mention_starts_upper(word)
               ? name_has_form(word) && name_given(s->arena, s->patterns, left)
               : mention_starts_upper(left) && name_behind_given(s->arena, s->patterns, left, word);
}

bool mention_small_name(struct search *s, size_t line, size_t start)
{
    size_t cell = mention_without_blanks(s, line, start);
    bool next_cell = cell > line && strchr("\t|;", s->text[cell - 1]) != NULL; /* "maren | vogt | 4.3.1964" */
    start = next_cell ? cell - 1 : start;
    const char *w = next_cell ? word_before(s, line, &start) : word_left(s, line, &start);
    while (w != NULL && (name_particle(w) || name_noble(s->arena, w))) {
        w = word_left(s, line, &start);
    }
    return w != NULL && !mention_starts_upper(w) && name_given(s->arena, s->patterns, w);
}

/* A table's first line tells the order: "Vorname;Nachname;…". */
enum name_order mention_header_order(const struct search *s)
{
    const char *first = strcasestr(s->text, "vorname");
    if (first == NULL) {
        first = strcasestr(s->text, "first name");
    }
    if (first == NULL) {
        return NAME_ORDER_ANY;
    }
    const char *line = first, *end = first + strcspn(first, "\n");
    while (line > s->text && line[-1] != '\n') {
        line--;
    }
    const char *other = strcasestr(line, "name");
    if (other != NULL && other < first) {
        return NAME_ORDER_LAST_FIRST;
    }
    other = strcasestr(first + strlen("first name") - 1, "name");
    return other != NULL && other < end ? NAME_ORDER_FIRST_LAST : NAME_ORDER_ANY;
}
