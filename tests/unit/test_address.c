#include "parsers/person/address.h"

#include "base/text.h"
#include "tests/unit/shipped.h"

/* A row: a text, and each address in it as "street|code|city", "-" for what is not said, "(…)" for
 * a street without a number; parted by " & ". */
static const struct {
    const char *text, *addresses;
} rows[] = {
    {"Adresse: Hardtstraße 52, 58640 Iserlohn", "Hardtstraße 52|58640|Iserlohn"},
    {"Am Dicken Turm 4,  58636 Iserlohn", "Am Dicken Turm 4|58636|Iserlohn"},
    {"wohne in der Schlesischen Straße 118 in 58636 Iserlohn.", "Schlesische Straße 118|58636|Iserlohn"},
    {"Gerlingser Weg 21, 58638 Iserlohn", "Gerlingser Weg 21|58638|Iserlohn"},
    {"wohnhaft Im Wiesengrund 9, 58640 Iserlohn", "Im Wiesengrund 9|58640|Iserlohn"},
    {"Unnaer Str. 12a, 58636 Iserlohn / Tel. 0170-5550177", "Unnaer Str. 12a|58636|Iserlohn"},
    {"PLZ / Ort\t58640 Iserlohn\nStraße, Nr.\tLeckinger Straße 204", "Leckinger Straße 204|58640|Iserlohn"},
    {"Dördelweg 27\n58638 Iserlohn", "Dördelweg 27|58638|Iserlohn"},
    {"BÖMBERGRING 17\n58636 ISERLOHN\nTEL 02371 5550812", "Bömbergring 17|58636|Iserlohn"},
    {"19.12.1994, friedrichstr. 88, 58636 iserlohn", "Friedrichstr. 88|58636|Iserlohn"},
    {"Wir wohnen Am Tyrol 15, 58636 Iserlohn. Emilia", "Am Tyrol 15|58636|Iserlohn"},
    {"Adresse ist Baarstr. 112 58636 Iserlohn. Meine", "Baarstr. 112|58636|Iserlohn"},
    {"Theodor-Heuss-Ring 41\n58636 Iserlohn", "Theodor-Heuss-Ring 41|58636|Iserlohn"},
    {"wohne in der Gartenstraße 60 in 58636 Iserlohn", "Gartenstraße 60|58636|Iserlohn"},
    {"Poth 9\n58638 Iserlohn", "Poth 9|58638|Iserlohn"},
    {"Bergstr. 5-7, 58644 Iserlohn", "Bergstr. 5-7|58644|Iserlohn"},
    {"Straße >> Alexanderhöhe 11\nWohnort >> 58644 Iserlohn", "Alexanderhöhe 11|58644|Iserlohn"},
    {"Letmathe, Von-der-Kuhlen-Straße 38, geboren", "Von-der-Kuhlen-Straße 38|-|Letmathe"},
    {"Schulstr 12 in 58642 Letmathe", "Schulstr 12|58642|Letmathe"},
    {"privat: Schapker Weg 5a, 58640 Iserlohn-Hennen", "Schapker Weg 5a|58640|Iserlohn-Hennen"},
    {"Bodenstr. 2 (bei Kruse), 58636 Iserlohn.", "Bodenstr. 2|58636|Iserlohn"},
    {"Mozartstr. 40, 58762\nAltena.", "Mozartstr. 40|58762|Altena"},
    {"Mendener Str.19 2.Stock links\n58636 Iserlohn", "Mendener Str. 19|58636|Iserlohn"},
    {"Kirchstr. 13\nKalthof, 58640 Iserlohn", "Kirchstr. 13|58640|Iserlohn"},
    {"Dröscheder Feld 32, 58638 Iserlohn", "Dröscheder Feld 32|58638|Iserlohn"},
    {"Adresse : Viktoriastrasse 5, Iserlohn", "Viktoriastrasse 5|-|Iserlohn"},
    {"Märkische Straße 212, 44141 Dortmund", "Märkische Straße 212|44141|Dortmund"},
    {"wohne in 58675 Hemer, Stephanstr. 18.", "Stephanstr. 18|58675|Hemer"},
    {"Am Dicken Turm 4\n58636 Iserlohn", "Am Dicken Turm 4|58636|Iserlohn"},
    {"I live in Baarstraße 118, 58636 Iserlohn", "Baarstraße 118|58636|Iserlohn"},
    {"Piepenstockstraße 21a\nD-58636 Iserlohn", "Piepenstockstraße 21a|58636|Iserlohn"},
    {"UNNAER STR. 12A IN 58636 ISERLOHN", "Unnaer Str. 12a|58636|Iserlohn"},
    {"Iserlohn 58638, Schlesische Straße 15 Wohnung 4.", "Schlesische Straße 15|58638|Iserlohn"},
    {"Wir wohnen Theodor-Heuss-Ring 31 in 58636 Iserlohn", "Theodor-Heuss-Ring 31|58636|Iserlohn"},
    {"Tobias Nöckel * Düsingstr. 40 * 58644 Iserlohn", "Düsingstr. 40|58644|Iserlohn"},
    {"geboren\n7. 9. 1944 in Altena\nWohnort\n58640 Iserlohn\nStraße, Nr.\nAm Großen Teich 2\nTelefon",
     "Am Großen Teich 2|58640|Iserlohn"},
    {"wohnen tun wir im dördelweg 8 58638 iserlohn", "Dördelweg 8|58638|Iserlohn"},
    {"Hagener Strasse 143 in Letmathe 58642.", "Hagener Strasse 143|58642|Letmathe"},
    {"Strasse: Von-der-Kuhlen-Str. 33\nOrt: Letmathe", "Von-der-Kuhlen-Str. 33|-|Letmathe"},
    {"Hagener Straße\n58640 Iserlohn", "(Hagener Straße)|58640|Iserlohn"},
    {"wohne seit 1975 in Iserlohn, Stennerstraße 112, PLZ 58636.", "Stennerstraße 112|58636|Iserlohn"},
    {"im Hause Poth 17 in 58638 Iserlohn, zweite Etage rechts", "Poth 17|58638|Iserlohn"},
    {"wohne in der Peterstraße\n20 in 58640 Iserlohn.", "Peterstraße 20|58640|Iserlohn"},
    {"Frauenstuhlweg 31, Zimmer 214, 58644 Iserlohn", "Frauenstuhlweg 31|58644|Iserlohn"},
    {"wohne muehlentor 12 58636 iserlohn", "Muehlentor 12|58636|Iserlohn"},
    {"aus 58640 Hennen, Hennener Str. 45", "Hennener Str. 45|58640|Hennen"},
    {"ortlohstr. 26. cu", "Ortlohstr. 26|-|-"},
    {"An der Schlacht 5, 58636 Iserlohn", "An der Schlacht 5|58636|Iserlohn"},
    {"In der Läger 62, 58644 Iserlohn", "In der Läger 62|58644|Iserlohn"},
    {"Feldmarkring 47\n58640 Iserlohn-Sümmern", "Feldmarkring 47|58640|Iserlohn-Sümmern"},
    {"c/o Familie Bracht, Schillerplatz 6, 3. OG links, 58636 Iserlohn", "Schillerplatz 6|58636|Iserlohn"},
    {"PLZ/Ort: 58511 Lüdenscheid\nStraße: Parkstr.\nHausnummer: 144 a", "Parkstr. 144 a|58511|Lüdenscheid"},
    {"Ich wohne in Iserlohn, Straße ist Karnacksweg, Nummer 37, PLZ 58636", "Karnacksweg 37|58636|Iserlohn"},
    {"Ich wohne in Letmathe, Hagener Straße 84.", "Hagener Straße 84|-|Letmathe"},
    {"Adresse ist Kampstraße 3-5, Iserlohn.", "Kampstraße 3-5|-|Iserlohn"},
    {"Werdohler Landstr. 12, 58511 Lüdenscheid", "Werdohler Landstr. 12|58511|Lüdenscheid"},
    {"Er wohnt bei seinen Eltern in Hagen.", "-|-|Hagen"},
    {"wir wohnen Obere Mühle 12, 58640 Iserlohn", "Obere Mühle 12|58640|Iserlohn"},
    {"Auf dem Heidgen 4, 58640 Iserlohn", "Auf dem Heidgen 4|58640|Iserlohn"},
    {"Zur Sonnenhöhe 9 in 58640 Iserlohn-Sümmern", "Zur Sonnenhöhe 9|58640|Iserlohn-Sümmern"},
    {"Lägerstraße 2 b\n58640 Iserlohn", "Lägerstraße 2 b|58640|Iserlohn"},
    {"unter 58636 Iserlohn, Mühlentor 7", "Mühlentor 7|58636|Iserlohn"},
    {"Oststraße\n58638 Iserlohn", "(Oststraße)|58638|Iserlohn"},
    {"Wohnort\t58239 Schwerte\nStraße\tRosenweg 3 b", "Rosenweg 3 b|58239|Schwerte"},
    {"Zum Volksgarten 10, 58642 Letmathe", "Zum Volksgarten 10|58642|Letmathe"},
    {"Lösseler \nStraße 7c;58644;Iserlohn", "Lösseler Straße 7c|58644|Iserlohn"},
    {"PLZ;Ort\n58706 Menden", "-|58706|Menden"},
    {"Grüner Weg 33; 58644; Iserlohn", "Grüner Weg 33|58644|Iserlohn"},
    {"Baarstraße 203 | 58636 | Iserlohn", "Baarstraße 203|58636|Iserlohn"},
    {"Die Goethestraße\n6 in 58636 Iserlohn", "Goethestraße 6|58636|Iserlohn"},
    {"In der Bredde 7-9, Iserlohn", "In der Bredde 7-9|-|Iserlohn"},
    {"Kurt-Schumacher-Ring 12, 58636 Iserlohn", "Kurt-Schumacher-Ring 12|58636|Iserlohn"},
    {"Tel. 02371 5550142, bitte lange klingeln lassen", ""},
    {"am 5. Dezember um 10 Uhr im Stadtlabor in Iserlohn", ""},
    {"Stromzähler 58 640 213, Stand 01.11.2026: 44137 kWh", ""},
    {"Kundennummer 12091961, Abschlag 184 EUR", ""},
    {"geb. am 15.01.1955 in Balve", ""},
    {"im Einzelhandel in der Wermingser Straße gearbeitet, zuletzt in Haus Nr. 15", ""},
    {"wir kommen mit 4 Personen am Samstag 5.12.", ""},
    {"vorweg 2 Fragen", ""},
    {"mein Samsung Galaxy 21", ""},
    {"", ""},
};

static const char *or_dash(const char *s)
{
    return s == NULL ? "-" : s;
}

TEST(addresses_as_people_write_them)
{
    struct patterns *patterns = shipped_patterns();
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addresses addresses;
        addresses_find(arena, patterns, rows[i].text, &addresses);
        struct text got = text_new(arena, 1000);
        for (size_t k = 0; k < addresses.found.n; k++) {
            struct address_found a = addresses.found.at[k];
            text_add(&got, k > 0 ? " & " : "");
            if (a.street_no_number != NULL) {
                text_printf(&got, "(%s)", a.street_no_number);
            } else {
                text_add(&got, or_dash(a.street));
            }
            text_printf(&got, "|%s|%s", or_dash(a.postal_code), or_dash(a.city));
            CHECK(a.at + a.len <= strlen(rows[i].text));
        }
        CHECK_ROW(str_equal(got.s, rows[i].addresses), "\"%s\" has \"%s\", wanted \"%s\"", rows[i].text,
                  got.s, rows[i].addresses);
    }
    arena_free(arena);
    patterns_free(patterns);
}

int main(void)
{
    RUN(addresses_as_people_write_them);
    return check_done();
}
