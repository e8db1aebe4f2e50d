#include "daemon/store/programme_store.h"

#include "base/text.h"
#include "daemon/store/query.h"

#include <string.h>

/* What is required, as it is stored: these words, in this order. */
static const struct {
    const char *word;
    unsigned waives;
} requirements[] = {{"name", WAIVES_NAME}, {"birth_date", WAIVES_BIRTH_DATE}, {"address", WAIVES_ADDRESS}};

static unsigned waived_of(const char *required)
{
    unsigned waived = 0;
    for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++) {
        waived |= strstr(required, requirements[i].word) == NULL ? requirements[i].waives : 0;
    }
    return waived;
}

static const char *required_of(struct arena *arena, unsigned waived)
{
    struct text required = text_new(arena, 64);
    for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++) {
        if ((waived & requirements[i].waives) == 0) {
            text_printf(&required, "%s%s", required.len > 0 ? " " : "", requirements[i].word);
        }
    }
    return required.s;
}

static void read_event(struct arena *arena, sqlite3_stmt *q, struct event *event)
{
    event->code = column_text(arena, q, 0);
    event->title = column_text(arena, q, 1);
    event->keywords = column_text(arena, q, 2);
    event->start = column_int(q, 3);
    event->end = column_int(q, 4);
    berlin_from_unix(event->start, &event->day, NULL, NULL);
    event->place = column_text(arena, q, 5);
    event->capacity = (int)column_int(q, 6);
    event->waiting_list = column_int(q, 7) != 0;
    if (!date_parse_iso(column_text(arena, q, 8), &event->register_until)) {
        event->register_until = (struct date){0};
    }
    event->min_age = (int)column_int(q, 9);
    event->max_age = (int)column_int(q, 10);
    event->topic = column_text(arena, q, 11);
    event->cancelled = column_int(q, 12) != 0;
    event->waived = waived_of(column_text(arena, q, 13));
    event->contact = column_text(arena, q, 14);
    event->extra = column_text(arena, q, 15);
    event->uid = column_text(arena, q, 16);
    event->sequence = (int)column_int(q, 17);
}

#define EVENT_COLUMNS_SQL                                                                                    \
    "code, title, keywords, starts, ends, place, capacity, waiting_list, register_until, min_age, max_age, " \
    "topic, cancelled, required, contact, extra, uid, sequence"

bool programme_load(struct store *store, struct arena *arena, struct programme *ret, struct error *err)
{
    struct programme programme = {0};
    sqlite3_stmt *q = store_query(store, "SELECT " EVENT_COLUMNS_SQL " FROM event ORDER BY starts, code");
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        read_event(arena, q, LIST_ADD(arena, &programme.events));
    }
    if (row == ROW_FAILED) {
        return false;
    }
    *ret = programme;
    return true;
}

int64_t programme_version(struct store *store)
{
    return store_fact(store, "programme_version", 0);
}

bool event_load(struct store *store, struct arena *arena, const char *code, struct event *ret,
                struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT " EVENT_COLUMNS_SQL " FROM event WHERE code = ?1");
    bind_text(q, 1, code);
    enum row row = store_row(store, q, err);
    *ret = (struct event){0};
    if (row == ROW) {
        read_event(arena, q, ret);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}

bool event_code_of_uid(struct store *store, struct arena *arena, const char *uid, const char **ret,
                       struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT code FROM event WHERE uid = ?1 AND uid <> ''");
    bind_text(q, 1, uid);
    enum row row = store_row(store, q, err);
    if (row == ROW_FAILED) {
        return false;
    }
    *ret = row == ROW ? column_text(arena, q, 0) : NULL;
    sqlite3_reset(q);
    return true;
}

static bool write_event(struct store *store, struct arena *arena, const struct event *event, int sequence,
                        struct error *err)
{
    sqlite3_stmt *q = store_query(
        store, "INSERT INTO event (" EVENT_COLUMNS_SQL ") "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18) "
               "ON CONFLICT (code) DO UPDATE SET "
               "title = excluded.title, keywords = excluded.keywords, starts = excluded.starts, "
               "ends = excluded.ends, place = excluded.place, capacity = excluded.capacity, "
               "waiting_list = excluded.waiting_list, register_until = excluded.register_until, "
               "min_age = excluded.min_age, max_age = excluded.max_age, topic = excluded.topic, "
               "cancelled = excluded.cancelled, required = excluded.required, contact = excluded.contact, "
               "extra = excluded.extra, uid = excluded.uid, sequence = excluded.sequence");
    bind_text(q, 1, event->code);
    bind_text(q, 2, event->title);
    bind_text(q, 3, event->keywords);
    bind_int(q, 4, event->start);
    bind_int(q, 5, event->end);
    bind_text(q, 6, event->place);
    bind_int(q, 7, event->capacity);
    bind_int(q, 8, event->waiting_list);
    bind_text(q, 9, event->register_until.year == 0 ? "" : date_iso(arena, event->register_until));
    bind_int(q, 10, event->min_age);
    bind_int(q, 11, event->max_age);
    bind_text(q, 12, event->topic);
    bind_int(q, 13, event->cancelled);
    bind_text(q, 14, required_of(arena, event->waived));
    bind_text(q, 15, event->contact);
    bind_text(q, 16, event->extra);
    bind_text(q, 17, event->uid);
    bind_int(q, 18, sequence);
    return store_run(store, q, err) &&
           store_fact_set(store, "programme_version", programme_version(store) + 1, err);
}

bool event_put(struct store *store, const struct event *event, struct event_put *ret, struct error *err)
{
    static const unsigned in_calendars = EVENT_COLUMN_BIT(COLUMN_TITLE) | EVENT_COLUMN_BIT(COLUMN_START) |
                                         EVENT_COLUMN_BIT(COLUMN_END) | EVENT_COLUMN_BIT(COLUMN_PLACE) |
                                         EVENT_COLUMN_BIT(COLUMN_CANCELLED);
    struct arena *arena = arena_new();
    struct event before;
    struct event_put put = {.change = EVENT_NEW};
    bool done = event_load(store, arena, event->code, &before, err);
    if (done && before.code != NULL) {
        put.columns = event_differences(arena, &before, event);
        bool other_uid = !str_equal(before.uid, event->uid == NULL ? "" : event->uid);
        put.change = put.columns != 0 || other_uid ? EVENT_CHANGED : EVENT_SAME;
        put.sequence = before.sequence + ((put.columns & in_calendars) != 0);
    }
    done = done && (put.change == EVENT_SAME || write_event(store, arena, event, put.sequence, err));
    arena_free(arena);
    if (done) {
        *ret = put;
    }
    return done;
}

bool event_count(struct store *store, const char *code, struct event_counts *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "SELECT count(*) FILTER (WHERE state = 'confirmed'), count(*) FILTER (WHERE state = 'waiting'), "
        "count(*) FILTER (WHERE state = 'confirmed' AND attended = 1) "
        "FROM registration WHERE event_id = (SELECT id FROM event WHERE code = ?1)");
    bind_text(q, 1, code);
    if (store_row(store, q, err) != ROW) {
        return false;
    }
    *ret = (struct event_counts){(int)column_int(q, 0), (int)column_int(q, 1), (int)column_int(q, 2)};
    sqlite3_reset(q);
    return true;
}
