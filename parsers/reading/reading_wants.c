/* parsers/reading/reading_wants.c: signs weighed to wishes.
 *
 * Ambiguous words ("bitte eintragen", "bitte streichen") take their object from their sentence,
 * else from the sentence before, the subject, the sentence after: newsletter or event. */
#include "parsers/reading/extent.h"
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

/* How far "bitte eintragen" may stand from what it is about. */
enum { SENTENCES_AROUND = 8, NEWS_NEAR = 30 }; /* sentences; bytes */

static enum object object_in(const struct mail *mail, size_t sentence)
{
    bool news = sign_best(&mail->signs, SIGN_NEWS, sentence) != NULL;
    bool event = sentence_names_event(mail, sentence);
    return event ? OBJECT_EVENT : news ? OBJECT_NEWS : OBJECT_NONE;
}

static enum object object_of(const struct mail *mail, const struct sign *sign)
{
    bool news = subject_says(mail, SIGN_NEWS), event = subject_names_event(mail);
    if (sign->in_subject && (news || event)) {
        return news ? OBJECT_NEWS : OBJECT_EVENT;
    }
    if (sign->in_subject) { /* "Bitte meinen Mann aufnehmen" over words about the newsletter alone */
        bool only = mail->mentions.list.n == 0 && sign_best(&mail->signs, SIGN_NEWS, SIZE_MAX) != NULL;
        return only ? OBJECT_NEWS : OBJECT_NONE;
    }
    if (sign_best(&mail->signs, SIGN_NEWS, sign->sentence) != NULL &&
        sentence_names_event(mail, sign->sentence)) {
        return OBJECT_NONE; /* both stand there: the other patterns say what is meant */
    }
    for (size_t back = 0; back <= sign->sentence && back <= SENTENCES_AROUND; back++) {
        enum object object = object_in(mail, sign->sentence - back);
        if (object != OBJECT_NONE) {
            return object;
        }
    }
    if (news || event) {
        return event ? OBJECT_EVENT : OBJECT_NEWS;
    }
    for (size_t s = sign->sentence + 1; s < mail->sentences.list.n && s <= sign->sentence + SENTENCES_AROUND;
         s++) {
        enum object object = object_in(mail, s);
        if (object != OBJECT_NONE) {
            return object;
        }
    }
    return OBJECT_NONE;
}

/* --- registration, cancellation --- */

/* "Nehmen Sie mich in den Newsletter auf": the newsletter stands in or near the words of the wish, and no
 * event in their sentence. */
static bool about_news(const struct mail *mail, const struct sign *sign)
{
    bool news = false;
    for (size_t i = 0; i < mail->signs.list.n && !news; i++) {
        const struct sign *word = &mail->signs.list.at[i];
        news = word->kind == SIGN_NEWS && word->in_subject == sign->in_subject &&
               word->sentence == sign->sentence && word->at + word->len + NEWS_NEAR > sign->at &&
               word->at < sign->at + sign->len + NEWS_NEAR;
    }
    return news &&
           !(sign->in_subject ? subject_names_event(mail) : sentence_names_event(mail, sign->sentence));
}

static const struct sign *register_sign(const struct mail *mail, bool *ret_weak)
{
    const struct sign *best = NULL;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool rebooks = sign->kind == SIGN_REBOOK && sign->weight >= 3;
        if (sign->is_void || (sign->kind != SIGN_REGISTER && sign->kind != SIGN_ON && !rebooks)) {
            continue;
        }
        bool names =
            sign->in_subject ? subject_names_event(mail) : sentence_names_event(mail, sign->sentence);
        if ((sign->kind == SIGN_ON && object_of(mail, sign) == OBJECT_NEWS) || about_news(mail, sign)) {
            continue;
        }
        if (str_equal(sign->found->pattern, "register.want_to_event") ||
            str_equal(sign->found->pattern, "register.presence")) {
            bool news = !sign->in_subject && sign_best(&mail->signs, SIGN_NEWS, sign->sentence) != NULL;
            bool off =
                !sign->in_subject && (sign_best(&mail->signs, SIGN_CANCEL, sign->sentence) != NULL ||
                                      sign_best(&mail->signs, SIGN_CANCEL_WEAK, sign->sentence) != NULL ||
                                      sign_best(&mail->signs, SIGN_OFF, sign->sentence) != NULL);
            if (!names || news || off || (!sign->in_subject && mail->signs.question[sign->sentence])) {
                continue;
            }
        }
        int weight = sign->weight + (names ? 1 : 0) - (sign->in_subject && mail->is_reply ? 3 : 0);
        int best_weight = best == NULL ? 0 : best->weight - (best->in_subject ? 1 : 0);
        if (weight > best_weight) {
            best = sign;
        }
    }
    *ret_weak = best != NULL && best->weight < 3;
    return best;
}

/* "Anmeldung" in the subject of an answer is our own word. */
static bool reply_subject(const struct mail *mail, const struct sign *sign)
{
    return sign->in_subject && (mail->is_reply || mail->subject_theirs);
}

/* A wish of this kind was taken back, and not by a question. */
static bool refuses(const struct mail *mail, enum sign_kind kind)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool asks = sign->in_subject ? mail->signs.subject_asks : mail->signs.question[sign->sentence];
        if (sign->kind == kind && sign->is_void && !asks) {
            return true;
        }
    }
    return false;
}

/* "Ich sage nicht ab": who says so has a place already. */
static bool stays(const struct mail *mail)
{
    return refuses(mail, SIGN_CANCEL) && !complete_data(mail);
}

static const struct sign *cancel_sign(const struct mail *mail, bool *ret_sure)
{
    const struct sign *best = NULL;
    bool regrets = sign_best(&mail->signs, SIGN_CANCEL_HINT, SIZE_MAX) != NULL || /* "leider", "kann nicht" */
                   sign_best(&mail->signs, SIGN_CANCEL_WEAK, SIZE_MAX) != NULL;
    struct found found;
    bool had = sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL;
    bool had_place = sign_best(&mail->signs, SIGN_REBOOK, SIZE_MAX) != NULL &&
                     (had || text_says(mail, "rebook_said", &found) ||
                      patterns_find(mail->reader->patterns, mail->arena, "rebook_said", mail->subject,
                                    strlen(mail->subject), 0, &found));
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool instead = had_place && group_names_event(mail, sign, "from");
        bool cancel =
            sign->kind == SIGN_CANCEL || (sign->kind == SIGN_REBOOK && (sign->weight >= 3 || instead));
        enum object object = sign->kind == SIGN_OFF ? object_of(mail, sign) : OBJECT_NONE;
        bool off =
            object == OBJECT_EVENT || (object == OBJECT_NONE && sign->kind == SIGN_OFF && (regrets || had));
        if (sign->in_subject && subject_says(mail, SIGN_NEWS)) {
            continue; /* "Abmeldung vom Newsletter" */
        }
        if (!sign->is_void && (cancel || off) && (best == NULL || (best->in_subject && !sign->in_subject))) {
            best = sign;
        }
    }
    if (best != NULL && best->in_subject && text_says(mail, "void.your_cancel", &found)) {
        best = NULL; /* "Absage": "Ihre Absage des Kurses …" */
    }
    *ret_sure = best != NULL;
    if (best == NULL) {
        best = sign_best(&mail->signs, SIGN_CANCEL_WEAK, SIZE_MAX);
        bool news = best != NULL && !best->in_subject && object_in(mail, best->sentence) == OBJECT_NEWS;
        best = news ? NULL : best; /* "brauche den Newsletter nicht mehr" */
    }
    return best;
}

/* "Ich kann am 10.12. nicht. Wo finde ich die Folien?": that somebody does not come is told outside the
 * question. */
static bool told_beside(const struct mail *mail, const struct sign *question)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_CANCEL_WEAK && !sign->is_void && !sign->in_subject &&
            (question->in_subject || sign->sentence != question->sentence) &&
            !sentence_waits(mail, sign->sentence)) {
            return true;
        }
    }
    return false;
}

void open_requests_settle(struct mail *mail)
{
    bool counts = complete_data(mail) && sign_best(&mail->signs, SIGN_REGISTER, SIZE_MAX) == NULL;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        struct sign *sign = &mail->signs.list.at[i];
        bool open = str_equal(sign->found->pattern, "on.open");
        sign->is_void = sign->is_void || (open && !(counts && object_of(mail, sign) == OBJECT_EVENT));
    }
}

void wants_find(struct mail *mail, struct wants *ret)
{
    struct wants wants = {0};
    struct found found;
    wants.registers = register_sign(mail, &wants.register_weak);
    if (wants.registers == NULL) {
        statements_find(mail);
        wants.registers = register_sign(mail, &wants.register_weak);
    }
    if (wants.registers == NULL) {
        weighed_wish_find(mail);
        wants.registers = register_sign(mail, &wants.register_weak);
    }
    wants.data = complete_data(mail);
    bool corrects = sign_named(&mail->signs, "concern.correction", SIZE_MAX) != NULL;
    bool told = corrects || sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL;
    bool only_headed = wants.registers != NULL && wants.registers->in_subject && told && !complete_data(mail);
    if (wants.registers != NULL && (reply_subject(mail, wants.registers) || stays(mail) || only_headed)) {
        wants.registers = NULL;
    }
    wants.privacy = sign_best(&mail->signs, SIGN_PRIVACY, SIZE_MAX);
    wants.cancels = cancel_sign(mail, &wants.cancel_sure);
    wants.replaced = wants.data && wants.cancels != NULL && text_says(mail, "replace", &found);
    wants.cancel_part = wants.cancels != NULL && sign_best(&mail->signs, SIGN_CANCEL_PART, SIZE_MAX) != NULL;
    bool noun = wants.registers != NULL && str_equal(wants.registers->found->pattern, "register.noun");
    if (noun && wants.cancels != NULL &&
        extent_all_events(mail->arena, mail->reader->patterns, extent_words(mail->arena, mail->own))) {
        wants.registers = NULL; /* "alle meine Anmeldungen" are those that are had */
    }
    news_find(mail, &wants);
    if (refuses(mail, SIGN_CANCEL) && !wants.data) {
        wants.cancels = NULL; /* "ich will gar nicht absagen" */
    }
    bool wish = wants.registers != NULL || wants.news.n > 0 || wants.data;
    wants.question = question_sign(mail, wish);
    if (wants.cancels != NULL && wants.cancels->in_subject && wants.question != NULL &&
        !told_beside(mail, wants.question)) {
        wants.cancel_sure = false; /* "Absage": "Wird der Kurs bei Schnee abgesagt?" */
    }
    wants.concern = concern_sign(mail);
    bool moves = event_set_count(&mail->moved_to) > 0; /* "bitte ändern Sie meine Anmeldung" */
    if (wants.registers != NULL && ((moves && corrects) || tells_address(mail, wants.concern))) {
        wants.concern = NULL;
    }
    wants.by_data = wants.registers == NULL &&
                    (wants.replaced || data_are_wish(mail, wants.news.n == 0 && wants.cancels == NULL)) &&
                    wants.question == NULL && (wants.concern == NULL || need_beside(wants.concern)) &&
                    (wants.replaced || wants.cancels == NULL || !wants.cancel_sure) &&
                    !waits_for_something(mail);
    wants.blocks = block_sign(mail, &wants);
    if (wants.blocks == NULL && only_would(mail)) {
        wants.blocks = wants.registers;
    }
    wants.blocked = wants.blocks != NULL;
    if (wants.cancels == NULL) {
        wants.cancels = weighed_cancel(mail, &wants, &wants.cancel_part);
    }
    *ret = wants;
}
