/* parsers/reading_merge.c: what an answer says of people, put on the people we had asked about. */
#include "parsers/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/address.h"

enum { AGE_MAX = 110, NAME_WORDS_MAX = 4, ANSWER_NAME_MAX = 60 };

struct merge {
    struct mail *mail;
    struct answered_people *out;
};

static void fill(struct merge *m, size_t person, enum person_field field, const char *value, size_t at,
                 size_t len)
{
    struct fact *fact = &m->out->persons.at[person].field[field];
    *fact = (struct fact){.value = value,
                          .evidence = {.words = arena_strndup(m->mail->arena, m->mail->text + at, len),
                                       .source = "answer",
                                       .at = at,
                                       .len = len,
                                       .pattern = "answer.field",
                                       .where = "reading_answer.c"}};
    m->out->filled++;
}

static bool same_name(struct arena *arena, const struct person *a, const struct person *b)
{
    const char *x = a->field[FIRST_NAME].value, *y = b->field[FIRST_NAME].value;
    return x != NULL && y != NULL && strcmp(utf8_fold(arena, x), utf8_fold(arena, y)) == 0;
}

static bool said_now(const struct fact *fact)
{
    return fact->value != NULL &&
           (str_equal(fact->evidence.source, "text") || str_equal(fact->evidence.source, "forwarded"));
}

/* What the answer's persons say is put on the expected ones: by first name, or one to one. */
static void merge_named(struct merge *m)
{
    struct mail *mail = m->mail;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *found = &mail->persons.person.at[i];
        size_t to = m->out->persons.n;
        for (size_t k = 0; k < m->out->persons.n; k++) {
            to = to == m->out->persons.n && same_name(mail->arena, found, &m->out->persons.at[k]) ? k : to;
        }
        if (to == m->out->persons.n && m->out->persons.n == 1 && mail->persons.person.n == 1) {
            to = 0;
        }
        for (int f = 0; to < m->out->persons.n && f < PERSON_FIELDS; f++) {
            if (said_now(&found->field[f])) {
                bool news = !str_equal(m->out->persons.at[to].field[f].value, found->field[f].value);
                m->out->persons.at[to].field[f] = found->field[f];
                m->out->filled += news;
            }
        }
    }
}

static bool is_birth_date(const struct mail *mail, const struct date_found *found, struct date *ret)
{
    struct date day = {found->year, found->month, found->day};
    if (!date_valid(day) || date_compare(day, mail->reader->today) > 0 ||
        date_age(day, mail->reader->today) > AGE_MAX) {
        return false;
    }
    *ret = day;
    return true;
}

/* Bare dates, one for each that lacks one, in our order. */
static void merge_dates(struct merge *m)
{
    struct mail *mail = m->mail;
    size_t lacking = 0, dates = 0;
    struct date day;
    for (size_t i = 0; i < m->out->persons.n; i++) {
        lacking += m->out->persons.at[i].field[BIRTH_DATE].value == NULL;
    }
    for (size_t i = 0; i < mail->dates.found.n; i++) {
        dates += is_birth_date(mail, &mail->dates.found.at[i], &day);
    }
    if (lacking == 0 || dates != lacking) {
        return;
    }
    for (size_t i = 0, d = 0; i < m->out->persons.n; i++) {
        if (m->out->persons.at[i].field[BIRTH_DATE].value != NULL) {
            continue;
        }
        while (!is_birth_date(mail, &mail->dates.found.at[d], &day)) {
            d++;
        }
        const struct date_found *found = &mail->dates.found.at[d++];
        fill(m, i, BIRTH_DATE, date_iso(mail->arena, day), found->at, found->len);
    }
}

static void merge_addresses(struct merge *m)
{
    struct mail *mail = m->mail;
    struct addresses addresses = {0};
    size_t lacking = 0;
    for (size_t i = 0; i < m->out->persons.n; i++) {
        lacking += (person_missing(&m->out->persons.at[i]) & (MISSING_STREET | MISSING_CITY)) != 0;
    }
    addresses_find(mail->arena, mail->reader->patterns, mail->text, &addresses);
    if (lacking == 0 || addresses.found.n == 0 || (addresses.found.n != 1 && addresses.found.n != lacking)) {
        return;
    }
    for (size_t i = 0, a = 0; i < m->out->persons.n; i++) {
        struct person *person = &m->out->persons.at[i];
        if ((person_missing(person) & (MISSING_STREET | MISSING_CITY)) == 0) {
            continue;
        }
        const struct address_found *found = &addresses.found.at[a];
        a += addresses.found.n > 1;
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
    if (len == 0 || len > ANSWER_NAME_MAX || words > NAME_WORDS_MAX) {
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
    if (lacking != 1 || name == NULL || answer_says(m->mail, "answer.yes", &found) ||
        answer_says(m->mail, "answer.no", &found)) {
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
    struct merge m = {mail, ret};
    for (size_t i = 0; i < expected->persons.n; i++) {
        *LIST_ADD(mail->arena, &ret->persons) = expected->persons.at[i];
    }
    if (ret->persons.n == 0) {
        *LIST_ADD(mail->arena, &ret->persons) = (struct person){0};
    }
    merge_named(&m);
    merge_dates(&m);
    merge_addresses(&m);
    if (ret->filled == 0) {
        merge_names(&m);
    }
}
