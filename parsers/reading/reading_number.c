/* parsers/reading/reading_number.c: how many people the mail says come.
 *
 * A number of people stands for many things: "zu dritt" who comes, "drei Kinder, ein Job" who writes, "im
 * Büro sind wir zu fünft" where. It is told of those who come where the words beside it speak of coming, of
 * an event, or of nothing else. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

enum { NUMBER_ALONE = 40 }; /* bytes of a sentence that holds hardly more: "Wir sind zu dritt." */

/* Words that say that several come, whatever stands around them, or that speak of the writer's own, unless
 * these do something to the writer: "Meine beiden Töchter lachen mich aus". */
static bool says_themselves(const struct mail *mail, const struct sign *sign)
{
    const char *words = sign->found->words;
    bool own = strcasestr(words, "mein") != NULL || strcasestr(words, "unser") != NULL;
    return str_equal(sign->found->pattern, "plural.group") ||
           (own && !sentence_says(mail, "done_to_me", sign->sentence));
}

static bool of_those_who_come(const struct mail *mail, size_t at, size_t len)
{
    size_t sentence = sentence_of(&mail->sentences, at);
    struct stretch words = sentence_stretch(mail, sentence);
    bool we = stretch_says(mail, "we_come", words);
    if (!we && stretch_says(mail, "count_else", clause_around(mail, sentence, at))) {
        return false;
    }
    return we || words.end - words.at <= len + NUMBER_ALONE || sentence_names_event(mail, sentence) ||
           stretch_says(mail, "share", words) || sign_best(&mail->signs, SIGN_REGISTER, sentence) != NULL ||
           sign_best(&mail->signs, SIGN_ON, sentence) != NULL;
}

bool says_more_people(const struct mail *mail)
{
    const struct persons *persons = &mail->persons;
    struct found found;
    if (persons->person.n == 1 && text_says(mail, "self_only", &found)) {
        return false; /* "eigentlich wollten wir zu zweit kommen, so bleibt es bei mir allein" */
    }
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_PLURAL && sign->weight > 0 && (size_t)sign->weight > persons->person.n &&
            (sign->in_subject || says_themselves(mail, sign) ||
             of_those_who_come(mail, sign->at, sign->len))) {
            return true;
        }
    }
    return persons->counted && persons->count > (int)persons->person.n &&
           of_those_who_come(mail, persons->count_at, 0);
}
