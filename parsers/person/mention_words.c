/* parsers/person/mention_words.c: words, names and sentences of a text. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

bool mention_starts_upper(const char *s)
{
    return utf8_is_upper(utf8_next(&s));
}

/* What stands before the words of a list's line: numbers, dashes, dots, arrows, marks of any kind. */
size_t mention_bullet_length(const char *s)
{
    enum { BULLET_MAX = 64 };
    const char *at = s;
    for (const char *next = s; next - s < BULLET_MAX; at = next) {
        uint32_t c = utf8_next(&next);
        bool bullet = c < 0x80 ? c != 0 && strchr(" \t*-.0123456789)>", (int)c) != NULL : !utf8_is_letter(c);
        if (!bullet) {
            break;
        }
    }
    return (size_t)(at - s);
}

/* The bullet of a row: "- ", "2. ", "b) ". */
size_t mention_row_bullet(const char *s)
{
    size_t len = strspn(s, " \t*-0123456789.)");
    bool lettered = len == 0 && s[0] >= 'a' && s[0] <= 'h' && s[1] == ')';
    return lettered ? 2 + strspn(s + 2, " ") : len;
}

/* "A (3.5.2014), B (8.9.2015), C und D": nothing but marks and "und" stands between. */
bool mention_only_joins(const char *text, size_t from, size_t to)
{
    static const char *const joints[] = {"und ", "sowie ", "and ", "plus "};
    while (from < to) {
        bool row = text[from] == '\n' && text[from + 1] != '\n';
        size_t len = row ? 1 + mention_row_bullet(text + from + 1) : strchr(" ,;()&", text[from]) != NULL;
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

size_t mention_age_length(const char *s)
{
    enum { AGE_MOST = 16 };
    size_t digits = str_starts(s, " (") ? strspn(s + 2, "0123456789") : 0;
    if (digits == 0 || digits > 2) {
        return 0;
    }
    size_t len = 0;
    while (len <= AGE_MOST && strchr(")\n.", s[len]) == NULL) { /* or the end */
        len++;
    }
    return len <= AGE_MOST && s[len] == ')' ? len + 1 : 0;
}

bool mention_parts_names(char c)
{
    return strchr(",;:|/()\n\t!?*<>=\"", c) != NULL;
}

/* The end of the word that begins at `s`. */
size_t mention_word_length(const char *s)
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

bool mention_honorific(struct arena *arena, const char *word)
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

/* Particles that in a sentence begin what comes next rather than a surname: "Yasmin El Amrani zum
 * Programmieren". */
static bool ends_name(const char *word)
{
    static const char *const words[] = {"e", "y", "das", "zum", "zur", "zu", "dem", "den"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(words[i], word)) {
            return true;
        }
    }
    return false;
}

/* "Birthday: …", "Nome/Vorname: …" */
static bool line_of_label(const char *line)
{
    enum { LABEL_MOST = 30 };
    size_t len = strcspn(line, ":=\n");
    return len <= LABEL_MOST && (line[len] == ':' || line[len] == '=');
}

/* " 2 in", " 12a,": no date. */
static bool house_number(const char *s)
{
    size_t digits = strspn(s + (*s == ' '), "0123456789");
    const char *end = s + 1 + digits;
    end += digits > 0 && *end >= 'a' && *end <= 'h';
    return *s == ' ' && digits > 0 && digits <= 3 && (*end == '\0' || strchr(" ,;\n)", *end) != NULL);
}

/* "Bruno Feld vom Feldweg 2", "Lara Hahne\nNils Hahne": the word begins something else. */
static bool ends_before(struct arena *arena, const struct patterns *patterns, int words, const char *previous,
                        const char *word, size_t len)
{
    bool row = words >= 2 && word[-1] == '\n' && !name_given(arena, patterns, previous) &&
               name_given(arena, patterns, arena_strndup(arena, word, len));
    return row || (name_particle(previous) && house_number(word + len));
}

/* Behind a line end, a label, another cell: no word of a sentence goes before. */
static bool heads(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] == ' ') {
        at--;
    }
    return at == 0 || strchr("\n:,;|/(-", text[at - 1]) != NULL;
}

/* Where one is titled, one more title: "Dr. med." */
static bool is_title(struct arena *arena, const struct patterns *patterns, const char *word, size_t len)
{
    return word[len] == '.' &&
           patterns_word(patterns, "titles", utf8_fold(arena, arena_strndup(arena, word, len + 1)));
}

/* The blanks before the next word, with the end of a line that is wrapped there. */
static size_t blank_before(const char *s, int words, enum name_order order)
{
    size_t blank = strspn(s, " ");
    bool wrapped = words > 0 && s[blank] == '\n' && s[blank + 1] != '\n' && blank <= 1 &&
                   order == NAME_ORDER_ANY && !line_of_label(s + blank + 1);
    return blank + wrapped;
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
    bool upper = false, honorific = false;
    const char *previous = "";
    while (n < NAME_TOKENS) {
        size_t blank = blank_before(s + end, n, order);
        const char *word = s + end + blank;
        size_t len = mention_word_length(word);
        if (len == 0 || (n > 0 && blank == 0)) {
            break;
        }
        const char *w = arena_strndup(arena, word, len);
        bool title = honorific && is_title(arena, patterns, word, len);
        if (title || (word[len] == '.' && mention_honorific(arena, w))) {
            len++; /* "Frau Dr. med. Hölscher" */
        }
        bool particle = n > 0 && ((name_particle(w) && (name_particle(previous) || !ends_name(w))) ||
                                  (name_noble(arena, w) && str_starts_nocase(word + len, " vo")) ||
                                  name_und_inside(s, word));
        bool honor = n == 0 && mention_honorific(arena, w);
        if (!particle && !honor && !title && !name_word(arena, patterns, w) &&
            !(n > 0 && name_behind_given(arena, patterns, previous, w)) &&
            !(n == 0 && heads(text, at) && name_before_surname(arena, patterns, w, word + len)) &&
            !(honorific && mention_honorific(arena, w))) {
            break;
        }
        if (n == 0 || (honorific && n == 1)) {
            upper = title || mention_starts_upper(w);
        } else if (!particle && !title && upper && !mention_starts_upper(w)) {
            break;
        }
        if (ends_before(arena, patterns, n, previous, word, len)) {
            break;
        }
        honorific |= honor;
        if (!upper && !particle && n >= 2 && !name_particle(previous) && !name_given(arena, patterns, w)) {
            break; /* in small letters nothing tells where the surname ends: two words, or "karl heinz ott" */
        }
        previous = w;
        end += blank + len;
        good = particle ? good : end;
        n++;
        if ((!upper && n >= 3 && !particle) || (word[len] == '.' && len > 2 && !title)) {
            break; /* or the sentence ends */
        }
    }
    if (n == 0 || good == 0) {
        return false;
    }
    *ret_at = at;
    *ret_len = good;
    return name_parse(arena, patterns, arena_strndup(arena, s, good), order, ret);
}

struct mention *mention_add(struct search *s, enum mention_kind kind, size_t at, size_t len,
                            const char *pattern, const char *where)
{
    struct mention *m = LIST_ADD(s->arena, &s->ret->mention);
    m->kind = kind;
    m->at = at;
    m->len = len;
    m->words_at = at;
    m->words_len = len;
    m->pattern = pattern;
    m->where = where;
    m->words = arena_strndup(s->arena, s->text + at, len);
    return m;
}

/* "3. Mai", "3. Sept", but not "3. Marlies Pütz". */
static bool month_follows(const char *s)
{
    static const char *const months[] = {
        "Januar",    "Jänner", "Februar", "März",     "April",    "Mai",      "Juni",
        "Juli",      "August", "Oktober", "Dezember", "January",  "March",    "October",
        "September", "May",    "June",    "July",     "November", "February", "December"};
    size_t len = mention_word_length(s);
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        if (len >= 3 && strlen(months[i]) >= len && memcmp(months[i], s, len) == 0) {
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
    return text[stop] == '.' &&
           (digit_next || (digit && (!mention_starts_upper(next) || month_follows(next))));
}

/* "- Mama Wiebke (20.12.1986)", "2. Marlies Pütz, …", but not "12. Januar" of a wrapped line. */
static bool begins_row(const char *line)
{
    size_t digits = strspn(line, "0123456789");
    if (digits == 0) {
        return str_starts(line, "- ") || str_starts(line, "* ") || str_starts(line, "• ") ||
               str_starts(line, "– ");
    }
    return digits <= 2 && (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ' &&
           mention_starts_upper(line + digits + 2) && !month_follows(line + digits + 2);
}

static bool ends_sentence(const char *text, size_t at)
{
    bool mark = text[at] != '\0' && strchr(".!?", text[at]) != NULL &&
                strchr(" \n", text[at + 1]) != NULL; /* or the end */
    return (mark && !inner_stop(text, at)) ||
           (text[at] == '\n' && (text[at + 1] == '\n' || begins_row(text + at + 1)));
}

void mention_sentences(struct search *s)
{
    for (size_t at = 0; at < s->len; at++) {
        at += strcspn(s->text + at, ".!?\n");
        if (at < s->len && ends_sentence(s->text, at)) {
            *LIST_ADD(s->arena, &s->ends) = at;
        }
    }
}

void mention_sentence(const struct search *s, size_t at, size_t *ret_begin, size_t *ret_end)
{
    size_t behind = 0, most = s->ends.n; /* the first end at `at` or later is among these */
    while (behind < most) {
        size_t middle = behind + (most - behind) / 2;
        if (s->ends.at[middle] < at) {
            behind = middle + 1;
        } else {
            most = middle;
        }
    }
    *ret_begin = behind == 0 ? 0 : s->ends.at[behind - 1] + 1;
    *ret_end = behind == s->ends.n ? s->len : s->ends.at[behind];
}
