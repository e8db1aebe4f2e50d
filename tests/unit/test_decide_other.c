/* What is decided about the newsletter, robots and whatever is a person's. */
#include "tests/unit/decide_rows.h"

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
    CHECK_STR(answer(), "");
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 1);
    CHECK_STR(decision.questions.at[0].sections.at[0].kind, "newsletter_goodbye");
    CHECK(decision.questions.at[0].in_thread);
    CHECK_INT(decision.questions.at[0].asks.kind, CASE_GOODBYE); /* whoever wrote it: the owner can undo it */
    known.subscribers.at[0].state = SUBSCRIBER_ASKED;
    answer();
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 1);
    CHECK(!decision.questions.at[0].opens_case); /* nothing that could be taken back */
}

TEST(two_addresses_in_one_mail_are_two_subscribers)
{
    begin();
    wants(INTENT_UNSUBSCRIBE, NULL);
    wants(INTENT_SUBSCRIBE, NULL)->address = "Anna@Example.com";
    subscriber("petra@example.org", SUBSCRIBER_SUBSCRIBED);
    subscriber("anna@example.com", SUBSCRIBER_NONE);
    known.newsletter = (struct known_case){.id = 3, .kind = CASE_NEWSLETTER, .address = "petra@example.org"};
    CHECK_STR(answer(), "");
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 1);
    CHECK_INT(decision.questions.n, 2);
    CHECK_STR(decision.questions.at[0].to, "petra@example.org");
    CHECK_STR(decision.questions.at[1].to, "anna@example.com");
    CHECK_INT(decision.questions.at[1].asks.id, 0); /* not petra's conversation */
    known.subscribers.at[1].state = SUBSCRIBER_ASKED;
    CHECK_STR(answer(), "");
    CHECK_INT(decision.questions.n, 1);
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
    RUN(the_newsletter_asks_first_and_believes_only_the_own_mailbox);
    RUN(two_addresses_in_one_mail_are_two_subscribers);
    RUN(no_to_the_question_which_is_cancelled_is_for_staff);
    RUN(robots_and_unclear_senders_get_no_answer);
    RUN(a_letter_that_came_back_reaches_staff);
    RUN(nothing_understood_is_never_answered_and_never_lost);
    arena_free(arena);
    return check_done();
}
