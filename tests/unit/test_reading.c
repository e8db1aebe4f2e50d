/* tests/unit/test_reading.c: what mails want, row by row. */
#include "tests/unit/reading_rows.h"

#define DATA " Petra Müller, 3.5.1958, Gartenweg 10, 58636 Iserlohn"

struct row {
    const char *subject, *text, *want;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct reading reading;
        read_mail(rows[i].subject, rows[i].text, NULL, &reading);
        const char *got = in_words(&reading);
        CHECK_ROW(str_equal(got, rows[i].want), "\"%s\" / \"%s\"\n#      is %s\n#  wanted %s",
                  rows[i].subject, rows[i].text, got, rows[i].want);
    }
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof rows / sizeof *rows)

TEST(wishes)
{
    static const struct row rows[] = {
        {"Anmeldung", "Hiermit melde ich mich zum Mapathon an:" DATA, "act register:mapathon"},
        {"Mapathon", "Ich wäre gern beim Mapathon dabei." DATA, "act register:mapathon"},
        {"", "Könnten Sie mich bitte für den Mapathon eintragen?" DATA, "act register:mapathon"},
        {"", "Darf ich mich zum Mapathon anmelden?" DATA, "act register:mapathon"},
        {"Mapathon", "Setzen Sie mich bitte auf die Teilnehmerliste." DATA, "act register:mapathon"},
        {"", "Haben Sie beim Mapathon noch einen Platz? Dann melde ich mich hiermit an." DATA,
         "act register:mapathon"},
        {"", "Ist im Mapathon noch etwas frei? Wenn ja, bitte anmelden:" DATA, "act register:mapathon"},
        {"", "Falls noch Plätze da sind, würde ich gerne am Mapathon teilnehmen." DATA,
         "act register:mapathon"},
        {"", "Ich buche einen Platz beim Mapathon." DATA, "act register:mapathon"},
        {"", "Zum Mapathon am 2.2. sage ich gerne zu." DATA, "act register:mapathon"},
        {"", "Please register me for the mapathon on 2 February." DATA, "act register:mapathon"},
        {"", "I would like to attend the mapathon." DATA, "act register:mapathon"},
        {"Mapathon", "Ich komme." DATA, "act register:mapathon"},
        {"", "Mapathon, 2.2.2027\n" DATA, "act register:mapathon"},
        {"", "Ich möchte gern zum Mapathon kommen.", "ask register:mapathon"},
        {"", "Wir möchten uns für den Mapathon und für das Repair-Café anmelden." DATA,
         "act register:mapathon register:repair"},
        {"", "Meine Freundin war beim Balkon-Kurs begeistert. Ich möchte zum Mapathon." DATA,
         "act register:mapathon"},
        {"", "Nicht zum Mapathon, sondern zum Repair-Café möchte ich mich anmelden." DATA,
         "act register:repair"},
    };
    CHECK_ROWS(rows);
}

TEST(no_wishes)
{
    static const struct row rows[] = {
        {"Mapathon", "Wie kann ich mich zum Mapathon anmelden?", "none+staff question"},
        {"Re: Ihr Newsletter ist abbestellt", "Wer sind Sie eigentlich?", "none+staff question"},
        {"Re: Newsletter abbestellen", "", "act unsubscribe"},
        {"Mapathon", "Kann man sich noch zum Mapathon anmelden?", "none+staff question"},
        {"Mapathon", "Ich überlege noch, ob ich zum Mapathon komme." DATA, "none+staff question"},
        {"Mapathon", "Ich möchte mich noch nicht anmelden." DATA, "none+staff question"},
        {"Mapathon", "Nur wenn der Raum barrierefrei ist, möchte ich zum Mapathon kommen." DATA,
         "none+staff question"},
        {"Mapathon", "Ich komme nur, falls mein Hund mit darf." DATA, "none+staff question"},
        {"Mapathon", "Darf mein Hund mit? Wenn ja, melde ich mich an." DATA, "none+staff question"},
        {"Mapathon", "Vielleicht komme ich zum Mapathon." DATA, "none+staff question"},
        {"Mapathon", "Ich habe mich nie zum Mapathon angemeldet!", "none+staff question"},
        {"Mapathon", "Ich habe mich zum Mapathon angemeldet, aber keine Bestätigung erhalten.",
         "none+staff question"},
        {"", "Vielen Dank für die schöne Veranstaltung!", "none+staff question"},
        {"", "", "none+staff question"},
        {"Mapathon", "Was kostet der Mapathon?", "none+staff question"},
        {"Mapathon", "Ich würde gern wissen, ob man beim Mapathon einen Laptop braucht.",
         "none+staff question"},
        {"Mapathon", "How can I register for the mapathon?", "none+staff question"},
        {"Mapathon", "Merhaba, mapathon için kayıt olmak istiyorum. Teşekkürler.", "none+staff question"},
    };
    CHECK_ROWS(rows);
}

TEST(two_concerns)
{
    static const struct row rows[] = {
        {"Mapathon", "Ich melde mich an." DATA "\n\nMuss ich einen Laptop mitbringen?",
         "act+staff question register:mapathon"},
        {"Mapathon", "Ich melde mich an." DATA "\n\nBitte auch in den Newsletter aufnehmen.",
         "act register:mapathon subscribe"},
        {"", "Bitte den Newsletter abbestellen. Zum Mapathon komme ich aber gern." DATA,
         "act register:mapathon unsubscribe"},
        {"", "Den Mapathon muss ich absagen. Gibt es einen neuen Termin?",
         "act+staff cancel:mapathon question"},
        {"", "Bitte buchen Sie mich vom 8.12. auf den 12.1. in der Smartphone-Sprechstunde um." DATA,
         "act cancel:smartphone register:smartphone"},
        {"", "Ich kann leider nicht zum Mapathon kommen. Stattdessen kommt mein Mann:" DATA,
         "act cancel:mapathon register:mapathon"},
        {"",
         "Zur Smartphone-Sprechstunde am 8.12. kann ich nicht. Buchen Sie mich auf Open Data am 26.1. "
         "um." DATA,
         "act cancel:smartphone register:open-data"},
        {"Mapathon", "Ich melde mich an." DATA "\n\nBitte bestätigen Sie mir das kurz. Ist das so richtig?",
         "act register:mapathon"},
    };
    CHECK_ROWS(rows);
}

/* Whether an event is over is the desk's to say: the reading names it. */
TEST(events_that_are_over)
{
    static const struct row rows[] = {
        {"", "Ich melde mich zu KI im Alltag am 14.10.2026 an." DATA, "act register:ki-alltag"},
        {"KI im Alltag", "Für den 14. Oktober möchte ich mich anmelden." DATA, "act register:ki-alltag"},
        {"", "Hiermit melde ich mich zum Mapathon am 14.10.2026 an." DATA, "ask register:?"},
        {"", "Am 14.10. war ich leider verhindert. Ich möchte gern zum Mapathon kommen." DATA,
         "act register:mapathon"},
    };
    CHECK_ROWS(rows);
    struct reading reading;
    read_mail("", rows[0].text, NULL, &reading);
    CHECK_STR(reading.intents.at[0].event, "2026-10-14-ki-alltag");
}

TEST(cancellations)
{
    static const struct row rows[] = {
        {"Absage", "Leider kann ich am 2. Februar nicht zum Mapathon kommen.", "act cancel:mapathon"},
        {"", "Hiermit storniere ich meine Anmeldung zum Mapathon.", "act cancel:mapathon"},
        {"Re: Bestätigung: Mapathon am 02.02.2027", "Ich muss leider wieder absagen.", "act cancel:mapathon"},
        {"", "Ich ziehe meine Anmeldung zurück.", "act cancel:?"},
        {"", "Ich sage nicht ab, ich komme zum Mapathon nur später.", "none+staff question"},
        {"", "Falls ich den Mapathon absagen muss, sage ich Bescheid.", "none+staff question"},
        {"", "Wie kann ich meine Anmeldung zum Mapathon stornieren?", "none+staff question"},
        {"", "Bitte streichen Sie mich von der Liste für den Mapathon, ich bin krank.",
         "act cancel:mapathon"},
        {"", "Please cancel my registration for the mapathon.", "act cancel:mapathon"},
    };
    CHECK_ROWS(rows);
}

TEST(newsletter)
{
    static const struct row rows[] = {
        {"Newsletter", "Bitte schicken Sie mir Ihren Newsletter.", "act subscribe"},
        {"Newsletter", "Ich möchte den Newsletter nicht mehr bekommen.", "act unsubscribe"},
        {"Newsletter", "Bitte abmelden.", "act unsubscribe"},
        {"Re: Newsletter Stadtlabor November 2026", "Bitte streichen Sie mich.", "act unsubscribe"},
        {"", "Bitte nehmen Sie hans@example.com in den Newsletter auf.", "act subscribe@hans@example.com"},
        {"", "Den Newsletter möchte ich nicht abbestellen.", "none+staff question"},
        {"", "Ich habe den Newsletter nie bestellt. Bitte nehmen Sie mich aus dem Verteiler.",
         "act unsubscribe"},
        {"", "I'd like to subscribe to your newsletter.", "act subscribe"},
        {"", "unsubscribe", "act unsubscribe"},
        {"Newsletter", "unsubscribe", "act unsubscribe"},
    };
    CHECK_ROWS(rows);
}

TEST(privacy)
{
    static const struct row rows[] = {
        {"", "Welche Daten haben Sie über mich gespeichert?", "none+staff privacy"},
        {"DSGVO", "Bitte löschen Sie alle meine Daten.", "none+staff privacy"},
        {"", "Please delete all my personal data.", "none+staff privacy"},
        {"Mapathon", "Ich melde mich an und bin einverstanden, dass meine Daten gespeichert werden." DATA,
         "act register:mapathon"},
    };
    CHECK_ROWS(rows);
}

TEST(a_robot_never_confirms)
{
    struct expected expected = {.confirm_newsletter = true};
    struct reading reading;
    struct letter letter;
    struct error err;
    static const char mail[] = "From: a@example.org\nAuto-Submitted: auto-replied\nSubject: Re: Newsletter\n"
                               "Content-Type: text/plain\n\nJa, ich bin bis zum 3.12. im Urlaub.\n";
    CHECK(letter_read(arena, mail, sizeof mail - 1, true, &letter, &err));
    read_letter(arena, &reader, &letter, &expected, &reading);
    CHECK_STR(in_words(&reading), "none auto_reply");
}

TEST(as_json)
{
    struct reading reading;
    read_mail("Mapathon", "Ich melde mich an." DATA, NULL, &reading);
    CHECK_STR(
        reading_json(arena, &reading, "a.eml", false),
        "{\"file\":\"a.eml\",\"auto\":\"act\",\"staff\":false,\"intents\":[{\"kind\":\"register\",\"event\":"
        "\"2027-02-02-mapathon\",\"missing\":[],\"persons\":[{\"first_name\":\"Petra\",\"last_name\":"
        "\"Müller\","
        "\"birth_date\":\"1958-05-03\",\"street\":\"Gartenweg 10\",\"postal_code\":\"58636\",\"city\":"
        "\"Iserlohn\"}]}]}");
    CHECK(strstr(reading_json(arena, &reading, NULL, true), "\"evidence\"") != NULL);
}

/* Wishes in words that no pattern knows are told by all words of the mail, where data and an event are there.
 */
TEST(weighed)
{
    static const struct row rows[] = {
        {"Repair-Café",
         "am 6. Februar reparieren Sie ja wieder. Mein Toaster streikt, den packe ich ein und wäre froh um "
         "einen "
         "Platz an Ihrem Tisch." DATA,
         "act register:repair"},
        {"Keine Antwort",
         "ich habe weder eine Zusage noch eine Absage zum Mapathon, und am Telefon geht niemand ran.",
         "none+staff question"},
        {"Absage", "Ich kann am 2.2. nicht zum Mapathon kommen.", "act cancel:mapathon"},
        {"Mapathon", "Absage", "act cancel:mapathon"},
        {"Absage", "Am 10.12. heiratet meine Tochter, da muss ich den Mapathon am 2.2. absagen.",
         "act cancel:mapathon"},
        {"Absage",
         "Ich kann am 2.2. wohl nicht zum Mapathon kommen, genau weiß ich es aber erst am Freitag, bitte "
         "noch nicht streichen.",
         "none+staff cancel:mapathon question"},
    };
    CHECK_ROWS(rows);
}

/* What names more than anybody does is not read, however it is said. */
TEST(too_much)
{
    struct text many = text_new(arena, 16000);
    for (int i = 0; i < 700; i++) {
        text_add(&many, "Kann nicht am 2.2. ");
    }
    struct reading reading;
    read_mail("Mapathon", many.s, NULL, &reading);
    CHECK_STR(in_words(&reading), "none+staff question");
}

/* What nothing explains is for a person: a request besides, a word that takes back instead. */
TEST(left_over_words)
{
    static const struct row rows[] = {
        {"Mapathon",
         "Ich melde mich an." DATA "\n\nSagen Sie bitte Herrn Wolf, dass ich den Beamer mitbringe.",
         "act+staff question register:mapathon"},
        {"Mapathon", "Ich melde mich an." DATA "\n\nIch bräuchte hinterher etwas Schriftliches.",
         "act+staff question register:mapathon"},
        {"Mapathon", "Ich melde mich an." DATA "\n\nBitte bestätigen Sie mir das kurz.",
         "act register:mapathon"},
        {"", "Ich melde mich zum Mapathon an." DATA "\n\nZum Repair-Café gehe ich aber nicht.",
         "none+staff register:mapathon"},
        {"", "Wir sind zu zweit für den Mapathon angemeldet. Meine Frau kann leider nicht kommen.",
         "none+staff cancel:mapathon"},
        {"", "Ich würde am Mapathon teilnehmen.", "none+staff question"},
    };
    CHECK_ROWS(rows);
}

TEST(surnames_that_are_words)
{
    static const struct row rows[] = {
        {"Anmeldung", "Ich melde mich an: Anne Fuhr, 3.5.1958, Gartenweg 10, 58636 Iserlohn",
         "ask register:?"},
        {"Anmeldung",
         "Ich melde meinen Sohn Ben Karte an, 3.5.2014, Gartenweg 10, 58636 Iserlohn.\n\n"
         "Viele Grüße\nOtto Karte",
         "ask register:?"},
        {"Anmeldung Petra Müller", "Ich melde mich an." DATA, "ask register:?"},
        {"Anmeldung", "Frau Ida Strom melde ich zum Rundgang an, 3.5.1958, Gartenweg 10, 58636 Iserlohn.",
         "act register:rundgang"},
    };
    CHECK_ROWS(rows);
}

/* A letter too long to be read whole may say anything further down. */
TEST(a_letter_cut_is_for_staff)
{
    struct reading reading;
    struct letter letter = {
        .subject = "Mapathon", .text = "Ich melde mich an." DATA, .defects = LETTER_TEXT_CUT};
    read_letter(arena, &reader, &letter, NULL, &reading);
    CHECK_STR(in_words(&reading), "none+staff question");
}

/* What speaks against a reading is not made up for by what speaks for another wish of the mail. */
TEST(doubt_stays)
{
    struct reading reading;
    read_mail("Mapathon",
              "Ich melde mich an." DATA
              "\n\nZum Repair-Café gehe ich aber nicht. Bitte auch in den Newsletter aufnehmen.",
              NULL, &reading);
    CHECK(reading.automatic == READING_NONE);
    CHECK(reading.confidence < READING_CAUTION);
}

TEST(caution_sends_to_staff)
{
    struct reading reading;
    reader.caution = 101;
    read_mail("Mapathon", "Ich melde mich an." DATA, NULL, &reading);
    reader.caution = READING_CAUTION;
    CHECK_STR(in_words(&reading), "none+staff register:mapathon");
    CHECK(reading.why_staff != NULL);
}

int main(void)
{
    struct patterns *patterns;
    if (!start(&patterns)) {
        return 1;
    }
    RUN(wishes);
    RUN(no_wishes);
    RUN(weighed);
    RUN(too_much);
    RUN(two_concerns);
    RUN(events_that_are_over);
    RUN(cancellations);
    RUN(newsletter);
    RUN(privacy);
    RUN(a_robot_never_confirms);
    RUN(as_json);
    RUN(left_over_words);
    RUN(surnames_that_are_words);
    RUN(a_letter_cut_is_for_staff);
    RUN(doubt_stays);
    RUN(caution_sends_to_staff);
    patterns_free(patterns);
    arena_free(arena);
    return check_done();
}
