/* parsers/reading/reading_merge.c: what an answer says of people, put on the people we had asked about.
 *
 * A name tells whose a fact is; without one it is somebody's only where just one could be meant. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/person/address.h"
#include "parsers/person/name.h"

enum { ANSWER_NAME_WORDS_MAX = 4, ANSWER_NAME_MAX = 60 };

struct merge {
    struct mail *mail;
    struct answered_people *out;
    size_t closing_at; /* where "Viele Grüße" begins */
};

static void fill(struct merge *m, size_t person, enum person_field field, const char *value, size_t at,
                 size_t len)
{
    answer_fill(m->mail, m->out, person, field, value, at, len);
}

static bool said_now(const struct fact *fact)
{
    return fact->value != NULL &&
           (str_equal(fact->evidence.source, "text") || str_equal(fact->evidence.source, "forwarded"));
}

/* Below "Viele Grüße" stands who writes, who need not be who takes part. */
static bool by_closing(const struct merge *m, const struct fact *fact)
{
    return fact->value != NULL &&
           (str_equal(fact->evidence.pattern, "closing") || fact->evidence.at >= m->closing_at);
}

static size_t closing_of(const struct mail *mail)
{
    const char *closing = mail->own->closing, *last = NULL;
    for (const char *c = *closing != '\0' ? strstr(mail->text, closing) : NULL; c != NULL;
         c = strstr(c + 1, closing)) {
        last = c;
    }
    return last == NULL ? SIZE_MAX : (size_t)(last - mail->text);
}

/* Whether both can be one person: no part of the names speaks against it. */
static bool can_be(struct arena *arena, const struct person *known, const struct person *found)
{
    struct name a = {.first = known->field[FIRST_NAME].value, .last = known->field[LAST_NAME].value};
    struct name b = {.first = found->field[FIRST_NAME].value, .last = found->field[LAST_NAME].value};
    if (a.last != NULL && b.last != NULL && !utf8_same_folded(arena, a.last, b.last)) {
        return false;
    }
    return a.first == NULL || b.first == NULL || name_same(arena, &a, &b);
}

/* Whom of those we asked about the found person is: by first name, else the one whose name we do not know;
 * SIZE_MAX: none of them, or several could be. */
static size_t whose(const struct merge *m, const struct person *found)
{
    struct arena *arena = m->mail->arena;
    size_t named = SIZE_MAX, open = SIZE_MAX, names = 0, opens = 0;
    const char *first = found->field[FIRST_NAME].value;
    for (size_t k = 0; k < m->out->persons.n; k++) {
        const struct person *known = &m->out->persons.at[k];
        if (!can_be(arena, known, found)) {
            continue;
        }
        bool both = first != NULL && known->field[FIRST_NAME].value != NULL;
        named = both ? k : named;
        open = both ? open : k;
        names += both;
        opens += !both;
    }
    return names == 1 ? named : names == 0 && opens == 1 ? open : SIZE_MAX;
}

static void take_field(struct merge *m, size_t to, enum person_field field, const struct fact *fact)
{
    struct fact *known = &m->out->persons.at[to].field[field];
    m->out->filled += !utf8_same_folded(m->mail->arena, known->value, fact->value);
    m->out->told++;
    *known = *fact;
}

/* Somebody we had not asked about, with a birth date or address: perhaps one more participant. */
static bool is_stranger(const struct merge *m, const struct person *found)
{
    return said_now(&found->field[FIRST_NAME]) && !by_closing(m, &found->field[FIRST_NAME]) &&
           (said_now(&found->field[BIRTH_DATE]) || said_now(&found->field[STREET]));
}

/* What the answer's people say is put on those we had asked about. Birth dates of several are shared out by
 * answer_births: there a date goes by the name beside it alone. */
static void merge_named(struct merge *m)
{
    struct mail *mail = m->mail;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *found = &mail->persons.person.at[i];
        bool only = m->out->persons.n == 1 && mail->persons.person.n == 1 && !is_stranger(m, found);
        size_t to = only ? 0 : whose(m, found);
        if (to == SIZE_MAX) {
            m->out->stranger |= is_stranger(m, found);
            continue;
        }
        bool same = can_be(mail->arena, &m->out->persons.at[to], found);
        bool asked_name =
            m->out->persons.at[to].field[FIRST_NAME].value != NULL ||
            (!by_closing(m, &found->field[FIRST_NAME]) && !by_closing(m, &found->field[LAST_NAME]));
        for (int f = 0; f < PERSON_FIELDS; f++) {
            bool name = f == FIRST_NAME || f == LAST_NAME;
            bool counts = f == BIRTH_DATE ? m->out->persons.n == 1 : !name || (same && asked_name);
            if (counts && said_now(&found->field[f])) {
                take_field(m, to, f, &found->field[f]);
            }
        }
    }
}

/* One household: what is said of the address of one holds for all. */
static bool live_together(const struct merge *m)
{
    struct found found;
    const char *last = m->out->persons.at[0].field[LAST_NAME].value;
    bool same = last != NULL;
    for (size_t i = 1; i < m->out->persons.n; i++) {
        same = same && utf8_same_folded(m->mail->arena, last, m->out->persons.at[i].field[LAST_NAME].value);
    }
    return same || text_says(m->mail, "shared_address", &found) || text_says(m->mail, "answer.both", &found);
}

static void put_address(struct merge *m, size_t i, const struct address_found *found)
{
    struct person *person = &m->out->persons.at[i];
    if (found->street != NULL && person->field[STREET].value == NULL) {
        fill(m, i, STREET, found->street, found->street_at, found->street_len);
    }
    if (found->postal_code != NULL && person->field[POSTAL_CODE].value == NULL) {
        fill(m, i, POSTAL_CODE, found->postal_code, found->code_at, found->code_len);
    }
    if (found->city != NULL && person->field[CITY].value == NULL) {
        fill(m, i, CITY, found->city, found->city_at, found->city_len);
    }
}

/* Bare addresses: one for each that lacks one, in our order, or one for a household. */
static void merge_addresses(struct merge *m)
{
    struct mail *mail = m->mail;
    struct addresses addresses = {0};
    size_t lacking = 0;
    for (size_t i = 0; i < m->out->persons.n; i++) {
        lacking += (person_missing(&m->out->persons.at[i]) & (MISSING_STREET | MISSING_CITY)) != 0;
    }
    addresses_find(mail->arena, mail->reader->patterns, mail->text, &addresses);
    m->out->told += (int)addresses.found.n;
    bool one = addresses.found.n == 1 && (m->out->persons.n == 1 || live_together(m));
    bool each = addresses.found.n == lacking && (lacking == m->out->persons.n || addresses.found.n > 1);
    if (lacking == 0 || addresses.found.n == 0 || !(one || each)) {
        return;
    }
    for (size_t i = 0, a = 0; i < m->out->persons.n; i++) {
        if ((person_missing(&m->out->persons.at[i]) & (MISSING_STREET | MISSING_CITY)) != 0) {
            put_address(m, i, &addresses.found.at[a]);
            a += addresses.found.n > 1;
        }
    }
}

/* The first line, when it is nothing but a few words: an answer to "what is your name". */
static const char *bare_name(const struct mail *mail, size_t *ret_len)
{
    size_t len = strcspn(mail->text, "\n"), words = 1;
    while (len > 0 && strchr(" .!", mail->text[len - 1]) != NULL) {
        len--;
    }
    for (const char *s = mail->text; s < mail->text + len;) {
        const char *at = s;
        uint32_t c = utf8_next(&s);
        words += *at == ' ';
        if (!utf8_is_letter(c) && strchr(" -'.", *at) == NULL) {
            return NULL;
        }
    }
    if (len == 0 || len > ANSWER_NAME_MAX || words > ANSWER_NAME_WORDS_MAX) {
        return NULL;
    }
    *ret_len = len;
    return arena_strndup(mail->arena, mail->text, len);
}

static void merge_names(struct merge *m)
{
    size_t len, who = m->out->persons.n, lacking = 0;
    unsigned names = MISSING_FIRST_NAME | MISSING_LAST_NAME;
    for (size_t i = 0; i < m->out->persons.n; i++) {
        if (person_missing(&m->out->persons.at[i]) & names) {
            who = i;
            lacking++;
        }
    }
    struct found found;
    const char *name = bare_name(m->mail, &len);
    if (lacking != 1 || name == NULL || text_says(m->mail, "answer.yes", &found) ||
        text_says(m->mail, "answer.no", &found)) {
        return;
    }
    struct person *person = &m->out->persons.at[who];
    const char *space = strrchr(name, ' ');
    bool first = person->field[FIRST_NAME].value == NULL, last = person->field[LAST_NAME].value == NULL;
    struct arena *arena = m->mail->arena;
    if (first && last && space != NULL) {
        fill(m, who, FIRST_NAME, name_tidy(arena, arena_strndup(arena, name, (size_t)(space - name))), 0,
             len);
        fill(m, who, LAST_NAME, name_tidy(arena, space + 1), 0, len);
    } else if (last && !first) {
        const char *known = person->field[FIRST_NAME].value;
        bool repeats = str_starts_nocase(name, known) && name[strlen(known)] == ' ';
        fill(m, who, LAST_NAME, name_tidy(arena, repeats ? name + strlen(known) + 1 : name), 0, len);
    } else if (first && !last) {
        const char *known = person->field[LAST_NAME].value;
        bool repeats = space != NULL && str_equal_nocase(space + 1, known);
        size_t part = repeats ? (size_t)(space - name) : len;
        fill(m, who, FIRST_NAME, name_tidy(arena, arena_strndup(arena, name, part)), 0, len);
    }
}

void answer_merge(struct mail *mail, const struct expected *expected, struct answered_people *ret)
{
    *ret = (struct answered_people){0};
    struct merge m = {mail, ret, closing_of(mail)};
    for (size_t i = 0; i < expected->persons.n; i++) {
        *LIST_ADD(mail->arena, &ret->persons) = expected->persons.at[i];
    }
    if (ret->persons.n == 0) {
        *LIST_ADD(mail->arena, &ret->persons) = (struct person){0};
    }
    merge_named(&m);
    answer_births(mail, ret);
    merge_addresses(&m);
    if (ret->filled == 0) {
        merge_names(&m);
    }
}
