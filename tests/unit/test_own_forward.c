/* tests/unit/test_own_forward.c: who wrote the mail inside, what, and whether it is passed on. */
#include "tests/unit/own_rows.h"

#include <stdlib.h>

static struct patterns *patterns;

static const struct {
    const char *what, *text, *own, *name, *address, *subject, *words;
    bool forward;
} forwards[] = {
    {"Gmail",
     "Bitte anmelden.\n\n---------- Forwarded message ---------\nVon: Ina Kurz <ina@example.org>\n"
     "Date: Do., 19. Nov. 2026 um 10:12 Uhr\nSubject: Anmeldung\nTo: <petra@example.org>\n\n\nIch "
     "komme.\nIna\n",
     "Bitte anmelden.", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.\nIna", true},
    {"Apple Mail",
     "Anfang der weitergeleiteten Nachricht:\n\n> Von: Ina Kurz <ina@example.org>\n> Betreff: Anmeldung\n"
     "> Datum: 19. November 2026 um 10:12:33 MEZ\n> An: petra@example.org\n> \n> Ich komme.\n> Ina\n",
     "", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.\nIna", true},
    {"Apple Mail, all quoted",
     "Siehe unten.\n\n> Anfang der weitergeleiteten Nachricht:\n> \n> Von: Ina Kurz <ina@example.org>\n"
     "> Betreff: Anmeldung\n> Datum: 19. November 2026 um 10:12:33 MEZ\n> An: petra@example.org\n> \n"
     "> Ich komme.\n",
     "Siehe unten.", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Thunderbird",
     "-------- Weitergeleitete Nachricht --------\nBetreff: \tAnmeldung\nDatum: \tThu, 19 Nov 2026 10:12:33 "
     "+0100\n"
     "Von: \tIna Kurz <ina@example.org>\nAn: \tpetra@example.org\n\n\n\nIch komme.\n",
     "", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Notes",
     "z.K.\n\n----- Weitergeleitet von Petra Müller/ISL/DE am 19.11.2026 10:15 -----\n\nVon:\tIna "
     "Kurz/ISL/DE\nAn:\tPetra\n"
     "Datum:\t19.11.2026 10:12\nBetreff:\tAnmeldung\n\nIch komme.\n",
     "z.K.", "Ina Kurz/ISL/DE", NULL, "Anmeldung", "Ich komme.", true},
    {"Outlook with words",
     "Hallo, ich leite die Mail weiter.\n\nVon: Ina Kurz <ina@example.org>\nGesendet: Donnerstag, 19. "
     "November 2026 10:12\n"
     "An: Petra\nBetreff: Anmeldung\n\nIch komme.\n\n-- \nIna\n",
     "Hallo, ich leite die Mail weiter.", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Outlook without words",
     "\nVon: Ina Kurz <ina@example.org>\nGesendet: Donnerstag, 19. November 2026 10:12\nAn: Petra\n"
     "Betreff: Anmeldung\n\nIch komme.\n",
     "", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Outlook, a reply",
     "Ja.\n\nVon: Stadtlabor <s@iserlohn.de>\nGesendet: Donnerstag, 19. November 2026 10:12\nAn: "
     "Petra\nBetreff: Frage\n\n"
     "Kommen Sie?\n",
     "Ja.", "Stadtlabor", "s@iserlohn.de", "Frage", "Kommen Sie?", false},
    {"a forward of a forward",
     "FYI\n\nVon: Paul Maier <paul@example.org>\nGesendet: Donnerstag, 19. November 2026 11:12\nAn: Petra\n"
     "Betreff: WG: Anmeldung\n\nBitte kümmern.\n\nVon: Ina Kurz <ina@example.org>\n"
     "Gesendet: Donnerstag, 19. November 2026 10:12\nAn: Paul\nBetreff: Anmeldung\n\nIch komme.\n",
     "FYI", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"a forward of a reply",
     "---------- Forwarded message ---------\nFrom: Ina Kurz <ina@example.org>\nDate: Thu, Nov 19, 2026 at "
     "10:12 AM\n"
     "Subject: Re: Frage\nTo: Petra <petra@example.org>\n\nIch komme.\n\n"
     "Am 18.11.2026 um 9:00 schrieb Petra <petra@example.org>:\n> Kommst du?\n",
     "", "Ina Kurz", "ina@example.org", "Re: Frage", "Ich komme.", true},
};

TEST(who_and_what_was_forwarded)
{
    for (size_t i = 0; i < sizeof forwards / sizeof *forwards; i++) {
        struct arena *arena = arena_new();
        struct own_words own;
        own_words(arena, patterns, forwards[i].text, &own);
        const struct forwarded *f = &own.forwarded;
        CHECK_ROW(str_equal(own.text, forwards[i].own) && own.is_forward == forwards[i].forward,
                  "%s: \"%s\" %d", forwards[i].what, own.text, own.is_forward);
        CHECK_ROW(
            str_equal(f->from_name, forwards[i].name) && str_equal(f->from_address, forwards[i].address) &&
                str_equal(f->subject, forwards[i].subject) && str_equal(f->text, forwards[i].words),
            "%s: \"%s\" <%s> \"%s\": \"%s\"", forwards[i].what, f->from_name ? f->from_name : "-",
            f->from_address ? f->from_address : "-", f->subject ? f->subject : "-", f->text ? f->text : "-");
        char *first = strndup(forwards[i].words, strcspn(forwards[i].words, "\n"));
        CHECK_ROW(f->at + f->len <= strlen(forwards[i].text) &&
                      memmem(forwards[i].text + f->at, f->len, first, strlen(first)) != NULL,
                  "%s: place %zu, %zu", forwards[i].what, f->at, f->len);
        free(first);
        arena_free(arena);
    }
}

TEST(a_forward_without_words_shows_the_mail_inside)
{
    struct arena *arena = arena_new();
    struct own_words own;
    own_words(arena, patterns, forwards[2].text, &own);
    CHECK_STR(own_words_shown(&own), "Siehe unten.");
    own_words(arena, patterns, forwards[3].text, &own);
    CHECK_STR(own_words_shown(&own), "Ich komme.");
    arena_free(arena);
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(who_and_what_was_forwarded);
    RUN(a_forward_without_words_shows_the_mail_inside);
    patterns_free(patterns);
    return check_done();
}
