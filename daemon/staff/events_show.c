/* daemon/staff/events_show.c: events list, show, export. */
#include "daemon/staff/events.h"

#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"
#include "daemon/desk/waiting_list.h"
#include "daemon/post/calendar_file.h"
#include "daemon/store/programme_store.h"

#include <stdio.h>

enum { EXPORT_MAX = 16 * 1024 * 1024 };

bool events_find(struct command *c, const char *code, struct event *ret)
{
    struct event event;
    struct programme programme = {0};
    if (!event_load(c->store, c->arena, code, &event, &c->err)) {
        return false;
    }
    if (event.code != NULL) {
        *ret = event;
        return true;
    }
    if (!programme_load(c->store, c->arena, &programme, &c->err)) {
        return false;
    }
    const char *like = "";
    for (size_t i = 0; i < programme.events.n && like[0] == '\0' && code[0] != '\0'; i++) {
        if (strstr(programme.events.at[i].code, code) != NULL) {
            like = arena_printf(c->arena, "; meinen Sie %s?", programme.events.at[i].code);
        }
    }
    return fail(&c->err, "Die Veranstaltung „%.80s“ gibt es nicht%s", code, like);
}

static json_t *event_json(struct command *c, const struct event *e, const struct event_counts *n)
{
    return json_pack("{ss ss ss ss si si si ss? sb}", "code", e->code, "title", e->title, "start",
                     berlin_iso(c->arena, e->start), "end", berlin_iso(c->arena, e->end), "capacity",
                     e->capacity, "confirmed", n->confirmed, "waiting", n->waiting, "register_until",
                     e->register_until.year == 0 ? NULL : date_iso(c->arena, e->register_until), "cancelled",
                     e->cancelled);
}

static void print_line(struct command *c, const struct event *e, const struct event_counts *n)
{
    const char *seats = e->capacity == 0 ? arena_printf(c->arena, "%d", n->confirmed)
                                         : arena_printf(c->arena, "%d/%d", n->confirmed, e->capacity);
    printf("%s  %s  %s  %s%s%s\n", command_time(c->arena, e->start), command_cell(c->arena, seats, 7),
           command_cell(c->arena, e->code, 28), command_safe(c->arena, e->title),
           n->waiting > 0 ? arena_printf(c->arena, "  (%d warten)", n->waiting) : "",
           e->cancelled ? "  (abgesagt)" : "");
}

int events_list(struct command *c)
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
        struct event_counts counts;
        if (!c->all && e->end < now) {
            continue;
        }
        if (!event_count(c->store, e->code, &counts, &c->err)) {
            json_decref(all);
            return command_failed(c);
        }
        json_array_append_new(all, event_json(c, e, &counts));
        if (!c->json) {
            print_line(c, e, &counts);
        }
    }
    return command_listed(
        c, all, "Keine kommenden Veranstaltungen. Laden Sie das Programm: stadtlabor events import DATEI");
}

static void show_json(struct command *c, const struct event *e, const struct event_counts *n)
{
    json_t *json = event_json(c, e, n);
    for (int i = 0; i < EVENT_COLUMNS; i++) {
        const char *name = event_column_name((enum event_column)i);
        if (json_object_get(json, name) == NULL) {
            json_object_set_new(json, name, json_string(event_cell(c->arena, e, (enum event_column)i)));
        }
    }
    json_object_set_new(json, "sequence", json_integer(e->sequence));
    json_object_set_new(json, "attended", json_integer(n->attended));
    command_print_json(json);
}

int events_show(struct command *c)
{
    struct event event;
    struct event_counts n;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!events_find(c, c->words[1], &event) || !event_count(c->store, event.code, &n, &c->err)) {
        return command_failed(c);
    }
    if (c->json) {
        show_json(c, &event, &n);
        return EXIT_DONE;
    }
    for (int i = 0; i < EVENT_COLUMNS; i++) {
        enum event_column column = (enum event_column)i;
        printf("%s  %s\n", command_cell(c->arena, event_column_german(column), 15),
               command_safe(c->arena, event_cell_words(c->arena, &event, column)));
    }
    printf("%s  %d mit Platz, %d auf der Warteliste", command_cell(c->arena, "Angemeldet", 15), n.confirmed,
           n.waiting);
    printf(event.capacity > n.confirmed ? ", %d frei\n" : "\n", event.capacity - n.confirmed);
    if (n.attended > 0) {
        printf("%s  %d\n", command_cell(c->arena, "Gekommen", 15), n.attended);
    }
    if (event.capacity > 0 && event.waiting_list) {
        struct waiting_rule rule = waiting_rule_of(&c->config);
        printf("\nWarteliste: %s\n", waiting_rule_words(c->arena, &rule));
    }
    return EXIT_DONE;
}

static const char *as_csv(struct command *c, const struct programme *programme, size_t *ret_len)
{
    struct text out = text_new(c->arena, EXPORT_MAX);
    csv_begin(&out);
    for (int i = 0; i < EVENT_COLUMNS; i++) {
        csv_add(&out, event_column_name((enum event_column)i));
    }
    csv_end_row(&out);
    for (size_t e = 0; e < programme->events.n; e++) {
        for (int i = 0; i < EVENT_COLUMNS; i++) {
            csv_add(&out, event_cell(c->arena, &programme->events.at[e], (enum event_column)i));
        }
        csv_end_row(&out);
    }
    *ret_len = out.len;
    return out.s;
}

static void keep_coming(struct programme *programme, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < programme->events.n; i++) {
        if (programme->events.at[i].end >= now) {
            programme->events.at[kept++] = programme->events.at[i];
        }
    }
    programme->events.n = kept;
}

int events_export(struct command *c)
{
    struct programme programme;
    if (c->words_n > 2) {
        return command_usage(c);
    }
    const char *path = c->words_n == 2 ? c->words[1] : "-";
    size_t len = strlen(path);
    bool ics = command_value(c, "ics") != NULL || (len > 4 && str_equal_nocase(path + len - 4, ".ics"));
    if (!programme_load(c->store, c->arena, &programme, &c->err)) {
        return command_failed(c);
    }
    if (command_value(c, "coming") != NULL) {
        keep_coming(&programme, clock_now());
    }
    const char *bytes = NULL;
    if (!ics) {
        bytes = as_csv(c, &programme, &len);
    } else if (calendar_file_write(c->arena, &programme, c->config.lab_name, c->config.lab_address,
                                   clock_now(), &bytes, &c->err)) {
        len = strlen(bytes);
    }
    if (bytes == NULL || !file_write(path, 0644, bytes, len, &c->err)) {
        return command_failed(c);
    }
    if (!str_equal(path, "-")) {
        printf("%zu Veranstaltungen in %s\n", programme.events.n, path);
    }
    return EXIT_DONE;
}
