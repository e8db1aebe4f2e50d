#include "daemon/post/calendar.h"

#include "base/utf8.h"
#include "daemon/post/calendar_parts.h"

#include <string.h>

static const int64_t YEAR_3000 = 32503680000; /* date_valid() ends there as well */

const char *calendar_method(const struct calendar_entry *entry)
{
    return entry->cancelled ? "CANCEL" : "PUBLISH";
}

char *calendar_text(struct arena *arena, const char *s)
{
    char *copy = utf8_repair(arena, s, strlen(s));
    for (char *c = copy; *c != '\0'; c++) {
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7f) {
            *c = ' ';
        }
    }
    return copy;
}

char *calendar_line(struct arena *arena, const char *s)
{
    char *copy = calendar_text(arena, s);
    for (char *c = copy; *c != '\0'; c++) {
        *c = *c == '\n' ? ' ' : *c == '"' ? '\'' : *c;
    }
    return copy;
}

struct icaltimetype calendar_utc(int64_t unix_seconds)
{
    return icaltime_from_timet_with_zone((time_t)unix_seconds, 0, icaltimezone_get_utc_timezone());
}

char *calendar_finish(struct arena *arena, icalcomponent *calendar)
{
    char *text = icalcomponent_as_ical_string_r(calendar);
    char *copy = arena_strdup(arena, text);
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return copy;
}

static const char *uid(struct arena *arena, const struct calendar_entry *entry)
{
    const char *at = strchr(entry->organizer_address, '@');
    return calendar_line(
        arena, arena_printf(arena, "%s-%lld%s", entry->event, (long long)entry->party, at != NULL ? at : ""));
}

static icalcomponent *event_component(struct arena *arena, const struct calendar_entry *entry)
{
    icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    icalcomponent_add_property(event, icalproperty_new_uid(uid(arena, entry)));
    icalcomponent_add_property(event, icalproperty_new_sequence(entry->sequence));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(calendar_utc(entry->now)));
    icalcomponent_add_property(event, icalproperty_new_dtstart(calendar_utc(entry->start)));
    if (entry->end > entry->start) {
        icalcomponent_add_property(event, icalproperty_new_dtend(calendar_utc(entry->end)));
    }
    icalcomponent_add_property(event, icalproperty_new_summary(calendar_text(arena, entry->title)));
    icalcomponent_add_property(event, icalproperty_new_location(calendar_text(arena, entry->place)));
    icalcomponent_add_property(event, icalproperty_new_description(calendar_text(arena, entry->description)));
    icalcomponent_add_property(
        event, icalproperty_new_status(entry->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
    icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_OPAQUE));
    const char *mailto = arena_printf(arena, "mailto:%s", calendar_line(arena, entry->organizer_address));
    icalproperty *organizer = icalproperty_new_organizer(mailto);
    icalproperty_add_parameter(organizer, icalparameter_new_cn(calendar_line(arena, entry->organizer_name)));
    icalcomponent_add_property(event, organizer);
    return event;
}

bool calendar_write(struct arena *arena, const struct calendar_entry *entry, const char **ret,
                    struct error *err)
{
    if (entry->title[0] == '\0' || entry->event[0] == '\0') {
        return fail(err, "a calendar entry needs an event with a title");
    }
    if (entry->start <= 0 || entry->start > YEAR_3000 || entry->end > YEAR_3000 || entry->now < 0 ||
        entry->now > YEAR_3000) {
        return fail(err, "a calendar entry has times between 1970 and 2999");
    }
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(calendar, icalproperty_new_prodid(CALENDAR_PRODID));
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(
        calendar, icalproperty_new_method(entry->cancelled ? ICAL_METHOD_CANCEL : ICAL_METHOD_PUBLISH));
    icalcomponent_add_component(calendar, event_component(arena, entry));
    *ret = calendar_finish(arena, calendar);
    return true;
}
