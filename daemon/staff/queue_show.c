/* daemon/staff/queue_show.c: one entry: why, the mail in words, what was understood, what could be done. */
#include "daemon/staff/queue.h"

#include "base/text.h"
#include "daemon/desk/reply.h"
#include "daemon/staff/explain_mail.h"
#include "daemon/store/outbox_find.h"

#include <stdio.h>
#include <string.h>

static const char *state_words(const char *state)
{
    return str_equal(state, "sent")      ? "verschickt"
           : str_equal(state, "failed")  ? "nicht zustellbar"
           : str_equal(state, "unclear") ? "Ankunft unklar"
                                         : "wartet auf den Versand";
}

static bool print_letters(struct command *c, int64_t mail_id)
{
    struct outbox_rows letters = {0};
    if (!outbox_of_mail(c->store, c->arena, mail_id, &letters, &c->err)) {
        return false;
    }
    for (size_t i = 0; i < letters.row.n; i++) {
        const struct outbox_row *r = &letters.row.at[i];
        printf("%sBrief vom %s: %s (%s)\n", i == 0 ? "\n" : "", command_time(c->arena, r->created),
               command_letter(r->kind), state_words(r->state));
    }
    return true;
}

/* The text, each line moved in. */
static void print_quoted(struct arena *arena, const char *text)
{
    const char *at = command_safe(arena, text);
    while (*at != '\0') {
        size_t line = strcspn(at, "\n");
        printf("  | %.*s\n", (int)line, at);
        at += line + (at[line] == '\n');
    }
}

static void print_missing(const struct proposal *p)
{
    static const struct {
        unsigned bit;
        const char *words;
    } names[] = {{MISSING_EVENT, "Veranstaltung"}, {MISSING_FIRST_NAME, "Vorname"},
                 {MISSING_LAST_NAME, "Nachname"},  {MISSING_BIRTH_DATE, "Geburtsdatum"},
                 {MISSING_STREET, "Straße"},       {MISSING_CITY, "Postleitzahl und Ort"}};
    unsigned missing = 0;
    for (size_t i = 0; i < p->decision.answer.sections.n; i++) {
        missing |= p->decision.answer.sections.at[i].missing;
    }
    const char *before = "Es fehlt: ";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (missing & names[i].bit) {
            printf("%s%s", before, names[i].words);
            before = ", ";
        }
    }
    puts(before[0] == ',' ? "" : "Nicht klar ist, welche Veranstaltung gemeint ist");
}

/* Nothing to be done by the program: an answer that somebody begins to write. */
static bool print_draft(struct queue_work *work, const struct queue_row *row, const struct proposal *p)
{
    const char *draft;
    if (reply_recipient(p) == NULL) {
        return true;
    }
    if (!reply_draft(&work->desk, work->c->arena, p, &draft, &work->c->err)) {
        return false;
    }
    printf("Sie können antworten (stadtlabor queue reply %lld); der Entwurf:\n", (long long)row->id);
    const char *end = strstr(draft, "\n> ");
    print_quoted(work->c->arena,
                 end == NULL ? draft : arena_strndup(work->c->arena, draft, (size_t)(end - draft)));
    return true;
}

/* The command of the proposal must not be used without what was given here. */
static const char *as_corrected(const struct command *c)
{
    for (size_t i = 0; i < c->values.n; i++) {
        if (queue_is_correction(c->values.at[i].name)) {
            return ", mit denselben Angaben";
        }
    }
    return "";
}

static bool print_proposal(struct queue_work *work, const struct queue_row *row, const struct proposal *p)
{
    struct arena *arena = work->c->arena;
    const struct rendered *letter = NULL;
    long long id = (long long)row->id;
    if (!p->acts && !p->asks) {
        printf("\nVorschlag: keiner, den das Programm ausführen kann.%s%s\n", p->why_not != NULL ? " " : "",
               p->why_not != NULL ? command_safe(arena, p->why_not) : "");
        return print_draft(work, row, p);
    }
    if (!proposal_letter(&work->desk, arena, p, &letter, &work->c->err)) {
        return false;
    }
    printf("\nVorschlag (stadtlabor queue %s %lld%s):\n%s", p->asks ? "ask" : "accept", id,
           as_corrected(work->c), command_safe(arena, queue_proposal_words(arena, p)));
    if (p->asks) {
        printf("  ");
        print_missing(p);
    }
    puts("  Dafür gefunden:");
    explain_findings(arena, &p->settled);
    if (letter != NULL) {
        printf("  Brief an %s, Betreff: %s\n", command_safe(arena, p->decision.answer.to),
               command_safe(arena, letter->subject));
        print_quoted(arena, letter->text);
    }
    return true;
}

static void print_head(struct command *c, const struct queue_row *row)
{
    printf("Eintrag %lld, %s", (long long)row->id, command_age(c->arena, row->created, clock_now()));
    if (row->topic[0] != '\0') {
        printf(", Thema: %s", topic_words(row->topic));
    }
    if (row->assigned[0] != '\0') {
        printf(", zuständig: %s", command_safe(c->arena, row->assigned));
    }
    if (str_equal(row->state, "done")) {
        printf(", %s am %s", queue_outcome_words(row->outcome), command_time(c->arena, row->closed));
    }
    printf("\nWarum: %s\n", command_safe(c->arena, row->words));
}

static void print_ways_on(const struct queue_row *row, const struct proposal *p)
{
    long long id = (long long)row->id;
    printf("\n");
    if (p != NULL && p->acts) {
        printf("Wie vorgeschlagen: stadtlabor queue accept %lld [--event KÜRZEL] [--birth-date DATUM] …\n",
               id);
    }
    if (p != NULL && p->asks) {
        printf("Nachfragen:        stadtlabor queue ask %lld\n"
               "Sie wissen es:     stadtlabor queue accept %lld --event KÜRZEL --birth-date DATUM …\n",
               id, id);
    }
    if (p != NULL) {
        printf("Selbst antworten:  stadtlabor queue reply %lld\n", id);
        printf("Noch einmal lesen: stadtlabor queue retry %lld\n", id);
    }
    printf("Erledigt:          stadtlabor queue done %lld\n", id);
}

static bool show_json(struct queue_work *work, const struct queue_row *row, const struct proposal *p)
{
    json_t *json = queue_row_json(row);
    bool mail = p->mail.id != 0;
    json_object_set_new(json, "reading", mail ? json_loads(p->mail.reading, 0, NULL) : json_null());
    if (mail && !p->unread) {
        const struct rendered *letter = NULL;
        if (!proposal_letter(&work->desk, work->c->arena, p, &letter, &work->c->err)) {
            json_decref(json);
            return false;
        }
        json_t *proposal = queue_proposal_json(work->c->arena, p);
        if (letter != NULL) {
            json_object_set_new(proposal, "letter",
                                json_pack("{ss ss ss}", "to", p->decision.answer.to, "subject",
                                          letter->subject, "text", letter->text));
        }
        json_object_set_new(json, "text", json_string(p->read.own.text));
        json_object_set_new(json, "proposal", proposal);
    }
    command_print_json(json);
    return true;
}

bool queue_show_entry(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    struct proposal p = {0};
    if (!queue_propose(work, row, true, &p)) {
        return false;
    }
    if (c->json) {
        return show_json(work, row, &p);
    }
    print_head(c, row);
    bool open = str_equal(row->state, "open");
    if (p.mail.id != 0 && p.unread) { /* it was never read, and must not be now */
        printf(p.gone ? "\nDer Text der Mail wird hier nicht mehr aufbewahrt; vielleicht liegt sie noch im "
                        "Ordner %s.\n"
                      : "\nDie Mail liegt im Ordner %s; sie wurde vom Programm nicht gelesen.\n",
               c->config.imap_folder_review);
    } else if (p.mail.id != 0) {
        printf("\nEmpfangen: %s\n", command_time(c->arena, p.mail.received));
        explain_words(c->arena, &p.letter, &p.read, explain_in_colour());
        if (p.read.why_staff != NULL && strstr(row->words, p.read.why_staff) == NULL) {
            printf("\nWarum das Programm nicht allein entschied: %s\n", p.read.why_staff);
        }
        explain_doubts(c->arena, &p.read);
        if (!print_letters(c, p.mail.id) || (open && !print_proposal(work, row, &p))) {
            return false;
        }
    }
    if (open) {
        print_ways_on(row, p.mail.id != 0 && !p.unread ? &p : NULL);
    }
    return true;
}
