#include "parsers/person/mention_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include "parsers/person/birth.h"
#include <stdlib.h>
#include <string.h>

enum { SAID_OF_MAX = 50, COMPANY_NEAR = 120 }; /* bytes */

/* "wer ich bin: Plettenberg, Jochen (…": the given name behind the surname. */
static void surname_first(struct search *s, size_t at, size_t *len, struct name *name)
{
    size_t behind = at + *len + 2;
    if (name->words != 1 || name->given_known || !str_starts(s->text + at + *len, ", ")) {
        return;
    }
    size_t given = mention_word_length(s->text + behind);
    const char *after = s->text + behind + given;
    bool ends = *after == '\0' || strchr(",.;(\n", *after) != NULL || str_starts(after, " (");
    if (ends && name_given(s->arena, s->patterns, arena_strndup(s->arena, s->text + behind, given))) {
        *len = behind + given - at;
        name_parse(s->arena, s->patterns, arena_strndup(s->arena, s->text + at, *len), NAME_ORDER_LAST_FIRST,
                   name);
    }
}

/* "ich, Petra Müller, …": the pattern's barest form. */
static bool only_ich(const char *words)
{
    size_t len = strcspn(words, ",");
    return len == 3 && str_starts_nocase(words, "ich");
}

/* "Mein Name: Tigges, mit Vornamen Irma" */
static bool given_follows(const struct search *s, size_t end)
{
    enum { GIVEN_NEAR = 24 };
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        if (m->source == NAME_LABEL && m->name.last == NULL && m->at >= end && m->at <= end + GIVEN_NEAR) {
            return true;
        }
    }
    return false;
}

static void find_intros(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "intro", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        struct name name;
        size_t at, len;
        if (!mention_name_at(s->arena, s->patterns, s->text, f->at + f->len, NAME_ORDER_ANY, &name, &at,
                             &len)) {
            continue;
        }
        surname_first(s, at, &len, &name);
        if (only_ich(f->words) && name.words == 1 && !name.given_known) {
            continue; /* "das kann ich, LoRaWAN noch nicht" */
        }
        bool weak = str_equal(f->pattern, "intro.weak");
        if (weak && !name.given_known) {
            continue; /* "bin Rentner", "I am German" */
        }
        bool attends = str_equal(f->pattern, "intro.attends"); /* "Herr Schnettler wird teilnehmen" */
        name.honorific |= attends;
        if (attends && name.words == 1 && name.last == NULL) {
            name.last = name.first;
            name.first = NULL;
        }
        if (name.words == 1 && name.first == NULL && !weak && !name.honorific &&
            !given_follows(s, at + len)) {
            name.first = name.last; /* "ich heiße Tesfay": one word is the first name */
            name.last = NULL;
        }
        struct mention *m = mention_add(s, MENTION_NAME, at, len, f->pattern, f->where);
        m->name = name;
        m->source = weak ? NAME_WEAK_INTRO : attends ? NAME_LABEL : NAME_INTRO;
        m->third = str_equal(f->pattern, "intro.other");
        m->self = !m->third && !attends;
    }
}

/* "ich am 3.5.1958", "sie vom 4.4.1961" */
static bool said_of_somebody(const struct search *s, size_t at)
{
    struct found f;
    size_t from = utf8_before(s->text, at, SAID_OF_MAX);
    return patterns_find(s->patterns, s->arena, "birth_of", s->text + from, at - from, 0, &f);
}

/* Part of a sentence: no cell, line or item of its own, nor behind a colon. */
static bool behind_word(const struct search *s, size_t at)
{
    size_t end = at;
    while (end > 0 && strchr(" \n", s->text[end - 1]) != NULL) {
        end--;
    }
    size_t from = end;
    while (from > 0 && strchr(" \n\t,;:|/()!?*<>=\"_.-", s->text[from - 1]) == NULL) {
        from--;
    }
    const char *word = s->text + from;
    bool wrapped = memchr(s->text + end, '\n', at - end) == NULL || !mention_starts_upper(word);
    return from < end && wrapped && utf8_is_letter(utf8_next(&word));
}

/* "12.2.1968 und 30.9.1965" */
static bool goes_on(const char *text, size_t end, size_t at)
{
    return end > 0 && ((at == end + 5 && str_starts(text + end, " und ")) ||
                       (at == end + 3 && str_starts(text + end, " & ")));
}

static void find_births(struct search *s)
{
    struct births births;
    births_find(s->arena, s->reader, s->text, &births);
    size_t kept_end = 0;
    for (size_t i = 0; i < births.birth.n; i++) {
        const struct birth *b = &births.birth.at[i];
        struct mention *m = mention_add(s, MENTION_BIRTH, b->at, b->len, b->pattern, b->where);
        m->birth = b->day;
        m->points = b->points;
        mention_sentence(s, b->at, &m->sentence_at, &m->sentence_end);
        m->of_both = b->of_both;
        size_t known = s->ret->mention.n;
        if (!mention_name_right(s, b->at, b->at + b->len)) {
            mention_name_left(s, b->at, NAME_BESIDE_BIRTH);
        }
        if (s->ret->mention.n > known) {
            mention_surname_behind(s, b->at + b->len);
        }
        if (b->of_both && s->ret->mention.n > known) {
            mention_partner(s, s->ret->mention.at[s->ret->mention.n - 1].at);
        }
        if (b->points < BIRTH_POINTS_PLACED && s->ret->mention.n == known && behind_word(s, b->at) &&
            !goes_on(s->text, kept_end, b->at) && !said_of_somebody(s, b->at)) {
            s->ret->mention.n--; /* "die Heizung vom 12.03.1994": some day in a sentence */
        } else {
            kept_end = b->at + b->len;
        }
    }
}

/* "und Jule Riepe, geboren am selben Tag" */
static void find_same_births(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "same_birth", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        const struct mention *before = NULL;
        for (size_t k = 0; k < s->ret->mention.n; k++) {
            const struct mention *m = &s->ret->mention.at[k];
            before = m->kind == MENTION_BIRTH && m->at < f->at && (before == NULL || m->at > before->at)
                         ? m
                         : before;
        }
        if (before != NULL) {
            struct mention same = *before;
            struct mention *m = mention_add(s, MENTION_BIRTH, f->at, f->len, f->pattern, f->where);
            m->birth = same.birth;
            m->points = BIRTH_POINTS_SAID;
            mention_sentence(s, f->at, &m->sentence_at, &m->sentence_end);
            mention_name_left(s, f->at, NAME_BESIDE_BIRTH);
        }
    }
}

/* The firm's address: its name stands before it on the line, or on the line above. */
static bool beside_company(const struct search *s, size_t at)
{
    struct found f;
    size_t from = at;
    for (int lines = 0; from > 0 && lines < 2 && at - from < COMPANY_NEAR; from -= lines < 2) {
        lines += s->text[from - 1] == '\n';
    }
    size_t cut = at - from < COMPANY_NEAR ? 0 : strcspn(s->text + from, " \n"); /* a word's rest */
    from += cut < at - from ? cut : at - from;
    return patterns_find(s->patterns, s->arena, "not_private.legal_form", s->text + from, at - from, 0, &f);
}

/* "Früher wohnte ich …", "mein Auto steht in der …", and nothing behind those words that comes home again. */
static bool elsewhere_before(const struct search *s, size_t sentence, size_t at)
{
    enum { BEFORE = 90 };
    struct founds founds;
    struct found f;
    size_t from = utf8_before(s->text, at, at - sentence < BEFORE ? at - sentence : BEFORE);
    patterns_find_all(s->patterns, s->arena, "not_home", s->text + from, at - from, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        size_t end = from + founds.at[i].at + founds.at[i].len;
        if (!patterns_find(s->patterns, s->arena, "home_again", s->text + end, at - end, 0, &f)) {
            return true;
        }
    }
    return false;
}

static bool not_home(const struct search *s, size_t sentence, const struct address_found *a)
{
    struct found f;
    size_t end = a->at + a->len;
    end -= s->text[end - 1] == '.'; /* the next sentence is not about it */
    size_t behind = utf8_cut(s->text + end, MENTION_BEHIND_MAX);
    return elsewhere_before(s, sentence, a->at) ||
           patterns_find(s->patterns, s->arena, "not_home_behind", s->text + end, behind, 0, &f);
}

static void find_addresses(struct search *s)
{
    struct addresses addresses;
    struct found f;
    addresses_find(s->arena, s->patterns, s->text, &addresses);
    for (size_t i = 0; i < addresses.found.n; i++) {
        const struct address_found *a = &addresses.found.at[i];
        size_t from = utf8_before(s->text, a->at, 60), begin, end;
        const char *words = arena_strndup(s->arena, s->text + a->at, a->len);
        mention_sentence(s, a->at, &begin, &end);
        if (patterns_find(s->patterns, s->arena, "not_private.lab", words, a->len, 0, &f) ||
            beside_company(s, a->at) || not_home(s, begin, a)) {
            *LIST_ADD(s->arena, &s->refused) = *a;
            continue;
        }
        struct mention *m = mention_add(s, MENTION_ADDRESS, a->at, a->len, a->pattern, a->where);
        m->address = *a;
        m->sentence_at = begin;
        m->sentence_end = end;
        begin = begin > from ? begin : from;
        m->shared =
            patterns_find(s->patterns, s->arena, "shared_address", s->text + begin, end - begin, 0, &f) ||
            patterns_find(s->patterns, s->arena, "all_there", s->text + from, a->at - from, 0, &f);
        mention_name_left(s, a->at, NAME_BESIDE_ADDRESS);
    }
}

/* "ebenda", "wie oben": the address of the person before. */
static void find_same_addresses(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "same_address", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        struct mention *m = mention_add(s, MENTION_ADDRESS, f->at, f->len, f->pattern, f->where);
        m->same = true;
        m->number = found_group(f, "number");
    }
}

static void find_selves(struct search *s)
{
    struct founds founds;
    patterns_find_all(s->patterns, s->arena, "self_at", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        mention_add(s, MENTION_SELF, founds.at[i].at, founds.at[i].len, founds.at[i].pattern,
                    founds.at[i].where);
    }
    patterns_find_all(s->patterns, s->arena, "pronoun", s->text, s->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        mention_add(s, MENTION_THIRD, founds.at[i].at, founds.at[i].len, founds.at[i].pattern,
                    founds.at[i].where);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct mention *m = a, *n = b;
    if (m->at != n->at) {
        return m->at < n->at ? -1 : 1;
    }
    return m->kind != n->kind ? (int)m->kind - (int)n->kind : (int)n->source - (int)m->source;
}

void mentions_find(struct arena *arena, const struct reader *reader, const char *text, size_t closing_at,
                   const struct name *sender, struct mentions *ret)
{
    struct search s = {.arena = arena,
                       .reader = reader,
                       .patterns = reader->patterns,
                       .text = text,
                       .sender = sender,
                       .len = strlen(text),
                       .ret = ret};
    s.small = mention_small(&s);
    mention_sentences(&s);
    *ret = (struct mentions){0};
    mentions_on_labels(&s);
    find_intros(&s);
    mentions_of_kin(&s);
    find_births(&s);
    find_same_births(&s);
    find_addresses(&s);
    find_same_addresses(&s);
    mentions_on_lines(&s, closing_at);
    mentions_in_passing(&s);
    mentions_drop_houses(&s);
    mentions_of_others(&s);
    find_selves(&s);
    if (ret->mention.n > 0) {
        qsort(ret->mention.at, ret->mention.n, sizeof *ret->mention.at, by_place);
    }
}
