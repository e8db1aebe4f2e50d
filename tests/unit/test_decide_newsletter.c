/* What is decided about the newsletter: who may say yes, who may be asked, who leaves how, what comes back.
 */
#include "tests/unit/decide_rows.h"

enum { DAY = 86400 };

static struct known_subscriber *known_as(const char *address, enum subscriber_state state)
{
    subscriber(address, state);
    struct known_subscriber *s = &known.subscribers.at[known.subscribers.n - 1];
    s->id = (int64_t)known.subscribers.n;
    return s;
}

static void reads_issue_of(const char *address, bool token)
{
    known.reader = (struct known_reader){.by_token = token};
    known.reader.is = (struct known_subscriber){.address = address, .id = 9, .state = SUBSCRIBER_SUBSCRIBED};
}

static const struct effect *effect_of(enum effect_kind kind)
{
    static const struct effect none;
    for (size_t i = 0; i < decision.effects.n; i++) {
        if (decision.effects.at[i].kind == kind) {
            return &decision.effects.at[i];
        }
    }
    return &none;
}

TEST(a_yes_counts_while_the_question_is_open)
{
    begin();
    limits.newsletter_confirm_days = 30;
    wants(INTENT_CONFIRM, NULL);
    known.newsletter = (struct known_case){.id = 3, .kind = CASE_NEWSLETTER, .address = "petra@example.org"};
    known.newsletter_in_thread = true;
    struct known_subscriber *s = known_as("petra@example.org", SUBSCRIBER_ASKED);
    s->asked_at = known.now - 30 * DAY;
    CHECK_STR(answer(), "newsletter_welcome");
    s->asked_at--;
    CHECK_STR(answer(), "");
    CHECK_INT(effects(EFFECT_SUBSCRIBE), 0);
    CHECK_INT(decision.questions.n, 1);
    CHECK(decision.questions.at[0].sections.at[0].again);
    CHECK_INT(decision.questions.at[0].asks.id, 3);
}

TEST(others_may_put_an_address_in_once)
{
    static const struct {
        enum subscriber_state state;
        enum suppression suppression;
        int days_ago;
        bool asks;
    } rows[] = {
        {SUBSCRIBER_NONE, SUPPRESSION_NONE, 0, true},
        {SUBSCRIBER_ASKED, SUPPRESSION_NONE, 0, false},
        {SUBSCRIBER_SUBSCRIBED, SUPPRESSION_NONE, 0, false},
        {SUBSCRIBER_UNSUBSCRIBED, SUPPRESSION_NONE, 0, false},
        {SUBSCRIBER_NONE, SUPPRESSION_LEFT, 9999, false},
        {SUBSCRIBER_NONE, SUPPRESSION_ASKED, 365, false},
        {SUBSCRIBER_NONE, SUPPRESSION_ASKED, 366, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        limits.newsletter_pause_days = 365;
        wants(INTENT_SUBSCRIBE, NULL)->address = "Anna@example.com";
        struct known_subscriber *s = known_as("anna@example.com", rows[i].state);
        s->suppression = rows[i].suppression;
        s->suppressed_at = known.now - (int64_t)rows[i].days_ago * DAY;
        answer();
        CHECK_ROW(decision.questions.n == (rows[i].asks ? 1 : 0), "row %zu: %zu questions", i,
                  decision.questions.n);
        CHECK_ROW((decision.state == MAIL_QUEUED) == !rows[i].asks, "row %zu: state", i);
        CHECK_ROW(!rows[i].asks || effect_of(EFFECT_ASK_NEWSLETTER)->by_other, "row %zu: by other", i);
    }
    begin(); /* the address itself may always ask */
    wants(INTENT_SUBSCRIBE, NULL);
    known_as("petra@example.org", SUBSCRIBER_UNSUBSCRIBED)->suppression = SUPPRESSION_LEFT;
    answer();
    CHECK_INT(decision.questions.n, 1);
    CHECK(!effect_of(EFFECT_ASK_NEWSLETTER)->by_other);
}

TEST(a_token_is_enough_to_leave_and_the_owner_hears_of_it)
{
    begin(); /* nothing is said at all, by whomever, also by a program */
    reading.automatic = READING_NONE;
    reading.staff = true;
    wants(INTENT_AUTO_REPLY, NULL);
    reads_issue_of("otto@example.net", true);
    CHECK_STR(answer(), "");
    CHECK_INT(decision.state, MAIL_DONE);
    CHECK_STR(effect_of(EFFECT_UNSUBSCRIBE)->address, "otto@example.net");
    CHECK_STR(decision.questions.at[0].to, "otto@example.net");
    CHECK_STR(decision.questions.at[0].sections.at[0].kind, "newsletter_goodbye");
    CHECK_INT(decision.questions.at[0].asks.kind, CASE_GOODBYE);
    CHECK(!decision.questions.at[0].in_thread);
    known.reader.is.state = SUBSCRIBER_UNSUBSCRIBED; /* once more: nothing to do, nothing to say */
    answer();
    CHECK_INT(decision.effects.n + decision.questions.n, 0);
    CHECK_INT(decision.state, MAIL_DONE);

    begin(); /* whatever else is wished is done as well */
    registers("small", "1958-05-03");
    reading.own.text = "Bitte melden Sie mich an.";
    reads_issue_of("otto@example.net", true);
    CHECK_STR(answer(), "confirmed");
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 1);

    begin(); /* words that nobody understood are read by a person */
    reading.staff = true;
    reading.own.text = "Der Raum war zu kalt.";
    reads_issue_of("otto@example.net", true);
    answer();
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 1);
    CHECK_INT(decision.state, MAIL_QUEUED);

    begin(); /* a report that came to such an address says nothing of leaving */
    wants(INTENT_BOUNCE, NULL)->severity = SEVERITY_SOFT;
    reads_issue_of("otto@example.net", true);
    answer();
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 0);
}

TEST(an_answer_to_an_issue_needs_words_to_leave)
{
    begin();
    wants(INTENT_UNSUBSCRIBE, NULL);
    reads_issue_of("otto@example.net", false);
    CHECK_STR(answer(), "");
    CHECK_STR(effect_of(EFFECT_UNSUBSCRIBE)->address, "otto@example.net");
    reading.intents.at[0].kind = INTENT_QUESTION;
    reading.staff = true;
    answer();
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 0);
}

TEST(the_goodbye_can_be_taken_back_from_its_own_mailbox)
{
    begin();
    limits.newsletter_confirm_days = 30;
    wants(INTENT_CONFIRM, NULL);
    known.newsletter = (struct known_case){.id = 4, .kind = CASE_GOODBYE, .address = "petra@example.org"};
    known.newsletter_in_thread = true;
    struct known_subscriber *s = known_as("petra@example.org", SUBSCRIBER_UNSUBSCRIBED);
    s->left_at = known.now - DAY;
    CHECK_STR(answer(), "newsletter_welcome");
    CHECK_INT(effects(EFFECT_SUBSCRIBE_AGAIN), 1);
    known.newsletter.address = "otto@example.net";
    answer();
    CHECK_INT(effects(EFFECT_SUBSCRIBE_AGAIN), 0);
    known.newsletter.address = "petra@example.org";
    known.newsletter_in_thread = false;
    answer();
    CHECK_INT(effects(EFFECT_SUBSCRIBE_AGAIN), 0);
    known.newsletter_in_thread = true;
    reading.intents.at[0].kind = INTENT_DECLINE;
    CHECK_STR(answer(), "");
    CHECK_INT(effects(EFFECT_UNSUBSCRIBE), 0);
    CHECK_INT(decision.state, MAIL_DONE);
}

TEST(the_new_address_is_announced_only_when_it_is_asked)
{
    begin();
    wants(INTENT_UNSUBSCRIBE, NULL);
    wants(INTENT_SUBSCRIBE, NULL)->address = "neu@example.org";
    known_as("petra@example.org", SUBSCRIBER_SUBSCRIBED);
    known_as("neu@example.org", SUBSCRIBER_NONE);
    answer();
    CHECK(decision.questions.at[0].sections.at[0].elsewhere);
    known.subscribers.at[1].state = SUBSCRIBER_UNSUBSCRIBED;
    answer();
    CHECK(!decision.questions.at[0].sections.at[0].elsewhere);
    CHECK_INT(decision.state, MAIL_QUEUED);
}

TEST(reports_suspend_by_what_they_say)
{
    static const struct {
        enum severity severity;
        bool delayed, complaint;
        int returns;
        enum effect_kind effect;
        const char *reason;
    } rows[] = {
        {SEVERITY_HARD, false, false, 0, EFFECT_RETURNED, "hard"},
        {SEVERITY_SOFT, false, false, 1, EFFECT_RETURNED, ""},
        {SEVERITY_SOFT, false, false, 2, EFFECT_RETURNED, "soft"},
        {SEVERITY_SOFT, false, true, 0, EFFECT_COMPLAINT, NULL},
        {SEVERITY_SOFT, true, false, 9, EFFECT_QUEUE, NULL}, /* no effect at all */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin();
        limits.newsletter_returns_most = 3;
        reading.automatic = READING_NONE;
        struct intent *report = wants(INTENT_BOUNCE, NULL);
        report->severity = rows[i].severity;
        report->delayed = rows[i].delayed;
        report->complaint = rows[i].complaint;
        reads_issue_of("otto@example.net", false);
        known.reader.copy_id = 5;
        known.reader.returns = rows[i].returns;
        answer();
        CHECK_ROW(decision.state == MAIL_IGNORED, "row %zu: state", i);
        CHECK_ROW(decision.effects.n == (rows[i].delayed ? 0 : 1), "row %zu: %zu effects", i,
                  decision.effects.n);
        const struct effect *effect = effect_of(rows[i].effect);
        CHECK_ROW(rows[i].reason == NULL || str_equal(effect->reason, rows[i].reason), "row %zu: %s", i,
                  effect->reason);
    }
    begin(); /* any other letter of ours that came back is a person's, as before */
    wants(INTENT_BOUNCE, NULL)->severity = SEVERITY_HARD;
    reads_issue_of("otto@example.net", false);
    known.returned = (struct known_letter){.id = 7, .recipient = "otto@example.net", .kind = "confirmed"};
    answer();
    CHECK_INT(effects(EFFECT_QUEUE), 1);
    known.returned.kind = "newsletter_confirm";
    answer();
    CHECK_INT(effects(EFFECT_QUEUE), 0);
    CHECK_STR(effect_of(EFFECT_RETURNED)->reason, "hard");
}

int main(void)
{
    RUN(a_yes_counts_while_the_question_is_open);
    RUN(others_may_put_an_address_in_once);
    RUN(a_token_is_enough_to_leave_and_the_owner_hears_of_it);
    RUN(an_answer_to_an_issue_needs_words_to_leave);
    RUN(the_goodbye_can_be_taken_back_from_its_own_mailbox);
    RUN(the_new_address_is_announced_only_when_it_is_asked);
    RUN(reports_suspend_by_what_they_say);
    arena_free(arena);
    return check_done();
}
