/* parsers/mention_lines.c: names told by their place: left of a date, alone on a line, in a sentence. */
#include "parsers/mention_parts.h"

#include "base/text.h"

#include <string.h>

/* "Lotta und Bosse Kloster", "Wolfgang & Renate Tillmann": two people with one surname. */
bool mention_two_names(struct search *s, size_t at, size_t len, enum name_source source,
                       const struct found *f)
{
    const char *words = arena_strndup(s->arena, s->text + at, len);
    const char *und = strstr(words, " und "), *sign = strstr(words, " & ");
    const char *joint = und != NULL ? und : sign;
    size_t joint_len = und != NULL ? 5 : 3;
    struct name a, b;
    if (joint == NULL ||
        !name_parse(s->arena, s->patterns, arena_strndup(s->arena, words, (size_t)(joint - words)),
                    NAME_ORDER_ANY, &a) ||
        !name_parse(s->arena, s->patterns, joint + joint_len, NAME_ORDER_ANY, &b) || !a.given_known ||
        !b.given_known) {
        return false;
    }
    if (a.last == NULL) {
        a.last = b.last;
    }
    struct mention *m = mention_add(s, MENTION_NAME, at, (size_t)(joint - words), f->pattern, f->where);
    m->name = a;
    m->source = source;
    m = mention_add(s, MENTION_NAME, at + (size_t)(joint - words) + joint_len, strlen(joint + joint_len),
                    f->pattern, f->where);
    m->name = b;
    m->source = source;
    return true;
}

/* The words left of `at` on its line that can be a name; commas and cells may part two of them. */
static bool name_left_of(struct search *s, size_t at, struct name *ret, size_t *ret_at, size_t *ret_len)
{
    struct found lead;
    size_t line = at;
    while (line > 0 && s->text[line - 1] != '\n') {
        line--;
    }
    size_t near = at - line > MENTION_LEAD_MAX ? at - MENTION_LEAD_MAX : line;
    near += mention_cut_front(s->text + near);
    const char *before = arena_strndup(s->arena, s->text + near, at - near);
    if (patterns_find(s->patterns, s->arena, "lead.birth", before, at - near, 0, &lead)) {
        at = near + lead.at;
    }
    size_t begin = at, words = 0, cells = 0, given_at = SIZE_MAX, whole_at = SIZE_MAX;
    bool upper = true, closed = false, bracket = at > line && s->text[at - 1] == ')';
    if (bracket) { /* "Claudia Wischnewski (ich)", "Ursula Wiemann (geb. Köster)" */
        size_t open = at - 1;
        while (open > line && s->text[open] != '(') {
            open--;
        }
        at = begin = open;
        while (begin > line && s->text[begin - 1] == ' ') {
            at = --begin;
        }
    }
    while (begin > line && words < NAME_TOKENS) {
        size_t from = begin;
        while (from > line && s->text[from - 1] == ' ') {
            from--;
        }
        if (from > line && mention_parts_names(s->text[from - 1])) {
            bool may_join =
                words > 0 && cells == 0 && words <= 2 && strchr(",\t|;/", s->text[from - 1]) != NULL;
            whole_at = begin;
            if (!may_join) {
                closed = true;
                break;
            }
            cells++;
            from--;
            while (from > line && s->text[from - 1] == ' ') {
                from--;
            }
        }
        size_t start = from;
        while (start > line && s->text[start - 1] != ' ' && !mention_parts_names(s->text[start - 1])) {
            start--;
        }
        const char *w = arena_strndup(s->arena, s->text + start, from - start);
        bool sentence_ends =
            from - start > 2 && s->text[from - 1] == '.' && words > 0; /* "Repair-Café. Martin" */
        if (sentence_ends) {
            closed = true;
            break;
        }
        bool particle = words > 0 && name_particle(w);
        bool honor = words > 0 && mention_honorific(s->arena, w);
        if (start == from || (!particle && !honor && !name_word(s->arena, s->patterns, w))) {
            if (whole_at == SIZE_MAX && cells == 0) {
                break;
            }
            closed = whole_at != SIZE_MAX && whole_at > start;
            begin = whole_at != SIZE_MAX ? whole_at : begin;
            break;
        }
        if (words == 0) {
            upper = mention_starts_upper(w);
        } else if (upper && !particle && !mention_starts_upper(w) && !honor) {
            break;
        }
        begin = start;
        words++;
        if (name_given(s->arena, s->patterns, w)) {
            given_at = start;
        }
    }
    if (words == 0) {
        return false;
    }
    size_t bullet = strspn(s->text + line, " \t*•·-.0123456789)>");
    closed = closed || begin <= line + bullet;
    if (!closed && given_at == SIZE_MAX) {
        return false; /* "der Kurs Gartenarbeit 3.5.": no border, no given name */
    }
    if (!closed) {
        begin = given_at;
    }
    if (!upper && given_at != SIZE_MAX) {
        begin = given_at;
    }
    const char *value = arena_strndup(s->arena, s->text + begin, at - begin);
    char *cell = arena_strdup(s->arena, value);
    for (char *c = cell; *c != '\0'; c++) {
        if (strchr("\t|;/", *c) != NULL) {
            *c = ',';
        }
    }
    if (!name_parse(s->arena, s->patterns, cell, NAME_ORDER_ANY, ret)) {
        return false;
    }
    if (strchr(cell, ',') != NULL && cells > 0) { /* two cells: which is the first name? */
        char *comma = strchr(cell, ',');
        const char *left = str_trim(s->arena, arena_strndup(s->arena, cell, (size_t)(comma - cell)));
        const char *right = str_trim(s->arena, comma + 1);
        bool left_given = name_given(s->arena, s->patterns, left),
             right_given = name_given(s->arena, s->patterns, right);
        if (left_given && !right_given && strchr(value, ',') == NULL) {
            name_parse(s->arena, s->patterns, cell, NAME_ORDER_FIRST_LAST, ret);
        }
    }
    *ret_at = begin;
    *ret_len = at - begin;
    while (*ret_len > 0 && strchr(" ,(", s->text[begin + *ret_len - 1]) != NULL) {
        --*ret_len;
    }
    return true;
}

void mention_name_left(struct search *s, size_t at, enum name_source source)
{
    struct name name;
    size_t name_at, len;
    if (!name_left_of(s, at, &name, &name_at, &len)) {
        return;
    }
    if (source == NAME_BESIDE_ADDRESS && (name.words < 2 || !name.given_known) && !name.honorific) {
        return;
    }
    if (name.words == 1 && !name.given_known && !name.honorific && name.first == NULL) {
        return;
    }
    struct mention *m = mention_add(
        s, MENTION_NAME, name_at, len,
        source == NAME_BESIDE_BIRTH ? "name beside a birth date" : "name beside an address", "mention.c");
    m->name = name;
    m->source = source;
}

/* A birth date or address begins on the line after `end`. */
static bool fact_follows(const struct search *s, size_t end)
{
    size_t next = end + strspn(s->text + end, "\n ");
    size_t stop = next + strcspn(s->text + next, "\n");
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        if ((m->kind == MENTION_BIRTH || m->kind == MENTION_ADDRESS) && m->at >= next && m->at <= stop) {
            return true;
        }
    }
    return false;
}

/* Names that no list knows, told by what stands on the next line; and "Hanebeck", "Ute" on two lines. */
static void line_by_neighbours(struct search *s, size_t at, size_t len)
{
    struct name name;
    const char *line = arena_strndup(s->arena, s->text + at, len);
    size_t next = at + len + 1, next_len = at + len < s->len ? strcspn(s->text + next, "\n") : 0;
    if (!name_parse(s->arena, s->patterns, line, NAME_ORDER_ANY, &name)) {
        return;
    }
    size_t whole = len;
    if (name.words == 1 && next_len > 1) {
        whole = len + 1 + next_len;
        line = arena_strndup(s->arena, s->text + at, whole);
        if (strpbrk(line, ":;|/?!@=<>0123456789,") != NULL ||
            !name_parse(s->arena, s->patterns, line, NAME_ORDER_ANY, &name) || name.words != 2 ||
            !name.given_known) {
            return;
        }
    } else if (name.words < 2 || name.words > 4) {
        return;
    }
    if (fact_follows(s, at + whole) && mention_starts_upper(s->text + at)) {
        struct mention *m =
            mention_add(s, MENTION_NAME, at, whole, "name above a date or address", "mention.c");
        m->name = name;
        m->source = NAME_ON_LINE;
    }
}

/* A name with a line to itself: "Petra Müller", "Wenzel, Claudia". */
void mentions_on_lines(struct search *s, size_t closing_at)
{
    for (size_t at = 0; at < s->len && at < closing_at;) {
        size_t len = strcspn(s->text + at, "\n"), bullet = strspn(s->text + at, " \t*•·-.0123456789)>");
        struct name name;
        bool fits = len > bullet && len - bullet >= 3 && len - bullet <= 60;
        if (fits) {
            const char *line = arena_strndup(s->arena, s->text + at + bullet, len - bullet);
            bool marks = strpbrk(line, ":;|/?!@=<>0123456789") != NULL ||
                         (strchr(line, ',') != NULL && strchr(line, ',')[1] == '\0');
            struct found f = {.pattern = "name on a line", .where = "mention.c"};
            if (!marks && name_parse(s->arena, s->patterns, line, NAME_ORDER_ANY, &name) &&
                name.given_known && name.words >= 2 && !name.family) {
                struct mention *m =
                    mention_add(s, MENTION_NAME, at + bullet, len - bullet, f.pattern, f.where);
                m->name = name;
                m->source = NAME_ON_LINE;
            } else if (!marks && !mention_two_names(s, at + bullet, len - bullet, NAME_ON_LINE, &f)) {
                line_by_neighbours(s, at + bullet, len - bullet);
            }
        }
        at += len + 1;
    }
}

/* Names in a sentence, told by the given name alone: "Rosemarie Kötter, bin eine 52erin". person.c takes
 * them only for people it knows of otherwise. */
void mentions_in_passing(struct search *s)
{
    for (size_t at = 0; at < s->len;) {
        size_t blank = strspn(s->text + at, " \t\n,;:|/()!?*<>=\"_.-");
        at += blank;
        size_t len = mention_word_length(s->text + at), name_at, name_len;
        struct name name;
        if (len == 0) {
            at += s->text[at] != '\0';
            while (((unsigned char)s->text[at] & 0xc0) == 0x80) {
                at++;
            }
            continue;
        }
        const char *word = arena_strndup(s->arena, s->text + at, len);
        if (mention_starts_upper(word) && name_given(s->arena, s->patterns, word) &&
            mention_name_at(s->arena, s->patterns, s->text, at, NAME_ORDER_ANY, &name, &name_at, &name_len) &&
            name.words >= 2 && name.first != NULL && name.last != NULL) {
            struct mention *m =
                mention_add(s, MENTION_NAME, name_at, name_len, "name in a sentence", "mention.c");
            m->name = name;
            m->source = NAME_IN_PASSING;
            len = name_len;
        }
        at += len;
    }
}
