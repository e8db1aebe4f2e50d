/* parsers/person/person_share.c: who of the candidates takes part, and what is said once for several. */
#include "parsers/person/person_parts.h"

#include "base/text.h"

#include <string.h>

enum { LEAST_AGE = 3, GROWN_UP = 18 }; /* years: who is younger is told of, not registered; an adult */

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
    return told && (mine || date_age(c->birth, w->reader->today) < LEAST_AGE);
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

static bool is_pair_of(const struct walk *w, int i)
{
    for (size_t k = 0; k < w->all.n; k++) {
        if (w->all.at[k].pair == i) {
            return true;
        }
    }
    return false;
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
            bool pair = all->kin == KIN_CHILD && !c->is_kin && !c->writer && c->name.first != NULL &&
                        !c->passing && (c->pair != NOBODY || is_pair_of(w, (int)k));
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

/* "alle außer Lukas" */
static void leave_out_excepted(struct walk *w)
{
    struct found f;
    for (size_t from = 0; person_says(w, "excepted", from, w->len, &f); from += f.at + f.len) {
        for (size_t i = 0; i < w->all.n; i++) {
            struct candidate *c = &w->all.at[i];
            if (!c->writer && c->name.first != NULL && str_equal(c->name.first, found_group(&f, "name"))) {
                c->somebody_else = true;
            }
        }
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

void person_decide(struct walk *w)
{
    leave_out_excepted(w);
    claim_passing(w);
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
        c->stays |=
            !c->in && c->is_kin && c->birth.year != 0 && date_age(c->birth, w->reader->today) < LEAST_AGE;
        others |= c->in;
        unnamed_kin |= c->in && c->is_kin && c->name.first == NULL;
    }
    int i = person_writer(w, w->len);
    struct candidate *me = &w->all.at[i];
    bool self = person_says(w, "self_in", 0, w->len, NULL), out = person_says(w, "self_out", 0, w->len, NULL);
    bool both = person_says(w, "self_and", 0, w->len, NULL);
    bool data = me->birth.year != 0 || (me->labelled && !me->somebody_else);
    me->in = !out && (!others || data || (self && both));
    bring_partners(w);
    bring_counted(w);
    if (me->in && others && !data && !both) {
        person_reason(w, -10, "writer_unsure", "Nicht sicher, ob auch die schreibende Person teilnimmt");
    }
    if (unnamed_kin) {
        person_reason(w, -5, "unnamed_person", "Jemand wird angemeldet, dessen Name nicht dasteht");
    }
}

/* "Beide heißen Holtkötter wie ich", "Ida und Emil … Nachname Thun" */
static void take_said_surname(struct walk *w)
{
    struct found said;
    const struct candidate *me = &w->all.at[w->writer];
    bool mine = person_says(w, "surname_mine", 0, w->len, NULL);
    for (size_t i = 0; i < w->all.n && mine && me->name.last != NULL; i++) {
        struct candidate *c = &w->all.at[i];
        if (c->in && c->name.last == NULL && c->name.first != NULL) {
            c->name.last = me->name.last;
            c->last = me->last;
        }
    }
    if (person_says(w, "shared_surname", 0, w->len, &said) && found_group(&said, "name") != NULL) {
        for (size_t i = 0; i < w->all.n; i++) { /* "Beide heißen Holtkötter wie ich" */
            struct candidate *c = &w->all.at[i];
            if (c->in && c->name.last == NULL && c->name.first != NULL) {
                c->name.last = found_group(&said, "name");
                c->last = (struct evidence){said.words, "text", said.at, said.len, said.pattern, said.where};
            }
        }
    }
}

/* Born so much later that it is a child of theirs. */
static bool child_of(const struct walk *w, const struct candidate *c, const struct candidate *parent)
{
    return c->birth.year != 0 && parent->birth.year != 0 && date_age(c->birth, w->reader->today) < GROWN_UP &&
           c->birth.year - parent->birth.year >= GROWN_UP;
}

/* "Stefan (3.3.1979), Claudia (4.4.1981) und Noah Krämer, alle wohnhaft …": one surname for all; and of two
 * who bear it, or of a parent, for whoever stands beside them without one. */
static void share_surname(struct walk *w)
{
    const struct candidate *named = NULL;
    bool one = true;
    size_t bearers = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        if ((c->in || c->writer) && c->name.last != NULL) {
            one = one && (named == NULL || str_equal(named->name.last, c->name.last));
            bearers += c->in;
            named = c;
        }
    }
    for (size_t i = 0; i + 1 < w->all.n; i++) { /* "Clara (2.6.2015) und Jakob Terlinden" */
        struct candidate *c = &w->all.at[i], *next = &w->all.at[i + 1];
        if (c->in && c->name.last == NULL && c->name.first != NULL && next->chained &&
            next->name.last != NULL) {
            c->name.last = next->name.last;
            c->last = next->last;
        }
    }
    for (size_t i = 0; i < w->all.n && one && named != NULL; i++) {
        struct candidate *c = &w->all.at[i];
        bool family = w->family || w->shared_words || bearers > 1 || child_of(w, c, named) ||
                      (c->is_kin && c->kin == KIN_SIBLING);
        if (family && c->in && c->name.last == NULL && c->name.first != NULL &&
            !(c->is_kin && c->kin == KIN_OTHER)) {
            c->name.last = named->name.last;
            c->last = named->last;
        }
    }
}

/* "Sprenger" and "Sprenger-Voß" are of one family. */
static bool same_family(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return false;
    }
    for (const char *part = a; part != NULL; part = strchr(part, '-')) {
        part += *part == '-';
        size_t len = strcspn(part, "-");
        for (const char *other = b; other != NULL; other = strchr(other, '-')) {
            other += *other == '-';
            if (len > 0 && strcspn(other, "-") == len && memcmp(part, other, len) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* "Obere Mühle 11 … Obere Mühle 15 … Alles in 58636 Iserlohn" */
static void share_town(struct walk *w)
{
    const struct address_found *town = &w->shared_address;
    bool any =
        w->has_shared_address && town->street == NULL && (town->city != NULL || town->postal_code != NULL);
    for (size_t i = 0; i < w->all.n && any; i++) {
        struct address_found *a = &w->all.at[i].address;
        if (w->all.at[i].has_address && a->street != NULL && a->city == NULL && a->postal_code == NULL) {
            a->postal_code = town->postal_code;
            a->code_at = town->code_at;
            a->code_len = town->code_len;
            a->city = town->city;
            a->city_at = town->city_at;
            a->city_len = town->city_len;
        }
    }
}

/* How many addresses those who take part have, and who has the last; where none has one, the writer's counts.
 */
static int count_addresses(struct walk *w, struct candidate **ret_only)
{
    struct candidate *me = &w->all.at[w->writer];
    int n = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        bool nobody_known = c->is_kin && !c->in && c->name.first == NULL && !c->writer;
        if (c->has_address && c->address.street != NULL && (c->in || nobody_known)) {
            n++; /* "Oma und Mutter wohnen Refflingser Str. 6": of whom of them, nothing tells */
            *ret_only = c;
        }
    }
    if (n == 0 && me->has_address && me->address.street != NULL) {
        n = 1;
        *ret_only = me;
    }
    return n;
}

/* A surname or address given once for a family or couple holds for all of them; the writer's address
 * holds for a child or partner. */
void person_share(struct walk *w)
{
    struct candidate *me = &w->all.at[w->writer];
    struct candidate *only = NULL;
    int addresses = count_addresses(w, &only);
    take_said_surname(w);
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        if (!c->in) {
            continue;
        }
        bool close = person_lives_with_writer(c->kin) && c->is_kin;
        if (c->name.last == NULL && close && me->name.last != NULL) {
            c->name.last = me->name.last;
            c->last = me->last;
        }
    }
    share_surname(w);
    share_town(w);
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        bool town_only = c->has_address && c->address.street == NULL && c->address.postal_code == NULL &&
                         only != NULL && c->address.city != NULL &&
                         (only->address.city == NULL || str_equal(c->address.city, only->address.city));
        bool of_firm = w->has_shared_address && c->has_address && c->address_at >= w->closing_at;
        if (!c->in || (c->has_address && !town_only && !of_firm)) {
            continue;
        }
        const struct candidate *from = NULL;
        bool close = person_lives_with_writer(c->kin) && c->is_kin;
        bool same_surname = only != NULL && only != c && same_family(only->name.last, c->name.last);
        bool has_close = only != NULL && only->is_kin && person_lives_with_writer(only->kin) && c->writer;
        bool friend = c->is_kin && c->kin == KIN_OTHER && c->birth.year == 0; /* "wir wohnen": the family */
        if (w->has_shared_address && !friend && !(town_only && w->shared_address.street == NULL)) {
            c->address = w->shared_address;
            c->has_address = c->address_shared = true;
            c->address_source = "text";
            continue;
        }
        if (close && me->has_address && me->address.street != NULL) {
            from = me;
        } else if (addresses == 1 && (close || same_surname || has_close || (w->shared_words && !friend))) {
            from = only;
        }
        if (from != NULL) {
            c->address = from->address;
            c->address_source = from->address_source;
            c->has_address = c->address_shared = true;
        }
    }
}
