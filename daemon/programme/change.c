#include "daemon/programme/change.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/desk/places.h"
#include "daemon/programme/forget.h"
#include "daemon/programme/notice.h"
#include "daemon/store/programme_store.h"
#include "daemon/store/registration_list.h"

enum { PROBLEMS_MAX = 16 * 1024, SLUG_WORDS = 40 };

/* What is being compared. */
struct comparing {
    struct store *store;
    struct arena *arena;
    unsigned columns;
    int64_t now;
    struct programme_change change;
    struct text problems;
    int wrong;
};

/* "2026-12-03-ki-im-alltag" */
static const char *slug(struct arena *arena, const struct event *event)
{
    struct text code = text_new(arena, EVENT_CODE_MAX);
    text_add(&code, date_iso(arena, event->day));
    bool gap = true;
    size_t most = code.len + SLUG_WORDS;
    for (const char *c = utf8_fold(arena, event->title); *c != '\0' && code.len < most; c++) {
        bool fits = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (fits && gap) {
            text_addc(&code, '-');
        }
        gap = !fits;
        if (fits) {
            text_addc(&code, *c);
        }
    }
    return code.s;
}

static bool taken(const struct comparing *c, const char *code)
{
    for (size_t i = 0; i < c->change.edits.n; i++) {
        if (str_equal(c->change.edits.at[i].after.code, code)) {
            return true;
        }
    }
    return false;
}

/* An entry of a calendar is the event that came from it before; else it is a new one. */
static bool find_code(const struct comparing *c, struct event *event, struct error *err)
{
    const char *code = NULL;
    struct event there;
    if (event->uid != NULL && !event_code_of_uid(c->store, c->arena, event->uid, &code, err)) {
        return false;
    }
    if (code == NULL && event->code != NULL) {
        return true;
    }
    bool has_uid =
        event->uid != NULL && event->uid[0] != '\0'; /* without one the code made is what it is known by */
    for (int number = 1; code == NULL; number++) {
        code = slug(c->arena, event);
        code = number == 1 ? code : arena_printf(c->arena, "%s-%d", code, number);
        if (!event_load(c->store, c->arena, code, &there, err)) {
            return false;
        }
        code = (has_uid && there.code != NULL) || taken(c, code) ? NULL : code;
    }
    event->code = code;
    return true;
}

static enum event_news news_of(const struct comparing *c, const struct event_edit *edit)
{
    static const unsigned moves =
        EVENT_COLUMN_BIT(COLUMN_START) | EVENT_COLUMN_BIT(COLUMN_END) | EVENT_COLUMN_BIT(COLUMN_PLACE);
    const struct event *before = &edit->before, *after = &edit->after;
    bool over = before->end <= c->now && after->end <= c->now;
    if (before->code == NULL || over || (before->cancelled && after->cancelled)) {
        return NEWS_NONE;
    }
    return before->cancelled != after->cancelled ? (after->cancelled ? NEWS_CALLED_OFF : NEWS_ON_AGAIN)
           : edit->columns & moves               ? NEWS_MOVED
                                                 : NEWS_NONE;
}

static void check(struct comparing *c, const struct event *event)
{
    unsigned told = 0;
    enum event_column column;
    for (const char *wrong; (wrong = event_problem(c->arena, event, &told, &column)) != NULL; c->wrong++) {
        text_printf(&c->problems, "%s, Spalte %s: %s\n", event->code, event_column_name(column), wrong);
    }
}

static bool compare_one(struct comparing *c, const struct event *wanted, struct error *err)
{
    struct event_edit edit = {.after = *wanted};
    if (!find_code(c, &edit.after, err) ||
        !event_load(c->store, c->arena, edit.after.code, &edit.before, err)) {
        return false;
    }
    bool fresh = edit.before.code == NULL;
    if (!fresh) {
        struct event after = edit.before;
        event_merge(&after, wanted, c->columns & ~EVENT_COLUMN_BIT(COLUMN_CODE));
        after.uid = wanted->uid != NULL && wanted->uid[0] != '\0' ? wanted->uid : edit.before.uid;
        edit.after = after;
        edit.columns = event_differences(c->arena, &edit.before, &edit.after);
    }
    check(c, &edit.after);
    if (!fresh && edit.columns == 0) {
        c->change.same++;
        return true;
    }
    edit.news = news_of(c, &edit);
    int people = 0, letters = 0;
    if (!fresh && !registration_parties(c->store, edit.after.code, &people, &letters, &edit.confirmed, err)) {
        return false;
    }
    if (edit.news != NEWS_NONE) {
        edit.people = people;
        edit.letters = letters;
    }
    if (!forget_count(c->store, c->arena, &edit, &edit.forgotten, err)) {
        return false;
    }
    *LIST_ADD(c->arena, &c->change.edits) = edit;
    c->change.forgotten += edit.forgotten;
    c->change.fresh += fresh;
    c->change.changed += !fresh;
    c->change.people += edit.people;
    c->change.letters += edit.letters;
    return true;
}

bool programme_compare(struct store *store, struct arena *arena, const struct programme *wanted, int64_t now,
                       struct programme_change *ret, const char **ret_problems, struct error *err)
{
    struct comparing c = {.store = store,
                          .arena = arena,
                          .columns = wanted->columns,
                          .now = now,
                          .problems = text_new(arena, PROBLEMS_MAX)};
    *ret_problems = "";
    for (size_t i = 0; i < wanted->events.n; i++) {
        if (!compare_one(&c, &wanted->events.at[i], err)) {
            return false;
        }
    }
    if (c.wrong > 0) {
        *ret_problems = c.problems.s;
        return fail(err, "%d %s nicht; nichts wurde geändert", c.wrong,
                    c.wrong == 1 ? "Angabe passt" : "Angaben passen");
    }
    *ret = c.change;
    return true;
}

static const char *audit_name(const struct event_edit *edit)
{
    return edit->before.code == NULL       ? "event_added"
           : edit->news == NEWS_CALLED_OFF ? "event_cancelled"
           : edit->news == NEWS_MOVED      ? "event_moved"
                                           : "event_changed";
}

bool programme_change(struct desk *desk, struct arena *arena, const struct programme_change *change,
                      const struct change_order *order, struct error *err)
{
    size_t n = change->edits.n;
    struct event_put *put = arena_alloc(arena, n * sizeof *put);
    for (size_t i = 0; i < n; i++) {
        const struct event_edit *edit = &change->edits.at[i];
        if (!event_put(desk->store, &edit->after, &put[i], err) ||
            !forget_waived(desk->store, arena, edit, order->now, err) ||
            !store_audit(desk->store, order->now, order->actor, audit_name(edit), 0,
                         arena_printf(arena, "event %s", edit->after.code), err)) {
            return false;
        }
    }
    if (!desk_programme(desk, err)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const struct event_edit *edit = &change->edits.at[i];
        bool tell = edit->news != NEWS_NONE && !order->silent;
        if (tell && !notice_send(desk, arena, edit, put[i].sequence, order, err)) {
            return false;
        }
    }
    struct cause cause = {.now = order->now, .actor = order->actor};
    return places_settle(desk, arena, &cause, err);
}
