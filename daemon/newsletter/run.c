#include "daemon/newsletter/run.h"

#include "base/text.h"
#include "daemon/store/ledger_store.h"

#include <string.h>

static const char *in_words(const char *state)
{
    static const struct {
        const char *state, *words;
    } all[] = {{"scheduled", "ist geplant und noch nicht begonnen"},
               {"sending", "wird gerade verschickt"},
               {"paused", "ist angehalten"},
               {"stopped", "ist abgebrochen"},
               {"sent", "ist schon verschickt"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (str_equal(all[i].state, state)) {
            return all[i].words;
        }
    }
    return "gibt es nicht";
}

static bool wrong_state(const struct issue_row *issue, struct error *err)
{
    return fail(err, "die Ausgabe „%s“ %s", issue->name, in_words(issue->state));
}

/* The row as it is now, inside the transaction. */
static bool look_again(struct store *store, struct arena *arena, struct issue_row *issue, struct error *err)
{
    const char *name = issue->name;
    return issue_find(store, arena, name, issue, err) &&
           (issue->id != 0 || fail(err, "die Ausgabe „%s“ gibt es nicht", name));
}

static bool audit(struct store *store, int64_t now, const char *actor, const char *action, int64_t id,
                  struct arena *arena, struct error *err)
{
    return store_audit(store, now, actor, action, 0,
                       arena_printf(arena, "newsletter issue %lld", (long long)id), err);
}

static bool end(struct store *store, struct arena *arena, bool done, struct error *err)
{
    arena_free(arena);
    return store_end(store, done, err);
}

bool run_schedule_within(struct store *store, struct arena *arena, int64_t now, const char *actor,
                         const char *name, const char *source, const struct issue_file *file,
                         const struct issue_pictures *pictures, int64_t send_at, struct error *err)
{
    struct issue_row before = {0};
    bool done = issue_find(store, arena, name, &before, err);
    if (done && before.id != 0 && !str_equal(before.state, "scheduled")) {
        done = wrong_state(&before, err);
    }
    struct issue_row row = {
        .id = before.id, .name = name, .subject = file->subject, .source = source, .send_at = send_at};
    return done && issue_put(store, now, &row, err) && issue_put_pictures(store, row.id, pictures, err) &&
           audit(store, now, actor, "issue scheduled", row.id, arena, err);
}

bool run_schedule(struct store *store, int64_t now, const char *actor, const char *name, const char *source,
                  const struct issue_file *file, const struct issue_pictures *pictures, int64_t send_at,
                  struct error *err)
{
    struct arena *arena = arena_new();
    bool done = store_begin(store, err) &&
                run_schedule_within(store, arena, now, actor, name, source, file, pictures, send_at, err);
    return end(store, arena, done, err);
}

bool run_unschedule(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
                    struct error *err)
{
    struct arena *arena = arena_new();
    struct issue_row row = *issue;
    bool done = store_begin(store, err) && look_again(store, arena, &row, err) &&
                (str_equal(row.state, "scheduled") || wrong_state(&row, err)) &&
                issue_delete(store, row.id, err) &&
                audit(store, now, actor, "issue withdrawn", row.id, arena, err);
    return end(store, arena, done, err);
}

/* The mail, of the words as the programme is now. */
static bool mail_of(const struct issue_making *making, struct arena *arena, const struct issue_row *issue,
                    const char **ret, size_t *ret_len, struct error *err)
{
    struct issue_file file;
    struct issue_pictures pictures = {0};
    struct issue_words words;
    return issue_file_read(arena, issue->source, strlen(issue->source), &file, err) &&
           issue_get_pictures(making->store, arena, issue->id, &pictures, err) &&
           issue_words(arena, making, &file, &pictures, &words, err) &&
           issue_mail(arena, making->config, &words, ret, ret_len, err);
}

bool run_begin(const struct issue_making *making, const char *actor, const struct issue_row *issue,
               int64_t *ret_recipients, struct error *err)
{
    struct arena *arena = arena_new();
    struct issue_row row = *issue;
    const char *bytes;
    size_t len;
    int64_t recipients = 0, key;
    bool done = store_begin(making->store, err) && store_key(making->store, &key, err) &&
                look_again(making->store, arena, &row, err) &&
                (str_equal(row.state, "scheduled") || wrong_state(&row, err)) &&
                mail_of(making, arena, &row, &bytes, &len, err) &&
                issue_begin(making->store, making->now, row.id, bytes, len, &recipients, err) &&
                ledger_finish(making->store, making->now, err) && /* nobody to send it to: it is through */
                audit(making->store, making->now, actor, "issue begun", row.id, arena, err);
    if (!end(making->store, arena, done, err)) {
        return false;
    }
    *ret_recipients = recipients;
    return true;
}

/* From one of the states in `from` ("sending paused") to another. */
static bool change(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
                   const char *from, const char *to, const char *action, struct error *err)
{
    struct arena *arena = arena_new();
    struct issue_row row = *issue;
    bool done = store_begin(store, err) && look_again(store, arena, &row, err) &&
                (strstr(from, row.state) != NULL || wrong_state(&row, err)) &&
                issue_set_state(store, now, row.id, to, err) &&
                audit(store, now, actor, action, row.id, arena, err);
    return end(store, arena, done, err);
}

bool run_pause(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
               struct error *err)
{
    return change(store, now, actor, issue, "sending", "paused", "issue paused", err);
}

bool run_stop(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
              struct error *err)
{
    return change(store, now, actor, issue, "sending paused", "stopped", "issue stopped", err);
}

bool run_resume(struct store *store, int64_t now, const char *actor, const struct issue_row *issue,
                bool unclear, int64_t *ret_unclear, struct error *err)
{
    struct arena *arena = arena_new();
    struct issue_row row = *issue;
    int64_t again = 0;
    const char *from = unclear ? "paused stopped sent sending" : "paused stopped";
    bool done =
        store_begin(store, err) && look_again(store, arena, &row, err) &&
        (strstr(from, row.state) != NULL || wrong_state(&row, err)) &&
        (!unclear || ledger_send_unclear(store, now, row.id, &again, err)) &&
        issue_set_state(store, now, row.id, "sending", err) && ledger_finish(store, now, err) &&
        audit(store, now, actor, unclear ? "unclear copies sent again" : "issue resumed", row.id, arena, err);
    if (!end(store, arena, done, err)) {
        return false;
    }
    *ret_unclear = again;
    return true;
}
