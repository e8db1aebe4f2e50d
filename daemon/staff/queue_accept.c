/* daemon/staff/queue_accept.c: what was proposed is done, as it was or as corrected; or what is missing is
 * asked. */
#include "daemon/staff/queue.h"

#include "base/text.h"
#include "daemon/staff/person_options.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool carry_out(struct queue_work *work, const struct queue_row *row, const struct proposal *p)
{
    struct command *c = work->c;
    if (!store_begin(c->store, &c->err)) {
        return false;
    }
    if (!proposal_carry_out(&work->desk, c->arena, row, p, command_actor(c->arena), &c->err)) {
        store_rollback(c->store);
        return false;
    }
    if (!store_commit(c->store, &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld: %s.\n%s", (long long)row->id,
           p->asks ? "nachgefragt" : "wie vorgeschlagen erledigt",
           command_safe(c->arena, queue_proposal_words(c->arena, p)));
    return true;
}

static bool nothing_to_do(struct command *c, const struct queue_row *row, const struct proposal *p)
{
    return fail(&c->err, "Eintrag %lld: %s", (long long)row->id,
                p->why_not != NULL ? p->why_not
                                   : "hier gibt es nichts, was das Programm tun könnte; bitte antworten Sie");
}

bool queue_accept(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    struct proposal p;
    if (!queue_propose(work, row, true, &p)) {
        return false;
    }
    if (p.asks) {
        return fail(
            &c->err,
            "Eintrag %lld: dafür fehlt noch etwas. Geben Sie es an (`stadtlabor queue show %lld` nennt "
            "es), oder lassen Sie nachfragen: `stadtlabor queue ask %lld`",
            (long long)row->id, (long long)row->id, (long long)row->id);
    }
    return p.acts ? carry_out(work, row, &p) : nothing_to_do(c, row, &p);
}

bool queue_ask(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    struct proposal p;
    if (!queue_propose(work, row, true, &p)) {
        return false;
    }
    if (p.acts) {
        return fail(&c->err, "Eintrag %lld: es fehlt nichts; `stadtlabor queue accept %lld` erledigt es",
                    (long long)row->id, (long long)row->id);
    }
    return p.asks ? carry_out(work, row, &p) : nothing_to_do(c, row, &p);
}
