/* parsers/reading/reading_mail.c: what the parts ask of a mail: whether words of it say something, name an
 * event, hold somebody's data. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

#include <ctype.h>

struct stretch sentence_stretch(const struct mail *mail, size_t sentence)
{
    const struct sentence *s = &mail->sentences.list.at[sentence];
    return (struct stretch){s->at, s->at + s->len};
}

/* The length of what parts clauses there; 0: nothing does. */
static size_t joint_at(const char *s)
{
    static const struct {
        const char *words;
        size_t len;
    } joints[] = {{",", 1},     {";", 1},     {":", 1},   {"(", 1},  {")", 1},
                  {" und ", 5}, {" and ", 5}, {" - ", 3}, {" – ", 5}};
    for (size_t i = 0; (*s == ' ' || ispunct((unsigned char)*s)) && i < sizeof joints / sizeof *joints; i++) {
        if (*s == *joints[i].words && strncasecmp(s, joints[i].words, joints[i].len) == 0) {
            return joints[i].len;
        }
    }
    return 0;
}

struct stretch clause_around(const struct mail *mail, size_t sentence, size_t at)
{
    enum { REACH = 1000 }; /* bytes: nobody's clause is longer */
    const struct sentence *s = &mail->sentences.list.at[sentence];
    const char *text = mail->sentences.text;
    size_t end = s->at + s->len, first = at > s->at + REACH ? at - REACH : s->at;
    struct stretch clause = {first, end > at + REACH ? at + REACH : end};
    for (size_t i = at; i-- > first;) {
        size_t len = joint_at(text + i);
        if (len > 0) {
            clause.at = i + len < at ? i + len : at;
            break;
        }
    }
    for (size_t i = at + 1; i < clause.end; i++) {
        if (joint_at(text + i) > 0) {
            clause.end = i;
        }
    }
    return clause;
}

bool stretch_meets(struct stretch clause, size_t at, size_t len)
{
    return at < clause.end && clause.at < at + len;
}

bool stretch_says(const struct mail *mail, const char *pattern, struct stretch words)
{
    struct found found;
    return words.at < words.end &&
           patterns_find(mail->reader->patterns, mail->arena, pattern, mail->sentences.text + words.at,
                         words.end - words.at, 0, &found);
}

bool sentence_says(const struct mail *mail, const char *pattern, size_t sentence)
{
    return stretch_says(mail, pattern, sentence_stretch(mail, sentence));
}

bool text_says(const struct mail *mail, const char *pattern, struct found *ret)
{
    return patterns_find(mail->reader->patterns, mail->arena, pattern, mail->sentences.text,
                         mail->sentences.len, 0, ret);
}

bool subject_says(const struct mail *mail, enum sign_kind kind)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        if (mail->signs.list.at[i].in_subject && mail->signs.list.at[i].kind == kind) {
            return true;
        }
    }
    return false;
}

bool sentence_names_event(const struct mail *mail, size_t sentence)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (!mention->in_subject && mention->sentence == sentence && mention->kind != MENTION_PERIOD &&
            mention->kind != MENTION_UNKNOWN_DATE) {
            return true;
        }
    }
    return false;
}

bool subject_names_event(const struct mail *mail)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        enum event_mention_kind kind = mail->mentions.list.at[i].kind;
        if (mail->mentions.list.at[i].in_subject && kind != MENTION_PERIOD && kind != MENTION_UNKNOWN_DATE) {
            return true;
        }
    }
    return false;
}

bool names_event_of_ours(const struct mail *mail)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        enum event_mention_kind kind = mail->mentions.list.at[i].kind;
        if (kind == MENTION_TITLE || kind == MENTION_KEYWORD || kind == MENTION_DATE) {
            return true;
        }
    }
    return false;
}

bool is_aimed_at(const struct mail *mail, const struct event_mention *mention)
{
    struct stretch clause = clause_around(mail, mention->sentence, mention->at);
    return stretch_says(mail, "toward", (struct stretch){clause.at, mention->at});
}

bool stretch_holds_data(const struct mail *mail, struct stretch words)
{
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        for (int f = 0; f < PERSON_FIELDS; f++) {
            const struct evidence *e = &mail->persons.person.at[i].field[f].evidence;
            if (e->words != NULL && str_equal(e->source, "text") && stretch_meets(words, e->at, e->len)) {
                return true;
            }
        }
    }
    return false;
}

bool complete_data(const struct mail *mail)
{
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *person = &mail->persons.person.at[i];
        if (person->field[BIRTH_DATE].value != NULL && person->field[STREET].value != NULL &&
            person->field[FIRST_NAME].value != NULL) {
            return true;
        }
    }
    return false;
}

bool said_data(const struct mail *mail)
{
    const char *closing = mail->own->closing;
    const char *at = *closing == '\0' ? NULL : strstr(mail->text, closing);
    size_t end = at == NULL ? strlen(mail->text) : (size_t)(at - mail->text);
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *person = &mail->persons.person.at[i];
        const struct fact *street = &person->field[STREET];
        if (person->field[BIRTH_DATE].value != NULL ||
            (street->value != NULL && str_equal(street->evidence.source, "text") &&
             street->evidence.at < end)) {
            return true;
        }
    }
    return false;
}

struct sign sign_made(const struct mail *mail, enum sign_kind kind, int weight, struct stretch words,
                      size_t sentence, const char *pattern, const char *where)
{
    struct found *found = ARENA_NEW(mail->arena, struct found);
    size_t len = words.end - words.at;
    *found = (struct found){.pattern = pattern,
                            .where = where,
                            .weight = weight,
                            .at = words.at,
                            .len = len,
                            .words = arena_strndup(mail->arena, mail->text + words.at, len)};
    return (struct sign){
        .kind = kind, .sentence = sentence, .at = words.at, .len = len, .weight = weight, .found = found};
}
