#include "daemon/staff/commands.h"

#include "base/text.h"
#include "daemon/staff/queue.h"

#include <stdio.h>

const char usage_queue[] =
    "stadtlabor queue list [--all] [--for NAME] [--json]\n"
    "       stadtlabor queue show ID [--json]\n"
    "       stadtlabor queue accept ID [--event CODE] [--first-name NAME] [--last-name NAME]\n"
    "                [--birth-date DATE] [--street STREET] [--postal-code CODE] [--city CITY]\n"
    "       stadtlabor queue ask ID [--event CODE] …\n"
    "       stadtlabor queue reply ID [--text FILE]\n"
    "       stadtlabor queue assign ID NAME\n"
    "       stadtlabor queue done|spam|retry ID...\n"
    "       stadtlabor queue work [--for NAME]";

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
    return command_listed(c, all, "Es wartet nichts.");
}

/* How many entries a word may be about, and which state they must have. */
static const struct verb {
    const char *name;
    bool (*run)(struct queue_work *, const struct queue_row *);
    bool several, open;
} verbs[] = {
    {"show", queue_show_entry, false, false}, {"accept", queue_accept, false, true},
    {"ask", queue_ask, false, true},          {"reply", queue_reply, false, true},
    {"done", queue_done, true, false},        {"spam", queue_spam, true, false},
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
    int status = command_begin_with(&c, argc, argv, usage_queue, "for text " QUEUE_CORRECTIONS);
    if (status != EXIT_DONE) {
        return status;
    }
    status = run(&c);
    command_end(&c);
    return status;
}
