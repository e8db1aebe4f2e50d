/* daemon/staff/queue_accept.c: what was proposed is done, as it was or as corrected; or what is missing is
 * asked. */
#include "daemon/staff/queue.h"

#include "daemon/store/doorbell.h"

#include <stdio.h>

/* Why this proposal cannot be accepted, or asked, as the verb wants. */
static bool refused(struct command *c, const struct queue_row *row, const struct proposal *p, bool ask)
{
    long long id = (long long)row->id;
    if (p->asks && !ask) {
        return fail(
            &c->err,
            "Eintrag %lld: dafür fehlt noch etwas. Geben Sie es an (`stadtlabor queue show %lld` nennt "
            "es), oder lassen Sie nachfragen: `stadtlabor queue ask %lld`",
            id, id, id);
    }
    if (p->acts && ask) {
        return fail(&c->err, "Eintrag %lld: es fehlt nichts; `stadtlabor queue accept %lld` erledigt es", id,
                    id);
    }
    return fail(&c->err, "Eintrag %lld: %s", id,
                p->why_not != NULL ? p->why_not
                                   : "hier gibt es nichts, was das Programm tun könnte; bitte antworten Sie");
}

/* What is free, and who is registered, must not change between the proposal and the deed: both are in one
 * transaction. */
static bool within(struct queue_work *work, const struct queue_row *row, bool ask, struct proposal *p)
{
    struct command *c = work->c;
    if (!queue_propose(work, row, true, p)) {
        return false;
    }
    bool wanted = ask ? p->asks : p->acts;
    return wanted ? proposal_carry_out(&work->desk, c->arena, row, p, command_actor(c->arena), &c->err)
                  : refused(c, row, p, ask);
}

static bool carry_out(struct queue_work *work, const struct queue_row *row, bool ask)
{
    struct command *c = work->c;
    struct proposal p;
    bool done = queue_load(work) && store_begin(c->store, &c->err) && desk_programme(&work->desk, &c->err) &&
                within(work, row, ask, &p);
    if (!store_end(c->store, done, &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld: %s.\n%s", (long long)row->id, ask ? "nachgefragt" : "wie vorgeschlagen erledigt",
           command_safe(c->arena, queue_proposal_words(c->arena, &p)));
    return true;
}

bool queue_accept(struct queue_work *work, const struct queue_row *row)
{
    return carry_out(work, row, false);
}

bool queue_ask(struct queue_work *work, const struct queue_row *row)
{
    return carry_out(work, row, true);
}
