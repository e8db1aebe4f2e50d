#include "parsers/person/person.h"

#include "base/text.h"
#include "tests/unit/shipped.h"

/* A row: display name, text, closing (part of the text; NULL: none), and the people as
 * "first|last|birth|street|code|city", "-" for what is not known, parted by " & ". */
static const struct {
    const char *display, *text, *closing, *persons;
} rows[] = {
    {"Petra Müller",
     "Vorname: Petra\nName: Müller\nGeburtsdatum: 03.05.1958\nAdresse: Duloh 20, 58638 Iserlohn", NULL,
     "Petra|Müller|1958-05-03|Duloh 20|58638|Iserlohn"},
    {NULL, "Name: Müller, Petra\ngeb. 3.5.58\nPLZ/Ort: 58638 Iserlohn\nStraße: Duloh 20", NULL,
     "Petra|Müller|1958-05-03|Duloh 20|58638|Iserlohn"},
    {NULL, "ich melde mich an: Petra Müller, 3.5.58, Duloh 20, 58638 Iserlohn", NULL,
     "Petra|Müller|1958-05-03|Duloh 20|58638|Iserlohn"},
    {NULL, "Müller | Petra | 03.05.1958 | Gartenstraße 3 | 58638 | Iserlohn", NULL,
     "Petra|Müller|1958-05-03|Gartenstraße 3|58638|Iserlohn"},
    {NULL, "Hiermit melde ich, Petra Müller (geb. 3.5.58, Nordstraße 10, 58636 Iserlohn), mich an.", NULL,
     "Petra|Müller|1958-05-03|Nordstraße 10|58636|Iserlohn"},
    {NULL, "PETRA MÜLLER\nGEB. 3.5.1958\nDULOH 20\n58638 ISERLOHN", NULL,
     "Petra|Müller|1958-05-03|Duloh 20|58638|Iserlohn"},
    {"Petra Müller",
     "ich komme gern. Geboren bin ich am 3.5.1958 und wohne Duloh 20, 58638 Iserlohn.\n\nLG\nPetra",
     "LG\nPetra", "Petra|Müller|1958-05-03|Duloh 20|58638|Iserlohn"},
    {"Petra Müller",
     "ich möchte meine Tochter Emilia anmelden. Sie ist am 4.4.2015 geboren. Wir wohnen Am Tyrol 15, 58636 "
     "Iserlohn.\n\nViele "
     "Grüße\nPetra Müller",
     "Viele Grüße\nPetra Müller", "Emilia|Müller|2015-04-04|Am Tyrol 15|58636|Iserlohn"},
    {"Karl Müller",
     "meine Frau und ich möchten kommen. Meine Frau Helga ist am 12.12.1949 geboren, ich selbst am 3. "
     "Februar 1947. Wir wohnen "
     "Hochstraße 31 in 58636 Iserlohn.",
     NULL,
     "Helga|Müller|1949-12-12|Hochstraße 31|58636|Iserlohn & Karl|Müller|1947-02-03|Hochstraße "
     "31|58636|Iserlohn"},
    {"Karl Müller",
     "ich komme, meine Frau kommt nicht mit. Karl Müller, 3.2.1947, Hochstraße 31, 58636 Iserlohn", NULL,
     "Karl|Müller|1947-02-03|Hochstraße 31|58636|Iserlohn"},
    {"Carsten Nölle",
     "ich melde meine Mutter an. Sie hat kein E-Mail:\n\nWaltraud Nölle, geboren 17.04.1939, wohnhaft "
     "Schulstraße 61, 58642 "
     "Letmathe.\n\nGruß\nCarsten Nölle",
     "Gruß\nCarsten Nölle", "Waltraud|Nölle|1939-04-17|Schulstraße 61|58642|Letmathe"},
    {"Ciarán Doyle", "Ciarán Doyle, 4.7.1987, Schützenstr. 9, 58644 Iserlohn\n\nGruß\nC.", "Gruß\nC.",
     "Ciarán|Doyle|1987-07-04|Schützenstr. 9|58644|Iserlohn"},
    {NULL, "Frau Kowalczyk, geb. 30.05.1968, Bremsheide 20, 58638 Iserlohn.", NULL,
     "-|Kowalczyk|1968-05-30|Bremsheide 20|58638|Iserlohn"},
    {NULL, "Ich heiße Petra Müller, bin Baujahr 1948, genauer am 21.06. jenes Jahres geboren.", NULL,
     "Petra|Müller|1948-06-21|-|-|-"},
    {NULL,
     "Petra Müller, geboren 12.03.1967 – Verzeihung, Zahlendreher: 12.03.1976!\nLange Straße 8, 58636 "
     "Iserlohn",
     NULL, "Petra|Müller|1976-03-12|Lange Straße 8|58636|Iserlohn"},
    {NULL,
     "1) Schulte, Reinhold, 12.01.1950, Auf dem Brink 4, 58640 Iserlohn\n2) Zdunek, Halina, 31.10.1955, "
     "Ruhrtalstraße 88, "
     "58239 Schwerte",
     NULL,
     "Reinhold|Schulte|1950-01-12|Auf dem Brink 4|58640|Iserlohn & Halina|Zdunek|1955-10-31|Ruhrtalstraße "
     "88|58239|Schwerte"},
    {NULL, "moin, jan-niklas ott, 4.12.01, grüner weg 22b 58644 iserlohn", NULL,
     "Jan-Niklas|Ott|2001-12-04|Grüner Weg 22b|58644|Iserlohn"},
    {"Lena", "ich bin 68 Jahre alt, geheiratet haben wir am 3.5.1958.\n\nLG\nLena Voss", "LG\nLena Voss",
     "Lena|Voss|-|-|-|-"},
    {"Petra Müller",
     "Bitte tragt Ida und Ben Müller ein, beide am selben Tag geboren, nämlich am 17.03.2015, und "
     "dazu Mina Krause, die am 2.9.2016 geboren ist. Wir wohnen alle Duloh 20, 58638 Iserlohn.",
     NULL,
     "Ida|Müller|2015-03-17|Duloh 20|58638|Iserlohn & Ben|Müller|2015-03-17|Duloh 20|58638|Iserlohn & "
     "Mina|Krause|2016-09-02|Duloh 20|58638|Iserlohn"},
    {"Petra Müller",
     "Seit Mai lebt Samira Haddad bei uns. Sie ist am 16.9.2014 geboren. Ich möchte sie anmelden. "
     "Unsere Adresse: Duloh 20, 58638 Iserlohn.",
     NULL, "Samira|Haddad|2014-09-16|Duloh 20|58638|Iserlohn"},
    {"Petra Müller",
     "Ich bin die Oma von Jonas und melde ihn an. Er heißt mit Nachnamen Krause, geboren ist er am "
     "30.6.2014.",
     NULL, "Jonas|Krause|2014-06-30|-|-|-"},
    {"Petra Müller", "ich melde vier Kinder an: Ida Müller (geb. 3.5.2014), Leon Brandt und Mia Brandt.",
     NULL, "Ida|Müller|2014-05-03|-|-|- & Leon|Brandt|-|-|-|- & Mia|Brandt|-|-|-|-"},
    {"Petra Müller",
     "eigentlich wollten mein Mann Karl (geb. 6.7.1957) und ich kommen. Melden Sie nur mich an: Petra "
     "Müller, 25.1.1960, Duloh 20, 58638 Iserlohn",
     NULL, "Petra|Müller|1960-01-25|Duloh 20|58638|Iserlohn"},
    {"\"Müller, Petra (KAN-RV)\"", "bitte melden Sie mich an.", NULL, "Petra|Müller|-|-|-|-"},
    {"petra.mueller@example.org", "bitte melden Sie mich an.", NULL, "-|-|-|-|-|-"},
    /* a word longer than what is searched for a firm's name before an address */
    {"Petra Müller",
     "Ich komme. Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,Hembergstraße 3, 58640 "
     "Iserlohn",
     NULL, "Petra|Müller|-|Hembergstraße 3|58640|Iserlohn"},
};

static const char *value(const struct person *p, enum person_field field)
{
    return p->field[field].value == NULL ? "-" : p->field[field].value;
}

TEST(who_takes_part)
{
    struct patterns *patterns = shipped_patterns();
    struct programme programme = {0};
    struct reader reader = {.patterns = patterns, .programme = &programme, .today = {2026, 11, 22}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct letter letter = {.from = {.address = "somebody@example.org", .name = rows[i].display},
                                .subject = ""};
        struct own_words own = {
            .text = rows[i].text, .closing = rows[i].closing == NULL ? "" : rows[i].closing, .signature = ""};
        struct persons persons;
        persons_find(arena, &reader, &letter, &own, &persons);
        struct text got = text_new(arena, 2000);
        for (size_t k = 0; k < persons.person.n; k++) {
            const struct person *p = &persons.person.at[k];
            text_printf(&got, "%s%s|%s|%s|%s|%s|%s", k > 0 ? " & " : "", value(p, FIRST_NAME),
                        value(p, LAST_NAME), value(p, BIRTH_DATE), value(p, STREET), value(p, POSTAL_CODE),
                        value(p, CITY));
            for (int f = 0; f < PERSON_FIELDS; f++) {
                CHECK((p->field[f].value == NULL) == (p->field[f].evidence.words == NULL));
                CHECK(p->field[f].value == NULL || p->field[f].evidence.where != NULL);
            }
        }
        CHECK_ROW(str_equal(got.s, rows[i].persons), "\"%s\" has \"%s\", wanted \"%s\"", rows[i].text, got.s,
                  rows[i].persons);
    }
    arena_free(arena);
    patterns_free(patterns);
}

int main(void)
{
    RUN(who_takes_part);
    return check_done();
}
