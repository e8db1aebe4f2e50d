#include "parsers/person.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/birth.h"
#include "parsers/mention.h"

#include <stdlib.h>
#include <string.h>

/* The mentions of a text are walked in order. Each name, or relation, begins or continues a person;
 * "ich" and "sie" say whose facts come next; dates and addresses go to the person spoken of last. Then
 * it is decided who takes part, and what is said once for several is shared. */
enum { CANDIDATES_MAX = 4 * READING_PERSONS_MAX, NOBODY = -1, CORRECTION_MAX = 200, KIN_ASIDE_MAX = 40 };

struct candidate {
    struct name name;
    struct evidence first, last, birth_evidence;
    size_t at;
    struct date birth;
    size_t birth_at;
    int birth_points;
    struct address_found address;
    bool has_address, address_shared, address_old;
    const char *address_source;
    size_t address_at;
    enum kin kin;
    bool passing; /* only named in a sentence */
    bool plural;  /* "meine Kinder" */
    bool is_kin, writer, labelled, listed, takes_part, stays, somebody_else;
    bool in;
};

struct walk {
    struct arena *arena;
    const struct reader *reader;
    const struct own_words *own;
    const struct letter *letter;
    const char *text;
    size_t len, closing_at;
    LIST(struct candidate)
    all;
    int current, writer, last_kin, before_kin;
    size_t kin_end;  /* the sentence of the relation last mentioned */
    size_t fact_end; /* … the date */
    size_t name_end; /* where the name last mentioned ends */
    struct name writer_name;
    struct evidence writer_evidence;
    bool pending; /* facts stand before any name */
    bool writer_named, display_counts, shared_words, family;
    struct name display;
    struct address_found shared_address;
    bool has_shared_address;
    struct persons *ret;
};

static bool says(struct walk *w, const char *group, size_t from, size_t to, struct found *ret)
{
    struct found ignored;
    return to > from && patterns_find(w->reader->patterns, w->arena, group, w->text + from, to - from, 0,
                                      ret != NULL ? ret : &ignored);
}

static void reason(struct walk *w, int points, const char *code, const char *what)
{
    struct reason *r = LIST_ADD(w->arena, &w->ret->reasons);
    r->points = points;
    r->code = code;
    r->what = what;
}

static struct evidence evidence_of(const struct mention *m, const char *source)
{
    return (struct evidence){m->words, source, m->at, m->len, m->pattern, m->where};
}

static int new_candidate(struct walk *w, size_t at)
{
    if (w->all.n >= CANDIDATES_MAX) {
        w->ret->too_many = true;
        return (int)w->all.n - 1;
    }
    struct candidate *c = LIST_ADD(w->arena, &w->all);
    c->at = at;
    return (int)w->all.n - 1;
}

static int writer(struct walk *w, size_t at)
{
    if (w->writer == NOBODY) {
        w->writer = new_candidate(w, at);
        w->all.at[w->writer].writer = true;
    }
    return w->writer;
}

static bool lives_with_writer(enum kin kin)
{
    return kin == KIN_SPOUSE || kin == KIN_CHILD;
}

/* Fills in what the candidate's name lacks. */
static void take_name(struct candidate *c, const struct name *name, struct evidence evidence)
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

static int find_same(struct walk *w, const struct name *name)
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
    return half && other_half && (m->source == NAME_LABEL || m->source == NAME_INTRO);
}

static bool same_line(const struct walk *w, size_t a, size_t b)
{
    return b >= a && memchr(w->text + a, '\n', b - a) == NULL;
}

static void walk_name(struct walk *w, const struct mention *m)
{
    int i = find_same(w, &m->name);
    struct candidate *current = w->current == NOBODY ? NULL : &w->all.at[w->current];
    bool is_writer = m->self || (!(m->name.first == NULL && m->name.honorific) &&
                                 ((w->writer_named && name_same(w->arena, &w->writer_name, &m->name)) ||
                                  (w->display_counts && name_same(w->arena, &w->display, &m->name))));
    if (m->third && w->last_kin != NOBODY && w->all.at[w->last_kin].name.first == NULL) {
        i = w->last_kin;
    } else if (i == NOBODY && current != NULL && completes(current, m)) {
        i = w->current;
    } else if (i == NOBODY && is_writer && w->writer != NOBODY && w->all.at[w->writer].name.first == NULL) {
        i = w->writer;
    } else if (i == NOBODY && current != NULL && current->is_kin && current->name.first == NULL && !m->self &&
               !is_writer && m->at <= current->at + 400 && m->source >= NAME_ON_LINE) {
        i = w->current; /* "meine Schwiegermutter … Sie heißt:", then the name on a line */
    }
    if (m->source == NAME_IN_PASSING && i == NOBODY && !is_writer) {
        i = new_candidate(w, m->at); /* anybody: nothing that follows is taken for theirs */
        take_name(&w->all.at[i], &m->name, evidence_of(m, "text"));
        w->all.at[i].passing = true;
        return;
    }
    if (i == NOBODY && w->pending && w->writer != NOBODY && same_line(w, w->all.at[w->writer].at, m->at)) {
        i = w->writer; /* "58640 Iserlohn, Ahornweg 6, Beckmann Ursula" */
        w->pending = false;
    }
    if (i == NOBODY) {
        /* "die Jungs Leo 2.3.2012 und Ben 30.6.2014": the relation goes on */
        bool goes_on = current != NULL && current->is_kin && lives_with_writer(current->kin) &&
                       current->name.first != NULL && m->name.last == NULL && m->at <= w->fact_end + 8;
        enum kin kin = goes_on ? current->kin : KIN_NONE;
        bool part = goes_on && current->takes_part;
        i = new_candidate(w, m->at);
        w->all.at[i].is_kin = goes_on;
        w->all.at[i].kin = kin;
        w->all.at[i].takes_part = part;
    }
    struct candidate *c = &w->all.at[i];
    take_name(c, &m->name, evidence_of(m, "text"));
    c->labelled |= m->source == NAME_LABEL;
    c->listed |=
        m->source == NAME_BESIDE_ADDRESS || m->source == NAME_ON_LINE || m->source == NAME_BESIDE_BIRTH;
    c->somebody_else |= m->somebody_else;
    if (is_writer && !c->is_kin && w->writer == NOBODY) {
        w->writer = i;
        c->writer = true;
    }
    w->family |= m->name.family;
    w->current = m->somebody_else ? w->current : i;
}

/* "Jonas Wischnewski (unser Sohn)", "Lakshmi, my wife,": the relation of the name before it. */
static bool in_apposition(const struct walk *w, const struct mention *m)
{
    size_t at = m->at, n = 0;
    while (at > 0 && strchr(" (,–-", w->text[at - 1]) != NULL && n < 4) {
        at--;
        n++;
    }
    return n > 0 && w->current != NOBODY && w->name_end == at && w->text[m->at - 1] != ' ';
}

static void walk_kin(struct walk *w, const struct mention *m)
{
    int i = NOBODY;
    bool named = m->name.first != NULL || m->name.last != NULL;
    if (!named && in_apposition(w, m)) {
        w->all.at[w->current].is_kin = true;
        w->all.at[w->current].kin = m->kin;
        w->all.at[w->current].takes_part |= !m->stays;
        w->last_kin = w->current;
        w->kin_end = m->sentence_end;
        return;
    }
    if (named) {
        i = find_same(w, &m->name);
    }
    for (int k = (int)w->all.n - 1; k >= 0 && i == NOBODY; k--) {
        const struct candidate *c = &w->all.at[k];
        bool fits = c->is_kin && c->kin == m->kin && (!named || c->name.first == NULL);
        i = fits ? k : i;
    }
    if (i != NOBODY && w->all.at[i].writer && i == w->writer) {
        return; /* "Mein Name …": the relation is the writer's own role */
    }
    if (i == NOBODY) {
        i = new_candidate(w, m->at);
    }
    struct candidate *c = &w->all.at[i];
    c->is_kin = true;
    c->kin = m->kin;
    c->plural |= m->plural;
    if (named) {
        struct evidence e = evidence_of(m, "text");
        take_name(c, &m->name, e);
    }
    c->takes_part |= m->takes_part && !m->stays;
    c->stays |= m->stays;
    w->before_kin = w->current;
    w->last_kin = i;
    w->kin_end = m->sentence_end;
    if (!named && m->stays) { /* "mein verstorbener Mann (geb. 1.1.1935)", but "meine Mutter sagt" */
        size_t end = m->at + m->len, mark = end + strspn(w->text + end, " ");
        size_t aside = w->text[mark] == '(' || w->text[mark] == ',' ? end + KIN_ASIDE_MAX : end;
        w->kin_end = aside < w->kin_end ? aside : w->kin_end;
    }
    w->current = i;
}

/* Whether words between two facts, or right behind the second, take the first one back. */
static bool corrects(struct walk *w, size_t first, size_t second, size_t next)
{
    return first < second && second - first <= CORRECTION_MAX && says(w, "correction", first, next, NULL);
}

static void walk_birth(struct walk *w, const struct mention *m, size_t next)
{
    int i = w->current == NOBODY ? writer(w, m->at) : w->current;
    struct candidate *c = &w->all.at[i];
    if (c->birth.year != 0 && date_compare(c->birth, m->birth) != 0) {
        bool corrected = corrects(w, c->birth_at, m->at, next);
        if (!corrected && c->birth_points >= m->points) {
            return;
        }
        if (!corrected && c->birth_points == m->points) {
            reason(w, -30, "two_birth_dates", "Zwei Daten passen als Geburtsdatum");
        }
    }
    c->birth = m->birth;
    c->birth_at = m->at;
    c->birth_points = m->points;
    c->birth_evidence = evidence_of(m, "text");
    for (size_t k = 0; k < w->all.n && m->of_both; k++) {
        struct candidate *other = &w->all.at[k];
        if (other->birth.year == 0 && (other->labelled || (other->is_kin && other->kin == c->kin))) {
            other->birth = m->birth;
            other->birth_points = m->points;
            other->birth_evidence = evidence_of(m, "text");
        }
    }
}

static void merge_address(struct address_found *into, const struct address_found *from)
{
    if (into->street == NULL && from->street != NULL) {
        into->street = from->street;
        into->street_at = from->street_at;
        into->street_len = from->street_len;
    }
    if (into->postal_code == NULL &&
        (into->city == NULL || from->city == NULL || str_equal(into->city, from->city))) {
        into->postal_code = from->postal_code;
        into->code_at = from->code_at;
        into->code_len = from->code_len;
    }
    if (into->city == NULL) {
        into->city = from->city;
        into->city_at = from->city_at;
        into->city_len = from->city_len;
    }
}

static bool lacks(const struct address_found *a, const struct address_found *from)
{
    bool street =
        a->street == NULL && from->street != NULL && from->city == NULL && from->postal_code == NULL;
    bool place = a->city == NULL && a->postal_code == NULL &&
                 (from->city != NULL || from->postal_code != NULL) && from->street == NULL;
    bool code =
        a->postal_code == NULL && from->postal_code != NULL && from->street == NULL && from->city == NULL;
    return street || place || code;
}

static void walk_address(struct walk *w, const struct mention *m, size_t next)
{
    int i = w->current == NOBODY ? writer(w, m->at) : w->current;
    struct candidate *c = &w->all.at[i];
    w->pending |= w->current == NOBODY;
    if (m->shared) {
        w->shared_address = m->address;
        w->has_shared_address = true;
    }
    if (!c->has_address || (c->address_old && !m->old)) {
        c->address = m->address;
        c->address_at = m->at;
        c->address_old = m->old;
    } else if (m->old) {
        return;
    } else if (corrects(w, c->address_at, m->at, next)) {
        struct address_found old = c->address;
        c->address = m->address;
        if (c->address.city == NULL && c->address.postal_code == NULL) {
            merge_address(&c->address, &old);
        }
        c->address_at = m->at;
    } else if (c->address.street == NULL && m->address.street != NULL &&
               (m->address.city != NULL || m->address.postal_code != NULL)) {
        c->address = m->address;
        c->address_at = m->at;
    } else if (lacks(&c->address, &m->address)) {
        merge_address(&c->address, &m->address);
    } else {
        return;
    }
    c->has_address = true;
    c->address_source = "text";
}

static void walk(struct walk *w, const struct mentions *mentions)
{
    bool in_closing = false;
    for (size_t i = 0; i < mentions->mention.n; i++) {
        const struct mention *m = &mentions->mention.at[i];
        size_t next = m->at + m->len + 60 < w->len ? m->at + m->len + 60 : w->len;
        while (next < w->len && ((unsigned char)w->text[next] & 0xc0) == 0x80) {
            next++;
        }
        bool past_kin = w->last_kin != NOBODY && w->current == w->last_kin && m->at > w->kin_end;
        const struct candidate *kin = w->last_kin == NOBODY ? NULL : &w->all.at[w->last_kin];
        if (past_kin && kin->name.first == NULL && (kin->stays || !kin->takes_part) &&
            m->kind != MENTION_NAME) {
            w->current = w->before_kin;
        }
        if (m->at >= w->closing_at && !in_closing) {
            in_closing = true; /* what stands below "Viele Grüße" is the writer's, if no name says else */
            w->current = writer(w, m->at);
        }
        switch (m->kind) {
        case MENTION_NAME:
            if (m->at >= w->name_end || m->third) { /* found twice: the surer source stands first */
                walk_name(w, m);
                w->name_end = m->at + m->len;
            }
            break;
        case MENTION_KIN:
            walk_kin(w, m);
            if (m->name.first != NULL || m->name.last != NULL) {
                w->name_end = m->at + m->len;
            }
            break;
        case MENTION_SELF:
            w->pending = false;
            w->current = writer(w, m->at);
            break;
        case MENTION_THIRD:
            w->current = w->last_kin != NOBODY ? w->last_kin : w->current;
            break;
        case MENTION_BIRTH:
            walk_birth(w, m, next);
            w->fact_end = m->at + m->len;
            break;
        case MENTION_ADDRESS:
            walk_address(w, m, next);
            break;
        }
    }
}

static bool display_name(struct walk *w, struct name *ret)
{
    const char *display = w->letter->from.name;
    if (display == NULL || strchr(display, '@') != NULL ||
        !name_parse(w->arena, w->reader->patterns, display, NAME_ORDER_ANY, ret)) {
        return false;
    }
    /* "Kruse Hochbau", "Buchhaltung": a name is known, stands as "Müller, Petra", or is in the address. */
    const char *local = w->letter->from.address == NULL ? "" : utf8_fold(w->arena, w->letter->from.address);
    bool in_address = ret->last != NULL && ret->first != NULL &&
                      (strstr(local, utf8_fold(w->arena, ret->last)) != NULL ||
                       strstr(local, utf8_fold(w->arena, ret->first)) != NULL);
    if (!ret->given_known && !ret->honorific && !ret->family && strchr(display, ',') == NULL &&
        ret->initial == NULL && !in_address) {
        return false;
    }
    return true;
}

/* "Gruß Marvin" of Marvin Szymanski: no list has every given name. */
static bool is_display_first(struct walk *w, const struct name *name)
{
    struct name display;
    return display_name(w, &display) && display.first != NULL &&
           name_same(w->arena, &(struct name){.first = name->last}, &(struct name){.first = display.first});
}

/* The writer's name: the closing's lines, then the display name. */
static void name_writer(struct walk *w)
{
    const char *s = w->own->closing;
    struct name name;
    while (s != NULL && *s != '\0') {
        size_t len = strcspn(s, "\n");
        const char *line = arena_strndup(w->arena, s, len);
        size_t skip = 0; /* the greeting before the name: "Gruß Alfons", "lg lena" */
        while (line[skip] != '\0') {
            size_t word = strcspn(line + skip, " ,.!\t-–");
            const char *one = utf8_fold(w->arena, arena_strndup(w->arena, line + skip, word));
            if (word > 0 && !patterns_word(w->reader->patterns, "no_names", one)) {
                break;
            }
            skip += word + (line[skip + word] != '\0');
        }
        bool greeting = s == w->own->closing; /* "Bis dahin", "Gruß Marvin": a name only if known */
        if (line[skip] != '\0' && strpbrk(line + skip, "0123456789@:|/") == NULL &&
            name_parse(w->arena, w->reader->patterns, line + skip, NAME_ORDER_ANY, &name) &&
            (name.given_known || (!greeting && name.words <= 3)) && !name.family) {
            if (name.words == 1 && name.first == NULL && !name.honorific && is_display_first(w, &name)) {
                name.first = name.last;
                name.last = NULL;
            }
            w->writer_name = name;
            w->writer_named = true;
            w->writer_evidence = (struct evidence){
                line + skip, "text",    w->closing_at + (size_t)(s - w->own->closing) + skip,
                len - skip,  "closing", "person.c"};
            return;
        }
        s += len + (s[len] == '\n');
    }
}

/* Text before closing before display name: each fills in what is not known yet. */
static void complete_writer(struct walk *w)
{
    struct name display;
    int i = writer(w, w->len);
    struct candidate *c = &w->all.at[i];
    if (w->writer_named && (c->name.first == NULL || c->name.last == NULL)) {
        bool fits = (c->name.first == NULL && c->name.last == NULL) ||
                    name_same(w->arena, &c->name, &w->writer_name) ||
                    (c->name.first != NULL && w->writer_name.first == NULL);
        if (fits) {
            take_name(c, &w->writer_name, w->writer_evidence);
        }
    }
    if ((c->name.first != NULL && c->name.last != NULL) || !display_name(w, &display)) {
        return;
    }
    struct evidence e = {w->letter->from.name,         "display name", 0,
                         strlen(w->letter->from.name), "display name", "person.c"};
    bool nothing = c->name.first == NULL && c->name.last == NULL && c->name.initial == NULL;
    bool same_first =
        c->name.first != NULL && display.first != NULL &&
        name_same(w->arena, &(struct name){.first = c->name.first}, &(struct name){.first = display.first});
    bool initial =
        (c->name.first == NULL || display.first == NULL) && name_same(w->arena, &c->name, &display);
    if (nothing || same_first || initial || (display.family && c->name.first != NULL)) {
        if (same_first && c->first.pattern != NULL && str_equal(c->first.pattern, "closing") &&
            display.last != NULL) {
            c->name.first = NULL; /* "Gabi" below a mail of Gabriele Thiemann */
        }
        take_name(c, &display, e);
    }
}

static bool counts_as_in(const struct walk *w, const struct candidate *c)
{
    bool named = c->name.first != NULL || c->name.last != NULL;
    (void)w;
    if (c->somebody_else || c->writer) {
        return false;
    }
    if (c->is_kin) {
        return c->labelled || (c->listed && c->birth.year != 0) ||
               (!c->stays && (c->takes_part || (c->birth.year != 0 && named)));
    }
    return named && (c->birth.year != 0 || c->labelled || (c->listed && c->has_address));
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
            if (!c->is_kin && !c->writer && counts_as_in(w, c)) {
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
            str_equal(c->name.last, me->name.last) && !c->writer) {
            c->is_kin = c->takes_part = true;
            c->kin = KIN_CHILD;
        }
    }
}

static void decide(struct walk *w)
{
    claim_passing(w);
    claim_names(w);
    bool others = false, unnamed_kin = false;
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        c->in = counts_as_in(w, c);
        others |= c->in;
        unnamed_kin |= c->in && c->is_kin && c->name.first == NULL;
    }
    int i = writer(w, w->len);
    struct candidate *me = &w->all.at[i];
    bool self = says(w, "self_in", 0, w->len, NULL), out = says(w, "self_out", 0, w->len, NULL);
    bool both = says(w, "self_and", 0, w->len, NULL);
    bool data = me->birth.year != 0 || me->labelled;
    me->in = !out && (!others || data || (self && both));
    if (me->in && others && !data && !both) {
        reason(w, -10, "writer_unsure", "Nicht sicher, ob auch die schreibende Person teilnimmt");
    }
    if (unnamed_kin) {
        reason(w, -5, "unnamed_person", "Jemand wird angemeldet, dessen Name nicht dasteht");
    }
}

/* "Stefan (3.3.1979), Claudia (4.4.1981) und Noah Krämer, alle wohnhaft …": one surname for all. */
static void share_surname(struct walk *w)
{
    const struct candidate *named = NULL;
    bool one = true;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        if ((c->in || c->writer) && c->name.last != NULL) {
            one = one && (named == NULL || str_equal(named->name.last, c->name.last));
            named = c;
        }
    }
    for (size_t i = 0; i < w->all.n && one && named != NULL && (w->family || w->shared_words); i++) {
        struct candidate *c = &w->all.at[i];
        if (c->in && c->name.last == NULL && c->name.first != NULL && !(c->is_kin && c->kin == KIN_OTHER)) {
            c->name.last = named->name.last;
            c->last = named->last;
        }
    }
}

/* A surname or address given once for a family or couple holds for all of them; the writer's address
 * holds for a child or partner. */
static void share(struct walk *w)
{
    struct candidate *me = &w->all.at[w->writer];
    struct candidate *only = NULL;
    int addresses = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        if (c->has_address && (c->in || c->writer)) {
            addresses++;
            only = c;
        }
    }
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        if (!c->in) {
            continue;
        }
        bool close = lives_with_writer(c->kin) && c->is_kin;
        if (c->name.last == NULL && close && me->name.last != NULL) {
            c->name.last = me->name.last;
            c->last = me->last;
        }
    }
    share_surname(w);
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        if (!c->in || c->has_address) {
            continue;
        }
        const struct candidate *from = NULL;
        bool close = lives_with_writer(c->kin) && c->is_kin;
        bool same_surname = only != NULL && only != c && only->name.last != NULL && c->name.last != NULL &&
                            str_equal(only->name.last, c->name.last);
        bool has_close = only != NULL && only->is_kin && lives_with_writer(only->kin) && c->writer;
        if (w->has_shared_address) {
            c->address = w->shared_address;
            c->has_address = c->address_shared = true;
            c->address_source = "text";
            continue;
        }
        if (close && me->has_address) {
            from = me;
        } else if (addresses == 1 && (close || same_surname || has_close || w->shared_words)) {
            from = only;
        }
        if (from != NULL) {
            c->address = from->address;
            c->address_source = from->address_source;
            c->has_address = c->address_shared = true;
        }
    }
}

/* The signature is not the writer's word; where the text has no address, a private one is taken. */
static void take_from_signature(struct walk *w)
{
    struct candidate *me = &w->all.at[w->writer];
    struct addresses found;
    struct found f;
    const char *signature = w->own->signature;
    if (me->has_address || signature == NULL || *signature == '\0') {
        return;
    }
    bool told = says(w, "look_below", 0, w->len, NULL);
    bool company = patterns_find(w->reader->patterns, w->arena, "not_private.company", signature,
                                 strlen(signature), 0, &f);
    addresses_find(w->arena, w->reader->patterns, signature, &found);
    if (found.found.n == 1 && (told || !company)) {
        me->address = found.found.at[0];
        me->has_address = true;
        me->address_source = "signature";
    }
}

/* "Anmeldung Repair-Café, Tobias Nöckel, geb. 09.11.1976": what the text lacks may stand in the subject. */
static void take_from_subject(struct walk *w)
{
    struct candidate *me = &w->all.at[w->writer];
    struct mentions mentions;
    size_t in = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        in += w->all.at[i].in;
    }
    const char *subject = w->letter->subject;
    if (!me->in || in != 1 || subject == NULL || me->birth.year != 0) {
        return;
    }
    mentions_find(w->arena, w->reader, subject, strlen(subject), &mentions);
    for (size_t i = 0; i < mentions.mention.n; i++) {
        const struct mention *m = &mentions.mention.at[i];
        bool beside = m->kind == MENTION_NAME && m->source == NAME_BESIDE_BIRTH &&
                      (me->name.first == NULL || me->name.last == NULL);
        if (beside &&
            ((me->name.first == NULL && me->name.last == NULL) || name_same(w->arena, &me->name, &m->name))) {
            take_name(me, &m->name, evidence_of(m, "subject"));
        } else if (m->kind == MENTION_BIRTH && m->points >= BIRTH_POINTS_SAID && me->birth.year == 0) {
            me->birth = m->birth;
            me->birth_evidence = evidence_of(m, "subject");
        }
    }
}

static void put(struct person *p, enum person_field field, const char *value, struct evidence evidence)
{
    if (value != NULL) {
        p->field[field].value = value;
        p->field[field].evidence = evidence;
    }
}

static struct evidence part_evidence(struct walk *w, const struct candidate *c, size_t at, size_t len)
{
    const char *text = str_equal(c->address_source, "signature") ? w->own->signature : w->text;
    return (struct evidence){arena_strndup(w->arena, text + at, len),
                             c->address_source,
                             at,
                             len,
                             c->address.pattern,
                             c->address.where};
}

static void output(struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        if (!c->in) {
            continue;
        }
        if (w->ret->person.n == READING_PERSONS_MAX) {
            w->ret->too_many = true;
            return;
        }
        struct person *p = LIST_ADD(w->arena, &w->ret->person);
        put(p, FIRST_NAME, c->name.first, c->first);
        put(p, LAST_NAME, c->name.last, c->last);
        if (c->birth.year != 0) {
            put(p, BIRTH_DATE, date_iso(w->arena, c->birth), c->birth_evidence);
        }
        if (c->has_address) {
            const struct address_found *a = &c->address;
            put(p, STREET, a->street, part_evidence(w, c, a->street_at, a->street_len));
            put(p, POSTAL_CODE, a->postal_code, part_evidence(w, c, a->code_at, a->code_len));
            put(p, CITY, a->city, part_evidence(w, c, a->city_at, a->city_len));
        }
    }
}

static void count(struct walk *w)
{
    static const struct {
        const char *word;
        int n;
    } numbers[] = {{"zweit", 2}, {"dritt", 3}, {"viert", 4}, {"fünft", 5}, {"sechst", 6},
                   {"siebt", 7}, {"acht", 8},  {"zwei", 2},  {"beide", 2}, {"drei", 3},
                   {"vier", 4},  {"fünf", 5},  {"sechs", 6}};
    struct found f;
    if (!says(w, "count", 0, w->len, &f)) {
        return;
    }
    const char *word = found_group(&f, "word") != NULL ? found_group(&f, "word") : found_group(&f, "number");
    for (size_t i = 0; word != NULL && i < sizeof numbers / sizeof *numbers; i++) {
        if (str_equal_nocase(numbers[i].word, word)) {
            w->ret->count = numbers[i].n;
        }
    }
    if (word != NULL && word[0] >= '0' && word[0] <= '9') {
        w->ret->count = atoi(word);
    }
    w->ret->counted = w->ret->count > 0;
}

void persons_find(struct arena *arena, const struct reader *reader, const struct letter *letter,
                  const struct own_words *own, struct persons *ret)
{
    struct walk w = {
        .arena = arena, .reader = reader, .own = own, .letter = letter, .text = own->text, .ret = ret};
    struct mentions mentions;
    *ret = (struct persons){0};
    w.len = w.closing_at = strlen(own->text);
    w.current = w.writer = w.last_kin = w.before_kin = NOBODY;
    size_t closing = strlen(own->closing);
    for (const char *c = closing > 0 ? strstr(own->text, own->closing) : NULL; c != NULL;
         c = strstr(c + 1, own->closing)) {
        w.closing_at = (size_t)(c - own->text);
    }
    name_writer(&w);
    /* A family's mailbox has another's name: then the closing alone counts. */
    w.display_counts = display_name(&w, &w.display) && w.display.first != NULL && w.display.last != NULL &&
                       (!w.writer_named || name_same(arena, &w.display, &w.writer_name));
    mentions_find(arena, reader, own->text, w.closing_at, &mentions);
    w.shared_words = says(&w, "shared_address", 0, w.len, NULL);
    w.family = w.display.family;
    walk(&w, &mentions);
    complete_writer(&w);
    take_from_signature(&w);
    decide(&w);
    take_from_subject(&w);
    share(&w);
    count(&w);
    output(&w);
}
