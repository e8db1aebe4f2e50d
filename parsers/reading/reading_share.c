/* parsers/reading/reading_share.c: several people and several events: who wants which.
 *
 * A person in the line of one event wants that one: rows of a table. In sentences it is the one named last
 * before the event: "Marlene möchte zum 3D-Druck, Theo zum Calliope". Where nothing of the kind is said, all
 * want all. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

enum { WRITER = -3, UNSAID = -1, ROW_BOTH = -2 };

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

/* Who is named last in the sentence before the event: a person's number, WRITER, or UNSAID. */
static int named_before(const struct mail *mail, const struct event *event)
{
    const struct event_mention *mention = first_mention(mail, event);
    if (mention == NULL) {
        return UNSAID;
    }
    const struct sentence *s = &mail->sentences.list.at[mention->sentence];
    const char *text = mail->text;
    for (size_t at = mention->at; at > s->at; at--) {
        if (word_at(text, s->at, at - 1, "ich", 3) || word_at(text, s->at, at - 1, "Ich", 3) ||
            word_at(text, s->at, at - 1, "mich", 4)) {
            return WRITER;
        }
        if (word_at(text, s->at, at - 1, "wir", 3) || word_at(text, s->at, at - 1, "Wir", 3) ||
            word_at(text, s->at, at - 1, "uns", 3) || word_at(text, s->at, at - 1, "beide", 5)) {
            return UNSAID;
        }
        for (size_t i = 0; i < mail->persons.person.n; i++) {
            const char *first = mail->persons.person.at[i].field[FIRST_NAME].value;
            size_t len = first == NULL ? 0 : strcspn(first, " ");
            if (first != NULL && word_at(text, s->at, at - 1, first, len)) {
                return (int)i;
            }
        }
    }
    return UNSAID;
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

/* One event for each person; the writer ("ich") is the one whom nothing else names. False: not so clear. */
static bool one_to_one(size_t people, const int *who, size_t n, int *of)
{
    int mine = UNSAID;
    for (size_t e = 0; e < n; e++) {
        if (who[e] == UNSAID || (who[e] == WRITER && mine != UNSAID) ||
            (who[e] >= 0 && of[who[e]] != UNSAID)) {
            return false;
        }
        mine = who[e] == WRITER ? (int)e : mine;
        if (who[e] >= 0) {
            of[who[e]] = (int)e;
        }
    }
    for (size_t i = 0; i < people; i++) {
        if (of[i] == UNSAID && mine != UNSAID) {
            of[i] = mine;
            mine = UNSAID;
        } else if (of[i] == UNSAID) {
            return false;
        }
    }
    return mine == UNSAID;
}

bool events_share_out(const struct mail *mail, const struct wanted_events *events, int *of)
{
    size_t people = mail->persons.person.n, n = events->event.n;
    if (by_lines(mail, events, of)) {
        return true;
    }
    for (size_t i = 0; i < people; i++) {
        of[i] = UNSAID;
    }
    int *who = arena_alloc(mail->arena, (n + 1) * sizeof *who);
    for (size_t e = 0; e < n; e++) {
        who[e] = named_before(mail, events->event.at[e]);
    }
    if (!several_named(who, n)) {
        return true;
    }
    if (one_to_one(people, who, n, of)) {
        return true;
    }
    for (size_t i = 0; i < people; i++) {
        of[i] = UNSAID;
    }
    return false;
}
