/* parsers/person/mention_kin.c: relations ("meine Tochter Emilia") and what their sentence says of them. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { NEXT_MAX = 120 }; /* bytes of the sentence behind */

static enum kin kin_of(const struct found *f)
{
    static const struct {
        const char *group;
        enum kin kin;
    } kins[] = {{"spouse", KIN_SPOUSE}, {"child", KIN_CHILD},     {"grandchild", KIN_GRANDCHILD},
                {"parent", KIN_PARENT}, {"sibling", KIN_SIBLING}, {"other", KIN_OTHER}};
    for (size_t i = 0; i < sizeof kins / sizeof *kins; i++) {
        if (found_group(f, kins[i].group) != NULL) {
            return kins[i].kin;
        }
    }
    return KIN_OTHER;
}

/* "trägt den Nachnamen meines Mannes: Ahlbrecht": part of a label. */
static bool within_label(const struct search *s, const struct found *kin)
{
    size_t behind = kin->at + kin->len + strspn(s->text + kin->at + kin->len, ": ");
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        if (m->at == behind && m->source == NAME_LABEL && str_equal(m->pattern, "label.last")) {
            return true;
        }
    }
    return false;
}

/* "meine Frau: Okafor-Wehling, Chioma, 2.12.1986": behind the surname, between commas, stands the first name.
 */
static void first_name_behind(const struct search *s, struct name *name, size_t at, size_t *len)
{
    if (name->words != 1 || name->given_known || !str_starts(s->text + at + *len, ", ")) {
        return;
    }
    const char *first = s->text + at + *len + 2;
    if (!mention_starts_upper(first)) {
        return;
    }
    size_t n = mention_word_length(first);
    const char *behind = first + n + strspn(first + n, ",( *");
    const char *word = arena_strndup(s->arena, first, n);
    if (n > 0 && behind > first + n && name_word(s->arena, s->patterns, word) &&
        ((*behind >= '0' && *behind <= '9') || str_starts_nocase(behind, "geb"))) {
        name->last = name->last == NULL ? name->first : name->last;
        name->first = word;
        name->words = 2;
        *len += 2 + n;
    }
}

/* "meine Frau Helga", "Meine Mutter: Adelheid Steinhoff", "Meine Frau ist Maria Hülsmann". */
static void name_of_kin(struct search *s, struct mention *m)
{
    static const char *const joints[] = {"ist ", "heißt auch ", "heißt ", "heisst ",   "namens ",
                                         "is ",  "– ",          "- ",     "mit namen "};
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
    first_name_behind(s, &name, at, &len);
    if (!name.given_known && (name.words == 1 || !mention_starts_upper(s->text + at))) {
        const char *after = s->text + at + len + (s->text[at + len] == ' ' && s->text[at + len + 1] == '(');
        bool only = name.words == 1 && mention_starts_upper(s->text + at) && strchr(",(.", *after) != NULL;
        if (!only && !(name.honorific && name.words == 1)) {
            return;
        }
    }
    if (name.words == 1 && name.first == NULL && !name.honorific) {
        name.first = name.last;
        name.last = NULL;
    }
    m->heads = s->text[m->at + m->len] == ':' && str_equal(m->pattern, "kin.possessive");
    m->name = name;
    m->words = arena_strndup(s->arena, s->text + at, len);
    m->words_at = at;
    m->words_len = len;
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

/* "Ida und Jaron Bockelmann", "Ida und Jaron, beide …": behind "und" stands a name, known or not. */
static bool is_unknown_given(const struct search *s, size_t at, size_t len, struct name *name)
{
    if (!mention_starts_upper(s->text + at) || name->words > 2 || name->honorific) {
        return false;
    }
    if (name->words == 1 && name->first == NULL && strchr(",(.;:", s->text[at + len]) != NULL) {
        name->first = name->last;
        name->last = NULL;
    }
    return name->first != NULL;
}

/* "meine Zwillinge Lena und Lukas Schulz": each further name is another of them. */
static void more_of_kin(struct search *s, size_t first)
{
    for (struct mention last = s->ret->mention.at[first]; last.plural && last.name.first != NULL;) {
        static const char *const joints[] = {" und ", ", ", " & ", " sowie ", " and "};
        size_t at = last.at + last.len + mention_age_length(s->text + last.at + last.len), len = 0;
        struct name name;
        for (size_t i = 0; i < sizeof joints / sizeof *joints && len == 0; i++) {
            if (str_starts(s->text + at, joints[i])) {
                len = strlen(joints[i]);
            }
        }
        bool ends_row = len > 2; /* "und": not a mark */
        if (len == 0 ||
            !mention_name_at(s->arena, s->patterns, s->text, at + len, NAME_ORDER_ANY, &name, &at, &len) ||
            !(name.given_known || (ends_row && is_unknown_given(s, at, len, &name))) || name.first == NULL) {
            return;
        }
        struct mention *m = mention_add(s, MENTION_KIN, at, len, last.pattern, last.where);
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

/* "2) meine Freundin Heidrun Pautz, …" */
static bool list_item(const char *text, size_t at)
{
    size_t line = str_line_begin(text, at);
    size_t bullet = strspn(text + line, " \t*-0123456789.)");
    bool marked = false;
    for (size_t i = 0; i < bullet; i++) {
        marked = marked || strchr("*-)", text[line + i]) != NULL;
    }
    return marked && line + bullet == at;
}

/* "Ich betreibe mit meinem Bruder die Eisdiele und will …": behind "und" goes on what began with "ich". */
static bool wants_myself(struct search *s, size_t begin, size_t at, const struct found *wants)
{
    struct found f;
    const char *verb = strrchr(wants->words, ' ');
    ptrdiff_t before = verb == NULL ? 0 : verb - wants->words;
    bool goes_on = before >= 3 && str_starts(verb - 3, "und");
    if (before >= 5 && (str_starts(verb - 5, " mich") || str_starts(verb - 4, " mir"))) {
        return true; /* "mein Handy ist von meiner Tochter, und mich würde Ihre Sprechstunde interessieren" */
    }
    return goes_on && patterns_find(s->patterns, s->arena, "kin_subject", s->text + begin, at - begin, 0, &f);
}

/* What the sentence says of the relation: is to be registered, wants to come; or only helps. */
static void what_of_kin(struct search *s, struct mention *m, size_t previous_end, size_t next_at)
{
    struct found f;
    size_t begin, end, after = m->at + m->len;
    mention_sentence(s, m->at, &begin, &end);
    m->sentence_end = end;
    const char *text = s->text;
    bool with_self =
        patterns_find(s->patterns, s->arena, "kin_in.with_self", text + begin, end - begin, 0, &f);
    bool registered =
        patterns_find(s->patterns, s->arena, "kin_in.registered", text + begin, end - begin, 0, &f);
    bool myself = patterns_find(s->patterns, s->arena, "kin_myself", text + begin, end - begin, 0, &f);
    bool wants = end > after &&
                 patterns_find(s->patterns, s->arena, "kin_in_after", text + after, end - after, 0, &f) &&
                 !wants_myself(s, begin, m->at, &f);
    bool of_other = str_equal(m->pattern, "kin.article") && str_starts(text + after, " von ");
    bool next =
        patterns_find(s->patterns, s->arena, "kin_next", text + end, utf8_cut(text + end, NEXT_MAX), 0, &f);
    m->takes_part = (!of_other && (with_self || (registered && !myself))) || wants ||
                    list_item(text, m->at) || (next && m->name.first != NULL);
    begin = previous_end > begin && previous_end <= m->at ? previous_end : begin;
    end = next_at < end && next_at >= after ? next_at : end;
    if (str_equal(m->pattern, "kin.bare") && (m->at == 0 || s->text[m->at - 1] == '\n')) {
        size_t row =
            after + strcspn(s->text + after, "\n"); /* "Kind  Matteo Brüning", and below "Notfall  …" */
        begin = m->at;
        end = row < end ? row : end;
    }
    m->stays = patterns_find(s->patterns, s->arena, "kin_out", text + begin, end - begin, 0, &f);
    m->refused = patterns_find(s->patterns, s->arena, "kin_out.stays", text + begin, end - begin, 0, &f);
    if (!m->refused && patterns_find(s->patterns, s->arena, "kin_asked", text + begin, end - begin, 0, &f)) {
        m->takes_part = true; /* "mein Nachbar hat mich gebeten, ihn anzumelden" */
        m->stays = false;
    }
}

/* "lebt seit dem Tod meiner Mutter allein" */
static bool of_anothers_life(const struct search *s, size_t at)
{
    enum { BEFORE = 16 };
    struct found f;
    size_t from = utf8_before(s->text, at, BEFORE);
    return patterns_find(s->patterns, s->arena, "kin_aside", s->text + from, at - from, 0, &f);
}

static bool behind_bei(const struct search *s, size_t at)
{
    return at >= 4 && str_starts_nocase(s->text + at - 4, "bei ");
}

/* "bei ihren Eltern Jan und Ute Lohse": the names are of those who keep the house. */
static void host_names(struct search *s, size_t first)
{
    for (size_t i = first; i < s->ret->mention.n; i++) {
        struct mention *m = &s->ret->mention.at[i];
        m->kind = MENTION_NAME;
        m->source = NAME_INTRO;
        m->host = true;
    }
}

void mentions_of_kin(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "kin", s->text, s->len, &founds);
    size_t last = 0;
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        if (f->at < last || within_label(s, f)) { /* two patterns for one relation */
            continue;
        }
        last = f->at + f->len;
        struct mention *m = mention_add(s, MENTION_KIN, f->at, f->len, f->pattern, f->where);
        m->kin = kin_of(f);
        m->folks = found_group(f, "folks") != NULL;
        m->plural = is_plural(f->words);
        size_t index = s->ret->mention.n - 1;
        name_of_kin(s, m);
        what_of_kin(s, m, i > 0 ? founds.at[i - 1].at + founds.at[i - 1].len : 0,
                    i + 1 < founds.n ? founds.at[i + 1].at : s->len);
        if (found_group(f, "nobody") !=
            NULL) { /* "unsere Katze Mimi": has a name and a birthday, and stays */
            m->takes_part = false;
            m->stays = m->refused = true;
        }
        const char *poss = found_group(f, "poss");
        if (m->name.first == NULL && of_anothers_life(s, f->at)) {
            s->ret->mention.n--;
            continue;
        }
        bool of_third = poss != NULL && (str_starts_nocase(poss, "sein") || str_starts_nocase(poss, "ihr") ||
                                         str_starts_nocase(poss, "hi") || str_starts_nocase(poss, "her"));
        if (of_third && m->name.first == NULL) {
            s->ret->mention.n--; /* "bei seinen Eltern" */
            continue;
        }
        more_of_kin(s, index);
        if (of_third && behind_bei(s, f->at)) {
            host_names(s, index);
        }
    }
}
