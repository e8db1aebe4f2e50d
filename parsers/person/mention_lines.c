/* parsers/person/mention_lines.c: names told by their place: alone on a line. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"

#include <string.h>

/* "Lotta und Bosse Kloster", "Wolfgang & Renate Tillmann": two people with one surname. */
bool mention_two_names(struct search *s, size_t at, size_t len, enum name_source source,
                       const struct found *f)
{
    const char *words = arena_strndup(s->arena, s->text + at, len);
    const char *und = strstr(words, " und "), *sign = strstr(words, " & ");
    while (und != NULL && name_und_inside(words, und + 1)) {
        und = strstr(und + 1, " und ");
    }
    const char *joint = und != NULL ? und : sign;
    size_t joint_len = und != NULL ? 5 : 3;
    struct name a, b;
    const char *comma = strchr(words, ',');
    bool firsts = comma != NULL &&
                  name_given(s->arena, s->patterns, arena_strndup(s->arena, words, (size_t)(comma - words)));
    if (joint == NULL || firsts || /* "Christian, Mathilde und Raphael" */
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
    mention_sentence(s->text, s->len, at, &m->sentence_at, &m->sentence_end);
    struct mention *n = mention_add(s, MENTION_NAME, at + (size_t)(joint - words) + joint_len,
                                    strlen(joint + joint_len), f->pattern, f->where);
    n->name = b;
    n->source = source;
    mention_sentence(s->text, s->len, at, &n->sentence_at, &n->sentence_end);
    return true;
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
        size_t len = strcspn(s->text + at, "\n"), bullet = mention_bullet_length(s->text + at);
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
