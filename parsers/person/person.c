#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/person/birth.h"

#include <stdlib.h>
#include <string.h>

/* "Udo Lüsebrink, … Anja Lüsebrink, … privat: Bremsheide 17a": the text says where they live. */
static bool family_address(struct walk *w)
{
    const char *last = w->all.at[w->writer].name.last;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        if (c->has_address && c->address.street != NULL && last != NULL && c->name.last != NULL &&
            str_equal(utf8_fold(w->arena, c->name.last), utf8_fold(w->arena, last))) {
            return true;
        }
    }
    return false;
}

/* The signature is not the writer's word; where the text has no address, a private one is taken. */
static void take_from_signature(struct walk *w)
{
    struct candidate *me = &w->all.at[w->writer];
    struct addresses found;
    struct found f;
    const char *signature = w->own->signature;
    if (me->has_address || signature == NULL || *signature == '\0' || family_address(w)) {
        return;
    }
    bool told = person_says(w, "look_below", 0, w->len, NULL);
    bool company = patterns_find(w->reader->patterns, w->arena, "not_private.company", signature,
                                 strlen(signature), 0, &f);
    addresses_find(w->arena, w->reader->patterns, signature, &found);
    if (found.found.n == 1 && (told || !company)) {
        me->address = found.found.at[0];
        me->has_address = true;
        me->address_source = "signature";
    }
}

/* "Anmeldung Repair-Café, Tobias Nöckel, geb. 09.11.1976": what the text lacks may stand in the subject. */
static void take_from_subject(struct walk *w)
{
    struct candidate *me = &w->all.at[w->writer];
    struct mentions mentions = {0};
    size_t in = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        in += w->all.at[i].in;
    }
    const char *subject = w->letter->subject;
    if (!me->in || in != 1 || subject == NULL || me->birth.year != 0) {
        return;
    }
    mentions_find(w->arena, w->reader, subject, strlen(subject), NULL, &mentions);
    for (size_t i = 0; i < mentions.mention.n; i++) {
        const struct mention *m = &mentions.mention.at[i];
        bool data = m->kind == MENTION_NAME && m->source == NAME_BESIDE_BIRTH;
        if (data && m->name.last != NULL && str_equal(me->first.source, "display name") &&
            name_same(w->arena, &me->name, &m->name)) {
            me->name.first = NULL; /* Manfred Goebel with his data, and Manni Goebel who sends */
        }
        bool beside = data && (me->name.first == NULL || me->name.last == NULL);
        if (m->kind == MENTION_NAME && m->source == NAME_BESIDE_BIRTH && m->name.first != NULL &&
            me->name.first != NULL && !name_same(w->arena, &me->name, &m->name)) {
            int other = person_new(w, w->len); /* "Lenny Bergmann (*5.6.2015) für 3D-Druck" */
            w->all.at[w->writer].in = false;
            me = &w->all.at[other];
            me->in = me->listed = true;
            person_take_name(me, &m->name, person_evidence(m, "subject"));
            continue;
        }
        if (beside &&
            ((me->name.first == NULL && me->name.last == NULL) || name_same(w->arena, &me->name, &m->name))) {
            person_take_name(me, &m->name, person_evidence(m, "subject"));
        } else if (m->kind == MENTION_BIRTH && me->birth.year == 0 &&
                   (m->points >= BIRTH_POINTS_SAID ||
                    date_age(m->birth, w->reader->today) >= GROWN_IN_SUBJECT)) {
            me->birth = m->birth;
            me->birth_evidence = person_evidence(m, "subject");
        } else if (m->kind == MENTION_ADDRESS && !me->has_address && m->address.street != NULL) {
            me->address = m->address;
            me->address_source = "subject";
            me->has_address = true;
        }
    }
}

static void put(struct person *p, enum person_field field, const char *value, struct evidence evidence)
{
    if (value != NULL) {
        p->field[field].value = value;
        p->field[field].evidence = evidence;
    }
}

static struct evidence part_evidence(struct walk *w, const struct candidate *c, size_t at, size_t len)
{
    const char *text = str_equal(c->address_source, "signature") ? w->own->signature
                       : str_equal(c->address_source, "subject") ? w->letter->subject
                                                                 : w->text;
    return (struct evidence){arena_strndup(w->arena, text + at, len),
                             c->address_source,
                             at,
                             len,
                             c->address.pattern,
                             c->address.where};
}

static void output(struct walk *w)
{
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        if (!c->in) {
            continue;
        }
        if (w->ret->person.n == PERSONS_MAX) {
            w->ret->too_many = true;
            return;
        }
        struct person *p = LIST_ADD(w->arena, &w->ret->person);
        put(p, FIRST_NAME, c->name.first, c->first);
        put(p, LAST_NAME, c->name.last, c->last);
        if (c->birth.year != 0) {
            put(p, BIRTH_DATE, date_iso(w->arena, c->birth), c->birth_evidence);
        }
        if (c->has_address) {
            const struct address_found *a = &c->address;
            put(p, STREET, a->street, part_evidence(w, c, a->street_at, a->street_len));
            put(p, POSTAL_CODE, a->postal_code, part_evidence(w, c, a->code_at, a->code_len));
            put(p, CITY, a->city, part_evidence(w, c, a->city_at, a->city_len));
        }
    }
}

static void count(struct walk *w)
{
    static const struct {
        const char *word;
        int n;
    } numbers[] = {{"zweit", 2}, {"dritt", 3}, {"viert", 4}, {"fünft", 5}, {"sechst", 6},
                   {"siebt", 7}, {"acht", 8},  {"zwei", 2},  {"beide", 2}, {"drei", 3},
                   {"vier", 4},  {"fünf", 5},  {"sechs", 6}};
    struct found f;
    if (!person_says(w, "count", 0, w->len, &f)) {
        return;
    }
    const char *word = found_group(&f, "word") != NULL ? found_group(&f, "word") : found_group(&f, "number");
    for (size_t i = 0; word != NULL && i < sizeof numbers / sizeof *numbers; i++) {
        if (str_equal_nocase(numbers[i].word, word)) {
            w->ret->count = numbers[i].n;
        }
    }
    if (word != NULL && word[0] >= '0' && word[0] <= '9') {
        w->ret->count = atoi(word);
    }
    w->ret->counted = w->ret->count > 0;
    w->ret->count_at = f.at;
}

/* Where names stand that are surely some. */
static void note_names(struct walk *w, const struct mentions *mentions)
{
    for (size_t i = 0; i < mentions->mention.n; i++) {
        const struct mention *m = &mentions->mention.at[i];
        bool named = m->kind == MENTION_NAME && (m->name.given_known || m->name.honorific);
        if (named || m->kind == MENTION_KIN) { /* "mein Führhund Bosse" as a whole */
            struct evidence *e = LIST_ADD(w->arena, &w->ret->names);
            *e = person_evidence(m, "text");
            e->at = m->at;
            e->len = m->len;
        }
    }
    if (w->writer_named) {
        *LIST_ADD(w->arena, &w->ret->names) = w->writer_evidence;
    }
}

void persons_find(struct arena *arena, const struct reader *reader, const struct letter *letter,
                  const struct own_words *own, struct persons *ret)
{
    struct walk w = {.arena = arena, .reader = reader, .own = own, .letter = letter, .ret = ret};
    struct mentions mentions = {0};
    *ret = (struct persons){0};
    w.text = mention_without_houses(arena, reader->patterns, own->text);
    w.len = w.closing_at = strlen(own->text);
    w.before_bracket = w.current = w.writer = w.last_kin = w.before_kin = w.last_addressed = w.passing =
        w.also = w.last_named = NOBODY;
    size_t closing = strlen(own->closing);
    for (const char *c = closing > 0 ? strstr(own->text, own->closing) : NULL; c != NULL;
         c = strstr(c + 1, own->closing)) {
        w.closing_at = (size_t)(c - own->text);
    }
    person_name_writer(&w);
    if (!w.writer_named && closing == 0) {
        person_name_by_last_line(&w);
    }
    /* A family's mailbox has another's name: then the closing alone counts. */
    w.display_counts = person_display_name(&w, &w.display) &&
                       (w.display.first != NULL || (w.display.initial != NULL && w.display.last != NULL)) &&
                       (!w.writer_named || name_same(arena, &w.display, &w.writer_name));
    mentions_find(arena, reader, w.text, w.closing_at, w.display_counts ? &w.display : NULL, &mentions);
    person_turn_names(&w, &mentions);
    w.shared_words = person_says(&w, "shared_address", 0, w.len, NULL);
    w.family = w.display.family || person_says(&w, "family", 0, w.len, NULL);
    person_walk(&w, &mentions);
    person_correct_codes(&w);
    person_correct_addresses(&w);
    person_take_for_writer(&w);
    person_complete_writer(&w);
    take_from_signature(&w);
    count(&w);
    person_decide(&w);
    take_from_subject(&w);
    person_share(&w);
    person_account(&w, &mentions);
    note_names(&w, &mentions);
    output(&w);
}
