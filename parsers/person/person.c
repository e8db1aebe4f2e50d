#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/person/birth.h"

#include <stdlib.h>
#include <string.h>

/* "Ich bin die Fritzi", and Fritzi is the sender's name. */
static bool introduced_as(struct walk *w, const char *name)
{
    struct founds founds;
    patterns_find_all(w->reader->patterns, w->arena, "intro", w->text, w->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        if (str_starts_nocase(w->text + founds.at[i].at + founds.at[i].len, name)) {
            return true;
        }
    }
    return false;
}

static bool display_name(struct walk *w, struct name *ret)
{
    const char *display = w->letter->from.name;
    if (display == NULL || strchr(display, '@') != NULL ||
        !name_parse(w->arena, w->reader->patterns, display, NAME_ORDER_ANY, ret)) {
        return false;
    }
    if (ret->words == 1 && ret->last != NULL && !ret->honorific && introduced_as(w, ret->last)) {
        ret->first = ret->last;
        ret->last = NULL;
        return true;
    }
    /* "Kruse Hochbau", "Buchhaltung": a name is known, stands as "Müller, Petra", or is in the address. */
    const char *local = w->letter->from.address == NULL ? "" : utf8_fold(w->arena, w->letter->from.address);
    bool in_address = ret->last != NULL && ret->first != NULL &&
                      (strstr(local, utf8_fold(w->arena, ret->last)) != NULL ||
                       strstr(local, utf8_fold(w->arena, ret->first)) != NULL);
    bool in_text = strchr(display, ' ') != NULL && strstr(w->own->text, display) != NULL;
    if (!ret->given_known && !ret->honorific && !ret->family && strchr(display, ',') == NULL &&
        ret->initial == NULL && !in_address && !in_text) {
        return false;
    }
    return true;
}

/* "Gruß Marvin" of Marvin Szymanski, "Basti" of Sebastian Lampe: no list has every given name, nor what
 * friends make of it. A surname it is where the sender's name has it. */
static bool is_display_first(struct walk *w, const struct name *name)
{
    struct name display;
    return display_name(w, &display) && display.first != NULL && display.last != NULL &&
           strstr(utf8_fold(w->arena, display.last), utf8_fold(w->arena, name->last)) == NULL;
}

/* The writer's name: the closing's lines, then the display name. */
static void name_writer(struct walk *w)
{
    const char *s = w->own->closing;
    struct name name;
    while (s != NULL && *s != '\0') {
        size_t len = strcspn(s, "\n");
        const char *line = arena_strndup(w->arena, s, len);
        size_t skip = 0; /* the greeting before the name: "Gruß Alfons", "lg lena" */
        while (line[skip] != '\0') {
            size_t word = strcspn(line + skip, " ,.!\t-–");
            const char *one = utf8_fold(w->arena, arena_strndup(w->arena, line + skip, word));
            if (word > 0 && !patterns_word(w->reader->patterns, "no_names", one)) {
                break;
            }
            skip += word + (line[skip + word] != '\0');
        }
        if (str_starts_nocase(line, "die ") || str_starts_nocase(line, "eure ")) {
            s += len + (s[len] == '\n'); /* "die Gerwins": nobody's name */
            continue;
        }
        bool greeting = s == w->own->closing; /* "Bis dahin", "Gruß Marvin": a name only if known */
        if (line[skip] != '\0' && strpbrk(line + skip, "0123456789@:|/") == NULL &&
            name_parse(w->arena, w->reader->patterns, line + skip, NAME_ORDER_ANY, &name) &&
            (name.given_known || (!greeting && name.words <= 3)) && !name.family) {
            if (name.words == 1 && name.first == NULL && name.last != NULL && !name.honorific &&
                is_display_first(w, &name)) {
                name.first = name.last;
                name.last = NULL;
            }
            w->writer_name = name;
            w->writer_named = true;
            w->writer_evidence = (struct evidence){
                line + skip, "text",    w->closing_at + (size_t)(s - w->own->closing) + skip,
                len - skip,  "closing", "person.c"};
            return;
        }
        s += len + (s[len] == '\n');
    }
}

/* "bitte 1 platz …", and "kathrin" alone on the last line. */
static void name_by_last_line(struct walk *w)
{
    size_t end = w->len, at;
    while (end > 0 && strchr("\n .!", w->text[end - 1]) != NULL) {
        end--;
    }
    for (at = end; at > 0 && w->text[at - 1] != '\n';) {
        at--;
    }
    struct name name;
    const char *line = arena_strndup(w->arena, w->text + at, end - at);
    if (at == 0 || strpbrk(line, "0123456789@:,?/") != NULL ||
        !name_parse(w->arena, w->reader->patterns, line, NAME_ORDER_ANY, &name) || !name.given_known ||
        name.words > 1) {
        return;
    }
    w->writer_name = name;
    w->writer_named = true;
    w->writer_evidence = (struct evidence){line, "text", at, end - at, "closing", "person.c"};
}

/* A whole name that is not the candidate's. */
static bool is_somebody_else(struct walk *w, bool told, const struct name *name, int candidate)
{
    return told && name->words > 1 && name->last != NULL &&
           !name_same(w->arena, name, &w->all.at[candidate].name);
}

/* "Mathias Pohl, geb. 31.5.1978, privat wohne ich …" below a firm's or a nickname's sender: whose data stand
 * there alone, and in the writer's words, is the writer. */
static void take_for_writer(struct walk *w)
{
    int one = NOBODY, named = 0;
    for (size_t i = 0; i < w->all.n; i++) {
        const struct candidate *c = &w->all.at[i];
        bool whole = c->name.first != NULL && c->name.last != NULL && c->birth.year != 0;
        named += c->name.first != NULL || c->name.last != NULL || c->is_kin;
        one = whole && !c->is_kin && !c->somebody_else && !c->has_address ? (int)i : one;
    }
    const struct candidate *me = w->writer == NOBODY ? NULL : &w->all.at[w->writer];
    if (one == NOBODY || named > 1 || me == NULL || me == &w->all.at[one] || !me->has_address ||
        me->birth.year != 0 || is_somebody_else(w, w->writer_named, &w->writer_name, one) ||
        is_somebody_else(w, w->display_counts, &w->display, one)) {
        return;
    }
    struct candidate *c = &w->all.at[one];
    c->writer = c->has_address = true;
    c->address = me->address;
    c->address_source = me->address_source;
    c->address_at = me->address_at;
    w->all.at[w->writer] = (struct candidate){.pair = NOBODY, .somebody_else = true};
    w->writer = one;
}

/* Text before closing before display name: each fills in what is not known yet. */
static void complete_writer(struct walk *w)
{
    struct name display;
    int i = person_writer(w, w->len);
    struct candidate *c = &w->all.at[i];
    if (w->writer_named && (c->name.first == NULL || c->name.last == NULL)) {
        bool fits = (c->name.first == NULL && c->name.last == NULL) ||
                    name_same(w->arena, &c->name, &w->writer_name) ||
                    (c->name.first != NULL && w->writer_name.first == NULL);
        if (fits) {
            person_take_name(c, &w->writer_name, w->writer_evidence);
        }
    }
    if ((c->name.first != NULL && c->name.last != NULL) || !display_name(w, &display)) {
        return;
    }
    struct evidence e = {w->letter->from.name,         "display name", 0,
                         strlen(w->letter->from.name), "display name", "person.c"};
    bool nothing = c->name.first == NULL && c->name.last == NULL && c->name.initial == NULL;
    bool same_first =
        c->name.first != NULL && display.first != NULL &&
        name_same(w->arena, &(struct name){.first = c->name.first}, &(struct name){.first = display.first});
    bool initial =
        (c->name.first == NULL || display.first == NULL) && name_same(w->arena, &c->name, &display);
    if (nothing || same_first || initial || (display.family && c->name.first != NULL)) {
        if (same_first && c->first.pattern != NULL && str_equal(c->first.pattern, "closing") &&
            display.last != NULL) {
            c->name.first = NULL; /* "Gabi" below a mail of Gabriele Thiemann */
        }
        person_take_name(c, &display, e);
    }
}

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
    mentions_find(w->arena, w->reader, subject, strlen(subject), &mentions);
    for (size_t i = 0; i < mentions.mention.n; i++) {
        const struct mention *m = &mentions.mention.at[i];
        bool beside = m->kind == MENTION_NAME && m->source == NAME_BESIDE_BIRTH &&
                      (me->name.first == NULL || me->name.last == NULL);
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
    struct walk w = {
        .arena = arena, .reader = reader, .own = own, .letter = letter, .text = own->text, .ret = ret};
    struct mentions mentions = {0};
    *ret = (struct persons){0};
    w.len = w.closing_at = strlen(own->text);
    w.current = w.writer = w.last_kin = w.before_kin = w.last_addressed = w.passing = w.also = NOBODY;
    size_t closing = strlen(own->closing);
    for (const char *c = closing > 0 ? strstr(own->text, own->closing) : NULL; c != NULL;
         c = strstr(c + 1, own->closing)) {
        w.closing_at = (size_t)(c - own->text);
    }
    name_writer(&w);
    if (!w.writer_named && closing == 0) {
        name_by_last_line(&w);
    }
    /* A family's mailbox has another's name: then the closing alone counts. */
    w.display_counts = display_name(&w, &w.display) &&
                       (w.display.first != NULL || (w.display.initial != NULL && w.display.last != NULL)) &&
                       (!w.writer_named || name_same(arena, &w.display, &w.writer_name));
    mentions_find(arena, reader, own->text, w.closing_at, &mentions);
    w.shared_words = person_says(&w, "shared_address", 0, w.len, NULL);
    w.family = w.display.family;
    person_walk(&w, &mentions);
    take_for_writer(&w);
    complete_writer(&w);
    take_from_signature(&w);
    count(&w);
    person_decide(&w);
    take_from_subject(&w);
    person_share(&w);
    person_account(&w, &mentions);
    note_names(&w, &mentions);
    output(&w);
}
