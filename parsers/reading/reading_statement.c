/* parsers/reading/reading_statement.c: wishes that no wording tells.
 *
 * Words for coming are endless ("rücken wir an", "sitze ich im Publikum"), and somebody's birth date or
 * street is written to us for a reason. So a sentence that names an event and its people is a wish, unless it
 * tells of what was, refuses, asks, judges, or speaks of another part than taking part
 * (patterns/statement.patterns); and data beside an event are one, unless the mail is about another matter.
 */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

/* Somebody is on the list: the writer, or nobody says who. */
static bool is_on_list(const struct mail *mail)
{
    size_t others = SIZE_MAX; /* a sentence with many such signs is looked at once */
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind != SIGN_ALREADY || sign->is_void || (!sign->in_subject && sign->sentence == others)) {
            continue;
        }
        if (sign->in_subject || !sentence_says(mail, "already_others", sign->sentence)) {
            return true;
        }
        others = sign->sentence;
    }
    return false;
}

bool other_matter(const struct mail *mail)
{
    struct found found;
    static const char *const concerns[] = {"concern.offer", "concern.helps", "concern.unsure",
                                           "concern.correction"};
    for (size_t i = 0; i < sizeof concerns / sizeof *concerns; i++) {
        if (sign_named(&mail->signs, concerns[i], SIZE_MAX) != NULL) {
            return true;
        }
    }
    return is_on_list(mail) || sign_best(&mail->signs, SIGN_PRIVACY, SIZE_MAX) != NULL ||
           text_says(mail, "matter", &found);
}

/* Signs beside which a clause says something else. */
static bool taken(const struct mail *mail, struct stretch clause)
{
    enum {
        BESIDE = 1 << SIGN_PLURAL | 1 << SIGN_COURTESY | 1 << SIGN_CONDITION_OK | 1 << SIGN_CONCERN |
                 1 << SIGN_CANCEL_HINT | 1 << SIGN_CANCEL_PART
    };
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (!sign->in_subject && !((unsigned)BESIDE >> sign->kind & 1) &&
            stretch_meets(clause, sign->at, sign->len)) {
            return true;
        }
    }
    return false;
}

static bool is_plain(const struct mail *mail, struct stretch clause)
{
    return !taken(mail, clause) && !stretch_says(mail, "statement_not", clause) &&
           !stretch_says(mail, "told_of", clause);
}

/* Somebody's name stands in the words: "3D-Druck am 12.12.: Maja Maurer". */
static bool holds_person(const struct mail *mail, struct stretch words)
{
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct evidence *name = &mail->persons.person.at[i].field[LAST_NAME].evidence;
        if (name->words != NULL && str_equal(name->source, "text") && name->at >= words.at &&
            name->at < words.end) {
            return true;
        }
    }
    return false;
}

/* One of the sentence's plain clauses speaks of the writer, of his people, of somebody by name. */
static bool speaks_of_people(const struct mail *mail, size_t sentence)
{
    const struct sentence *s = &mail->sentences.list.at[sentence];
    for (size_t at = s->at; at < s->at + s->len;) {
        struct stretch clause = clause_around(mail, sentence, at);
        if (is_plain(mail, clause) &&
            (stretch_says(mail, "statement_who", clause) || holds_person(mail, clause))) {
            return true;
        }
        at = clause.end > at ? clause.end + 1 : at + 1;
    }
    return false;
}

/* The clauses that hold a mention: "Starkregen und Klimaanpassung" spreads over two. */
static struct stretch mention_clause(const struct mail *mail, const struct event_mention *mention)
{
    struct stretch first = clause_around(mail, mention->sentence, mention->at);
    struct stretch last = clause_around(mail, mention->sentence, mention->at + mention->len - 1);
    return (struct stretch){first.at, last.end};
}

/* A day or a title of what is to come. */
static bool names_what_comes(const struct event_mention *mention)
{
    return !mention->in_subject && !mention->past &&
           (mention->kind == MENTION_TITLE || mention->kind == MENTION_DATE ||
            mention->kind == MENTION_UNKNOWN_NAME);
}

/* … and surely the event itself: not in "wir haben einen Balkon". */
static bool means_event(const struct mail *mail, const struct event_mention *mention)
{
    return names_what_comes(mention) &&
           (mention->kind == MENTION_DATE || mention->terms > 1 || is_aimed_at(mail, mention));
}

void statements_find(struct mail *mail)
{
    bool gives_up = sign_best(&mail->signs, SIGN_CANCEL, SIZE_MAX) != NULL;
    if (!said_data(mail) || other_matter(mail)) {
        return;
    }
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (!means_event(mail, mention) || is_elsewhere(mail, mention) ||
            mail->signs.question[mention->sentence]) {
            continue;
        }
        struct stretch clause = mention_clause(mail, mention);
        if (gives_up && !stretch_says(mail, "instead_of", clause)) {
            continue;
        }
        bool stays_away = sign_best(&mail->signs, SIGN_CANCEL_WEAK, mention->sentence) != NULL;
        bool of_nobody = /* "ich freue mich, dass der Abend …" */
            stretch_says(mail, "statement_that", clause) && !stretch_says(mail, "statement_who", clause);
        if (stays_away || of_nobody || !is_plain(mail, clause) ||
            !speaks_of_people(mail, mention->sentence)) {
            continue;
        }
        *LIST_ADD(mail->arena, &mail->signs.list) = sign_made(
            mail, SIGN_REGISTER, 2, clause, mention->sentence, "register.statement", "reading_statement.c");
    }
}

/* A name, with a birth date or (`faint`) a street that is said to us. */
static bool names_person(const struct mail *mail, bool faint)
{
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *person = &mail->persons.person.at[i];
        if (person->field[LAST_NAME].value != NULL && (faint || person->field[BIRTH_DATE].value != NULL)) {
            return !faint || said_data(mail);
        }
    }
    return false;
}

/* Told of what was, or of another part than taking part; "das möchte ich loben". */
static bool says_otherwise(const struct mail *mail, struct stretch clause)
{
    static const char *const otherwise[] = {"told_of", "statement_not.perfect", "statement_not.part"};
    bool says = false;
    for (size_t i = 0; i < sizeof otherwise / sizeof *otherwise && !says; i++) {
        says = stretch_says(mail, otherwise[i], clause);
    }
    for (size_t i = 0; i < mail->signs.list.n && !says; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        says = !sign->in_subject && str_equal(sign->found->pattern, "void.judge") &&
               stretch_meets(clause, sign->at, sign->len);
    }
    return says;
}

/* How many mentions of what is to come there are, how many of these told, how many said plainly. */
struct said {
    size_t named, told, plain;
};

static struct said said_of_events(const struct mail *mail)
{
    struct said ret = {0};
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (names_what_comes(mention)) {
            struct stretch clause = mention_clause(mail, mention);
            ret.named++;
            ret.told += says_otherwise(mail, clause);
            ret.plain += means_event(mail, mention) && is_plain(mail, clause);
        }
    }
    return ret;
}

bool events_only_told(const struct mail *mail)
{
    struct said said = said_of_events(mail);
    return said.named > 0 && said.told == said.named;
}

bool data_are_wish(const struct mail *mail, bool faint)
{
    struct said said = said_of_events(mail);
    bool data = complete_data(mail) ||
                (names_person(mail, false) && (said.named > 0 || subject_names_event(mail))) ||
                (faint && said.plain > 0 && names_person(mail, true));
    return data && (said.named == 0 || said.told < said.named) && !other_matter(mail);
}
