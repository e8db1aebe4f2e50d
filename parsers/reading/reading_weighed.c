/* parsers/reading/reading_weighed.c: what the words of the whole mail tell of its wish.
 *
 * Patterns know the words for a wish that somebody thought of, and people have others ("wäre froh um einen
 * Platz an Ihrem Tisch", "betrachten Sie dies als meine Zusage"). Several thousand mails of which it is known
 * what was wanted tell by their words together what another one wants (wish.weights, tests/corpus/wishes.py:
 * logistic regression over words, pairs of them and their beginnings, in the text and in the subject). */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "parsers/reading/scales.h"

/* What wish.weights speaks for: somebody is to be registered; a place is given up. */
enum { REGISTER, CANCEL };

/* In hundredths of log-odds. Measured on tables that nothing was learned from, each by what the rest tells:
 * of 224 mails that only their words make a registration, above the first line, 2 are none; below it one in
 * three was. Of 445 mails that others had written to cancel, 1 in 100 has no verb for it and is below the
 * second line; both that were none are. Where no pattern saw a cancellation, and nothing else is asked for or
 * told, 7 of 10 cancellations are above the last line but one, and none of the others; of mails that ask as
 * well and cancel nothing, none is above the last. */
enum {
    LINE_REGISTER = 280,
    LINE_CANCEL = -200,
    LINE_CANCEL_BESIDE = 0,
    LINE_CANCEL_FOUND = 0,
    LINE_CANCEL_ASKS = 200
};

/* Of 232 registrations by six authors that nothing was learned from, one weighed less than 0 (-149), and what
 * was taken for one and is none -796 ("Ich wäre dann bestimmt öfter dabei"). Below the first, a street or a
 * birth date alone is no wish; below the next, all data are none; below the last, no pattern's words are. Of
 * registrations in the tables, each weighed by what the rest tells, 1 in 100 is below -100, rebookings most.
 */
enum { LINE_SOME_DATA = -100, LINE_DATA = -300, LINE_UNLIKELY = -400 };

enum { GREETING_MOST = 16, NOUN_ALONE = 40 }; /* bytes of a sentence */

static const char *sentence_words(const struct mail *mail, size_t sentence)
{
    struct stretch words = sentence_stretch(mail, sentence);
    return arena_strndup(mail->arena, mail->text + words.at, words.end - words.at);
}

static void begin(struct mail *mail, struct scales *ret)
{
    scales_begin(mail->arena, patterns_weights(mail->reader->patterns, "wish"), NULL, ret);
}

void wish_weigh(struct mail *mail)
{
    struct scales scales;
    begin(mail, &scales);
    for (size_t i = 0; i < mail->sentences.list.n; i++) {
        scales_sentence(&scales, "", sentence_words(mail, i));
        if (stretch_holds_data(mail, sentence_stretch(mail, i))) {
            scales_sign(&scales, "<data>");
        }
        if (sentence_names_event(mail, i)) {
            scales_sign(&scales, "<event>");
        }
    }
    scales_sentence(&scales, "S ", mail->subject);
    mail->weighs_register = scales.sum.of[REGISTER];
    mail->weighs_cancel = scales.sum.of[CANCEL];
}

/* The sentence whose words speak most for the wish: none of data or of greeting, where there is another. */
static size_t heaviest(struct mail *mail, int wish)
{
    int most = 0;
    size_t best = 0;
    bool best_last = true;
    for (size_t i = 0; i < mail->sentences.list.n; i++) {
        struct scales scales;
        begin(mail, &scales);
        scales_sentence(&scales, "", sentence_words(mail, i));
        struct stretch words = sentence_stretch(mail, i);
        bool last = stretch_holds_data(mail, words) || words.end - words.at < GREETING_MOST;
        if (i == 0 || last < best_last || (last == best_last && scales.sum.of[wish] > most)) {
            most = scales.sum.of[wish];
            best_last = last;
            best = i;
        }
    }
    return best;
}

enum {
    GIVES_UP = 1 << SIGN_CANCEL | 1 << SIGN_CANCEL_WEAK | 1 << SIGN_OFF | 1 << SIGN_REBOOK,
    OF_NEWS = 1 << SIGN_SUBSCRIBE | 1 << SIGN_UNSUBSCRIBE
};

/* Patterns found signs of these kinds, held or taken back: they say more than weights. */
static bool told_by(const struct mail *mail, unsigned kinds)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        if (kinds >> mail->signs.list.at[i].kind & 1) {
            return true;
        }
    }
    return false;
}

/* A wish was taken back; one that holds and was not counted, as no event stands in its sentence ("Das will
 * ich lernen!"), is left to the weights. */
static bool wish_taken_back(const struct mail *mail)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_ON || (sign->kind == SIGN_REGISTER && sign->is_void)) {
            return true;
        }
    }
    return false;
}

/* A title or a day of what is to come: a keyword ("etwas mit Computern") is not what a wish is about that no
 * words tell. */
static bool names_by_title_or_day(const struct mail *mail)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (!mention->past && (mention->kind == MENTION_TITLE || mention->kind == MENTION_DATE)) {
            return true;
        }
    }
    return false;
}

void weighed_wish_find(struct mail *mail)
{
    struct found found;
    if (mail->weighs_register < LINE_REGISTER || mail->sentences.list.n == 0 || !said_data(mail) ||
        !names_by_title_or_day(mail) || told_by(mail, GIVES_UP | OF_NEWS) || wish_taken_back(mail) ||
        other_matter(mail) || events_only_told(mail) || text_says(mail, "statement_not.contact", &found)) {
        return;
    }
    size_t sentence = heaviest(mail, REGISTER);
    bool plainly = complete_data(mail) && question_sign(mail, true) == NULL;
    if (sentence_says(mail, plainly ? "statement_not.part" : "statement_not", sentence)) {
        return;
    }
    *LIST_ADD(mail->arena, &mail->signs.list) =
        sign_made(mail, SIGN_REGISTER, 2, sentence_stretch(mail, sentence), sentence, "register.weighed",
                  "wish.weights");
}

bool register_is_unlikely(const struct mail *mail, const struct wants *wants)
{
    int line = wants->registers != NULL ? LINE_UNLIKELY : wants->data ? LINE_DATA : LINE_SOME_DATA;
    return wants->cancels == NULL && mail->weighs_register < line;
}

bool cancel_is_likely(const struct mail *mail, bool asks)
{
    return mail->weighs_cancel >= (asks ? LINE_CANCEL_ASKS : LINE_CANCEL_FOUND) &&
           names_by_title_or_day(mail);
}

const struct sign *weighed_cancel(struct mail *mail, const struct wants *wants, bool *ret_part)
{
    bool else_wanted = wants->registers != NULL || wants->data || wants->news.n > 0 ||
                       wants->privacy != NULL || wants->question != NULL || wants->concern != NULL ||
                       wants->blocked;
    if (!cancel_is_likely(mail, false) || else_wanted || mail->sentences.list.n == 0 ||
        told_by(mail, GIVES_UP | OF_NEWS | 1 << SIGN_ON)) {
        return NULL;
    }
    struct found found;
    *ret_part = text_says(mail, "cancel_part", &found);
    if (*ret_part) { /* looked for beside words for giving something up; here there are none */
        *LIST_ADD(mail->arena, &mail->signs.list) =
            sign_made(mail, SIGN_CANCEL_PART, 1, (struct stretch){found.at, found.at + found.len},
                      sentence_of(&mail->sentences, found.at), found.pattern, found.where);
    }
    size_t sentence = heaviest(mail, CANCEL);
    struct sign *sign = LIST_ADD(mail->arena, &mail->signs.list);
    *sign = sign_made(mail, SIGN_CANCEL_WEAK, 2, sentence_stretch(mail, sentence), sentence, "cancel.weighed",
                      "wish.weights");
    return sign;
}

/* "Absage", and no more: not "weder eine Zusage noch eine Absage". */
static bool noun_alone(const struct mail *mail, const struct sign *sign)
{
    return sign->in_subject || mail->sentences.list.at[sign->sentence].len <= NOUN_ALONE;
}

bool cancel_is_doubtful(const struct mail *mail, const struct wants *wants, bool asks_else)
{
    bool noun = str_equal(wants->cancels->found->pattern, "cancel.noun");
    bool plainly = wants->cancel_sure && (!noun || noun_alone(mail, wants->cancels));
    return patterns_weights(mail->reader->patterns, "wish") != NULL && !plainly &&
           mail->weighs_cancel < (asks_else ? LINE_CANCEL_BESIDE : LINE_CANCEL);
}
