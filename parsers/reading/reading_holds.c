/* parsers/reading/reading_holds.c: what holds a wish up, or is said beside it: questions, needs, conditions.
 */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

bool tells_address(const struct mail *mail, const struct sign *concern)
{
    bool told = false;
    for (size_t i = 0; concern != NULL && !concern->in_subject && i < mail->persons.person.n; i++) {
        static const enum person_field fields[] = {STREET, POSTAL_CODE, BIRTH_DATE};
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            const struct evidence *fact = &mail->persons.person.at[i].field[fields[f]].evidence;
            told = told || (fact->words != NULL && str_equal(fact->source, "text") &&
                            sentence_of(&mail->sentences, fact->at) == concern->sentence);
        }
    }
    return told && str_equal(concern->found->pattern, "concern.correction") &&
           sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) == NULL;
}

/* Faint words of a concern: of a need, of anger, which people also tell of. */
static bool is_told(const struct mail *mail, const struct sign *concern)
{
    bool faint = str_equal(concern->found->pattern, "concern.need") ||
                 str_equal(concern->found->pattern, "concern.anger");
    if (concern->in_subject && mail->is_reply) {
        return true; /* what the thread was begun for */
    }
    return faint && !concern->in_subject && !sentence_says(mail, "need_own", concern->sentence) &&
           need_is_talk(mail, concern->sentence);
}

const struct sign *concern_sign(const struct mail *mail)
{
    const struct sign *best = NULL;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool better = best == NULL || sign->weight > best->weight || (best->in_subject && !sign->in_subject);
        if (sign->kind == SIGN_CONCERN && !sign->is_void && better && !is_told(mail, sign)) {
            best = sign;
        }
    }
    return best;
}

bool need_beside(const struct sign *concern)
{
    return str_equal(concern->found->pattern, "concern.need") ||
           str_equal(concern->found->pattern, "concern.hours");
}

/* No further question begins behind the place in the sentence. */
static bool asks_no_more(const struct mail *mail, size_t sentence, size_t at)
{
    const struct sentence *s = &mail->sentences.list.at[sentence];
    struct found found;
    return at >= s->at + s->len || !patterns_find(mail->reader->patterns, mail->arena, "interrogative.start",
                                                  mail->sentences.text + s->at, s->len, at - s->at, &found);
}

/* "Ihr öffnet am 26.1. die Datenbank? Dann komme ich": it says what the programme says. */
static bool is_echo(const struct mail *mail, size_t sentence)
{
    return sentence_names_event(mail, sentence) && sign_best(&mail->signs, SIGN_ASK, sentence) == NULL &&
           sentence_says(mail, "echo", sentence);
}

bool answers_itself(const struct mail *mail, size_t sentence)
{
    size_t next = sentence + 1;
    if (next >= mail->sentences.list.n || mail->sentences.list.at[next].asks) {
        return false;
    }
    bool comes = sign_best(&mail->signs, SIGN_REGISTER, next) != NULL || sentence_names_event(mail, next);
    return sentence_says(mail, "answer.yes", next) || sentence_says(mail, "answered", next) ||
           (comes && sign_best(&mail->signs, SIGN_ASK, sentence) == NULL &&
            sentence_says(mail, "learns_it", next));
}

/* "Ich wüsste gern, was die KI mir abnimmt. Darum komme ich am 3. Dezember": the event tells it. */
static bool comes_to_know(const struct mail *mail, size_t sentence)
{
    size_t last = sentence + 1 < mail->sentences.list.n ? sentence + 1 : sentence;
    for (size_t s = sentence; s <= last && !mail->sentences.list.at[s].asks; s++) {
        bool comes = sign_best(&mail->signs, SIGN_REGISTER, s) != NULL || sentence_names_event(mail, s);
        if (comes && sentence_says(mail, "therefore", s)) {
            return sign_named(&mail->signs, "ask.wonder", sentence) != NULL &&
                   sentence_says(mail, "wonder_matter", sentence);
        }
    }
    return false;
}

/* "Könnt ihr mich für den 3. Dezember dazwischenquetschen?": a place asked for in whatever words, with all
 * that it needs. */
static bool asks_for_place(const struct mail *mail, size_t sentence)
{
    return complete_data(mail) && sentence_names_event(mail, sentence) &&
           sign_best(&mail->signs, SIGN_ASK, sentence) == NULL &&
           sign_best(&mail->signs, SIGN_CONCERN, sentence) == NULL &&
           sentence_says(mail, "account.request", sentence) &&
           sentence_says(mail, "harmless.place", sentence);
}

const struct sign *question_sign(const struct mail *mail, bool wish)
{
    for (size_t s = 0; s < mail->sentences.list.n; s++) {
        if (!mail->signs.question[s]) {
            continue;
        }
        const struct sign *seats = sign_named(&mail->signs, "courtesy.seats", s);
        seats = seats != NULL ? seats : sign_named(&mail->signs, "courtesy.may_i", s);
        if (wish && (is_echo(mail, s) || answers_itself(mail, s) || comes_to_know(mail, s) ||
                     asks_for_place(mail, s))) {
            continue;
        }
        if (wish && seats != NULL && asks_no_more(mail, s, seats->at + seats->len)) {
            continue; /* "Haben Sie noch Platz? Dann bitte anmelden": the machine knows */
        }
        const struct sign *sign = sign_best(&mail->signs, SIGN_ASK, s);
        if (sign == NULL) {
            struct sign *made = ARENA_NEW(mail->arena, struct sign);
            *made = sign_made(mail, SIGN_ASK, 1, sentence_stretch(mail, s), s, "sentence.question",
                              "sentences.c");
            sign = made;
        }
        return sign;
    }
    return NULL;
}

bool sentence_waits(const struct mail *mail, size_t sentence)
{
    const struct sign *condition = sign_best(&mail->signs, SIGN_CONDITION, sentence);
    return condition != NULL && !condition->in_subject &&
           sign_best(&mail->signs, SIGN_CONDITION_OK, condition->sentence) == NULL;
}

bool waits_for_something(const struct mail *mail)
{
    for (size_t s = 0; s < mail->sentences.list.n; s++) {
        if (sentence_waits(mail, s)) {
            return true;
        }
    }
    return false;
}

/* "Kommando zurück" takes the registration back that the letter holds; without one it gives up a place. */
static bool takes_back_wish(const struct mail *mail, const struct wants *wants, const struct sign *sign)
{
    bool gives_up = wants->cancels != NULL && !sign->in_subject && sentence_names_event(mail, sign->sentence);
    return wants->registers != NULL && wants->data && !gives_up;
}

const struct sign *block_sign(const struct mail *mail, const struct wants *wants)
{
    const struct sign *hesitates = sign_best(&mail->signs, SIGN_HESITATE, SIZE_MAX);
    if (hesitates != NULL) {
        return hesitates;
    }
    const struct sign *back = sign_best(&mail->signs, SIGN_TAKEN_BACK, SIZE_MAX);
    if (back != NULL && takes_back_wish(mail, wants, back)) {
        return back;
    }
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind != SIGN_CONDITION || sign->is_void) {
            continue;
        }
        bool met = false;
        for (size_t k = 0; k < mail->signs.list.n && !met; k++) {
            const struct sign *ok = &mail->signs.list.at[k];
            bool if_yes = str_equal(ok->found->pattern, "condition.if_yes") && ok != sign;
            met = (ok->kind == SIGN_CONDITION_OK || if_yes) && ok->in_subject == sign->in_subject &&
                  ok->at <= sign->at + sign->len && sign->at < ok->at + ok->len;
        }
        bool only = !str_starts(sign->found->pattern, "condition.if");
        bool beside = wants->registers != NULL && !sign->in_subject &&
                      ((!wants->registers->in_subject && sign->sentence == wants->registers->sentence) ||
                       sign_best(&mail->signs, SIGN_REGISTER, sign->sentence) != NULL);
        if (str_equal(sign->found->pattern, "condition.if_yes")) {
            if (wants->question != NULL && (sign->in_subject || !mail->signs.question[sign->sentence])) {
                return sign;
            }
        } else if (str_starts(sign->found->pattern, "condition.only") || (!met && (only || beside))) {
            return sign;
        }
    }
    return NULL;
}

/* "Ich würde kommen, wenn …", "Ich würde kommen. Falls …" */
static bool condition_behind(const struct mail *mail, size_t sentence)
{
    return sign_best(&mail->signs, SIGN_CONDITION, sentence) != NULL ||
           sign_best(&mail->signs, SIGN_CONDITION, sentence + 1) != NULL;
}

bool only_would(const struct mail *mail)
{
    bool would = false, data = said_data(mail);
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->is_void || (sign->kind != SIGN_REGISTER && sign->kind != SIGN_ON)) {
            continue;
        }
        if (sign->in_subject || (strcasestr(sign->found->words, "würd") == NULL &&
                                 strcasestr(sign->found->words, "käme") == NULL)) {
            return false;
        }
        would = would || !data || condition_behind(mail, sign->sentence);
        if (sentence_says(mail, "gladly", sign->sentence)) {
            return false;
        }
    }
    return would;
}
