/* parsers/reading/reading_who.c: the words of a sentence that tell who: first names, "ich", "wir beide",
 * "unsere Tochter", "der Große", "er". */
#include "parsers/reading/extent.h"
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>

size_t person_at(const struct person *person)
{
    for (int f = 0; f < PERSON_FIELDS; f++) {
        const struct evidence *evidence = &person->field[f].evidence;
        if (person->field[f].value != NULL && str_equal(evidence->source, "text") && evidence->len > 0) {
            return evidence->at;
        }
    }
    return SIZE_MAX;
}

/* The word stands where another begins, and no letter goes on. */
static bool word_at(const char *text, size_t at, const char *word, size_t len)
{
    return len > 0 && strncmp(text + at, word, len) == 0 && utf8_letters(text + at + len) == 0;
}

static bool line_holds(const struct mail *mail, size_t at, const char *pattern, size_t not_in)
{
    const char *text = mail->text;
    size_t begin = str_line_begin(text, at), end = at + strcspn(text + at, "\n");
    struct found found;
    return sentence_of(&mail->sentences, at) != not_in &&
           patterns_find(mail->reader->patterns, mail->arena, pattern, text + begin, end - begin, 0, &found);
}

static int age_of(const struct mail *mail, const struct person *person)
{
    struct date born;
    if (person->field[BIRTH_DATE].value == NULL || !date_parse_iso(person->field[BIRTH_DATE].value, &born)) {
        return -1;
    }
    return date_age(born, mail->reader->today);
}

/* Whether the role can be this person's: by a word in the line of the name, else by the age. */
static bool role_fits(const struct mail *mail, const struct found *role, size_t sentence, size_t person)
{
    const struct person *one = &mail->persons.person.at[person];
    const char *years = found_group(role, "years");
    int age = age_of(mail, one);
    if (years != NULL) {
        return age == atoi(years);
    }
    bool elder = str_equal(role->pattern, "role.elder"), younger = str_equal(role->pattern, "role.younger");
    if (!elder && !younger) {
        size_t at = person_at(one);
        return at != SIZE_MAX && line_holds(mail, at, role->pattern, sentence);
    }
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        int other = age_of(mail, &mail->persons.person.at[i]);
        if (i != person && (other < 0 || (elder ? other >= age : other <= age))) {
            return false;
        }
    }
    return age >= 0;
}

uint64_t person_of_writer(const struct mail *mail)
{
    uint64_t one = 0;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const char *first = mail->persons.person.at[i].field[FIRST_NAME].value;
        const char *sender = mail->letter->from.name == NULL ? "" : mail->letter->from.name;
        if (extent_names(mail->arena, sender, first) ||
            extent_names(mail->arena, mail->own->closing, first)) {
            if (one != 0) {
                return 0;
            }
            one = (uint64_t)1 << i;
        }
    }
    return one;
}

uint64_t everybody(const struct mail *mail)
{
    return ((uint64_t)1 << mail->persons.person.n) - 1;
}

/* "Sie geht zum 3D-Druck": the one who is not the writer; 0: there are several. */
static uint64_t the_other(const struct mail *mail)
{
    uint64_t me = person_of_writer(mail), others = everybody(mail) & ~me;
    bool known = me != 0 || mail->persons.person.n == 1;
    return known && __builtin_popcountll(others) == 1 ? others : 0;
}

static struct who who_in_role(const struct mail *mail, const struct found *role, size_t sentence)
{
    struct who who = {.kind = WHO_UNKNOWN};
    if (str_equal(role->pattern, "role.pronoun")) {
        who.people = the_other(mail);
        return who;
    }
    static const char *const kinds[] = {"role.elder", "role.younger", "role.he", "role.she"};
    int fits = 0;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        if (role_fits(mail, role, sentence, i)) {
            who.people = fits == 0 ? (uint64_t)1 << i : 0;
            fits++;
        }
    }
    if (mail->persons.person.n == 1) {
        who.people = the_other(mail);
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (str_equal(role->pattern, kinds[k])) {
            who.kind = WHO_ROLE + k;
        }
    }
    return who;
}

static void add_who(const struct mail *mail, struct whos *whos, size_t at, size_t len, struct who who)
{
    who.at = at;
    who.end = at + len;
    *LIST_ADD(mail->arena, &whos->list) = who;
}

static int by_place(const void *a, const void *b)
{
    const struct who *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* "unsere Tochter (Merle …)", "mich, Lars Hinrichs": the name right behind the word says who it is. */
static void name_roles(const struct mail *mail, struct whos *whos)
{
    for (size_t i = 0; i + 1 < whos->list.n; i++) {
        struct who *who = &whos->list.at[i];
        const struct who *next = &whos->list.at[i + 1];
        bool named = next->kind == WHO_NAMED && who->kind != WHO_NAMED && who->kind != WHO_TOGETHER &&
                     next->at > who->end &&
                     stretch_says(mail, "who_is.same", (struct stretch){who->end, next->at});
        who->people = named ? next->people : who->people;
        who->kind = named ? WHO_NAMED : who->kind;
    }
}

void whos_find(const struct mail *mail, size_t sentence, struct whos *ret)
{
    static const struct {
        const char *word;
        enum who_kind kind;
    } words[] = {{"ich", WHO_WRITER},   {"Ich", WHO_WRITER},   {"mich", WHO_WRITER},   {"Mich", WHO_WRITER},
                 {"mir", WHO_WRITER},   {"I", WHO_WRITER},     {"me", WHO_WRITER},     {"wir", WHO_TOGETHER},
                 {"Wir", WHO_TOGETHER}, {"uns", WHO_TOGETHER}, {"beide", WHO_TOGETHER}};
    const struct sentence *s = &mail->sentences.list.at[sentence];
    const char *text = mail->text;
    uint64_t me = person_of_writer(mail);
    *ret = (struct whos){0};
    for (size_t at = s->at, step; at < s->at + s->len; at += step) {
        step = utf8_letters(text + at);
        if (step == 0) {
            const char *next = text + at;
            utf8_next(&next);
            step = (size_t)(next - text) - at;
            continue;
        }
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (word_at(text, at, words[i].word, strlen(words[i].word))) {
                bool all = words[i].kind == WHO_TOGETHER;
                add_who(mail, ret, at, strlen(words[i].word),
                        (struct who){.people = all ? everybody(mail) : me, .kind = words[i].kind});
            }
        }
        for (size_t i = 0; i < mail->persons.person.n; i++) {
            const char *first = mail->persons.person.at[i].field[FIRST_NAME].value;
            if (first != NULL && word_at(text, at, first, strcspn(first, " "))) {
                add_who(mail, ret, at, strcspn(first, " "),
                        (struct who){.people = (uint64_t)1 << i, .kind = WHO_NAMED});
            }
        }
    }
    struct founds founds = {0};
    patterns_find_all(mail->reader->patterns, mail->arena, "role", mail->sentences.text + s->at, s->len,
                      &founds);
    for (size_t i = 0; i < founds.n; i++) {
        add_who(mail, ret, s->at + founds.at[i].at, founds.at[i].len,
                who_in_role(mail, &founds.at[i], sentence));
    }
    if (ret->list.n > 0) {
        qsort(ret->list.at, ret->list.n, sizeof *ret->list.at, by_place);
    }
    name_roles(mail, ret);
}
