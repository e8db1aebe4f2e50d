/* daemon/post/letter_kinds.c: which letters there are, and what each may and must hold.
 *
 * The sample data is the declaration: a name that does not occur in it is unknown to the letter;
 * one that occurs must be given, unless it is true or false here (missing means false) or stands
 * in `optional`. letters.c adds what follows from the rest: "names" ("A, B und C") and "several"
 * from "persons", "refused_names" from "refused", "offering" from "offered", "asking" when a
 * person lacks something, "also" when the letter has further sections. */
#include "daemon/post/letters.h"

#include "base/text.h"

#define EVENT                                                                                                \
    "\"event\": {\"title\": \"KI im Alltag – Chancen und Risiken\","                                       \
    " \"when\": \"Donnerstag, 3. Dezember 2026, 17 bis 19 Uhr\", \"place\": \"Stadtlabor, Nordengraben "     \
    "10\"}"
#define PERSONS "\"persons\": [{\"name\": \"Petra Müller\"}, {\"name\": \"Hans Müller\"}]"
#define KEEPS "\"keeps\": {\"any\": true, \"name\": true, \"birth_date\": true, \"address\": true}"
#define OFFERED                                                                                              \
    "\"offered\": [{\"number\": 1, \"title\": \"KI im Alltag – Chancen und Risiken\","                     \
    " \"when\": \"Donnerstag, 3. Dezember 2026, 17 bis 19 Uhr\", \"place\": \"Stadtlabor, Nordengraben "     \
    "10\"},"                                                                                                 \
    " {\"number\": 2, \"title\": \"Urbanes Grün: Balkon und Fensterbank bepflanzen\","                      \
    " \"when\": \"Samstag, 5. Dezember 2026, 10 bis 13 Uhr\", \"place\": \"Stadtlabor, Nordengraben 10\"}]"
#define ALL_MISSING                                                                                          \
    "\"incomplete\": true, \"missing\": {\"first_name\": true, \"last_name\": true,"                         \
    " \"birth_date\": true, \"street\": true, \"city\": true}"
#define INCOMPLETE                                                                                           \
    "\"persons\": [{\"name\": \"Petra Müller\", \"number\": 1, " ALL_MISSING                                 \
    "}, {\"number\": 2, " ALL_MISSING "}]"

#define LINES "{\"count\": 2, \"lines\": [{\"line\": \"17, seit 2 Tagen: Terminwunsch\"}], \"more\": 1}"

const struct letter_kind letter_kinds[] = {
    /* The registration stands. moved_up: from the waiting list, without a new mail of theirs;
     * calendar: the .ics is attached; contact and extra are the event's own; keeps: what of a person is
     * stored. */
    {"confirmed", "contact extra keeps",
     "{" EVENT ", " PERSONS ", " KEEPS ", \"calendar\": true, \"moved_up\": false,"
     " \"contact\": \"Jana Muster, Telefon 02371/217-2425\","
     " \"extra\": \"Bitte bringen Sie Ihr Smartphone mit.\"}"},
    /* It is soon: once, to who has a place. */
    {"reminder", "contact extra keeps",
     "{" EVENT ", " PERSONS ", " KEEPS
     ", \"calendar\": true, \"contact\": \"Jana Muster, Telefon 02371/217-2425\","
     " \"extra\": \"Bitte bringen Sie Ihr Smartphone mit.\"}"},
    /* It was: what the lab wants to say afterwards. */
    {"thanks", "", "{" EVENT ", \"text\": \"Wie hat es Ihnen gefallen? https://www.example.org/umfrage\"}"},
    /* On the waiting list; position 1 is next. */
    {"waiting", "contact extra keeps",
     "{" EVENT ", " PERSONS ", " KEEPS ", \"position\": 3,"
     " \"contact\": \"Jana Muster, Telefon 02371/217-2425\","
     " \"extra\": \"Bitte bringen Sie Ihr Smartphone mit.\"}"},
    /* No place, no waiting list. offered: other events, where there are some that fit. */
    {"full", "offered persons", "{" EVENT ", " PERSONS ", " OFFERED "}"},
    /* The last day for registrations is over. */
    {"closed", "offered persons",
     "{" EVENT ", " PERSONS ", \"until\": \"Dienstag, 1. Dezember 2026\", " OFFERED "}"},
    /* The event is over. */
    {"over", "offered persons", "{" EVENT ", " PERSONS ", " OFFERED "}"},
    /* The lab has called the event off. */
    {"event_cancelled", "offered persons", "{" EVENT ", " PERSONS ", " OFFERED "}"},
    /* To who is registered: another time or place (`before`: what it was), or (again) it takes place after
     * all. note: a sentence of staff's. waiting: they stand on the waiting list; calendar: the .ics is
     * attached. */
    {"event_moved", "before before.when before.place note",
     "{" EVENT ", " PERSONS ", \"before\": {\"when\": \"Mittwoch, 2. Dezember 2026, 17 bis 19 Uhr\","
     " \"place\": \"Stadtbücherei\"}, \"note\": \"Der Raum war schon vergeben.\","
     " \"waiting\": false, \"calendar\": true, \"again\": false}"},
    /* … it does not take place. */
    {"event_off", "note",
     "{" EVENT ", " PERSONS ", \"note\": \"Die Referentin ist erkrankt.\", \"waiting\": false,"
     " \"calendar\": true}"},
    {"too_young", "", "{" EVENT ", " PERSONS ", \"min_age\": 16}"},
    {"too_old", "", "{" EVENT ", " PERSONS ", \"max_age\": 14}"},
    /* A group of which some are too young or too old (`refused`). The others (`persons`) are registered when
     * they say so; nobody is yet. */
    {"age_mixed", "min_age max_age",
     "{" EVENT ", " PERSONS
     ", \"refused\": [{\"name\": \"Lena Müller\"}], \"min_age\": 16, \"max_age\": 99}"},
    /* waiting: they stand on the waiting list already. */
    {"already_registered", "", "{" EVENT ", " PERSONS ", \"waiting\": false}"},
    /* Other data than before of somebody who is registered already: which, is told, not what. */
    {"changed", "", "{" EVENT ", " PERSONS ", \"birth_date\": true, \"address\": true, \"waiting\": false}"},
    /* Something is missing: of persons, or which event is meant (offered), or both. again: we had
     * asked before. All persons of the registration are given, complete ones without `missing`. */
    {"question", "event persons persons.name persons.number persons.missing offered",
     "{" EVENT ", " INCOMPLETE ", " OFFERED ", \"again\": false}"},
    /* No event of ours fits their words. persons: where something is missing besides. */
    {"event_unknown", "offered persons persons.name persons.number persons.missing",
     "{" OFFERED ", " INCOMPLETE "}"},
    /* Their registration is taken back; waiting: from the waiting list; by_other: somebody else wrote so, and
     * this goes to who had registered; rebooking: for another date, as they asked; calendar: the withdrawal
     * is attached. */
    {"cancelled", "",
     "{" EVENT ", " PERSONS ", \"waiting\": false, \"by_other\": false, \"rebooking\": false,"
     " \"calendar\": false}"},
    {"cancel_unknown", "event", "{" EVENT "}"},
    {"cancel_which", "", "{" OFFERED "}"},
    /* Which of those who came together. */
    {"cancel_who", "",
     "{" EVENT ", \"persons\": [{\"name\": \"Petra Müller\", \"number\": 1},"
     " {\"name\": \"Hans Müller\", \"number\": 2}]}"},
    /* Of a rebooking: the old place stays, as the new one is not had yet; waiting: on its waiting list;
     * rebooking: until they move up at the new one, where they wait. */
    {"place_kept", "", "{" EVENT ", " PERSONS ", \"waiting\": false, \"rebooking\": false}"},
    /* They no longer want what we had asked them about; nothing was registered. */
    {"declined", "", "{}"},
    /* late: they said yes, but when our question was no longer open. */
    {"newsletter_confirm", "", "{\"late\": true}"},
    /* back: they had left (or somebody had put them out) and take that back. */
    {"newsletter_welcome", "", "{\"back\": true}"},
    {"newsletter_already", "", "{}"},
    /* elsewhere: another address is put in for this one; undo: yes in answer takes it back. */
    {"newsletter_goodbye", "", "{\"elsewhere\": true, \"undo\": true}"},
    {"newsletter_unknown", "", "{}"},
    /* A person will look at it. appointment: that is what they want; charge: who takes care of it. */
    {"received", "charge ideas_url",
     "{\"appointment\": false, \"charge\": {\"name\": \"Ida Weber\", \"phone\": \"02371/217-2425\"},"
     " \"ideas_url\": \"https://beteiligung.iserlohn.de\"}"},
    /* To staff, each working morning. The lists are ready-made lines, the first of each; `more`: so many are
     * left out. */
    {"digest", "waiting undelivered events newsletters",
     "{\"day\": \"Montag, 23. November 2026\", \"waiting\": " LINES ", \"undelivered\": " LINES
     ", \"events\": " LINES ", \"newsletters\": " LINES "}"},
    /* To staff: an entry of the queue that is theirs. */
    {"staff_entry", "",
     "{\"entry\": 17, \"topic\": \"Terminwunsch\", \"sender\": \"Petra Müller <petra@example.org>\","
     " \"title\": \"Termin bei Ihnen\", \"why\": \"Bitte lesen Sie die Mail und antworten Sie.\","
     " \"text\": \"Wann kann ich vorbeikommen?\", \"folder\": \"Stadtlabor/Prüfen\"}"},
};
const size_t letter_kinds_n = sizeof letter_kinds / sizeof *letter_kinds;

const char *letter_kind_words(const char *kind)
{
    static const char *const words[][2] = {
        {"confirmed", "Bestätigung"},
        {"reminder", "Erinnerung"},
        {"thanks", "Dank danach"},
        {"waiting", "Warteliste"},
        {"full", "Ausgebucht"},
        {"closed", "Anmeldeschluss vorbei"},
        {"over", "Schon vorbei"},
        {"event_cancelled", "Fällt aus"},
        {"event_moved", "Veranstaltung verlegt"},
        {"event_off", "Veranstaltung abgesagt"},
        {"too_young", "Zu jung"},
        {"too_old", "Zu alt"},
        {"age_mixed", "Rückfrage zum Alter"},
        {"already_registered", "Schon angemeldet"},
        {"changed", "Angaben geändert"},
        {"question", "Rückfrage"},
        {"event_unknown", "Rückfrage, welche Veranstaltung"},
        {"cancelled", "Absage bestätigt"},
        {"cancel_unknown", "Absage, nichts bekannt"},
        {"cancel_which", "Rückfrage, welche Absage"},
        {"cancel_who", "Rückfrage, wer absagt"},
        {"place_kept", "Platz behalten"},
        {"declined", "Nicht angemeldet"},
        {"newsletter_confirm", "Rückfrage zum Newsletter"},
        {"newsletter_welcome", "Newsletter: Willkommen"},
        {"newsletter_already", "Newsletter: schon bestellt"},
        {"newsletter_goodbye", "Newsletter: abbestellt"},
        {"newsletter_unknown", "Newsletter: nicht bestellt"},
        {"received", "Eingang bestätigt"},
        {"digest", "Morgenmail"},
        {"staff_entry", "Nachricht ans Team"},
        {"reply", "Eigene Antwort"},
        {"newsletter_test", "Newsletter zur Probe"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(kind, words[i][0])) {
            return words[i][1];
        }
    }
    return NULL;
}
