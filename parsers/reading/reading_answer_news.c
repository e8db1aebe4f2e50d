/* parsers/reading/reading_answer_news.c: answers to what we wrote about the newsletter, and to its issues. */
#include "parsers/reading/reading_parts.h"

enum { LEAVE_MAX = 200 }; /* bytes of a mail that wants to be taken off something it does not name */

/* The first wish about the newsletter in the writer's own words: an answer's subject is ours; NULL: none. */
static const struct news_wish *own_wish(const struct wants *wants)
{
    for (size_t i = 0; i < wants->news.n; i++) {
        if (!wants->news.at[i].sign->in_subject) {
            return &wants->news.at[i];
        }
    }
    return NULL;
}

static bool answer_newsletter(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct found refusal, consent;
    bool no = text_says(mail, "answer.no", &refusal);
    bool yes = text_says(mail, "answer.yes", &consent) || text_says(mail, "answer.yes_anywhere", &consent);
    const struct news_wish *wish = own_wish(wants);
    bool subscribes = wish != NULL && wish->subscribe, leaves = wish != NULL && !wish->subscribe;
    if (no || leaves) {
        answer_add(mail, ret, INTENT_DECLINE, no ? &refusal : NULL);
    } else if (yes || subscribes) {
        answer_add(mail, ret, INTENT_CONFIRM, yes ? &consent : NULL);
    } else {
        return false;
    }
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Antwortet auf unsere Frage zum Newsletter");
    if (wish != NULL && wish->address != NULL) {
        ret->automatic = READING_NONE;
        ret->staff = true;
        ret->why_staff = "Antwortet, nennt aber eine andere Adresse";
    }
    return true;
}

/* To our goodbye: "Ja, danke" thanks for it; what takes it back speaks of that, or is a bare yes. */
static bool answer_goodbye(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct found no, keep, yes;
    const struct news_wish *wish = own_wish(wants);
    bool subscribes = wish != NULL && wish->subscribe, leaves = wish != NULL && !wish->subscribe;
    bool stays_out = text_says(mail, "answer.no", &no);
    bool keeps = text_says(mail, "answer.keep", &keep);
    bool agrees = text_says(mail, "answer.yes", &yes);
    if (keeps || subscribes) {
        answer_add(mail, ret, INTENT_CONFIRM, keeps ? &keep : wish->sign->found);
    } else if (stays_out || leaves || agrees) {
        answer_add(mail, ret, INTENT_DECLINE, stays_out ? &no : agrees ? &yes : NULL);
    } else {
        return false;
    }
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Antwortet auf unseren Abschied vom Newsletter");
    if ((keeps || subscribes) && (stays_out || leaves)) {
        ret->automatic = READING_NONE;
        reading_for_staff(ret, "Antwortet auf den Abschied vom Newsletter mit Ja und Nein");
    }
    return true;
}

/* "Ja", and a place besides: which would be lost, were only the yes read. The subject is our letter's. */
static bool wants_place_besides(const struct mail *mail, const struct wants *wants)
{
    const struct sign *signs[] = {wants->registers, wants->cancels};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (signs[i] != NULL && !signs[i]->in_subject && sentence_names_event(mail, signs[i]->sentence)) {
            return true;
        }
    }
    return false;
}

/* "Abmelden", "kein Interesse mehr", "stop" from who can mean nothing else, unless an event is named or a
 * place wanted. Longer mails say of what they speak, or a person reads them. */
static bool leave_newsletter(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct found leave;
    bool named = wants->registers != NULL || wants->question != NULL || wants->data || wants->news.n > 0 ||
                 strlen(mail->text) > LEAVE_MAX || (subject_names_event(mail) && !mail->is_reply);
    for (size_t s = 0; s < mail->sentences.list.n && !named; s++) {
        named = sentence_names_event(mail, s);
    }
    if (named || text_says(mail, "answer.leave_other", &leave) || !text_says(mail, "answer.leave", &leave)) {
        return false;
    }
    answer_add(mail, ret, INTENT_UNSUBSCRIBE, &leave);
    ret->automatic = READING_ACT;
    reading_reason(mail->arena, ret, 60, "answer", "Kann nur den Newsletter meinen");
    return true;
}

bool answer_news(struct mail *mail, const struct expected *expected, const struct wants *wants,
                 struct reading *ret)
{
    bool answered = expected->confirm_newsletter ? answer_newsletter(mail, wants, ret)
                    : expected->keep_newsletter
                        ? answer_goodbye(mail, wants, ret)
                        : expected->only_newsletter && leave_newsletter(mail, wants, ret);
    if (answered && wants_place_besides(mail, wants)) {
        reading_for_staff(ret, "Antwortet zum Newsletter und schreibt auch von einer Veranstaltung");
    }
    return answered;
}
