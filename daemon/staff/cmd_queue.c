#include "daemon/staff/commands.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/retry.h"
#include "daemon/staff/command.h"
#include "daemon/staff/explain_mail.h"
#include "daemon/store/doorbell.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_find.h"
#include "daemon/store/queue_store.h"

#include <stdio.h>

static const char usage[] = "stadtlabor queue list [--all] [--json]\n"
                            "       stadtlabor queue show ID [--json]\n"
                            "       stadtlabor queue done ID...\n"
                            "       stadtlabor queue retry ID...";

static json_t *row_json(const struct queue_row *r)
{
    return json_pack("{sI sI ss ss ss ss ss ss sI}", "id", (json_int_t)r->id, "mail", (json_int_t)r->mail_id,
                     "reason", r->reason, "words", r->words, "state", r->state, "sender", r->sender,
                     "sender_name", r->sender_name, "subject", r->subject, "created", (json_int_t)r->created);
}

static int queue_list_all(struct command *c)
{
    struct queue_rows rows = {0};
    if (c->words_n != 1) {
        return command_usage(c);
    }
    if (!queue_list(c->store, c->arena, c->all, &rows, &c->err)) {
        return command_failed(c);
    }
    json_t *all = json_array();
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct queue_row *r = &rows.row.at[i];
        json_array_append_new(all, row_json(r));
        if (!c->json) {
            printf("%5lld  %s  %s  %s  %s%s\n", (long long)r->id,
                   command_cell(c->arena, command_age(c->arena, r->created, clock_now()), 15),
                   command_cell(c->arena, r->sender, 30), command_cell(c->arena, r->subject, 40),
                   str_equal(r->state, "done") ? "(erledigt) " : "", command_cell(c->arena, r->words, 60));
        }
    }
    if (c->json) {
        command_print_json(all);
    } else {
        if (rows.row.n == 0) {
            printf("Es wartet nichts.\n");
        }
        json_decref(all);
    }
    return EXIT_DONE;
}

static bool find_entry(struct command *c, const char *word, struct queue_row *ret)
{
    int64_t id;
    if (!command_id(c, word, &id) || !queue_get(c->store, c->arena, id, ret, &c->err)) {
        return false;
    }
    return ret->id != 0 ||
           fail(&c->err, "Eintrag %lld gibt es nicht; `stadtlabor queue list` zeigt alle", (long long)id);
}

static bool print_letters(struct command *c, int64_t mail_id)
{
    struct outbox_rows letters = {0};
    if (!outbox_of_mail(c->store, c->arena, mail_id, &letters, &c->err)) {
        return false;
    }
    for (size_t i = 0; i < letters.row.n; i++) {
        printf("\nGeantwortet: %s (%s)\n", letters.row.at[i].kind, letters.row.at[i].state);
    }
    return true;
}

/* The mail as it is read with the present rules. */
static bool explain_again(struct command *c, const struct mail_row *mail, const char *bytes, size_t len)
{
    struct desk desk = {0};
    struct letter letter;
    struct reading reading;
    if (str_starts(mail->identity, "raw-")) { /* it was never read, and must not be now */
        printf("\nDie Mail liegt im Ordner %s; sie wurde vom Programm nicht gelesen.\n",
               c->config.imap_folder_review);
        return true;
    }
    if (!desk_begin(&desk, c->arena, c->store, &c->config, &c->err)) {
        return false;
    }
    bool done = desk_programme(&desk, &c->err) &&
                letter_read(c->arena, bytes, len, len >= (size_t)mail->size, &letter, &c->err);
    if (done) {
        struct reader reader = {.patterns = desk.patterns,
                                .programme = &desk.programme,
                                .caution = c->config.caution,
                                .own_address = c->config.lab_address};
        berlin_from_unix(mail->received, &reader.today, NULL, NULL);
        read_letter(c->arena, &reader, &letter, NULL, &reading);
        explain_reading(c->arena, &letter, &reading, c->config.caution, explain_in_colour());
    }
    desk_end(&desk);
    return done;
}

static int queue_show(struct command *c)
{
    struct queue_row row;
    struct mail_row mail = {0};
    char *bytes = NULL;
    size_t len = 0;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!find_entry(c, c->words[1], &row) ||
        (row.mail_id != 0 && (!mail_get(c->store, c->arena, row.mail_id, &mail, &c->err) ||
                              !mail_raw(c->store, c->arena, row.mail_id, &bytes, &len, &c->err)))) {
        return command_failed(c);
    }
    if (c->json) {
        json_t *json = row_json(&row);
        json_object_set_new(json, "reading", mail.id == 0 ? json_null() : json_loads(mail.reading, 0, NULL));
        command_print_json(json);
        return EXIT_DONE;
    }
    printf("Eintrag %lld, %s\nWarum: %s\n", (long long)row.id,
           command_age(c->arena, row.created, clock_now()), command_safe(c->arena, row.words));
    if (mail.id != 0) {
        if (!explain_again(c, &mail, bytes, len) || !print_letters(c, mail.id)) {
            return command_failed(c);
        }
    }
    printf("\nErledigt: stadtlabor queue done %lld\nNoch einmal lesen: stadtlabor queue retry %lld\n",
           (long long)row.id, (long long)row.id);
    return EXIT_DONE;
}

static bool close_entry(struct command *c, const struct queue_row *row)
{
    bool changed = false;
    if (!store_begin(c->store, &c->err)) {
        return false;
    }
    if (!queue_close(c->store, clock_now(), row->id, &changed, &c->err) ||
        !store_audit(c->store, clock_now(), "staff", "queue_done", row->mail_id,
                     arena_printf(c->arena, "queue %lld", (long long)row->id), &c->err)) {
        store_rollback(c->store);
        return false;
    }
    printf("Eintrag %lld %s.\n", (long long)row->id, changed ? "ist erledigt" : "war schon erledigt");
    return store_commit(c->store, &c->err);
}

static bool retry_entry(struct command *c, const struct queue_row *row)
{
    const char *outcome;
    if (!retry_mail(c->store, &c->config, c->arena, row, clock_now(), &outcome, &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld: noch einmal gelesen, %s.\n", (long long)row->id, outcome);
    return true;
}

static int each_entry(struct command *c, bool (*what)(struct command *, const struct queue_row *))
{
    if (c->words_n < 2) {
        return command_usage(c);
    }
    for (int i = 1; i < c->words_n; i++) {
        struct queue_row row;
        if (!find_entry(c, c->words[i], &row) || !what(c, &row)) {
            return command_failed(c);
        }
    }
    return EXIT_DONE;
}

int cmd_queue(int argc, char **argv)
{
    struct command c;
    int status = command_begin(&c, argc, argv, usage);
    if (status != EXIT_DONE) {
        return status;
    }
    const char *what = c.words_n > 0 ? c.words[0] : "";
    status = str_equal(what, "list")    ? queue_list_all(&c)
             : str_equal(what, "show")  ? queue_show(&c)
             : str_equal(what, "done")  ? each_entry(&c, close_entry)
             : str_equal(what, "retry") ? each_entry(&c, retry_entry)
                                        : command_usage(&c);
    command_end(&c);
    return status;
}
