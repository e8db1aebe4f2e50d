#include "daemon/staff/digest.h"

#include "base/text.h"
#include "daemon/desk/dispatch.h"
#include "daemon/store/issue_store.h"
#include "daemon/store/outbox_store.h"
#include "daemon/store/programme_store.h"
#include "daemon/store/queue_store.h"

#include <jansson.h>

enum { LINES_MOST = 25, ISSUES_MOST = 50 };

static const char last_day[] = "digest_day"; /* fact: date_days of the last one */

/* What the digest is made of, while it is made. */
struct digest {
    const struct desk *desk;
    struct arena *arena;
    int64_t now, until;
    struct date today;
    json_t *json;
};

/* Adds a line to the list of that name; of too many only their number grows. */
static void add_line(struct digest *d, const char *name, const char *line)
{
    json_t *list = json_object_get(d->json, name);
    if (list == NULL) {
        list = json_pack("{si s[] si}", "count", 0, "lines", "more", 0);
        json_object_set_new(d->json, name, list);
    }
    json_t *lines = json_object_get(list, "lines");
    json_object_set_new(list, "count", json_integer(json_integer_value(json_object_get(list, "count")) + 1));
    if (json_array_size(lines) < LINES_MOST) {
        json_array_append_new(lines, json_pack("{ss}", "line", line));
    } else {
        json_object_set_new(list, "more",
                            json_integer(json_integer_value(json_object_get(list, "more")) + 1));
    }
}

static const char *since(struct digest *d, int64_t at)
{
    struct date day;
    berlin_from_unix(at, &day, NULL, NULL);
    int64_t days = date_days(d->today) - date_days(day);
    return days <= 0   ? "seit heute"
           : days == 1 ? "seit gestern"
                       : arena_printf(d->arena, "seit %lld Tagen", (long long)days);
}

static const char *entry_line(struct digest *d, const struct queue_row *r)
{
    const char *who = r->sender_name[0] != '\0' ? r->sender_name : r->sender;
    const char *topic = r->topic[0] != '\0' ? topic_words(r->topic) : "Hinweis";
    const char *what = who[0] == '\0' ? arena_printf(d->arena, "%s: %s", topic, r->words)
                                      : arena_printf(d->arena, "%s von %s: %s", topic, who, r->subject);
    return arena_printf(d->arena, "%lld, %s: %s%s%s", (long long)r->id, since(d, r->created), what,
                        r->assigned[0] != '\0' ? " → " : "", r->assigned);
}

static bool add_entries(struct digest *d, struct error *err)
{
    struct queue_rows rows = {0};
    if (!queue_list(d->desk->store, d->arena, false, &rows, err)) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct queue_row *r = &rows.row.at[i];
        struct outbox_row letter = {0};
        if (r->outbox_id == 0) {
            add_line(d, "waiting", entry_line(d, r));
            continue;
        }
        if (!outbox_get(d->desk->store, d->arena, r->outbox_id, &letter, err)) {
            return false;
        }
        add_line(d, "undelivered",
                 arena_printf(d->arena, "%lld, %s: an %s. %s", (long long)r->id, since(d, r->created),
                              letter.id != 0 ? letter.recipient : "?", r->words));
    }
    return true;
}

static bool add_events(struct digest *d, struct error *err)
{
    const struct programme *programme = &d->desk->programme;
    for (size_t i = 0; i < programme->events.n; i++) {
        const struct event *e = &programme->events.at[i];
        struct event_counts n;
        if (e->start < d->now || e->start > d->until || e->cancelled) {
            continue;
        }
        if (!event_count(d->desk->store, e->code, &n, err)) {
            return false;
        }
        const char *of = e->capacity > 0 ? arena_printf(d->arena, " von %d", e->capacity) : "";
        const char *also = n.waiting > 0 ? arena_printf(d->arena, ", %d auf der Warteliste", n.waiting) : "";
        add_line(d, "events",
                 arena_printf(d->arena, "%s: %s, %d%s angemeldet%s",
                              letter_when(d->arena, e->start, e->end, "de"), e->title, n.confirmed, of,
                              also));
    }
    return true;
}

static bool add_newsletters(struct digest *d, struct error *err)
{
    struct issue_rows rows = {0};
    if (!issue_list(d->desk->store, d->arena, ISSUES_MOST, &rows, err)) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct issue_row *r = &rows.row.at[i];
        struct date day;
        int hour, minute;
        berlin_from_unix(r->send_at, &day, &hour, &minute);
        if (str_equal(r->state, "scheduled") && r->send_at <= d->until) {
            add_line(d, "newsletters",
                     arena_printf(d->arena, "„%s“ geht hinaus am %s um %d:%02d Uhr", r->subject,
                                  date_in_words(d->arena, day, "de"), hour, minute));
        } else if (str_equal(r->state, "paused")) {
            add_line(d, "newsletters", arena_printf(d->arena, "„%s“ ist angehalten", r->subject));
        }
    }
    return true;
}

static bool collect(struct digest *d, struct error *err)
{
    return add_entries(d, err) && add_events(d, err) && add_newsletters(d, err);
}

static bool send_to(struct digest *d, const char *address, struct error *err)
{
    struct letter_plan plan = {.to = address, .to_staff = true};
    struct section *section = LIST_ADD(d->arena, &plan.sections);
    section->kind = "digest";
    section->facts = d->json;
    struct dispatch dispatch = {
        .plan = &plan,
        .seed = arena_printf(d->arena, "digest %s to %s", date_iso(d->arena, d->today), address),
        .language = "de",
        .now = d->now,
        .actor = "stadtlabord",
    };
    struct dispatched done;
    return dispatch_letter(d->desk, d->arena, &dispatch, &done, err);
}

static bool send_all(struct digest *d, struct error *err)
{
    bool anything = json_object_size(d->json) > 0;
    json_object_set_new(d->json, "day", json_string(date_in_words(d->arena, d->today, "de")));
    for (const char *at = d->desk->config->digest_to; anything && *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (!send_to(d, arena_strndup(d->arena, at, len), err)) {
            return false;
        }
        at += len;
    }
    return store_fact_set(d->desk->store, last_day, date_days(d->today), err);
}

static bool run(struct desk *desk, int64_t now, struct error *err)
{
    struct digest d = {.desk = desk, .arena = arena_new(), .now = now, .json = json_object()};
    d.until = now + (int64_t)desk->config->digest_days * 86400;
    berlin_from_unix(now, &d.today, NULL, NULL);
    bool done =
        store_begin(desk->store, err) && desk_programme(desk, err) && collect(&d, err) && send_all(&d, err);
    done = store_end(desk->store, done, err);
    json_decref(d.json);
    arena_free(d.arena);
    return done;
}

static bool next_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    struct date day;
    (void)err;
    if (desk->config->digest_to[0] == '\0') {
        *ret = INT64_MAX;
        return true;
    }
    berlin_from_unix(now, &day, NULL, NULL);
    if (store_fact(desk->store, last_day, 0) >= date_days(day)) {
        day = date_add_days(day, 1);
    }
    while (!date_is_working_day(day)) {
        day = date_add_days(day, 1);
    }
    *ret = berlin_to_unix(day, desk->config->digest_hour, 0);
    return true;
}

const struct chore digest_chore = {"digest", next_due, run};
