/* parsers/reading/reading_verdict.c: wishes, events and people put together; the reasons are counted.
 *
 * What is clear and complete is done by the machine, what only lacks data is asked for, all else is for
 * staff. In doubt the mail goes one step towards a person, never the other way. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

/* Points of the countable reasons; 100 is the most that can be reached, `caution` the least to act. */
enum {
    POINTS_WISH = 35,
    POINTS_WISH_WEAK = 20,
    POINTS_DATA_ONLY = 20,
    POINTS_COMPLETE = 20,
    POINTS_DATA = 15,
    POINTS_UNCLEAR = -100,
    POINTS_NEWS = 50,
};

static void add_registration(struct mail *mail, struct reading *ret, const struct wants *wants,
                             const struct wanted_events *events, size_t e, uint64_t goes)
{
    struct intent *intent = reading_add(mail, ret, INTENT_REGISTER, wants->registers);
    reading_set_event(mail, intent, events, e);
    intent->missing = intent->event == NULL ? MISSING_EVENT : 0;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        if ((goes >> i & 1) != 0) {
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

/* "Bitte reservieren Sie ihm einen Platz", and all that is known is who writes. */
static bool is_of_another(const struct mail *mail)
{
    struct found found;
    return mail->persons.person.n == 1 && person_of_writer(mail) != 0 &&
           text_says(mail, "for_other", &found) && !text_says(mail, "self_in.reflexive", &found);
}

static void read_registration(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    struct wanted_events events;
    events_for_register(mail, wants, &events);
    size_t n = events.event.n == 0 || events.choices.contradiction ? 1 : events.event.n;
    uint64_t *goes = arena_alloc(mail->arena, n * sizeof *goes);
    for (size_t e = 0; e < n; e++) {
        goes[e] = everybody(mail);
    }
    bool shared = n < 2 || mail->persons.person.n == 0 || events_share_out(mail, &events, goes);
    unsigned missing = 0;
    for (size_t e = 0; e < n; e++) {
        add_registration(mail, ret, wants, &events, e, goes[e]);
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
    reading_event_points(mail, ret, &events);
    if (missing == 0) {
        reading_reason(mail->arena, ret, POINTS_COMPLETE, "complete", "Alle Angaben sind da");
    } else if (some_data(mail)) {
        reading_reason(mail->arena, ret, POINTS_DATA, "data", "Nennt Geburtsdatum oder Anschrift");
    }
    for (size_t i = 0; i < mail->persons.reasons.n; i++) {
        const struct reason *reason = &mail->persons.reasons.at[i];
        reading_reason(mail->arena, ret, reason->points, reason->code, reason->what);
    }
    if (!shared) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "who_wants_which",
                       "Wer zu welcher Veranstaltung möchte, ist nicht sicher");
    }
    if (is_of_another(mail)) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "whose_place",
                       "Meldet jemand anderen an, dessen Name nicht sicher ist");
    }
    if (events.unclear || mail->persons.too_many || says_more_people(mail)) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "unclear",
                       events.unclear ? "Vielleicht sind mehrere Veranstaltungen gemeint"
                                      : "Die Zahl der Personen ist unklar");
    }
}

/* "Das Repair-Café ist gebucht: <Angaben>. Und den Rundbrief bitte": more than the newsletter seems wanted.
 */
static bool hides_registration(const struct mail *mail, const struct wants *wants)
{
    return wants->data && wants->registers == NULL && !wants->by_data && names_event_of_ours(mail) &&
           !events_only_told(mail);
}

static void read_news(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    const struct sign *first = wants->news.n > 0 ? wants->news.at[0].sign : NULL;
    if (first != NULL && wants->question != NULL && !first->in_subject &&
        sentence_waits(mail, first->sentence)) {
        return; /* "Wenn er nicht zu oft kommt, würde ich ihn abonnieren" */
    }
    for (size_t i = 0; i < wants->news.n; i++) {
        const struct news_wish *wish = &wants->news.at[i];
        struct intent *intent =
            reading_add(mail, ret, wish->subscribe ? INTENT_SUBSCRIBE : INTENT_UNSUBSCRIBE, wish->sign);
        intent->address = wish->address;
    }
    if (wants->news.n > 0) {
        ret->automatic = ret->automatic == READING_ASK ? READING_ASK : READING_ACT;
        reading_reason(
            mail->arena, ret, POINTS_NEWS, "newsletter",
            arena_printf(mail->arena, "Zum Newsletter: „%s“", wants->news.at[0].sign->found->words));
    }
    if (wants->news.n > 0 && hides_registration(mail, wants)) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "data_and_news",
                       "Nennt eine Veranstaltung und alle Angaben für eine Anmeldung");
    }
    if (wants->news_unclear) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "addresses_unclear",
                       "Welche Adresse gemeint ist, steht nicht eindeutig da");
    }
}

/* Words of weight that nothing explains: a request is for staff as well, what takes back stops the machine.
 */
static void heed_account(struct mail *mail, const struct account *account, bool registers,
                         struct reading *ret)
{
    bool asked = false;
    for (size_t i = 0; i < ret->intents.n; i++) {
        asked = asked || ret->intents.at[i].kind == INTENT_QUESTION;
    }
    if (account->request.len > 0 && !asked && ret->confidence >= mail->reader->caution) {
        struct intent *question = reading_add(mail, ret, INTENT_QUESTION, NULL);
        question->evidence = account->request;
        reading_for_staff(ret,
                          arena_printf(mail->arena, "Bittet noch um etwas: „%s“", account->request.words));
    }
    const struct evidence *left = registers ? &account->counter : &account->reserve;
    if (left->len > 0) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "left_counter",
                       arena_printf(mail->arena, "Nicht verstanden: „%s“", left->words));
    }
}

/* Who asks first, or speaks of a matter for people, registers only with data. */
static bool asks_first(const struct mail *mail, const struct wants *wants)
{
    static const char *const not_coming[] = {"concern.helps", "concern.unsure", "concern.offer"};
    for (size_t i = 0; i < sizeof not_coming / sizeof *not_coming; i++) {
        if (sign_named(&mail->signs, not_coming[i], SIZE_MAX) != NULL &&
            (!wants->data || wants->registers == NULL || !names_event_of_ours(mail))) {
            return true;
        }
    }
    const struct sign *wish = wants->registers;
    if (wish == NULL || (wants->question == NULL && wants->concern == NULL)) {
        return false;
    }
    if (wants->register_weak && !wants->data && wants->question != NULL) {
        return true; /* "Rosalie will hin. Kann sie seinen Platz haben?" */
    }
    if (wants->concern != NULL && strcasestr(wish->found->words, "interess") != NULL) {
        return true; /* beside another matter, an interest is told, not wished */
    }
    return !said_data(mail);
}

/* What such a wish leaves to a person: not the change it is itself, nor the anger that goes with it. */
static const struct sign *concern_beside(const struct wants *wants, bool wish)
{
    const char *what = wants->concern == NULL ? "" : wants->concern->found->pattern;
    bool anger = wants->news.n > 0 && str_equal(what, "concern.anger");
    return !wish && (anger || str_equal(what, "concern.correction")) ? NULL : wants->concern;
}

/* "Am 3. Dezember kommen wir zur Wartung": a faint word, no data, and no event by its name. */
static bool too_faint(const struct mail *mail, const struct wants *wants)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        if (mail->mentions.list.at[i].kind == MENTION_TITLE && !mail->mentions.list.at[i].past) {
            return false;
        }
    }
    return wants->register_weak && wants->registers->kind == SIGN_REGISTER && !said_data(mail);
}

/* "Registrierung" over a newsletter that is ordered: its words name nothing else. */
static bool wish_of_newsletter(const struct mail *mail, const struct wants *wants)
{
    struct found found;
    const struct sign *wish = wants->registers;
    if (!wish->in_subject) {
        return !sentence_says(mail, "news_else", wish->sentence);
    }
    return !patterns_find(mail->reader->patterns, mail->arena, "news_else", mail->subject,
                          strlen(mail->subject), 0, &found);
}

static bool registers(const struct mail *mail, const struct wants *wants)
{
    bool wish = wants->registers != NULL || wants->by_data;
    bool news_only = wants->news.n > 0 && mail->mentions.list.n == 0 &&
                     (wants->by_data || (wish && !said_data(mail) && wish_of_newsletter(mail, wants)));
    bool plainly = wants->registers != NULL && !wants->register_weak && wants->data;
    bool held_up = (wants->privacy != NULL && !plainly) || wants->blocked || asks_first(mail, wants) ||
                   too_faint(mail, wants);
    return wish && !news_only && (!held_up || mail->reader->proposes);
}

/* What only a person can meet, beside what the machine does. */
static void read_question(struct mail *mail, const struct wants *wants, bool wish, struct reading *ret)
{
    bool acts = ret->intents.n > 0 && ret->intents.at[0].kind != INTENT_PRIVACY;
    bool held = wants->blocked && (wants->registers != NULL || wants->by_data);
    if (acts && wants->question == NULL && concern_beside(wants, wish) == NULL && !held) {
        return;
    }
    const struct sign *sign = wants->question != NULL ? wants->question
                              : held                  ? wants->blocks
                                                      : wants->concern;
    reading_add(mail, ret, INTENT_QUESTION, sign);
    reading_for_staff(ret, !acts && held ? "Möchte sich nur unter einer Bedingung oder noch nicht anmelden"
                           : wants->question != NULL ? "Stellt eine Frage"
                           : acts                    ? "Ein Anliegen, um das sich ein Mensch kümmern muss"
                                                     : "Kein Wunsch, den das Programm erfüllen kann");
}

/* Words that give up a place, which the registration beside them leaves unexplained. */
static void heed_cancel(struct mail *mail, const struct wants *wants, bool cancel, struct reading *ret)
{
    bool had_place = sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL;
    bool same = !cancel && cancel_of_same(mail, wants, ret);
    if (wants->cancels != NULL && !cancel && (wants->registers == NULL || had_place || same)) {
        reading_reason(
            mail->arena, ret, POINTS_UNCLEAR, "left_cancel",
            arena_printf(mail->arena, "Vielleicht auch eine Absage: „%s“", wants->cancels->found->words));
    } else if (!cancel && wants->question == NULL && cancel_of_another(mail, wants, ret)) {
        reading_add(mail, ret, INTENT_QUESTION, wants->cancels);
        reading_for_staff(ret,
                          "Kommt zu einer anderen Veranstaltung nicht; vielleicht ist dort ein Platz frei");
    }
}

/* Several events wished, and one of them is given up in the same mail: which is which is not sure. */
static void heed_same_event(struct mail *mail, struct reading *ret)
{
    size_t wished = 0, both = 0;
    for (size_t i = 0; i < ret->intents.n; i++) {
        const struct intent *wish = &ret->intents.at[i];
        wished += wish->kind == INTENT_REGISTER;
        for (size_t k = 0; k < ret->intents.n && wish->kind == INTENT_REGISTER; k++) {
            const char *given_up = ret->intents.at[k].event;
            both += ret->intents.at[k].kind == INTENT_CANCEL &&
                    (given_up == NULL || str_equal(given_up, wish->event));
        }
    }
    if (wished > 1 && both > 0) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "same_event",
                       "Dieselbe Veranstaltung wird gewünscht und abgesagt");
    }
}

void wishes_read(struct mail *mail, const struct wants *wants, struct reading *ret)
{
    bool held_back = wants->blocked && wants->cancels != NULL && !wants->blocks->in_subject &&
                     wants->blocks->sentence == wants->cancels->sentence;
    struct account account = {0};
    beside_weigh(mail, wants, ret);
    if (wants->registers != NULL || wants->by_data || wants->cancels != NULL || wants->news.n > 0) {
        account_find(mail, wants->news.n > 0, ret, &account);
        beside_account(ret, &account);
    }
    bool cancel = cancel_holds(mail, wants) && !held_back;
    /* data, but no wish, and a "nicht", or something else is asked for */
    bool refused =
        wants->registers == NULL && !wants->replaced && (account.counter.len > 0 || account.request.len > 0);
    bool wish = registers(mail, wants) && (!refused || mail->reader->proposes);
    if (wish && register_is_unlikely(mail, wants)) {
        wish = false;
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "unlikely",
                       "Die Worte der Mail sprechen nicht für eine Anmeldung");
    }
    if (wish) {
        read_registration(mail, wants, ret);
        heed_cancel(mail, wants, cancel, ret);
    }
    if (cancel) {
        cancel_read(mail, wants, ret);
    }
    bool asks_else = account.request.len > 0 || wants->question != NULL || wants->concern != NULL;
    if (cancel && !wish && cancel_is_doubtful(mail, wants, asks_else)) {
        reading_reason(mail->arena, ret, POINTS_UNCLEAR, "cancel_doubtful",
                       "So sagt kaum jemand ab: vielleicht ist etwas anderes gemeint");
    }
    if (wish && cancel) {
        heed_same_event(mail, ret);
    }
    read_news(mail, wants, ret);
    bool acts = ret->intents.n > 0;
    if (wants->privacy != NULL) {
        reading_add(mail, ret, INTENT_PRIVACY, wants->privacy);
        reading_for_staff(ret, "Auskunft oder Löschung nach DSGVO: das entscheidet ein Mensch");
    }
    if (!acts && wants->privacy != NULL) {
        ret->automatic = READING_NONE;
        reading_reason(mail->arena, ret, 60, "privacy", "Verlangt Auskunft oder Löschung");
        return;
    }
    read_question(mail, wants, wish, ret);
    if (acts) {
        heed_account(mail, &account, wish && !cancel, ret);
    } else {
        ret->automatic = READING_NONE;
        reading_reason(mail->arena, ret, 40, "for_a_person", "Für einen Menschen bestimmt");
    }
}
