/* parsers/person/person_share.c: what is said once for several: surnames, towns, addresses. */
#include "parsers/person/person_parts.h"

#include "base/text.h"

#include <string.h>

enum { GROWN_UP = 18 }; /* years */

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

/* Where the row below begins; SIZE_MAX: the line is too long for a row. */
static size_t next_line(const struct walk *w, size_t at)
{
    size_t most = w->len - at < ROW_MAX ? w->len - at : ROW_MAX;
    const char *end = memchr(w->text + at, '\n', most);
    return end == NULL ? SIZE_MAX : (size_t)(end - w->text) + 1;
}

/* "Alfred Krummenerl, 17.01.1952", and "Ingeborg, 29.11.1954" in the row below. */
static bool in_row_below(const struct walk *w, const struct candidate *c, const struct candidate *above)
{
    size_t line = str_line_begin(w->text, c->at), before = line > 0 ? str_line_begin(w->text, line - 1) : 0;
    return line > 0 && c->listed && above->listed && line + mention_row_bullet(w->text + line) == c->at &&
           before + mention_row_bullet(w->text + before) == above->at;
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
                      in_row_below(w, c, named) || (c->is_kin && c->kin == KIN_SIBLING);
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

/* "Lucía Ruhland Ruiz" beside Matthias Ruhland: where the surname begins, another's tells. */
static void move_surname(struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        const char *blank =
            c->name.first == NULL || c->name.last == NULL ? NULL : strrchr(c->name.first, ' ');
        for (size_t k = 0; k < w->all.n && blank != NULL; k++) {
            const struct candidate *other = &w->all.at[k];
            if (k != i && c->in && other->in && other->name.first != NULL &&
                str_equal(other->name.last, blank + 1)) {
                c->name.last = arena_printf(w->arena, "%s %s", blank + 1, c->name.last);
                c->name.first = arena_strndup(w->arena, c->name.first, (size_t)(blank - c->name.first));
                break;
            }
        }
    }
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

/* "Oma und Mutter wohnen Refflingser Str. 6": whose address it is of those who come, nothing tells. */
static bool holds_unknown(const struct candidate *c)
{
    return c->is_kin && !c->in && c->name.first == NULL && !c->writer && c->has_address;
}

/* Where somebody lives; where no street is known of anybody who takes part, the town alone tells. */
static bool has_home(const struct walk *w, const struct candidate *c)
{
    bool street = false;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *other = &w->all.at[i];
        street |= other->has_address && other->address.street != NULL &&
                  (other->in || other->writer || holds_unknown(other));
    }
    return c->has_address && (c->address.street != NULL || !street);
}

/* How many addresses those who take part have, and who has the last; where none has one, the writer's counts.
 */
static int count_addresses(struct walk *w, struct candidate **ret_only)
{
    struct candidate *me = &w->all.at[w->writer];
    int n = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        if (has_home(w, c) && (c->in || holds_unknown(c))) {
            n++;
            *ret_only = c;
        }
    }
    for (size_t i = 0; i < w->all.n && n == 0 && !me->has_address; i++) {
        const struct candidate *c = &w->all.at[i]; /* "unsere Emmi (drei Monate alt) schläft. Am Tyrol 6" */
        if (c->has_address && !c->in && (c->somebody_else || (c->stays && c->birth.year != 0))) {
            me->address = c->address;
            me->address_source = c->address_source;
            me->has_address = true;
        }
    }
    if (n == 0 && has_home(w, me)) {
        n = 1;
        *ret_only = me;
    }
    return n;
}

/* The one address that those who take part and are of the candidate's family have; NULL: none, or several. */
static const struct candidate *family_address(const struct walk *w, const struct candidate *c)
{
    const struct candidate *one = NULL;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *other = &w->all.at[i];
        if (holds_unknown(other)) {
            return NULL;
        }
        bool lives =
            other != c && other->in && has_home(w, other) && same_family(other->name.last, c->name.last);
        if (lives && one != NULL && !str_equal(one->address.street, other->address.street)) {
            return NULL;
        }
        one = lives ? other : one;
    }
    return one;
}

/* "Wir wohnen": somebody else than the writer and their friends is there whom it can mean. */
static bool has_family(const struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        if (w->all.at[i].is_kin && w->all.at[i].kin != KIN_OTHER) {
            return true;
        }
    }
    return false;
}

/* "Nina Falkenstein, 10.10.1996", below it "Jan Petzold, 31.1.1995", and below both one address on a line of
 * its own: it is of both. */
static void share_below_rows(struct walk *w)
{
    struct candidate *last = NULL;
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        bool owner = c->in && c->has_address && c->birth.year != 0 && str_equal(c->address_source, "text") &&
                     str_line_begin(w->text, c->address_at) == next_line(w, c->birth_at);
        last = owner && (last == NULL || c->birth_at > last->birth_at) ? c : last;
    }
    size_t row = last == NULL ? 0 : str_line_begin(w->text, last->birth_at);
    for (size_t k = 0; k < w->all.n && row > 0; k++) { /* upwards, a row each time */
        struct candidate *above = NULL;
        for (size_t i = 0; i < w->all.n; i++) {
            struct candidate *c = &w->all.at[i];
            above = c->in && !c->has_address && c->birth.year != 0 && next_line(w, c->birth_at) == row
                        ? c
                        : above;
        }
        if (above == NULL) {
            return;
        }
        above->address = last->address;
        above->address_source = last->address_source;
        above->has_address = above->address_shared = true;
        row = str_line_begin(w->text, above->birth_at);
    }
}

/* A surname or address given once for a family or couple holds for all of them; the writer's address
 * holds for a child or partner. */
void person_share(struct walk *w)
{
    struct candidate *me = &w->all.at[w->writer];
    struct candidate *only = NULL;
    int addresses = count_addresses(w, &only);
    bool family = has_family(w);
    take_said_surname(w);
    share_below_rows(w);
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
    move_surname(w);
    share_surname(w);
    share_town(w);
    for (size_t i = 0; i < w->all.n; i++) {
        struct candidate *c = &w->all.at[i];
        bool town_only = c->has_address && c->address.street == NULL && c->address.postal_code == NULL &&
                         only != NULL && only->address.street != NULL && c->address.city != NULL &&
                         (only->address.city == NULL || str_equal(c->address.city, only->address.city));
        bool of_firm = w->has_shared_address && c->has_address && c->address_at >= w->closing_at;
        if (!c->in || (c->has_address && !town_only && !of_firm)) {
            continue;
        }
        const struct candidate *from = NULL;
        bool close = person_lives_with_writer(c->kin) && c->is_kin;
        bool same_surname = only != NULL && only != c && same_family(only->name.last, c->name.last);
        bool has_close = only != NULL && only->is_kin && person_lives_with_writer(only->kin) && c->writer;
        bool friend = c->is_kin && c->kin == KIN_OTHER && c->birth.year == 0 && family; /* "wir wohnen" */
        if (w->has_shared_address && !friend && !(town_only && w->shared_address.street == NULL)) {
            c->address = w->shared_address;
            c->has_address = c->address_shared = true;
            c->address_source = "text";
            continue;
        }
        if (close && has_home(w, me)) {
            from = me;
        } else if (addresses == 1 && (close || same_surname || has_close || (w->shared_words && !friend))) {
            from = only;
        }
        from = from == NULL && addresses > 1 ? family_address(w, c) : from;
        if (from != NULL) {
            c->address = from->address;
            c->address_source = from->address_source;
            c->has_address = c->address_shared = true;
        }
    }
}
