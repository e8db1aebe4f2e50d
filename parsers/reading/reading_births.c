/* parsers/reading/reading_births.c: whose the birth dates of an answer are.
 *
 * We asked for the birth dates of several, and the answer gives some. A date belongs to the one whose first
 * name stands beside it; where no name stands anywhere, dates go one to one in the order in which we
 * asked, if there are as many as are lacking. Anything else is nobody's: a date is never shared. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/person/birth.h"
#include "parsers/person/name.h"

enum { OWNER_NONE = -1, OWNER_UNSURE = -2, LEAD_MAX = 60 };

static bool word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* The word at `at` as the first name of one of them: "Elif", "Elifs", "Anna" of Anna-Lena. */
static int named_by(const struct mail *mail, const struct answered_people *people, size_t at, size_t len)
{
    const char *word = utf8_fold(mail->arena, arena_strndup(mail->arena, mail->text + at, len));
    int owner = OWNER_NONE;
    for (size_t i = 0; i < people->persons.n; i++) {
        const char *first = people->persons.at[i].field[FIRST_NAME].value;
        const char *name = first == NULL ? "" : utf8_fold(mail->arena, first);
        size_t part = strcspn(name, " -");
        bool whole = part > 0 && strncmp(word, name, part) == 0;
        if (whole && (word[part] == '\0' || str_equal(word + part, "s"))) {
            owner = owner == OWNER_NONE ? (int)i : OWNER_UNSURE;
        }
    }
    return owner;
}

/* Who is named between two places: the last one, or the first one. */
static int named_between(const struct mail *mail, const struct answered_people *people, size_t from,
                         size_t to, bool first)
{
    int owner = OWNER_NONE;
    for (size_t at = from; at < to;) {
        size_t len = 0;
        while (at + len < to && word_byte(mail->text[at + len])) {
            len++;
        }
        int here = len > 0 ? named_by(mail, people, at, len) : OWNER_NONE;
        owner = here != OWNER_NONE ? here : owner;
        if (first && here != OWNER_NONE) {
            return here;
        }
        at += len > 0 ? len : 1;
    }
    return owner;
}

/* Right before the date stands a name that is none of theirs: "Enno 3.3.2015". */
static bool stranger_before(const struct mail *mail, const struct answered_people *people, size_t at)
{
    struct found lead;
    size_t line = str_line_begin(mail->text, at);
    size_t near = utf8_before(mail->text, at, at - line < LEAD_MAX ? at - line : LEAD_MAX);
    const char *before = arena_strndup(mail->arena, mail->text + near, at - near);
    if (patterns_find(mail->reader->patterns, mail->arena, "lead.birth", before, at - near, 0, &lead)) {
        at = near + lead.at;
    }
    while (at > near && !word_byte(mail->text[at - 1]) && mail->text[at - 1] != '.') {
        at--;
    }
    size_t end = at;
    while (at > near && word_byte(mail->text[at - 1])) {
        at--;
    }
    const char *word = arena_strndup(mail->arena, mail->text + at, end - at), *letter = word;
    bool name =
        end > at && utf8_is_upper(utf8_next(&letter)) && name_word(mail->arena, mail->reader->patterns, word);
    for (size_t i = 0; i < people->persons.n && name; i++) {
        const struct person *person = &people->persons.at[i];
        const char *last = person->field[LAST_NAME].value, *first = person->field[FIRST_NAME].value;
        const char *folded = utf8_fold(mail->arena, word);
        name = !(last != NULL && strstr(utf8_fold(mail->arena, last), folded) != NULL) &&
               !(first != NULL && strstr(utf8_fold(mail->arena, first), folded) != NULL) &&
               named_by(mail, people, at, end - at) == OWNER_NONE;
    }
    return name;
}

/* The owner by the people that person.c found: "Karl 7.9.1955, ich 3.5.1958". */
static int found_owner(const struct mail *mail, const struct answered_people *people,
                       const struct birth *birth)
{
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct fact *born = &mail->persons.person.at[i].field[BIRTH_DATE];
        const struct fact *first = &mail->persons.person.at[i].field[FIRST_NAME];
        if (born->value == NULL || first->value == NULL || born->evidence.at != birth->at) {
            continue;
        }
        int owner = OWNER_NONE;
        for (size_t k = 0; k < people->persons.n; k++) {
            const char *known = people->persons.at[k].field[FIRST_NAME].value;
            if (known != NULL &&
                str_equal(utf8_fold(mail->arena, known), utf8_fold(mail->arena, first->value))) {
                owner = owner == OWNER_NONE ? (int)k : OWNER_UNSURE;
            }
        }
        return owner;
    }
    return OWNER_NONE;
}

void answer_fill(struct mail *mail, struct answered_people *people, size_t person, enum person_field field,
                 const char *value, size_t at, size_t len)
{
    struct fact *fact = &people->persons.at[person].field[field];
    *fact = (struct fact){.value = value,
                          .evidence = {.words = arena_strndup(mail->arena, mail->text + at, len),
                                       .source = "answer",
                                       .at = at,
                                       .len = len,
                                       .pattern = "answer.field",
                                       .where = "reading_births.c"}};
    people->filled++;
    people->told++;
}

static void give(struct mail *mail, struct answered_people *people, int owner, const struct birth *birth)
{
    const char *known = people->persons.at[owner].field[BIRTH_DATE].value;
    const char *iso = date_iso(mail->arena, birth->day);
    people->told++;
    if (!str_equal(known, iso)) {
        answer_fill(mail, people, (size_t)owner, BIRTH_DATE, iso, birth->at, birth->len);
    }
}

/* By the names beside the dates; false when no name stands there. */
static bool by_names(struct mail *mail, struct answered_people *people, const struct births *births)
{
    size_t n = births->birth.n, len = strlen(mail->text);
    if (named_between(mail, people, 0, len, true) == OWNER_NONE) {
        return false;
    }
    bool before = named_between(mail, people, 0, births->birth.at[0].at, true) != OWNER_NONE;
    bool *has = arena_alloc(mail->arena, people->persons.n + 1);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        const struct birth *birth = &births->birth.at[i];
        size_t end = birth->at + birth->len, next = i + 1 < n ? births->birth.at[i + 1].at : len;
        size_t last = i > 0 ? births->birth.at[i - 1].at + births->birth.at[i - 1].len : 0;
        int owner = before ? named_between(mail, people, last, birth->at, false)
                           : named_between(mail, people, end, next, true);
        int found = found_owner(mail, people, birth);
        owner = owner == OWNER_NONE ? found : owner;
        if (owner < 0 || has[owner]) {
            people->unclear = true; /* "Elif und Emre: 14.2.2016", two dates for one */
            continue;
        }
        people->unclear = people->unclear || (found >= 0 && found != owner);
        has[owner] = any = true;
        give(mail, people, owner, birth);
    }
    return any;
}

/* "14.2.2016 und 30.8.2017": as many as we asked for, in our order. */
static void by_order(struct mail *mail, struct answered_people *people, const struct births *births)
{
    size_t lacking = 0, b = 0;
    for (size_t i = 0; i < people->persons.n; i++) {
        lacking += people->persons.at[i].field[BIRTH_DATE].value == NULL;
    }
    if (lacking != births->birth.n) {
        people->unclear = people->unclear || (births->birth.n > lacking && lacking > 0);
        return;
    }
    for (size_t i = 0; i < people->persons.n; i++) {
        if (people->persons.at[i].field[BIRTH_DATE].value == NULL) {
            give(mail, people, (int)i, &births->birth.at[b++]);
        }
    }
}

void answer_births(struct mail *mail, struct answered_people *people)
{
    struct births births;
    births_find(mail->arena, mail->reader, mail->text, &births);
    if (births.birth.n == 0) {
        return;
    }
    for (size_t i = 0; i < births.birth.n; i++) {
        people->stranger = people->stranger || stranger_before(mail, people, births.birth.at[i].at);
    }
    if (people->persons.n == 1) {
        struct person *only = &people->persons.at[0];
        if (only->field[BIRTH_DATE].value == NULL && births.birth.n == 1 && !people->stranger) {
            give(mail, people, 0, &births.birth.at[0]);
        }
        return;
    }
    if (!by_names(mail, people, &births) && !people->stranger) {
        by_order(mail, people, &births);
    }
}
