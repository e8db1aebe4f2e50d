#include "daemon/programme/notice.h"

#include "base/text.h"
#include "daemon/desk/dispatch.h"
#include "daemon/desk/known.h"
#include "daemon/store/queue_store.h"
#include "daemon/store/registration_store.h"

#include <jansson.h>

/* People of one mail, with the same standing: they get one letter. */
struct party {
    int64_t number;
    bool waiting;
    const char *address, *language;
    struct registration_row first;
    LIST(struct person) persons;
};

struct parties {
    LIST(struct party) party;
};

static void add_person(struct arena *arena, struct parties *parties, const struct registration_row *row)
{
    bool waiting = str_equal(row->state, "waiting");
    struct party *party = NULL;
    for (size_t i = 0; i < parties->party.n && party == NULL; i++) {
        struct party *p = &parties->party.at[i];
        bool same = p->number == row->party && p->waiting == waiting && str_equal(p->address, row->address);
        party = same ? p : NULL;
    }
    if (party == NULL) {
        party = LIST_ADD(arena, &parties->party);
        *party = (struct party){.number = row->party,
                                .waiting = waiting,
                                .first = *row,
                                .address = row->address,
                                .language = row->language};
    }
    known_person(row, LIST_ADD(arena, &party->persons));
}

static bool load(struct store *store, struct arena *arena, const char *code, struct parties *ret,
                 struct error *err)
{
    struct registration_rows rows = {0};
    if (!registrations_of_event(store, arena, code, &rows, err)) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        if (!str_equal(rows.row.at[i].state, "cancelled")) {
            add_person(arena, ret, &rows.row.at[i]);
        }
    }
    return true;
}

/* What letter_kinds.c declares besides the event and the persons. */
static json_t *facts(struct arena *arena, const struct event_edit *edit, const struct party *party,
                     const struct change_order *order)
{
    json_t *facts = json_pack("{sb}", "waiting", party->waiting);
    if (order->note != NULL && order->note[0] != '\0') {
        json_object_set_new(facts, "note", json_string(order->note));
    }
    if (edit->news == NEWS_MOVED) {
        const struct event *before = &edit->before;
        bool other_time = before->start != edit->after.start || before->end != edit->after.end;
        bool other_place = !str_equal(before->place, edit->after.place);
        json_t *old = json_object();
        if (other_time) {
            json_object_set_new(old, "when",
                                json_string(letter_when(arena, before->start, before->end, party->language)));
        }
        if (other_place && before->place[0] != '\0') {
            json_object_set_new(old, "place", json_string(before->place));
        }
        json_object_set_new(facts, "before", old);
    }
    if (edit->news == NEWS_ON_AGAIN) {
        json_object_set_new(facts, "again", json_true());
    }
    return facts;
}

static bool send_one(const struct desk *desk, struct arena *arena, const struct event_edit *edit,
                     int sequence, const struct party *party, const struct change_order *order,
                     struct error *err)
{
    struct letter_plan plan = {.to = party->address};
    struct section *section = LIST_ADD(arena, &plan.sections);
    json_t *more = facts(arena, edit, party, order);
    section->kind = edit->news == NEWS_CALLED_OFF ? "event_off" : "event_moved";
    section->event = programme_find(&desk->programme, edit->after.code);
    section->waiting = party->waiting;
    section->facts = more;
    memcpy(&section->persons, &party->persons, sizeof section->persons);
    struct dispatch dispatch = {
        .plan = &plan,
        .seed = arena_printf(arena, "event %s sequence %d party %lld %d %s", edit->after.code, sequence,
                             (long long)party->number, party->waiting, party->address),
        .language = party->language,
        .now = order->now,
        .actor = order->actor,
    };
    struct dispatched done;
    bool sent = known_greeting(desk->store, arena, &party->first, &plan.to_name, err) &&
                dispatch_letter(desk, arena, &dispatch, &done, err);
    json_decref(more);
    return sent;
}

/* Without a mail address only a person can tell them. */
static bool tell_by_telephone(const struct desk *desk, struct arena *arena, const struct event_edit *edit,
                              const struct party *party, const struct change_order *order, struct error *err)
{
    const struct event *event = &edit->after;
    const char *news = edit->news == NEWS_CALLED_OFF
                           ? "fällt aus"
                           : arena_printf(arena, "findet jetzt statt: %s, %s",
                                          letter_when(arena, event->start, event->end, "de"), event->place);
    const char *words = arena_printf(arena, "%s %s hat keine Mailadresse. Bitte geben Sie Bescheid: %s %s.",
                                     party->first.first_name, party->first.last_name, event->title, news);
    return queue_add(desk->store, order->now, 0, 0, "tell_by_telephone", words, NULL, err) &&
           store_audit(desk->store, order->now, order->actor, "queued", 0, "tell_by_telephone", err);
}

bool notice_send(const struct desk *desk, struct arena *arena, const struct event_edit *edit, int sequence,
                 const struct change_order *order, struct error *err)
{
    struct parties parties = {0};
    if (!load(desk->store, arena, edit->after.code, &parties, err)) {
        return false;
    }
    for (size_t i = 0; i < parties.party.n; i++) {
        const struct party *party = &parties.party.at[i];
        bool told = party->address[0] == '\0' ? tell_by_telephone(desk, arena, edit, party, order, err)
                                              : send_one(desk, arena, edit, sequence, party, order, err);
        if (!told) {
            return fail_within(err, "party %lld", (long long)party->number);
        }
    }
    return true;
}
