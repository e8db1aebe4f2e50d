#include "daemon/staff/commands.h"

#include "base/text.h"
#include "daemon/desk/care.h"
#include "daemon/desk/retry.h"
#include "daemon/staff/queue.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>

static const char usage[] =
    "stadtlabor queue list [--all] [--for NAME] [--json]\n"
    "       stadtlabor queue show ID [--json]\n"
    "       stadtlabor queue accept ID [--event CODE] [--first-name NAME] [--last-name NAME]\n"
    "                [--birth-date DATE] [--street STREET] [--postal-code CODE] [--city CITY]\n"
    "       stadtlabor queue ask ID [--event CODE] …\n"
    "       stadtlabor queue reply ID [--text FILE]\n"
    "       stadtlabor queue assign ID NAME\n"
    "       stadtlabor queue done|spam|retry ID...\n"
    "       stadtlabor queue work [--for NAME]";

bool queue_load(struct queue_work *work)
{
    struct command *c = work->c;
    if (!work->loaded) {
        if (!desk_begin(&work->desk, c->arena, c->store, &c->config, &c->err)) {
            return false;
        }
        work->loaded = true;
    }
    return desk_programme(&work->desk, &c->err);
}

void queue_unload(struct queue_work *work)
{
    if (work->loaded) {
        desk_end(&work->desk);
        work->loaded = false;
    }
}

static int queue_list_all(struct command *c)
{
    struct queue_rows rows = {0};
    const char *whose = command_value(c, "for");
    if (c->words_n != 1) {
        return command_usage(c);
    }
    if (!queue_list(c->store, c->arena, c->all, &rows, &c->err)) {
        return command_failed(c);
    }
    json_t *all = json_array();
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct queue_row *r = &rows.row.at[i];
        if (whose != NULL && !str_equal_nocase(whose, r->assigned)) {
            continue;
        }
        json_array_append_new(all, queue_row_json(r));
        if (!c->json) {
            printf("%5lld  %s  %s  %s  %s  %s%s%s%s\n", (long long)r->id,
                   command_cell(c->arena, command_age(c->arena, r->created, clock_now()), 15),
                   command_cell(c->arena, r->sender, 30), command_cell(c->arena, r->subject, 40),
                   command_cell(c->arena, topic_words(r->topic), 14),
                   str_equal(r->state, "done") ? "(erledigt) " : "", command_cell(c->arena, r->words, 60),
                   r->assigned[0] != '\0' ? "  → " : "", command_safe(c->arena, r->assigned));
        }
    }
    if (c->json) {
        command_print_json(all);
    } else {
        if (json_array_size(all) == 0) {
            printf("Es wartet nichts.\n");
        }
        json_decref(all);
    }
    return EXIT_DONE;
}

bool queue_entry(struct command *c, const char *word, bool open, struct queue_row *ret)
{
    int64_t id;
    if (!command_id(c, word, &id) || !queue_get(c->store, c->arena, id, ret, &c->err)) {
        return false;
    }
    if (ret->id == 0) {
        return fail(&c->err, "Eintrag %lld gibt es nicht; `stadtlabor queue list` zeigt alle", (long long)id);
    }
    return !open || str_equal(ret->state, "open") ||
           fail(&c->err, "Eintrag %lld ist schon erledigt", (long long)id);
}

/* Closes the entry in a transaction of its own. */
static bool close_entry(struct command *c, const struct queue_row *row, const struct queue_end *end)
{
    bool changed = false;
    if (!store_begin(c->store, &c->err)) {
        return false;
    }
    if (!queue_close(c->store, clock_now(), row->id, end, &changed, &c->err) ||
        !store_audit(c->store, clock_now(), command_actor(c->arena),
                     arena_printf(c->arena, "queue_%s", end->outcome), row->mail_id,
                     arena_printf(c->arena, "queue %lld", (long long)row->id), &c->err)) {
        store_rollback(c->store);
        return false;
    }
    if (!store_commit(c->store, &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld %s.\n", (long long)row->id, changed ? "ist erledigt" : "war schon erledigt");
    return true;
}

bool queue_done(struct queue_work *work, const struct queue_row *row)
{
    return close_entry(work->c, row, &(struct queue_end){.outcome = "done", .move = "done"});
}

bool queue_spam(struct queue_work *work, const struct queue_row *row)
{
    return close_entry(work->c, row, &(struct queue_end){.outcome = "spam", .move = "automatic"});
}

bool queue_retry(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    const char *outcome;
    if (!retry_mail(c->store, &c->config, c->arena, row, clock_now(), command_actor(c->arena), &outcome,
                    &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld: noch einmal gelesen, %s.\n", (long long)row->id, outcome);
    return true;
}

/* In one transaction: the entry has the name, and whoever the configuration knows by it is told. */
static bool assign_to(struct queue_work *work, const struct queue_row *row, const char *name,
                      const struct topic_care *who, const char *text)
{
    struct command *c = work->c;
    if (!store_begin(c->store, &c->err)) {
        return false;
    }
    const char *actor = command_actor(c->arena);
    bool tell = who != NULL && who->address[0] != '\0';
    if (!queue_assign(c->store, row->id, who != NULL ? who->name : name, &c->err) ||
        (tell && !care_notice(&work->desk, c->arena, clock_now(), row, who, text, actor, &c->err)) ||
        !store_audit(c->store, clock_now(), actor, "queue_assigned", row->mail_id,
                     arena_printf(c->arena, "queue %lld", (long long)row->id), &c->err)) {
        store_rollback(c->store);
        return false;
    }
    return store_commit(c->store, &c->err);
}

bool queue_hand_over(struct queue_work *work, const struct queue_row *row, const char *name)
{
    struct command *c = work->c;
    struct topic_care care[TOPICS];
    struct proposal p = {0};
    name = str_trim(c->arena, name);
    care_configured(c->arena, &c->config, care);
    const struct topic_care *who = care_named(care, name);
    bool tell = who != NULL && who->address[0] != '\0';
    if ((tell && (!queue_propose(work, row, false, &p) || !queue_load(work))) ||
        !assign_to(work, row, name, who, p.mail.id != 0 && !p.unread ? p.read.own.text : "")) {
        return false;
    }
    doorbell_ring(c->config.store);
    if (*name == '\0') {
        printf("Eintrag %lld: niemand ist mehr zuständig.\n", (long long)row->id);
    } else {
        printf("Eintrag %lld: zuständig ist jetzt %s.\n", (long long)row->id, command_safe(c->arena, name));
    }
    return true;
}

static bool show(struct queue_work *work, const struct queue_row *row)
{
    return queue_show_entry(work, row);
}

/* How many entries a word may be about, and which state they must have. */
static const struct verb {
    const char *name;
    bool (*run)(struct queue_work *, const struct queue_row *);
    bool several, open;
} verbs[] = {
    {"show", show, false, false},        {"accept", queue_accept, false, true},
    {"ask", queue_ask, false, true},     {"reply", queue_reply, false, true},
    {"done", queue_done, true, false},   {"spam", queue_spam, true, false},
    {"retry", queue_retry, true, false},
};

static int each_entry(struct command *c, const struct verb *verb)
{
    struct queue_work work = {.c = c};
    int status = EXIT_DONE;
    if (c->words_n < 2 || (c->words_n > 2 && !verb->several)) {
        return command_usage(c);
    }
    for (int i = 1; i < c->words_n && status == EXIT_DONE; i++) {
        struct queue_row row;
        if (!queue_entry(c, c->words[i], verb->open, &row) || !verb->run(&work, &row)) {
            status = command_failed(c);
        }
    }
    queue_unload(&work);
    return status;
}

static int assign(struct command *c)
{
    struct queue_work work = {.c = c};
    struct queue_row row;
    if (c->words_n != 3) {
        return command_usage(c);
    }
    bool done = queue_entry(c, c->words[1], true, &row) && queue_hand_over(&work, &row, c->words[2]);
    queue_unload(&work);
    return done ? EXIT_DONE : command_failed(c);
}

static int work_through(struct command *c)
{
    struct queue_work work = {.c = c};
    if (c->words_n != 1) {
        return command_usage(c);
    }
    bool done = queue_work_through(&work);
    queue_unload(&work);
    return done ? EXIT_DONE : command_failed(c);
}

static int run(struct command *c)
{
    const char *what = c->words_n > 0 ? c->words[0] : "";
    if (str_equal(what, "list")) {
        return queue_list_all(c);
    }
    if (str_equal(what, "assign")) {
        return assign(c);
    }
    if (str_equal(what, "work")) {
        return work_through(c);
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_equal(what, verbs[i].name)) {
            return each_entry(c, &verbs[i]);
        }
    }
    return command_usage(c);
}

int cmd_queue(int argc, char **argv)
{
    struct command c;
    int status = command_begin_with(&c, argc, argv, usage, "for text " QUEUE_CORRECTIONS);
    if (status != EXIT_DONE) {
        return status;
    }
    status = run(&c);
    command_end(&c);
    return status;
}
