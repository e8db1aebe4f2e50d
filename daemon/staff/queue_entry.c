/* daemon/staff/queue_entry.c: the entry that a command is about, and what would be done about it. */
#include "daemon/staff/queue.h"

#include "base/text.h"
#include "daemon/staff/person_options.h"

bool queue_load(struct queue_work *work)
{
    struct command *c = work->c;
    if (!work->loaded) {
        if (!desk_begin(&work->desk, c->arena, c->store, &c->config, &c->err)) {
            return false;
        }
        work->loaded = true;
    }
    return desk_programme(&work->desk, &c->err);
}

void queue_unload(struct queue_work *work)
{
    if (work->loaded) {
        desk_end(&work->desk);
        work->loaded = false;
    }
}

bool queue_entry(struct command *c, const char *word, bool open, struct queue_row *ret)
{
    int64_t id;
    if (!command_id(c, word, &id) || !queue_get(c->store, c->arena, id, ret, &c->err)) {
        return false;
    }
    if (ret->id == 0) {
        return fail(&c->err, "Eintrag %lld gibt es nicht; `stadtlabor queue list` zeigt alle", (long long)id);
    }
    return !open || str_equal(ret->state, "open") ||
           fail(&c->err, "Eintrag %lld ist schon erledigt", (long long)id);
}

bool queue_is_correction(const char *name)
{
    return str_equal(name, "event") || is_person_option(name);
}

static bool take_corrections(struct queue_work *work, struct corrections *ret)
{
    struct command *c = work->c;
    for (size_t i = 0; i < c->values.n; i++) {
        const struct command_value *given = &c->values.at[i];
        struct correction correction = {0};
        if (!queue_is_correction(given->name)) {
            continue;
        }
        if (str_equal(given->name, "event")) {
            if (programme_find(&work->desk.programme, given->value) == NULL) {
                return fail(
                    &c->err,
                    "--event %s: diese Veranstaltung gibt es nicht; `stadtlabor events list` zeigt alle",
                    given->value);
            }
            ret->event = given->value;
        } else if (person_option(c, given->name, given->value, &correction)) {
            *LIST_ADD(c->arena, &ret->field) = correction;
        } else {
            return false;
        }
    }
    return true;
}

bool queue_propose(struct queue_work *work, const struct queue_row *row, bool corrected, struct proposal *ret)
{
    struct corrections corrections = {0};
    *ret = (struct proposal){0};
    if (row->mail_id == 0) {
        return true;
    }
    return queue_load(work) && (!corrected || take_corrections(work, &corrections)) &&
           proposal_make(&work->desk, work->c->arena, clock_now(), row->mail_id, &corrections, ret,
                         &work->c->err);
}
