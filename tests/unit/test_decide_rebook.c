/* What is decided about rebookings: no old place is lost for a new one that is not had. */
#include "tests/unit/decide_rows.h"

/* Anew: one place given up, another wished. */
static struct intent *rebooks(const char *from, const char *to, const char *born)
{
    begin();
    wants(INTENT_CANCEL, from);
    return registers(to, born);
}

TEST(a_rebooking_never_loses_the_old_place)
{
    rebooks("small", "hard", "1958-05-03");
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
    struct intent *intent = rebooks("kids", "small", "1958-05-03");
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
    CHECK_STR(decision.reason, "cancel_unclear");
}

TEST(who_waits_already_keeps_the_old_place_too)
{
    rebooks("kids", "small", "1958-05-03");
    has("Petra", "kids", "petra@example.org");
    has("Petra", "small", "petra@example.org");
    known.registrations.at[1].waiting = true;
    seats("small", 2, 1);
    CHECK_STR(outcome(), "already_registered+place_kept");
    reading.intents.at[1].persons.at[0].field[STREET].value = "Baarstraße 1"; /* and has moved house */
    CHECK_STR(outcome(), "changed+place_kept");
    known.registrations.at[1].waiting = false;
    CHECK_STR(outcome(), "changed+cancelled:1");
}

/* The wish came before, and was done: what it asks for is not what it gives up. */
TEST(a_rebooking_asked_for_once_more_takes_nothing_away)
{
    begin();
    registers("small", "1958-05-03");
    wants(INTENT_CANCEL, NULL);
    has("Petra", "small", "petra@example.org");
    CHECK_STR(outcome(), "already_registered+cancel_unknown");
    has("Petra", "kids", "petra@example.org");
    CHECK_STR(outcome(), "already_registered+cancelled:2");
    has("Lena", "kids", "petra@example.org"); /* she stays */
    CHECK_STR(outcome(), "already_registered+cancelled:2");
}

TEST(of_two_places_given_up_for_one_a_person_hears)
{
    begin();
    wants(INTENT_CANCEL, "kids");
    wants(INTENT_CANCEL, "hard");
    registers("small", "1958-05-03");
    has("Petra", "kids", "petra@example.org");
    has("Petra", "hard", "petra@example.org");
    seats("small", 2, 0);
    CHECK_STR(outcome(), "waiting+place_kept+place_kept");
    CHECK_INT(decision.effects.at[0].instead.n, 1);
    CHECK_INT(decision.effects.at[0].instead.at[0], 1);
    CHECK(decision.answer.sections.at[1].rebooking && !decision.answer.sections.at[2].rebooking);
    CHECK_STR(decision.reason, "rebooking_several");
}

/* "I cannot come, my husband comes instead", and every place is taken: nobody stands behind others for hers.
 */
TEST(who_comes_in_place_of_somebody_is_a_person_s_matter)
{
    rebooks("small", "small", "1955-01-02")->persons.at[0] = person("Hans", "1955-01-02");
    has("Petra", "small", "petra@example.org");
    seats("small", 2, 0);
    CHECK_STR(outcome(), "waiting+place_kept");
    CHECK_STR(decision.reason, "substitute");
    known.events.at[0].list.confirmed = 1;
    CHECK_STR(outcome(), "confirmed+cancelled:1");
}

TEST(a_place_for_two_events_is_given_up_once)
{
    rebooks("kids", "small", "1958-05-03");
    registers("hard", "1958-05-03");
    has("Petra", "kids", "petra@example.org");
    CHECK_STR(outcome(), "confirmed+confirmed+cancelled:1");
    CHECK_INT(decision.answer.sections.at[2].persons.n, 1);
}

/* Each gives up their own place, or none until a person has asked. */
TEST(a_father_and_a_son_of_one_name_are_rebooked_apart)
{
    struct intent *intent = rebooks("kids", "small", "1988-02-01");
    has("Petra", "kids", "petra@example.org");
    has("Petra", "kids", "petra@example.org");
    known.registrations.at[1].person = person("Petra", "1988-02-01");
    seats("small", 2, 0);
    CHECK_STR(outcome(), "waiting+place_kept");
    CHECK_INT(decision.effects.at[0].instead.at[0], 2);
    *LIST_ADD(arena, &intent->persons) = person("Petra", "1958-05-03");
    CHECK_STR(outcome(), "waiting+place_kept");
    CHECK_INT(decision.effects.at[0].instead.at[0], 2);
    CHECK_INT(decision.effects.at[0].instead.at[1], 1);
    known.registrations.n = 1; /* the father alone has a place there */
    CHECK_STR(outcome(), "waiting+place_kept");
    CHECK_INT(decision.effects.at[0].instead.at[0], 0);
    CHECK_INT(decision.effects.at[0].instead.at[1], 1);
    rebooks("kids", "small", NULL); /* which asks for no birth date */
    has("Petra", "kids", "petra@example.org");
    has("Petra", "kids", "petra@example.org");
    known.registrations.at[1].person = person("Petra", "1988-02-01");
    seats("small", 2, 0);
    CHECK_STR(outcome(), "waiting+place_kept");
    CHECK_INT(decision.effects.at[0].instead.at[0], 0);
    CHECK_STR(decision.reason, "same_name");
    known.events.at[0].list.confirmed = 0;
    CHECK_STR(outcome(), "confirmed");
    CHECK_STR(decision.reason, "same_name");
}

/* What is known of one is not the other's. */
TEST(nobody_s_data_are_completed_with_their_father_s)
{
    begin();
    registers("hard", NULL)->missing = MISSING_BIRTH_DATE;
    has("Petra", "small", "petra@example.org");
    has("Petra", "kids", "petra@example.org");
    CHECK_STR(outcome(), "confirmed");
    known.registrations.at[1].person = person("Petra", "1988-02-01");
    CHECK_STR(outcome(), "question");
}

TEST(a_place_that_others_registered_is_not_given_up_behind_them)
{
    rebooks("kids", "small", "1958-05-03");
    has("Petra", "kids", "somebody@example.net");
    known.thread_address = "somebody@example.net";
    seats("small", 2, 0);
    CHECK_STR(outcome(), "waiting");
    CHECK_INT(decision.effects.at[0].instead.n, 0);
    CHECK_STR(decision.reason, "cancel_other");
    known.events.at[0].list.confirmed = 0;
    CHECK_STR(outcome(), "confirmed+cancelled:1");
    CHECK_INT(decision.questions.n, 1); /* who registered hears of it */
}

/* "2" to our question which one is cancelled, "and instead I come to …", which is full. */
TEST(an_answer_which_one_is_given_up_waits_for_the_new_place)
{
    begin();
    wants(INTENT_ANSWER, "kids");
    registers("hard", "1958-05-03");
    has("Petra", "kids", "petra@example.org");
    seats("hard", 2, 0);
    known.open = (struct known_case){.id = 5, .kind = CASE_CANCEL, .address = "petra@example.org"};
    CHECK_STR(outcome(), "full+place_kept");
    known.events.at[0].list.confirmed = 0;
    CHECK_STR(outcome(), "confirmed+cancelled:1");
    begin();
    wants(INTENT_CANCEL, "kids"); /* the answer that completes a registration, and a place given up for it */
    registers("hard", "1958-05-03")->kind = INTENT_ANSWER;
    has("Petra", "kids", "petra@example.org");
    seats("hard", 2, 0);
    known.open = (struct known_case){.id = 5, .kind = CASE_REGISTER, .address = "petra@example.org"};
    CHECK_STR(outcome(), "full+place_kept");
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
    CHECK_STR(outcome(), "question+cancel_unknown");
}

int main(void)
{
    RUN(a_rebooking_never_loses_the_old_place);
    RUN(a_rebooking_to_a_waiting_list_is_settled_when_they_move_up);
    RUN(who_waits_already_keeps_the_old_place_too);
    RUN(a_rebooking_asked_for_once_more_takes_nothing_away);
    RUN(of_two_places_given_up_for_one_a_person_hears);
    RUN(who_comes_in_place_of_somebody_is_a_person_s_matter);
    RUN(a_place_for_two_events_is_given_up_once);
    RUN(a_father_and_a_son_of_one_name_are_rebooked_apart);
    RUN(nobody_s_data_are_completed_with_their_father_s);
    RUN(a_place_that_others_registered_is_not_given_up_behind_them);
    RUN(an_answer_which_one_is_given_up_waits_for_the_new_place);
    RUN(a_rebooking_asks_nothing_that_is_known);
    arena_free(arena);
    return check_done();
}
