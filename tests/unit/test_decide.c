/* What is decided, row by row: a reading and what the store knows go in, effects and letters come out. */
#include "base/text.h"
#include "daemon/desk/decide.h"
#include "tests/unit/check.h"

static struct arena *arena;
static struct programme programme;
static struct letter letter;
static struct reading reading;
static struct known known;
static struct decision decision;
static struct decide_limits limits;

static void add_event(const char *code, const char *start, int capacity, bool waiting_list, int min_age,
                      int max_age)
{
    struct event *e = LIST_ADD(arena, &programme.events);
    *e = (struct event){
        .code = code, .title = code, .place = "", .capacity = capacity, .waiting_list = waiting_list};
    e->min_age = min_age;
    e->max_age = max_age;
    berlin_parse(start, &e->start);
    e->end = e->start + 7200;
    berlin_from_unix(e->start, &e->day, NULL, NULL);
    e->register_until = date_add_days(e->day, -1);
}

static void begin(void)
{
    arena_free(arena);
    arena = arena_new();
    programme = (struct programme){0};
    add_event("over", "2026-10-14T17:00", 20, true, -1, -1);
    add_event("closed", "2026-11-22T18:00", 20, true, -1, -1);
    add_event("small", "2026-12-03T17:00", 2, true, -1, -1);
    add_event("hard", "2026-12-04T17:00", 2, false, -1, -1);
    add_event("kids", "2026-12-12T10:00", 10, true, 10, 14);
    letter = (struct letter){.from = {.address = "petra@example.org"}, .subject = "Anmeldung", .text = ""};
    reading = (struct reading){.automatic = READING_ACT, .language = "de", .confidence = 90};
    known = (struct known){.programme = &programme, .sender = "petra@example.org"};
    known.today = (struct date){2026, 11, 22};
    known.now = berlin_to_unix(known.today, 12, 0);
    limits =
        (struct decide_limits){.replies_per_day = 10, .rounds_most = 3, .own_address = "lab@example.org"};
}

static struct person person(const char *first, const char *born)
{
    const char *values[PERSON_FIELDS] = {first, "Müller", born, "Nordengraben 12", "58636", "Iserlohn"};
    struct person p = {0};
    for (int f = 0; f < PERSON_FIELDS; f++) {
        p.field[f].value = values[f];
    }
    return p;
}

static struct intent *wants(enum intent_kind kind, const char *event)
{
    struct intent *intent = LIST_ADD(arena, &reading.intents);
    intent->kind = kind;
    intent->event = event;
    return intent;
}

static struct intent *registers(const char *event, const char *born)
{
    struct intent *intent = wants(INTENT_REGISTER, event);
    *LIST_ADD(arena, &intent->persons) = person("Petra", born);
    return intent;
}

static void registered_before(int64_t id, const char *event, const char *address)
{
    struct person p = person("Petra", "1958-05-03");
    *LIST_ADD(arena, &known.registrations) = (struct known_registration){.id = id,
                                                                         .event = event,
                                                                         .address = address,
                                                                         .first_name = "Petra",
                                                                         .last_name = "Müller",
                                                                         .person_key = person_key(arena, &p)};
}

static void subscriber(const char *address, enum subscriber_state state)
{
    *LIST_ADD(arena, &known.subscribers) = (struct known_subscriber){address, state};
}

static void seats(const char *event, int confirmed, int waiting)
{
    *LIST_ADD(arena, &known.events) = (struct known_event){event, confirmed, waiting};
}

/* "confirmed+question" and so on: the sections of the answer. */
static const char *answer(void)
{
    decide(arena, &limits, &letter, &reading, &known, &decision);
    struct text kinds = text_new(arena, 1000);
    for (size_t i = 0; i < decision.answer.sections.n; i++) {
        text_printf(&kinds, "%s%s", i > 0 ? "+" : "", decision.answer.sections.at[i].kind);
    }
    return kinds.s;
}

static int effects(enum effect_kind kind)
{
    int n = 0;
    for (size_t i = 0; i < decision.effects.n; i++) {
        n += decision.effects.at[i].kind == kind;
    }
    return n;
}

TEST(each_outcome_has_its_letter)
{
    static const struct {
        const char *event, *born, *letter;
        int confirmed, waiting, registered;
    } rows[] = {
        {"small", "1958-05-03", "confirmed", 1, 0, 1}, {"small", "1958-05-03", "waiting", 2, 0, 1},
        {"small", "1958-05-03", "waiting", 1, 1, 1}, /* a place is free, but others wait for it */
        {"hard", "1958-05-03", "full", 2, 0, 0},       {"over", "1958-05-03", "over", 0, 0, 0},
        {"closed", "1958-05-03", "closed", 0, 0, 0},   {"kids", "2016-12-12", "confirmed", 0, 0, 1},
        {"kids", "2016-12-13", "too_young", 0, 0, 0},  {"kids", "2011-12-13", "confirmed", 0, 0, 1},
        {"kids", "2011-12-12", "too_old", 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        registers(rows[i].event, rows[i].born);
        seats(rows[i].event, rows[i].confirmed, rows[i].waiting);
        const char *got = answer();
        CHECK_ROW(str_equal(got, rows[i].letter), "row %zu: \"%s\", wanted \"%s\"", i, got, rows[i].letter);
        CHECK_ROW(effects(EFFECT_REGISTER) == rows[i].registered, "row %zu: registered", i);
        CHECK_INT(decision.state, MAIL_DONE);
    }
}

TEST(the_same_person_twice_is_told_and_not_stored)
{
    begin();
    registers("small", "1958-05-03");
    registered_before(7, "small", "petra@example.org");
    CHECK_STR(answer(), "already_registered");
    CHECK_INT(effects(EFFECT_REGISTER), 0);
    begin();
    struct intent *twice = registers("small", "1958-05-03");
    *LIST_ADD(arena, &twice->persons) = person("PETRA", "1958-05-03");
    CHECK_STR(answer(), "confirmed");
    CHECK_INT(decision.effects.at[0].persons.n, 1);
}

TEST(who_waits_is_not_told_of_a_place)
{
    begin();
    struct intent *two = registers("small", "1958-05-03");
    *LIST_ADD(arena, &two->persons) = person("Hans", "1957-01-01");
    registered_before(7, "small", "petra@example.org");
    known.registrations.at[0].waiting = true;
    seats("small", 2, 1);
    CHECK_STR(answer(), "already_registered+waiting");
    CHECK(decision.answer.sections.at[0].waiting);
    known.registrations.at[0].waiting = false;
    CHECK_STR(answer(), "already_registered+waiting");
    CHECK(!decision.answer.sections.at[0].waiting);

    begin();
    wants(INTENT_CANCEL, "small");
    registered_before(7, "small", "petra@example.org");
    known.registrations.at[0].waiting = true;
    CHECK_STR(answer(), "cancelled");
    CHECK(decision.answer.sections.at[0].waiting);
}

TEST(a_group_stays_together)
{
    begin();
    struct intent *two = registers("small", "1958-05-03");
    *LIST_ADD(arena, &two->persons) = person("Hans", "1957-01-01");
    seats("small", 1, 0);
    CHECK_STR(answer(), "waiting");
    CHECK_INT(decision.effects.at[0].persons.n, 2);
    CHECK(decision.effects.at[0].waiting);
}

TEST(what_is_missing_is_asked_for_at_most_three_times)
{
    begin();
    reading.automatic = READING_ASK;
    struct intent *intent = registers("small", NULL);
    intent->missing = MISSING_BIRTH_DATE;
    CHECK_STR(answer(), "question");
    CHECK_INT(decision.state, MAIL_ASKED);
    CHECK(decision.answer.opens_case && decision.answer.asks.round == 1);
    CHECK_INT(decision.answer.asks.expected.missing, MISSING_BIRTH_DATE);
    CHECK_INT(effects(EFFECT_REGISTER), 0);

    intent->kind = INTENT_ANSWER;
    known.open =
        (struct known_case){.id = 5, .kind = CASE_REGISTER, .round = 1, .address = "petra@example.org"};
    CHECK_STR(answer(), "question");
    CHECK(decision.answer.sections.at[0].again && decision.answer.asks.id == 5 &&
          decision.answer.asks.round == 2);
    known.open.round = 3;
    CHECK_STR(answer(), "");
    CHECK_INT(decision.state, MAIL_QUEUED);
    CHECK_INT(effects(EFFECT_CLOSE_CASE), 1);
}

TEST(an_answer_completes_the_registration)
{
    begin();
    registers("small", "1958-05-03")->kind = INTENT_ANSWER;
    known.open =
        (struct known_case){.id = 5, .kind = CASE_REGISTER, .round = 1, .address = "petra@example.org"};
    CHECK_STR(answer(), "confirmed");
    CHECK_INT(effects(EFFECT_REGISTER), 1);
    CHECK_INT(effects(EFFECT_CLOSE_CASE), 1);
}

TEST(the_answer_speaks_the_language_of_the_mail_or_of_the_conversation)
{
    static const struct {
        const char *mail, *conversation, *answer;
    } rows[] = {
        {"de", NULL, "de"}, {"en", NULL, "en"}, {"", NULL, "de"}, {"", "en", "en"}, {"de", "en", "de"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        registers("small", "1958-05-03");
        reading.language = rows[i].mail;
        if (rows[i].conversation != NULL) {
            known.open = (struct known_case){
                .id = 5, .address = "petra@example.org", .language = rows[i].conversation};
        }
        answer();
        CHECK_STR(decision.language, rows[i].answer);
    }
}

TEST(an_unclear_event_offers_what_can_be_meant)
{
    begin();
    reading.automatic = READING_ASK;
    struct intent *intent = registers(NULL, "1958-05-03");
    intent->missing = MISSING_EVENT;
    *LIST_ADD(arena, &intent->candidates) = "small";
    *LIST_ADD(arena, &intent->candidates) = "hard";
    CHECK_STR(answer(), "question");
    CHECK_INT(decision.answer.asks.expected.offered.n, 2);
    intent->candidates.n = 0;
    answer(); /* all that one can still register for: not over, not closed */
    CHECK_INT(decision.answer.asks.expected.offered.n, 3);
}

TEST(only_the_own_mailbox_cancels)
{
    begin();
    wants(INTENT_CANCEL, "small");
    registered_before(7, "small", "petra@example.org");
    CHECK_STR(answer(), "cancelled");
    CHECK_INT(effects(EFFECT_CANCEL), 1);
    known.registrations.at[0].address = "somebody@example.net";
    CHECK_STR(answer(), "");
    CHECK_INT(effects(EFFECT_CANCEL), 0);
    CHECK_STR(decision.reason, "cancel_unknown");
    known.thread_address = "somebody@example.net"; /* an answer to our letter to that address */
    CHECK_STR(answer(), "cancelled");
    reading.intents.at[0].event = NULL;
    registered_before(8, "kids", "somebody@example.net"); /* a list of theirs goes to nobody else */
    CHECK_STR(answer(), "");
    CHECK_STR(decision.reason, "cancel_other");
}

TEST(which_one_is_cancelled_is_asked)
{
    begin();
    wants(INTENT_CANCEL, NULL);
    registered_before(7, "small", "petra@example.org");
    registered_before(8, "kids", "petra@example.org");
    CHECK_STR(answer(), "cancel_which");
    CHECK_INT(effects(EFFECT_CANCEL), 0);
    CHECK_INT(decision.answer.asks.kind, CASE_CANCEL);
    known.open =
        (struct known_case){.id = 5, .kind = CASE_CANCEL, .round = 1, .address = "petra@example.org"};
    reading.intents.at[0].kind = INTENT_ANSWER;
    reading.intents.at[0].event = "kids";
    CHECK_STR(answer(), "cancelled");
    CHECK_INT(decision.effects.at[0].id, 8);
    CHECK_INT(effects(EFFECT_CLOSE_CASE), 1);
}

TEST(a_rebooking_never_loses_the_old_place)
{
    begin();
    wants(INTENT_CANCEL, "small");
    registers("hard", "1958-05-03");
    registered_before(7, "small", "petra@example.org");
    seats("hard", 2, 0);
    CHECK_STR(answer(), "full");
    CHECK_INT(effects(EFFECT_CANCEL), 0);
    CHECK_STR(decision.reason, "rebook");
    known.events.at[0].confirmed = 0;
    CHECK_STR(answer(), "confirmed+cancelled");
}

TEST(the_newsletter_asks_first_and_believes_only_the_own_mailbox)
{
    begin();
    wants(INTENT_SUBSCRIBE, NULL);
    CHECK_STR(answer(), "");
    CHECK_INT(decision.questions.n, 1);
    CHECK_INT(effects(EFFECT_SUBSCRIBE), 0);
    CHECK_INT(effects(EFFECT_ASK_NEWSLETTER), 1);
    CHECK_INT(decision.state, MAIL_ASKED);
    subscriber("petra@example.org", SUBSCRIBER_SUBSCRIBED);
    CHECK_STR(answer(), "newsletter_already");

    begin();
    wants(INTENT_CONFIRM, NULL);
    known.newsletter = (struct known_case){.id = 3, .kind = CASE_NEWSLETTER, .address = "petra@example.org"};
    subscriber("petra@example.org", SUBSCRIBER_ASKED);
    CHECK_STR(answer(), ""); /* a From line is easily forged: only an answer to our letter counts */
    CHECK_INT(decision.state, MAIL_QUEUED);
    known.newsletter_in_thread = true;
    CHECK_STR(answer(), "newsletter_welcome");
    CHECK_INT(effects(EFFECT_SUBSCRIBE), 1);
    known.subscribers.at[0].state = SUBSCRIBER_UNSUBSCRIBED;
    CHECK_STR(answer(), "");
    CHECK_INT(effects(EFFECT_SUBSCRIBE), 0);
    known.subscribers.at[0].state = SUBSCRIBER_ASKED;
    known.newsletter.address = "somebody@example.net";
    answer();
    CHECK_INT(effects(EFFECT_SUBSCRIBE), 0);
    CHECK_INT(decision.state, MAIL_QUEUED);

    begin();
    wants(INTENT_UNSUBSCRIBE, NULL);
    subscriber("petra@example.org", SUBSCRIBER_SUBSCRIBED);
    CHECK_STR(answer(), "newsletter_goodbye");
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 1);
}

TEST(two_addresses_in_one_mail_are_two_subscribers)
{
    begin();
    wants(INTENT_UNSUBSCRIBE, NULL);
    wants(INTENT_SUBSCRIBE, NULL)->address = "Anna@Example.com";
    subscriber("petra@example.org", SUBSCRIBER_SUBSCRIBED);
    subscriber("anna@example.com", SUBSCRIBER_NONE);
    known.newsletter = (struct known_case){.id = 3, .kind = CASE_NEWSLETTER, .address = "petra@example.org"};
    CHECK_STR(answer(), "newsletter_goodbye");
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 1);
    CHECK_INT(decision.questions.n, 1);
    CHECK_STR(decision.questions.at[0].to, "anna@example.com");
    CHECK_INT(decision.questions.at[0].asks.id, 0); /* not petra's conversation */
    known.subscribers.at[1].state = SUBSCRIBER_ASKED;
    CHECK_STR(answer(), "newsletter_goodbye");
    CHECK_INT(decision.questions.n, 0);
    CHECK_STR(decision.reason, "newsletter_other");
}

TEST(no_to_the_question_which_is_cancelled_is_for_staff)
{
    begin();
    wants(INTENT_DECLINE, NULL);
    known.open = (struct known_case){.id = 5, .kind = CASE_CANCEL, .address = "petra@example.org"};
    CHECK_STR(answer(), "");
    CHECK_INT(decision.state, MAIL_QUEUED);
    known.open.kind = CASE_REGISTER;
    CHECK_STR(answer(), "declined");
}

TEST(robots_and_unclear_senders_get_no_answer)
{
    static const enum intent_kind robots[] = {INTENT_BOUNCE, INTENT_AUTO_REPLY, INTENT_BULK};
    for (size_t i = 0; i < 3; i++) {
        begin();
        reading.automatic = READING_NONE;
        wants(robots[i], NULL);
        CHECK_STR(answer(), "");
        CHECK_INT(decision.state, MAIL_IGNORED);
    }
    static const unsigned defects[] = {LETTER_NO_SENDER, LETTER_SEVERAL_SENDERS, LETTER_TOO_DEEP};
    for (size_t i = 0; i < 3; i++) {
        begin();
        registers("small", "1958-05-03");
        letter.defects = defects[i];
        CHECK_STR(answer(), "");
        CHECK_INT(decision.state, MAIL_QUEUED);
        CHECK_INT(effects(EFFECT_REGISTER), 0);
    }
    begin();
    registers("small", "1958-05-03");
    known.replies_today = limits.replies_per_day;
    CHECK_STR(answer(), "");
    CHECK_STR(decision.reason, "too_many_replies");
    begin();
    registers("small", "1958-05-03");
    limits.own_address = "Petra@example.org";
    CHECK_STR(answer(), "");
    CHECK_STR(decision.reason, "own_address");
}

TEST(a_letter_that_came_back_reaches_staff)
{
    begin();
    reading.automatic = READING_NONE;
    struct intent *bounce = wants(INTENT_BOUNCE, NULL);
    bounce->severity = SEVERITY_HARD;
    answer();
    CHECK_INT(effects(EFFECT_QUEUE), 0); /* not one of ours */
    known.returned = (struct known_letter){.id = 9, .recipient = "petra@example.org"};
    answer();
    CHECK_INT(effects(EFFECT_QUEUE), 1);
    bounce->delayed = true;
    answer();
    CHECK_INT(effects(EFFECT_QUEUE), 0);
}

TEST(nothing_understood_is_never_answered_and_never_lost)
{
    begin();
    reading.automatic = READING_NONE;
    reading.staff = true;
    wants(INTENT_QUESTION, NULL);
    CHECK_STR(answer(), "");
    CHECK_INT(decision.state, MAIL_QUEUED);
    limits.acknowledge = true;
    CHECK_STR(answer(), "received");
    CHECK(decision.answer.acknowledgement);
    begin();
    CHECK_STR(answer(), ""); /* no intent at all */
    CHECK_INT(decision.state, MAIL_QUEUED);
}

int main(void)
{
    RUN(each_outcome_has_its_letter);
    RUN(the_same_person_twice_is_told_and_not_stored);
    RUN(who_waits_is_not_told_of_a_place);
    RUN(a_group_stays_together);
    RUN(what_is_missing_is_asked_for_at_most_three_times);
    RUN(an_answer_completes_the_registration);
    RUN(the_answer_speaks_the_language_of_the_mail_or_of_the_conversation);
    RUN(an_unclear_event_offers_what_can_be_meant);
    RUN(only_the_own_mailbox_cancels);
    RUN(which_one_is_cancelled_is_asked);
    RUN(a_rebooking_never_loses_the_old_place);
    RUN(the_newsletter_asks_first_and_believes_only_the_own_mailbox);
    RUN(two_addresses_in_one_mail_are_two_subscribers);
    RUN(no_to_the_question_which_is_cancelled_is_for_staff);
    RUN(robots_and_unclear_senders_get_no_answer);
    RUN(a_letter_that_came_back_reaches_staff);
    RUN(nothing_understood_is_never_answered_and_never_lost);
    arena_free(arena);
    return check_done();
}
