/* What is decided about registrations, row by row: a reading and what the store knows go in, effects and
 * letters come out. */
#include "tests/unit/decide_rows.h"

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

TEST(nothing_is_asked_for_an_event_that_is_over)
{
    static const char *const shut[] = {"over", "closed"};
    for (size_t i = 0; i < 2; i++) {
        begin();
        reading.automatic = READING_ASK;
        struct intent *intent = registers(shut[i], NULL);
        intent->missing = MISSING_BIRTH_DATE;
        *LIST_ADD(arena, &intent->persons) = (struct person){0}; /* nobody's name is written */
        CHECK_STR(answer(), shut[i]);
        CHECK_INT(decision.state, MAIL_DONE);
        CHECK_INT(decision.answer.sections.at[0].persons.n, 1);
        CHECK(!decision.answer.opens_case);
    }
}

TEST(with_nothing_to_offer_a_person_answers)
{
    begin();
    programme.events.n = 1; /* the one that is over */
    reading.automatic = READING_ASK;
    registers(NULL, "1958-05-03")->missing = MISSING_EVENT;
    CHECK_STR(answer(), "");
    CHECK_INT(decision.state, MAIL_QUEUED);
    CHECK_STR(decision.reason, "nothing_to_offer");
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

TEST(other_data_of_the_same_person_are_taken_over)
{
    begin();
    registers("small", "1958-05-13");
    registered_before(7, "small", "petra@example.org");
    CHECK_STR(answer(), "changed");
    CHECK_INT(effects(EFFECT_REGISTER), 0);
    CHECK_INT(decision.effects.at[0].id, 7);
    CHECK_STR(decision.effects.at[0].persons.at[0].field[BIRTH_DATE].value, "1958-05-13");
    CHECK_INT(decision.answer.sections.at[0].missing, MISSING_BIRTH_DATE);
    known.registrations.at[0].address = "somebody@example.net"; /* another Petra Müller */
    CHECK_STR(answer(), "confirmed");
    CHECK_INT(effects(EFFECT_CHANGE), 0);
}

/* A correction is taken over; whether two of one name are one, only a person can say. */
TEST(father_and_son_of_one_name_are_two)
{
    begin();
    struct intent *intent = registers("small", "1985-05-03"); /* the year's digits were swapped */
    registered_before(7, "small", "petra@example.org");
    CHECK_STR(answer(), "changed");
    intent->persons.at[0] = person("Petra", "1985-07-11");
    CHECK_STR(answer(), "");
    CHECK_STR(decision.reason, "same_name");
    CHECK_INT(effects(EFFECT_CHANGE) + effects(EFFECT_REGISTER), 0);
    *LIST_ADD(arena, &intent->persons) = person("Petra", "1958-05-03"); /* both in one mail */
    CHECK_STR(answer(), "already_registered+confirmed");
    CHECK_INT(effects(EFFECT_CHANGE), 0);
    registered_before(8, "small", "petra@example.org");
    struct known_registration *son = &known.registrations.at[1];
    son->person = person("Petra", "1985-07-11");
    son->person_key = person_key(arena, &son->person);
    CHECK_STR(answer(), "already_registered");
    intent->persons.n = 1; /* the son alone, at another street: his data change, not his father's */
    intent->persons.at[0].field[STREET].value = "Baarstraße 7";
    CHECK_STR(answer(), "changed");
    CHECK_INT(decision.effects.at[0].id, 8);
}

TEST(in_place_of_what_cannot_be_had_others_are_offered_by_number)
{
    begin();
    add_event("again", "2026-12-18T17:00", 5, true, -1, -1);
    programme.events.at[3].topic = programme.events.at[programme.events.n - 1].topic = "Löten";
    registers("hard", "1958-05-03");
    seats("hard", 2, 0);
    CHECK_STR(answer(), "full");
    CHECK_INT(decision.answer.sections.at[0].offered.n, 1);
    CHECK(decision.answer.opens_case && decision.answer.asks.expected.missing == MISSING_EVENT);
    CHECK_STR(decision.answer.asks.expected.offered.at[0], "again");
    CHECK_INT(decision.answer.asks.expected.persons.n, 1);
    CHECK_INT(decision.state, MAIL_DONE); /* it is their choice, nobody waits for it */
    programme.events.at[3].topic = "Nähen";
    CHECK_STR(answer(), "full");
    CHECK(!decision.answer.opens_case && decision.answer.sections.at[0].offered.n == 0);
}

TEST(who_of_a_group_is_old_enough_comes_when_they_say_so)
{
    begin();
    struct intent *two = registers("kids", "2014-01-01");
    *LIST_ADD(arena, &two->persons) = person("Lena", "2019-01-01");
    CHECK_STR(answer(), "age_mixed");
    CHECK_INT(effects(EFFECT_REGISTER), 0);
    CHECK_INT(decision.state, MAIL_ASKED);
    CHECK(decision.answer.asks.expected.confirm_persons);
    CHECK_INT(decision.answer.asks.expected.persons.n, 1);
    CHECK_STR(decision.answer.asks.expected.event, "kids");
}

TEST(a_group_larger_than_the_event_is_for_a_person)
{
    begin();
    struct intent *three = registers("small", "1958-05-03");
    *LIST_ADD(arena, &three->persons) = person("Lena", "1959-01-01");
    *LIST_ADD(arena, &three->persons) = person("Hans", "1960-01-01");
    CHECK_STR(answer(), "");
    CHECK_STR(decision.reason, "group_too_large");
    CHECK_INT(effects(EFFECT_REGISTER), 0);
}

int main(void)
{
    RUN(each_outcome_has_its_letter);
    RUN(nothing_is_asked_for_an_event_that_is_over);
    RUN(with_nothing_to_offer_a_person_answers);
    RUN(the_same_person_twice_is_told_and_not_stored);
    RUN(who_waits_is_not_told_of_a_place);
    RUN(a_group_stays_together);
    RUN(what_is_missing_is_asked_for_at_most_three_times);
    RUN(an_answer_completes_the_registration);
    RUN(the_answer_speaks_the_language_of_the_mail_or_of_the_conversation);
    RUN(an_unclear_event_offers_what_can_be_meant);
    RUN(other_data_of_the_same_person_are_taken_over);
    RUN(father_and_son_of_one_name_are_two);
    RUN(in_place_of_what_cannot_be_had_others_are_offered_by_number);
    RUN(who_of_a_group_is_old_enough_comes_when_they_say_so);
    RUN(a_group_larger_than_the_event_is_for_a_person);
    arena_free(arena);
    return check_done();
}
