/* daemon/staff/registrations_sheet.c: the attendance sheet, a page to print: who has a place, room to sign,
 * and no more data than that. */
#include "daemon/staff/registrations.h"

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "daemon/desk/desk.h"
#include "daemon/post/template.h"
#include "daemon/staff/events.h"
#include "daemon/store/registration_list.h"

#include <stdlib.h>

enum { BLANK_LINES = 4 }; /* for those who come without a registration */

struct guest {
    int64_t id;
    const char *name, *key;
};

struct guests {
    struct arena *arena;
    LIST(struct guest) list;
};

static bool add_guest(void *context, const struct registration_row *row, bool attended, struct error *err)
{
    struct guests *guests = context;
    (void)attended;
    (void)err;
    if (!str_equal(row->state, "confirmed")) {
        return true;
    }
    bool nameless = row->first_name[0] == '\0' && row->last_name[0] == '\0';
    const char *between = row->first_name[0] != '\0' && row->last_name[0] != '\0' ? ", " : "";
    struct guest *guest = LIST_ADD(guests->arena, &guests->list);
    guest->id = row->id;
    guest->name =
        nameless ? "" : arena_printf(guests->arena, "%s%s%s", row->last_name, between, row->first_name);
    guest->key = utf8_fold(guests->arena, guest->name);
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct guest *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static json_t *sheet_json(struct command *c, const struct event *event, const struct guests *guests)
{
    json_t *list = json_array(), *blank = json_array();
    for (size_t i = 0; i < guests->list.n; i++) {
        const struct guest *g = &guests->list.at[i];
        json_array_append_new(list, json_pack("{sI ss}", "id", (json_int_t)g->id, "name", g->name));
    }
    for (int i = 0; i < BLANK_LINES; i++) {
        json_array_append_new(blank, json_true());
    }
    return json_pack("{ss ss ss ss ss si so so sb}", "title", event->title, "when",
                     letter_when(c->arena, event->start, event->end, "de"), "place", event->place, "code",
                     event->code, "lab", c->config.lab_name, "number", (int)guests->list.n, "guests", list,
                     "blank", blank, "cancelled", event->cancelled);
}

/* Ours, or that in IT's own folder of letters. */
static bool read_template(struct command *c, const struct template **ret)
{
    char *bytes;
    size_t len;
    const char *path = arena_printf(c->arena, "%s/sheet.html", desk_templates_folder(c->arena, &c->config));
    if (!file_read(c->arena, path, TEMPLATE_MAX, &bytes, &len, NULL)) {
        path = arena_printf(c->arena, "%s/templates/sheet.html", file_share_folder(c->arena));
        if (!file_read(c->arena, path, TEMPLATE_MAX, &bytes, &len, &c->err)) {
            return false;
        }
    }
    return template_parse(c->arena, path, bytes, len, 1, ret, &c->err);
}

static bool write_sheet(struct command *c, const struct event *event, const struct guests *guests)
{
    static const struct template_options options = {.escape = TEMPLATE_HTML, .strict = true};
    const struct template *template;
    const char *path = command_value(c, "output");
    char *html;
    size_t len;
    if (!read_template(c, &template)) {
        return false;
    }
    json_t *json = sheet_json(c, event, guests);
    bool done = template_render(c->arena, template, json, &options, &html, &len, &c->err);
    json_decref(json);
    return done && file_write(path == NULL ? "-" : path, 0600, html, len, &c->err);
}

int registrations_sheet(struct command *c)
{
    struct event event;
    struct guests guests = {.arena = c->arena};
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!events_find(c, c->words[1], &event)) {
        return command_failed(c);
    }
    struct registration_wish wish = {.event = event.code};
    if (!registrations_walk(c->store, &wish, add_guest, &guests, &c->err)) {
        return command_failed(c);
    }
    if (guests.list.n > 0) {
        qsort(guests.list.at, guests.list.n, sizeof *guests.list.at, by_name);
    }
    return write_sheet(c, &event, &guests) ? EXIT_DONE : command_failed(c);
}
