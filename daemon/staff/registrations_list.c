/* daemon/staff/registrations_list.c: who takes part, as table, CSV and JSON; who came. */
#include "daemon/staff/registrations.h"

#include "base/csv.h"
#include "base/date.h"
#include "base/file.h"
#include "base/text.h"
#include "daemon/staff/events.h"
#include "daemon/store/programme_store.h"
#include "daemon/store/registration_list.h"

#include <stdio.h>

enum { LIST_MAX = 64 * 1024 * 1024, WRITTEN_AT = 64 * 1024 };

/* A list while it is written: to the terminal in parts, as it is read, to a file as a whole. */
struct listing {
    struct command *c;
    struct arena *row; /* emptied with every row */
    struct text out;
    const char *file;  /* NULL: stdout */
    const char *event; /* of the row before */
    size_t rows;
};

static bool write_part(struct listing *l, struct error *err)
{
    if (l->out.overflow) {
        return fail(err, "die Liste ist zu lang");
    }
    if (l->file != NULL || l->out.len < WRITTEN_AT) {
        return true;
    }
    bool done = file_write("-", 0, l->out.s, l->out.len, err);
    text_clear(&l->out);
    return done;
}

static bool write_rest(struct listing *l)
{
    return !l->out.overflow
               ? file_write(l->file != NULL ? l->file : "-", 0600, l->out.s, l->out.len, &l->c->err)
               : fail(&l->c->err, "die Liste ist zu lang");
}

static const char *state_word(const char *state)
{
    return str_equal(state, "confirmed") ? "Platz" : str_equal(state, "waiting") ? "wartet" : "abgesagt";
}

/* Text as a JSON string (RFC 8259 section 7). */
static void add_json(struct text *out, const char *name, const char *value)
{
    text_add(out, ",\"");
    text_add(out, name);
    text_add(out, "\":\"");
    for (size_t len; *value != '\0'; value += len) {
        len = 0;
        while ((unsigned char)value[len] >= 0x20 && value[len] != '"' && value[len] != '\\') {
            len++;
        }
        text_addn(out, value, len);
        if (value[len] != '\0') {
            text_printf(out, "\\u%04x", (unsigned)(unsigned char)value[len]);
            len++;
        }
    }
    text_addc(out, '"');
}

/* By hand, not through a tree of values: there may be 50,000 of them. The evidence is JSON already. */
static bool add_object(void *context, const struct registration_row *r, bool attended, struct error *err)
{
    struct listing *l = context;
    struct text *out = &l->out;
    text_add(out, l->rows++ == 0 ? "[{\"id\":" : ",{\"id\":");
    text_addi(out, r->id);
    text_add(out, ",\"mail\":");
    text_addi(out, r->mail_id);
    text_add(out, attended ? ",\"attended\":true" : ",\"attended\":false");
    add_json(out, "event", r->event);
    add_json(out, "state", r->state);
    add_json(out, "first_name", r->first_name);
    add_json(out, "last_name", r->last_name);
    add_json(out, "birth_date", r->birth_date);
    add_json(out, "street", r->street);
    add_json(out, "postal_code", r->postal_code);
    add_json(out, "city", r->city);
    add_json(out, "address", r->address);
    text_add(out, r->evidence[0] != '\0' ? ",\"evidence\":" : "");
    text_add(out, r->evidence);
    text_addc(out, '}');
    return write_part(l, err);
}

/* What lies between stands only between two. */
static const char *joined(struct arena *arena, const char *a, const char *between, const char *b)
{
    struct text both = text_new(arena, LIST_MAX);
    text_add(&both, a);
    text_add(&both, a[0] != '\0' && b[0] != '\0' ? between : "");
    text_add(&both, b);
    return both.s;
}

static bool add_line(void *context, const struct registration_row *r, bool attended, struct error *err)
{
    struct listing *l = context;
    char id[24];
    arena_reset(l->row);
    if (!str_equal(l->event, r->event)) {
        text_printf(&l->out, "%s\n", r->event);
        l->event = arena_strdup(l->c->arena, r->event);
    }
    const char *name = joined(l->row, r->first_name, " ", r->last_name);
    const char *place = joined(l->row, r->postal_code, " ", r->city);
    (void)snprintf(id, sizeof id, "%5lld  ", (long long)r->id);
    text_add(&l->out, id);
    command_add_cell(&l->out, attended ? "gekommen" : state_word(r->state), 8);
    text_add(&l->out, "  ");
    command_add_cell(&l->out, name, 26);
    text_add(&l->out, "  ");
    command_add_cell(&l->out, r->birth_date, 10);
    text_add(&l->out, "  ");
    command_add_cell(&l->out, joined(l->row, r->street, ", ", place), 40);
    text_add(&l->out, "  ");
    text_add(&l->out, command_safe(l->row, r->address));
    text_addc(&l->out, '\n');
    l->rows++;
    return write_part(l, err);
}

static bool add_csv(void *context, const struct registration_row *r, bool attended, struct error *err)
{
    struct listing *l = context;
    arena_reset(l->row);
    text_addi(&l->out, r->id);
    const char *cells[] = {r->event,
                           state_word(r->state),
                           r->last_name,
                           r->first_name,
                           r->birth_date,
                           r->street,
                           r->postal_code,
                           r->city,
                           r->address,
                           command_time(l->row, r->created),
                           attended ? "ja" : ""};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        csv_add(&l->out, cells[i]);
    }
    csv_end_row(&l->out);
    return write_part(l, err);
}

static bool list_csv(struct listing *l, const struct registration_wish *wish)
{
    static const char *const heads[] = {"Nr",      "Veranstaltung", "Stand",         "Nachname",
                                        "Vorname", "Geburtsdatum",  "Straße",        "PLZ",
                                        "Ort",     "Mail",          "Angemeldet am", "Gekommen"};
    csv_begin(&l->out);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        csv_add(&l->out, heads[i]);
    }
    csv_end_row(&l->out);
    return registrations_walk(l->c->store, wish, add_csv, l, &l->c->err);
}

static bool list_json(struct listing *l, const struct registration_wish *wish)
{
    if (!registrations_walk(l->c->store, wish, add_object, l, &l->c->err)) {
        return false;
    }
    text_add(&l->out, l->rows == 0 ? "[]\n" : "]\n");
    return true;
}

static bool list_lines(struct listing *l, const struct registration_wish *wish, const struct event *event)
{
    struct event_counts n;
    if (!registrations_walk(l->c->store, wish, add_line, l, &l->c->err)) {
        return false;
    }
    if (l->rows == 0) {
        text_add(&l->out, "Keine Anmeldungen.\n");
    } else if (event->code != NULL) {
        if (!event_count(l->c->store, event->code, &n, &l->c->err)) {
            return false;
        }
        text_printf(&l->out, "%d mit Platz%s, %d auf der Warteliste, %d gekommen\n", n.confirmed,
                    event->capacity > 0 ? arena_printf(l->c->arena, " von %d", event->capacity) : "",
                    n.waiting, n.attended);
    }
    return true;
}

int registrations_list(struct command *c)
{
    struct event event = {0};
    bool csv = command_value(c, "csv") != NULL;
    const char *file = command_value(c, "output");
    if (c->words_n > 2 || (csv && c->json) || (file != NULL && !csv)) {
        return command_usage(c);
    }
    if (c->words_n == 2 && !events_find(c, c->words[1], &event)) {
        return command_failed(c);
    }
    bool one = event.code != NULL;
    struct registration_wish wish = {.event = one ? event.code : "",
                                     .since = one || c->all ? 0 : clock_now(),
                                     .cancelled = c->all,
                                     .evidence = c->json};
    struct listing listing = {
        .c = c, .row = arena_new(), .out = text_new(c->arena, LIST_MAX), .file = file, .event = ""};
    bool done = (csv       ? list_csv(&listing, &wish)
                 : c->json ? list_json(&listing, &wish)
                           : list_lines(&listing, &wish, &event)) &&
                write_rest(&listing);
    arena_free(listing.row);
    return done ? EXIT_DONE : command_failed(c);
}

/* Each word is a number of a registration; all of them count, or none. */
static bool tick_each(struct command *c, bool came, const char **ret_event)
{
    for (int i = 1; i < c->words_n; i++) {
        int64_t id;
        if (!command_id(c, c->words[i], &id) ||
            !attendance_tick(c->store, c->arena, id, came, ret_event, &c->err) ||
            !store_audit(c->store, clock_now(), command_actor(c->arena), came ? "attended" : "not_attended",
                         0, arena_printf(c->arena, "registration %lld", (long long)id), &c->err)) {
            return false;
        }
    }
    return true;
}

static bool tick_all(struct command *c, const struct event *event, bool came)
{
    return attendance_tick_all(c->store, event->code, came, &c->err) &&
           store_audit(c->store, clock_now(), command_actor(c->arena), came ? "attended" : "not_attended", 0,
                       arena_printf(c->arena, "event %s", event->code), &c->err);
}

int registrations_came(struct command *c)
{
    struct event event = {0};
    struct event_counts n = {0};
    bool came = command_value(c, "not") == NULL;
    if (c->words_n < 2) {
        return command_usage(c);
    }
    bool numbers = strspn(c->words[1], "0123456789") == strlen(c->words[1]);
    if (!numbers && c->words_n > 2) {
        return command_usage(c);
    }
    bool done = (numbers || events_find(c, c->words[1], &event)) && store_begin(c->store, &c->err) &&
                (numbers ? tick_each(c, came, &event.code) : tick_all(c, &event, came)) &&
                event_count(c->store, event.code, &n, &c->err);
    if (!store_end(c->store, done, &c->err)) {
        return command_failed(c);
    }
    printf("%s: %d von %d gekommen\n", event.code, n.attended, n.confirmed);
    return EXIT_DONE;
}
