#include "daemon/staff/commands.h"

#include "base/file.h"
#include "base/text.h"
#include "daemon/staff/command.h"
#include "daemon/store/programme_store.h"

#include <stdio.h>

enum { PROGRAMME_FILE_MAX = 4 * 1024 * 1024 };

static const char usage[] = "stadtlabor events import FILE [--dry-run]\n"
                            "       stadtlabor events list [--all] [--json]";

/* All in one transaction; --dry-run takes it back and only tells. */
static bool import_all(struct command *c, const struct programme *programme, int counts[3])
{
    if (!store_begin(c->store, &c->err)) {
        return false;
    }
    static const char *const words[] = {"unverändert", "neu", "geändert"};
    for (size_t i = 0; i < programme->events.n; i++) {
        enum event_change change;
        if (!event_put(c->store, &programme->events.at[i], &change, &c->err)) {
            store_rollback(c->store);
            return false;
        }
        counts[change]++;
        if (change != EVENT_SAME) {
            printf("%s  %s  %s\n", words[change], programme->events.at[i].code,
                   command_safe(c->arena, programme->events.at[i].title));
        }
    }
    if (c->dry_run) {
        store_rollback(c->store);
        return true;
    }
    return store_audit(c->store, clock_now(), "staff", "programme_imported", 0, "", &c->err) &&
           store_commit(c->store, &c->err);
}

static int events_import(struct command *c)
{
    char *bytes;
    size_t len;
    struct programme programme;
    const char *problems = NULL;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!file_read(c->arena, c->words[1], PROGRAMME_FILE_MAX, &bytes, &len, &c->err)) {
        return command_failed(c);
    }
    if (!programme_read_csv(c->arena, bytes, len, &programme, &problems, &c->err)) {
        if (problems != NULL) {
            fprintf(stderr, "%s\n", problems);
        }
        fail_within(&c->err, "%s", c->words[1]);
        return command_failed(c);
    }
    int counts[3] = {0};
    if (!import_all(c, &programme, counts)) {
        return command_failed(c);
    }
    printf("%d neu, %d geändert, %d unverändert%s\n", counts[EVENT_NEW], counts[EVENT_CHANGED],
           counts[EVENT_SAME], c->dry_run ? " (nur gezeigt, nichts gespeichert)" : "");
    return EXIT_DONE;
}

static json_t *event_json(struct command *c, const struct event *e, int confirmed, int waiting)
{
    return json_pack("{ss ss ss ss si si si ss? sb}", "code", e->code, "title", e->title, "start",
                     berlin_iso(c->arena, e->start), "end", berlin_iso(c->arena, e->end), "capacity",
                     e->capacity, "confirmed", confirmed, "waiting", waiting, "register_until",
                     e->register_until.year == 0 ? NULL : date_iso(c->arena, e->register_until), "cancelled",
                     e->cancelled);
}

static int events_list(struct command *c)
{
    struct programme programme;
    if (c->words_n != 1) {
        return command_usage(c);
    }
    if (!programme_load(c->store, c->arena, &programme, &c->err)) {
        return command_failed(c);
    }
    json_t *all = json_array();
    int64_t now = clock_now();
    for (size_t i = 0; i < programme.events.n; i++) {
        const struct event *e = &programme.events.at[i];
        int confirmed, waiting;
        if (!c->all && e->end < now) {
            continue;
        }
        if (!event_seats(c->store, e->code, &confirmed, &waiting, &c->err)) {
            json_decref(all);
            return command_failed(c);
        }
        json_array_append_new(all, event_json(c, e, confirmed, waiting));
        if (!c->json) {
            const char *seats = e->capacity == 0 ? arena_printf(c->arena, "%d", confirmed)
                                                 : arena_printf(c->arena, "%d/%d", confirmed, e->capacity);
            printf("%s  %s  %s  %s%s%s\n", command_time(c->arena, e->start), command_cell(c->arena, seats, 7),
                   command_cell(c->arena, e->code, 28), command_safe(c->arena, e->title),
                   waiting > 0 ? arena_printf(c->arena, "  (%d warten)", waiting) : "",
                   e->cancelled ? "  (abgesagt)" : "");
        }
    }
    if (c->json) {
        command_print_json(all);
    } else {
        if (json_array_size(all) == 0) {
            printf(
                "Keine kommenden Veranstaltungen. Laden Sie das Programm: stadtlabor events import DATEI\n");
        }
        json_decref(all);
    }
    return EXIT_DONE;
}

int cmd_events(int argc, char **argv)
{
    struct command c;
    int status = command_begin(&c, argc, argv, usage);
    if (status != EXIT_DONE) {
        return status;
    }
    status = c.words_n > 0 && str_equal(c.words[0], "import") ? events_import(&c)
             : c.words_n > 0 && str_equal(c.words[0], "list") ? events_list(&c)
                                                              : command_usage(&c);
    command_end(&c);
    return status;
}
