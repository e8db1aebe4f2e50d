/* parsers/person/mention_lines.c: names told by their place: alone on a line. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"

#include <string.h>

enum { JOINED_MAX = 8 };

/* Parts of a row of names: "Anna, Ben und Carla Müller". */
struct row {
    size_t at[JOINED_MAX], len[JOINED_MAX];
    struct name name[JOINED_MAX];
    size_t n;
};

/* How long the joint at `s` is; 0: none. A comma joins only where `commas`. */
static size_t joint_length(const char *text, const char *s, bool commas)
{
    static const char *const joints[] = {" und ", " & ", " sowie "};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        if (str_starts(s, joints[i]) && !name_und_inside(text, s + 1)) {
            return strlen(joints[i]);
        }
    }
    return commas && str_starts(s, ", ") ? 2 : 0;
}

/* False when a part is no name, or nothing is joined. */
static bool read_row(struct search *s, const char *words, bool commas, struct row *ret)
{
    *ret = (struct row){0};
    for (size_t from = 0, at = 0;; at++) {
        size_t joint = words[at] == '\0' ? 1 : joint_length(words, words + at, commas);
        if (joint == 0) {
            continue;
        }
        if (ret->n == JOINED_MAX ||
            !name_parse(s->arena, s->patterns, arena_strndup(s->arena, words + from, at - from),
                        NAME_ORDER_ANY, &ret->name[ret->n])) {
            return false;
        }
        ret->at[ret->n] = from;
        ret->len[ret->n++] = at - from;
        if (words[at] == '\0') {
            return ret->n > 1;
        }
        from = at + joint;
        at = from - 1;
    }
}

/* "Maria Luise und Karl Otto Freitag": where the last has two given names, so has the other. */
static void join_given(struct search *s, const char *words, struct name *name, const struct name *last)
{
    bool two = name->words == 2 && last->words > 2 && last->first != NULL &&
               strchr(last->first, ' ') != NULL && name->last != NULL &&
               name_given(s->arena, s->patterns, name->last);
    if (two) {
        name_parse(s->arena, s->patterns, words, NAME_ORDER_FIRST, name);
    }
}

/* Each has a given name that is known; on a form one known among them tells. */
static bool are_names(const struct row *row, bool form)
{
    size_t known = 0, whole = 0;
    for (size_t i = 0; i < row->n; i++) {
        known += row->name[i].given_known;
        whole += row->name[i].words > 1;
    }
    return known == row->n || (form && known > 0 && whole == row->n);
}

/* "Lotta und Bosse Kloster", "Anna, Ben und Carla Müller": several people, with one surname or each with
 * theirs. */
bool mention_joined_names(struct search *s, size_t at, size_t len, enum name_source source,
                          const struct found *f)
{
    const char *words = arena_strndup(s->arena, s->text + at, len), *comma = strchr(words, ',');
    const char *before = comma == NULL ? NULL : arena_strndup(s->arena, words, (size_t)(comma - words));
    bool commas =
        before != NULL && (strchr(before, ' ') != NULL || name_given(s->arena, s->patterns, before));
    struct row row;
    if (!read_row(s, words, commas, &row) || !are_names(&row, source == NAME_LABEL) ||
        (commas && row.name[row.n - 1].last == NULL) || /* "Christian, Mathilde und Raphael" */
        (commas && joint_length(words, words + row.at[row.n - 1] - 2, true) == 2)) {
        return false;
    }
    const struct name *last = &row.name[row.n - 1];
    for (size_t i = 0; i < row.n; i++) {
        join_given(s, arena_strndup(s->arena, words + row.at[i], row.len[i]), &row.name[i], last);
        if (row.name[i].last == NULL) {
            row.name[i].last = last->last;
        }
        struct mention *m = mention_add(s, MENTION_NAME, at + row.at[i], row.len[i], f->pattern, f->where);
        m->name = row.name[i];
        m->source = source;
        mention_sentence(s, at, &m->sentence_at, &m->sentence_end);
    }
    return true;
}

/* A first name alone, or two of which the second was taken for a surname. */
static bool takes_surname(struct search *s, const struct mention *m)
{
    return m->kind == MENTION_NAME && m->source == NAME_BESIDE_BIRTH && m->name.first != NULL &&
           (m->name.last == NULL || (m->name.words == 2 && name_given(s->arena, s->patterns, m->name.last)));
}

/* "Petra (3.10.1980) und Sven (22.3.1966) Frieling, …": the surname behind the last bracket, for the date
 * that ends at `end` and the names before it in the row. */
void mention_surname_behind(struct search *s, size_t end)
{
    struct name name;
    struct found town;
    size_t at = end + 2, i = s->ret->mention.n - 1;
    if (!str_starts(s->text + end, ") ") || !takes_surname(s, &s->ret->mention.at[i])) {
        return;
    }
    const char *words = arena_strndup(s->arena, s->text + at, strcspn(s->text + at, ",.;\n()0123456789"));
    const char *from = strstr(words, " aus "); /* "Wegmann aus der Stefanstraße 10" */
    words = from == NULL ? words : arena_strndup(s->arena, words, (size_t)(from - words));
    const char *whole = arena_printf(s->arena, "%s %s", s->ret->mention.at[i].name.first, words);
    if (strchr("0123456789(", s->text[at + strlen(words)]) != NULL ||
        !(mention_starts_upper(words) ||
          name_particle(arena_strndup(s->arena, words, strcspn(words, " ")))) ||
        !name_parse(s->arena, s->patterns, whole, NAME_ORDER_ANY, &name) ||
        patterns_find(s->patterns, s->arena, "place.town", words, strlen(words), 0, &town)) {
        return;
    }
    name_parse(s->arena, s->patterns, words, NAME_ORDER_LAST, &name);
    for (;; i -= 2) { /* each name stands behind its date in the list */
        struct mention *m = &s->ret->mention.at[i];
        name_parse(s->arena, s->patterns, arena_strndup(s->arena, s->text + m->at, m->len), NAME_ORDER_FIRST,
                   &m->name);
        m->name.last = name.last;
        const struct mention *date = i < 3 ? NULL : &s->ret->mention.at[i - 3];
        if (date == NULL || date->kind != MENTION_BIRTH || !takes_surname(s, &s->ret->mention.at[i - 2]) ||
            !mention_only_joins(s->text, date->at + date->len, m->at)) {
            return;
        }
    }
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
    if (name.words == 1 && !name.honorific && next_len > 1) {
        whole = len + 1 + next_len;
        line = arena_strndup(s->arena, s->text + at, whole);
        if (strpbrk(line, ":;|/?!@=<>0123456789,") != NULL ||
            !name_parse(s->arena, s->patterns, line, NAME_ORDER_ANY, &name) || name.words != 2 ||
            !name.given_known) {
            return;
        }
    } else if ((name.words < 2 && !name.honorific) || name.words > 4 || name.family) { /* "Herr Kruse" */
        return;
    }
    if (fact_follows(s, at + whole) && mention_starts_upper(s->text + at)) {
        struct mention *m =
            mention_add(s, MENTION_NAME, at, whole, "name above a date or address", "mention.c");
        m->name = name;
        m->source = NAME_ON_LINE;
    }
}

static bool is_sender(struct search *s, const struct name *name)
{
    return s->sender != NULL && name_same(s->arena, s->sender, name);
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
                (name.given_known || is_sender(s, &name)) && name.words >= 2 && !name.family) {
                struct mention *m =
                    mention_add(s, MENTION_NAME, at + bullet, len - bullet, f.pattern, f.where);
                m->name = name;
                m->source = NAME_ON_LINE;
            } else if (!marks && !mention_joined_names(s, at + bullet, len - bullet, NAME_ON_LINE, &f)) {
                line_by_neighbours(s, at + bullet, len - bullet);
            }
        }
        at += len + 1;
    }
}
