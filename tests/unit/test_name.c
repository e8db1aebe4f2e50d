#include "parsers/person/name.h"

#include "base/text.h"
#include "tests/unit/shipped.h"

/* Words, and "first|last" as they are read; "" for words that are no name. */
static const struct {
    const char *words, *name;
} rows[] = {
    {"Petra Müller", "Petra|Müller"},
    {"Müller, Petra", "Petra|Müller"},
    {"KNAPP Werner", "Werner|Knapp"},
    {"Kaczmarek Tomasz", "Tomasz|Kaczmarek"},
    {"Dr. Friedrich-Wilhelm von der Heyden", "Friedrich-Wilhelm|von der Heyden"},
    {"Prof. Dr. Eberhard von Plettendorf", "Eberhard|von Plettendorf"},
    {"Frau Kowalczyk", "-|Kowalczyk"},
    {"Herrn Dr. Al-Khatib", "-|Al-Khatib"},
    {"Familie Tillmann", "-|Tillmann"},
    {"Brigitte und Horst Wember", "-|Wember"},
    {"Johanna van Elten", "Johanna|van Elten"},
    {"Rafaela Nogueira da Silva", "Rafaela|Nogueira da Silva"},
    {"Nguyen Thi Minh Anh", "Thi Minh Anh|Nguyen"},
    {"Duc Anh Pham", "Duc Anh|Pham"},
    {"Karl Heinz Schröder", "Karl Heinz|Schröder"},
    {"Lohöfer, Christian (KAN-RV)", "Christian|Lohöfer"},
    {"Ursula Wiemann (geb. Köster)", "Ursula|Wiemann"},
    {"Maria Hülsmann geb. Lübke", "Maria|Hülsmann"},
    {"E. Nagel", "-|Nagel"},
    {"Andy K.", "Andy|-"},
    {"ruairí o'donoghue", "Ruairí|O'Donoghue"},
    {"MÜLLER-LÜDENSCHEIDT", "-|Müller-Lüdenscheidt"},
    {"PETROVIĆ, DRAGAN", "Dragan|Petrović"},
    {"Yılmaz Sevda", "Sevda|Yılmaz"},
    {"Viele Grüße", ""},
    {"Guten Tag", ""},
    {"Anmeldung zum Kurs", ""},
    {"Stadtlabor Iserlohn", ""},
    {"3.5.1958", ""},
    {"", ""},
};

static const struct {
    const char *written, *tidied;
} tidied[] = {
    {"VON DER HEIDE", "von der Heide"},
    {"o'brien", "O'Brien"},
    {"müller-lüdenscheidt", "Müller-Lüdenscheidt"},
    {"PETRA", "Petra"},
    {"van der Velde", "van der Velde"},
    {"McDonald", "McDonald"},
    {"yılmaz", "Yılmaz"},
    {"  anna   maria ", "Anna Maria"},
};

TEST(first_and_last_names)
{
    struct patterns *patterns = shipped_patterns();
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct name n;
        const char *got = "";
        if (name_parse(arena, patterns, rows[i].words, NAME_ORDER_ANY, &n)) {
            got =
                arena_printf(arena, "%s|%s", n.first == NULL ? "-" : n.first, n.last == NULL ? "-" : n.last);
        }
        CHECK_ROW(str_equal(got, rows[i].name), "\"%s\" is \"%s\", wanted \"%s\"", rows[i].words, got,
                  rows[i].name);
    }
    arena_free(arena);
    patterns_free(patterns);
}

TEST(names_are_tidied)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof tidied / sizeof *tidied; i++) {
        CHECK_STR(name_tidy(arena, tidied[i].written), tidied[i].tidied);
    }
    arena_free(arena);
}

TEST(the_same_person)
{
    struct arena *arena = arena_new();
    struct name petra = {.first = "Petra", .last = "Müller"}, p = {.initial = "P.", .last = "Mueller"},
                karl = {.first = "Karl", .last = "Müller"}, other = {.first = "Petra", .last = "Meier"},
                first = {.first = "petra"};
    CHECK(name_same(arena, &petra, &p));
    CHECK(name_same(arena, &petra, &first));
    CHECK(!name_same(arena, &petra, &karl));
    CHECK(!name_same(arena, &petra, &other));
    arena_free(arena);
}

int main(void)
{
    RUN(first_and_last_names);
    RUN(names_are_tidied);
    RUN(the_same_person);
    return check_done();
}
