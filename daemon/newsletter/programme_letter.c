#include "daemon/newsletter/programme_letter.h"

#include "base/date.h"
#include "base/file.h"

#include <string.h>

/* The newest event, by number, that the last of these letters told of. */
static const char told_fact[] = "programme_told";

/* The issue's name when this is its day and hour; NULL: it is not. */
static const char *name_of_today(struct arena *arena, const struct issue_making *making)
{
    struct date today;
    int hour;
    berlin_from_unix(making->now, &today, &hour, NULL);
    bool due = making->config->newsletter_programme == date_weekday(today) &&
               hour >= making->config->newsletter_programme_hour;
    return due ? arena_printf(arena, "programm-%s", date_iso(arena, today)) : NULL;
}

/* In one transaction with what it tells of, which no later one tells again. */
static bool take_in(const struct issue_making *making, struct arena *arena, const char *actor,
                    const char *name, int64_t newest, struct error *err)
{
    struct store *store = making->store;
    const char *path = arena_printf(arena, "%s/newsletter/programme.md", making->templates_folder);
    struct issue_pictures none = {0};
    struct issue_file file;
    char *source;
    size_t len;
    if (!file_read(arena, path, ISSUE_FILE_MAX, &source, &len, err)) {
        return false;
    }
    if (!issue_file_read(arena, source, len, &file, err)) {
        return fail_within(err, "%s", path);
    }
    bool done =
        store_begin(store, err) &&
        run_schedule_within(store, arena, making->now, actor, name, source, &file, &none, making->now, err) &&
        store_fact_set(store, told_fact, newest, err);
    return store_end(store, done, err);
}

bool programme_letter(const struct issue_making *making, struct arena *arena, const char *actor,
                      struct issue_row *ret, struct error *err)
{
    const char *name = name_of_today(arena, making);
    struct issue_row before = {0};
    int64_t newest;
    if (name == NULL) {
        *ret = before;
        return true;
    }
    if (!issue_find(making->store, arena, name, &before, err) ||
        !issue_newest_event(making->store, making->now, &newest, err)) {
        return false;
    }
    if (before.id != 0 || newest <= store_fact(making->store, told_fact, 0)) {
        *ret = (struct issue_row){0};
        return true;
    }
    return take_in(making, arena, actor, name, newest, err) &&
           issue_find(making->store, arena, name, ret, err);
}
