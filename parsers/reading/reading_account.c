/* parsers/reading/reading_account.c: whether everything of weight in the mail is accounted for.
 *
 * What the patterns know is what somebody thought of; people write other things as well. So the machine
 * does nothing alone as long as words of weight are left over in the writer's own sentences: a request, a
 * need, a word that takes something back. Words are explained clause by clause, by the signs and the
 * data that were found there. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

enum { BARE = 3 }; /* bytes: a blank, a mark */

static bool is_strong(const struct event_mention *mention)
{
    return (mention->kind == MENTION_TITLE && mention->terms > 1) || mention->kind == MENTION_DATE;
}

/* "Bitte heizen Sie": a word that stands for an event, where others are named by title or day. */
static bool of_another(const struct mail *mail, const struct event_mention *faint)
{
    bool named = false;
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (is_strong(mention)) {
            named = true;
            if (event_set_meet(mention->fits, faint->fits)) {
                return false;
            }
        }
    }
    return named;
}

/* `faintly`: by a single word of a title, a keyword, a day without an event, too. */
static bool names_event(const struct mail *mail, struct stretch clause, bool faintly)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        bool word = mention->kind == MENTION_KEYWORD || mention->kind == MENTION_TITLE;
        bool faint = faintly && mention->kind != MENTION_PERIOD && !(word && of_another(mail, mention));
        bool names = is_strong(mention) || faint;
        if (names && !mention->in_subject && stretch_meets(clause, mention->at, mention->len)) {
            return true;
        }
    }
    return false;
}

/* What a word of weight does. */
enum heaviness {
    ASKS,
    NEEDS,     /* "wäre dankbar, wenn", which a polite "wenn" leaves open */
    BUTS,      /* "aber": a wish may follow */
    CONTRASTS, /* "lieber", "sondern" */
    COUNTERS,  /* "nicht" */
};

static enum heaviness weight_of(const char *pattern)
{
    return str_equal(pattern, "account.counter")    ? COUNTERS
           : str_equal(pattern, "account.contrast") ? CONTRASTS
           : str_equal(pattern, "account.but")      ? BUTS
           : str_equal(pattern, "account.need")     ? NEEDS
                                                    : ASKS;
}

/* "Könnten Sie mir die Folien schicken?": asked politely, and neither for a place nor for the newsletter. */
static bool asks_for_else(const struct mail *mail, const struct sign *sign)
{
    static const enum sign_kind ours[] = {SIGN_REGISTER,    SIGN_ON,          SIGN_CANCEL,
                                          SIGN_CANCEL_WEAK, SIGN_OFF,         SIGN_REBOOK,
                                          SIGN_SUBSCRIBE,   SIGN_UNSUBSCRIBE, SIGN_NEWS};
    bool found = !str_equal(sign->found->pattern, "courtesy.please") &&
                 !str_equal(sign->found->pattern, "courtesy.possible");
    for (size_t i = 0; i < sizeof ours / sizeof *ours && !found; i++) {
        found = sign_best(&mail->signs, ours[i], sign->sentence) != NULL;
    }
    return !found;
}

/* A wish or a courtesy that holds; for a word that takes back also what is told, or was taken back. A
 * contrast is explained by a registration anywhere in its sentence, a need by one behind it ("ich wäre froh,
 * wenn Sie mich auf die Liste setzten"). */
static bool sign_explains(const struct mail *mail, struct stretch clause, enum heaviness weight,
                          size_t sentence)
{
    bool contrast = weight == BUTS || weight == CONTRASTS;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool invited = str_equal(sign->found->pattern, "past.invited"); /* to what is still to come */
        bool told =
            (sign->kind == SIGN_PAST && !invited) || sign->kind == SIGN_VOID || sign->kind == SIGN_NEWS_TOLD;
        bool polite = weight == NEEDS && str_equal(sign->found->pattern, "condition_ok.courtesy");
        bool wish = !told && !invited && !polite && sign->kind != SIGN_PLURAL &&
                    sign->kind != SIGN_CONDITION && !sign->is_void;
        bool refusal = sign->kind == SIGN_NEWS_TOLD && sign->sentence == sentence;
        bool faint = str_equal(sign->found->pattern, "register.want_to_event");
        if (faint && (weight >= CONTRASTS || !names_event(mail, clause, true))) {
            continue; /* "möchte ich lieber nicht", "ich möchte das Protokoll" */
        }
        bool taken_back = str_equal(sign->found->pattern, "past.taken_back") ||
                          str_equal(sign->found->pattern, "past.not_that") ||
                          str_starts(sign->found->pattern, "past.corrects");
        bool wanted = weight == NEEDS && (sign->kind == SIGN_REGISTER || sign->kind == SIGN_ON ||
                                          sign->kind == SIGN_SUBSCRIBE || sign->kind == SIGN_UNSUBSCRIBE);
        bool here = stretch_meets(clause, sign->at, sign->len) ||
                    (contrast && sign->sentence == sentence && (taken_back || sign->kind == SIGN_REGISTER)) ||
                    (wanted && sign->sentence == sentence && sign->at > clause.at);
        wish = wish && !(weight == ASKS && asks_for_else(mail, sign));
        if (!sign->in_subject && (refusal || (here && (wish || (told && weight >= BUTS))))) {
            return true;
        }
    }
    return false;
}

/* The newsletter is spoken of, and neither a wish nor mere talk of it was found. */
static void news_left(const struct mail *mail, struct account *ret)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->in_subject || !str_equal(sign->found->pattern, "news.word")) {
            continue;
        }
        bool wish = sign_best(&mail->signs, SIGN_SUBSCRIBE, sign->sentence) != NULL ||
                    sign_best(&mail->signs, SIGN_UNSUBSCRIBE, sign->sentence) != NULL;
        bool talk = sign_best(&mail->signs, SIGN_NEWS_TOLD, sign->sentence) != NULL ||
                    sentence_says(mail, "news_source", sign->sentence);
        if (!wish && !talk) {
            ret->request = sign_evidence(mail, sign);
            return;
        }
    }
}

/* "Meine Frau kommt nicht mit": nobody had said that she does. */
static bool relation_stays(const struct mail *mail, struct stretch clause)
{
    struct found found;
    return mail->persons.person.n == 1 && !text_says(mail, "correction", &found) &&
           stretch_says(mail, "kin", clause) && stretch_says(mail, "kin_out.stays", clause);
}

/* What is refused is neither the wish nor an event. */
static bool says_no_to_else(const struct mail *mail, struct stretch clause)
{
    static const char *const of_else[] = {"self_out", "self_only", "not_that_one", "not_of_coming"};
    for (size_t i = 0; i < sizeof of_else / sizeof *of_else; i++) {
        if (stretch_says(mail, of_else[i], clause)) {
            return true;
        }
    }
    return relation_stays(mail, clause);
}

/* A faint word of weight, in a sentence whose words weigh as those of plain talk do: "Wenn der Schnee liegen
 * bleibt, laufe ich", "macht mir Mut", "Vorher bin ich beim Arzt, komme aber pünktlich". */
static bool only_talk(const struct mail *mail, const struct reading *reading, const char *pattern,
                      size_t sentence)
{
    bool faint = str_equal(pattern, "account.case")
                     ? !sentence_says(mail, "stirs", sentence)
                     : str_equal(pattern, "account.urge") || str_equal(pattern, "account.but") ||
                           str_equal(pattern, "account.contrast");
    return faint && reading != NULL && sentence < reading->beside.n &&
           beside_is_talk(&reading->beside.at[sentence]);
}

void account_find(struct mail *mail, bool news_settled, const struct reading *reading, struct account *ret)
{
    struct founds founds = {0};
    *ret = (struct account){0};
    if (!news_settled) {
        news_left(mail, ret);
    }
    patterns_find_all(mail->reader->patterns, mail->arena, "account", mail->sentences.text,
                      mail->sentences.len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *found = &founds.at[i];
        enum heaviness weight = weight_of(found->pattern);
        bool counter = weight >= BUTS;
        size_t sentence = sentence_of(&mail->sentences, found->at);
        struct stretch clause = clause_around(mail, sentence, found->at);
        bool bare = weight != NEEDS && clause.end - clause.at <= found->len + BARE;
        if (bare || (counter && says_no_to_else(mail, clause)) ||
            sign_explains(mail, clause, weight, sentence) ||
            only_talk(mail, reading, found->pattern, sentence)) {
            continue;
        }
        bool event = names_event(mail, clause, !counter) &&
                     (weight != ASKS || !stretch_says(mail, "asks_else", clause));
        bool weighs = counter ? event || stretch_says(mail, "share", clause)
                              : !event && !stretch_holds_data(mail, clause) &&
                                    !stretch_says(mail, "harmless", clause) &&
                                    (weight == NEEDS || !sentence_says(mail, "harmless.more", sentence)) &&
                                    !(mail->passed_on && stretch_says(mail, "passing_on", clause));
        struct evidence *left = counter ? &ret->counter : &ret->request;
        if (weighs && left->len == 0) {
            *left = (struct evidence){
                .words = arena_strndup(mail->arena, mail->text + clause.at, clause.end - clause.at),
                .source = mail->passed_on ? "forwarded" : "text",
                .at = clause.at,
                .len = clause.end - clause.at,
                .pattern = found->pattern,
                .where = found->where};
        }
    }
}
