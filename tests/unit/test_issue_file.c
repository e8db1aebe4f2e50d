#include "base/date.h"
#include "daemon/newsletter/issue_file.h"
#include "tests/unit/check.h"

#include <stdlib.h>

static struct arena *arena;

static struct issue_file read_well(const char *bytes)
{
    struct issue_file file = {0};
    struct error err = {""};
    CHECK_ROW(issue_file_read(arena, bytes, strlen(bytes), &file, &err), "%s", err.what);
    return file;
}

TEST(head_and_body_are_told_apart)
{
    struct issue_file file = read_well(
        "\xef\xbb\xbf"
        "Betreff: Größe: alles\r\nvorschau:  ein Satz \r\nVersand: 1.12.2026 9:05\r\n\r\n# Hallo\r\nx\r\n");
    CHECK_STR(file.subject, "Größe: alles");
    CHECK_STR(file.preview, "ein Satz");
    CHECK_STR(file.body, "# Hallo\nx\n");
    CHECK_INT(file.body_line, 5);
    CHECK_STR(berlin_iso(arena, file.send_at), "2026-12-01T09:05");
    file = read_well("Betreff: x\nVersand:\n");
    CHECK(file.send_at == 0 && file.body[0] == '\0');
    file = read_well("");
    CHECK_STR(file.subject, "");
    file = read_well("\nText");
    CHECK_STR(file.body, "Text");
    CHECK_INT(file.body_line, 2);
}

TEST(what_is_wrong_is_told_with_its_line)
{
    static const struct {
        const char *bytes, *words;
    } rows[] = {
        {"Betreff: a\nBetreff: b\n\n", "Zeile 2: „Betreff“ steht zweimal da"},
        {"# Hallo\n", "Leerzeile"},
        {"Thema: a\n\n", "Zeile 1: „Thema“ kennt der Kopf nicht"},
        {"Versand: 31.02.2026 09:00\n\n", "kein Zeitpunkt"},
        {"Versand: 01.12.2026 09:00 Uhr\n\n", "kein Zeitpunkt"},
        {"Versand: 01.12.2026 09:00\nVersand: 01.12.2026 10:00\n\n", "zweimal"},
        {"Betreff: \xff\n\n", "UTF-8"},
        {"Betreff: a\n\n\xee\x80\x81", "privaten Bereich"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct issue_file file;
        struct error err = {""};
        bool read = issue_file_read(arena, rows[i].bytes, strlen(rows[i].bytes), &file, &err);
        CHECK_ROW(!read && strstr(err.what, rows[i].words) != NULL, "row %zu: %s", i, err.what);
    }
}

TEST(a_name_is_a_files_without_folder_and_ending)
{
    CHECK_STR(issue_file_name(arena, "entwurf/2026-12.md"), "2026-12");
    CHECK_STR(issue_file_name(arena, "2026-12"), "2026-12");
    CHECK_STR(issue_file_name(arena, "A_b.MD"), "A_b");
    static const char *const bad[] = {"", ".md", "x/", "a b.md", "ä.md", "../..", ".x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_ROW(issue_file_name(arena, bad[i]) == NULL, "\"%s\"", bad[i]);
    }
}

int main(void)
{
    arena = arena_new();
    RUN(head_and_body_are_told_apart);
    RUN(what_is_wrong_is_told_with_its_line);
    RUN(a_name_is_a_files_without_folder_and_ending);
    arena_free(arena);
    return check_done();
}
