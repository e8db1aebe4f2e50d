#include "daemon/staff/explain_mail.h"

#include "base/text.h"
#include "daemon/staff/command.h"

#include <stdlib.h>
#include <unistd.h>

enum { WEIGHED_SHOWN = 8 }; /* words of a sentence */

struct finding {
    const char *what; /* "Geburtsdatum", "Anmeldung" */
    const char *value;
    struct evidence evidence;
    int colour; /* of the terminal, 31 to 36 */
};
struct findings {
    LIST(struct finding) list;
};

static const char *const field_words[PERSON_FIELDS] = {"Vorname", "Nachname",     "Geburtsdatum",
                                                       "Straße",  "Postleitzahl", "Ort"};

static const char *safe(struct arena *arena, const char *s)
{
    return s == NULL ? NULL : command_safe(arena, s);
}

static const char *intent_words(enum intent_kind kind)
{
    static const char *const words[INTENT_KINDS] = {
        [INTENT_REGISTER] = "Anmeldung",
        [INTENT_CANCEL] = "Absage",
        [INTENT_SUBSCRIBE] = "Newsletter bestellen",
        [INTENT_UNSUBSCRIBE] = "Newsletter abbestellen",
        [INTENT_QUESTION] = "Frage oder Anliegen",
        [INTENT_PRIVACY] = "Datenschutz",
        [INTENT_BOUNCE] = "Zustellbericht",
        [INTENT_AUTO_REPLY] = "Automatische Antwort",
        [INTENT_BULK] = "Rundmail oder Werbung",
        [INTENT_CONFIRM] = "Bestätigung",
        [INTENT_ANSWER] = "Antwort auf eine Rückfrage",
        [INTENT_DECLINE] = "Verzicht",
    };
    return words[kind];
}

static void add(struct arena *arena, struct findings *all, const char *what, const char *value,
                const struct evidence *evidence, int colour)
{
    if (evidence->words != NULL) {
        *LIST_ADD(arena, &all->list) = (struct finding){
            .what = what, .value = safe(arena, value), .evidence = *evidence, .colour = colour};
    }
}

static void collect(struct arena *arena, const struct reading *reading, struct findings *all)
{
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        add(arena, all, intent_words(intent->kind), NULL, &intent->evidence, 32);
        add(arena, all, "Veranstaltung", intent->event, &intent->event_evidence, 35);
        for (size_t p = 0; p < intent->persons.n; p++) {
            for (int f = 0; f < PERSON_FIELDS; f++) {
                const struct fact *fact = &intent->persons.at[p].field[f];
                if (fact->value != NULL) {
                    add(arena, all, field_words[f], fact->value, &fact->evidence, f == BIRTH_DATE ? 33 : 36);
                }
            }
        }
    }
}

static int by_place(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    return (x->evidence.at > y->evidence.at) - (x->evidence.at < y->evidence.at);
}

/* The own words, each found piece in its colour; overlapping ones take the first's. */
static void print_text(const char *text, struct findings *all, bool colours)
{
    size_t at = 0, len = strlen(text);
    if (all->list.n > 0) {
        qsort(all->list.at, all->list.n, sizeof *all->list.at, by_place);
    }
    for (size_t i = 0; colours && i < all->list.n; i++) {
        const struct finding *finding = &all->list.at[i];
        const struct evidence *e = &finding->evidence;
        bool here = str_equal(e->source, "text") || str_equal(e->source, "answer");
        if (!here || e->at < at || e->len == 0 || e->at + e->len > len) {
            continue;
        }
        printf("%.*s\033[1;%dm%.*s\033[0m", (int)(e->at - at), text + at, finding->colour, (int)e->len,
               text + e->at);
        at = e->at + e->len;
    }
    printf("%s\n", text + at);
}

static void print_findings(struct arena *arena, const struct findings *all)
{
    for (size_t i = 0; i < all->list.n; i++) {
        const struct finding *finding = &all->list.at[i];
        const struct evidence *e = &finding->evidence;
        printf("  %s%s%s: „%s“ (%s", finding->what, finding->value != NULL ? " " : "",
               finding->value != NULL ? finding->value : "", safe(arena, e->words),
               e->source != NULL ? e->source : "?");
        if (e->pattern != NULL) {
            printf("; %s, %s", e->pattern, e->where != NULL ? e->where : "?");
        }
        puts(")");
    }
    if (all->list.n == 0) {
        puts("  nichts");
    }
}

static void print_registration(struct arena *arena, const struct intent *intent)
{
    for (size_t p = 0; p < intent->persons.n; p++) {
        printf("      ");
        for (int f = 0; f < PERSON_FIELDS; f++) {
            const char *value = safe(arena, intent->persons.at[p].field[f].value);
            printf("%s%s", f > 0 ? " | " : "", value != NULL ? value : "–");
        }
        puts("");
    }
    if (intent->missing != 0) {
        printf("      es fehlt:");
        for (unsigned bit = 1; bit <= MISSING_EVENT; bit <<= 1) {
            if (intent->missing & bit) {
                printf(" %s", missing_name(bit));
            }
        }
        puts("");
    }
}

static void print_verdict(struct arena *arena, const struct reading *reading)
{
    static const char *const words[] = {"das Programm erledigt es", "das Programm fragt nach, was fehlt",
                                        "das Programm tut nichts"};
    printf("\nWas geschähe: %s%s\n", words[reading->automatic],
           reading->staff                       ? "; ein Mensch sieht die Mail"
           : reading->automatic == READING_NONE ? " (kein Mensch schrieb)"
                                                : "");
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        printf("  %s", intent_words(intent->kind));
        if (intent->kind == INTENT_REGISTER || intent->kind == INTENT_CANCEL ||
            intent->kind == INTENT_ANSWER) {
            printf(" %s", intent->event != NULL ? intent->event : "(welche, ist nicht klar)");
        }
        printf("%s%s%s%s\n", intent->address != NULL ? " " : "",
               intent->address != NULL ? safe(arena, intent->address) : "",
               intent->recipient != NULL ? " " : "",
               intent->recipient != NULL ? safe(arena, intent->recipient) : "");
        print_registration(arena, intent);
    }
}

static int by_weight(const void *a, const void *b)
{
    const struct feature *x = a, *y = b;
    int of_x = x->weight.of[0] + x->weight.of[1], of_y = y->weight.of[0] + y->weight.of[1];
    return (of_x < of_y) - (of_x > of_y);
}

/* The sentences whose words weigh enough for a person, and the heaviest of them. */
static void print_weighed(struct arena *arena, const struct reading *reading)
{
    for (size_t i = 0; i < reading->beside.n; i++) {
        const struct beside *beside = &reading->beside.at[i];
        if (!beside->for_person) {
            continue;
        }
        printf("\nGewogen (%+d für einen Menschen, %+d für einen Vorbehalt): „%s“\n  ", beside->person,
               beside->stop, safe(arena, beside->evidence.words));
        struct feature *counted = beside->counted.list.at;
        qsort(counted, beside->counted.list.n, sizeof *counted, by_weight);
        for (size_t c = 0; c < beside->counted.list.n && c < WEIGHED_SHOWN; c++) {
            printf("%s%s %+d/%+d", c > 0 ? ", " : "", safe(arena, counted[c].what), counted[c].weight.of[0],
                   counted[c].weight.of[1]);
        }
        puts("");
    }
}

static void print_reasons(struct arena *arena, const struct reading *reading, int caution)
{
    for (int against = 0; against < 2; against++) {
        puts(against ? "Dagegen spricht:" : "\nDafür spricht:");
        int said = 0;
        for (size_t i = 0; i < reading->reasons.n; i++) {
            const struct reason *reason = &reading->reasons.at[i];
            if ((reason->points < 0) == (against == 1)) {
                printf("  %+d  %s (%s)\n", reason->points, safe(arena, reason->what), reason->code);
                said++;
            }
        }
        if (against && reading->why_staff != NULL) {
            printf("  –  %s\n", reading->why_staff);
            said++;
        }
        if (said == 0) {
            puts("  nichts");
        }
    }
    printf("Sicherheit %d von 100; unter %d handelt das Programm nicht ohne einen Menschen. Sprache: %s\n",
           reading->confidence, caution, *reading->language != '\0' ? reading->language : "unbekannt");
}

bool explain_in_colour(void)
{
    const char *no_colour = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0');
}

void explain_words(struct arena *arena, const struct letter *letter, const struct reading *reading,
                   bool colours)
{
    struct findings findings = {0};
    collect(arena, reading, &findings);
    printf("Von: %s <%s>\nBetreff: %s\n\n", letter->from.name != NULL ? safe(arena, letter->from.name) : "",
           letter->from.address != NULL ? safe(arena, letter->from.address) : "",
           safe(arena, letter->subject));
    print_text(safe(arena, reading->own.text), &findings, colours);
    puts("\nGefunden:");
    print_findings(arena, &findings);
}

void explain_findings(struct arena *arena, const struct reading *reading)
{
    struct findings findings = {0};
    collect(arena, reading, &findings);
    print_findings(arena, &findings);
}

void explain_doubts(struct arena *arena, const struct reading *reading)
{
    for (size_t i = 0; i < reading->reasons.n; i++) {
        const struct reason *reason = &reading->reasons.at[i];
        if (reason->points < 0) {
            printf("  %s\n", safe(arena, reason->what));
        }
    }
}

void explain_reading(struct arena *arena, const struct letter *letter, const struct reading *reading,
                     int caution, bool colours)
{
    explain_words(arena, letter, reading, colours);
    print_verdict(arena, reading);
    print_reasons(arena, reading, caution);
    print_weighed(arena, reading);
}
