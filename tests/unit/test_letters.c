#include "daemon/post/letters.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/reading/reading.h"
#include "tests/unit/check.h"

#include <stdlib.h>

#define FOLDER "templates" /* tests run in the root of the tree */
#define LAB                                                                                                  \
    "\"lab\": {\"name\": \"Stadtlabor Iserlohn\", \"street\": \"Nordengraben 10\","                          \
    " \"city\": \"58636 Iserlohn\", \"phone\": \"02371/217-2424\", \"hours\": \"Mo–Fr 10–16 Uhr\"}"
#define EVENT "\"event\": {\"title\": \"KI im Alltag\", \"when\": \"Donnerstag\", \"place\": \"Stadtlabor\"}"

static const struct templates *shipped(struct arena *arena)
{
    struct error err;
    const struct templates *templates = NULL;
    CHECK_ROW(templates_load(arena, FOLDER, &templates, &err), "%s", err.what);
    return templates;
}

/* The letter over JSON, or "! " and the error. */
static struct rendered letter(struct arena *arena, const char *language, const char *json)
{
    struct error err = {{0}};
    struct rendered ret = {.subject = "", .text = ""};
    json_error_t where;
    json_t *data = json_loads(json, 0, &where);
    CHECK_ROW(data != NULL, "%s", where.text);
    const struct templates *templates = shipped(arena);
    if (templates == NULL || !letter_render(arena, templates, language, data, &ret, &err)) {
        ret.text = arena_printf(arena, "! %s", err.what);
    }
    json_decref(data);
    return ret;
}

TEST(every_shipped_letter_stands)
{
    struct arena *arena = arena_new();
    struct error err = {{0}};
    CHECK_ROW(templates_check(FOLDER, &err), "%s", err.what);
    const struct templates *templates = shipped(arena);
    for (size_t i = 0; templates != NULL && i < 2 * letter_kinds_n; i++) {
        struct rendered ret = {0};
        const char *kind = letter_kinds[i / 2].name, *language = i % 2 == 0 ? "de" : "en";
        CHECK_ROW(letter_sample(arena, templates, language, kind, &ret, &err), "%s", err.what);
        CHECK_ROW(letter_kind_words(kind) != NULL, "%s: what do staff call it?", kind);
        CHECK_ROW(strchr(ret.subject, '\n') == NULL && ret.subject[0] != '\0', "%s: subject", kind);
        CHECK_ROW(strstr(ret.text, "\n\n\n") == NULL && strstr(ret.text, "{{") == NULL, "%s: text", kind);
        CHECK_ROW(strstr(ret.text, "Nordengraben 10") != NULL && strstr(ret.text, "datenschutz") != NULL,
                  "%s: the lab's address and data protection stand in every letter", kind);
    }
    arena_free(arena);
}

TEST(a_letter_holds_what_was_given)
{
    struct arena *arena = arena_new();
    struct rendered ret =
        letter(arena, "de",
               "{\"greeting_name\": \"Petra Müller\", \"sections\": [{\"kind\": \"confirmed\", " EVENT
               ", \"persons\": [{\"name\": \"Petra Müller\"}, {\"name\": \"Lena Müller\"},"
               " {\"name\": \"Ayşe Yılmaz\"}]}, {\"kind\": \"received\"}], " LAB "}");
    CHECK_STR(ret.subject, "Ihre Anmeldung: KI im Alltag");
    CHECK(str_starts(ret.text, "Guten Tag Petra Müller,\n\nvielen Dank für Ihre Mail.\n\n"));
    CHECK(strstr(ret.text, "Angemeldet: Petra Müller, Lena Müller und Ayşe Yılmaz\n") != NULL);
    CHECK(strstr(ret.text, "Den anderen Teil Ihrer Nachricht") != NULL);
    CHECK(strstr(ret.text, "Im Anhang") == NULL);
    CHECK(!ret.acknowledgement);
    ret = letter(arena, "en", "{\"subject\": \"Re: Hi\", \"sections\": [{\"kind\": \"received\"}], " LAB "}");
    CHECK_STR(ret.subject, "Re: Hi");
    CHECK(str_starts(ret.text, "Hello,\n\nThank you for your email.\n\n"));
    CHECK(ret.acknowledgement);
    arena_free(arena);
}

TEST(a_question_asks_for_what_is_missing_alone)
{
    struct arena *arena = arena_new();
    const char *one = "{\"greeting_name\": \"Petra Müller\", \"sections\": [{\"kind\": \"question\", " EVENT
                      ", \"persons\": [{\"name\": \"Petra Müller\", \"number\": 1, \"incomplete\": true,"
                      " \"missing\": {\"birth_date\": true}}]}], " LAB "}";
    const char *text = letter(arena, "de", one).text;
    CHECK(
        strstr(text, "\n\nBitte schreiben Sie uns:\n\n– Geburtsdatum (Tag, Monat und Jahr)\n\nSie können") !=
        NULL);
    CHECK(strstr(text, "Vorname") == NULL && strstr(text, "Straße") == NULL);
    CHECK(strstr(text, "Welche Veranstaltung") == NULL);

    struct person people[3] = {0};
    static const char *const known[3][PERSON_FIELDS] = {
        {"Petra", "Müller", "1958-05-03", "Nordengraben 10", "58636", NULL},
        {"Lena", NULL, "2010-01-31", "Nordengraben 10", NULL, "Iserlohn"},
        {NULL, "Müller", "2011-01-31", "Nordengraben 10", NULL, NULL},
    };
    for (size_t i = 0; i < 3 * PERSON_FIELDS; i++) {
        people[i / PERSON_FIELDS].field[i % PERSON_FIELDS].value =
            known[i / PERSON_FIELDS][i % PERSON_FIELDS];
    }
    json_t *persons = letter_persons(arena, people, 3, ~0u);
    json_t *data = json_loads(
        "{\"greeting_name\": \"Petra Müller\", \"sections\": [{\"kind\": \"question\"}], " LAB "}", 0, NULL);
    json_object_set_new(json_array_get(json_object_get(data, "sections"), 0), "persons", persons);
    struct rendered ret = {.text = ""};
    struct error err = {{0}};
    CHECK_ROW(letter_render(arena, shipped(arena), "de", data, &ret, &err), "%s", err.what);
    CHECK(strstr(ret.text, "uns:\n\nLena:\n– Nachname\n\nMüller:\n– Vorname\n– Postleitzahl und Ort\n\n") !=
          NULL);
    json_decref(data);
    const char *nobody =
        "{\"sections\": [{\"kind\": \"event_unknown\", \"offered\": [{\"number\": 1, \"title\": \"A\","
        " \"when\": \"B\", \"place\": \"C\"}], \"persons\": %s}], " LAB "}";
    json_t *unnamed = letter_persons(arena, NULL, 0, MISSING_FIRST_NAME | MISSING_EVENT);
    char *dump = json_dumps(unnamed, 0);
    text = letter(arena, "de", arena_printf(arena, nobody, dump)).text;
    CHECK_ROW(strstr(text, "1. A\n   B\n   C\n\nIst die") != NULL &&
                  strstr(text, "uns außerdem:\n\n– Vorname\n\n") != NULL,
              "%s", text);
    free(dump);
    json_decref(unnamed);
    arena_free(arena);
}

TEST(the_configuration_says_who_we_are)
{
    struct arena *arena = arena_new();
    struct error err = {{0}};
    struct rendered ret = {.text = ""};
    struct config config = {.lab_name = "Stadtlabor Iserlohn",
                            .lab_street = "Nordengraben 10",
                            .lab_city = "58636 Iserlohn",
                            .lab_phone = "02371/217-2424",
                            .lab_hours = "Montag bis Freitag",
                            .lab_hours_en = "Monday to Friday",
                            .lab_web = "",
                            .privacy_text = "Nichts weiter.",
                            .privacy_text_en = "",
                            .privacy_url = "https://example.org/d"};
    for (int english = 0; english < 2; english++) {
        const char *language = english ? "en" : "de";
        json_t *data =
            json_pack("{s[{ss}] so}", "sections", "kind", "received", "lab", letter_lab(&config, language));
        CHECK_ROW(letter_render(arena, shipped(arena), language, data, &ret, &err), "%s", err.what);
        CHECK(strstr(ret.text, english ? "\nTelephone 02371/217-2424 (Monday to Friday)\n\n"
                                       : "\nTelefon 02371/217-2424 (Montag bis Freitag)\n\n") != NULL);
        CHECK(strstr(ret.text, english ? "request. Nichts weiter. More about this: https://example.org/d\n"
                                       : "bearbeiten. Nichts weiter. Mehr dazu: https://example.org/d\n") !=
              NULL);
        json_decref(data);
    }
    config.lab_phone = config.lab_street = config.lab_hours = config.privacy_text = config.privacy_url = "";
    json_t *data =
        json_pack("{s[{ss}] so}", "sections", "kind", "cancel_unknown", "lab", letter_lab(&config, "de"));
    CHECK_ROW(letter_render(arena, shipped(arena), "de", data, &ret, &err), "%s", err.what);
    CHECK(strstr(ret.text, "rufen") == NULL &&
          strstr(ret.text, "\n\nStadtlabor Iserlohn\n58636 Iserlohn\n\n") != NULL);
    json_decref(data);
    arena_free(arena);
}

TEST(a_letter_with_a_hole_is_refused)
{
    static const struct {
        const char *json, *error;
    } rows[] = {
        {"{\"sections\": [{\"kind\": \"confirmed\", " EVENT "}], " LAB "}",
         "letter confirmed: missing: persons"},
        {"{\"sections\": [{\"kind\": \"full\", \"event\": {\"title\": \"\", \"when\": \"x\", \"place\": "
         "\"y\"}}], " LAB "}",
         "letter full: empty: event.title"},
        {"{\"sections\": [{\"kind\": \"full\", " EVENT ", \"evnt\": 1}], " LAB "}",
         "letter full: unknown name: evnt"},
        {"{\"sections\": [{\"kind\": \"waiting\", " EVENT
         ", \"persons\": [{\"name\": \"A\"}], \"position\": \"3\"}], " LAB "}",
         "letter waiting: of the wrong type: position"},
        {"{\"sections\": [{\"kind\": \"nonsense\"}], " LAB "}", "there is no letter of this kind"},
        {"{\"sections\": [], " LAB "}", "a letter has 1 to 10 sections, not 0"},
        {"{\"sections\": [{\"kind\": \"received\"}]}", "letter: missing: lab"},
        {"{\"sections\": [1], " LAB "}", "there is no letter of this kind"},
        {"{\"sections\": [{\"kind\": \"cancelled\", " EVENT
         ", \"persons\": [{\"name\": \"Buy www.example.org\"}]}], " LAB "}",
         "a link or an address stands where a person's name belongs"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = letter(arena, "de", rows[i].json).text;
        CHECK_ROW(str_starts(text, "! ") && strstr(text, rows[i].error) != NULL, "%s\n→ %.300s", rows[i].json,
                  text);
    }
    arena_free(arena);
}

TEST(nobody_advertises_through_us)
{
    static const struct {
        const char *name, *greeting;
    } rows[] = {
        {"Dr. Petra Müller", "Guten Tag Dr. Petra Müller,"},
        {"J.R. Müller", "Guten Tag J.R. Müller,"},
        {"Win at https://example.org", "Guten Tag,"},
        {"petra@example.org", "Guten Tag,"},
        {"Besuchen Sie casino.example jetzt", "Guten Tag,"},
        {"Petra\\r\\nBcc: x\\u202e", "Guten Tag Petra Bcc: x,"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rendered ret = letter(arena, "de",
                                     arena_printf(arena,
                                                  "{\"greeting_name\": \"%s\", \"subject\": \"Re: %s\","
                                                  " \"sections\": [{\"kind\": \"received\"}], " LAB "}",
                                                  rows[i].name, rows[i].name));
        const char *first = arena_strndup(arena, ret.text, strcspn(ret.text, "\n"));
        CHECK_STR(first, rows[i].greeting);
        CHECK(str_equal(rows[i].greeting, "Guten Tag,") ==
              str_equal(ret.subject, "Ihre Nachricht ist angekommen"));
    }
    char *dots = arena_alloc(arena, 2000);
    memset(dots, 'a', 1000);
    const char *json = arena_printf(
        arena, "{\"subject\": \"%süü\", \"sections\": [{\"kind\": \"received\"}], " LAB "}", dots);
    const char *subject = letter(arena, "de", json).subject;
    CHECK(strlen(subject) <= LETTER_SUBJECT_MAX && utf8_valid(subject, strlen(subject)));
    arena_free(arena);
}

TEST(a_template_with_an_unknown_name_is_found_at_start)
{
    struct arena *arena = arena_new();
    struct error err = {{0}};
    char folder[] = "/tmp/letters.XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    const char *copy =
        arena_printf(arena, "cp -r %s/. '%s' && printf 'Subject: x\\n\\n\\n{{evnt}}\\n' >'%s'/en/full.txt",
                     FOLDER, folder, folder);
    CHECK_INT(system(copy), 0);
    CHECK(!templates_check(folder, &err));
    CHECK_STR(err.what, arena_printf(arena, "%s/en/full.txt:4: unknown name: evnt", folder));
    CHECK_INT(system(arena_printf(arena, "rm '%s'/en/full.txt", folder)), 0);
    CHECK(!templates_check(folder, &err));
    CHECK(strstr(err.what, "/en/full.txt: No such file") != NULL);
    CHECK_INT(system(arena_printf(arena, "printf 'To: x\\n\\nx' >'%s'/en/full.txt", folder)), 0);
    CHECK(!templates_check(folder, &err));
    CHECK(strstr(err.what, "/en/full.txt:1: a header line") != NULL);
    CHECK_INT(system(arena_printf(arena, "rm -r '%s'", folder)), 0);
    arena_free(arena);
}

TEST(times_read_as_people_say_them)
{
    static const struct {
        const char *start, *end, *de, *en;
    } rows[] = {
        {"2026-12-03T17:00", "2026-12-03T19:00", "Donnerstag, 3. Dezember 2026, 17 bis 19 Uhr",
         "Thursday, 3 December 2026, 5 pm to 7 pm"},
        {"2026-07-04T09:30", "2026-07-04T12:00", "Samstag, 4. Juli 2026, 9.30 bis 12 Uhr",
         "Saturday, 4 July 2026, 9.30 am to 12 noon"},
        {"2026-07-04T09:30", "2026-07-04T09:30", "Samstag, 4. Juli 2026, 9.30 Uhr",
         "Saturday, 4 July 2026, 9.30 am"},
        {"2026-10-24T20:00", "2026-10-25T12:15",
         "Samstag, 24. Oktober 2026, 20 Uhr bis Sonntag, 25. Oktober 2026, 12.15 Uhr",
         "Saturday, 24 October 2026, 8 pm to Sunday, 25 October 2026, 12.15 pm"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t start = 0, end = 0;
        CHECK(berlin_parse(rows[i].start, &start) && berlin_parse(rows[i].end, &end));
        CHECK_STR(letter_when(arena, start, end, "de"), rows[i].de);
        CHECK_STR(letter_when(arena, start, end, "en"), rows[i].en);
    }
    arena_free(arena);
}

int main(void)
{
    RUN(every_shipped_letter_stands);
    RUN(a_letter_holds_what_was_given);
    RUN(a_question_asks_for_what_is_missing_alone);
    RUN(the_configuration_says_who_we_are);
    RUN(a_letter_with_a_hole_is_refused);
    RUN(nobody_advertises_through_us);
    RUN(a_template_with_an_unknown_name_is_found_at_start);
    RUN(times_read_as_people_say_them);
    return check_done();
}
