/* parsers/reading_answer.c: an answer to what we had asked.
 *
 * Who answers writes little: "3.5.1958", "2", "ja bitte". What was asked gives the words their
 * meaning; what is said beyond is read as in any mail. */
#include "parsers/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/address.h"

#include <stdlib.h>

enum { AGE_MAX = 110, NAME_WORDS_MAX = 4, ANSWER_NAME_MAX = 60 };

static bool says(const struct mail *mail, const char *pattern, struct found *ret)
{
    return patterns_find(mail->reader->patterns, mail->arena, pattern, mail->sentences.text,
                         mail->sentences.len, 0, ret);
}

static struct evidence found_evidence(const struct found *found)
{
    return (struct evidence){.words = found->words,
                             .source = "answer",
                             .at = found->at,
                             .len = found->len,
                             .pattern = found->pattern,
                             .where = found->where};
}

static struct intent *add(struct mail *mail, struct reading *ret, enum intent_kind kind,
                          const struct found *found)
{
    struct intent *intent = LIST_ADD(mail->arena, &ret->intents);
    intent->kind = kind;
    if (found != NULL) {
        intent->evidence = found_evidence(found);
    }
    return intent;
}

static bool is_offered(const struct expected *expected, const char *code)
{
    for (size_t i = 0; i < expected->offered.n; i++) {
        if (str_equal(expected->offered.at[i], code)) {
            return true;
        }
    }
    return expected->offered.n == 0;
}

/* "2", "den zweiten": the number of the offered event, from 0; -1: not said. */
static int ordinal_said(const struct mail *mail, struct found *found)
{
    static const char *const names[] = {"one", "two", "three", "four", "five"};
    if (!says(mail, "answer.ordinal", found)) {
        return -1;
    }
    for (int i = 0; i < 5; i++) {
        if (found_group(found, names[i]) != NULL) {
            return i;
        }
    }
    return -1;
}

/* The event that the answer chooses; NULL: none, or several. */
static const char *event_chosen(struct mail *mail, const struct expected *expected,
                                struct evidence *ret_evidence)
{
    const struct programme *programme = mail->reader->programme;
    bool *used = arena_alloc(mail->arena, mail->mentions.list.n + 1);
    struct event_mentions offered = {0};
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        struct event_mention mention = mail->mentions.list.at[i];
        struct event_set fits = {0};
        for (size_t e = 0; e < programme->events.n && e < EVENTS_MATCHED; e++) {
            if (event_set_has(&mention.fits, e) && is_offered(expected, programme->events.at[e].code)) {
                event_set_add(&fits, e);
            }
        }
        if (!mention.in_subject && event_set_count(&fits) > 0) {
            mention.fits = fits;
            mention.kind = mention.kind == MENTION_PERIOD || mention.kind == MENTION_KEYWORD ? MENTION_TITLE
                                                                                             : mention.kind;
            used[offered.list.n] = true;
            *LIST_ADD(mail->arena, &offered.list) = mention;
        }
    }
    struct event_choices choices;
    event_choose(mail->arena, &offered, used, &choices);
    if (choices.choices.n == 1 && !choices.contradiction) {
        const struct event_choice *choice = &choices.choices.at[0];
        const struct event *event = event_single(programme, &choice->could_be);
        if (event != NULL) {
            *ret_evidence =
                (struct evidence){.words = arena_strndup(mail->arena, mail->text + choice->at, choice->len),
                                  .source = "answer",
                                  .at = choice->at,
                                  .len = choice->len,
                                  .pattern = "answer.event",
                                  .where = "reading_answer.c"};
            return event->code;
        }
    }
    struct found found;
    int number = choices.choices.n == 0 ? ordinal_said(mail, &found) : -1;
    if (number >= 0 && (size_t)number < expected->offered.n) {
        *ret_evidence = found_evidence(&found);
        return expected->offered.at[number];
    }
    return NULL;
}

/* --- data --- */

struct merge {
    struct mail *mail;
    const struct expected *expected;
    LIST(struct person) persons;
    int filled;
};

static void fill(struct merge *m, size_t person, enum person_field field, const char *value, size_t at,
                 size_t len)
{
    struct fact *fact = &m->persons.at[person].field[field];
    *fact = (struct fact){.value = value,
                          .evidence = {.words = arena_strndup(m->mail->arena, m->mail->text + at, len),
                                       .source = "answer",
                                       .at = at,
                                       .len = len,
                                       .pattern = "answer.field",
                                       .where = "reading_answer.c"}};
    m->filled++;
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
        size_t to = m->persons.n;
        for (size_t k = 0; k < m->persons.n; k++) {
            to = to == m->persons.n && same_name(mail->arena, found, &m->persons.at[k]) ? k : to;
        }
        if (to == m->persons.n && m->persons.n == 1 && mail->persons.person.n == 1) {
            to = 0;
        }
        for (int f = 0; to < m->persons.n && f < PERSON_FIELDS; f++) {
            if (said_now(&found->field[f])) {
                bool news = !str_equal(m->persons.at[to].field[f].value, found->field[f].value);
                m->persons.at[to].field[f] = found->field[f];
                m->filled += news;
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
    for (size_t i = 0; i < m->persons.n; i++) {
        lacking += m->persons.at[i].field[BIRTH_DATE].value == NULL;
    }
    for (size_t i = 0; i < mail->dates.found.n; i++) {
        dates += is_birth_date(mail, &mail->dates.found.at[i], &day);
    }
    if (lacking == 0 || dates != lacking) {
        return;
    }
    for (size_t i = 0, d = 0; i < m->persons.n; i++) {
        if (m->persons.at[i].field[BIRTH_DATE].value != NULL) {
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
    for (size_t i = 0; i < m->persons.n; i++) {
        lacking += (person_missing(&m->persons.at[i]) & (MISSING_STREET | MISSING_CITY)) != 0;
    }
    addresses_find(mail->arena, mail->reader->patterns, mail->text, &addresses);
    if (lacking == 0 || addresses.found.n == 0 || (addresses.found.n != 1 && addresses.found.n != lacking)) {
        return;
    }
    for (size_t i = 0, a = 0; i < m->persons.n; i++) {
        struct person *person = &m->persons.at[i];
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
    size_t len, who = m->persons.n, lacking = 0;
    unsigned names = MISSING_FIRST_NAME | MISSING_LAST_NAME;
    for (size_t i = 0; i < m->persons.n; i++) {
        if (person_missing(&m->persons.at[i]) & names) {
            who = i;
            lacking++;
        }
    }
    struct found found;
    const char *name = bare_name(m->mail, &len);
    if (lacking != 1 || name == NULL || says(m->mail, "answer.yes", &found) ||
        says(m->mail, "answer.no", &found)) {
        return;
    }
    struct person *person = &m->persons.at[who];
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

static bool answer_data(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    struct merge m = {.mail = mail, .expected = expected};
    for (size_t i = 0; i < expected->persons.n; i++) {
        *LIST_ADD(mail->arena, &m.persons) = expected->persons.at[i];
    }
    if (m.persons.n == 0) {
        *LIST_ADD(mail->arena, &m.persons) = (struct person){0};
    }
    merge_named(&m);
    merge_dates(&m);
    merge_addresses(&m);
    if (m.filled == 0) {
        merge_names(&m);
    }
    struct evidence evidence = {0};
    const char *event = expected->event;
    if (expected->missing & MISSING_EVENT) {
        const char *chosen = event_chosen(mail, expected, &evidence);
        event = chosen != NULL ? chosen : event;
        m.filled += chosen != NULL;
    }
    if (m.filled == 0) {
        return false;
    }
    struct intent *intent = add(mail, ret, INTENT_ANSWER, NULL);
    intent->event = event;
    intent->event_evidence = evidence;
    intent->missing = event == NULL ? MISSING_EVENT : 0;
    for (size_t i = 0; i < m.persons.n; i++) {
        *LIST_ADD(mail->arena, &intent->persons) = m.persons.at[i];
        intent->missing |= person_missing(&m.persons.at[i]);
    }
    ret->automatic = intent->missing == 0 ? READING_ACT : READING_ASK;
    reading_reason(mail->arena, ret, 60, "answer", "Antwortet auf unsere Rückfrage");
    return true;
}

/* --- yes, no, which --- */

static bool answer_newsletter(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct found found;
    bool no = says(mail, "answer.no", &found);
    bool yes = says(mail, "answer.yes", &found) || says(mail, "answer.yes_anywhere", &found);
    bool subscribes = wants->news.n > 0 && wants->news.at[0].subscribe;
    bool leaves = wants->news.n > 0 && !wants->news.at[0].subscribe;
    if (no || leaves) {
        says(mail, "answer.no", &found);
        add(mail, ret, INTENT_DECLINE, no ? &found : NULL);
    } else if (yes || subscribes) {
        add(mail, ret, INTENT_CONFIRM, yes ? &found : NULL);
    } else {
        return false;
    }
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Antwortet auf unsere Frage zum Newsletter");
    if (wants->news.n > 0 && wants->news.at[0].address != NULL) {
        ret->automatic = READING_NONE;
        ret->staff = true;
        ret->why_staff = "Antwortet, nennt aber eine andere Adresse";
    }
    return true;
}

static bool answer_which_cancel(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    struct evidence evidence = {0};
    struct found found;
    const char *event = event_chosen(mail, expected, &evidence);
    if (event == NULL && !says(mail, "answer.both", &found)) {
        return false;
    }
    for (size_t i = 0; i < expected->offered.n; i++) {
        if (event == NULL || str_equal(event, expected->offered.at[i])) {
            struct intent *intent = add(mail, ret, INTENT_CANCEL, event == NULL ? &found : NULL);
            intent->event = expected->offered.at[i];
            intent->event_evidence = evidence;
        }
    }
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Sagt, welche Anmeldung gemeint ist");
    return ret->intents.n > 0;
}

/* A wish for an event that the conversation is not about. */
static bool another_matter(struct mail *mail, const struct expected *expected, const struct wants *wants)
{
    if (wants->registers == NULL) {
        return false;
    }
    struct wanted_events events;
    events_for_register(mail, wants, &events);
    for (size_t i = 0; i < events.event.n; i++) {
        const char *code = events.event.at[i]->code;
        bool known =
            str_equal(code, expected->event) || (expected->offered.n > 0 && is_offered(expected, code));
        if (!known && (expected->event != NULL || expected->offered.n > 0)) {
            return true;
        }
    }
    return false;
}

bool answer_read(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    struct wants wants;
    struct found found;
    wants_find(mail, &wants);
    if (wants.privacy != NULL || another_matter(mail, expected, &wants)) {
        return false;
    }
    bool answered = false;
    if (expected->confirm_newsletter) {
        answered = answer_newsletter(mail, &wants, ret);
    }
    if (!answered && expected->confirm_which_cancel) {
        answered = answer_which_cancel(mail, expected, ret);
    }
    if (!answered && expected->missing != 0) {
        bool gives_up = (wants.cancels != NULL && wants.cancel_sure) || says(mail, "answer.no", &found);
        if (gives_up && wants.registers == NULL) {
            add(mail, ret, INTENT_DECLINE, wants.cancels == NULL ? &found : wants.cancels->found);
            ret->automatic = READING_ACT;
            reading_reason(mail->arena, ret, 60, "answer", "Möchte nicht mehr");
            answered = true;
        } else {
            answered = answer_data(mail, expected, ret);
        }
    }
    if (answered && (wants.question != NULL || wants.concern != NULL)) {
        add(mail, ret, INTENT_QUESTION, NULL);
        ret->staff = true;
        ret->why_staff = "Antwortet und fragt noch etwas";
    }
    if (answered && !expected->confirm_newsletter) {
        for (size_t i = 0; i < wants.news.n; i++) {
            struct intent *intent =
                add(mail, ret, wants.news.at[i].subscribe ? INTENT_SUBSCRIBE : INTENT_UNSUBSCRIBE,
                    wants.news.at[i].sign->found);
            intent->address = wants.news.at[i].address;
        }
    }
    return answered;
}
