/* parsers/reading/reading.c: one mail, from its words to the verdict.
 *
 * Robots first; then the mail's own words are made ready, a mail passed on for registration is
 * opened, an answer is held against what had been asked; reading_verdict.c has the last word. */
#include "parsers/reading/reading.h"

#include "base/text.h"
#include "parsers/language/language.h"
#include "parsers/mail/form_boxes.h"
#include "parsers/reading/reading_parts.h"
#include "parsers/robot/delivery_report.h"
#include "parsers/robot/robot.h"

/* --- robots --- */

static void read_report(struct arena *arena, const struct reader *reader, const struct letter *letter,
                        struct reading *ret)
{
    struct delivery_report report = {0};
    if (!delivery_report_read(arena, reader->patterns, letter, &report)) {
        LIST_ADD(arena, &ret->intents)->kind = INTENT_AUTO_REPLY;
        reading_for_staff(ret, "Ein Zustellbericht, in dem keine Adresse zu finden war");
        return;
    }
    for (size_t i = 0; i < report.failed.n && i < READING_INTENTS_MAX; i++) {
        const struct failed_recipient *failed = &report.failed.at[i];
        *LIST_ADD(arena, &ret->intents) =
            (struct intent){.kind = INTENT_BOUNCE,
                            .recipient = failed->recipient,
                            .severity = failed->hard ? SEVERITY_HARD : SEVERITY_SOFT,
                            .status = failed->status,
                            .diagnostic = failed->diagnostic,
                            .returned_message_id = report.returned_message_id,
                            .delayed = failed->delayed,
                            .complaint = report.complaint};
    }
}

/* True when no person wrote the letter. */
static bool read_robot(struct arena *arena, const struct reader *reader, const struct letter *letter,
                       struct reading *ret)
{
    struct robot robot = {0};
    robot_recognise(arena, reader->patterns, letter, &ret->own, &robot);
    if (robot.kind == ROBOT_NONE) {
        return false;
    }
    ret->automatic = READING_NONE;
    if (robot.kind == ROBOT_REPORT) {
        read_report(arena, reader, letter, ret);
    } else {
        struct intent *intent = LIST_ADD(arena, &ret->intents);
        intent->kind = robot.kind == ROBOT_BULK ? INTENT_BULK : INTENT_AUTO_REPLY;
    }
    for (size_t i = 0; i < ret->intents.n; i++) {
        ret->intents.at[i].evidence = (struct evidence){
            .words = robot.why, .source = "headers", .pattern = robot.pattern, .where = "robot.c"};
    }
    reading_reason(arena, ret, 80, "robot", arena_printf(arena, "Kein Mensch: %s", robot.why));
    return true;
}

/* --- the words of a person --- */

static bool is_reply(const char *subject)
{
    static const char *const marks[] = {"re:", "aw:", "antw:", "sv:", "odp:", "rép:", "r:", "ynt:"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (str_starts_nocase(subject, marks[i])) {
            return true;
        }
    }
    return false;
}

/* Words put before the subject by programs: they are nobody's wish. */
static const char *subject_words(const char *subject, bool *ret_reply)
{
    static const char *const marks[] = {
        "re:", "aw:", "antw:", "sv:", "wg:", "fwd:", "fw:", "odp:", "[extern]", "tr:"};
    *ret_reply = false;
    for (bool again = true; again;) {
        again = false;
        subject += strspn(subject, " \t");
        *ret_reply = *ret_reply || is_reply(subject);
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            if (str_starts_nocase(subject, marks[i])) {
                subject += strlen(marks[i]);
                again = true;
            }
        }
    }
    return subject;
}

/* False: more is named in it than anybody names. */
static bool mail_prepare(struct mail *mail)
{
    struct arena *arena = mail->arena;
    const struct reader *reader = mail->reader;
    sentences_split(arena, mail->subject, &mail->subject_sentences);
    sentences_split(arena, mail->text, &mail->sentences);
    german_dates(arena, reader->patterns, mail->subject, reader->today, &mail->subject_dates);
    german_dates(arena, reader->patterns, mail->text, reader->today, &mail->dates);
    struct event_source subject = {&mail->subject_sentences, &mail->subject_dates};
    struct event_source text = {&mail->sentences, &mail->dates};
    event_mentions_find(arena, reader->patterns, reader->programme, &subject, &text, reader->today,
                        &mail->mentions);
    signs_find(arena, reader->patterns, &mail->subject_sentences, &mail->sentences, &mail->signs);
    if (mail->mentions.list.n > MENTIONS_MAX || mail->signs.list.n > SIGNS_MAX) {
        return false;
    }
    news_signs(mail);
    persons_find(arena, reader, mail->letter, mail->own, &mail->persons);
    personal_drop(mail);
    corrections_settle(mail);
    titles_drop(mail);
    if (mail->persons.person.n == 0) {
        *LIST_ADD(arena, &mail->persons.person) = (struct person){0};
    }
    open_requests_settle(mail);
    moves_find(mail);
    wish_weigh(mail);
    return true;
}

/* A mail passed on with the plain request to register the person below: that person's mail is read,
 * with the request put before it. */
static void use_forwarded(struct mail *mail)
{
    const struct own_words *own = mail->own;
    struct arena *arena = mail->arena;
    struct own_words *below = ARENA_NEW(arena, struct own_words);
    struct letter *letter = ARENA_NEW(arena, struct letter);
    *letter = *mail->letter;
    const char *name = own->forwarded.from_name;
    letter->from = (struct mail_address){own->forwarded.from_address, name};
    letter->subject = own->forwarded.subject != NULL ? own->forwarded.subject : mail->letter->subject;
    const char *text = arena_strndup(arena, mail->letter->text + own->forwarded.at, own->forwarded.len);
    own_words(arena, mail->reader->patterns, text, below);
    below->text = form_filled(arena, mail->reader->patterns, below->text);
    mail->own = below;
    mail->text = below->text;
    mail->letter = letter;
    bool reply;
    mail->subject = arena_printf(arena, "%s\n%s", subject_words(letter->subject, &reply), own->text);
    mail->passed_on = true;
    mail->is_reply = false;
}

static bool forward_subject(const struct mail *mail)
{
    struct found found;
    const char *subject = mail->letter->subject;
    return patterns_find(mail->reader->patterns, mail->arena, "forward_subject", subject, strlen(subject), 0,
                         &found);
}

/* The writer's own words, not the subject of what is passed on, ask for a registration. */
static bool own_words_register(const struct mail *mail)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (!sign->in_subject && !sign->is_void && (sign->kind == SIGN_REGISTER || sign->kind == SIGN_ON)) {
            return true;
        }
    }
    return false;
}

/* A question in a sentence that registers nobody: "Könnten Sie uns noch Programmhefte schicken?" */
static bool asks_besides(const struct mail *mail, const struct sign *question)
{
    return question != NULL && !question->in_subject &&
           sign_best(&mail->signs, SIGN_REGISTER, question->sentence) == NULL &&
           sign_best(&mail->signs, SIGN_ON, question->sentence) == NULL;
}

static bool asks_to_register_below(struct mail *mail)
{
    const struct forwarded *below = &mail->own->forwarded;
    bool ours = str_equal_nocase(below->from_address, mail->reader->own_address) ||
                (below->from_address != NULL && str_starts_nocase(below->from_address, "stadtlabor@"));
    if (below->len == 0 || ours || !(mail->own->is_forward || forward_subject(mail))) {
        return false;
    }
    struct wants wants;
    wants_find(mail, &wants);
    bool own_data = false;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        own_data = own_data || mail->persons.person.at[i].field[BIRTH_DATE].value != NULL;
    }
    if (wants.blocked || own_data) {
        return false;
    }
    bool besides = asks_besides(mail, wants.question);
    bool wish = own_words_register(mail) && wants.registers != NULL && (wants.question == NULL || besides);
    bool plainly = sign_named(&mail->signs, "register.below", SIZE_MAX) != NULL;
    struct account account;
    account_find(mail, true, NULL, &account);
    mail->asked_above = account.request;
    if (mail->asked_above.len == 0 && besides) {
        mail->asked_above = sign_evidence(mail, wants.question);
    }
    return wish && (plainly || account.counter.len == 0);
}

/* Below the line of caution nothing is done without a person; what was understood is kept as a proposal. */
static void apply_caution(const struct reader *reader, struct reading *ret)
{
    if (ret->automatic == READING_NONE || ret->confidence >= reader->caution) {
        return;
    }
    ret->automatic = READING_NONE;
    reading_for_staff(ret, "Zu unsicher, um es ohne einen Menschen zu erledigen");
}

static void question_for_staff(struct arena *arena, struct reading *ret, const char *code, const char *why)
{
    ret->automatic = READING_NONE;
    LIST_ADD(arena, &ret->intents)->kind = INTENT_QUESTION;
    reading_reason(arena, ret, 40, code, why);
    reading_for_staff(ret, why);
}

static void read_person(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    bool readable = mail_prepare(mail);
    if (readable && asks_to_register_below(mail)) {
        use_forwarded(mail);
        readable = mail_prepare(mail);
    } else {
        mail->subject_theirs = mail->own->forwarded.len > 0 && forward_subject(mail);
    }
    if (!readable) {
        question_for_staff(mail->arena, ret, "too_much",
                           "Nennt zu vieles, um es ohne einen Menschen zu lesen");
        return;
    }
    if (expected != NULL && answer_read(mail, expected, ret)) {
        return;
    }
    ret->subject = mail->subject;
    ret->weighs_register = mail->weighs_register;
    ret->weighs_cancel = mail->weighs_cancel;
    struct wants wants;
    wants_find(mail, &wants);
    if (mail->passed_on) {
        wants.cancels = NULL;
        wants.news.n = 0;
    }
    wishes_read(mail, &wants, ret);
    if (mail->passed_on && mail->asked_above.len > 0) {
        struct intent *question = reading_add(mail, ret, INTENT_QUESTION, NULL);
        question->evidence = mail->asked_above;
        reading_for_staff(ret, arena_printf(mail->arena, "Wer es weiterleitet, bittet noch um etwas: „%s“",
                                            mail->asked_above.words));
    }
}

void read_letter(struct arena *arena, const struct reader *reader, const struct letter *letter,
                 const struct expected *expected, struct reading *ret)
{
    *ret = (struct reading){.language = "", .automatic = READING_NONE, .confidence = POINTS_START};
    own_words(arena, reader->patterns, letter->text, &ret->own);
    if (read_robot(arena, reader, letter, ret)) {
        return;
    }
    bool reply;
    const char *subject = subject_words(letter->subject, &reply);
    ret->language = language_of(ret->own.text);
    if (*ret->language == '\0') {
        ret->language = language_of(subject);
    }
    if (*ret->language != '\0' && !str_equal(ret->language, "de") && !str_equal(ret->language, "en")) {
        question_for_staff(arena, ret, "other_language", "In einer anderen Sprache geschrieben");
        return;
    }
    if (strlen(ret->own.text) > READING_TEXT_MAX || (letter->defects & LETTER_TEXT_CUT) != 0) {
        question_for_staff(arena, ret, "too_long", "Zu lang, um es ohne einen Menschen zu lesen");
        return;
    }
    struct own_words filled = ret->own;
    filled.text = form_filled(arena, reader->patterns, ret->own.text);
    struct mail mail = {.arena = arena,
                        .reader = reader,
                        .letter = letter,
                        .own = &filled,
                        .subject = subject,
                        .text = filled.text,
                        .is_reply = reply};
    read_person(&mail, expected, ret);
    apply_caution(reader, ret);
}
