/* What is decided about cancellations and rebookings: who gives up which place, and what is asked. */
#include "tests/unit/decide_rows.h"

/* A registration of that first name; ids from 1. */
static void has(const char *first, const char *event, const char *address)
{
    registered_before((int64_t)known.registrations.n + 1, event, address);
    struct known_registration *r = &known.registrations.at[known.registrations.n - 1];
    r->person = person(first, "1958-05-03");
    r->first_name = first;
    r->person_key = person_key(arena, &r->person);
}

static void says(const char *words)
{
    reading.own.text = words;
    reading.own.closing = "";
}

/* "cancelled:1,2": the letter, and the registrations that are cancelled. */
static const char *outcome(void)
{
    struct text words = text_new(arena, 500);
    text_add(&words, answer());
    const char *between = ":";
    for (size_t i = 0; i < decision.effects.n; i++) {
        if (decision.effects.at[i].kind == EFFECT_CANCEL) {
            text_printf(&words, "%s%lld", between, (long long)decision.effects.at[i].id);
            between = ",";
        }
    }
    return words.s;
}

TEST(only_the_own_mailbox_cancels)
{
    begin();
    wants(INTENT_CANCEL, "small");
    has("Petra", "small", "petra@example.org");
    CHECK_STR(outcome(), "cancelled:1");
    CHECK_INT(decision.questions.n, 0);
    known.registrations.at[0].address = "somebody@example.net";
    CHECK_STR(outcome(), "cancel_unknown");
    CHECK_INT(decision.state, MAIL_DONE);
    *LIST_ADD(arena, &known.namesakes) = known.registrations.at[0];
    CHECK_STR(outcome(), "cancel_unknown"); /* the letter tells nothing of it; staff hear */
    CHECK_STR(decision.reason, "cancel_unknown");
    known.thread_address = "somebody@example.net"; /* an answer to our letter to that address */
    CHECK_STR(outcome(), "cancelled:1");
    CHECK_INT(decision.questions.n, 1); /* who registered hears of it */
    CHECK_STR(decision.questions.at[0].to, "somebody@example.net");
    CHECK(decision.questions.at[0].sections.at[0].by_other && !decision.answer.sections.at[0].by_other);
    reading.intents.at[0].event = NULL;
    has("Petra", "kids", "somebody@example.net"); /* a list of theirs goes to nobody else */
    CHECK_STR(outcome(), "");
    CHECK_STR(decision.reason, "cancel_other");
}

TEST(which_one_is_cancelled_is_asked)
{
    begin();
    struct intent *intent = wants(INTENT_CANCEL, NULL);
    has("Petra", "small", "petra@example.org");
    has("Petra", "kids", "petra@example.org");
    CHECK_STR(outcome(), "cancel_which");
    CHECK_INT(decision.answer.asks.kind, CASE_CANCEL);
    intent->all_events = true;
    CHECK_STR(outcome(), "cancelled+cancelled:1,2");
    known.open =
        (struct known_case){.id = 5, .kind = CASE_CANCEL, .round = 1, .address = "petra@example.org"};
    intent->all_events = false;
    intent->kind = INTENT_ANSWER;
    intent->event = "kids";
    *LIST_ADD(arena, &intent->persons) = (struct person){0};
    CHECK_STR(outcome(), "cancelled:2");
    CHECK_INT(effects(EFFECT_CLOSE_CASE), 1);
}

TEST(who_of_a_group_is_cancelled_is_said_or_asked)
{
    static const struct {
        const char *words, *outcome;
        bool all_people;
    } rows[] = {
        {"Leider kann ich nicht kommen.", "cancel_who", false},
        {"Leider können wir nicht kommen.", "cancelled:1,2,3", true},
        {"Lena ist krank und kommt nicht.", "cancelled:2", false},
        {"lena und Max kommen nicht.", "cancelled:2,3", false},
        {"Petra, Lena und Max kommen nicht.", "cancelled:1,2,3", false},
        {"Wir hatten uns angemeldet, aber Lena ist krank.", "cancel_who", true},
        {"Anna-Lena ist krank.", "cancel_who", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        wants(INTENT_CANCEL, "small")->all_people = rows[i].all_people;
        has("Petra", "small", "petra@example.org");
        has("Lena", "small", "petra@example.org");
        has("Max", "small", "petra@example.org");
        says(rows[i].words);
        const char *got = outcome();
        CHECK_ROW(str_equal(got, rows[i].outcome), "\"%s\": %s, wanted %s", rows[i].words, got,
                  rows[i].outcome);
    }
    begin();
    struct intent *answered = wants(INTENT_CANCEL, "small");
    has("Petra", "small", "petra@example.org");
    has("Lena", "small", "petra@example.org");
    says("");
    CHECK_STR(outcome(), "cancel_who");
    CHECK_INT(decision.answer.asks.expected.persons.n, 2);
    CHECK_STR(decision.answer.asks.expected.event, "small");
    known.open = (struct known_case){.id = 5, .kind = CASE_CANCEL, .address = "petra@example.org"};
    *LIST_ADD(arena, &answered->persons) = person("LENA", NULL);
    CHECK_STR(outcome(), "cancelled:2");
    CHECK_INT(effects(EFFECT_CLOSE_CASE), 1);
}

TEST(a_rebooking_never_loses_the_old_place)
{
    begin();
    wants(INTENT_CANCEL, "small");
    registers("hard", "1958-05-03");
    has("Petra", "small", "petra@example.org");
    seats("hard", 2, 0);
    CHECK_STR(outcome(), "full+place_kept");
    CHECK_INT(decision.state, MAIL_DONE);
    known.events.at[0].list.confirmed = 0;
    CHECK_STR(outcome(), "confirmed+cancelled:1");
    CHECK(decision.answer.sections.at[1].rebooking);
}

/* Who waits at the new event gives the old place up when they move up there; of a group each their own. */
TEST(a_rebooking_to_a_waiting_list_is_settled_when_they_move_up)
{
    begin();
    wants(INTENT_CANCEL, "kids");
    struct intent *intent = registers("small", "1958-05-03");
    *LIST_ADD(arena, &intent->persons) = person("Hans", "1958-05-03");
    has("Hans", "kids", "petra@example.org");
    has("Lena", "kids", "petra@example.org");
    seats("small", 2, 0);
    CHECK_STR(outcome(), "waiting+place_kept");
    CHECK_INT(decision.effects.at[0].instead.n, 2);
    CHECK_INT(decision.effects.at[0].instead.at[0], 0);
    CHECK_INT(decision.effects.at[0].instead.at[1], 1);
    const struct section *kept = &decision.answer.sections.at[1];
    CHECK(kept->rebooking && kept->persons.n == 1); /* of Lena nothing is said */
    known.registrations.n = 0;
    has("Petra", "kids", "petra@example.org");
    has("Petra", "hard", "petra@example.org");
    reading.intents.at[0].event = NULL; /* which of the two was meant? */
    CHECK_STR(outcome(), "waiting");
    CHECK_INT(decision.effects.at[0].instead.n, 0);
}

TEST(a_rebooking_asks_nothing_that_is_known)
{
    begin();
    struct intent *intent = registers("hard", NULL);
    intent->persons.at[0].field[STREET].value = NULL;
    intent->missing = MISSING_BIRTH_DATE | MISSING_STREET;
    reading.automatic = READING_ASK;
    wants(INTENT_CANCEL, "small");
    has("Petra", "small", "petra@example.org");
    has("Hans", "small", "petra@example.org");
    CHECK_STR(outcome(), "confirmed+cancelled:1"); /* the one that is rebooked, not the other */
    CHECK_STR(decision.effects.at[0].persons.at[0].field[BIRTH_DATE].value, "1958-05-03");
    reading.intents.at[0].persons.at[0] = (struct person){0};
    CHECK_STR(outcome(), "question+place_kept"); /* which of the two? */
    known.registrations.n = 1;
    CHECK_STR(outcome(), "confirmed+cancelled:1");
    known.registrations.at[0].address = "somebody@example.net"; /* theirs is not told to others */
    CHECK_STR(outcome(), "question");
}

TEST(a_place_from_the_waiting_list_is_declined_alone)
{
    begin();
    wants(INTENT_DECLINE, NULL);
    has("Petra", "small", "petra@example.org");
    has("Hans", "small", "petra@example.org");
    has("Petra", "kids", "petra@example.org");
    known.open = (struct known_case){.id = 5, .kind = CASE_PLACE, .address = "petra@example.org"};
    known.open.expected.event = "small";
    *LIST_ADD(arena, &known.open.expected.persons) = person("Petra", NULL);
    CHECK_STR(outcome(), "cancelled:1");
    CHECK_INT(effects(EFFECT_CLOSE_CASE), 1);
    known.registrations.n = 0; /* cancelled before */
    CHECK_STR(outcome(), "cancel_unknown");
    begin();
    registers("small", "1958-05-03")->kind = INTENT_ANSWER; /* … or taken: they have it */
    known.open = (struct known_case){.id = 5, .kind = CASE_PLACE, .address = "petra@example.org"};
    CHECK_STR(outcome(), "");
    CHECK_INT(decision.state, MAIL_DONE);
    CHECK_INT(effects(EFFECT_REGISTER), 0);
}

int main(void)
{
    RUN(only_the_own_mailbox_cancels);
    RUN(which_one_is_cancelled_is_asked);
    RUN(who_of_a_group_is_cancelled_is_said_or_asked);
    RUN(a_rebooking_never_loses_the_old_place);
    RUN(a_rebooking_to_a_waiting_list_is_settled_when_they_move_up);
    RUN(a_rebooking_asks_nothing_that_is_known);
    RUN(a_place_from_the_waiting_list_is_declined_alone);
    arena_free(arena);
    return check_done();
}
