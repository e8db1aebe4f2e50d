/* parsers/person/person_account.c: whether all people, dates and addresses of the text are accounted for.
 *
 * A name that belongs to nobody, a birth date nobody got, an address left over: perhaps one more who wants to
 * come, perhaps a fact that went to the wrong one. Then a person looks. */
#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/person/birth.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEFT_OVER = -100,
    CHILD_BELOW = 14,
    WORDS_AROUND = 60,
    ASIDE_MAX = 240, /* bytes before and behind an address */
    TOLD_MAX = 200,  /* bytes from a name on */
    SIGNED_LINES_MAX = 4,
    SIGNED_WITH_MAX = 30
}; /* points; years; bytes; lines; bytes */

/* "mein Mann Klaus, mit dem ich …": what follows the comma is a clause, no fact and no further name. */
static bool clause_follows(const char *text, size_t end)
{
    if (!str_starts(text + end, ", ")) {
        return false;
    }
    const char *next = text + end + 2, *letter = next;
    uint32_t c = utf8_next(&letter);
    return utf8_is_letter(c) && !utf8_is_upper(c) && !str_starts(next, "geb") && !str_starts(next, "und ") &&
           !str_starts(next, "beide");
}

/* "Meine Mama heißt Aneta und hat …": a verb follows, no further one. */
static bool verb_follows(const char *text, size_t at, size_t end)
{
    static const char *const words[] = {
        "ich", "mich", "mir",   "mein", "meine", "meinen", "meiner", "unser", "unsere", "unseren",
        "ihr", "ihre", "ihren", "sein", "seine", "seinen", "der",    "die",   "den",    "das",
        "ein", "eine", "einen", "zwei", "drei",  "noch",   "auch",   "dazu",  NULL};
    const char *name = text + at;
    if (!str_starts(text + end, " und ") || !utf8_is_upper(utf8_next(&name))) {
        return false;
    }
    const char *next = text + end + strlen(" und "), *letter = next;
    if (utf8_is_upper(utf8_next(&letter))) {
        return false;
    }
    size_t len = utf8_letters(next);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) == len && strncmp(next, words[i], len) == 0) {
            return false;
        }
    }
    return true;
}

/* "und Ruth", "mit Ruth", "Ruth (…", "Ruth, …", "- Ruth": one of several, or with facts behind. */
static bool in_row(const char *text, size_t at, size_t end)
{
    static const char *const before[] = {"und ", "sowie ", "mit ", "plus ", "für ", ": ", "- ", "("};
    static const char *const behind[] = {" und ", " sowie ", ", ", " (", "\n", " -", " –", " &", ";"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t len = strlen(before[i]);
        if (at >= len && memcmp(text + at - len, before[i], len) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        if (str_starts(text + end, behind[i]) && !clause_follows(text, end) && !verb_follows(text, at, end)) {
            return true;
        }
    }
    return false;
}

static bool same_first(struct walk *w, const struct candidate *c, const struct name *name)
{
    return c->name.first != NULL && name->first != NULL &&
           name_same(w->arena, &(struct name){.first = c->name.first}, &(struct name){.first = name->first});
}

/* One of those who take part, or the writer, or somebody of whom the text says that they do not come. */
static bool known_here(struct walk *w, const struct name *name)
{
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        bool settled = c->in || c->writer || c->somebody_else || (c->is_kin && c->stays) || c->householder;
        bool surname = name->last == NULL && name->first != NULL && c->name.last != NULL &&
                       strstr(utf8_fold(w->arena, c->name.last), utf8_fold(w->arena, name->first)) != NULL;
        if (settled && (surname || same_first(w, c, name) || name_same(w->arena, &c->name, name))) {
            return true;
        }
    }
    return (w->writer_named && name_same(w->arena, &w->writer_name, name)) ||
           (w->writer_named && w->writer_name.first != NULL && name->first != NULL && name->last == NULL &&
            name_same(w->arena, &(struct name){.first = w->writer_name.first}, name)) ||
           name_same(w->arena, &w->display, name);
}

/* "Den Tipp habe ich von …", "Bevollmächtigt ist …": what stands before the name tells that they do not come.
 */
static bool spoken_of(struct walk *w, size_t at)
{
    size_t from = utf8_before(w->text, at, KIN_ASIDE_MAX);
    return person_says(w, "name_aside", from, at, NULL);
}

/* "Frau Peters weiß Bescheid", "Sabine Krause hat mir davon erzählt", "ein Tipp von Sabine Krause". */
static bool aside(struct walk *w, const struct mention *m)
{
    size_t rest = m->sentence_end > m->at ? m->sentence_end - m->at : 0, most = m->len + WORDS_AROUND;
    size_t to = m->at + utf8_cut(w->text + m->at, rest < most ? rest : most);
    size_t told = m->at + utf8_cut(w->text + m->at, rest < TOLD_MAX ? rest : TOLD_MAX);
    return m->name.honorific || person_says(w, "kin_out", m->at, to, NULL) ||
           person_says(w, "name_told", m->at, told, NULL) || spoken_of(w, m->at);
}

/* "Theodor-Heuss-Ring", "Hagen-Hohenlimburg" */
static bool in_address(const struct mentions *mentions, const struct mention *name)
{
    for (size_t i = 0; i < mentions->mention.n; i++) {
        const struct mention *m = &mentions->mention.at[i];
        if (m->kind == MENTION_ADDRESS && name->at < m->at + m->len && m->at < name->at + name->len) {
            return true;
        }
    }
    return false;
}

/* Begins a line of the last few: "Werner Krollmann, 1. Vorsitzender", below a greeting nobody knows. */
static bool signs_below(const struct walk *w, size_t at)
{
    size_t lines = 0;
    for (const char *c = w->text + at; *c != '\0'; c++) {
        lines += *c == '\n' && c[1] != '\0';
    }
    static const char *const heads[] = {"Ihr ", "Ihre ", "Euer ", "Eure ", "Dein ", "Deine ", "Von "};
    static const char *const orders[] = {"i. A. ", "I. A. ", "i.A. ", "i. V. ", "gez. "};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        size_t len = strlen(orders[i]);
        if (at >= len && memcmp(w->text + at - len, orders[i], len) == 0) {
            return lines < SIGNED_LINES_MAX;
        }
    }
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        size_t len = strlen(heads[i]);
        at -= at >= len && memcmp(w->text + at - len, heads[i], len) == 0 ? len : 0;
    }
    size_t line = str_line_begin(w->text, at);
    bool second = at >= line + 5 && at - line <= SIGNED_WITH_MAX &&
                  (str_starts(w->text + at - 5, " und ") || str_starts(w->text + at - 3, " & "));
    at = second ? line : at; /* "Ruth und Jobst Bockelmann" */
    return at > 0 && w->text[at - 1] == '\n' && lines < SIGNED_LINES_MAX;
}

/* Else what is left over may be what is missing. */
static bool all_named(const struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        if (c->in && (c->name.first == NULL || c->name.last == NULL || c->birth.year == 0)) {
            return false;
        }
    }
    return true;
}

/* A name in a sentence of its own is told of, not registered; one that stands in a row with others, or beside
 * a wish, may be one more who wants to come. */
static bool may_come(struct walk *w, const struct mention *m)
{
    size_t end = m->at + m->len;
    if (m->name.last == NULL && all_named(w) && person_bracket_end(w, m->at) != SIZE_MAX) {
        return person_says(w, "kin_in", m->sentence_at, m->sentence_end,
                           NULL); /* "meine Enkel (Ida und Moritz)" */
    }
    return m->name.last != NULL || !all_named(w) || in_row(w->text, m->at, end) ||
           person_says(w, "kin_in_after", end, m->sentence_end, NULL) ||
           person_says(w, "kin_in.registered", m->sentence_at, m->sentence_end, NULL);
}

/* The words of a name that belongs to nobody; NULL: none. */
static const char *name_left(struct walk *w, const struct mentions *mentions)
{
    for (size_t i = 0; i < mentions->mention.n; i++) {
        const struct mention *m = &mentions->mention.at[i];
        bool counts = m->kind == MENTION_NAME && m->source == NAME_IN_PASSING && m->at < w->closing_at &&
                      !m->somebody_else && !signs_below(w, m->at);
        if (counts && may_come(w, m) && !known_here(w, &m->name) && !in_address(mentions, m) &&
            !aside(w, m)) {
            return m->words;
        }
    }
    return NULL;
}

static bool birth_left(struct walk *w, const struct mentions *mentions)
{
    bool corrected = person_says(w, "correction", 0, w->len, NULL);
    for (size_t i = 0; i < mentions->mention.n && !corrected; i++) {
        const struct mention *m = &mentions->mention.at[i];
        bool found = m->kind != MENTION_BIRTH || m->points < BIRTH_POINTS_SAID;
        for (size_t k = 0; k < w->all.n && !found; k++) {
            const struct candidate *c = &w->all.at[k];
            found = c->birth.year != 0 && date_compare(c->birth, m->birth) == 0;
        }
        if (!found) {
            return true;
        }
    }
    return false;
}

static bool all_addressed(const struct walk *w, size_t before)
{
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        bool here = str_equal(c->address_source, "text") && c->address_at >= before && !c->address_shared;
        if (c->in && (!c->has_address || c->address.street == NULL || here)) {
            return false;
        }
    }
    return true;
}

/* The last paragraph begins with the sender's name, or their firm's: "Stratmann\nRechtlicher Betreuer\n…".
 * Who takes part has an address above it. */
static bool signature_below(struct walk *w, size_t at)
{
    enum { WORD_LEAST = 4 };
    const char *text = w->text, *sender = w->letter->from.name;
    size_t begin = at;
    while (begin > 0 && !(text[begin - 1] == '\n' && (begin < 2 || text[begin - 2] == '\n'))) {
        begin--;
    }
    if (begin == 0 || sender == NULL || strstr(text + at, "\n\n") != NULL || !all_addressed(w, begin)) {
        return false;
    }
    if (person_says(w, "not_private", begin, at, NULL)) {
        return true; /* "Stadt Iserlohn - Abteilung Straßenbau\n…" */
    }
    for (size_t end = begin + strcspn(text + begin, "\n"), i = begin, len; i < end; i += len + (len == 0)) {
        len = strcspn(text + i, " .,|·\n");
        if (len >= WORD_LEAST && strcasestr(sender, arena_strndup(w->arena, text + i, len)) != NULL) {
            return true;
        }
    }
    return false;
}

/* "Rechnung an die Firma in der …": said around the address, in its own sentence; bounded, since a sentence
 * may be as long as the mail and hold an address in each line. */
static bool said_aside(struct walk *w, const struct mention *m)
{
    size_t end = m->at + m->len;
    size_t ahead = m->at - m->sentence_at, rest = m->sentence_end > end ? m->sentence_end - end : 0;
    size_t from = utf8_before(w->text, m->at, ahead < ASIDE_MAX ? ahead : ASIDE_MAX);
    size_t to = end + utf8_cut(w->text + end, rest < ASIDE_MAX ? rest : ASIDE_MAX);
    return person_says(w, "address_aside", from, to, NULL);
}

static bool address_left(struct walk *w, const struct mentions *mentions)
{
    bool corrected = person_says(w, "correction", 0, w->len, NULL);
    for (size_t i = 0; i < mentions->mention.n && !corrected; i++) {
        const struct mention *m = &mentions->mention.at[i];
        bool found = m->kind != MENTION_ADDRESS || m->address.street == NULL || m->at >= w->closing_at ||
                     signature_below(w, m->at) || said_aside(w, m);
        for (size_t k = 0; k < w->all.n && !found; k++) {
            const struct candidate *c = &w->all.at[k];
            found = c->has_address && str_equal(c->address.street, m->address.street);
        }
        if (!found) {
            return true;
        }
    }
    return false;
}

/* "ich bin 10": and so is whose birth date it is. */
static bool says_own_age(struct walk *w, const struct candidate *me)
{
    struct found f;
    if (!person_says(w, "own_age", 0, w->len, &f)) {
        return false;
    }
    int said = atoi(found_group(&f, "age")), age = date_age(me->birth, w->reader->today);
    return said == age || said == age + 1;
}

/* A child's birth date with the writer, beside whom others are spoken of. */
static bool child_writes(struct walk *w)
{
    const struct candidate *me = &w->all.at[w->writer];
    bool others = w->loose.n > 0, listed = false;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        others = others || (!c->writer && (c->is_kin || c->third || c->passing));
        listed = listed || (!c->writer && c->in);
    }
    bool half = str_equal(me->first.source, "display name") && str_equal(me->last.source, "text") &&
                !person_says(w, "self_wish", 0, w->len, NULL); /* "Name: Schubert" by Ronny Schubert */
    size_t from = utf8_before(w->text, me->birth_at, WORDS_AROUND);
    bool own =
        !half && (me->labelled || (me->first.pattern != NULL && str_starts(me->first.pattern, "intro.")) ||
                  person_says(w, "first_person", from, me->birth_at, NULL));
    return me->in && me->birth.year != 0 && (others || listed || half) && !own &&
           date_age(me->birth, w->reader->today) < CHILD_BELOW && !says_own_age(w, me);
}

/* "ich (…) und meine Frau Halina (Jahrgang 1961)": a relation with a name who neither comes nor stays. */
static const char *kin_left(struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        bool named = c->name.first != NULL && !c->writer;
        bool told = all_named(w) && c->birth.year == 0 &&
                    ((!c->has_address && !in_row(w->text, c->at, c->name_end)) || spoken_of(w, c->at));
        if (c->is_kin && named && !told && !c->in && !c->stays && !c->somebody_else &&
            c->at < w->closing_at) {
            return c->name.first;
        }
    }
    return NULL;
}

static bool third_left(const struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        if (w->all.at[i].third && w->all.at[i].name.first == NULL) {
            return true;
        }
    }
    return false;
}

/* "alle außer Lukas", "nur Max": not everybody named comes. */
static bool only_some(struct walk *w)
{
    struct found f;
    size_t in = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        in += w->all.at[i].in;
    }
    for (size_t from = 0; in > 1 && person_says(w, "only_some", from, w->len, &f); from += f.at + f.len) {
        for (size_t i = 0; i < w->all.n; i++) {
            const struct candidate *c = &w->all.at[i];
            if (c->in && c->name.first != NULL && str_equal(c->name.first, found_group(&f, "name"))) {
                return true;
            }
        }
    }
    return false;
}

void person_account(struct walk *w, const struct mentions *mentions)
{
    if (only_some(w)) {
        person_reason(w, LEFT_OVER, "only_some", "Nicht alle, die genannt werden, nehmen teil");
    }
    if (birth_left(w, mentions)) {
        person_reason(w, LEFT_OVER, "left_birth_date", "Ein Geburtsdatum steht da, das zu niemandem gehört");
    }
    const char *name = name_left(w, mentions);
    name = name == NULL ? kin_left(w) : name;
    if (name != NULL) {
        person_reason(w, LEFT_OVER, "left_name",
                      arena_printf(w->arena, "„%s“ steht da und gehört zu niemandem", name));
    }
    if (address_left(w, mentions)) {
        person_reason(w, LEFT_OVER, "left_address", "Eine Anschrift steht da, die zu niemandem gehört");
    }
    if (person_slip_left(w)) {
        person_reason(w, LEFT_OVER, "slip_left", "Eine Angabe wird berichtigt, und niemand hat die richtige");
    }
    const struct candidate *me = &w->all.at[w->writer];
    if (!me->in && me->birth.year == 0 && person_says(w, "self_birth", 0, w->len, NULL)) {
        person_reason(w, LEFT_OVER, "own_birthday", "Auch die schreibende Person nennt einen Geburtstag");
    }
    if (child_writes(w) || third_left(w)) {
        person_reason(w, LEFT_OVER, "whose_birth_date", "Zu wem ein Geburtsdatum gehört, ist nicht sicher");
    }
}
