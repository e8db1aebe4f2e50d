/* stadtlabor newsletter: an issue from its file to its readers. */
#include "daemon/staff/newsletter.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/newsletter/programme_letter.h"
#include "daemon/staff/commands.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>
#include <string.h>

const char usage_newsletter[] =
    "stadtlabor newsletter [status [NAME]] [--json]\n"
    "       stadtlabor newsletter new NAME\n"
    "       stadtlabor newsletter check|preview FILE.md\n"
    "       stadtlabor newsletter test ADDRESS FILE.md\n"
    "       stadtlabor newsletter send FILE.md|NAME [--yes]\n"
    "       stadtlabor newsletter schedule FILE.md [--at \"01.12.2026 09:00\"] [--yes]\n"
    "       stadtlabor newsletter pause|stop [NAME]\n"
    "       stadtlabor newsletter resume [NAME] [--unclear again]\n"
    "       stadtlabor newsletter run";

/* The issue of that name; without a name the newest that is in one of the states ("sending paused"). */
static bool find(struct command *c, const char *name, const char *states, struct issue_row *ret)
{
    struct issue_rows rows = {0};
    if (name != NULL) {
        return issue_find(c->store, c->arena, name, ret, &c->err) &&
               (ret->id != 0 || fail(&c->err, "die Ausgabe „%s“ gibt es nicht", name));
    }
    if (!issue_list(c->store, c->arena, 1000, &rows, &c->err)) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        if (strstr(states, rows.row.at[i].state) != NULL) {
            *ret = rows.row.at[i];
            return true;
        }
    }
    return fail(&c->err, "zurzeit ist keine Ausgabe unterwegs");
}

static bool looks_like_file(const char *word)
{
    size_t len = strlen(word);
    return strchr(word, '/') != NULL || (len > 3 && str_equal_nocase(word + len - 3, ".md"));
}

/* What is sent is what was checked: `run_schedule` takes the file as it is now. */
static bool take_in(struct command *c, const struct issue_draft *draft, int64_t send_at,
                    struct issue_row *ret)
{
    return run_schedule(c->store, clock_now(), command_actor(c->arena), draft->name, draft->source,
                        &draft->file, &draft->pictures, send_at, &c->err) &&
           issue_find(c->store, c->arena, draft->name, ret, &c->err);
}

/* `now`: with nobody to read it there is nothing to do. */
static bool confirm(struct command *c, const char *name, const char *subject, const char *what, bool now)
{
    int64_t readers;
    return issue_readers(c->store, &readers, &c->err) &&
           (readers > 0 || !now || fail(&c->err, "noch bekommt niemand den Newsletter")) &&
           command_confirm(c, arena_printf(c->arena, "Ausgabe „%s“, Betreff „%s“, an %lld Empfänger %s?",
                                           name, subject, (long long)readers, what));
}

static bool begin(struct command *c, const struct issue_row *issue)
{
    struct issue_making making;
    int64_t recipients;
    if (!newsletter_making(c, &making) ||
        !run_begin(&making, command_actor(c->arena), issue, &recipients, &c->err)) {
        return false;
    }
    printf("Ausgabe „%s“ begonnen: %lld Empfänger.\n", issue->name, (long long)recipients);
    doorbell_ring(c->config.store);
    return true;
}

static int send_issue(struct command *c)
{
    struct issue_row issue;
    struct issue_draft draft;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!looks_like_file(c->words[1])) {
        return find(c, c->words[1], "", &issue) &&
                       confirm(c, issue.name, issue.subject, "jetzt verschicken", true) && begin(c, &issue)
                   ? EXIT_DONE
                   : command_failed(c);
    }
    if (!newsletter_read_file(c, c->words[1], &draft) || !newsletter_sound(c, &draft) ||
        !confirm(c, draft.name, draft.file.subject, "jetzt verschicken", true) ||
        !take_in(c, &draft, clock_now(), &issue)) {
        return command_failed(c);
    }
    if (!begin(c, &issue)) {
        run_unschedule(c->store, clock_now(), command_actor(c->arena), &issue, NULL);
        return command_failed(c);
    }
    return EXIT_DONE;
}

static int schedule(struct command *c)
{
    const char *at = command_value(c, "at");
    struct issue_draft draft;
    struct issue_row issue;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!newsletter_read_file(c, c->words[1], &draft) || !newsletter_sound(c, &draft)) {
        return command_failed(c);
    }
    int64_t send_at = draft.file.send_at;
    if (at != NULL && !issue_time_read(c->arena, at, &send_at)) {
        fail(&c->err, "„%.40s“ ist kein Zeitpunkt; richtig wäre etwa 01.12.2026 09:00", at);
        return command_failed(c);
    }
    if (send_at <= clock_now()) {
        fail(&c->err, send_at == 0
                          ? "wann? Bitte „Versand:“ in den Kopf der Datei schreiben oder --at angeben"
                          : "dieser Zeitpunkt ist schon vorbei");
        return command_failed(c);
    }
    const char *when = command_time(c->arena, send_at);
    if (!confirm(c, draft.name, draft.file.subject, arena_printf(c->arena, "am %s verschicken", when),
                 false) ||
        !take_in(c, &draft, send_at, &issue)) {
        return command_failed(c);
    }
    printf("Ausgabe „%s“ ist für %s geplant.\n", issue.name, when);
    return EXIT_DONE;
}

static int told(const struct issue_row *issue, const char *words)
{
    printf("Ausgabe „%s“ %s.\n", issue->name, words);
    return EXIT_DONE;
}

static int pause_or_stop(struct command *c, bool stop)
{
    struct issue_row issue;
    const char *actor = command_actor(c->arena);
    if (c->words_n > 2) {
        return command_usage(c);
    }
    if (!find(c, c->words_n == 2 ? c->words[1] : NULL, stop ? "sending paused" : "sending", &issue)) {
        return command_failed(c);
    }
    if (stop && str_equal(issue.state, "scheduled")) {
        return run_unschedule(c->store, clock_now(), actor, &issue, &c->err)
                   ? told(&issue, "ist nicht mehr geplant")
                   : command_failed(c);
    }
    if (stop ? !run_stop(c->store, clock_now(), actor, &issue, &c->err)
             : !run_pause(c->store, clock_now(), actor, &issue, &c->err)) {
        return command_failed(c);
    }
    doorbell_ring(c->config.store);
    return told(&issue, stop ? "ist abgebrochen; fortsetzen: stadtlabor newsletter resume"
                             : "ist angehalten; weiter: stadtlabor newsletter resume");
}

static int resume(struct command *c)
{
    struct issue_row issue;
    int64_t again;
    const char *unclear = command_value(c, "unclear");
    if (c->words_n > 2 || (unclear != NULL && !str_equal(unclear, "again"))) {
        return command_usage(c);
    }
    if (!find(c, c->words_n == 2 ? c->words[1] : NULL,
              unclear != NULL ? "paused stopped sending sent" : "paused stopped", &issue) ||
        !run_resume(c->store, clock_now(), command_actor(c->arena), &issue, unclear != NULL, &again,
                    &c->err)) {
        return command_failed(c);
    }
    doorbell_ring(c->config.store);
    return told(&issue, unclear != NULL ? arena_printf(c->arena,
                                                       "geht weiter; %lld unklare Exemplare werden noch "
                                                       "einmal verschickt",
                                                       (long long)again)
                                        : "geht weiter");
}

static bool plan_programme(struct command *c, struct issue_rows *due)
{
    struct issue_making making;
    struct issue_row issue;
    if (!newsletter_making(c, &making) ||
        !programme_letter(&making, c->arena, command_actor(c->arena), &issue, &c->err)) {
        return false;
    }
    if (issue.id != 0) {
        *LIST_ADD(c->arena, &due->row) = issue;
    }
    return true;
}

/* What the timer starts: what is due begins; the daemon goes on by itself with what was interrupted. */
static int run(struct command *c)
{
    struct issue_rows due = {0};
    if (c->words_n != 1) {
        return command_usage(c);
    }
    if (!issue_due(c->store, c->arena, clock_now(), &due, &c->err)) {
        return command_failed(c);
    }
    int status = plan_programme(c, &due) ? EXIT_DONE : command_failed(c);
    for (size_t i = 0; i < due.row.n; i++) {
        if (!begin(c, &due.row.at[i])) {
            status = command_failed(c);
        }
    }
    doorbell_ring(c->config.store);
    return status;
}

static int pause_issue(struct command *c)
{
    return pause_or_stop(c, false);
}

static int stop_issue(struct command *c)
{
    return pause_or_stop(c, true);
}

int cmd_newsletter(int argc, char **argv)
{
    static const struct command_part parts[] = {{"status", newsletter_status, ""},
                                                {"new", newsletter_new, ""},
                                                {"check", newsletter_check, ""},
                                                {"preview", newsletter_preview, ""},
                                                {"test", newsletter_test, ""},
                                                {"send", send_issue, ""},
                                                {"schedule", schedule, "at"},
                                                {"pause", pause_issue, ""},
                                                {"resume", resume, "unclear"},
                                                {"stop", stop_issue, ""},
                                                {"run", run, ""}};
    return command_of_parts(argc, argv, usage_newsletter, parts, sizeof parts / sizeof *parts, "status");
}
