/* tests/unit/test_person_account.c: what of people, dates and addresses is left over, and stops the machine.
 */
#include "parsers/person/person.h"

#include "base/text.h"
#include "tests/unit/shipped.h"

#define PETRA "Petra Müller, geb. 3.5.1958, Gartenweg 10, 58636 Iserlohn. "

/* A row: what Petra Müller writes, and the code of the reason against it; "": none. */
static const struct {
    const char *text, *code;
} rows[] = {
    {"Ich melde mich an. " PETRA, ""},
    {"Ich melde mich an. " PETRA "Viele Grüße auch an Frau Lindemann.", ""},
    {"Auf Empfehlung von Sabine Krause melde ich mich an. " PETRA, ""},
    {"Ich melde mich an. " PETRA "Mein Mann Otto kommt nicht mit.", ""},
    {"Ich melde mich an. " PETRA "Kurt Lehmann würde gern mitkommen.", "left_name"},
    {"Ich melde mich an. " PETRA "Was ist eigentlich mit Jonas?", "left_name"},
    {"Ich melde mich an. " PETRA "Mein Bruder Kurt (Jahrgang 1961).", "left_name"},
    {"Ich melde mich an. " PETRA "Oder geboren am 4.4.1961?", "left_birth_date"},
    {"Ich melde mich an. " PETRA "Außerdem Bergstraße 7, 58640 Iserlohn.", "left_address"},
    {"Ich melde mich an. " PETRA "Das Büro liegt in der Bergstraße 7, 58640 Iserlohn.", ""},
    {"Bitte anmelden. Sie ist am 4.4.2015 geboren. Gartenweg 10, 58636 Iserlohn.", "whose_birth_date"},
    {"Wir kommen alle außer Ben: Ben Müller, 1.2.2012, Ida Müller, 3.4.2014.", ""},
    {"Es kommt nur Ben: Ben Müller, 1.2.2012, Ida Müller, 3.4.2014.", "only_some"},
    {"Meine Tochter Ida Müller, geb. 3.4.2014. Ich bin am 5. Mai geboren.", "own_birthday"},
};

static const char *code_against(const struct persons *persons)
{
    for (size_t i = 0; i < persons->reasons.n; i++) {
        if (persons->reasons.at[i].points <= -100) {
            return persons->reasons.at[i].code;
        }
    }
    return "";
}

TEST(what_is_left_over)
{
    struct patterns *patterns = shipped_patterns();
    struct programme programme = {0};
    struct reader reader = {.patterns = patterns, .programme = &programme, .today = {2026, 11, 22}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct letter letter = {.from = {.address = "petra.mueller@example.org", .name = "Petra Müller"},
                                .subject = ""};
        struct own_words own = {.text = rows[i].text, .closing = "", .signature = ""};
        struct persons persons;
        persons_find(arena, &reader, &letter, &own, &persons);
        CHECK_ROW(str_equal(code_against(&persons), rows[i].code), "\"%s\" is \"%s\", wanted \"%s\"",
                  rows[i].text, code_against(&persons), rows[i].code);
    }
    arena_free(arena);
    patterns_free(patterns);
}

int main(void)
{
    RUN(what_is_left_over);
    return check_done();
}
