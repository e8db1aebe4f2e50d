/* parsers/person/person_walk.c: from mentions to candidates, in the order of the text. */
#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

bool person_says(struct walk *w, const char *group, size_t from, size_t to, struct found *ret)
{
    struct found ignored;
    return to > from && patterns_find(w->reader->patterns, w->arena, group, w->text + from, to - from, 0,
                                      ret != NULL ? ret : &ignored);
}

void person_reason(struct walk *w, int points, const char *code, const char *what)
{
    struct reason *r = LIST_ADD(w->arena, &w->ret->reasons);
    r->points = points;
    r->code = code;
    r->what = what;
}

struct evidence person_evidence(const struct mention *m, const char *source)
{
    return (struct evidence){m->words, source, m->words_at, m->words_len, m->pattern, m->where};
}

int person_new(struct walk *w, size_t at)
{
    if (w->all.n >= CANDIDATES_MAX) {
        w->ret->too_many = true;
        return (int)w->all.n - 1;
    }
    struct candidate *c = LIST_ADD(w->arena, &w->all);
    c->at = at;
    c->pair = NOBODY;
    return (int)w->all.n - 1;
}

int person_writer(struct walk *w, size_t at)
{
    if (w->writer == NOBODY) {
        w->writer = person_new(w, at);
        w->all.at[w->writer].writer = true;
    }
    return w->writer;
}

bool person_lives_with_writer(enum kin kin)
{
    return kin == KIN_SPOUSE || kin == KIN_CHILD;
}

/* Fills in what the candidate's name lacks. */
void person_take_name(struct candidate *c, const struct name *name, struct evidence evidence)
{
    if (c->name.first == NULL && name->first != NULL) {
        c->name.first = name->first;
        c->first = evidence;
    } else if (c->name.first != NULL && name->first != NULL && strlen(name->first) > strlen(c->name.first) &&
               c->name.last == NULL) {
        c->name.first = name->first;
        c->first = evidence;
    }
    if (c->name.last == NULL && name->last != NULL) {
        c->name.last = name->last;
        c->last = evidence;
    }
    if (c->name.initial == NULL) {
        c->name.initial = name->initial;
    }
    c->name.honorific |= name->honorific;
}

int person_find_same(struct walk *w, const struct name *name)
{
    for (int i = (int)w->all.n - 1; i >= 0; i--) {
        const struct candidate *c = &w->all.at[i];
        bool named = c->name.first != NULL || c->name.last != NULL;
        if (named && name_same(w->arena, &c->name, name)) {
            return i;
        }
        bool only_first = named && c->name.last == NULL && name->first != NULL && c->name.first != NULL &&
                          str_equal(utf8_fold(w->arena, c->name.first), utf8_fold(w->arena, name->first));
        if (only_first) {
            return i;
        }
    }
    return NOBODY;
}

/* "Vorname: Petra", "Nachname: Müller": two halves of one name. */
static bool completes(const struct candidate *c, const struct mention *m)
{
    bool half = (m->name.first == NULL) != (m->name.last == NULL);
    bool other_half = m->name.first == NULL ? c->name.first != NULL && c->name.last == NULL
                                            : c->name.last != NULL && c->name.first == NULL;
    bool told_of = c->is_kin && c->stays; /* "Sein Bruder Emil ist zu alt. Familienname: Steinhauer" */
    return half && other_half && !told_of && (m->source == NAME_LABEL || m->source == NAME_INTRO);
}

/* "Smilla Asmussen, 9 Jahre, dritte Klasse, will …": who is told with an age and wants to come. */
static bool wants_by_age(struct walk *w, const struct mention *m)
{
    size_t end = m->at + m->len;
    bool entry = m->at == m->sentence_at || strchr("\n", w->text[m->at - 1]) != NULL ||
                 (m->at >= 2 && strchr(".!?", w->text[m->at - 2]) != NULL);
    return person_says(w, "age_behind.years", end, m->sentence_end, NULL) &&
           (entry || person_says(w, "age_behind.wants", end, m->sentence_end, NULL));
}

/* Names in a sentence: somebody known is spoken of again; else anybody, whose facts may come next. */
static void walk_passing(struct walk *w, const struct mention *m, int known)
{
    if (known != NOBODY && person_bracket_end(w, m->at) != SIZE_MAX) {
        return; /* "Felix Degener (Freund von Jona), geb. …" */
    }
    if (known != NOBODY) { /* "Johann und Greta sind in der Igelstraße 40 zu Hause" */
        w->also = person_joins_last(w, w->current, m) && w->current != known ? w->current : NOBODY;
        w->current = known;
        w->passing = NOBODY;
        return;
    }
    if (m->name.last == NULL) {
        *LIST_ADD(w->arena, &w->loose) = m->name;
        w->loose_last = m->at < w->closing_at ? m : NULL;
        return;
    }
    int before = w->passing != NOBODY ? w->passing : w->current;
    bool joined = person_joins_last(w, before, m) && m->at < w->closing_at;
    int i = person_new(w, m->at);
    person_take_name(&w->all.at[i], &m->name, person_evidence(m, "text"));
    w->all.at[i].passing = true;
    w->all.at[i].chained =
        (joined && w->all.at[before].chained) ||
        (w->fact_end > 0 && w->current != NOBODY && w->all.at[w->current].birth.year != 0 &&
         mention_only_joins(w->text, w->fact_end, m->at));
    w->all.at[i].chained |= wants_by_age(w, m);
    w->all.at[i].pair = joined ? before : NOBODY;
    w->passing = m->at < w->closing_at ? i : NOBODY;
    w->passing_end = m->sentence_end;
    w->last_named = i;
}

/* "Unsere Adresse: Birgit und Klaus Adolphs, …" */
static bool keeps_house(struct walk *w, const struct mention *m)
{
    size_t near = utf8_before(w->text, m->at, ADDRESS_HEAD_MAX);
    return m->source == NAME_BESIDE_ADDRESS &&
           (person_says(w, "address_head", near, m->at, NULL) || person_below_text(w, m->at));
}

/* "meine Freundin Tine … Tine: Christine Roth, 9.9.1991": the name as she is called heads the whole one. */
static int headed_by(struct walk *w, const struct mention *m)
{
    for (size_t i = 0; i < w->all.n && m->name.first != NULL && m->name.last != NULL; i++) {
        struct candidate *c = &w->all.at[i];
        size_t len = c->name.first == NULL || c->name.last != NULL ? 0 : strlen(c->name.first);
        if (len > 0 && m->at >= len + 2 && memcmp(w->text + m->at - len - 2, c->name.first, len) == 0 &&
            memcmp(w->text + m->at - 2, ": ", 2) == 0) {
            c->name.first = NULL;
            return (int)i;
        }
    }
    return NOBODY;
}

/* With the first name that the next label tells. */
static struct name whole_name(const struct mention *m)
{
    struct name whole = m->name;
    whole.first = m->given != NULL ? m->given : whole.first;
    return whole;
}

/* "Unsere Tochter soll mitmachen. Name: Schubert, geb. …" by Ronny Schubert: the surname is theirs of whom
 * the name was to come. */
static bool names_awaited(struct walk *w, const struct name *name)
{
    const struct candidate *c = w->current == NOBODY ? NULL : &w->all.at[w->current];
    return c != NULL && name->first == NULL && name->initial == NULL && c->is_kin && c->takes_part &&
           c->name.first == NULL && c->name.last == NULL && !person_says(w, "self_and", 0, w->len, NULL);
}

/* "Abholen macht der Opa.\n\nDanke sagt\nMilica Stojanovic", but "unsere Tochter:\n\nLea Kern" */
static bool signs(const struct walk *w, size_t at)
{
    size_t before = at;
    while (before > 0 && strchr(" \n", w->text[before - 1]) != NULL) {
        before--;
    }
    return person_below_text(w, at) && before > 0 && w->text[before - 1] != ':';
}

/* "Bitte notieren: Yusuf Güler" by Emine Güler */
static bool of_family(const struct walk *w, const struct name *name)
{
    return name->first != NULL && name->last != NULL && w->display_counts &&
           str_equal(name->last, w->display.last);
}

/* Who is known already by this name, or lacks just this; NOBODY: a new one. */
static int known_by(struct walk *w, const struct mention *m, bool is_writer)
{
    struct name whole = whole_name(m);
    int i = person_find_same(w, &whole);
    bool of_kin = i != NOBODY && i != w->writer && w->all.at[i].is_kin && w->all.at[i].name.first == NULL;
    i = of_kin && is_writer ? NOBODY : i; /* "meine Enkelin … Name: Krämer …", and below "Silke Krämer" */
    const struct candidate *current = w->current == NOBODY ? NULL : &w->all.at[w->current];
    bool completed = current != NULL && m->source == NAME_LABEL && completes(current, m);
    if (completed || names_awaited(w, &whole)) {
        return w->current; /* "Vorname: Dieter, Nachname: Kemper" below Ruth Kemper */
    }
    if (m->third && w->last_kin != NOBODY && w->all.at[w->last_kin].name.first == NULL) {
        return w->last_kin;
    }
    if (i == NOBODY && current != NULL && completes(current, m)) {
        return w->current;
    }
    if (i == NOBODY && is_writer && w->writer != NOBODY && w->all.at[w->writer].name.first == NULL) {
        return w->writer;
    }
    bool awaited = current != NULL && current->is_kin && current->name.first == NULL && !m->self &&
                   !is_writer && m->at <= current->at + AWAITED_MAX &&
                   (m->source >= NAME_ON_LINE || of_family(w, &m->name)) && !signs(w, m->at);
    return i == NOBODY && awaited ? w->current : i; /* "meine Schwiegermutter … Sie heißt:" */
}

/* A new one; "die Jungs Leo 2.3.2012 und Ben 30.6.2014": the relation goes on. */
static int begin_person(struct walk *w, const struct mention *m)
{
    const struct candidate *kin = w->current == NOBODY ? NULL : &w->all.at[w->current];
    bool goes_on = kin != NULL && kin->is_kin && kin->kin == KIN_CHILD && kin->name.first != NULL &&
                   m->name.last == NULL && m->at <= w->fact_end + 8;
    if (m->third && w->last_kin != NOBODY && w->all.at[w->last_kin].plural) { /* "die kleine heißt" */
        kin = &w->all.at[w->last_kin];
        goes_on = true;
    }
    enum kin relation = goes_on ? kin->kin : KIN_NONE;
    bool part = goes_on && kin->takes_part;
    int i = person_new(w, m->at);
    w->all.at[i].is_kin = goes_on;
    w->all.at[i].kin = relation;
    w->all.at[i].takes_part = part;
    return i;
}

static bool is_writers(struct walk *w, const struct mention *m)
{
    struct name whole = whole_name(m);
    bool surname_alone = (m->name.first == NULL && m->name.honorific) || names_awaited(w, &whole);
    return m->self || (!surname_alone && ((w->writer_named && name_same(w->arena, &w->writer_name, &whole)) ||
                                          (w->display_counts && name_same(w->arena, &w->display, &whole))));
}

/* "unser Jannis … Jannis heißt mit Nachnamen Brüne": whose first name was said right before. */
static bool surname_of_loose(const struct walk *w, const struct mention *m)
{
    enum { SURNAME_NEAR = 40 };
    return m->source == NAME_LABEL && m->name.first == NULL && m->name.last != NULL &&
           w->loose_last != NULL && m->at > w->loose_last->at && m->at - w->loose_last->at <= SURNAME_NEAR;
}

/* "Im Orden heiße ich Franziska, im Ausweis steht Elisabeth Marohn": what the writer is called else, goes. */
static int named_in_papers(struct walk *w, const struct mention *m)
{
    int i = person_writer(w, m->at);
    struct name *name = &w->all.at[i].name;
    name->first = m->name.first != NULL ? NULL : name->first;
    name->last = m->name.last != NULL ? NULL : name->last;
    return i;
}

static void walk_name(struct walk *w, const struct mention *m)
{
    bool is_writer = is_writers(w, m), papers = str_equal(m->pattern, "intro.papers");
    int i = papers ? named_in_papers(w, m) : headed_by(w, m);
    i = i == NOBODY ? known_by(w, m, is_writer) : i;
    i = i == NOBODY && surname_of_loose(w, m) ? person_loose(w) : i;
    if (m->source == NAME_IN_PASSING && m->somebody_else) {
        return;
    }
    if (m->source == NAME_IN_PASSING && !is_writer && (i == NOBODY || m->name.last == NULL)) {
        walk_passing(w, m, i);
        return;
    }
    w->passing = NOBODY;
    if (i == NOBODY && w->pending && w->writer != NOBODY &&
        person_same_line(w, w->all.at[w->writer].at, m->at)) {
        i = w->writer; /* "58640 Iserlohn, Ahornweg 6, Beckmann Ursula" */
        w->pending = false;
    }
    i = i == NOBODY ? begin_person(w, m) : i;
    struct candidate *c = &w->all.at[i];
    person_take_name(c, &m->name, person_evidence(m, "text"));
    c->householder |= m->host || keeps_house(w, m);
    c->name_end = m->at + m->len;
    c->labelled |= m->source == NAME_LABEL;
    c->listed |= m->third || m->source == NAME_BESIDE_ADDRESS || m->source == NAME_ON_LINE ||
                 m->source == NAME_BESIDE_BIRTH;
    c->somebody_else |= m->somebody_else;
    if (is_writer && !c->is_kin && w->writer == NOBODY) {
        w->writer = i;
        c->writer = true;
    }
    if (c->pair == NOBODY && w->last_named != i && m->at < w->closing_at &&
        (person_joins_last(w, w->last_named, m) || person_next_line(w, m))) {
        c->pair = w->last_named;
    }
    w->last_named = i;
    w->row_dated = false;
    w->family |= m->name.family;
    w->current = m->somebody_else || m->host ? w->current : i;
}

/* "unser Lehrling … Name: Mirko Bozic … Er wohnt": whoever was named since is the relation. */
static bool names_kin(const struct walk *w)
{
    const struct candidate *kin = &w->all.at[w->last_kin];
    const struct candidate *c = w->current == NOBODY ? kin : &w->all.at[w->current];
    return !c->writer && c != kin && c->name.first != NULL && kin->name.first == NULL && c->at > kin->at;
}

/* "er", "sie": the relation spoken of last, or whose first name was said. */
static void walk_third(struct walk *w, const struct mention *m)
{
    w->third_at = m->at;
    int loose = w->passing == NOBODY ? person_loose(w) : NOBODY;
    if (loose != NOBODY) {
        w->current = loose;
    } else if (w->passing == NOBODY && w->last_kin != NOBODY && !names_kin(w)) {
        w->current = w->last_kin;
    }
}

void person_walk(struct walk *w, const struct mentions *mentions)
{
    bool in_closing = false;
    for (size_t i = 0; i < mentions->mention.n; i++) {
        const struct mention *m = &mentions->mention.at[i];
        size_t next = m->at + m->len + utf8_cut(w->text + m->at + m->len, 60);
        person_leave_kin(w, m);
        person_leave_bracket(w, m);
        if (m->at >= w->closing_at && !in_closing) {
            in_closing = true; /* what stands below "Viele Grüße" is the writer's, if no name says else */
            w->current = person_writer(w, m->at);
        }
        switch (m->kind) {
        case MENTION_NAME:
            if (m->at >= w->name_end || m->third) { /* found twice: the surer source stands first */
                walk_name(w, m);
                w->name_end = m->at + m->len;
            }
            break;
        case MENTION_KIN:
            person_walk_kin(w, m);
            if ((m->name.first != NULL || m->name.last != NULL) && !person_heads_list(w, m)) {
                w->name_end = m->at + m->len;
            }
            break;
        case MENTION_SELF:
            w->pending = false;
            w->also = NOBODY;
            w->passing = NOBODY;
            person_begin_bracket(w, m);
            w->current = person_writer(w, m->at);
            break;
        case MENTION_THIRD:
            walk_third(w, m);
            break;
        case MENTION_BIRTH: {
            size_t ordered = person_births_in_order(w, m, mentions->mention.n - i);
            if (ordered == 0) {
                person_birth(w, m, next);
            }
            w->row_dated = ordered > 0;
            i += ordered > 0 ? ordered - 1 : 0;
            w->fact_end = mentions->mention.at[i].at + mentions->mention.at[i].len;
            break;
        }
        case MENTION_ADDRESS:
            person_address(w, m, next);
            break;
        }
    }
}
