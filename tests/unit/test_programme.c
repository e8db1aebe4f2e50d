/* tests/unit/test_programme.c: the programme from CSV, and which of its events a mail names. */
#include "parsers/programme/event_match.h"
#include "parsers/programme/programme.h"

#include "tests/unit/check.h"

static const char csv[] =
    "code;title;keywords;start;end;place;capacity;waiting_list;register_until;min_age;max_age;topic\n"
    "2026-10-14-ki-alltag;KI im Alltag – Chancen und "
    "Risiken;ChatGPT;2026-10-14T17:00;2026-10-14T19:00;;20;yes;;;;\n"
    "2026-11-24-starkregen;Starkregen und Klimaanpassung in "
    "Iserlohn;Hochwasser;2026-11-24T18:00;;;30;no;;;;\n"
    "2026-12-03-ki-alltag;KI im Alltag – Chancen und "
    "Risiken;ChatGPT;2026-12-03T17:00;;;20;yes;2026-12-01;;;\n"
    "2026-12-05-balkon;Urbanes Grün: Balkon und Fensterbank bepflanzen;Garten;2026-12-05T10:00;;;15;yes;;;;\n"
    "2026-12-08-smartphone;Smartphone-Sprechstunde für Senioren;Handy;2026-12-08T10:00;;;8;yes;;;;\n"
    "2026-12-10-klimaschutz;Klimaschutz zu Hause – Energie sparen;Heizung;2026-12-10T18:00;;;25;yes;;;;\n"
    "2026-12-12-3d-druck;3D-Druck für Kinder;3D-Drucker;2026-12-12T10:00;;;10;yes;;10;14;\n"
    "2026-12-15-lorawan;LoRaWAN-Sensoren selber bauen;Löten;2026-12-15T17:00;;;12;yes;;16;;\n"
    "2027-01-12-smartphone;Smartphone-Sprechstunde für Senioren;Handy;2027-01-12T10:00;;;8;yes;;;;\n"
    "2027-01-19-passwoerter;Sichere Passwörter und Online-Banking;Phishing;2027-01-19T17:00;;;20;yes;;;;\n"
    "2027-01-21-ki-vertiefung;KI im Alltag – Vertiefung: Texte und "
    "Bilder;ChatGPT, Aufbaukurs;2027-01-21T17:00;;;15;yes;;;;\n"
    "2027-02-02-mapathon;OpenStreetMap-Mapathon Iserlohn;OSM;2027-02-02T17:00;;;25;yes;;;;\n"
    "2027-02-06-repair;Repair-Café Digital;Laptop;2027-02-06T10:00;;;20;no;;;;\n";

static struct arena *arena;
static struct patterns *patterns;
static struct programme programme;
static const struct date today = {2026, 11, 22};

static bool read_csv(const char *bytes, size_t len, struct programme *ret, const char **problems)
{
    struct error err;
    return programme_read_csv(arena, bytes, len, ret, problems, &err);
}

TEST(csv_is_read)
{
    CHECK_INT(programme.events.n, 13);
    const struct event *event = programme_find(&programme, "2026-12-03-ki-alltag");
    CHECK(event != NULL);
    CHECK_STR(event->title, "KI im Alltag – Chancen und Risiken");
    CHECK_INT(event->capacity, 20);
    CHECK(event->waiting_list);
    CHECK_INT(event->register_until.day, 1);
    CHECK_INT(event->min_age, -1);
    CHECK_INT(programme_find(&programme, "2026-12-12-3d-druck")->max_age, 14);
    CHECK(programme_find(&programme, "nirgends") == NULL);
}

TEST(csv_from_a_spreadsheet)
{
    static const char windows[] =
        "Beginn,Kennung,Titel,Warteliste,Anmeldeschluss\r\n"
        "\"3.12.2026, 17.00 Uhr\",a-1,\"B\xe4ume \"\"und\"\" B\xfcsche\",ja,1.12.2026\r\n"
        "1.12.2026 9:30,a-2,\"Zwei\r\nZeilen\",nein,\r\n";
    struct programme read;
    const char *problems;
    CHECK(read_csv(windows, sizeof windows - 1, &read, &problems));
    CHECK_INT(read.events.n, 2);
    CHECK_STR(read.events.at[0].code, "a-2"); /* ordered by start */
    CHECK_STR(read.events.at[1].title, "Bäume \"und\" Büsche");
    CHECK_INT(read.events.at[1].day.day, 3);
    CHECK_INT(read.events.at[1].register_until.day, 1);
    CHECK(read.events.at[1].waiting_list);
}

TEST(csv_problems_are_told)
{
    static const char bad[] = "code;title;start;capacity\n"
                              "A B;;morgen;viele\n"
                              "a;Titel;2026-12-03T17:00;3\n"
                              "a;Titel;2026-02-30T17:00;3\n";
    struct programme read = {0};
    const char *problems = NULL;
    CHECK(!read_csv(bad, sizeof bad - 1, &read, &problems));
    CHECK_INT(read.events.n, 0);
    CHECK(strstr(problems, "Zeile 2, Spalte code: „A B“") != NULL);
    CHECK(strstr(problems, "Zeile 2, Spalte title: fehlt") != NULL);
    CHECK(strstr(problems, "Zeile 2, Spalte start: „morgen“") != NULL);
    CHECK(strstr(problems, "Zeile 2, Spalte capacity: „viele“") != NULL);
    CHECK(strstr(problems, "Zeile 4, Spalte code: „a“ kommt zweimal vor") != NULL);
    CHECK(strstr(problems, "Zeile 4, Spalte start") != NULL);
    CHECK(!read_csv("", 0, &read, &problems));
    CHECK(!read_csv("code;start\nx;y\n", 15, &read, &problems));
    CHECK(strstr(problems, "Spalte title: fehlt") != NULL);
    CHECK(!read_csv("title;start;Titel\nx;y;z\n", 24, &read, &problems));
    CHECK(strstr(problems, "Spalte title: steht zweimal") != NULL);
}

TEST(a_table_may_do_without_codes_and_have_columns_of_its_own)
{
    static const char own[] =
        "Titel;Farbe;Beginn; ;Saal\nLöten;rot;3.12.2026 17:00;;1\nNähen;blau;4.12.2026 17:00;;2\n";
    struct programme read = {0};
    const char *problems = NULL;
    CHECK(read_csv(own, sizeof own - 1, &read, &problems));
    CHECK(read.events.n == 2 && read.events.at[0].code == NULL && read.events.at[1].code == NULL);
    CHECK_STR(read.unknown, "„Farbe“, „Saal“");
    CHECK(!(read.columns & EVENT_COLUMN_BIT(COLUMN_CODE)));
}

TEST(cells_say_and_are_said)
{
    struct event e = {.code = "x", .title = "X", .min_age = -1, .max_age = -1};
    static const struct {
        enum event_column column;
        const char *cell, *back, *words;
    } rows[] = {
        {COLUMN_START, "3.12.2026, 17 Uhr", "2026-12-03T17:00", "3.12.2026 17:00"},
        {COLUMN_END, "19:30", "2026-12-03T19:30", "3.12.2026 19:30"},
        {COLUMN_CAPACITY, "20", "20", "20"},
        {COLUMN_CAPACITY, "", "", "ohne Grenze"},
        {COLUMN_WAITING_LIST, "Ja", "yes", "ja"},
        {COLUMN_REGISTER_UNTIL, "1.12.2026", "2026-12-01", "1.12.2026"},
        {COLUMN_REQUIRED, "Name und Anschrift", "name, address", "Name, Anschrift"},
        {COLUMN_REQUIRED, "keine", "none", "keine"},
        {COLUMN_REQUIRED, "", "name, birth_date, address", "Name, Geburtsdatum, Anschrift"},
        {COLUMN_EXTRA, "Bitte mitbringen", "Bitte mitbringen", "Bitte mitbringen"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *wrong = event_set(arena, &e, rows[i].column, rows[i].cell);
        CHECK_ROW(wrong == NULL, "%s: %s", rows[i].cell, wrong == NULL ? "" : wrong);
        CHECK_STR(event_cell(arena, &e, rows[i].column), rows[i].back);
        CHECK_STR(event_cell_words(arena, &e, rows[i].column), rows[i].words);
    }
    CHECK(event_set(arena, &e, COLUMN_REQUIRED, "Schuhgröße") != NULL);
    CHECK(event_set(arena, &e, COLUMN_END, "16:00") != NULL);
    unsigned told = 0;
    enum event_column column = COLUMN_TITLE;
    CHECK(event_problem(arena, &e, &told, &column) == NULL);
    CHECK(event_set(arena, &e, COLUMN_REQUIRED, "name") == NULL &&
          event_set(arena, &e, COLUMN_MIN_AGE, "6") == NULL);
    CHECK(event_problem(arena, &e, &told, &column) != NULL && column == COLUMN_REQUIRED);
    CHECK(event_problem(arena, &e, &told, &column) == NULL);
}

TEST(a_moved_event_keeps_its_length)
{
    struct event stored = {.code = "x", .title = "X", .place = "hier"}, wanted = {.code = "x"};
    CHECK(event_set(arena, &stored, COLUMN_START, "2026-10-24T17:00") == NULL &&
          event_set(arena, &stored, COLUMN_END, "19:00") == NULL &&
          event_set(arena, &wanted, COLUMN_START, "2026-10-26T18:00") == NULL);
    event_merge(&stored, &wanted, EVENT_COLUMN_BIT(COLUMN_START) | EVENT_COLUMN_BIT(COLUMN_PLACE));
    CHECK_STR(event_cell(arena, &stored, COLUMN_END), "2026-10-26T20:00");
    CHECK_STR(stored.place, "hier");
    CHECK_INT(stored.day.day, 26);
}

/* The one event that scores best among those that a text names, every mention taken as meant; NULL: several,
 * none, or what is not in the programme. */
static const char *matched(const char *subject, const char *text)
{
    struct sentences of_subject, of_text;
    struct dates subject_dates = {0}, text_dates = {0};
    sentences_split(arena, subject, &of_subject);
    sentences_split(arena, text, &of_text);
    german_dates(arena, patterns, subject, today, &subject_dates);
    german_dates(arena, patterns, text, today, &text_dates);
    struct event_source in_subject = {&of_subject, &subject_dates}, in_text = {&of_text, &text_dates};
    struct event_mentions mentions;
    event_mentions_find(arena, patterns, &programme, &in_subject, &in_text, today, &mentions);
    bool *used = arena_alloc(arena, mentions.list.n + 1);
    memset(used, true, mentions.list.n + 1);
    struct event_choices choices;
    event_choose(arena, &mentions, used, &choices);
    const struct event_choice *best = NULL;
    bool alone = false;
    for (size_t i = 0; i < choices.choices.n; i++) {
        const struct event_choice *choice = &choices.choices.at[i];
        if (best == NULL || choice->score >= best->score) {
            alone = best == NULL || choice->score > best->score;
            best = choice;
        }
    }
    const struct event *event = best == NULL ? NULL : event_single(&programme, &best->could_be);
    return !alone || event == NULL || choices.unknown || choices.contradiction ? NULL : event->code;
}

/* `want`: the event's code, NULL: none is matched. */
static void check_match(const char *subject, const char *text, const char *want)
{
    const char *got = matched(subject, text);
    bool same = got == want || (got != NULL && want != NULL && strcmp(got, want) == 0);
    CHECK_ROW(same, "\"%s\" / \"%s\" is %s, wanted %s", subject, text, got ? got : "none",
              want ? want : "none");
}

TEST(titles)
{
    check_match("", "für Starkregen und Klimaanpassung in Iserlohn", "2026-11-24-starkregen");
    check_match("", "zum Passwort-Abend", "2027-01-19-passwoerter");
    check_match("", "beim Sensorenbauen", "2026-12-15-lorawan");
    check_match("Klimaschutz zu Hause", "bitte anmelden", "2026-12-10-klimaschutz");
    check_match("", "zum Repaircafé", "2027-02-06-repair");
    check_match("", "für den 3 D Druck", "2026-12-12-3d-druck");
    check_match("", "zum Lora Wan bauen", "2026-12-15-lorawan");
    check_match("", "beim Open Street Map", "2027-02-02-mapathon");
    check_match("", "zum OSM-Abend", "2027-02-02-mapathon");
}

TEST(typing_errors)
{
    check_match("", "Strakregen", "2026-11-24-starkregen");
    check_match("", "Repeir-Cafe", "2027-02-06-repair");
    check_match("", "bin beim mappaton", "2027-02-02-mapathon");
    check_match("", "KLIMASCHUZ ZU HAUSE", "2026-12-10-klimaschutz");
    check_match("", "zur Vertifeung", "2027-01-21-ki-vertiefung");
    check_match("", "zur Verteifumg", "2027-01-21-ki-vertiefung");
    check_match("", "meine Vertretung kommt", NULL);
}

TEST(dates)
{
    check_match("", "für Ihre Veranstaltung am 2. Februar 2027", "2027-02-02-mapathon");
    check_match("10.12.", "ich komme", "2026-12-10-klimaschutz");
    check_match("", "am 17.12. komme ich", NULL);
    check_match("", "Starkregen am nächsten Dienstag", "2026-11-24-starkregen");
    check_match("", "geboren am 3.12.1950", NULL);
    check_match("", "Antwort bitte bis zum 10.12.", NULL);
}

TEST(series)
{
    check_match("", "KI im Alltag am 3. Dezember", "2026-12-03-ki-alltag");
    check_match("", "KI im Alltag", NULL);
    check_match("", "zur KI-Vertiefung", "2027-01-21-ki-vertiefung");
    check_match("", "zur Smartphone-Sprechstunde", NULL);
    check_match("", "zur Smartphone-Sprechstunde im Januar", "2027-01-12-smartphone");
    check_match("Smartphone-Sprechstunde", "am 8. Dezember", "2026-12-08-smartphone");
    check_match("", "zu ChatGPT", NULL);
}

TEST(doubt)
{
    check_match("", "zum Klimaschutz zu Hause am 3.12.", NULL);
    check_match("", "für den Kurs \"Kleiner Drohnenführerschein\"", NULL);
    check_match("", "für den Drohnen-Workshop am 12.12.", NULL);
    check_match("", "meine Daten: Gartenstraße 3, Iserlohn, Handy 0170", NULL);
    check_match("", "", NULL);
}

int main(void)
{
    const char *const folders[] = {"parsers/patterns", NULL};
    struct error err;
    const char *problems;
    arena = arena_new();
    patterns = patterns_load(folders, false, &err);
    if (patterns == NULL || !read_csv(csv, sizeof csv - 1, &programme, &problems)) {
        printf("not ok start: %s\n", patterns == NULL ? err.what : problems);
        return 1;
    }
    programme_prepare(arena, patterns, &programme);
    RUN(csv_is_read);
    RUN(csv_from_a_spreadsheet);
    RUN(csv_problems_are_told);
    RUN(a_table_may_do_without_codes_and_have_columns_of_its_own);
    RUN(cells_say_and_are_said);
    RUN(a_moved_event_keeps_its_length);
    RUN(titles);
    RUN(typing_errors);
    RUN(dates);
    RUN(series);
    RUN(doubt);
    patterns_free(patterns);
    arena_free(arena);
    return check_done();
}
