/* parsers/person/person_facts.c: whose a birth date or an address is, while the mentions are walked. */
#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/person/birth.h"

#include <string.h>

enum { THEIRS_MAX = 40, BESIDE_NAME = 8 }; /* bytes from "sie" to her address */

/* Whether words between two facts, or right behind the second, take the first one back. */
static bool corrects(struct walk *w, size_t first, size_t second, size_t next)
{
    bool postscript = first < w->closing_at && second >= w->closing_at;
    first = postscript ? w->closing_at : first;
    return first <= second && second - first <= CORRECTION_MAX &&
           person_says(w, "correction", first, next, NULL);
}

/* Who was named last in this sentence, without a word of the writer since: the fact is theirs. */
static bool of_passing(struct walk *w, const struct mention *m)
{
    return w->passing != NOBODY && m->at >= w->name_end && m->at <= w->passing_end &&
           m->at - w->name_end <= PASSING_MAX && !person_says(w, "first_person", w->name_end, m->at, NULL);
}

/* "ich bin die Oma von Jonathan. Er heißt …": a first name said in passing becomes somebody. */
int person_loose(struct walk *w)
{
    const struct mention *m = w->loose_last;
    if (m == NULL || (w->last_kin != NOBODY && w->all.at[w->last_kin].at > m->at)) {
        return NOBODY;
    }
    int i = person_new(w, m->at);
    person_take_name(&w->all.at[i], &m->name, person_evidence(m, "text"));
    w->loose_last = NULL;
    return i;
}

/* "Sie ist am 16.09.2014 geboren": the writer it is not. */
static int third_person(struct walk *w, const struct mention *m)
{
    bool third = person_says(w, "third_person", m->sentence_at, m->sentence_end, NULL) &&
                 !person_says(w, "first_person", m->sentence_at, m->sentence_end, NULL);
    if (!third) {
        return NOBODY;
    }
    if (w->passing != NOBODY) {
        return w->passing;
    }
    int i = person_loose(w);
    if (i == NOBODY) {
        i = person_new(w, m->at);
        w->all.at[i].third = true;
    }
    return i;
}

/* Whom "sie" means is certain, and that it is one. */
static bool one_other(const struct walk *w)
{
    size_t others = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        others += !w->all.at[i].writer;
    }
    return others == 1;
}

/* Whose birth date or address it is. */
static int owner_of(struct walk *w, const struct mention *m)
{
    int i = of_passing(w, m) ? w->passing : w->current;
    if (m->kind == MENTION_BIRTH && w->last_named != NOBODY && w->all.at[w->last_named].somebody_else &&
        person_same_line(w, w->name_end, m->at)) {
        return w->last_named; /* "Erziehungsberechtigte: Silvia Hohmann, geb. 2.3.1982" */
    }
    bool writer = i == NOBODY || w->all.at[i].writer;
    bool named =
        writer && i != NOBODY && w->last_named == i && m->at - w->name_end <= BESIDE_NAME &&
        person_same_line(w, w->name_end, m->at); /* "Sie: Rita Fleischer, 27. November 1950" by her */
    int third = writer && !named && m->at < w->closing_at ? third_person(w, m) : NOBODY;
    i = third != NOBODY ? third : i;
    bool theirs = w->third_at > m->sentence_at && m->at - w->third_at <= THEIRS_MAX && one_other(w) &&
                  i != NOBODY && !w->all.at[i].stays;
    size_t clause = theirs ? w->third_at : m->sentence_at; /* "Ich wohne Ulmenweg 9, sie Ulmenweg 11" */
    bool own = !writer && m->kind == MENTION_ADDRESS && w->name_end < m->sentence_at &&
               person_says(w, "own_house", clause, m->at, NULL);
    if (i == NOBODY || own) { /* "… und unser Freund Udo. Wir wohnen Grüner Weg 50" */
        return person_writer(w, m->at);
    }
    if (i != w->current && w->all.at[i].passing) {
        w->all.at[i].passing = false;
        w->all.at[i].listed = true;
    }
    w->current = i;
    return i;
}

/* "Amara Brandt und Noah Brandt, beide geboren am …" */
static bool same_clause(const struct walk *w, size_t a, size_t b)
{
    enum { TWO_NAMES = 60 };
    return a > 0 && a < b && b - a <= TWO_NAMES && memchr(w->text + a, '\n', b - a) == NULL;
}

/* "Einrichtung eröffnet am 1.9.1978" below the greeting, when people are known with their dates. */
static bool of_nobody(const struct walk *w, const struct mention *m)
{
    bool known = false;
    for (size_t i = 0; i < w->all.n; i++) {
        known |= !w->all.at[i].writer && w->all.at[i].birth.year != 0;
    }
    return known && m->at >= w->closing_at && m->points < BIRTH_POINTS_SAID &&
           !person_same_line(w, w->name_end, m->at);
}

static void give_birth(struct candidate *c, const struct mention *m)
{
    c->birth = m->birth;
    c->birth_at = m->at;
    c->birth_points = m->points;
    c->birth_evidence = person_evidence(m, "text");
}

void person_birth(struct walk *w, const struct mention *m, size_t next)
{
    if (of_nobody(w, m)) {
        return;
    }
    int i = owner_of(w, m);
    struct candidate *c = &w->all.at[i];
    if (c->birth.year != 0 && date_compare(c->birth, m->birth) != 0) {
        bool corrected = corrects(w, c->birth_at, m->at, next);
        if (!corrected && c->birth_points >= m->points) {
            return;
        }
        if (!corrected && c->birth_points == m->points) {
            person_reason(w, -30, "two_birth_dates", "Zwei Daten passen als Geburtsdatum");
        }
    }
    give_birth(c, m);
    for (size_t k = 0; k < w->all.n && m->of_both; k++) {
        struct candidate *other = &w->all.at[k];
        bool pair = c->pair == (int)k || other->pair == i ||
                    (other->listed && k != (size_t)i && same_clause(w, other->name_end, c->name_end));
        if (other->birth.year == 0 && (other->labelled || pair || (other->is_kin && other->kin == c->kin))) {
            other->listed |= pair;
            other->passing = other->passing && !pair;
            other->birth = m->birth;
            other->birth_points = m->points;
            other->birth_evidence = person_evidence(m, "text");
        }
    }
}

size_t person_births_in_order(struct walk *w, const struct mention *first, size_t most)
{
    size_t n = 1, row = 0;
    while (n < most && first[n].kind == MENTION_BIRTH && !first[n].of_both &&
           mention_only_joins(w->text, first[n - 1].at + first[n - 1].len, first[n].at)) {
        n++;
    }
    int last = w->last_named;
    for (int i = last; i != NOBODY && w->all.at[i].birth.year == 0 && row < w->all.n; i = w->all.at[i].pair) {
        row++; /* who is named twice closes a ring */
    }
    if (n < 2 || row != n) {
        return 0;
    }
    for (size_t i = n; i > 0; i--, last = w->all.at[last].pair) {
        give_birth(&w->all.at[last], &first[i - 1]);
        w->all.at[last].chained = true;
    }
    return n;
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
    bool town = a->city == NULL && from->city != NULL && str_equal(from->pattern, "place.labelled");
    return street || place || code || town;
}

/* "Anschrift Stein: Gerberstraße 8": of all of that name. */
static bool of_surname(struct walk *w, const struct mention *m)
{
    struct found f;
    size_t from = utf8_before(w->text, m->at, ADDRESS_HEAD_MAX);
    bool any = false;
    if (m->same || !person_says(w, "address_of", from, m->at, &f)) {
        return false;
    }
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        if (c->name.last != NULL && str_equal_nocase(c->name.last, found_group(&f, "name")) &&
            !c->has_address) {
            c->address = m->address;
            c->address_source = "text";
            c->address_at = m->at;
            c->has_address = any = true;
        }
    }
    return any;
}

/* "Fichtenstraße 16 (ich) und Lange Straße 101 (Nele)": who stands behind in brackets; NOBODY: nobody. */
static int owner_behind(struct walk *w, const struct mention *m)
{
    struct found f;
    size_t end = m->at + m->len, to = end + utf8_cut(w->text + end, ADDRESS_HEAD_MAX);
    if (!person_says(w, "address_whose", end, to, &f)) {
        return NOBODY;
    }
    const char *name = found_group(&f, "name");
    for (size_t i = 0; i < w->all.n && name != NULL; i++) {
        if (w->all.at[i].name.first != NULL && str_equal_nocase(w->all.at[i].name.first, name)) {
            return (int)i;
        }
    }
    return name == NULL ? person_writer(w, m->at) : NOBODY;
}

void person_address(struct walk *w, const struct mention *m, size_t next)
{
    if (of_surname(w, m)) {
        return;
    }
    int i = owner_behind(w, m);
    i = i == NOBODY ? owner_of(w, m) : i;
    struct candidate *c = &w->all.at[i];
    if (m->same) { /* "ebenda" */
        if (w->last_addressed != NOBODY && w->last_addressed != i && !c->has_address) {
            c->address = w->all.at[w->last_addressed].address;
            c->address_source = w->all.at[w->last_addressed].address_source;
            c->address_at = m->at;
            c->has_address = true;
            c->address.street = person_other_number(w, c->address.street, m->number);
        }
        return;
    }
    bool first = w->last_addressed == NOBODY || w->all.at[w->last_addressed].address.street == NULL;
    w->last_addressed = m->address.street != NULL || first ? i : w->last_addressed;
    w->pending |= w->current == NOBODY;
    if (m->shared || c->householder || w->row_dated) {
        w->shared_address = m->address;
        w->has_shared_address = true;
    }
    if (!c->has_address) {
        c->address = m->address;
        c->address_at = m->at;
    } else if (corrects(w, c->address_at, m->at, next)) {
        struct address_found old = c->address;
        c->address = m->address;
        merge_address(&c->address, &old);
        c->address_at = m->address.street != NULL ? m->at : c->address_at; /* "Danzweg 5, halt: Nummer 15!" */
    } else if (m->address.street != NULL && (m->address.city != NULL || m->address.postal_code != NULL) &&
               (c->address.street == NULL || (c->address.city == NULL && c->address.postal_code == NULL))) {
        /* the whole address is where somebody lives: "mein Laden in der Unnaer Straße 12 …" came before */
        struct address_found old = c->address;
        c->address = m->address;
        c->address_at = m->at;
        if (old.street == NULL) {
            merge_address(&c->address, &old); /* "Ort: Kalthof" above "PLZ: 58640, Straße: …" */
        }
    } else if (lacks(&c->address, &m->address)) {
        merge_address(&c->address, &m->address);
    } else {
        return;
    }
    c->has_address = true;
    c->address_source = "text";
    if (w->also != NOBODY && w->also != i && !w->all.at[w->also].has_address) {
        struct candidate *other = &w->all.at[w->also];
        other->address = c->address;
        other->address_source = c->address_source;
        other->has_address = other->address_shared = true;
    }
    w->also = NOBODY;
}
