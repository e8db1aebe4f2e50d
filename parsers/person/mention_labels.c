/* parsers/person/mention_labels.c: names that stand under, or before, what a form asks for. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { LABEL_VALUE_MAX = 200 };

/* The value of a label ends with its line or cell, before the next label, date or bracket. */
static size_t value_length(const char *s, bool comma_within)
{
    size_t len = strcspn(s, "\n\t|;/()<>=");
    for (size_t i = 0; i < len; i++) {
        bool digit = s[i] >= '0' && s[i] <= '9', cell = s[i] == ' ' && s[i + 1] == ' ' && s[i + 2] != '\0';
        bool stop = (s[i] == ',' && !comma_within) ||
                    (s[i] == '.' && i > 1 && s[i - 2] != ' ' && !(i == 2 && str_starts_nocase(s, "dr.")) &&
                     (s[i + 1] == ' ' || s[i + 1] == '\n'));
        bool label = s[i] == ':' || s[i] == '*';
        const char *next = s + i + 5;
        bool clause = (str_starts(s + i, " und ") && !utf8_is_upper(utf8_next(&next)) &&
                       !(i > 3 && name_und_inside(s, s + i + 1))) ||
                      str_starts(s + i, " wie "); /* "Lüling und ich bin", "Brüne wie sein Papa" */
        bool dash = str_starts(s + i, " – ") || str_starts(s + i, " — ");
        if (digit || cell || stop || label || clause || dash) {
            len = i;
        }
    }
    bool slash = s[len] == '/' && s[len + 1 + strcspn(s + len + 1, ": \n")] == ':'; /* "Petra PLZ/Ort: …" */
    if (s[len] == ':' || slash) { /* "Maren  Name: …" was a cell; "Petra Nachname: Müller" */
        while (len > 0 && s[len - 1] != ' ' && s[len - 1] != ',') {
            len--;
        }
    }
    return len > LABEL_VALUE_MAX ? LABEL_VALUE_MAX : len;
}

static bool only_no_names(struct search *s, const char *value)
{
    size_t words = 0, none = 0;
    while (*value != '\0') {
        size_t len = strcspn(value, " ,_.");
        if (len > 0) {
            words++;
            none += patterns_word(s->patterns, "no_names",
                                  utf8_fold(s->arena, arena_strndup(s->arena, value, len)));
        }
        value += len + (value[len] != '\0');
    }
    return words == none;
}

/* Where the value begins behind a label. */
static size_t value_at(const struct search *s, const struct found *f)
{
    size_t at = f->at + f->len;
    return at + strspn(s->text + at, " _.*\"");
}

/* "Name: Tabea Ruiz Ortmann (first name Tabea)": begins with what stands behind a label of first names. */
static bool is_whole_name(const struct search *s, const struct founds *founds, size_t at)
{
    size_t len = mention_word_length(s->text + at);
    for (size_t i = 0; i < founds->n && len > 0; i++) {
        size_t other = value_at(s, &founds->at[i]);
        if (str_equal(founds->at[i].pattern, "label.first") && other != at &&
            mention_word_length(s->text + other) == len && strncmp(s->text + other, s->text + at, len) == 0) {
            return true;
        }
    }
    return false;
}

static void find_labels(struct search *s)
{
    static const struct {
        const char *name;
        enum name_order order;
    } orders[] = {{"label.first", NAME_ORDER_FIRST},
                  {"label.last", NAME_ORDER_LAST},
                  {"label.first_last", NAME_ORDER_FIRST_LAST},
                  {"label.last_first", NAME_ORDER_LAST_FIRST}};
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "label", s->text, s->len, &founds);
    bool first_apart = false; /* beside "Vorname:", "Name:" is the surname */
    for (size_t i = 0; i < founds.n; i++) {
        first_apart |= str_equal(founds.at[i].pattern, "label.first");
    }
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        size_t at = value_at(s, f);
        bool surname = first_apart && str_equal(f->pattern, "label.name") && !is_whole_name(s, &founds, at);
        enum name_order order = surname ? NAME_ORDER_LAST : NAME_ORDER_ANY;
        for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
            order = str_equal(orders[k].name, f->pattern) ? orders[k].order : order;
        }
        size_t len = value_length(s->text + at, order != NAME_ORDER_FIRST && order != NAME_ORDER_LAST);
        while (len > 0 && strchr(" _.,-", s->text[at + len - 1]) != NULL) {
            len--;
        }
        const char *value = arena_strndup(s->arena, s->text + at, len);
        struct name name;
        if (len == 0 || only_no_names(s, value) || mention_joined_names(s, at, len, NAME_LABEL, f)) {
            continue;
        }
        if (!name_parse(s->arena, s->patterns, value, order, &name) &&
            !mention_name_at(s->arena, s->patterns, s->text, at,
                             order == NAME_ORDER_ANY ? order : NAME_ORDER_ANY, &name, &at, &len)) {
            continue;
        }
        struct mention *m = mention_add(s, MENTION_NAME, at, len, f->pattern, f->where);
        m->name = name;
        m->source = NAME_LABEL;
    }
}

/* "Eltern: Tatjana Brüning (geb. 3.4.1985) und Marco Kern": whoever is named under that label. */
void mentions_of_others(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "label", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        size_t at = founds.at[i].at + founds.at[i].len, end = at + strcspn(s->text + at, "\n;|");
        end = i + 1 < founds.n && founds.at[i + 1].at > at && founds.at[i + 1].at < end ? founds.at[i + 1].at
                                                                                        : end;
        for (size_t k = 0; k < s->ret->mention.n && str_equal(founds.at[i].pattern, "label.somebody_else");
             k++) {
            struct mention *m = &s->ret->mention.at[k];
            m->somebody_else |= m->kind == MENTION_NAME && m->at >= founds.at[i].at && m->at < end;
        }
    }
}

/* A surname right before the label of its first name: "Name: Müller; Vorname: Jan". */
static void join_halves(struct search *s)
{
    enum { LABEL_BETWEEN = 40 };
    for (size_t i = 0; i + 1 < s->ret->mention.n; i++) {
        struct mention *m = &s->ret->mention.at[i];
        const struct mention *next = m + 1;
        bool halves = m->name.first == NULL && next->name.last == NULL && next->at >= m->at + m->len &&
                      next->at - m->at - m->len <= LABEL_BETWEEN;
        m->given = halves ? next->name.first : NULL;
    }
}

/* "Lucía mit Vorname, Ferrer Montes mit Nachname", "(Tran = Nachname)": the label stands behind. */
static void find_labels_behind(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "label_behind", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        bool first = found_group(f, "first") != NULL;
        const char *value = found_group(f, first ? "first" : "last");
        struct name name;
        if (!name_parse(s->arena, s->patterns, value, NAME_ORDER_ANY, &name) ||
            !name_parse(s->arena, s->patterns, value, first ? NAME_ORDER_FIRST : NAME_ORDER_LAST, &name)) {
            continue;
        }
        struct mention *m = mention_add(s, MENTION_NAME, f->at, strlen(value), f->pattern, f->where);
        m->name = name;
        m->source = NAME_LABEL;
    }
}

void mentions_on_labels(struct search *s)
{
    find_labels(s);
    join_halves(s);
    find_labels_behind(s);
}
