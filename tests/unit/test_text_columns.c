/* Tables whose columns are people. */
#include "parsers/mail/text_columns.h"

#include "tests/unit/check.h"

#include <string.h>

TEST(a_list_a_person)
{
    struct arena *arena = arena_new();
    const char *text = "Bitte beide:\n\tKind 1\tKind 2\nVorname\tEmre\tKerem\nNachname\tAydin\tAydin\n"
                       "geboren\t3.10.2013\t25.5.2016\nGruß\n";
    CHECK_STR(text_columns(arena, text), "Bitte beide:\n\tKind 1\tKind 2\n\n"
                                         "Vorname: Emre\nNachname: Aydin\ngeboren: 3.10.2013\n\n"
                                         "Vorname: Kerem\nNachname: Aydin\ngeboren: 25.5.2016\n\nGruß\n");
    arena_free(arena);
}

TEST(blanks_and_bars_part_cells)
{
    struct arena *arena = arena_new();
    const char *blanks =
        "Name:     Petra Adam   Udo Adam\nGeb.:     3.5.1958     4.4.1957\nStr.:     Poth 3       Poth 3\n";
    const char *bars =
        "| Name | Petra Adam | Udo Adam |\n| Geburtsdatum | 3.5.1958 | 4.4.1957 |\n| Ort | Hemer | Hemer |\n";
    CHECK(strstr(text_columns(arena, blanks), "Name: Udo Adam\nGeb.: 4.4.1957\nStr.: Poth 3\n") != NULL);
    CHECK(strstr(text_columns(arena, bars), "Name: Udo Adam\nGeburtsdatum: 4.4.1957\nOrt: Hemer\n") != NULL);
    arena_free(arena);
}

TEST(rows_of_people_stay)
{
    struct arena *arena = arena_new();
    static const char *const texts[] = {
        "Name\tVorname\tgeb.\nGebhardt\tKarl\t3.5.1958\nOrtmann\tUte\t4.4.1957\nStraub\tIda\t5.5.1955\n",
        "Vorname\tEmre\nNachname\tAydin\ngeboren\t3.10.2013\n",
        "Vorname\tEmre\tKerem\nNachname\tAydin\tAydin\n",
        "",
        "\n\n\t|\n",
        "Vorname\t\t\t\t\t\t\t\t\t\t\t\t\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK(text_columns(arena, texts[i]) == texts[i]);
    }
    arena_free(arena);
}

/* Each row's label is written once a person: long labels over many columns pass any cap. */
TEST(nothing_is_cut)
{
    struct arena *arena = arena_new();
    const char *text = "";
    for (int row = 0; row < 18; row++) {
        const char *label = row == 0 ? "Vorname" : row == 1 ? "Geburtsdatum" : "Adresse";
        text = arena_printf(arena, "%s%s (bitte leserlich schreiben)|a|b|c|d|e|f|g|h\n", text, label);
    }
    text = arena_printf(arena, "%s\nIch komme doch nicht.\n", text);
    CHECK(strstr(text_columns(arena, text), "Ich komme doch nicht.") != NULL);
    arena_free(arena);
}

int main(void)
{
    RUN(a_list_a_person);
    RUN(blanks_and_bars_part_cells);
    RUN(rows_of_people_stay);
    RUN(nothing_is_cut);
    return check_done();
}
