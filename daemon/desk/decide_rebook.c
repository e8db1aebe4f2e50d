/* daemon/desk/decide_rebook.c: a rebooking that leads to no place at the new event: what becomes of the old
 * one. Whoever waits there gives the old place up when they move up; whoever got nothing keeps it. */
#include "daemon/desk/deciding.h"

#include "base/text.h"

bool is_rebooking(const struct deciding *d)
{
    bool found = false;
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        found |= wants_place(d, &d->reading->intents.at[i]);
    }
    return found;
}

bool registers_for(const struct deciding *d, const char *event)
{
    bool found = false;
    for (size_t i = 0; i < d->reading->intents.n; i++) {
        const struct intent *intent = &d->reading->intents.at[i];
        found |= wants_place(d, intent) && str_equal(intent->event, event);
    }
    return found;
}

/* What waits for a place at the new event; NULL: nothing, or at several. */
static struct effect *waits(const struct deciding *d)
{
    struct effect *found = NULL;
    for (size_t i = 0; i < d->decision->effects.n; i++) {
        struct effect *effect = &d->decision->effects.at[i];
        if (effect->kind == EFFECT_REGISTER && effect->waiting) {
            if (found != NULL) {
                return NULL;
            }
            found = effect;
        }
    }
    return found;
}

static bool holds(const struct chosen *group, const struct known_registration *r)
{
    bool found = false;
    for (size_t i = 0; i < group->of.n; i++) {
        found |= group->of.at[i] == r;
    }
    return found;
}

/* Whoever waits at the new event gives the old place up when they move up there: that is what they asked for.
 * Those of whom that is clear. */
static struct chosen give_up_later(struct deciding *d, struct effect *effect, const struct chosen *old)
{
    struct chosen given_up = {0};
    bool nameless = is_nameless(old);
    for (size_t p = 0; p < effect->persons.n; p++) {
        struct chosen same = {0};
        if (!nameless) {
            same = who_is(d, old, &effect->persons.at[p]);
        } else if (p < old->of.n) {
            *LIST_ADD(d->arena, &same.of) = old->of.at[p];
        }
        if (same.of.n > 1) {
            ask_staff_which(d, &same);
        }
        bool clear = same.of.n == 1 && !holds(&given_up, same.of.at[0]);
        *LIST_ADD(d->arena, &effect->instead) = clear ? same.of.at[0]->id : 0;
        if (clear) {
            *LIST_ADD(d->arena, &given_up.of) = same.of.at[0];
        }
    }
    return given_up;
}

/* For one place one is given up; whether a second one is too only a person can ask. */
static void ask_staff_about(struct deciding *d, const struct effect *effect,
                            const struct known_registration *r)
{
    add_queue(d, "rebooking_several",
              arena_printf(
                  d->arena,
                  "Umbuchung von mehreren Terminen auf %s, wo noch kein Platz frei ist. Für einen davon ist "
                  "vermerkt, dass er entfällt, sobald dort einer frei wird; bei %s ist noch nichts abgesagt. "
                  "Bitte klären Sie, ob auch dort abgesagt werden soll (stadtlabor registrations cancel "
                  "%lld).",
                  effect->event, r->event, (long long)r->id));
}

/* "I cannot come, my husband comes instead": but there is no place for him as long as she has hers. */
static void ask_staff_to_swap(struct deciding *d, const struct known_registration *r)
{
    add_queue(
        d, "substitute",
        arena_printf(d->arena,
                     "Bei %s soll jemand anderes einen Platz übernehmen: %s %s (Nummer %lld) sagt ab, und "
                     "ohne diesen Platz ist für die neue Anmeldung keiner frei. Abgesagt ist noch nichts. "
                     "Bitte tauschen Sie: stadtlabor registrations add oder move mit --place, und "
                     "registrations cancel %lld.",
                     r->event, r->first_name, r->last_name, (long long)r->id, (long long)r->id));
}

static bool are_at_one_event(const struct chosen *group)
{
    bool one = true;
    for (size_t i = 1; i < group->of.n; i++) {
        one &= str_equal(group->of.at[i]->event, group->of.at[0]->event);
    }
    return one;
}

void keep_old(struct deciding *d, const struct chosen *theirs)
{
    struct effect *effect = waits(d);
    struct chosen given_up = {0};
    if (!are_at_one_event(theirs)) {
        add_queue(d, "cancel_unclear",
                  "Umbuchung auf einen Termin, bei dem noch kein Platz frei ist; welche der bisherigen "
                  "Anmeldungen dafür entfallen soll, sagt die Mail nicht. Abgesagt ist noch nichts; bitte "
                  "klären Sie, was gewünscht ist.");
        return;
    }
    if (registers_for(d, theirs->of.at[0]->event)) {
        ask_staff_to_swap(d, theirs->of.at[0]);
    } else if (effect != NULL && effect->instead.n > 0) {
        ask_staff_about(d, effect, theirs->of.at[0]);
    } else if (effect != NULL) {
        given_up = give_up_later(d, effect, theirs);
    }
    const struct chosen *kept = given_up.of.n > 0 ? &given_up : theirs;
    const struct event *event = programme_find(d->known->programme, theirs->of.at[0]->event);
    struct section *section = add_section(d, "place_kept", event);
    section->rebooking = given_up.of.n > 0;
    for (size_t i = 0; i < kept->of.n; i++) {
        *LIST_ADD(d->arena, &section->persons) = kept->of.at[i]->person;
        section->waiting |= kept->of.at[i]->waiting;
    }
}
