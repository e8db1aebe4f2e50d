#include "parsers/reading/topic.h"
#include "tests/unit/shipped.h"

static struct patterns *patterns;

static const struct {
    const char *subject, *text;
    enum topic topic;
} rows[] = {
    {"Terminanfrage", "Guten Tag, wann kann ich einmal vorbeikommen?", TOPIC_APPOINTMENT},
    {"Beratung", "Ich hätte gern einen Termin bei Ihnen, gern vormittags.", TOPIC_APPOINTMENT},
    {"", "Bitte um Rückruf unter meiner Nummer, danke!", TOPIC_APPOINTMENT},
    {"Nähkurs", "Welche Termine gibt es noch für den Nähkurs?", TOPIC_EVENT},
    {"Frage", "Kostet der Workshop am Samstag etwas?", TOPIC_EVENT},
    {"Frage", "Können auch Kinder teilnehmen?", TOPIC_EVENT},
    {"Idee für die Innenstadt", "Wie wäre es mit mehr Bänken und Bäumen am Alten Rathaus?", TOPIC_IDEA},
    {"Vorschlag", "Ich habe einen Vorschlag für einen neuen Kurs.", TOPIC_IDEA},
    {"Beschwerde", "Der letzte Workshop war eine Zumutung, niemand war da.", TOPIC_COMPLAINT},
    {"", "Ich bin sehr enttäuscht, dass mein Kurs ohne ein Wort ausgefallen ist.", TOPIC_COMPLAINT},
    {"Adressänderung", "Ich bin umgezogen, meine neue Anschrift: Am Markt 3.", TOPIC_DATA},
    {"Anmeldung", "Mein Name ist in der Bestätigung falsch geschrieben.", TOPIC_DATA},
    {"Datenschutz", "Bitte löschen Sie alle meine Daten.", TOPIC_PRIVACY},
    {"Auskunft", "Welche Daten haben Sie von mir gespeichert?", TOPIC_PRIVACY},
    {"Presseanfrage", "Wir möchten über das Stadtlabor berichten und ein Interview führen.", TOPIC_PRESS},
    {"Could we meet?", "I would like to make an appointment.", TOPIC_APPOINTMENT},
    {"Frage", "Gibt es bei Ihnen einen Aufzug?", TOPIC_OTHER},
    {"", "", TOPIC_OTHER},
};

TEST(a_mail_has_the_topic_that_its_words_say)
{
    struct programme programme = {0};
    struct reader reader = {.patterns = patterns, .programme = &programme, .today = {2026, 11, 22}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        struct letter letter = {.subject = rows[i].subject, .text = rows[i].text, .to = ""};
        struct reading reading;
        struct evidence evidence;
        letter.from.address = "petra@example.org";
        read_letter(arena, &reader, &letter, NULL, &reading);
        enum topic topic = topic_find(arena, patterns, &letter, &reading, &evidence);
        CHECK_ROW(topic == rows[i].topic, "%s | %s: %s, wanted %s", rows[i].subject, rows[i].text,
                  topic_name(topic), topic_name(rows[i].topic));
        CHECK_ROW((evidence.words != NULL) == (topic != TOPIC_OTHER), "%s", rows[i].text);
        arena_free(arena);
    }
}

TEST(every_topic_has_a_name_and_words)
{
    for (int t = 0; t < TOPICS; t++) {
        CHECK(topic_name(t)[0] != '\0' && topic_words(topic_name(t))[0] != '\0');
    }
    CHECK(topic_words("nonsense")[0] == '\0');
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(a_mail_has_the_topic_that_its_words_say);
    RUN(every_topic_has_a_name_and_words);
    patterns_free(patterns);
    return check_done();
}
