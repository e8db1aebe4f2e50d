/* The short listings: outbox, status. */
#include "daemon/staff/commands.h"

#include "base/text.h"
#include "daemon/staff/command.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_store.h"
#include "daemon/store/queue_store.h"
#include "daemon/store/subscriber_store.h"

#include <stdio.h>

const char usage_outbox[] = "stadtlabor outbox list [STATE] [--json]";
const char usage_status[] = "stadtlabor status [--json]";

enum { OUTBOX_LISTED = 500 };

static int list_outbox(struct command *c)
{
    struct outbox_rows rows = {0};
    if (!outbox_list(c->store, c->arena, c->words_n > 1 ? c->words[1] : NULL, OUTBOX_LISTED, &rows,
                     &c->err)) {
        return command_failed(c);
    }
    json_t *all = json_array();
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct outbox_row *r = &rows.row.at[i];
        json_array_append_new(all,
                              json_pack("{sI sI ss ss ss ss si ss sI}", "id", (json_int_t)r->id, "mail",
                                        (json_int_t)r->mail_id, "kind", r->kind, "state", r->state,
                                        "message_id", r->message_id, "recipient", r->recipient, "attempt",
                                        r->attempt, "reply", r->reply, "created", (json_int_t)r->created));
        if (!c->json) {
            printf("%5lld  %s  %s  %s  %s  %s\n", (long long)r->id, command_time(c->arena, r->created),
                   command_cell(c->arena, r->state, 8), command_cell(c->arena, command_letter(r->kind), 30),
                   command_cell(c->arena, r->recipient, 32), command_safe(c->arena, r->reply));
        }
    }
    return command_listed(c, all, "Keine Briefe.");
}

int cmd_outbox(int argc, char **argv)
{
    struct command c;
    int status = command_begin(&c, argc, argv, usage_outbox);
    if (status != EXIT_DONE) {
        return status;
    }
    bool list = c.words_n > 0 && c.words_n <= 2 && str_equal(c.words[0], "list");
    status = list ? list_outbox(&c) : command_usage(&c);
    command_end(&c);
    return status;
}

/* What is counted: where, in which state, and how staff call it. */
static const struct {
    const char *name, *state, *words;
    bool (*count)(struct store *, const char *, int64_t *, struct error *);
} counted[] = {
    {"mails_done", "done", "Mails erledigt", mail_count},
    {"mails_asked", "asked", "Mails mit offener Rückfrage", mail_count},
    {"mails_queued", "queued", "Mails an Menschen gegeben", mail_count},
    {"mails_ignored", "ignored", "Mails von Automaten", mail_count},
    {"letters_queued", "queued", "Briefe warten auf den Versand", outbox_count},
    {"letters_later", "later", "Briefe werden noch einmal versucht", outbox_count},
    {"letters_unclear", "unclear", "Briefe, deren Ankunft unklar ist", outbox_count},
    {"letters_failed", "failed", "Briefe nicht zustellbar", outbox_count},
    {"letters_sent", "sent", "Briefe verschickt", outbox_count},
    {"subscribers", "subscribed", "Newsletter-Empfänger", subscriber_count},
};

static int status_of(struct command *c)
{
    int64_t n;
    json_t *all = json_object();
    if (!queue_count(c->store, &n, &c->err)) {
        json_decref(all);
        return command_failed(c);
    }
    json_object_set_new(all, "queue_open", json_integer(n));
    if (!c->json) {
        printf("%6lld  warten in der Liste für Menschen (stadtlabor queue list)\n", (long long)n);
    }
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        if (!counted[i].count(c->store, counted[i].state, &n, &c->err)) {
            json_decref(all);
            return command_failed(c);
        }
        json_object_set_new(all, counted[i].name, json_integer(n));
        if (!c->json) {
            printf("%6lld  %s\n", (long long)n, counted[i].words);
        }
    }
    return command_listed(c, all, NULL);
}

int cmd_status(int argc, char **argv)
{
    struct command c;
    int status = command_begin(&c, argc, argv, usage_status);
    if (status != EXIT_DONE) {
        return status;
    }
    status = c.words_n == 0 ? status_of(&c) : command_usage(&c);
    command_end(&c);
    return status;
}
