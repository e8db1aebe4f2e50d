#include "parsers/mention.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/birth.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_VALUE_MAX = 80, NAME_TOKENS = 6, BEHIND_MAX = 60, LEAD_MAX = 60 };

struct search {
    struct arena *arena;
    const struct reader *reader;
    const struct patterns *patterns;
    const char *text;
    size_t len;
    struct mentions *ret;
};

/* At most `most` bytes of `s`, ending at a character's border. */
static size_t utf8_cut(const char *s, size_t most)
{
    while (most > 0 && ((unsigned char)s[most] & 0xc0) == 0x80) {
        most--;
    }
    return most;
}

/* Bytes at the beginning of `s` that belong to a character before it. */
static size_t utf8_cut_front(const char *s)
{
    size_t n = 0;
    while (((unsigned char)s[n] & 0xc0) == 0x80) {
        n++;
    }
    return n;
}

static bool starts_upper(const char *s)
{
    return utf8_is_upper(utf8_next(&s));
}

static bool parts_names(char c)
{
    return strchr(",;:|/()\n\t!?*<>=\"", c) != NULL;
}

/* The end of the word that begins at `s`. */
static size_t word_length(const char *s)
{
    size_t len = strcspn(s, " \t\n,;:|/()!?*<>=\"_");
    while (len > 0 && (s[len - 1] == '.' || s[len - 1] == '-')) {
        const char *letter = s; /* "P." stays an initial, "Müller." loses its dot */
        utf8_next(&letter);
        if (s[len - 1] == '.' && (size_t)(letter - s) == len - 1) {
            break;
        }
        len--;
    }
    return len;
}

static bool known_honorific(struct arena *arena, const char *word)
{
    static const char *const words[] = {"herr",  "herrn", "frau", "fr",  "hr", "fr.", "hr.",  "dr.", "dr",
                                        "prof.", "prof",  "mr",   "mrs", "ms", "mr.", "mrs.", "ms."};
    const char *folded = utf8_fold(arena, word);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(words[i], folded)) {
            return true;
        }
    }
    return false;
}

/* Names in a sentence end at a mark, at a word that is none, or where the case changes. One line end
 * within is a wrapped line. */
bool mention_name_at(struct arena *arena, const struct patterns *patterns, const char *text, size_t at,
                     enum name_order order, struct name *ret, size_t *ret_at, size_t *ret_len)
{
    at += strspn(text + at, " \t_*\"'");
    const char *s = text + at;
    size_t end = 0, good = 0; /* good: without particles that no name follows, "zum 3D-Druck" */
    int n = 0;
    bool upper = false, given = false, honorific = false;
    while (n < NAME_TOKENS) {
        size_t blank = strspn(s + end, " ");
        if (n > 0 && s[end + blank] == '\n' && s[end + blank + 1] != '\n' && blank <= 1 &&
            order == NAME_ORDER_ANY) {
            blank++;
        }
        const char *word = s + end + blank;
        size_t len = word_length(word);
        if (len == 0 || (n > 0 && blank == 0)) {
            break;
        }
        const char *w = arena_strndup(arena, word, len);
        bool particle =
            n > 0 && name_particle(w) && !str_equal(w, "e") && !str_equal(w, "y") && !str_equal(w, "das");
        bool honor = n == 0 && known_honorific(arena, w);
        if (!particle && !honor && !name_word(arena, patterns, w) &&
            !(honorific && known_honorific(arena, w))) {
            break;
        }
        if (n == 0 || (honorific && n == 1)) {
            upper = starts_upper(w);
        } else if (!particle && upper && !starts_upper(w)) {
            break;
        }
        honorific |= honor;
        bool is_given = name_given(arena, patterns, w);
        if (!upper && !particle && n >= 2 && !is_given) {
            break; /* in small letters nothing tells where the surname ends: two words, or "karl heinz ott" */
        }
        given |= is_given;
        end += blank + len;
        good = particle ? good : end;
        n++;
        if (!upper && n >= 3 && !particle) {
            break;
        }
        if (word[len] == '.' && len > 2) {
            break; /* the sentence ends */
        }
    }
    if (n == 0) {
        return false;
    }
    if (good == 0) {
        return false;
    }
    *ret_at = at;
    *ret_len = good;
    return name_parse(arena, patterns, arena_strndup(arena, s, good), order, ret);
}

static struct mention *add(struct search *s, enum mention_kind kind, size_t at, size_t len,
                           const char *pattern, const char *where)
{
    struct mention *m = LIST_ADD(s->arena, &s->ret->mention);
    m->kind = kind;
    m->at = at;
    m->len = len;
    m->pattern = pattern;
    m->where = where;
    m->words = arena_strndup(s->arena, s->text + at, len);
    return m;
}

/* "Lotta und Bosse Kloster", "Wolfgang & Renate Tillmann": two people with one surname. */
static bool add_two(struct search *s, size_t at, size_t len, enum name_source source, const struct found *f)
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
    struct mention *m = add(s, MENTION_NAME, at, (size_t)(joint - words), f->pattern, f->where);
    m->name = a;
    m->source = source;
    m = add(s, MENTION_NAME, at + (size_t)(joint - words) + joint_len, strlen(joint + joint_len), f->pattern,
            f->where);
    m->name = b;
    m->source = source;
    return true;
}

/* The value of a label ends with its line or cell, before the next label, date or bracket. */
static size_t value_length(const char *s, bool comma_within)
{
    size_t len = strcspn(s, "\n\t|;/()<>=");
    for (size_t i = 0; i < len; i++) {
        bool digit = s[i] >= '0' && s[i] <= '9', cell = s[i] == ' ' && s[i + 1] == ' ' && s[i + 2] != '\0';
        bool stop = (s[i] == ',' && !comma_within) ||
                    (s[i] == '.' && i > 2 && s[i - 2] != ' ' && (s[i + 1] == ' ' || s[i + 1] == '\n'));
        bool label = s[i] == ':' || s[i] == '*';
        if (digit || cell || stop || label) {
            len = i;
        }
    }
    if (s[len] == ':') { /* "Maren  Name: …" was a cell; "Petra Nachname: Müller" */
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
        enum name_order order =
            first_apart && str_equal(f->pattern, "label.name") ? NAME_ORDER_LAST : NAME_ORDER_ANY;
        for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
            order = str_equal(orders[k].name, f->pattern) ? orders[k].order : order;
        }
        size_t at = f->at + f->len;
        at += strspn(s->text + at, " _.*\"");
        size_t len = value_length(s->text + at, order != NAME_ORDER_FIRST && order != NAME_ORDER_LAST);
        while (len > 0 && strchr(" _.,-", s->text[at + len - 1]) != NULL) {
            len--;
        }
        const char *value = arena_strndup(s->arena, s->text + at, len);
        struct name name;
        if (len == 0 || only_no_names(s, value) || add_two(s, at, len, NAME_LABEL, f)) {
            continue;
        }
        if (!name_parse(s->arena, s->patterns, value, order, &name) &&
            !mention_name_at(s->arena, s->patterns, s->text, at,
                             order == NAME_ORDER_ANY ? order : NAME_ORDER_ANY, &name, &at, &len)) {
            continue;
        }
        struct mention *m = add(s, MENTION_NAME, at, len, f->pattern, f->where);
        m->name = name;
        m->source = NAME_LABEL;
        m->somebody_else = str_equal(f->pattern, "label.somebody_else");
    }
}

static void find_intros(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "intro", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        struct name name;
        size_t at, len;
        if (!mention_name_at(s->arena, s->patterns, s->text, f->at + f->len, NAME_ORDER_ANY, &name, &at,
                             &len)) {
            continue;
        }
        bool weak = str_equal(f->pattern, "intro.weak");
        if (weak && !name.given_known) {
            continue; /* "bin Rentner", "I am German" */
        }
        if (name.words == 1 && name.first == NULL && !weak && !name.honorific) {
            name.first = name.last; /* "ich heiße Tesfay": one word is the first name */
            name.last = NULL;
        }
        struct mention *m = add(s, MENTION_NAME, at, len, f->pattern, f->where);
        m->name = name;
        m->source = weak ? NAME_WEAK_INTRO : NAME_INTRO;
        m->third = str_equal(f->pattern, "intro.other");
        m->self = !m->third;
    }
}

static bool month_follows(const char *s)
{
    static const char *const months[] = {"Jan", "Jän", "Feb", "Mär", "Mar", "Apr", "Mai", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Okt", "Oct", "Nov", "Dez", "Dec"};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        if (str_starts(s, months[i])) {
            return true;
        }
    }
    return false;
}

/* A full stop that ends no sentence: "geb. Lübke", "Hagener Str. 5", "3. Mai", "3.5. geboren". */
static bool inner_stop(const char *text, size_t stop)
{
    static const char *const short_words[] = {"geb", "str", "nr", "dr", "prof", "ca",   "bzw",
                                              "tel", "fr",  "hr", "jg", "st",   "evtl", "inkl"};
    const char *next = text + stop + 1 + strspn(text + stop + 1, " \n");
    size_t begin = stop;
    while (begin > 0 && strchr(" \n(,.", text[begin - 1]) == NULL) {
        begin--;
    }
    for (size_t i = 0; i < sizeof short_words / sizeof *short_words; i++) {
        size_t len = strlen(short_words[i]);
        if (len == stop - begin && str_starts_nocase(text + begin, short_words[i])) {
            return true;
        }
    }
    bool digit = stop > 0 && text[stop - 1] >= '0' && text[stop - 1] <= '9';
    bool digit_next = *next >= '0' && *next <= '9';
    return text[stop] == '.' && (digit_next || (digit && (!starts_upper(next) || month_follows(next))));
}

static bool ends_sentence(const char *text, size_t at)
{
    bool mark = text[at] != '\0' && strchr(".!?", text[at]) != NULL &&
                strchr(" \n", text[at + 1]) != NULL; /* or the end */
    return (mark && !inner_stop(text, at)) || (text[at] == '\n' && text[at + 1] == '\n');
}

/* Where the sentence around `at` begins and ends: marks, empty lines. */
static void sentence(const char *text, size_t len, size_t at, size_t *ret_begin, size_t *ret_end)
{
    size_t begin = at, end = at;
    while (begin > 0 && !ends_sentence(text, begin - 1)) {
        begin--;
    }
    while (end < len && !ends_sentence(text, end)) {
        end++;
    }
    *ret_begin = begin;
    *ret_end = end;
}

static enum kin kin_of(const struct found *f)
{
    static const struct {
        const char *group;
        enum kin kin;
    } kins[] = {{"spouse", KIN_SPOUSE},
                {"child", KIN_CHILD},
                {"grandchild", KIN_GRANDCHILD},
                {"parent", KIN_PARENT},
                {"other", KIN_OTHER}};
    for (size_t i = 0; i < sizeof kins / sizeof *kins; i++) {
        if (found_group(f, kins[i].group) != NULL) {
            return kins[i].kin;
        }
    }
    return KIN_OTHER;
}

/* "meine Frau Helga", "Meine Mutter: Adelheid Steinhoff", "Meine Frau ist Maria Hülsmann". */
static void name_of_kin(struct search *s, struct mention *m)
{
    static const char *const joints[] = {"ist ", "heißt ", "heisst ", "namens ",
                                         "is ",  "– ",     "- ",      "mit namen "};
    size_t at = m->at + m->len;
    at += strspn(s->text + at, " :,(\t");
    if (s->text[at] == '\n') {
        at += strspn(s->text + at, "\n ");
        if (s->text[m->at + m->len] != ':') {
            at = m->at + m->len + 1; /* a wrapped line */
        }
    }
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        if (str_starts(s->text + at, joints[i])) {
            at += strlen(joints[i]);
            break;
        }
    }
    size_t len;
    struct name name;
    if (!mention_name_at(s->arena, s->patterns, s->text, at, NAME_ORDER_ANY, &name, &at, &len)) {
        return;
    }
    if (!name.given_known && (name.words == 1 || !starts_upper(s->text + at))) {
        bool only = name.words == 1 && starts_upper(s->text + at) && strchr(",(.", s->text[at + len]) != NULL;
        if (!only || name.honorific) {
            return;
        }
    }
    if (name.words == 1 && name.first == NULL && !name.honorific) {
        name.first = name.last;
        name.last = NULL;
    }
    m->name = name;
    m->words = arena_strndup(s->arena, s->text + at, len);
    m->len = at + len - m->at;
}

static bool is_plural(const char *words)
{
    static const char *const plurals[] = {"kinder",   "zwillinge", "töchter",   "söhne",      "jungs",
                                          "jungen",   "mädels",    "mädchen",   "eltern",     "kids",
                                          "children", "sons",      "daughters", "großeltern", "innen",
                                          "freunde",  "azubis",    "beiden",    "students",   "kollegen"};
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++) {
        size_t len = strlen(plurals[i]), all = strlen(words);
        for (size_t at = 0; at + len <= all; at++) {
            if (str_starts_nocase(words + at, plurals[i])) {
                return true;
            }
        }
    }
    return false;
}

/* "meine Zwillinge Lena und Lukas Schulz": each further name is another of them. */
static void more_of_kin(struct search *s, size_t first)
{
    for (struct mention last = s->ret->mention.at[first]; last.plural && last.name.first != NULL;) {
        static const char *const joints[] = {" und ", ", ", " & ", " sowie ", " and "};
        size_t at = last.at + last.len, len = 0;
        struct name name;
        for (size_t i = 0; i < sizeof joints / sizeof *joints && len == 0; i++) {
            if (str_starts(s->text + at, joints[i])) {
                len = strlen(joints[i]);
            }
        }
        if (len == 0 ||
            !mention_name_at(s->arena, s->patterns, s->text, at + len, NAME_ORDER_ANY, &name, &at, &len) ||
            !name.given_known || name.first == NULL) {
            return;
        }
        struct mention *m = add(s, MENTION_KIN, at, len, last.pattern, last.where);
        m->name = name;
        m->kin = last.kin;
        m->plural = true;
        m->takes_part = last.takes_part;
        m->stays = last.stays;
        m->sentence_end = last.sentence_end;
        last = *m;
        for (size_t i = first; i < s->ret->mention.n && name.last != NULL; i++) {
            if (s->ret->mention.at[i].name.last == NULL) {
                s->ret->mention.at[i].name.last = name.last;
            }
        }
    }
}

/* What the sentence says of the relation: is to be registered, wants to come; or only helps. */
static void what_of_kin(struct search *s, struct mention *m, size_t previous_end, size_t next_at)
{
    struct found f;
    size_t begin, end, after = m->at + m->len;
    sentence(s->text, s->len, m->at, &begin, &end);
    m->sentence_end = end;
    const char *text = s->text;
    bool with_self =
        patterns_find(s->patterns, s->arena, "kin_in.with_self", text + begin, end - begin, 0, &f);
    bool registered =
        patterns_find(s->patterns, s->arena, "kin_in.registered", text + begin, end - begin, 0, &f);
    bool myself = patterns_find(s->patterns, s->arena, "kin_myself", text + begin, end - begin, 0, &f);
    bool wants =
        end > after && patterns_find(s->patterns, s->arena, "kin_in_after", text + after, end - after, 0, &f);
    m->takes_part = with_self || (registered && !myself) || wants;
    begin = previous_end > begin && previous_end <= m->at ? previous_end : begin;
    end = next_at < end && next_at >= after ? next_at : end;
    m->stays = patterns_find(s->patterns, s->arena, "kin_out", text + begin, end - begin, 0, &f);
}

static void find_kin(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "kin", s->text, s->len, &founds);
    size_t last = 0;
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        if (f->at < last) { /* two patterns for one relation */
            continue;
        }
        last = f->at + f->len;
        struct mention *m = add(s, MENTION_KIN, f->at, f->len, f->pattern, f->where);
        m->kin = kin_of(f);
        m->plural = is_plural(f->words);
        size_t index = s->ret->mention.n - 1;
        name_of_kin(s, m);
        what_of_kin(s, m, i > 0 ? founds.at[i - 1].at + founds.at[i - 1].len : 0,
                    i + 1 < founds.n ? founds.at[i + 1].at : s->len);
        const char *poss = found_group(f, "poss");
        bool of_third = poss != NULL && (str_starts_nocase(poss, "sein") || str_starts_nocase(poss, "ihr") ||
                                         str_starts_nocase(poss, "hi") || str_starts_nocase(poss, "her"));
        if (of_third && m->name.first == NULL) {
            s->ret->mention.n--; /* "bei seinen Eltern" */
            continue;
        }
        more_of_kin(s, index);
    }
}

/* The words left of `at` on its line that can be a name; commas and cells may part two of them. */
static bool name_left_of(struct search *s, size_t at, struct name *ret, size_t *ret_at, size_t *ret_len)
{
    struct found lead;
    size_t line = at;
    while (line > 0 && s->text[line - 1] != '\n') {
        line--;
    }
    size_t near = at - line > LEAD_MAX ? at - LEAD_MAX : line;
    near += utf8_cut_front(s->text + near);
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
        if (from > line && parts_names(s->text[from - 1])) {
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
        while (start > line && s->text[start - 1] != ' ' && !parts_names(s->text[start - 1])) {
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
        bool honor = words > 0 && known_honorific(s->arena, w);
        if (start == from || (!particle && !honor && !name_word(s->arena, s->patterns, w))) {
            if (whole_at == SIZE_MAX && cells == 0) {
                break;
            }
            closed = whole_at != SIZE_MAX && whole_at > start;
            begin = whole_at != SIZE_MAX ? whole_at : begin;
            break;
        }
        if (words == 0) {
            upper = starts_upper(w);
        } else if (upper && !particle && !starts_upper(w) && !honor) {
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

static void add_left(struct search *s, size_t at, enum name_source source)
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
    struct mention *m =
        add(s, MENTION_NAME, name_at, len,
            source == NAME_BESIDE_BIRTH ? "name beside a birth date" : "name beside an address", "mention.c");
    m->name = name;
    m->source = source;
}

static void find_births(struct search *s)
{
    struct births births;
    births_find(s->arena, s->reader, s->text, &births);
    for (size_t i = 0; i < births.birth.n; i++) {
        const struct birth *b = &births.birth.at[i];
        struct mention *m = add(s, MENTION_BIRTH, b->at, b->len, b->pattern, b->where);
        m->birth = b->day;
        m->points = b->points;
        m->of_both = b->of_both;
        add_left(s, b->at, NAME_BESIDE_BIRTH);
    }
}

/* The firm's address: its name stands before it on the line, or on the line above. */
static bool beside_company(const struct search *s, size_t at)
{
    struct found f;
    size_t from = at;
    for (int lines = 0; from > 0 && lines < 2; from -= lines < 2) {
        lines += s->text[from - 1] == '\n';
    }
    return patterns_find(s->patterns, s->arena, "not_private.legal_form", s->text + from, at - from, 0, &f);
}

static void find_addresses(struct search *s)
{
    struct addresses addresses;
    struct found f;
    addresses_find(s->arena, s->patterns, s->text, &addresses);
    for (size_t i = 0; i < addresses.found.n; i++) {
        const struct address_found *a = &addresses.found.at[i];
        size_t from = a->at > 60 ? a->at - 60 : 0, begin, end;
        while (from < a->at && ((unsigned char)s->text[from] & 0xc0) == 0x80) {
            from++;
        }
        const char *words = arena_strndup(s->arena, s->text + a->at, a->len);
        size_t behind = strlen(s->text + a->at + a->len);
        if (patterns_find(s->patterns, s->arena, "not_private.lab", words, a->len, 0, &f)) {
            continue;
        }
        if (beside_company(s, a->at)) {
            continue;
        }
        const char *rest = s->text + a->at + a->len;
        behind = behind > BEHIND_MAX ? utf8_cut(rest, BEHIND_MAX) : behind;
        bool old = patterns_find(s->patterns, s->arena, "old_address", rest, behind, 0, &f);
        struct mention *m = add(s, MENTION_ADDRESS, a->at, a->len, a->pattern, a->where);
        m->address = *a;
        m->old = old;
        sentence(s->text, s->len, a->at, &begin, &end);
        begin = begin > from ? begin : from;
        m->shared =
            patterns_find(s->patterns, s->arena, "shared_address", s->text + begin, end - begin, 0, &f);
        add_left(s, a->at, NAME_BESIDE_ADDRESS);
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
    if (fact_follows(s, at + whole) && starts_upper(s->text + at)) {
        struct mention *m = add(s, MENTION_NAME, at, whole, "name above a date or address", "mention.c");
        m->name = name;
        m->source = NAME_ON_LINE;
    }
}

/* A name with a line to itself: "Petra Müller", "Wenzel, Claudia". */
static void find_lines(struct search *s, size_t closing_at)
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
                struct mention *m = add(s, MENTION_NAME, at + bullet, len - bullet, f.pattern, f.where);
                m->name = name;
                m->source = NAME_ON_LINE;
            } else if (!marks && !add_two(s, at + bullet, len - bullet, NAME_ON_LINE, &f)) {
                line_by_neighbours(s, at + bullet, len - bullet);
            }
        }
        at += len + 1;
    }
}

/* Names in a sentence, told by the given name alone: "Rosemarie Kötter, bin eine 52erin". person.c takes
 * them only for people it knows of otherwise. */
static void find_in_passing(struct search *s)
{
    for (size_t at = 0; at < s->len;) {
        size_t blank = strspn(s->text + at, " \t\n,;:|/()!?*<>=\"_.-");
        at += blank;
        size_t len = word_length(s->text + at), name_at, name_len;
        struct name name;
        if (len == 0) {
            at += s->text[at] != '\0';
            while (((unsigned char)s->text[at] & 0xc0) == 0x80) {
                at++;
            }
            continue;
        }
        const char *word = arena_strndup(s->arena, s->text + at, len);
        if (starts_upper(word) && name_given(s->arena, s->patterns, word) &&
            mention_name_at(s->arena, s->patterns, s->text, at, NAME_ORDER_ANY, &name, &name_at, &name_len) &&
            name.words >= 2 && name.first != NULL && name.last != NULL) {
            struct mention *m = add(s, MENTION_NAME, name_at, name_len, "name in a sentence", "mention.c");
            m->name = name;
            m->source = NAME_IN_PASSING;
            len = name_len;
        }
        at += len;
    }
}

static void find_selves(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "self_at", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        add(s, MENTION_SELF, founds.at[i].at, founds.at[i].len, founds.at[i].pattern, founds.at[i].where);
    }
    patterns_find_all(s->patterns, s->arena, "pronoun", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        add(s, MENTION_THIRD, founds.at[i].at, founds.at[i].len, founds.at[i].pattern, founds.at[i].where);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct mention *m = a, *n = b;
    if (m->at != n->at) {
        return m->at < n->at ? -1 : 1;
    }
    return m->kind != n->kind ? (int)m->kind - (int)n->kind : (int)n->source - (int)m->source;
}

void mentions_find(struct arena *arena, const struct reader *reader, const char *text, size_t closing_at,
                   struct mentions *ret)
{
    struct search s = {arena, reader, reader->patterns, text, strlen(text), ret};
    *ret = (struct mentions){0};
    find_labels(&s);
    find_intros(&s);
    find_kin(&s);
    find_births(&s);
    find_addresses(&s);
    find_lines(&s, closing_at);
    find_in_passing(&s);
    find_selves(&s);
    if (ret->mention.n > 0) {
        qsort(ret->mention.at, ret->mention.n, sizeof *ret->mention.at, by_place);
    }
}
