/* parsers/reading.c: one mail, from its words to the verdict.
 *
 * Robots first; then the signs, the events and the people; then the reasons are counted. What is
 * clear and complete is done by the machine, what only lacks data is asked for, all else is for
 * staff. In doubt the mail goes one step towards a person, never the other way. */
#include "parsers/reading.h"

#include "base/text.h"
#include "parsers/delivery_report.h"
#include "parsers/language.h"
#include "parsers/reading_parts.h"
#include "parsers/robot.h"

/* Points of the countable reasons; 100 is the most that can be reached, `caution` the least to act. */
enum {
    POINTS_START = 20,
    POINTS_WISH = 35,
    POINTS_WISH_WEAK = 20,
    POINTS_DATA_ONLY = 10,
    POINTS_TITLE = 15,
    POINTS_DATE = 15,
    POINTS_KEYWORD = 5,
    POINTS_COMPLETE = 20,
    POINTS_DATA = 15,
    POINTS_SEVERAL = -5,
    POINTS_PASSING = -15,
    POINTS_UNCLEAR = -100,
    POINTS_NEWS = 50,
    POINTS_CANCEL = 45,
    POINTS_CANCEL_WEAK = 15,
    POINTS_ALREADY = 20,
    POINTS_REGRET = 10,
    POINTS_NO_TRACE = -30,
};

void reading_reason(struct arena *arena, struct reading *reading, int points, const char *code,
                    const char *what)
{
    *LIST_ADD(arena, &reading->reasons) = (struct reason){.points = points, .what = what, .code = code};
    int sum = reading->confidence + points;
    reading->confidence = sum < 0 ? 0 : sum > 100 ? 100 : sum;
}

struct evidence sign_evidence(const struct mail *mail, const struct sign *sign)
{
    return (struct evidence){.words = sign->found->words,
                             .source = sign->in_subject  ? "subject"
                                       : mail->passed_on ? "forwarded"
                                                         : "text",
                             .at = sign->at,
                             .len = sign->len,
                             .pattern = sign->found->pattern,
                             .where = sign->found->where};
}

unsigned person_missing(const struct person *person)
{
    return (person->field[FIRST_NAME].value == NULL ? MISSING_FIRST_NAME : 0) |
           (person->field[LAST_NAME].value == NULL ? MISSING_LAST_NAME : 0) |
           (person->field[BIRTH_DATE].value == NULL ? MISSING_BIRTH_DATE : 0) |
           (person->field[STREET].value == NULL ? MISSING_STREET : 0) |
           (person->field[POSTAL_CODE].value == NULL && person->field[CITY].value == NULL ? MISSING_CITY : 0);
}

static struct intent *add_intent(struct mail *mail, struct reading *ret, enum intent_kind kind,
                                 const struct sign *sign)
{
    struct intent *intent = LIST_ADD(mail->arena, &ret->intents);
    intent->kind = kind;
    if (sign != NULL) {
        intent->evidence = sign_evidence(mail, sign);
    }
    return intent;
}

static void for_staff(struct reading *ret, const char *why)
{
    ret->staff = true;
    ret->why_staff = ret->why_staff == NULL ? why : ret->why_staff;
}

/* --- robots --- */

static void read_report(struct arena *arena, const struct reader *reader, const struct letter *letter,
                        struct reading *ret)
{
    struct delivery_report report = {0};
    if (!delivery_report_read(arena, reader->patterns, letter, &report)) {
        LIST_ADD(arena, &ret->intents)->kind = INTENT_AUTO_REPLY;
        for_staff(ret, "Ein Zustellbericht, in dem keine Adresse zu finden war");
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
    ret->confidence = 90;
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
    reading_reason(arena, ret, 10, "robot", arena_printf(arena, "Kein Mensch: %s", robot.why));
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

/* "Anmeldung für: Sichere Passwörter" names no Mr Passwörter: a name inside an event's title is none. */
static void drop_titles(struct mail *mail)
{
    size_t kept = 0;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *person = &mail->persons.person.at[i];
        bool title = false;
        for (size_t m = 0; m < mail->mentions.list.n && !title; m++) {
            const struct event_mention *mention = &mail->mentions.list.at[m];
            const struct evidence *name = &person->field[LAST_NAME].evidence;
            title = mention->kind == MENTION_TITLE && mention->len > 0 && name->len > 0 &&
                    str_equal(name->source, mention->in_subject ? "subject" : "text") &&
                    name->at < mention->at + mention->len && mention->at < name->at + name->len;
        }
        if (!title || person->field[BIRTH_DATE].value != NULL) {
            mail->persons.person.at[kept++] = *person;
        }
    }
    mail->persons.person.n = kept;
}

void mail_prepare(struct mail *mail)
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
    persons_find(arena, reader, mail->letter, mail->own, &mail->persons);
    drop_titles(mail);
    if (mail->persons.person.n == 0) {
        *LIST_ADD(arena, &mail->persons.person) = (struct person){0};
    }
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
    mail->own = below;
    mail->text = below->text;
    mail->letter = letter;
    bool reply;
    mail->subject = arena_printf(arena, "%s\n%s", subject_words(letter->subject, &reply), own->text);
    mail->passed_on = true;
    mail->is_reply = false;
}

static bool asks_to_register_below(struct mail *mail)
{
    if (!mail->own->is_forward || mail->own->forwarded.len == 0) {
        return false;
    }
    struct wants wants;
    wants_find(mail, &wants);
    bool own_data = false;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        own_data = own_data || mail->persons.person.at[i].field[BIRTH_DATE].value != NULL;
    }
    return wants.registers != NULL && !wants.blocked && !own_data && wants.question == NULL;
}

/* --- the verdict --- */

static void add_event_points(struct mail *mail, struct reading *ret, const struct wanted_events *events)
{
    if (events->event.n == 0 || events->choices.choices.n == 0) {
        return;
    }
    const struct event_choice *choice = &events->choices.choices.at[0];
    bool keyword = choice->by_keyword;
    if (choice->by_title) {
        reading_reason(mail->arena, ret, keyword ? POINTS_KEYWORD : POINTS_TITLE, "event_title",
                       keyword ? "Veranstaltung am Stichwort erkannt" : "Veranstaltung am Titel erkannt");
    }
    if (choice->by_date) {
        reading_reason(mail->arena, ret, POINTS_DATE, "event_date",
                       "Das Datum gehört zu dieser Veranstaltung");
    }
    if (events->event.n > 1) {
        reading_reason(mail->arena, ret, POINTS_SEVERAL, "several_events",
                       "Mehrere Veranstaltungen gewünscht");
    }
    if (events->passing) {
        reading_reason(mail->arena, ret, POINTS_PASSING, "event_in_passing",
                       "Eine weitere Veranstaltung wird nebenbei genannt");
    }
}

static void set_event(struct mail *mail, struct intent *intent, const struct wanted_events *events, size_t i)
{
    intent->event_evidence = events->evidence;
    if (i < events->event.n && !events->choices.contradiction) {
        intent->event = events->event.at[i]->code;
        *LIST_ADD(mail->arena, &intent->candidates) = intent->event;
        return;
    }
    const struct programme *programme = mail->reader->programme;
    for (size_t c = 0; c < events->choices.choices.n; c++) {
        for (size_t e = 0; e < programme->events.n && e < EVENTS_MATCHED; e++) {
            if (event_set_has(&events->choices.choices.at[c].could_be, e) &&
                date_compare(programme->events.at[e].day, mail->reader->today) >= 0) {
                *LIST_ADD(mail->arena, &intent->candidates) = programme->events.at[e].code;
            }
        }
    }
}

/* The line a byte stands in: rows of a table tell who wants which event. */
static size_t line_of(const char *text, size_t at)
{
    size_t line = 0;
    for (size_t i = 0; i < at; i++) {
        line += text[i] == '\n';
    }
    return line;
}

static size_t person_at(const struct person *person)
{
    for (int f = 0; f < PERSON_FIELDS; f++) {
        const struct evidence *evidence = &person->field[f].evidence;
        if (person->field[f].value != NULL && str_equal(evidence->source, "text") && evidence->len > 0) {
            return evidence->at;
        }
    }
    return SIZE_MAX;
}

/* With several events and several people: a person in the line of one event wants that one. Fills
 * `of[i]` with the event's number, or leaves all at -1 when the lines do not say so. */
static void share_out(const struct mail *mail, const struct wanted_events *events, int *of)
{
    size_t people = mail->persons.person.n, sure = 0;
    for (size_t i = 0; i < people; i++) {
        size_t at = person_at(&mail->persons.person.at[i]);
        of[i] = -1;
        for (size_t e = 0; at != SIZE_MAX && e < events->event.n && e < events->choices.choices.n; e++) {
            const struct event_choice *choice = &events->choices.choices.at[e];
            if (!choice->in_subject && line_of(mail->text, choice->at) == line_of(mail->text, at)) {
                of[i] = of[i] == -1 ? (int)e : -2;
            }
        }
        sure += of[i] >= 0;
    }
    for (size_t i = 0; sure != people && i < people; i++) {
        of[i] = -1;
    }
}

static void add_registration(struct mail *mail, struct reading *ret, const struct wants *wants,
                             const struct wanted_events *events, size_t e, const int *of)
{
    struct intent *intent = add_intent(mail, ret, INTENT_REGISTER, wants->registers);
    set_event(mail, intent, events, e);
    intent->missing = intent->event == NULL ? MISSING_EVENT : 0;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        if (of[i] < 0 || of[i] == (int)e) {
            *LIST_ADD(mail->arena, &intent->persons) = mail->persons.person.at[i];
            intent->missing |= person_missing(&mail->persons.person.at[i]);
        }
    }
}

/* Somebody who gives a birth date or a street means it. */
static bool some_data(const struct mail *mail)
{
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *person = &mail->persons.person.at[i];
        if (person->field[BIRTH_DATE].value != NULL || person->field[STREET].value != NULL) {
            return true;
        }
    }
    return false;
}

static void read_registration(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct wanted_events events;
    events_for_register(mail, wants, &events);
    size_t n = events.event.n == 0 || events.choices.contradiction ? 1 : events.event.n;
    int *of = arena_alloc(mail->arena, (mail->persons.person.n + 1) * sizeof *of);
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        of[i] = -1;
    }
    if (n > 1 && mail->persons.person.n > 1) {
        share_out(mail, &events, of);
    }
    unsigned missing = 0;
    for (size_t e = 0; e < n; e++) {
        add_registration(mail, ret, wants, &events, e, of);
        missing |= ret->intents.at[ret->intents.n - 1].missing;
    }
    ret->automatic = missing == 0 ? READING_ACT : READING_ASK;
    if (wants->registers != NULL) {
        reading_reason(mail->arena, ret, wants->register_weak ? POINTS_WISH_WEAK : POINTS_WISH, "wish",
                       arena_printf(mail->arena, "Möchte teilnehmen: „%s“", wants->registers->found->words));
    } else {
        reading_reason(mail->arena, ret, POINTS_DATA_ONLY, "data_only",
                       "Alle Angaben für eine Anmeldung, aber kein Satz, der sie wünscht");
    }
    add_event_points(mail, ret, &events);
    if (missing == 0) {
        reading_reason(mail->arena, ret, POINTS_COMPLETE, "complete", "Alle Angaben sind da");
    } else if (some_data(mail)) {
        reading_reason(mail->arena, ret, POINTS_DATA, "data", "Nennt Geburtsdatum oder Anschrift");
    }
    for (size_t i = 0; i < mail->persons.reasons.n; i++) {
        const struct reason *reason = &mail->persons.reasons.at[i];
        reading_reason(mail->arena, ret, reason->points, reason->code, reason->what);
    }
    const struct sign *instead = sign_named(&mail->signs, "rebook.instead", SIZE_MAX);
    if (instead != NULL && wants->cancels == NULL && sentence_names_event(mail, instead->sentence)) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "instead",
                       "Vielleicht soll eine andere Anmeldung entfallen");
    }
    const struct sign *plural = sign_best(&mail->signs, SIGN_PLURAL, SIZE_MAX);
    size_t said = plural != NULL ? (size_t)plural->weight : 1;
    bool miscounted = said > mail->persons.person.n ||
                      (mail->persons.counted && mail->persons.count > (int)mail->persons.person.n);
    if (events.unclear || mail->persons.too_many || miscounted) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "unclear",
                       events.unclear ? "Vielleicht sind mehrere Veranstaltungen gemeint"
                                      : "Die Zahl der Personen ist unklar");
    }
}

/* "von der Teilnehmerliste": only who is on it says so. */
static bool speaks_of_list(const struct sign *sign)
{
    return str_equal(sign->found->pattern, "cancel.list") ||
           str_equal(sign->found->pattern, "cancel.withdraw") ||
           str_equal(sign->found->pattern, "cancel.english");
}

static void read_cancellation(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct wanted_events events;
    events_for_cancel(mail, wants, &events);
    size_t n = events.event.n == 0 || events.choices.contradiction ? 1 : events.event.n;
    for (size_t e = 0; e < n; e++) {
        set_event(mail, add_intent(mail, ret, INTENT_CANCEL, wants->cancels), &events, e);
    }
    ret->automatic = ret->automatic == READING_ASK ? READING_ASK : READING_ACT;
    reading_reason(mail->arena, ret, wants->cancel_sure ? POINTS_CANCEL : POINTS_CANCEL_WEAK, "cancels",
                   arena_printf(mail->arena, "Sagt ab: „%s“", wants->cancels->found->words));
    if (sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL || mail->is_reply) {
        reading_reason(mail->arena, ret, POINTS_ALREADY, "was_registered",
                       "Spricht von einer früheren Anmeldung");
    } else if (sign_best(&mail->signs, SIGN_CANCEL_HINT, SIZE_MAX) != NULL && events.event.n > 0) {
        reading_reason(mail->arena, ret, POINTS_REGRET, "regret", "Bedauert, nicht kommen zu können");
    } else if (events.event.n == 0 && !speaks_of_list(wants->cancels)) {
        reading_reason(mail->arena, ret, POINTS_NO_TRACE, "no_trace",
                       "Weder Veranstaltung noch Anmeldung werden genannt");
    }
    add_event_points(mail, ret, &events);
}

static void read_news(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    for (size_t i = 0; i < wants->news.n; i++) {
        const struct news_wish *wish = &wants->news.at[i];
        struct intent *intent =
            add_intent(mail, ret, wish->subscribe ? INTENT_SUBSCRIBE : INTENT_UNSUBSCRIBE, wish->sign);
        intent->address = wish->address;
    }
    if (wants->news.n > 0) {
        ret->automatic = ret->automatic == READING_ASK ? READING_ASK : READING_ACT;
        reading_reason(
            mail->arena, ret, POINTS_NEWS, "newsletter",
            arena_printf(mail->arena, "Zum Newsletter: „%s“", wants->news.at[0].sign->found->words));
    }
    if (wants->news_unclear) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "addresses_unclear",
                       "Welche Adresse gemeint ist, steht nicht eindeutig da");
    }
}

/* "Kann nicht kommen" alone gives up a place only from somebody who has one and asks nothing. */
static bool cancels(const struct mail *mail, const struct wants *wants)
{
    if (wants->cancels == NULL) {
        return false;
    }
    if (wants->cancel_sure) {
        return true;
    }
    bool place = sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL || mail->is_reply;
    bool regret = sign_best(&mail->signs, SIGN_CANCEL_HINT, SIZE_MAX) != NULL &&
                  sign_named(&mail->signs, "void.would_but", SIZE_MAX) == NULL &&
                  sign_named(&mail->signs, "past.invited", SIZE_MAX) == NULL;
    return wants->registers == NULL && wants->question == NULL && !wants->by_data && !wants->blocked &&
           (place || regret);
}

static void read_wishes(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    bool asks_first = wants->register_weak && wants->question != NULL && !some_data(mail);
    bool registers = (wants->registers != NULL || wants->by_data) && !wants->blocked && !asks_first;
    if (registers && wants->by_data && wants->news.n > 0 && mail->mentions.list.n == 0) {
        registers = false;
    }
    bool held_back = wants->blocked && wants->cancels != NULL && !wants->blocks->in_subject &&
                     wants->blocks->sentence == wants->cancels->sentence;
    bool cancel = cancels(mail, wants) && !held_back;
    if (registers) {
        read_registration(mail, wants, ret);
    }
    if (cancel) {
        read_cancellation(mail, wants, ret);
    }
    read_news(mail, wants, ret);
    bool acts = ret->intents.n > 0;
    bool concern = wants->concern != NULL && registers;
    bool held = wants->blocked && (wants->registers != NULL || wants->by_data);
    if (wants->privacy != NULL) {
        add_intent(mail, ret, INTENT_PRIVACY, wants->privacy);
        for_staff(ret, "Auskunft oder Löschung nach DSGVO: das entscheidet ein Mensch");
    }
    if (!acts && wants->privacy != NULL) {
        ret->automatic = READING_NONE;
        reading_reason(mail->arena, ret, 60, "privacy", "Verlangt Auskunft oder Löschung");
        return;
    }
    if (!acts || wants->question != NULL || concern || held) {
        const struct sign *sign = wants->question != NULL ? wants->question
                                  : held                  ? wants->blocks
                                                          : wants->concern;
        add_intent(mail, ret, INTENT_QUESTION, sign);
        for_staff(ret, !acts && held ? "Möchte sich nur unter einer Bedingung oder noch nicht anmelden"
                       : wants->question != NULL ? "Stellt eine Frage"
                       : acts                    ? "Ein Anliegen, um das sich ein Mensch kümmern muss"
                                                 : "Kein Wunsch, den das Programm erfüllen kann");
    }
    if (cancel && wants->cancel_part) {
        ret->automatic = READING_NONE;
        for_staff(ret, "Nur ein Teil der Angemeldeten sagt ab");
    }
    if (!acts) {
        ret->automatic = READING_NONE;
        reading_reason(mail->arena, ret, 40, "for_a_person", "Für einen Menschen bestimmt");
    }
}

/* Below the line of caution nothing is done without a person; what was understood is kept as a proposal. */
static void apply_caution(const struct reader *reader, struct reading *ret)
{
    if (ret->automatic == READING_NONE || ret->confidence >= reader->caution) {
        return;
    }
    ret->automatic = READING_NONE;
    for_staff(ret, "Zu unsicher, um es ohne einen Menschen zu erledigen");
}

static void question_for_staff(struct arena *arena, struct reading *ret, const char *code, const char *why)
{
    ret->automatic = READING_NONE;
    LIST_ADD(arena, &ret->intents)->kind = INTENT_QUESTION;
    reading_reason(arena, ret, 40, code, why);
    for_staff(ret, why);
}

static void read_person(struct mail *mail, const struct expected *expected, struct reading *ret)
{
    mail_prepare(mail);
    if (asks_to_register_below(mail)) {
        use_forwarded(mail);
        mail_prepare(mail);
    }
    if (expected != NULL && answer_read(mail, expected, ret)) {
        return;
    }
    struct wants wants;
    wants_find(mail, &wants);
    if (mail->passed_on) {
        wants.cancels = NULL;
        wants.news.n = 0;
    }
    read_wishes(mail, &wants, ret);
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
    if (strlen(ret->own.text) > READING_TEXT_MAX) {
        question_for_staff(arena, ret, "too_long", "Zu lang, um es ohne einen Menschen zu lesen");
        return;
    }
    struct mail mail = {.arena = arena,
                        .reader = reader,
                        .letter = letter,
                        .own = &ret->own,
                        .subject = subject,
                        .text = ret->own.text,
                        .is_reply = reply};
    read_person(&mail, expected, ret);
    apply_caution(reader, ret);
}
