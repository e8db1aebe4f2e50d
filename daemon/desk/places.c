#include "daemon/desk/places.h"

#include "base/text.h"
#include "daemon/desk/dispatch.h"
#include "daemon/desk/known.h"
#include "daemon/store/queue_store.h"
#include "daemon/store/registration_store.h"

/* One event while its list is settled. */
struct settling {
    const struct desk *desk;
    struct arena *arena;
    const struct cause *cause;
    const struct event *event;
};

static bool tell_staff(const struct settling *s, const char *reason, const char *words, struct error *err)
{
    struct store *store = s->desk->store;
    return queue_add(store, s->cause->now, s->cause->mail_id, 0, reason, words, NULL, err) &&
           store_audit(store, s->cause->now, s->cause->actor, "queued", s->cause->mail_id, reason, err);
}

static bool tell_of_free_places(const struct settling *s, int free, int waiting, struct error *err)
{
    return tell_staff(
        s, "place_free",
        arena_printf(
            s->arena,
            "Kurz vor Beginn %s bei %s frei, und %d %s auf der Warteliste. So spät rückt niemand mehr von "
            "selbst nach: bitte rufen Sie an, wer noch kommen mag, und tragen Sie es ein (stadtlabor "
            "registrations move NUMMER %s --place).",
            free == 1 ? "ist ein Platz" : "sind Plätze", s->event->code, waiting,
            waiting == 1 ? "Person steht" : "Personen stehen", s->event->code),
        err);
}

/* Who asked to be booked over gives the old place up, unless it was used already. */
static bool give_up(const struct settling *s, const struct registration_row *old, struct letter_plan *plan,
                    struct error *err)
{
    struct store *store = s->desk->store;
    const struct event *event = programme_find(&s->desk->programme, old->event);
    bool changed = false;
    if (event == NULL || event->start <= s->cause->now) {
        return true;
    }
    if (!registration_cancel(store, s->cause->now, old->id, &changed, err)) {
        return false;
    }
    if (!changed) {
        return true;
    }
    struct section *section = NULL;
    for (size_t i = 1; i < plan->sections.n; i++) {
        section = plan->sections.at[i].event == event ? &plan->sections.at[i] : section;
    }
    if (section == NULL) {
        section = LIST_ADD(s->arena, &plan->sections);
        *section = (struct section){.kind = "cancelled", .event = event, .waiting = true, .rebooking = true};
    }
    section->waiting &= str_equal(old->state, "waiting");
    known_person(old, LIST_ADD(s->arena, &section->persons));
    return store_audit(store, s->cause->now, s->cause->actor, "cancelled", s->cause->mail_id,
                       arena_printf(s->arena, "registration %lld", (long long)old->id), err);
}

static bool give_up_old(const struct settling *s, const struct registration_rows *rows,
                        struct letter_plan *plan, struct error *err)
{
    for (size_t i = 0; i < rows->row.n; i++) {
        struct registration_row old;
        if (rows->row.at[i].instead_of != 0 &&
            (!registration_get(s->desk->store, s->arena, rows->row.at[i].instead_of, &old, err) ||
             (old.id != 0 && !give_up(s, &old, plan, err)))) {
            return false;
        }
    }
    return true;
}

static bool write_to_party(const struct settling *s, const struct registration_rows *rows, struct error *err)
{
    const struct registration_row *first = &rows->row.at[0];
    struct letter_plan plan = {.to = first->address, .opens_case = true};
    struct section *section = LIST_ADD(s->arena, &plan.sections);
    section->kind = "confirmed";
    section->event = s->event;
    plan.asks = (struct known_case){
        .kind = CASE_PLACE, .round = 1, .address = first->address, .language = first->language};
    plan.asks.expected.event = s->event->code;
    plan.asks.expected.place_given = true;
    for (size_t i = 0; i < rows->row.n; i++) {
        known_person(&rows->row.at[i], LIST_ADD(s->arena, &section->persons));
        struct person *named = LIST_ADD(s->arena, &plan.asks.expected.persons);
        named->field[FIRST_NAME].value = rows->row.at[i].first_name;
        named->field[LAST_NAME].value = rows->row.at[i].last_name;
    }
    json_t *facts = json_pack("{sb}", "moved_up", 1);
    section->facts = facts;
    struct dispatch dispatch = {.plan = &plan,
                                .seed = arena_printf(s->arena, "moved up %s %lld %lld %lld", s->event->code,
                                                     (long long)first->party, (long long)first->id,
                                                     (long long)s->cause->now),
                                .language = first->language,
                                .now = s->cause->now,
                                .mail_id = s->cause->mail_id,
                                .actor = s->cause->actor};
    struct dispatched done;
    bool written = give_up_old(s, rows, &plan, err) &&
                   known_greeting(s->desk->store, s->arena, first, &plan.to_name, err) &&
                   dispatch_letter(s->desk, s->arena, &dispatch, &done, err);
    json_decref(facts);
    return written;
}

/* Without a mail address only a person can tell them. */
static bool tell_by_telephone(const struct settling *s, const struct registration_row *row, struct error *err)
{
    return tell_staff(
        s, "place_given",
        arena_printf(s->arena,
                     "%s %s rückt bei %s von der Warteliste nach, hat aber keine Mailadresse. Bitte "
                     "geben Sie Bescheid.",
                     row->first_name, row->last_name, s->event->code),
        err);
}

static bool move_up(const struct settling *s, int64_t party, struct error *err)
{
    struct store *store = s->desk->store;
    struct registration_rows rows = {0};
    if (!registrations_of_party(store, s->arena, s->event->code, party, "waiting", &rows, err) ||
        !waiting_give_places(store, s->cause->now, s->event->code, party, err)) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        const char *subject = arena_printf(s->arena, "registration %lld", (long long)rows.row.at[i].id);
        if (!store_audit(store, s->cause->now, s->cause->actor, "moved_up", s->cause->mail_id, subject,
                         err)) {
            return false;
        }
    }
    return rows.row.n == 0 || (rows.row.at[0].address[0] == '\0' ? tell_by_telephone(s, &rows.row.at[0], err)
                                                                 : write_to_party(s, &rows, err));
}

bool places_give(const struct desk *desk, struct arena *arena, const struct cause *cause,
                 const struct event *event, int64_t party, struct error *err)
{
    struct settling s = {desk, arena, cause, event};
    return move_up(&s, party, err);
}

static bool settle_event(const struct desk *desk, struct arena *arena, const struct cause *cause,
                         const char *code, bool *ret_moved, struct error *err)
{
    struct settling s = {desk, arena, cause, programme_find(&desk->programme, code)};
    struct waiting_rule rule = waiting_rule_of(desk->config);
    struct waiting_row row;
    if (s.event == NULL) {
        return true; /* it came after the programme was loaded: the chore loads it anew */
    }
    if (!waiting_load(desk->store, arena, code, &row, err)) {
        return false;
    }
    struct waiting_list list = waiting_list_from(arena, &row);
    struct waiting_moves moves;
    waiting_move_up(arena, &rule, &list, cause->now, &moves);
    for (size_t i = 0; i < moves.up.n; i++) {
        if (!move_up(&s, moves.up.at[i].party, err)) {
            return false;
        }
    }
    if (moves.tell_staff && !tell_of_free_places(&s, waiting_free(&list), row.waiting, err)) {
        return false;
    }
    *ret_moved |= moves.up.n > 0;
    row.kept_for = moves.kept_for;
    row.kept_since = moves.kept_since;
    row.told = moves.told;
    return waiting_keep(desk->store, &row, moves.look_again, err);
}

/* Who moves up may give up a place elsewhere, which is settled next. */
bool places_settle(const struct desk *desk, struct arena *arena, const struct cause *cause, struct error *err)
{
    bool moved;
    do {
        struct waiting_codes due = {0};
        moved = false;
        if (!waiting_due(desk->store, arena, cause->now, &due, err)) {
            return false;
        }
        for (size_t i = 0; i < due.event.n; i++) {
            if (!settle_event(desk, arena, cause, due.event.at[i], &moved, err)) {
                return false;
            }
        }
    } while (moved);
    return true;
}

static bool chore_due(struct desk *desk, int64_t now, int64_t *ret, struct error *err)
{
    (void)now;
    return waiting_next(desk->store, ret, err);
}

static bool chore_run(struct desk *desk, int64_t now, struct error *err)
{
    struct cause cause = {.now = now, .actor = "stadtlabord"};
    struct arena *arena = arena_new();
    bool done =
        store_begin(desk->store, err) && desk_programme(desk, err) && places_settle(desk, arena, &cause, err);
    arena_free(arena);
    return store_end(desk->store, done, err);
}

const struct chore waiting_chore = {.name = "waiting", .next_due = chore_due, .run = chore_run};
