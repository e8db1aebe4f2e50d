/* tests/unit/test_own_signature.c: signatures are cut off, data under a closing are not. */
#include "tests/unit/own_rows.h"

static struct patterns *patterns;

static const struct own_row signed_mails[] = {
    {"the data under the closing",
     "Ich komme.\n\nViele Grüße\nPetra Müller\nNordengraben 10\n58636 Iserlohn\ngeb. 3.5.1958\nTel. 02371 "
     "5550142\n",
     "Ich komme.\n\nViele Grüße\nPetra Müller\nNordengraben 10\n58636 Iserlohn\ngeb. 3.5.1958\nTel. 02371 "
     "5550142"},
    {"a company under the closing",
     "Ich komme.\n\nMit freundlichen Grüßen\nPetra Müller\n\nMuster GmbH\nBaarstraße 1\n58636 Iserlohn\nTel. "
     "02371 5550-0\n"
     "Fax 02371 5550-99\nAmtsgericht Iserlohn HRB 1234\n",
     "Ich komme.\n\nMit freundlichen Grüßen\nPetra Müller"},
    {"a company with the citizen's own data",
     "Ich komme.\n\nGruß\nPetra Müller\nMuster GmbH, Fax 02371 55599\nprivat: Nordengraben 10, 58636 "
     "Iserlohn, geb. 3.5.1958\n",
     "Ich komme.\n\nGruß\nPetra Müller\nMuster GmbH, Fax 02371 55599\nprivat: Nordengraben 10, 58636 "
     "Iserlohn, geb. 3.5.1958"},
    {"a postscript",
     "Ich komme.\n\nGruß\nPetra\n\nMuster GmbH, HRB 12, Tel. 02371 555\n\nPS: Meine Tochter kommt mit.\n",
     "Ich komme.\n\nGruß\nPetra\nPS: Meine Tochter kommt mit."},
    {"the usual mark", "Ich komme.\n\n-- \nPetra Müller\nwww.example.org\n", "Ich komme."},
    {"all below the mark", "-- \nPetra Müller\nIch melde mich an.\n",
     "-- \nPetra Müller\nIch melde mich an."},
    {"a telephone signs", "Ich komme.\nPetra\n\nGesendet mit der GMX Mail App\n", "Ich komme.\nPetra"},
    {"a telephone signs above", "Gesendet von meinem iPhone\n\nIch komme.\n", "Ich komme."},
    {"a disclaimer",
     "Ich komme.\nPetra\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der\nrichtige "
     "Adressat sind, "
     "löschen Sie sie.\n",
     "Ich komme.\nPetra"},
    {"a company in the text",
     "Ich arbeite bei der Muster GmbH und melde mich an. Die Rechnung bitte an:\nMuster GmbH, Baarstraße 1, "
     "58636 Iserlohn\n",
     "Ich arbeite bei der Muster GmbH und melde mich an. Die Rechnung bitte an:\nMuster GmbH, Baarstraße 1, "
     "58636 Iserlohn"},
};

TEST(own_words_above_signatures)
{
    own_rows_check(patterns, signed_mails, sizeof signed_mails / sizeof *signed_mails);
}

TEST(the_closing_and_the_name_under_it)
{
    static const struct {
        const char *text, *closing;
    } rows[] = {
        {"Ich komme.\n\nViele Grüße\nPetra\n", "Viele Grüße\nPetra"},
        {"Ich komme.\n\nMit freundlichen Grüßen\n\nPetra Müller\nNordengraben 10\n",
         "Mit freundlichen Grüßen\n\nPetra Müller"},
        {"Ich komme. LG Petra\n", "LG Petra"},
        {"Ich komme.\nLiebe Grüße\n3.5.1958\n", "Liebe Grüße"},
        {"Ich komme.\nDanke und Gruß, Petra Müller\n", "Danke und Gruß, Petra Müller"},
        {"I will come.\n\nKind regards,\nPriya\n", "Kind regards,\nPriya"},
        {"Viele Grüße soll ich von Paul ausrichten. Ich komme.\n",
         "Viele Grüße soll ich von Paul ausrichten. Ich komme."},
        {"Ich komme.\nPetra\n", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        struct own_words own;
        own_words(arena, patterns, rows[i].text, &own);
        CHECK_STR(own.closing, rows[i].closing);
        arena_free(arena);
    }
}

TEST(signatures_are_kept)
{
    struct arena *arena = arena_new();
    struct own_words own;
    own_words(arena, patterns, "Der Rest steht unten.\n\n-- \nPetra Müller\nNordengraben 10\n", &own);
    CHECK_STR(own.signature, "-- \nPetra Müller\nNordengraben 10");
    CHECK_STR(own_words_shown(&own), "Der Rest steht unten.");
    arena_free(arena);
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(own_words_above_signatures);
    RUN(the_closing_and_the_name_under_it);
    RUN(signatures_are_kept);
    patterns_free(patterns);
    return check_done();
}
