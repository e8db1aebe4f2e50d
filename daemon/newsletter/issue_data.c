/* daemon/newsletter/issue_data.c: what an issue may name, as JSON for Mustache. */
#include "daemon/newsletter/issue_words.h"

#include "base/text.h"
#include "daemon/post/letters.h"
#include "daemon/store/programme_store.h"

#include <ctype.h>
#include <string.h>

enum { VALUE_MAX = 4000 };

/* What is put in stays what it is: no emphasis, link (nor GitHub's links without marks), heading, list or
 * table comes of it. */
static char *markdown_escaped(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, VALUE_MAX);
    bool begins = true;
    for (const char *c = s; *c != '\0'; c++) {
        bool marks = strchr("\\`*_[]<>#|~&", *c) != NULL;
        bool lists = begins && strchr("+-=", *c) != NULL;
        bool numbers = strchr(".)", *c) != NULL && c > s && c == s + strspn(s, "0123456789");
        bool links = *c == '@' || (*c == ':' && c[1] == '/') ||
                     (*c == '.' && c - s >= 3 && strncmp(c - 3, "www", 3) == 0);
        if (marks || lists || numbers || links) {
            text_addc(&out, '\\');
        }
        text_addc(&out, *c == '\n' ? ' ' : *c);
        begins = false;
    }
    return out.s;
}

static void set_text(struct arena *arena, json_t *object, const char *name, const char *value)
{
    json_object_set_new(object, name, json_string(markdown_escaped(arena, value)));
}

/* RFC 3986 2.3: everything but the unreserved. */
static char *percent_encoded(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, (size_t)3 * VALUE_MAX);
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x80 && (isalnum(c) || strchr("-._~", c) != NULL)) {
            text_addc(&out, (char)c);
        } else {
            text_printf(&out, "%%%02X", c);
        }
    }
    return out.s;
}

/* A mail whose subject says it all: the reader of mails knows title and day. */
static const char *register_link(struct arena *arena, const struct config *config, const struct event *event)
{
    const char *subject = arena_printf(arena, "Anmeldung: %s am %02d.%02d.%d", event->title, event->day.day,
                                       event->day.month, event->day.year);
    return arena_printf(arena, "mailto:%s?subject=%s", config->lab_address, percent_encoded(arena, subject));
}

static json_t *event_json(struct arena *arena, const struct issue_making *making, const struct event *event,
                          struct error *err)
{
    struct event_counts n = {0};
    if (making->store != NULL && !event_count(making->store, event->code, &n, err)) {
        return NULL;
    }
    struct date today;
    berlin_from_unix(making->now, &today, NULL, NULL);
    bool closed = event_deadline_over(event, today);
    /* Those who wait have the next free place. */
    int free = event->capacity == 0 || closed || n.waiting > 0 ? 0 : event->capacity - n.confirmed;
    bool full = event->capacity > 0 && !closed && free <= 0;
    json_t *json = json_object();
    set_text(arena, json, "code", event->code);
    set_text(arena, json, "title", event->title);
    set_text(arena, json, "when", letter_when(arena, event->start, event->end, "de"));
    set_text(arena, json, "place", event->place);
    json_object_set_new(json, "register", json_string(register_link(arena, making->config, event)));
    json_object_set_new(json, "free", free > 0 ? json_integer(free) : json_false());
    json_object_set_new(json, "one_free", json_boolean(free == 1));
    json_object_set_new(json, "unlimited", json_boolean(event->capacity == 0 && !closed));
    json_object_set_new(json, "full", json_boolean(full && !event->waiting_list));
    json_object_set_new(json, "waiting", json_boolean(full && event->waiting_list));
    json_object_set_new(json, "closed", json_boolean(closed));
    json_object_set_new(json, "open", json_boolean(!closed && !(full && !event->waiting_list)));
    return json;
}

static bool put_events(struct arena *arena, const struct issue_making *making, json_t *data,
                       struct error *err)
{
    json_t *list = json_array(), *by_code = json_object();
    json_object_set_new(data, "events", list);
    json_object_set_new(data, "event", by_code);
    for (size_t i = 0; i < making->programme->events.n; i++) {
        const struct event *event = &making->programme->events.at[i];
        if (event->cancelled || event->start <= making->now) {
            continue;
        }
        json_t *json = event_json(arena, making, event, err);
        if (json == NULL) {
            return false;
        }
        json_array_append(list, json);
        json_object_set_new(by_code, event->code, json);
    }
    json_object_set_new(data, "no_events", json_boolean(json_array_size(list) == 0));
    return true;
}

static json_t *lab_json(struct arena *arena, const struct config *config)
{
    json_t *lab = letter_lab(config, "de"), *value;
    const char *name;
    void *next;
    json_object_foreach_safe(lab, next, name, value)
    {
        if (json_is_string(value)) {
            json_object_set_new(lab, name, json_string(markdown_escaped(arena, json_string_value(value))));
        }
    }
    static const char *const names[] = {"name",  "street", "city",         "phone",
                                        "hours", "web",    "privacy_text", "privacy_url"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (json_object_get(lab, names[i]) == NULL) {
            json_object_set_new(lab, names[i], json_string(""));
        }
    }
    json_object_set_new(lab, "address", json_string(config->lab_address));
    return lab;
}

json_t *issue_data(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                   struct error *err)
{
    json_t *data = json_object();
    json_object_set_new(data, "greeting", json_string("Guten Tag"));
    set_text(arena, data, "subject", file->subject);
    set_text(arena, data, "preview", file->preview);
    json_object_set_new(data, "unsubscribe", json_string(issue_unsubscribe_link(arena, making->config)));
    json_object_set_new(data, "address", json_string(HOLE_ADDRESS));
    json_object_set_new(data, "lab", lab_json(arena, making->config));
    if (!put_events(arena, making, data, err)) {
        json_decref(data);
        return NULL;
    }
    return data;
}
