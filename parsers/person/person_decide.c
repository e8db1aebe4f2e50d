/* parsers/person/person_decide.c: who of the candidates takes part. */
#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { LEAST_AGE = 3, CHILD = 18 }; /* years: who is younger is told of, not registered; is a child */

/* Somebody else's birth date stands there. */
static bool others_born(const struct walk *w, const struct candidate *c)
{
    for (size_t i = 0; i < w->all.n; i++) {
        if (&w->all.at[i] != c && w->all.at[i].birth.year != 0) {
            return true;
        }
    }
    return false;
}

static bool counts_as_in(const struct walk *w, const struct candidate *c)
{
    bool named = c->name.first != NULL || c->name.last != NULL;
    if (c->somebody_else || c->writer) {
        return false;
    }
    if (c->is_kin) {
        return c->labelled || (c->listed && c->birth.year != 0 && !c->refused) ||
               (!c->stays && (c->takes_part || (c->birth.year != 0 && named)));
    }
    return named && (c->birth.year != 0 || c->labelled || c->chained ||
                     (c->listed && c->has_address && !(c->householder && others_born(w, c))));
}

/* "Ich komme gern. Meine Frau Ina hat am 3.3.1980 Geburtstag": told of, with no word that they come too. */
static bool only_told(const struct walk *w, const struct candidate *c, bool mine)
{
    bool told = c->is_kin && !c->takes_part && !c->labelled && !c->listed && c->birth.year != 0;
    bool infant = c->birth.year != 0 && !c->labelled && date_age(c->birth, w->reader->today) < LEAST_AGE;
    return infant || (told && mine);
}

/* The wish is the writer's own, and of nobody else. */
static bool wish_is_mine(struct walk *w)
{
    bool own = (w->writer != NOBODY && w->all.at[w->writer].birth.year != 0) ||
               person_says(w, "self_wish", 0, w->len, NULL);
    return own && !person_says(w, "several", 0, w->len, NULL);
}

/* "eine Kollegin und mich", and below her name in a list: one person. */
static void claim_names(struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *kin = &w->all.at[i];
        if (!kin->is_kin || kin->name.first != NULL || kin->name.last != NULL || kin->writer) {
            continue;
        }
        for (size_t k = i + 1; k < w->all.n; k++) {
            struct candidate *c = &w->all.at[k];
            bool theirs = !c->is_kin || (c->kin == kin->kin && c->name.first != NULL);
            if (theirs && !c->writer && counts_as_in(w, c)) {
                c->is_kin = c->takes_part = true;
                c->kin = kin->kin;
                if (c->birth.year == 0) {
                    c->birth = kin->birth;
                    c->birth_evidence = kin->birth_evidence;
                }
                kin->somebody_else = true;
                break;
            }
        }
    }
}

static bool has_child(const struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        if (!c->writer && c->birth.year != 0 && date_age(c->birth, w->reader->today) < CHILD) {
            return true;
        }
    }
    return false;
}

/* "Name des Kindes: Matteo …, Mutter: …, Vater: …": whoever has the child's form filled in does not come. */
static void leave_out_parents(struct walk *w)
{
    bool child = has_child(w);
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        c->somebody_else |= child && c->row && c->birth.year == 0 && !c->takes_part && !c->writer;
    }
}

static bool is_pair_of(const struct walk *w, int i)
{
    for (size_t k = 0; k < w->all.n; k++) {
        if (w->all.at[k].pair == i) {
            return true;
        }
    }
    return false;
}

/* "Murat und Selin Aksoy <…>" */
static bool sends(const struct walk *w, const struct candidate *c)
{
    const char *sender = w->letter->from.name;
    const char *at = sender == NULL || c->name.first == NULL ? NULL : strstr(sender, c->name.first);
    return at != NULL && (at == sender || at[-1] == ' ' || at[-1] == ',') &&
           utf8_letters(at + strlen(c->name.first)) == 0;
}

/* "meine beiden Jungs möchten …": who of the family is named in the text is one of them. */
static void claim_passing(struct walk *w)
{
    const struct candidate *me = &w->all.at[w->writer];
    bool plural = false;
    for (size_t i = 0; i < w->all.n; i++) {
        plural |=
            w->all.at[i].is_kin && w->all.at[i].plural && w->all.at[i].takes_part && !w->all.at[i].stays;
    }
    for (size_t i = 0; i < w->all.n && plural && me->name.last != NULL; i++) {
        struct candidate *c = &w->all.at[i];
        if (c->passing && c->birth.year == 0 && c->name.last != NULL &&
            str_equal(c->name.last, me->name.last) && !c->writer && !sends(w, c)) {
            c->is_kin = c->takes_part = true;
            c->kin = KIN_CHILD;
        }
    }
}

/* A name that has a line for itself. */
static bool is_own_line(const struct walk *w, const struct candidate *c)
{
    const struct evidence *e = &c->first;
    size_t end = e->at + e->len;
    return str_equal(e->source, "text") && e->len > 0 && str_line_begin(w->text, e->at) == e->at &&
           (w->text[end] == '\n' || w->text[end] == '\0');
}

/* "mich und meinen Mann", and a line "Ewald Lindemann" without more: it is his. */
static void claim_own_line(struct walk *w)
{
    struct candidate *kin = NULL, *line = NULL;
    int kins = 0, lines = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        bool unnamed = c->is_kin && !c->plural && c->takes_part && !c->stays && c->name.first == NULL;
        bool named = !c->is_kin && !c->takes_part && !c->has_address && c->birth.year == 0 &&
                     c->name.first != NULL && c->name.last != NULL && !c->writer && !sends(w, c) &&
                     is_own_line(w, c);
        kins += unnamed;
        lines += named;
        kin = unnamed ? c : kin;
        line = named ? c : line;
    }
    if (kins == 1 && lines == 1) {
        person_take_name(kin, &line->name, line->first);
        line->somebody_else = true;
    }
}

/* "meine zwei Kinder anmelden. Mein Sohn Kacper ist …": whom the plural means takes part; what was said of
 * all holds for each. */
static void claim_plural(struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *all = &w->all.at[i];
        if (!all->is_kin || !all->plural || all->name.first != NULL || all->stays) {
            continue;
        }
        bool any = false;
        for (size_t k = 0; k < w->all.n; k++) {
            struct candidate *c = &w->all.at[k];
            bool kin = k != i && c->is_kin && c->kin == all->kin && c->name.first != NULL && !c->stays;
            bool minor = c->birth.year != 0 && date_age(c->birth, w->reader->today) < CHILD;
            bool pair = all->kin == KIN_CHILD && !c->is_kin && !c->writer && c->name.first != NULL &&
                        !c->passing && (c->pair != NOBODY || minor || is_pair_of(w, (int)k));
            if (!kin && !pair) {
                continue;
            }
            any = true;
            c->takes_part |= kin && all->takes_part;
            if (!c->has_address && all->has_address) {
                c->address = all->address;
                c->address_source = all->address_source;
                c->has_address = true;
            }
        }
        all->somebody_else |= any;
    }
}

static bool named_so(const struct candidate *c, const struct found *f)
{
    const char *own = found_group(f, "honor") != NULL ? c->name.last : c->name.first;
    return own != NULL && str_equal(own, found_group(f, "name"));
}

/* "alle außer Lukas", "Frau Kuhn will nicht kommen" */
static void leave_out_excepted(struct walk *w)
{
    struct found f;
    for (size_t from = 0; person_says(w, "excepted", from, w->len, &f); from += f.at + f.len) {
        for (size_t i = 0; i < w->all.n; i++) {
            struct candidate *c = &w->all.at[i];
            if (!c->writer && named_so(c, &f)) {
                c->somebody_else = true;
            }
        }
    }
}

/* "(Mats, *1.4.2012, und Smilla gehen solange aufs Eis.)": a sentence in brackets, and no word that they
 * come. */
static void leave_out_bracketed(struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        size_t open = c->at, end = person_bracket_end(w, c->at);
        while (end != SIZE_MAX && w->text[open - 1] != '(') {
            open--;
        }
        bool sentence = end != SIZE_MAX && strchr(".!", w->text[end - 1]) != NULL &&
                        (open < 2 || strchr("\n .", w->text[open - 2]) != NULL);
        c->somebody_else |= sentence && !c->writer && !person_says(w, "bracketed_in", open, end, NULL);
    }
}

/* A whole name of the text that may be one of a row. */
static bool in_row(const struct walk *w, const struct candidate *c)
{
    bool whole = c->name.first != NULL && c->name.last != NULL;
    return whole && c->at < w->closing_at && !c->somebody_else && !c->refused && !c->stays;
}

/* "Wir kommen: Kai Witte, Jonas Witte und Till Brauer": whole names in a row with one who takes part. */
static void bring_partners(struct walk *w)
{
    for (size_t n = 2 * w->all.n; n > 0; n--) { /* along the row from its first to its last, and back */
        size_t i = n > w->all.n ? 2 * w->all.n - n : n - 1;
        struct candidate *c = &w->all.at[i];
        if (c->pair != NOBODY && in_row(w, c) && in_row(w, &w->all.at[c->pair])) {
            c->in = w->all.at[c->pair].in = c->in || w->all.at[c->pair].in;
        }
    }
}

/* "Meine Frau Ursula begleitet mich. Wir kommen also zu zweit": the number tells that the relation comes too.
 */
static void bring_counted(struct walk *w)
{
    int in = 0, kin = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < w->all.n; i++) {
            struct candidate *c = &w->all.at[i];
            bool may = c->is_kin && c->name.first != NULL && !c->in && !c->writer && !c->refused &&
                       !c->somebody_else;
            in += pass == 0 && c->in;
            kin += pass == 0 && may;
            c->in |= pass == 1 && may && w->ret->counted && in + kin == w->ret->count;
        }
    }
}

/* Named in the text as they are called, without a birth date. */
static bool same_initial(const char *a, const char *b)
{
    return a != NULL && b != NULL && utf8_lower(utf8_next(&a)) == utf8_lower(utf8_next(&b));
}

static bool is_vague(const struct candidate *c)
{
    return c->in && c->birth.year == 0 && !c->labelled &&
           (c->writer || (c->is_kin && c->name.first != NULL && c->name.last == NULL));
}

/* "Meine Freundin Lotti und ich … Ursula Brandt, 5.4.1944, und Charlotte Nießen, 19.9.1945" by Ursel Brandt:
 * as many whole names as people spoken of, and one is the writer's by surname and initial. */
static void leave_out_called(struct walk *w, const struct candidate *me)
{
    size_t vague = 0, whole = 0;
    bool mine = false;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        bool told = c->in && !c->is_kin && !c->writer && c->birth.year != 0 && c->name.first != NULL;
        vague += is_vague(c);
        whole += told;
        mine = mine || (told && same_initial(c->name.first, me->name.first) &&
                        str_equal(c->name.last, me->name.last));
    }
    bool twice = vague > 1 && vague == whole && mine && is_vague(me);
    for (size_t i = 0; i < w->all.n && twice; i++) {
        struct candidate *c = &w->all.at[i];
        c->somebody_else |= is_vague(c);
        c->in = c->in && !is_vague(c);
    }
}

void person_decide(struct walk *w)
{
    leave_out_excepted(w);
    leave_out_bracketed(w);
    leave_out_parents(w);
    claim_passing(w);
    claim_own_line(w);
    claim_plural(w);
    bool alone = person_says(w, "self_only", 0, w->len, NULL);
    w->ret->counted = w->ret->counted && !alone; /* "wollten zu zweit kommen, so bleibt es bei mir allein" */
    claim_names(w);
    bool others = false, unnamed_kin = false, mine = wish_is_mine(w);
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        bool left_at_home =
            alone && (c->is_kin || (w->writer != NOBODY && w->all.at[w->writer].birth.year != 0));
        c->stays |= left_at_home;
        c->refused |= left_at_home;
        c->somebody_else |= left_at_home && !c->is_kin && !c->writer;
        c->in = counts_as_in(w, c) && !only_told(w, c, mine);
        c->stays |= !c->in && c->birth.year != 0 && date_age(c->birth, w->reader->today) < LEAST_AGE;
        others |= c->in;
        unnamed_kin |= c->in && c->is_kin && c->name.first == NULL;
    }
    int i = person_writer(w, w->len);
    struct candidate *me = &w->all.at[i];
    bool self = person_says(w, "self_in", 0, w->len, NULL), out = person_says(w, "self_out", 0, w->len, NULL);
    bool both = person_says(w, "self_and", 0, w->len, NULL);
    bool form = me->row && has_child(w) && !both &&
                !person_says(w, "several", 0, w->len,
                             NULL); /* "Kind: …\nMutter: …": hers is the form, not the place */
    bool data = !me->somebody_else && !form && (me->birth.year != 0 || me->labelled);
    me->in = !out && (!others || data || (self && both));
    bring_partners(w);
    bring_counted(w);
    leave_out_called(w, me);
    if (me->in && others && !data && !both) {
        person_reason(w, -10, "writer_unsure", "Nicht sicher, ob auch die schreibende Person teilnimmt");
    }
    if (unnamed_kin) {
        person_reason(w, -5, "unnamed_person", "Jemand wird angemeldet, dessen Name nicht dasteht");
    }
}
