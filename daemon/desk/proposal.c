#include "daemon/desk/proposal.h"

#include "base/text.h"
#include "daemon/desk/answer.h"
#include "daemon/desk/apply.h"
#include "daemon/desk/identities.h"
#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"
#include "daemon/desk/proposal_parts.h"
#include "daemon/desk/waiting_list.h"

#include <limits.h>

static bool take_mail(const struct desk *desk, struct arena *arena, int64_t mail_id, struct proposal *p,
                      struct error *err)
{
    char *bytes;
    if (!mail_get(desk->store, arena, mail_id, &p->mail, err)) {
        return false;
    }
    if (!mail_raw(desk->store, arena, mail_id, &bytes, &p->len, err)) {
        p->gone = p->unread = store_fault(desk->store) == STORE_OK;
        return p->gone;
    }
    p->bytes = bytes;
    p->unread = identity_of_unread(p->mail.identity);
    return p->unread || letter_read(arena, p->bytes, p->len, p->len >= (size_t)p->mail.size, &p->letter, err);
}

/* `settled` is made of what it would be without conditions and hesitation. */
static void read_again(const struct desk *desk, struct arena *arena, const struct expected *expected,
                       struct proposal *p)
{
    struct reader reader = desk_reader(desk, p->mail.received);
    read_letter(arena, &reader, &p->letter, expected, &p->read);
    reader.proposes = true;
    read_letter(arena, &reader, &p->letter, expected, &p->settled);
}

/* The conversation that the mail answered when it came: still open, or closed meanwhile, as after too many
 * questions. One that was opened since, perhaps because of it, is nothing that it answers. */
static bool know(const struct desk *desk, struct arena *arena, int64_t now, struct proposal *p,
                 enum case_kind *ret_closed, struct error *err)
{
    int64_t since = now - (int64_t)desk->config->conversation_days * 86400;
    const struct expected *expected;
    struct known_case then = {0};
    p->known = (struct known){.programme = &desk->programme};
    if (!known_kept_expected(arena, p->mail.reading, &expected, err) ||
        !known_conversation(desk->store, arena, &p->letter, now, since, &p->known, err)) {
        return false;
    }
    bool answers = expected != NULL && !expected->only_newsletter; /* which is said where nothing was open */
    if (answers && p->mail.case_id != 0 &&
        !known_case_of_id(desk->store, arena, p->mail.case_id, &then, err)) {
        return false;
    }
    if (!answers || p->known.open.id != then.id) {
        p->known.open = (struct known_case){0};
    }
    if (expected == NULL || (!expected->confirm_newsletter && !expected->keep_newsletter)) {
        p->known.newsletter = (struct known_case){0};
    }
    read_again(desk, arena, expected, p);
    p->known.topic = topic_find(arena, desk->patterns, &p->letter, &p->read, NULL);
    *ret_closed = then.kind;
    return true;
}

static void judge(struct proposal *p)
{
    const struct decision *d = &p->decision;
    size_t others = 0;
    for (size_t i = 0; i < d->effects.n; i++) {
        if (d->effects.at[i].kind == EFFECT_QUEUE) {
            p->why_not = p->why_not == NULL ? d->effects.at[i].words : p->why_not;
        } else {
            others++;
        }
    }
    bool does = others > 0 || d->answer.sections.n > 0 || d->questions.n > 0;
    p->asks = d->answer.opens_case;
    p->acts = does && !p->asks && p->settled.intents.n > 0;
    p->why_not = p->asks || p->acts || p->settled.intents.n == 0 ? NULL : p->why_not;
}

bool proposal_make(const struct desk *desk, struct arena *arena, int64_t now, int64_t mail_id,
                   const struct corrections *corrections, struct proposal *ret, struct error *err)
{
    struct proposal p = {0};
    enum case_kind closed = CASE_REGISTER;
    if (!take_mail(desk, arena, mail_id, &p, err)) {
        return false;
    }
    if (p.unread) {
        *ret = p;
        return true;
    }
    if (!know(desk, arena, now, &p, &closed, err) ||
        !proposal_settle(desk, arena, closed, corrections, &p, err)) {
        return false;
    }
    needs_reading(arena, &p.known, &p.settled);
    if (!known_facts(desk->store, arena, &p.letter, &p.settled, &p.known, err)) {
        return false;
    }
    struct decide_limits limits = {.waiting = waiting_rule_of(desk->config),
                                   .replies_per_day = INT_MAX, /* a person is there to see it */
                                   .rounds_most = INT_MAX,
                                   .own_address = desk->config->lab_address};
    decide(arena, &limits, &p.letter, &p.settled, &p.known, &p.decision);
    judge(&p);
    *ret = p;
    return true;
}

bool proposal_letter(const struct desk *desk, struct arena *arena, const struct proposal *proposal,
                     const struct rendered **ret, struct error *err)
{
    struct rendered *rendered = ARENA_NEW(arena, struct rendered);
    const struct letter_plan *plan = &proposal->decision.answer;
    struct dispatch dispatch = {.plan = plan,
                                .answers = &proposal->letter,
                                .language = proposal->decision.language,
                                .now = proposal->known.now};
    if (plan->sections.n == 0) {
        *ret = NULL;
        return true;
    }
    if (!answer_text(desk, arena, &dispatch, rendered, err)) {
        return false;
    }
    *ret = rendered;
    return true;
}

/* A part of it waits for a person still. */
static bool goes_on(const struct decision *decision)
{
    return decision->state == MAIL_QUEUED;
}

bool proposal_carry_out(const struct desk *desk, struct arena *arena, const struct queue_row *entry,
                        const struct proposal *proposal, const char *actor, struct error *err)
{
    const struct decision *decision = &proposal->decision;
    struct mail_row row = proposal->mail;
    struct queue_end end = {.outcome = proposal->asks ? "asked" : "accepted",
                            .chosen = reading_json(arena, &proposal->settled, NULL, false),
                            .move = goes_on(decision) ? NULL : "done"};
    struct handled handled = {.row = &row,
                              .actor = actor,
                              .occasion = arena_printf(arena, "entry %lld ", (long long)entry->id),
                              .letter = &proposal->letter,
                              .reading = &proposal->settled,
                              .known = &proposal->known,
                              .decision = decision};
    bool changed;
    if (!queue_close(desk->store, proposal->known.now, actor, entry, &end, &changed, err)) {
        return false;
    }
    if (!changed) {
        return fail(err, "Eintrag %lld ist inzwischen erledigt", (long long)entry->id);
    }
    return apply_effects(desk, arena, &handled, err) &&
           mail_set_state(desk->store, row.id, mail_state_name(decision->state), decision->reason, err);
}
