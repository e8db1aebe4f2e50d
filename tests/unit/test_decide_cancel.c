/* What is decided about cancellations: who gives up which place, and what is asked. */
#include "tests/unit/decide_rows.h"

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
    known.namesakes.at[0].event = "kids"; /* … of the event that is meant */
    CHECK_STR(outcome(), "cancel_unknown");
    CHECK_INT(decision.state, MAIL_DONE);
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

/* Two of one name are told apart by the birth date, else a person asks: neither is cancelled for the other.
 */
TEST(a_father_and_a_son_of_one_name_are_never_confused)
{
    static const struct {
        const char *words, *named, *born, *outcome;
    } rows[] = {
        {"Petra ist krank und kommt nicht.", NULL, NULL, ""},
        {"Petra Müller ist krank und kommt nicht.", NULL, NULL, ""},
        {"Lena ist krank und kommt nicht.", NULL, NULL, "cancelled:3"},
        {"Leider kann ich nicht kommen.", NULL, NULL, ""},
        {"", "Petra", NULL, ""},
        {"", "Petra", "1988-02-01", "cancelled:2"},
        {"", "Petra", "1958-05-03", "cancelled:1"},
        {"", "Petra", "1958-05-04", ""}, /* mistyped? */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        struct intent *intent = wants(INTENT_CANCEL, "small");
        has("Petra", "small", "petra@example.org");
        has("Petra", "small", "petra@example.org");
        has("Lena", "small", "petra@example.org");
        known.registrations.at[1].person = person("Petra", "1988-02-01");
        says(rows[i].words);
        if (rows[i].named != NULL) {
            *LIST_ADD(arena, &intent->persons) = person(rows[i].named, rows[i].born);
        }
        const char *got = outcome();
        CHECK_ROW(str_equal(got, rows[i].outcome), "%zu: %s, wanted %s", i, got, rows[i].outcome);
        CHECK(rows[i].outcome[0] != '\0' || str_equal(decision.reason, "same_name"));
    }
    known.registrations.at[1].last_name = "Schmidt"; /* the last name tells them apart, when it is given */
    reading.intents.at[0].persons.n = 0;
    says("Petra Schmidt ist krank und kommt nicht.");
    CHECK_STR(outcome(), "cancelled:2");
    says("Petra ist krank und kommt nicht.");
    CHECK_STR(outcome(), "cancel_who");
}

TEST(others_are_told_nothing_of_a_group)
{
    begin();
    wants(INTENT_CANCEL, "small");
    has("Petra", "small", "somebody@example.net");
    has("Lena", "small", "somebody@example.net");
    known.thread_address = "somebody@example.net";
    says("Leider kann ich nicht kommen.");
    CHECK_STR(outcome(), ""); /* … nor who they are */
    CHECK_STR(decision.reason, "cancel_other");
    says("Lena kommt nicht.");
    CHECK_STR(outcome(), "cancelled:2");
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
    known.registrations.at[1].first_name = "Petra"; /* her mother's name, who was there before */
    known.registrations.at[1].person = known.registrations.at[0].person;
    CHECK_STR(outcome(), "");
    CHECK_STR(decision.reason, "same_name");
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
    RUN(a_father_and_a_son_of_one_name_are_never_confused);
    RUN(others_are_told_nothing_of_a_group);
    RUN(a_place_from_the_waiting_list_is_declined_alone);
    arena_free(arena);
    return check_done();
}
