/* stadtlabor newsletter status: how far an issue is, and what stands in its way. */
#include "daemon/staff/newsletter.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/staff/commands.h"
#include "daemon/store/ledger_store.h"

#include <stdio.h>

enum { BAR_COLUMNS = 40, LISTED = 20, REASONS = 12, PACE_SECONDS = 300 };

static const char *state_words(const char *state)
{
    return str_equal(state, "scheduled") ? "geplant"
           : str_equal(state, "sending") ? "wird verschickt"
           : str_equal(state, "paused")  ? "angehalten"
           : str_equal(state, "stopped") ? "abgebrochen"
                                         : "verschickt";
}

static const char *reason_words(const char *state)
{
    return str_equal(state, "failed")    ? "abgelehnt"
           : str_equal(state, "unclear") ? "unklar"
           : str_equal(state, "bounced") ? "zurückgekommen"
                                         : "wird wieder versucht";
}

struct progress {
    struct ledger_sums sums;
    int64_t done, waiting; /* done: nothing more will happen by itself */
    double per_minute;
    int64_t left_s; /* -1: not known */
};

static bool look(struct command *c, const struct issue_row *issue, int64_t now, struct progress *ret)
{
    struct progress p = {.left_s = -1};
    int64_t recent, since = issue->began > now - PACE_SECONDS ? issue->began : now - PACE_SECONDS;
    if (!ledger_sums(c->store, issue->id, &p.sums, &c->err) ||
        !ledger_pace(c->store, issue->id, since, &recent, &c->err)) {
        return false;
    }
    p.waiting = p.sums.queued + p.sums.sending + p.sums.later;
    p.done = p.sums.sent + p.sums.failed + p.sums.unclear + p.sums.bounced + p.sums.dropped;
    int64_t span = now - since > 0 ? now - since : 1;
    p.per_minute = (double)recent * 60 / (double)span;
    if (p.per_minute > 0 && str_equal(issue->state, "sending")) {
        p.left_s = (int64_t)((double)p.waiting * 60 / p.per_minute);
    }
    *ret = p;
    return true;
}

static json_t *issue_json(const struct issue_row *issue)
{
    return json_pack("{ss ss ss sI sI sI sI}", "name", issue->name, "subject", issue->subject, "state",
                     issue->state, "recipients", (json_int_t)issue->recipients, "send_at",
                     (json_int_t)issue->send_at, "began", (json_int_t)issue->began, "ended",
                     (json_int_t)issue->ended);
}

static void put_progress(json_t *json, const struct progress *p, const struct ledger_reasons *reasons,
                         const struct ledger_addresses *unclear)
{
    const struct ledger_sums *s = &p->sums;
    json_object_set_new(json, "copies",
                        json_pack("{sI sI sI sI sI sI sI sI}", "queued", (json_int_t)s->queued, "sending",
                                  (json_int_t)s->sending, "sent", (json_int_t)s->sent, "later",
                                  (json_int_t)s->later, "failed", (json_int_t)s->failed, "unclear",
                                  (json_int_t)s->unclear, "bounced", (json_int_t)s->bounced, "dropped",
                                  (json_int_t)s->dropped));
    json_object_set_new(json, "per_minute", json_real(p->per_minute));
    json_object_set_new(json, "seconds_left", p->left_s < 0 ? json_null() : json_integer(p->left_s));
    json_t *list = json_array(), *addresses = json_array();
    for (size_t i = 0; i < reasons->reason.n; i++) {
        const struct ledger_reason *reason = &reasons->reason.at[i];
        json_array_append_new(list, json_pack("{ss ss sI}", "state", reason->state, "reply", reason->reply,
                                              "n", (json_int_t)reason->n));
    }
    for (size_t i = 0; i < unclear->address.n; i++) {
        json_array_append_new(addresses, json_string(unclear->address.at[i]));
    }
    json_object_set_new(json, "reasons", list);
    json_object_set_new(json, "unclear", addresses);
}

static void print_bar(const struct issue_row *issue, const struct progress *p)
{
    int64_t all = issue->recipients > 0 ? issue->recipients : 1;
    int full = (int)(p->done * BAR_COLUMNS / all);
    putchar('[');
    for (int i = 0; i < BAR_COLUMNS; i++) {
        fputs(i < full ? "█" : "·", stdout);
    }
    printf("] %lld von %lld (%lld %%)\n", (long long)p->done, (long long)issue->recipients,
           (long long)(p->done * 100 / all));
}

static void print_pace(struct command *c, const struct issue_row *issue, const struct progress *p,
                       int64_t now)
{
    if (!str_equal(issue->state, "sending")) {
        return;
    }
    printf("%.0f in der Minute", p->per_minute);
    if (p->left_s >= 0) {
        int64_t minutes = (p->left_s + 59) / 60;
        if (minutes >= 120) {
            printf(", noch etwa %lld Stunden", (long long)(minutes / 60));
        } else {
            printf(", noch etwa %lld %s", (long long)minutes, minutes == 1 ? "Minute" : "Minuten");
        }
        printf(", fertig gegen %s", command_time(c->arena, now + p->left_s));
    }
    puts(".");
}

static void print_sum(const char *what, int64_t n)
{
    if (n > 0) {
        printf("  %-24s %lld\n", what, (long long)n);
    }
}

static void print_reasons(struct command *c, const char *name, const struct ledger_reasons *reasons,
                          const struct ledger_addresses *unclear)
{
    for (size_t i = 0; i < reasons->reason.n; i++) {
        const struct ledger_reason *reason = &reasons->reason.at[i];
        printf("%s%5lld %s: %s\n", i == 0 ? "Gründe:\n" : "", (long long)reason->n,
               reason_words(reason->state), command_safe(c->arena, reason->reply));
    }
    for (size_t i = 0; i < unclear->address.n; i++) {
        printf("%s  %s\n", i == 0 ? "Unklar, ob angekommen:\n" : "",
               command_safe(c->arena, unclear->address.at[i]));
    }
    if (unclear->address.n > 0) {
        printf("Noch einmal verschicken: stadtlabor newsletter resume %s --unclear again\n", name);
    }
}

static int show_one(struct command *c, const struct issue_row *issue)
{
    struct progress p;
    struct ledger_reasons reasons = {0};
    struct ledger_addresses unclear = {0};
    int64_t now = clock_now();
    if (!look(c, issue, now, &p) ||
        !ledger_reasons(c->store, c->arena, issue->id, REASONS, &reasons, &c->err) ||
        !ledger_unclear(c->store, c->arena, issue->id, c->json ? INT64_MAX : LISTED, &unclear, &c->err)) {
        return command_failed(c);
    }
    if (c->json) {
        json_t *json = issue_json(issue);
        put_progress(json, &p, &reasons, &unclear);
        command_print_json(json);
        return EXIT_DONE;
    }
    printf("%s: %s — %s\n", issue->name, command_safe(c->arena, issue->subject), state_words(issue->state));
    if (issue->began == 0) {
        printf("Geplant für %s.\n", command_time(c->arena, issue->send_at));
        return EXIT_DONE;
    }
    print_bar(issue, &p);
    print_pace(c, issue, &p, now);
    print_sum("verschickt", p.sums.sent);
    print_sum(str_equal(issue->state, "stopped") ? "nicht mehr verschickt" : "wartet",
              p.sums.queued + p.sums.sending);
    print_sum("wird wieder versucht", p.sums.later);
    print_sum("abgelehnt", p.sums.failed);
    print_sum("unklar", p.sums.unclear);
    print_sum("zurückgekommen", p.sums.bounced);
    print_sum("inzwischen abgemeldet", p.sums.dropped);
    print_reasons(c, issue->name, &reasons, &unclear);
    return EXIT_DONE;
}

static int show_all(struct command *c)
{
    struct issue_rows rows = {0};
    if (!issue_list(c->store, c->arena, LISTED, &rows, &c->err)) {
        return command_failed(c);
    }
    json_t *all = json_array();
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct issue_row *issue = &rows.row.at[i];
        json_array_append_new(all, issue_json(issue));
        if (!c->json) {
            printf("%s  %s %s %6lld  %s\n", command_cell(c->arena, issue->name, 20),
                   command_cell(c->arena, state_words(issue->state), 15),
                   command_time(c->arena, issue->began != 0 ? issue->began : issue->send_at),
                   (long long)issue->recipients, command_safe(c->arena, issue->subject));
        }
    }
    return command_listed(c, all, "Es gibt noch keine Ausgabe.");
}

int newsletter_status(struct command *c)
{
    if (c->words_n > 2) {
        return command_usage(c);
    }
    if (c->words_n < 2) {
        return show_all(c);
    }
    struct issue_row issue;
    if (!issue_find(c->store, c->arena, c->words[1], &issue, &c->err)) {
        return command_failed(c);
    }
    if (issue.id == 0) {
        fail(&c->err, "die Ausgabe „%s“ gibt es nicht", c->words[1]);
        return command_failed(c);
    }
    return show_one(c, &issue);
}
