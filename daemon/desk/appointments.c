#include "daemon/desk/appointments.h"

#include "base/text.h"
#include "daemon/post/calendar.h"
#include "daemon/store/registration_store.h"

static bool has_place(const struct section *section)
{
    return str_equal(section->kind, "confirmed") || str_equal(section->kind, "reminder") ||
           ((str_equal(section->kind, "event_moved") || str_equal(section->kind, "event_off")) &&
            !section->waiting);
}

static bool gave_up_place(const struct section *section)
{
    return str_equal(section->kind, "cancelled") && !section->waiting;
}

static bool party_of(struct store *store, struct arena *arena, const struct section *section, size_t person,
                     int64_t *ret, struct error *err)
{
    const char *key = person_key(arena, &section->persons.at[person]);
    return registration_party(store, section->event->code, key, ret, err);
}

static bool is_among(struct arena *arena, const struct section *section, const char *key)
{
    bool found = false;
    for (size_t i = 0; i < section->persons.n && !found; i++) {
        found = str_equal(person_key(arena, &section->persons.at[i]), key);
    }
    return found;
}

/* Others of the party still come. */
static bool somebody_stays(struct store *store, struct arena *arena, const struct section *section,
                           int64_t party, bool *ret, struct error *err)
{
    struct registration_rows rows = {0};
    if (!registrations_of_party(store, arena, section->event->code, party, "confirmed", &rows, err)) {
        return false;
    }
    *ret = false;
    for (size_t i = 0; i < rows.row.n; i++) {
        *ret |= !is_among(arena, section, rows.row.at[i].person_key);
    }
    return true;
}

static bool find_withdrawn(struct store *store, struct arena *arena, const struct section *section,
                           struct appointments *ret, struct error *err)
{
    for (size_t i = 0; i < section->persons.n; i++) {
        int64_t party;
        bool known = false, stays = false;
        if (!party_of(store, arena, section, i, &party, err) ||
            !somebody_stays(store, arena, section, party, &stays, err)) {
            return false;
        }
        for (size_t k = 0; k < ret->of.n; k++) {
            known |= ret->of.at[k].section == section && ret->of.at[k].party == party;
        }
        if (party != 0 && !known && !stays) {
            *LIST_ADD(arena, &ret->of) = (struct appointment){section, party};
        }
    }
    return true;
}

bool appointments_find(struct store *store, struct arena *arena, const struct letter_plan *plan,
                       struct appointments *ret, struct error *err)
{
    bool first = true;
    for (size_t i = 0; i < plan->sections.n; i++) {
        const struct section *section = &plan->sections.at[i];
        if (has_place(section) && first) {
            struct appointment *one = LIST_ADD(arena, &ret->of);
            one->section = section;
            first = false;
            if (!party_of(store, arena, section, 0, &one->party, err)) {
                return false;
            }
        } else if (gave_up_place(section) && !find_withdrawn(store, arena, section, ret, err)) {
            return false;
        }
    }
    return true;
}

bool appointments_has(const struct appointments *appointments, const struct section *section)
{
    bool found = false;
    for (size_t i = 0; i < appointments->of.n; i++) {
        found |= appointments->of.at[i].section == section;
    }
    return found;
}

bool appointments_attach(const struct desk *desk, struct arena *arena,
                         const struct appointments *appointments, struct outgoing *mail, struct error *err)
{
    bool english = str_equal(mail->language, "en");
    for (size_t i = 0; i < appointments->of.n; i++) {
        const struct section *section = appointments->of.at[i].section;
        const struct event *event = section->event;
        bool given_up = gave_up_place(section), off = given_up || str_equal(section->kind, "event_off");
        struct calendar_entry entry = {
            .event = event->code,
            .party = appointments->of.at[i].party,
            .sequence = event->sequence + given_up, /* an event that is off has its own raised */
            .cancelled = off,
            .start = event->start,
            .end = event->end,
            .title = event->title,
            .place = event->place,
            .description =
                off ? ""
                : english
                    ? "Can't come? Please reply to our mail so that somebody else can have the place."
                    : "Doch verhindert? Bitte antworten Sie auf unsere Mail, dann bekommt jemand anderes den "
                      "Platz.",
            .organizer_name = desk->config->lab_name,
            .organizer_address = desk->config->lab_address,
            .now = mail->date,
        };
        struct outgoing_calendar *calendar = LIST_ADD(arena, &mail->calendars);
        calendar->method = calendar_method(&entry);
        if (!calendar_write(arena, &entry, &calendar->text, err)) {
            return false;
        }
    }
    return true;
}
