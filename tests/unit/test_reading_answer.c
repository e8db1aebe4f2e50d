/* tests/unit/test_reading_answer.c: answers to what we had asked. */
#include "parsers/reading/expected.h"
#include "tests/unit/reading_rows.h"

struct answer_row {
    const char *expected, *text, *want;
};

static void check_answers(const struct answer_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct expected expected;
        struct reading reading;
        struct error err = {""};
        CHECK_ROW(expected_parse(arena, rows[i].expected, &expected, &err), "%s", err.what);
        read_mail("Re: Ihre Anmeldung", rows[i].text, &expected, &reading);
        const char *got = in_words(&reading);
        if (reading.intents.n > 0 && reading.intents.at[0].kind == INTENT_ANSWER) {
            const struct intent *intent = &reading.intents.at[0];
            for (size_t p = 0; p < intent->persons.n; p++) {
                const struct fact *f = intent->persons.at[p].field;
                got = arena_printf(arena, "%s [%s %s %s %s %s %s]", got, f[0].value ? f[0].value : "-",
                                   f[1].value ? f[1].value : "-", f[2].value ? f[2].value : "-",
                                   f[3].value ? f[3].value : "-", f[4].value ? f[4].value : "-",
                                   f[5].value ? f[5].value : "-");
            }
        }
        if (reading.intents.n > 0 && reading.intents.at[0].kind == INTENT_CANCEL) {
            const struct intent *intent = &reading.intents.at[0];
            got = arena_printf(arena, "%s%s", got, intent->all_people ? " all" : "");
            for (size_t p = 0; p < intent->persons.n; p++) {
                const struct fact *f = intent->persons.at[p].field;
                got = arena_printf(arena, "%s [%s %s]", got, f[FIRST_NAME].value, f[LAST_NAME].value);
            }
        }
        CHECK_ROW(str_equal(got, rows[i].want), "%s / \"%s\"\n#      is %s\n#  wanted %s", rows[i].expected,
                  rows[i].text, got, rows[i].want);
    }
}

#define PETRA                                                                                                \
    "{\"first_name\":\"Petra\",\"last_name\":\"Müller\",\"street\":\"Gartenweg "                            \
    "10\",\"city\":\"Iserlohn\"}"
#define LACKS_DATE "{\"missing\":[\"birth_date\"],\"event\":\"2027-02-02-mapathon\",\"persons\":[" PETRA "]}"
#define LACKS_EVENT                                                                                          \
    "{\"missing\":[\"event\"],\"offered\":[\"2026-12-03-ki-alltag\",\"2027-01-21-ki-vertiefung\"],"          \
    "\"persons\":[{\"first_name\":\"Petra\",\"last_name\":\"Müller\",\"birth_date\":\"1958-05-03\","        \
    "\"street\":\"Gartenweg 10\",\"city\":\"Iserlohn\"}]}"
#define WHOLE " [Petra Müller 1958-05-03 Gartenweg 10 - Iserlohn]"

TEST(answers)
{
    static const struct answer_row rows[] = {
        {LACKS_DATE, "3.5.1958", "act answer:mapathon" WHOLE},
        {LACKS_DATE, "Guten Tag,\n\nmein Geburtsdatum ist der 3. Mai 1958.\n\nViele Grüße\nPetra Müller",
         "act answer:mapathon" WHOLE},
        {LACKS_DATE, "03.05.58, Entschuldigung!", "act answer:mapathon" WHOLE},
        {LACKS_DATE, "3.5.1958. Muss ich einen Laptop mitbringen?",
         "act+staff answer:mapathon question" WHOLE},
        {LACKS_DATE, "Ich möchte doch nicht mehr teilnehmen.", "act decline"},
        {LACKS_DATE, "Bitte stornieren Sie das.", "act decline"},
        {LACKS_DATE, "Warum brauchen Sie das?", "none+staff question"},
        {LACKS_EVENT, "2", "act answer:ki-vertiefung" WHOLE},
        {LACKS_EVENT, "den zweiten bitte", "act answer:ki-vertiefung" WHOLE},
        {LACKS_EVENT, "Am 3.12.", "act answer:ki-alltag" WHOLE},
        {LACKS_EVENT, "die Vertiefung", "act answer:ki-vertiefung" WHOLE},
        {LACKS_EVENT, "im Januar", "act answer:ki-vertiefung" WHOLE},
        {LACKS_EVENT, "Außerdem melde ich mich zum Mapathon an.", "ask register:mapathon"},
        {"{\"missing\":[\"street\",\"city\"],\"event\":\"2027-02-02-mapathon\",\"persons\":[{\"first_name\":"
         "\"Petra\","
         "\"last_name\":\"Müller\",\"birth_date\":\"1958-05-03\"}]}",
         "Gartenweg 10, 58636 Iserlohn",
         "act answer:mapathon [Petra Müller 1958-05-03 Gartenweg 10 58636 Iserlohn]"},
        {"{\"missing\":[\"last_name\"],\"event\":\"2027-02-02-mapathon\",\"persons\":[{\"first_name\":"
         "\"Petra\","
         "\"birth_date\":\"1958-05-03\",\"street\":\"Gartenweg 10\",\"city\":\"Iserlohn\"}]}",
         "Müller", "act answer:mapathon" WHOLE},
        {"{\"missing\":[\"birth_date\"],\"event\":\"2027-02-02-mapathon\",\"persons\":[" PETRA ","
         "{\"first_name\":\"Karl\",\"last_name\":\"Müller\",\"street\":\"Gartenweg "
         "10\",\"city\":\"Iserlohn\"}]}",
         "Petra 3.5.1958, Karl 7.9.1955",
         "act answer:mapathon" WHOLE " [Karl Müller 1955-09-07 Gartenweg 10 - Iserlohn]"},
        {LACKS_DATE, "Gartenweg 10, 58636 Iserlohn",
         "ask answer:mapathon [Petra Müller - Gartenweg 10 58636 Iserlohn]"},
        {LACKS_DATE, "Ich wohne im Gartenweg 10 in Iserlohn.",
         "ask answer:mapathon [Petra Müller - Gartenweg 10 - Iserlohn]"},
        {LACKS_DATE, "3.5.1958\n\nViele Grüße\nHans Müller", "act answer:mapathon" WHOLE},
        {LACKS_DATE, "Mein Sohn Max ist am 3.3.2015 geboren.",
         "none+staff answer:mapathon [Petra Müller - Gartenweg 10 - Iserlohn]"},
        {LACKS_DATE, "Enno, 3.3.2015", "none+staff answer:mapathon [Petra Müller - Gartenweg 10 - Iserlohn]"},
    };
    check_answers(rows, sizeof rows / sizeof *rows);
}

#define CHILD(name)                                                                                          \
    "{\"first_name\":\"" name "\",\"last_name\":\"Yıldız\",\"street\":\"Baarstraße "                      \
    "3\",\"city\":\"Iserlohn\"}"
#define TWO_CHILDREN                                                                                         \
    "{\"missing\":[\"birth_date\"],\"event\":\"2027-01-23-calliope\",\"persons\":[" CHILD("Elif") "," CHILD( \
        "Emre") "]}"
#define BORN(name, date) " [" name " Yıldız " date " Baarstraße 3 - Iserlohn]"

/* A birth date goes to the one it is said of, or to nobody. */
TEST(whose_birth_date)
{
    static const struct answer_row rows[] = {
        {TWO_CHILDREN, "Elif Yıldız, geboren am 14.02.2016",
         "ask answer:calliope" BORN("Elif", "2016-02-14") BORN("Emre", "-")},
        {TWO_CHILDREN, "Emre: 30.8.2017", "ask answer:calliope" BORN("Elif", "-") BORN("Emre", "2017-08-30")},
        {TWO_CHILDREN, "14.02.2016", "none+staff question"},
        {TWO_CHILDREN, "14.02.2016 und 30.08.2017",
         "act answer:calliope" BORN("Elif", "2016-02-14") BORN("Emre", "2017-08-30")},
        {TWO_CHILDREN, "Emre 30.08.2017\nElif 14.02.2016",
         "act answer:calliope" BORN("Elif", "2016-02-14") BORN("Emre", "2017-08-30")},
        {TWO_CHILDREN, "30.08.2017 (Emre), 14.02.2016 (Elif)",
         "act answer:calliope" BORN("Elif", "2016-02-14") BORN("Emre", "2017-08-30")},
        {TWO_CHILDREN, "Elif ist am 14.02.2016 geboren und Emre am 30.08.2017.\n\nViele Grüße\nAyşe Yıldız",
         "act answer:calliope" BORN("Elif", "2016-02-14") BORN("Emre", "2017-08-30")},
        {TWO_CHILDREN, "Elif und Emre: 14.02.2016, 30.08.2017",
         "none+staff answer:calliope" BORN("Elif", "-") BORN("Emre", "2016-02-14")},
        {TWO_CHILDREN, "Elif 14.02.2016, Emre 30.08.2017, Can 5.5.2014",
         "none+staff answer:calliope" BORN("Elif", "2016-02-14") BORN("Emre", "2017-08-30")},
        {TWO_CHILDREN, "Can 5.5.2014, Jule 7.1.2015",
         "none+staff answer:calliope" BORN("Elif", "-") BORN("Emre", "-")},
    };
    check_answers(rows, sizeof rows / sizeof *rows);
}

TEST(a_goodbye_is_taken_back_by_words_that_say_so)
{
#define GOODBYE "{\"keep_newsletter\":true}"
    static const struct answer_row rows[] = {
        {GOODBYE, "Ja", "act confirm"},
        {GOODBYE, "Guten Tag,\nja bitte!\nP. Müller", "act confirm"},
        {GOODBYE, "Ja, ich möchte den Newsletter weiter bekommen", "act confirm"},
        {GOODBYE, "Das war ein Versehen, bitte tragen Sie mich wieder ein.", "act confirm"},
        {GOODBYE, "Das war ich nicht!", "act confirm"},
        {GOODBYE, "Yes, I would like to keep the newsletter", "act confirm"},
        {GOODBYE, "Ja, danke für die schnelle Abmeldung!", "act decline"},
        {GOODBYE, "Ja, das war richtig so.", "act decline"},
        {GOODBYE, "Ok, danke", "act decline"},
        {GOODBYE, "Nein, das war kein Versehen.", "act decline"},
        {GOODBYE, "Nein danke, bitte nicht wieder eintragen.", "act decline"},
        {GOODBYE, "Nein, das war ein Versehen.", "none+staff confirm"},
        {GOODBYE, "Wo finde ich das Programm?", "none+staff question"},
    };
    check_answers(rows, sizeof rows / sizeof *rows);
}

TEST(an_issue_is_answered_to_leave_or_to_register)
{
    static const struct answer_row rows[] = {
        {"{\"only_newsletter\":true}", "Abmelden", "act unsubscribe"},
        {"{\"only_newsletter\":true}", "Bitte nehmen Sie mich raus, danke.", "act unsubscribe"},
        {"{\"only_newsletter\":true}", "Diese Mails interessieren mich nicht mehr.", "act unsubscribe"},
        {"{\"only_newsletter\":true}",
         "Ich melde mich zum Mapathon an. Petra Müller, 3.5.1958, Gartenweg 10, 58636 Iserlohn",
         "act register:mapathon"},
        {"{\"only_newsletter\":true}", "Vom Mapathon bitte wieder abmelden.", "act cancel:mapathon"},
        {"{\"only_newsletter\":true}", "Schöner Newsletter!", "none+staff question"},
        {"{\"only_newsletter\":true}", "Soll ich mich abmelden?", "none+staff question"},
        {"{\"only_newsletter\":true}", "Bitte meine Tochter vom Kurs abmelden.", "none+staff question"},
    };
    check_answers(rows, sizeof rows / sizeof *rows);
}

TEST(newsletter_confirmed)
{
    static const struct answer_row rows[] = {
        {"{\"newsletter\":true}", "Ja", "act confirm"},
        {"{\"newsletter\":true}", "Ja, bitte!", "act confirm"},
        {"{\"newsletter\":true}", "Guten Tag,\nja, gern.\nP. Müller", "act confirm"},
        {"{\"newsletter\":true}", "yes please", "act confirm"},
        {"{\"newsletter\":true}", "Ich möchte den Newsletter bekommen.", "act confirm"},
        {"{\"newsletter\":true}", "nein", "act decline"},
        {"{\"newsletter\":true}", "Nein danke, das war ein Irrtum.", "act decline"},
        {"{\"newsletter\":true}", "Wer sind Sie?", "none+staff question"},
        {"{\"newsletter\":true}", "Ja, ich möchte mich anmelden.", "act confirm"},
        {"{\"newsletter\":true}", "Ja bitte. Außerdem melde ich mich zum Mapathon an.", "act+staff confirm"},
        {"{\"which_cancel\":true,\"offered\":[\"2026-12-08-smartphone\",\"2027-01-12-smartphone\"]}",
         "die am 12.1.", "act cancel:smartphone"},
    };
    check_answers(rows, sizeof rows / sizeof *rows);
}

#define COUPLE                                                                                               \
    "\"event\":\"2027-02-02-mapathon\",\"persons\":[{\"first_name\":\"Petra\",\"last_name\":\"Müller\"},"   \
    "{\"first_name\":\"Hans\",\"last_name\":\"Müller\"}]}"
#define TWO_ANNAS                                                                                            \
    "\"event\":\"2027-02-02-mapathon\",\"persons\":[{\"first_name\":\"Anna\",\"last_name\":\"Müller\"},"    \
    "{\"first_name\":\"Anna\",\"last_name\":\"Schmidt\"}]}"
#define BOTH " [Petra Müller - - - -] [Hans Müller - - - -]"

TEST(yes_or_no_about_people)
{
    static const struct answer_row rows[] = {
        {"{\"place_given\":true," COUPLE, "Nein danke, das passt uns nicht mehr.", "act decline"},
        {"{\"place_given\":true," COUPLE, "Leider können wir nicht kommen.", "act decline"},
        {"{\"place_given\":true," COUPLE, "Absage\n\nPetra Müller", "act decline"},
        {"{\"place_given\":true," COUPLE, "Super, vielen Dank, wir kommen!", "act answer:mapathon" BOTH},
        {"{\"place_given\":true," COUPLE, "Ja gern", "act answer:mapathon" BOTH},
        {"{\"place_given\":true," COUPLE, "Wo ist das denn?", "none+staff question"},
        {"{\"place_given\":true," COUPLE, "Ich sage den Termin mit KI im Alltag am 3.12. ab.",
         "act cancel:ki-alltag"},
        {"{\"place_given\":true," COUPLE, "Guten Tag,\n\nnein danke.\n\nPetra Müller", "act decline"},
        {"{\"place_given\":true," COUPLE, "Super, das will ich nicht verpassen!", "none+staff question"},
        {"{\"place_given\":true," COUPLE, "Hans kann leider nicht kommen.", "act cancel:?"},
        {"{\"confirm_persons\":true," COUPLE, "Ja, bitte.", "act answer:mapathon" BOTH},
        {"{\"confirm_persons\":true," COUPLE, "Nein", "act decline"},
        {"{\"confirm_persons\":true," COUPLE, "Vielen Dank", "none+staff question"},
        {"{\"which_cancel\":true,\"missing\":[\"event\"]," COUPLE, "Hans",
         "act cancel:mapathon [Hans Müller]"},
        {"{\"which_cancel\":true,\"missing\":[\"event\"]," COUPLE, "2", "act cancel:mapathon [Hans Müller]"},
        {"{\"which_cancel\":true,\"missing\":[\"event\"]," COUPLE, "Alle", "act cancel:mapathon all"},
        {"{\"which_cancel\":true,\"missing\":[\"event\"]," COUPLE, "Wir beide.\n\nHans Müller",
         "act cancel:mapathon all"},
        {"{\"which_cancel\":true,\"missing\":[\"event\"]," COUPLE, "Nein, wir kommen doch.", "act decline"},
        {"{\"which_cancel\":true,\"missing\":[\"event\"]," TWO_ANNAS, "Anna Schmidt",
         "act cancel:mapathon [Anna Schmidt]"},
        {"{\"which_cancel\":true,\"missing\":[\"event\"]," TWO_ANNAS, "Anna", "none+staff question"},
    };
    check_answers(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    struct patterns *patterns;
    if (!start(&patterns)) {
        return 1;
    }
    RUN(answers);
    RUN(whose_birth_date);
    RUN(newsletter_confirmed);
    RUN(an_issue_is_answered_to_leave_or_to_register);
    RUN(a_goodbye_is_taken_back_by_words_that_say_so);
    RUN(yes_or_no_about_people);
    patterns_free(patterns);
    arena_free(arena);
    return check_done();
}
