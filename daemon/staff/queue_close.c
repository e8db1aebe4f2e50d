/* daemon/staff/queue_close.c: an entry is closed, read once more, or somebody's. */
#include "daemon/staff/queue.h"

#include "base/text.h"
#include "daemon/desk/care.h"
#include "daemon/desk/retry.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>

/* Closes the entry in a transaction of its own. */
static bool close_entry(struct command *c, const struct queue_row *row, const struct queue_end *end)
{
    bool changed = false;
    bool done = store_begin(c->store, &c->err) &&
                queue_close(c->store, clock_now(), command_actor(c->arena), row, end, &changed, &c->err);
    if (!store_end(c->store, done, &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld %s.\n", (long long)row->id, changed ? "ist erledigt" : "war schon erledigt");
    return true;
}

bool queue_done(struct queue_work *work, const struct queue_row *row)
{
    return close_entry(work->c, row, &(struct queue_end){.outcome = "done", .move = "done"});
}

bool queue_spam(struct queue_work *work, const struct queue_row *row)
{
    return close_entry(work->c, row, &(struct queue_end){.outcome = "spam", .move = "automatic"});
}

bool queue_retry(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    const char *outcome;
    if (!retry_mail(c->store, &c->config, c->arena, row->id, clock_now(), command_actor(c->arena), &outcome,
                    &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld: noch einmal gelesen, %s.\n", (long long)row->id, outcome);
    return true;
}

/* In one transaction: the entry has the name, and whoever the configuration knows by it is told. */
static bool assign_to(struct queue_work *work, const struct queue_row *row, const char *name,
                      const struct topic_care *who, const char *text)
{
    struct command *c = work->c;
    const char *actor = command_actor(c->arena);
    bool tell = who != NULL && who->address[0] != '\0';
    bool done = store_begin(c->store, &c->err) &&
                queue_assign(c->store, row->id, who != NULL ? who->name : name, &c->err) &&
                (!tell || care_notice(&work->desk, c->arena, clock_now(), row, who, text, actor, &c->err)) &&
                store_audit(c->store, clock_now(), actor, "queue_assigned", row->mail_id,
                            arena_printf(c->arena, "queue %lld", (long long)row->id), &c->err);
    return store_end(c->store, done, &c->err);
}

bool queue_hand_over(struct queue_work *work, const struct queue_row *row, const char *name)
{
    struct command *c = work->c;
    struct topic_care care[TOPICS];
    struct proposal p = {0};
    name = str_trim(c->arena, name);
    care_configured(c->arena, &c->config, care);
    const struct topic_care *who = care_named(care, name);
    bool tell = who != NULL && who->address[0] != '\0';
    if ((tell && (!queue_propose(work, row, false, &p) || !queue_load(work))) ||
        !assign_to(work, row, name, who, p.mail.id != 0 && !p.unread ? p.read.own.text : "")) {
        return false;
    }
    doorbell_ring(c->config.store);
    if (*name == '\0') {
        printf("Eintrag %lld: niemand ist mehr zuständig.\n", (long long)row->id);
    } else {
        printf("Eintrag %lld: zuständig ist jetzt %s.\n", (long long)row->id, command_safe(c->arena, name));
    }
    return true;
}
