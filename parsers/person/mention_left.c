/* parsers/person/mention_left.c: names told by their place: left of a date or an address. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { CODE_DIGITS = 5, NAMES_BACK = 8 }; /* mentions looked back at */

/* Reading words leftwards from a date or address. */
struct left {
    size_t line, begin, end; /* of the line; of the words so far */
    size_t words, core;      /* core: without "von", "der" */
    size_t cells;            /* separators passed between words */
    size_t given_at;         /* the leftmost known given name; SIZE_MAX: none */
    size_t border_at;        /* where the last cell begins; SIZE_MAX: no border met */
    bool upper, closed;      /* written with capitals; a border was met */
};

/* Jürgen "Charly" Brandt, Jupp (Josef) Grewenig */
static size_t without_nickname(const struct search *s, size_t line, size_t at, bool behind_words)
{
    enum { NICKNAME_MAX = 20 };
    if (at == line || strchr(behind_words ? "\")" : "\"", s->text[at - 1]) == NULL) {
        return at;
    }
    char mark = s->text[at - 1] == ')' ? '(' : '"';
    size_t open = at - 1;
    while (open > line && at - open < NICKNAME_MAX && s->text[open - 1] != mark) {
        open--;
    }
    bool given = mark == '"' ||
                 (open < at &&
                  name_given(s->arena, s->patterns, arena_strndup(s->arena, s->text + open, at - 1 - open)));
    return given && open > line && s->text[open - 1] == mark ? mention_without_blanks(s, line, open - 1) : at;
}

/* Passes over ", geb. am ", " (", " *", and a bracket: "Claudia Wischnewski (ich)". */
static void left_begin(struct search *s, size_t at, struct left *l)
{
    struct found lead;
    size_t line = str_line_begin(s->text, at);
    *l = (struct left){.line = line, .given_at = SIZE_MAX, .border_at = SIZE_MAX, .upper = true};
    size_t near = utf8_before(s->text, at, at - line < MENTION_LEAD_MAX ? at - line : MENTION_LEAD_MAX);
    const char *before = arena_strndup(s->arena, s->text + near, at - near);
    if (patterns_find(s->patterns, s->arena, "lead.birth", before, at - near, 0, &lead)) {
        bool own = strcasestr(lead.words, ". mein") != NULL || strcasestr(lead.words, ". ich") != NULL;
        at = own ? l->line : near + lead.at; /* "… und Till Brauer. Mein Geburtsdatum: …" */
    }
    if (at > l->line && s->text[at - 1] == ')') {
        while (at > l->line && s->text[at] != '(') {
            at--;
        }
        at = mention_without_blanks(s, l->line, at);
    }
    while (at > l->line + 3 && s->text[at - 1] == '.' && strchr(" .", s->text[at - 3]) == NULL) {
        at--; /* "Hubert Langenbruch. Geboren …", but "Müller P." */
    }
    l->begin = l->end = at;
}

/* A mark or a number that stands for a word ends the name: "Teilnahme erwünscht - Obermann, Gottfried -
 * 3.3.1946", "1.2.2013 nino albers 14.5.2014". */
static bool left_ends(struct left *l, const char *w)
{
    bool mark = *w != '\0' && w[mention_bullet_length(w)] == '\0' && strpbrk(w, "0123456789") == NULL;
    bool digit = w[0] >= '0' && w[0] <= '9';
    if (strspn(w, "0123456789") == CODE_DIGITS && w[CODE_DIGITS] == '\0') {
        l->words = 0; /* "58791 Bad Berleburg" */
    }
    l->closed = mark || (digit ? l->words > 0 : l->closed);
    return mark || digit;
}

/* "Henning Jung" of "59755 Neheim, Henning Jung": a given name, and behind it what is none. */
static bool is_whole(const struct search *s, const struct left *l)
{
    size_t end = l->end;
    while (end > l->begin && strchr(" ,(", s->text[end - 1]) != NULL) {
        end--;
    }
    size_t last = end;
    while (last > l->begin && s->text[last - 1] != ' ') {
        last--;
    }
    return l->words == 2 && l->given_at == l->begin &&
           !name_particle(arena_strndup(s->arena, s->text + l->begin, strcspn(s->text + l->begin, " "))) &&
           !name_given(s->arena, s->patterns, arena_strndup(s->arena, s->text + last, end - last));
}

/* One word, or "Xhev Otto" of which the last is known: a name behind "und". */
static bool begins_row_item(const struct left *l)
{
    return !l->closed &&
           (l->words == 1 || (l->words == 2 && l->given_at != SIZE_MAX && l->given_at > l->begin));
}

/* The first of two cells is the sender's surname, or that of somebody named before. */
static bool surname_leads(const struct search *s, const struct left *l)
{
    const char *word = arena_strndup(s->arena, s->text + l->begin, mention_word_length(s->text + l->begin));
    size_t n = s->ret->mention.n;
    for (size_t i = 0; i < NAMES_BACK && i < n; i++) {
        const struct mention *last = &s->ret->mention.at[n - 1 - i];
        if (last->kind == MENTION_NAME && last->name.last != NULL && str_equal(last->name.last, word)) {
            return true;
        }
    }
    return s->sender != NULL && s->sender->last != NULL && str_equal(s->sender->last, word);
}

/* Before the words stands `w`, which is no name. */
static void left_ends_at(const struct search *s, struct left *l, const char *w)
{
    bool und = str_equal(w, "und");
    l->closed = l->border_at != SIZE_MAX;
    if (l->closed && l->cells == 1 && l->words == 2 && und && surname_leads(s, l)) {
        return; /* "Siepmann, Ruth, 19.10.1951, und Siepmann, Karla, 3.7.1954" */
    }
    if (begins_row_item(l) && und) { /* "Finja (11.7.2011) und Bennet (…" */
        l->closed = true;
        return;
    }
    l->begin = l->closed ? l->border_at : l->begin;
}

/* One word more; false where the name begins. */
static bool left_word(struct search *s, struct left *l)
{
    size_t from = without_nickname(s, l->line, mention_without_blanks(s, l->line, l->begin), l->words > 0);
    if (from > l->line && mention_parts_names(s->text[from - 1])) {
        bool may_join = l->words > 0 && l->cells == 0 && l->core <= 2 && !is_whole(s, l) &&
                        strchr(",\t|;/", s->text[from - 1]) != NULL;
        l->border_at = l->begin;
        l->closed = !may_join;
        if (!may_join) {
            return false;
        }
        l->cells++;
        from = mention_without_blanks(s, l->line, from - 1);
    }
    size_t start = from;
    while (start > l->line && s->text[start - 1] != ' ' && !mention_parts_names(s->text[start - 1])) {
        start--;
    }
    const char *w = arena_strndup(s->arena, s->text + start, from - start);
    if (from - start > 2 && s->text[from - 1] == '.' && l->words > 0) { /* "Repair-Café. Martin" */
        l->closed = true;
        return false;
    }
    bool inside = l->words > 0 && (name_particle(w) || mention_honorific(s->arena, w) ||
                                   name_und_inside(s->text, s->text + start));
    if (left_ends(l, w)) {
        return false;
    }
    if (start == from ||
        (!inside && !name_word(s->arena, s->patterns, w) && !mention_behind_given(s, l->line, start, w))) {
        left_ends_at(s, l, w);
        return false;
    }
    if (l->words == 0) {
        l->upper = mention_starts_upper(w);
        if (!l->upper && !s->small && !name_given(s->arena, s->patterns, w) &&
            !mention_small_name(s, l->line, start) && !mention_small_line(s, l->line)) {
            return false; /* "Wiebke Sanderfeld, frisch vom 28. Februar" */
        }
    } else if (l->upper && !inside && !mention_starts_upper(w)) {
        return false;
    }
    l->begin = start;
    l->words++;
    l->core += !inside;
    if (str_equal(w, "Herr") || str_equal(w, "Herrn") || str_equal(w, "Frau")) {
        l->closed = true; /* "unser Schriftführer Herr Pieper" */
        return false;
    }
    if (name_given(s->arena, s->patterns, w)) {
        l->given_at = start;
    }
    return true;
}

/* The words as a name; of two cells a comma says last, first, a table's header or a known name the order. */
static bool left_name(struct search *s, const struct left *l, struct name *ret)
{
    const char *value = arena_strndup(s->arena, s->text + l->begin, l->end - l->begin);
    char *cells = arena_strdup(s->arena, value);
    for (char *c = cells; *c != '\0'; c++) {
        *c = (char)(strchr("\t|;/", *c) != NULL ? ',' : *c);
    }
    if (!name_parse(s->arena, s->patterns, cells, NAME_ORDER_ANY, ret)) {
        return false;
    }
    const char *comma = strchr(cells, ',');
    enum name_order header = mention_header_order(s);
    if (l->cells == 1 && header == NAME_ORDER_ANY && l->words >= 4 && comma != NULL &&
        l->given_at < l->begin + (size_t)(comma - cells)) {
        cells[comma - cells] = '\0'; /* "Thomas Voss, Sozialdienst Lebensbaum": a name and a house */
        return name_parse(s->arena, s->patterns, cells, NAME_ORDER_ANY, ret);
    }
    if (comma == NULL || l->cells == 0 || strchr(value, ',') != NULL) {
        return true;
    }
    const char *left = str_trim(s->arena, arena_strndup(s->arena, cells, (size_t)(comma - cells)));
    const char *right = str_trim(s->arena, comma + 1);
    bool first_last = name_given(s->arena, s->patterns, left) && !name_given(s->arena, s->patterns, right);
    if (header == NAME_ORDER_FIRST_LAST || (first_last && header == NAME_ORDER_ANY)) {
        return name_parse(s->arena, s->patterns, cells, NAME_ORDER_FIRST_LAST, ret);
    }
    return true;
}

/* The words left of `at` on its line that can be a name; commas and cells may part two of them. */
static bool name_left_of(struct search *s, size_t at, struct name *ret, size_t *ret_at, size_t *ret_len)
{
    struct left l;
    left_begin(s, at, &l);
    while (l.begin > l.line && l.words < NAME_TOKENS && left_word(s, &l)) {
    }
    size_t bullet = mention_bullet_length(s->text + l.line);
    l.closed = l.closed || l.begin <= l.line + bullet;
    if (l.words == 0 || (!l.closed && l.given_at == SIZE_MAX)) {
        return false; /* "der Kurs Gartenarbeit 3.5.": no border, no given name */
    }
    bool two_cells = l.closed && l.words == 2 && l.cells == 1; /* "koester, juergen, geb 23.08.66" */
    if (!l.closed || (!l.upper && l.given_at != SIZE_MAX && !two_cells)) {
        l.begin = l.given_at;
    }
    if (!left_name(s, &l, ret)) {
        return false;
    }
    *ret_at = l.begin;
    *ret_len = l.end - l.begin;
    while (*ret_len > 0 && strchr(" ,(", s->text[l.begin + *ret_len - 1]) != NULL) {
        --*ret_len;
    }
    return true;
}

/* "Lübbering, geb. …", and elsewhere "Frau Lübbering": a surname. */
static bool addressed_so(const struct search *s, const char *last)
{
    static const char *const forms[] = {"Frau ", "Fr. ", "Herr ", "Herrn ", "Hr. ", "Familie ", "Fam. "};
    for (const char *at = strstr(s->text, last); at != NULL; at = strstr(at + 1, last)) {
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
            size_t len = strlen(forms[i]);
            if ((size_t)(at - s->text) >= len && memcmp(at - len, forms[i], len) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* A name beside a fact begins the line above, or stands before in the same row: "Finja (11.7.2011) und Bennet
 * (28.9.2013)". Who stands below or behind is one more of them, whatever the name. */
static bool goes_on_a_row(const struct search *s, size_t at)
{
    size_t line = str_line_begin(s->text, at), above = line > 0 ? str_line_begin(s->text, line - 1) : 0;
    above += mention_bullet_length(s->text + above);
    bool begins = line > 0 && line + mention_bullet_length(s->text + line) == at;
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        bool beside =
            m->kind == MENTION_NAME && (m->source == NAME_BESIDE_BIRTH || m->source == NAME_BESIDE_ADDRESS);
        bool row = beside && begins && m->at == above && m->name.first != NULL;
        bool birth =
            m->kind == MENTION_BIRTH && m->at < at && mention_only_joins(s->text, m->at + m->len, at);
        if (row || birth) {
            return true;
        }
    }
    return false;
}

static bool birth_follows(const struct search *s, size_t at)
{
    size_t end = at + strcspn(s->text + at, "\n");
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        if (m->kind == MENTION_BIRTH && m->at > at && m->at < end) {
            return true;
        }
    }
    return false;
}

/* "Ernst Bellmann, Tischlermeister i. R., 24.12.1942": the first cell of the line, where all cells are of
 * him. */
static bool name_at_head(struct search *s, size_t at, struct name *ret, size_t *ret_at, size_t *ret_len)
{
    size_t line = str_line_begin(s->text, at);
    line += mention_bullet_length(s->text + line);
    size_t len = strcspn(s->text + line, ",\n");
    for (size_t i = line + len; i < at; i++) {
        if ((s->text[i] == ',' && s->text[i + 1] == ' ' && i + 2 < at &&
             !mention_starts_upper(s->text + i + 2)) ||
            (s->text[i] >= '0' && s->text[i] <= '9')) {
            return false;
        }
    }
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        if (m->at >= line && m->at < at) {
            return false;
        }
    }
    *ret_at = line;
    *ret_len = len;
    return line + len < at &&
           name_parse(s->arena, s->patterns, arena_strndup(s->arena, s->text + line, len), NAME_ORDER_ANY,
                      ret) &&
           ret->given_known && ret->first != NULL && ret->last != NULL;
}

void mention_name_left(struct search *s, size_t at, enum name_source source)
{
    struct name name;
    size_t name_at, len;
    if (!name_left_of(s, at, &name, &name_at, &len) &&
        (source != NAME_BESIDE_BIRTH || !name_at_head(s, at, &name, &name_at, &len))) {
        return;
    }
    bool row = !name.honorific && !name.given_known && goes_on_a_row(s, name_at);
    if (source == NAME_BESIDE_ADDRESS && (name.words < 2 || !name.given_known) && !name.honorific &&
        !(row && name.words == 2 && birth_follows(s, at))) {
        return;
    }
    if (name.words == 1 && mention_of_house(s, name_at)) {
        return; /* "geht in die Grundschule Kilian und ist am 16.2.2017 geboren" */
    }
    if (row && name.words == 1 && name.first == NULL) {
        name.first = name.last;
        name.last = NULL;
    }
    if (name.words == 1 && !name.given_known && !name.honorific && name.first == NULL &&
        (name.last == NULL || !addressed_so(s, name.last))) {
        return;
    }
    struct mention *m = mention_add(
        s, MENTION_NAME, name_at, len,
        source == NAME_BESIDE_BIRTH ? "name beside a birth date" : "name beside an address", "mention.c");
    m->name = name;
    m->source = source;
}

void mention_partner(struct search *s, size_t at)
{
    const char *surname = s->ret->mention.at[s->ret->mention.n - 1].name.last;
    struct name name;
    size_t name_at, len;
    size_t joint = at >= 5 && str_starts(s->text + at - 5, " und ") ? 5
                   : at >= 3 && str_starts(s->text + at - 3, " & ") ? 3
                                                                    : 0;
    if (joint == 0 || !name_left_of(s, at - joint, &name, &name_at, &len)) {
        return;
    }
    struct mention *m =
        mention_add(s, MENTION_NAME, name_at, len, "name beside a birth date", "mention_lines.c");
    m->name = name;
    m->name.last = name.last == NULL ? surname : name.last; /* "Ida und Jonas Bockelmann, beide …" */
    m->source = NAME_BESIDE_BIRTH;
}

/* "1.2.1950 (Rita)": the name right of a date; told at the date, before it. */
bool mention_name_right(struct search *s, size_t at, size_t end)
{
    struct name name;
    size_t name_at, len;
    if (!str_starts(s->text + end, " (") ||
        !mention_name_at(s->arena, s->patterns, s->text, end + 2, NAME_ORDER_ANY, &name, &name_at, &len) ||
        s->text[name_at + len] != ')' || !name.given_known) {
        return false;
    }
    struct mention *m =
        mention_add(s, MENTION_NAME, name_at, len, "name behind a birth date", "mention_lines.c");
    m->at = at;
    m->len = 0;
    m->name = name;
    m->source = NAME_BESIDE_BIRTH;
    return true;
}
