/* `stadtlabor replay`: the kept mails, read again with the present rules. Nothing is changed. */
#include "daemon/staff/commands.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/desk/desk.h"
#include "daemon/staff/queue.h"
#include "daemon/staff/replay.h"
#include "daemon/staff/replay_read.h"

#include <stdio.h>

const char usage_replay[] =
    "stadtlabor replay [--since DATE] [--until DATE] [--patterns DIR] [--all] [--json]";

enum { MAILS_AT_ONCE = 100 };

struct replay {
    struct command *c;
    struct desk desk;
    struct arena *arena; /* of one page of mails */
    int64_t since, until;
    json_t *rows;
    int mails, differ, judged, agreed_then, agreed_now;
};

static void print_row(struct replay *r, const struct mail_row *mail, const json_t *then, const json_t *now,
                      const struct queue_row *choice, enum replay_verdict before, enum replay_verdict after)
{
    struct arena *arena = r->arena;
    printf("Mail %lld, %s, „%s“\n  damals: %s\n  jetzt:  %s\n", (long long)mail->id,
           command_time(arena, mail->received), command_cell(arena, mail->subject, 50),
           command_safe(arena, replay_words(arena, then)), command_safe(arena, replay_words(arena, now)));
    if (after == REPLAY_NO_CHOICE) {
        return;
    }
    json_t *chosen = replay_essence(choice->chosen);
    printf("  Mensch: %s%s%s (%s)\n", queue_outcome_words(choice->outcome), chosen != NULL ? ": " : "",
           chosen != NULL ? command_safe(arena, replay_words(arena, chosen)) : "",
           after == REPLAY_AGREES
               ? before == REPLAY_AGREES ? "so auch das Programm" : "jetzt auch das Programm"
           : before == REPLAY_AGREES ? "jetzt nicht mehr wie das Programm"
                                     : "anders als das Programm");
    json_decref(chosen);
}

static void note(struct replay *r, const struct mail_row *mail, json_t *then, json_t *now,
                 const struct queue_row *choice)
{
    enum replay_verdict before = replay_judge(then, choice->outcome, choice->chosen);
    enum replay_verdict after = replay_judge(now, choice->outcome, choice->chosen);
    bool differs = json_equal(then, now) == 0;
    r->mails++;
    r->differ += differs;
    r->judged += after != REPLAY_NO_CHOICE;
    r->agreed_then += before == REPLAY_AGREES;
    r->agreed_now += after == REPLAY_AGREES;
    if (!differs && !r->c->all) {
        return;
    }
    if (r->c->json) {
        json_array_append_new(r->rows, json_pack("{sI sI sb sO sO ss ss?}", "mail", (json_int_t)mail->id,
                                                 "received", (json_int_t)mail->received, "differs", differs,
                                                 "then", then, "now", now, "outcome",
                                                 choice->outcome == NULL ? "" : choice->outcome, "agrees",
                                                 after == REPLAY_NO_CHOICE ? NULL
                                                 : after == REPLAY_AGREES  ? "yes"
                                                                           : "no"));
    } else {
        print_row(r, mail, then, now, choice, before, after);
    }
}

static void fetch(struct replay *r, const struct mail_row *row, struct replay_mail *ret)
{
    char *bytes;
    *ret = (struct replay_mail){.row = row};
    if (mail_raw(r->c->store, r->arena, row->id, &bytes, &ret->len, &ret->why)) {
        ret->bytes = bytes;
    }
}

/* A mail whose text is gone is told of: the others count. */
static bool compare(struct replay *r, struct replay_mail *mail)
{
    struct queue_row choice;
    bool done = queue_last_closed(r->c->store, r->arena, mail->row->id, &choice, &r->c->err);
    if (mail->why.what[0] != '\0') {
        fprintf(stderr, "stadtlabor: Mail %lld: %s\n", (long long)mail->row->id, mail->why.what);
    }
    if (done && mail->then != NULL && mail->now != NULL) {
        note(r, mail->row, mail->then, mail->now, &choice);
    }
    json_decref(mail->then);
    json_decref(mail->now);
    return done;
}

static bool replay_all(struct replay *r)
{
    struct command *c = r->c;
    for (int64_t after = 0;;) {
        struct mail_rows page = {0};
        struct replay_mail mails[MAILS_AT_ONCE];
        bool done = true;
        arena_reset(r->arena);
        if (!mail_page(c->store, r->arena, r->since, r->until, after, MAILS_AT_ONCE, &page, &c->err)) {
            return false;
        }
        if (page.row.n == 0) {
            return true;
        }
        for (size_t i = 0; i < page.row.n; i++) {
            fetch(r, &page.row.at[i], &mails[i]);
        }
        replay_read(&r->desk, mails, page.row.n);
        for (size_t i = 0; i < page.row.n; i++) {
            done = compare(r, &mails[i]) && done;
        }
        if (!done) {
            return false;
        }
        after = page.row.at[page.row.n - 1].id;
        r->since = page.row.at[page.row.n - 1].received;
    }
}

static bool take_day(struct command *c, const char *name, int64_t fallback, int64_t *ret)
{
    const char *value = command_value(c, name);
    struct date day;
    *ret = fallback;
    if (value == NULL) {
        return true;
    }
    if (!date_parse_iso(value, &day)) {
        return fail(&c->err, "--%s %s: kein Datum; richtig wäre etwa 2026-11-22", name, value);
    }
    *ret = berlin_to_unix(day, 0, 0);
    return true;
}

static void conclude(struct replay *r)
{
    if (r->c->json) {
        command_print_json(json_pack("{si si si si si sO}", "mails", r->mails, "differ", r->differ, "judged",
                                     r->judged, "agreed_then", r->agreed_then, "agreed_now", r->agreed_now,
                                     "rows", r->rows));
        return;
    }
    printf("%d Mails gelesen, %d anders als damals.\n", r->mails, r->differ);
    if (r->judged > 0) {
        printf("Über %d davon hat ein Mensch entschieden: damals war das Programm %d-mal derselben Meinung, "
               "jetzt "
               "ist es %d-mal.\n",
               r->judged, r->agreed_then, r->agreed_now);
    }
}

static int run(struct command *c)
{
    struct replay r = {.c = c, .rows = json_array()};
    const char *patterns = command_value(c, "patterns");
    if (c->words_n != 0) {
        json_decref(r.rows);
        return command_usage(c);
    }
    c->config.patterns_folder = patterns != NULL ? patterns : c->config.patterns_folder;
    bool done = take_day(c, "since", 0, &r.since) && take_day(c, "until", INT64_MAX, &r.until) &&
                desk_begin_reading(&r.desk, c->arena, c->store, &c->config, &c->err);
    if (done) {
        r.arena = arena_new();
        done = desk_programme(&r.desk, &c->err) && replay_all(&r);
        arena_free(r.arena);
        desk_end(&r.desk);
    }
    if (done) {
        conclude(&r);
    }
    json_decref(r.rows);
    return done ? EXIT_DONE : command_failed(c);
}

int cmd_replay(int argc, char **argv)
{
    struct command c;
    int status = command_begin_with(&c, argc, argv, usage_replay, "since until patterns");
    if (status != EXIT_DONE) {
        return status;
    }
    status = run(&c);
    command_end(&c);
    return status;
}
