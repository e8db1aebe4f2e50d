#include "daemon/staff/explain_mail.h"

#include "base/text.h"
#include "daemon/staff/command.h"

#include <stdlib.h>

enum mark { MARK_INTENT, MARK_EVENT, MARK_PERSON, MARKS };

struct finding {
    enum mark mark;
    const char *what; /* "Geburtsdatum 1958-05-03" */
    const struct evidence *evidence;
};

struct findings {
    LIST(struct finding) at;
};

static const char *const colours[MARKS] = {"\033[1;33m", "\033[1;36m", "\033[1;32m"};

static void add(struct arena *arena, struct findings *all, enum mark mark, const struct evidence *evidence,
                const char *what)
{
    if (evidence->words != NULL) {
        *LIST_ADD(arena, &all->at) = (struct finding){mark, what, evidence};
    }
}

static const char *field_word(int field)
{
    static const char *const words[PERSON_FIELDS] = {"Vorname", "Nachname",     "Geburtsdatum",
                                                     "Straße",  "Postleitzahl", "Ort"};
    return words[field];
}

static const char *intent_word(enum intent_kind kind)
{
    static const char *const words[INTENT_KINDS] = {
        "anmelden",          "absagen",     "Newsletter bestellen",     "Newsletter abbestellen",
        "Frage an Menschen", "Datenschutz", "Unzustellbarkeitsbericht", "automatische Antwort",
        "Massenmail",        "Bestätigung", "Antwort auf unsere Frage", "nicht mehr gewünscht"};
    return words[kind];
}

static void collect(struct arena *arena, const struct reading *reading, struct findings *ret)
{
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        add(arena, ret, MARK_INTENT, &intent->evidence, intent_word(intent->kind));
        if (intent->event != NULL) {
            add(arena, ret, MARK_EVENT, &intent->event_evidence,
                arena_printf(arena, "Veranstaltung %s", intent->event));
        }
        for (size_t p = 0; p < intent->persons.n; p++) {
            for (int f = 0; f < PERSON_FIELDS; f++) {
                const struct fact *fact = &intent->persons.at[p].field[f];
                if (fact->value != NULL) {
                    add(arena, ret, MARK_PERSON, &fact->evidence,
                        arena_printf(arena, "%s %s", field_word(f), fact->value));
                }
            }
        }
    }
}

static int by_place(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    return x->evidence->at < y->evidence->at ? -1 : x->evidence->at > y->evidence->at;
}

/* The own words with what was found in them set off; where findings overlap the first one wins. */
static void print_text(struct arena *arena, const char *text, const struct findings *all, bool colour,
                       FILE *out)
{
    size_t at = 0, len = strlen(text);
    for (size_t i = 0; i < all->at.n; i++) {
        const struct evidence *e = all->at.at[i].evidence;
        if (!str_equal(e->source, "text") || e->at < at || e->len == 0 || e->at + e->len > len) {
            continue;
        }
        fputs(command_safe(arena, arena_strndup(arena, text + at, e->at - at)), out);
        const char *words = command_safe(arena, arena_strndup(arena, text + e->at, e->len));
        fprintf(out, "%s%s%s", colour ? colours[all->at.at[i].mark] : "", words, colour ? "\033[0m" : "");
        at = e->at + e->len;
    }
    fprintf(out, "%s\n", command_safe(arena, text + at));
}

static void print_findings(struct arena *arena, const struct findings *all, bool colour, FILE *out)
{
    for (size_t i = 0; i < all->at.n; i++) {
        const struct finding *f = &all->at.at[i];
        const struct evidence *e = f->evidence;
        fprintf(out, "  %s%s%s  „%s“ (%s)  %s %s\n", colour ? colours[f->mark] : "",
                command_cell(arena, f->what, 36), colour ? "\033[0m" : "", command_safe(arena, e->words),
                e->source == NULL ? "" : e->source, e->pattern == NULL ? "" : e->pattern,
                e->where == NULL ? "" : e->where);
    }
}

static void print_outcome(const struct reading *reading, FILE *out)
{
    static const char *const words[] = {"wird ausgeführt", "es wird nachgefragt", "die Maschine tut nichts"};
    fprintf(out, "\nErgebnis: %s%s, Sicherheit %d von 100\n", words[reading->automatic],
            reading->staff ? ", ein Mensch sieht es an" : "", reading->confidence);
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        fprintf(out, "  %s%s%s", intent_word(intent->kind), intent->event != NULL ? ": " : "",
                intent->event != NULL ? intent->event : "");
        for (unsigned bit = 1; bit <= MISSING_EVENT; bit <<= 1) {
            if (intent->missing & bit) {
                fprintf(out, " [fehlt: %s]", missing_name(bit));
            }
        }
        fputc('\n', out);
    }
    for (size_t i = 0; i < reading->reasons.n; i++) {
        const struct reason *r = &reading->reasons.at[i];
        fprintf(out, "  %s %+d  %s\n", r->points < 0 ? "dagegen" : "dafür  ", r->points, r->what);
    }
    if (reading->why_staff != NULL) {
        fprintf(out, "  Warum ein Mensch: %s\n", reading->why_staff);
    }
}

void explain_reading(struct arena *arena, const struct letter *letter, const struct reading *reading,
                     bool colour, FILE *out)
{
    struct findings all = {0};
    collect(arena, reading, &all);
    if (all.at.n > 0) {
        qsort(all.at.at, all.at.n, sizeof *all.at.at, by_place);
    }
    fprintf(out, "Von:     %s <%s>\nBetreff: %s\n\n",
            command_safe(arena, letter->from.name == NULL ? "" : letter->from.name),
            command_safe(arena, letter->from.address == NULL ? "?" : letter->from.address),
            command_safe(arena, letter->subject));
    print_text(arena, reading->own.text == NULL ? "" : reading->own.text, &all, colour, out);
    fprintf(out, "\nGefunden:\n");
    print_findings(arena, &all, colour, out);
    print_outcome(reading, out);
}
