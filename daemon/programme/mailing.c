#include "daemon/programme/mailing.h"

#include "base/text.h"
#include "daemon/desk/dispatch.h"
#include "daemon/desk/known.h"
#include "daemon/store/mailing_store.h"
#include "daemon/store/registration_store.h"

/* One kind of letter: when it is due for an event, and until when it makes sense. */
struct mailing {
    const char *kind;
    bool attended; /* only to those who were there, where that is known */
    bool (*times)(const struct config *config, const struct event *event, int64_t *ret_due,
                  int64_t *ret_until);
};

static bool reminder_times(const struct config *config, const struct event *event, int64_t *ret_due,
                           int64_t *ret_until)
{
    *ret_due = berlin_to_unix(date_add_days(event->day, -config->reminder_days), MAILING_HOUR, 0);
    *ret_until = event->start;
    return config->reminder_days > 0;
}

static bool thanks_times(const struct config *config, const struct event *event, int64_t *ret_due,
                         int64_t *ret_until)
{
    struct date day;
    berlin_from_unix(event->end, &day, NULL, NULL);
    *ret_due = berlin_to_unix(date_add_days(day, 1), MAILING_HOUR, 0);
    *ret_until = *ret_due + (int64_t)THANKS_DAYS_MOST * 86400;
    return config->thanks_text[0] != '\0';
}

static const struct mailing reminder = {"reminder", false, reminder_times};
static const struct mailing thanks = {"thanks", true, thanks_times};

static bool is_open(struct desk *desk, const struct mailing *mailing, const struct event *event, int64_t now,
                    int64_t *ret_due, bool *ret, struct error *err)
{
    int64_t until;
    bool done = false;
    bool wanted = mailing->times(desk->config, event, ret_due, &until) && now < until && !event->cancelled;
    if (wanted && !mailing_done(desk->store, event->code, mailing->kind, event->start, &done, err)) {
        return false;
    }
    *ret = wanted && !done;
    return true;
}

static bool next_due(struct desk *desk, const struct mailing *mailing, int64_t now, int64_t *ret,
                     struct error *err)
{
    int64_t first = INT64_MAX;
    if (!desk_programme(desk, err)) {
        return false;
    }
    for (size_t i = 0; i < desk->programme.events.n; i++) {
        int64_t due;
        bool open;
        if (!is_open(desk, mailing, &desk->programme.events.at[i], now, &due, &open, err)) {
            return false;
        }
        first = open && due < first ? due : first;
    }
    *ret = first;
    return true;
}

static const char *thanks_words(const struct config *config, const char *language)
{
    bool english = str_equal(language, "en") && config->thanks_text_en[0] != '\0';
    return english ? config->thanks_text_en : config->thanks_text;
}

/* The rows from `at` on that are of one party and address get one letter; `*ret_next`: the row behind them.
 */
static bool write_to_party(struct desk *desk, struct arena *arena, const struct mailing *mailing,
                           const struct event *event, int64_t now, const struct registration_rows *rows,
                           size_t at, size_t *ret_next, struct error *err)
{
    const struct registration_row *first = &rows->row.at[at];
    struct letter_plan plan = {.to = first->address};
    struct section *section = LIST_ADD(arena, &plan.sections);
    section->kind = mailing->kind;
    section->event = event;
    size_t i = at;
    for (; i < rows->row.n; i++) {
        const struct registration_row *row = &rows->row.at[i];
        if (row->party != first->party || !str_equal(row->address, first->address)) {
            break;
        }
        known_person(row, LIST_ADD(arena, &section->persons));
    }
    json_t *facts =
        mailing->attended ? json_pack("{ss}", "text", thanks_words(desk->config, first->language)) : NULL;
    section->facts = facts;
    struct dispatch dispatch = {.plan = &plan,
                                .seed = arena_printf(arena, "%s %s %lld party %lld %s", mailing->kind,
                                                     event->code, (long long)event->start,
                                                     (long long)first->party, first->address),
                                .language = first->language,
                                .now = now,
                                .actor = "stadtlabord"};
    struct dispatched done;
    bool written = known_greeting(desk->store, arena, first, &plan.to_name, err) &&
                   dispatch_letter(desk, arena, &dispatch, &done, err);
    json_decref(facts);
    *ret_next = i;
    return written;
}

static bool write_to_all(struct desk *desk, struct arena *arena, const struct mailing *mailing,
                         const struct event *event, int64_t due, int64_t now, struct error *err)
{
    struct registration_rows rows = {0};
    if (!registrations_with_place(desk->store, arena, event->code, due, mailing->attended, &rows, err)) {
        return false;
    }
    for (size_t at = 0; at < rows.row.n;) {
        if (!write_to_party(desk, arena, mailing, event, now, &rows, at, &at, err)) {
            return fail_within(err, "%s of %s", mailing->kind, event->code);
        }
    }
    return mailing_note(desk->store, now, event->code, mailing->kind, event->start, err);
}

/* In a transaction of its own, with the programme as it is then: what is sent of one event stays sent when
 * another fails. */
static bool run_one(struct desk *desk, const struct mailing *mailing, const char *code, int64_t now,
                    struct error *err)
{
    struct arena *arena = arena_new();
    int64_t due;
    bool open = false;
    bool done = store_begin(desk->store, err) && desk_programme(desk, err);
    const struct event *event = done ? programme_find(&desk->programme, code) : NULL;
    done = done && (event == NULL || is_open(desk, mailing, event, now, &due, &open, err));
    if (done && open && due <= now) {
        done = write_to_all(desk, arena, mailing, event, due, now, err);
    }
    arena_free(arena);
    return store_end(desk->store, done, err);
}

static bool run(struct desk *desk, const struct mailing *mailing, int64_t now, struct error *err)
{
    struct arena *arena = arena_new();
    LIST(const char *) codes = {0};
    bool done = desk_programme(desk, err);
    for (size_t i = 0; done && i < desk->programme.events.n; i++) {
        const struct event *event = &desk->programme.events.at[i];
        int64_t due;
        bool open;
        done = is_open(desk, mailing, event, now, &due, &open, err);
        if (done && open && due <= now) { /* copied: the programme may be loaded anew meanwhile */
            *LIST_ADD(arena, &codes) = arena_strdup(arena, event->code);
        }
    }
    for (size_t i = 0; done && i < codes.n; i++) {
        done = run_one(desk, mailing, codes.at[i], now, err);
    }
    arena_free(arena);
    return done;
}

static bool reminder_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    return next_due(desk, &reminder, now, ret, err);
}

static bool reminder_run(struct desk *desk, int64_t now, struct error *err)
{
    return run(desk, &reminder, now, err);
}

static bool thanks_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    return next_due(desk, &thanks, now, ret, err);
}

static bool thanks_run(struct desk *desk, int64_t now, struct error *err)
{
    return run(desk, &thanks, now, err);
}

const struct chore reminder_chore = {.name = "reminder", .next_due = reminder_due, .run = reminder_run};
const struct chore thanks_chore = {.name = "thanks", .next_due = thanks_due, .run = thanks_run};
