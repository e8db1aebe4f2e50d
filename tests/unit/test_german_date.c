#include "parsers/language/german_date.h"

#include "base/text.h"
#include "tests/unit/shipped.h"

static const struct date today = {2026, 11, 22};

/* A row: a text, and every date in it as "YYYY-MM-DD", "0" for what is not said, "~" before a
 * year completed from two digits. */
static const struct {
    const char *text, *dates;
} rows[] = {
    {"geb. 3.5.58", "~1958-05-03"},
    {"geboren 3.5.1958", "1958-05-03"},
    {"03.05.1958", "1958-05-03"},
    {"7. 9. 1944 in Altena", "1944-09-07"},
    {"31. 12. 1957", "1957-12-31"},
    {"8. 8. 62", "~1962-08-08"},
    {"3. Mai 1958", "1958-05-03"},
    {"03. Mai 1958", "1958-05-03"},
    {"3.Mai 58", "~1958-05-03"},
    {"3ter Mai 1958", "1958-05-03"},
    {"am 3ten Mai 1958", "1958-05-03"},
    {"18.Juni.1959", "1959-06-18"},
    {"28. Juli 1946", "1946-07-28"},
    {"28. Juni 1946", "1946-06-28"},
    {"3. Mrz. 1950", "1950-03-03"},
    {"3. Mär. 1950", "1950-03-03"},
    {"1. Maerz 1950", "1950-03-01"},
    {"2. Jänner 1950", "1950-01-02"},
    {"12 Sept. 1971", "1971-09-12"},
    {"9. Okt 71", "~1971-10-09"},
    {"4. Septmber 1939", "1939-09-04"},
    {"4. Dezmeber 1939", "1939-12-04"},
    {"4. Feburar 1939", "1939-02-04"},
    {"17. OKTOBER 1948", "1948-10-17"},
    {"am dritten Mai 58", "~1958-05-03"},
    {"dritter Mai achtundfünfzig", "~1958-05-03"},
    {"am einundzwanzigsten Juni neunzehnhundertachtundvierzig", "1948-06-21"},
    {"am dritten fünften neunzehnhundertsiebenundsechzig", "1967-05-03"},
    {"am zehnten Dezember", "0-12-10"},
    {"Samstag den fünften Dezember", "0-12-05"},
    {"1958-05-03", "1958-05-03"},
    {"1962/03/31", "1962-03-31"},
    {"3/5/1958", "1958-05-03"},
    {"30 / 09 / 1981", "1981-09-30"},
    {"15/08/86", "~1986-08-15"},
    {"25-11-1987", "1987-11-25"},
    {"geb. 3-5-58", "~1958-05-03"},
    {"3 May 1958", "1958-05-03"},
    {"May 3rd, 1958", "1958-05-03"},
    {"April 19, 1985", "1985-04-19"},
    {"the 30th of June 1996", "1996-06-30"},
    {"12 March 1999", "1999-03-12"},
    {"Thursday, December 10th", "0-12-10"},
    {"Geburtsdatum: 03051958", "1958-05-03"},
    {"Geburtsdatum (TTMMJJ): 030558", "~1958-05-03"},
    {"Jg. 53", "~1953-0-0"},
    {"Jahrgang 1952, genau: 8.8.1952", "1952-0-0 1952-08-08"},
    {"bin Baujahr 1948, genauer gesagt am 21.06. jenes Jahres", "1948-0-0 0-06-21"},
    {"Jg. 53 (14. Oktober)", "~1953-0-0 0-10-14"},
    {"im Mai 1958 geboren", "1958-05-0"},
    {"Chidi Okonkwo, born 1990, Friedrichstrasse 12", "1990-0-0"},
    {"*23.04.1954", "1954-04-23"},
    {"* 04.06.1965", "1965-06-04"},
    {"(15.02.1984)", "1984-02-15"},
    {"12. März\n1999", "1999-03-12"},
    {"am 3.12. um 17 Uhr", "0-12-03"},
    {"am 15.12 dabei", "0-12-15"},
    {"10.12.26", "~1926-12-10"},
    {"am 5.12. 10 Uhr", "0-12-05"},
    {"5. Dezember 10 Uhr", "0-12-05"},
    {"am 10.12., 18.00 Uhr", "0-12-10"},
    {"vom 3.-5.12.", "0-12-05"},
    {"am 03.12.2026 und 04.12.2026", "2026-12-03 2026-12-04"},
    {"29.02.1996", "1996-02-29"},
    {"29.02.", "0-02-29"},
    {"4.12.01", "~2001-12-04"},
    {"22.11.26", "~2026-11-22"},
    {"23.11.26", "~1926-11-23"},
    {"'58 war gut", ""},
    {"18.00 Uhr", ""},
    {"um 10.12 Uhr", ""},
    {"für 3.12 €", ""},
    {"Tel. 02371 55 51 - 340", ""},
    {"0171/3 55 58", ""},
    {"02371-5550933", ""},
    {"58636 Iserlohn", ""},
    {"IBAN DE00 4455 0045 0000 1234 56", ""},
    {"Kundennummer 12091961", ""},
    {"192.168.1.12", ""},
    {"30.02.1958", ""},
    {"29.02.1957", ""},
    {"32.01.1958", ""},
    {"Heizung Baujahr 1997, Haus Bj. 1958", ""},
    {"das dritte Mal", ""},
    {"HRB 20345", ""},
    {"Hausnummer 5-7", ""},
    {"Am Tyrol 15", ""},
    {"", ""},
};

TEST(dates_as_people_write_them)
{
    struct patterns *patterns = shipped_patterns();
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dates dates;
        german_dates(arena, patterns, rows[i].text, today, &dates);
        struct text got = text_new(arena, 1000);
        for (size_t k = 0; k < dates.found.n; k++) {
            struct date_found d = dates.found.at[k];
            text_printf(&got, "%s%s%d-%.*d-%.*d", k > 0 ? " " : "", d.two_digit_year ? "~" : "", d.year,
                        d.month > 0 ? 2 : 1, d.month, d.day > 0 ? 2 : 1, d.day);
            CHECK(d.at + d.len <= strlen(rows[i].text));
            CHECK(strncmp(d.words, rows[i].text + d.at, d.len) == 0);
        }
        CHECK_ROW(str_equal(got.s, rows[i].dates), "\"%s\" has \"%s\", wanted \"%s\"", rows[i].text, got.s,
                  rows[i].dates);
    }
    arena_free(arena);
    patterns_free(patterns);
}

int main(void)
{
    RUN(dates_as_people_write_them);
    return check_done();
}
