#include "daemon/staff/commands.h"

#include "base/text.h"
#include "daemon/staff/queue.h"

#include <stdio.h>

const char usage_queue[] =
    "stadtlabor queue list [--all] [--for NAME] [--json]\n"
    "       stadtlabor queue show ID [CORRECTION...] [--json]\n"
    "       stadtlabor queue accept ID [CORRECTION...]\n"
    "       stadtlabor queue ask ID [CORRECTION...]\n"
    "       stadtlabor queue reply ID [--text FILE]\n"
    "       stadtlabor queue assign ID NAME\n"
    "       stadtlabor queue done|spam|retry ID...\n"
    "       stadtlabor queue work [--for NAME]\n"
    "CORRECTION: --event CODE, --first-name NAME, --last-name NAME, --birth-date DATE, --street STREET,\n"
    "            --postal-code CODE, --city CITY; --first-name 2=NAME is the second person's";

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

typedef bool act_on(struct queue_work *work, const struct queue_row *row);

/* Each entry that a word names; with `open` none that is done. */
static int each_entry(struct command *c, act_on *act, bool several, bool open)
{
    struct queue_work work = {.c = c};
    int status = EXIT_DONE;
    if (c->words_n < 2 || (c->words_n > 2 && !several)) {
        return command_usage(c);
    }
    for (int i = 1; i < c->words_n && status == EXIT_DONE; i++) {
        struct queue_row row;
        if (!queue_entry(c, c->words[i], open, &row) || !act(&work, &row)) {
            status = command_failed(c);
        }
    }
    queue_unload(&work);
    return status;
}

static int show(struct command *c)
{
    return each_entry(c, queue_show_entry, false, false);
}

static int accept(struct command *c)
{
    return each_entry(c, queue_accept, false, true);
}

static int ask(struct command *c)
{
    return each_entry(c, queue_ask, false, true);
}

static int reply(struct command *c)
{
    return each_entry(c, queue_reply, false, true);
}

static int done(struct command *c)
{
    return each_entry(c, queue_done, true, false);
}

static int spam(struct command *c)
{
    return each_entry(c, queue_spam, true, false);
}

static int retry(struct command *c)
{
    return each_entry(c, queue_retry, true, false);
}

static int assign(struct command *c)
{
    struct queue_work work = {.c = c};
    struct queue_row row;
    if (c->words_n != 3) {
        return command_usage(c);
    }
    bool assigned = queue_entry(c, c->words[1], true, &row) && queue_hand_over(&work, &row, c->words[2]);
    queue_unload(&work);
    return assigned ? EXIT_DONE : command_failed(c);
}

static int work_through(struct command *c)
{
    struct queue_work work = {.c = c};
    if (c->words_n != 1) {
        return command_usage(c);
    }
    bool through = queue_work_through(&work);
    queue_unload(&work);
    return through ? EXIT_DONE : command_failed(c);
}

int cmd_queue(int argc, char **argv)
{
    static const struct command_part parts[] = {{"list", queue_list_all, "for"},
                                                {"show", show, QUEUE_CORRECTIONS},
                                                {"accept", accept, QUEUE_CORRECTIONS},
                                                {"ask", ask, QUEUE_CORRECTIONS},
                                                {"reply", reply, "text"},
                                                {"assign", assign, ""},
                                                {"done", done, ""},
                                                {"spam", spam, ""},
                                                {"retry", retry, ""},
                                                {"work", work_through, "for"}};
    return command_of_parts(argc, argv, usage_queue, parts, sizeof parts / sizeof *parts, NULL);
}
