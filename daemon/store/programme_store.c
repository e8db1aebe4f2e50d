#include "daemon/store/programme_store.h"

#include "base/text.h"
#include "daemon/store/query.h"

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
}

#define EVENT_COLUMNS                                                                                        \
    "code, title, keywords, starts, ends, place, capacity, waiting_list, register_until, min_age, max_age, " \
    "topic, cancelled"

bool programme_load(struct store *store, struct arena *arena, struct programme *ret, struct error *err)
{
    struct programme programme = {0};
    sqlite3_stmt *q = store_query(store, "SELECT " EVENT_COLUMNS " FROM event ORDER BY starts, code");
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

static bool same(const struct event *a, const struct event *b)
{
    return str_equal(a->title, b->title) && str_equal(a->keywords, b->keywords) && a->start == b->start &&
           a->end == b->end && str_equal(a->place, b->place) && a->capacity == b->capacity &&
           a->waiting_list == b->waiting_list && date_compare(a->register_until, b->register_until) == 0 &&
           a->min_age == b->min_age && a->max_age == b->max_age && str_equal(a->topic, b->topic) &&
           a->cancelled == b->cancelled;
}

static bool compare_stored(struct store *store, struct arena *arena, const struct event *event,
                           enum event_change *ret, struct error *err)
{
    sqlite3_stmt *q = store_query(store, "SELECT " EVENT_COLUMNS " FROM event WHERE code = ?1");
    bind_text(q, 1, event->code);
    struct event before = {0};
    switch (store_row(store, q, err)) {
    case ROW:
        read_event(arena, q, &before);
        sqlite3_reset(q);
        *ret = same(&before, event) ? EVENT_SAME : EVENT_CHANGED;
        return true;
    case ROWS_END:
        *ret = EVENT_NEW;
        return true;
    default:
        return false;
    }
}

static bool write_event(struct store *store, struct arena *arena, const struct event *event,
                        struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "INSERT INTO event (" EVENT_COLUMNS ") "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (code) DO UPDATE SET "
        "title = excluded.title, keywords = excluded.keywords, starts = excluded.starts, "
        "ends = excluded.ends, place = excluded.place, capacity = excluded.capacity, "
        "waiting_list = excluded.waiting_list, register_until = excluded.register_until, "
        "min_age = excluded.min_age, max_age = excluded.max_age, topic = excluded.topic, "
        "cancelled = excluded.cancelled, sequence = sequence + 1");
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
    return store_run(store, q, err) &&
           store_fact_set(store, "programme_version", programme_version(store) + 1, err);
}

bool event_put(struct store *store, const struct event *event, enum event_change *ret, struct error *err)
{
    struct arena *arena = arena_new();
    enum event_change change;
    bool done = compare_stored(store, arena, event, &change, err) &&
                (change == EVENT_SAME || write_event(store, arena, event, err));
    arena_free(arena);
    if (done) {
        *ret = change;
    }
    return done;
}

bool event_seats(struct store *store, const char *code, int *ret_confirmed, int *ret_waiting,
                 struct error *err)
{
    sqlite3_stmt *q = store_query(
        store,
        "SELECT count(*) FILTER (WHERE state = 'confirmed'), count(*) FILTER (WHERE state = 'waiting') "
        "FROM registration WHERE event_id = (SELECT id FROM event WHERE code = ?1)");
    bind_text(q, 1, code);
    if (store_row(store, q, err) != ROW) {
        return false;
    }
    *ret_confirmed = (int)column_int(q, 0);
    *ret_waiting = (int)column_int(q, 1);
    sqlite3_reset(q);
    return true;
}
