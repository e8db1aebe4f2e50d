/* parsers/reading/reading_share.c: several people and several events: who wants which.
 *
 * A person in the line of one event wants that one: rows of a table. In sentences it is the one named last
 * before the event: "Marlene möchte zum 3D-Druck, der Kleine zum Calliope". Where nothing of the kind is
 * said, all want all. */
#include "parsers/reading/extent.h"
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

#include <stdlib.h>

/* ROLE: "der Große", and nobody's data tell who that is; each kind of role has a number of its own below it.
 */
enum { UNSAID = -1, ROW_BOTH = -2, WRITER = -3, TOGETHER = -4, ROLE = -5 };

static size_t line_of(const char *text, size_t at)
{
    size_t line = 0;
    for (size_t i = 0; i < at; i++) {
        line += text[i] == '\n';
    }
    return line;
}

static size_t person_at(const struct person *person)
{
    for (int f = 0; f < PERSON_FIELDS; f++) {
        const struct evidence *evidence = &person->field[f].evidence;
        if (person->field[f].value != NULL && str_equal(evidence->source, "text") && evidence->len > 0) {
            return evidence->at;
        }
    }
    return SIZE_MAX;
}

/* True when every person stands in the line of one event; fills `of`. */
static bool by_lines(const struct mail *mail, const struct wanted_events *events, int *of)
{
    size_t people = mail->persons.person.n, sure = 0;
    for (size_t e = 0; e < events->choices.choices.n; e++) { /* a paragraph is no row */
        for (size_t k = 0; k < e; k++) {
            if (line_of(mail->text, events->choices.choices.at[e].at) ==
                line_of(mail->text, events->choices.choices.at[k].at)) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < people; i++) {
        size_t at = person_at(&mail->persons.person.at[i]);
        of[i] = UNSAID;
        for (size_t e = 0; at != SIZE_MAX && e < events->event.n && e < events->choices.choices.n; e++) {
            const struct event_choice *choice = &events->choices.choices.at[e];
            if (!choice->in_subject && line_of(mail->text, choice->at) == line_of(mail->text, at)) {
                of[i] = of[i] == UNSAID ? (int)e : ROW_BOTH;
            }
        }
        sure += of[i] >= 0;
    }
    return sure == people && events->choices.choices.n == events->event.n;
}

static bool word_at(const char *text, size_t from, size_t at, const char *word, size_t len)
{
    bool begins = at == from || strchr(" \n\t(,.;:-", text[at - 1]) != NULL;
    return begins && len > 0 && strncmp(text + at, word, len) == 0 &&
           (text[at + len] == '\0' || strchr(" \n\t),.;:-", text[at + len]) != NULL);
}

/* Where the text first speaks of the event; NULL: nowhere. */
static const struct event_mention *first_mention(const struct mail *mail, const struct event *event)
{
    size_t number = (size_t)(event - mail->reader->programme->events.at);
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        bool names = m->kind == MENTION_TITLE || m->kind == MENTION_DATE || m->kind == MENTION_KEYWORD;
        if (names && !m->in_subject && event_set_has(&m->fits, number)) {
            return m;
        }
    }
    return NULL;
}

/* --- who is named beside an event --- */

/* A word of a sentence that tells who: a person's number, WRITER, TOGETHER, or a role that nobody's data fit.
 */
struct who {
    size_t at;
    int who;
};
struct whos {
    LIST(struct who)
    list; /* in no order */
};

static bool line_holds(const struct mail *mail, size_t at, const char *pattern, size_t not_in)
{
    const char *text = mail->text;
    size_t begin = at, end = at + strcspn(text + at, "\n");
    while (begin > 0 && text[begin - 1] != '\n') {
        begin--;
    }
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

/* The one person whose first name the sender or the closing bears; WRITER: nobody or several. */
static int writer(const struct mail *mail)
{
    int one = WRITER;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const char *first = mail->persons.person.at[i].field[FIRST_NAME].value;
        const char *sender = mail->letter->from.name == NULL ? "" : mail->letter->from.name;
        if (extent_names(mail->arena, sender, first) ||
            extent_names(mail->arena, mail->own->closing, first)) {
            if (one != WRITER) {
                return WRITER;
            }
            one = (int)i;
        }
    }
    return one;
}

/* "Sie geht zum 3D-Druck": of two, the one who is not the writer. */
static int the_other(const struct mail *mail)
{
    int me = writer(mail);
    return mail->persons.person.n == 2 && me >= 0 ? 1 - me : ROLE;
}

static int who_in_role(const struct mail *mail, const struct found *role, size_t sentence)
{
    if (str_equal(role->pattern, "role.pronoun")) {
        return the_other(mail);
    }
    static const char *const kinds[] = {"role.elder", "role.younger", "role.he", "role.she"};
    int who = UNSAID;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        if (role_fits(mail, role, sentence, i)) {
            who = who == UNSAID ? (int)i : ROLE;
        }
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && who < 0; k++) {
        who = str_equal(role->pattern, kinds[k]) ? ROLE - 1 - (int)k : who;
    }
    return who == UNSAID ? ROLE : who;
}

static void add_who(const struct mail *mail, struct whos *whos, size_t at, int who)
{
    *LIST_ADD(mail->arena, &whos->list) = (struct who){at, who};
}

static void find_whos(const struct mail *mail, size_t sentence, struct whos *ret)
{
    static const struct {
        const char *word;
        int who;
    } words[] = {{"ich", WRITER},   {"Ich", WRITER},   {"mich", WRITER},  {"Mich", WRITER},
                 {"wir", TOGETHER}, {"Wir", TOGETHER}, {"uns", TOGETHER}, {"beide", TOGETHER}};
    const struct sentence *s = &mail->sentences.list.at[sentence];
    const char *text = mail->text;
    for (size_t at = s->at; at < s->at + s->len; at++) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            if (word_at(text, s->at, at, words[i].word, strlen(words[i].word))) {
                add_who(mail, ret, at, words[i].who);
            }
        }
        for (size_t i = 0; i < mail->persons.person.n; i++) {
            const char *first = mail->persons.person.at[i].field[FIRST_NAME].value;
            if (first != NULL && word_at(text, s->at, at, first, strcspn(first, " "))) {
                add_who(mail, ret, at, (int)i);
            }
        }
    }
    struct founds founds = {0};
    patterns_find_all(mail->reader->patterns, mail->arena, "role", mail->sentences.text + s->at, s->len,
                      &founds);
    for (size_t i = 0; i < founds.n; i++) {
        add_who(mail, ret, s->at + founds.at[i].at, who_in_role(mail, &founds.at[i], sentence));
    }
}

/* Who is named last in the sentence before the event, or first behind it (`until` a further event). */
static int named_beside(const struct mail *mail, const struct event_mention *mention, bool behind,
                        size_t until)
{
    if (mention == NULL) {
        return UNSAID;
    }
    struct whos whos = {0};
    find_whos(mail, mention->sentence, &whos);
    const struct who *best = NULL;
    for (size_t i = 0; i < whos.list.n; i++) {
        const struct who *w = &whos.list.at[i];
        bool side = behind ? w->at > mention->at && w->at < until : w->at < mention->at;
        if (side && (best == NULL || (behind ? w->at < best->at : w->at > best->at))) {
            best = w;
        }
    }
    return best == NULL || best->who == TOGETHER ? UNSAID : best->who;
}

/* Where the text goes on to another of the wanted events. */
static size_t next_event(const struct event_mention *const *mention, size_t n, size_t e)
{
    size_t next = SIZE_MAX;
    for (size_t i = 0; i < n && mention[e] != NULL; i++) {
        if (mention[i] != NULL && mention[i]->at > mention[e]->at && mention[i]->at < next) {
            next = mention[i]->at;
        }
    }
    return next;
}

/* True when different people are named before different events. */
static bool several_named(const int *who, size_t n)
{
    for (size_t e = 0; e < n; e++) {
        for (size_t k = 0; k < e; k++) {
            if (who[e] != UNSAID && who[k] != UNSAID && who[e] != who[k]) {
                return true;
            }
        }
    }
    return false;
}

/* One event for each person; at most one of them is not known by name, and is the one left. False: not so
 * clear. */
static bool one_to_one(size_t people, const int *who, size_t n, int *of)
{
    int left = UNSAID;
    for (size_t e = 0; e < n; e++) {
        if (who[e] == UNSAID || (who[e] < 0 && left != UNSAID) || (who[e] >= 0 && of[who[e]] != UNSAID)) {
            return false;
        }
        if (who[e] >= 0) {
            of[who[e]] = (int)e;
        } else {
            left = (int)e;
        }
    }
    for (size_t i = 0; i < people; i++) {
        if (of[i] == UNSAID) {
            of[i] = left;
            left = UNSAID;
        }
        if (of[i] == UNSAID) {
            return false;
        }
    }
    return left == UNSAID;
}

/* How many events have a person of their own, told by name or role; -1: a word like "der andere" is there. */
static int told_apart(const int *who, size_t n)
{
    int told = 0;
    for (size_t e = 0; e < n; e++) {
        bool other = true;
        for (size_t k = 0; k < e; k++) {
            other = other && who[k] != who[e];
        }
        if (who[e] == ROLE) {
            return -1;
        }
        told += who[e] >= 0 && other;
    }
    return told;
}

/* Who is named on that side of each event: "Leon zum 3D-Druck", or "zum 3D-Druck kommt Leon". */
static int *named_on_side(const struct mail *mail, const struct wanted_events *events, bool behind)
{
    size_t n = events->event.n;
    int *who = arena_alloc(mail->arena, (n + 1) * sizeof *who);
    const struct event_mention **mention = arena_alloc(mail->arena, (n + 1) * sizeof *mention);
    for (size_t e = 0; e < n; e++) {
        mention[e] = first_mention(mail, events->event.at[e]);
    }
    for (size_t e = 0; e < n; e++) {
        who[e] = named_beside(mail, mention[e], behind, next_event(mention, n, e));
        who[e] = who[e] == WRITER ? writer(mail) : who[e];
    }
    return who;
}

bool events_share_out(const struct mail *mail, const struct wanted_events *events, int *of)
{
    size_t people = mail->persons.person.n, n = events->event.n;
    if (by_lines(mail, events, of)) {
        return true;
    }
    const int *who = named_on_side(mail, events, false), *behind = named_on_side(mail, events, true);
    bool unclear = told_apart(who, n) < 0 || told_apart(behind, n) < 0;
    who = told_apart(behind, n) > told_apart(who, n) ? behind : who;
    for (size_t i = 0; i < people; i++) {
        of[i] = UNSAID;
    }
    if (!unclear && (!several_named(who, n) || one_to_one(people, who, n, of))) {
        return true;
    }
    for (size_t i = 0; i < people; i++) {
        of[i] = UNSAID;
    }
    return false;
}
