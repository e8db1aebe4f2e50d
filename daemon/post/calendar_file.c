#include "daemon/post/calendar_file.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/post/calendar_parts.h"

#include <stdio.h>

enum { PROBLEMS_TOLD = 20, ENTRIES_MOST = 5000, NESTING_MOST = 4, SERIES_MOST = 100 };

static const char code_property[] = "X-STADTLABOR-CODE";

bool calendar_is_file(const char *bytes, size_t len)
{
    static const char begin[] = "BEGIN:VCALENDAR";
    size_t at = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < len && strchr(" \t\r\n", bytes[at]) != NULL) {
        at++;
    }
    return len - at >= sizeof begin - 1 && str_starts_nocase(bytes + at, begin);
}

/* What is being read. */
struct reading_calendar {
    struct arena *arena;
    struct programme programme;
    struct text problems;
    int number, wrong; /* of the entry; problems so far */
    bool all_cancelled, states;
};

static void problem(struct reading_calendar *r, const struct event *event, const char *property,
                    const char *what)
{
    if (r->wrong++ < PROBLEMS_TOLD) {
        text_printf(&r->problems, "Termin %d%s%s%s, Angabe %s: %s\n", r->number,
                    event->title == NULL ? "" : " („", event->title == NULL ? "" : event->title,
                    event->title == NULL ? "" : "“)", property, what);
    }
}

/* One line, valid UTF-8; NULL when the entry does not have it. */
static const char *words(struct arena *arena, icalcomponent *entry, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(entry, kind);
    icalvalue *value = property == NULL ? NULL : icalproperty_get_value(property);
    const char *s = value == NULL ? NULL : icalvalue_get_text(value);
    return s == NULL ? NULL : str_trim(arena, calendar_line(arena, s));
}

static const char *categories(struct arena *arena, icalcomponent *entry)
{
    struct text all = text_new(arena, EVENT_WORDS_MAX);
    icalproperty *p = icalcomponent_get_first_property(entry, ICAL_CATEGORIES_PROPERTY);
    bool given = p != NULL;
    for (; p != NULL; p = icalcomponent_get_next_property(entry, ICAL_CATEGORIES_PROPERTY)) {
        const char *s = icalproperty_get_categories(p);
        text_printf(&all, "%s%s", all.len > 0 ? ", " : "", s == NULL ? "" : calendar_line(arena, s));
    }
    return given ? all.s : NULL;
}

/* Ours; other X- properties have other names. */
static const char *code_of(struct arena *arena, icalcomponent *entry)
{
    icalproperty *p = icalcomponent_get_first_property(entry, ICAL_X_PROPERTY);
    for (; p != NULL; p = icalcomponent_get_next_property(entry, ICAL_X_PROPERTY)) {
        const char *name = icalproperty_get_x_name(p), *value = icalproperty_get_x(p);
        if (name != NULL && value != NULL && str_equal_nocase(name, code_property)) {
            return arena_strdup(arena, value);
        }
    }
    return NULL;
}

/* Seconds since 1970; a time without a zone is the lab's. */
static int64_t unix_time(struct icaltimetype t)
{
    if (icaltime_is_utc(t) || t.zone != NULL) {
        return icaltime_as_timet_with_zone(t, t.zone);
    }
    return berlin_to_unix((struct date){t.year, t.month, t.day}, t.hour, t.minute);
}

static bool usable(struct icaltimetype t)
{
    struct date day = {t.year, t.month, t.day};
    return !icaltime_is_null_time(t) && icaltime_is_valid_time(t) && !t.is_date && date_valid(day) &&
           t.year >= 1971;
}

static void read_times(struct reading_calendar *r, icalcomponent *entry, struct event *event)
{
    struct icaltimetype start = icalcomponent_get_dtstart(entry), end = icalcomponent_get_dtend(entry);
    if (!usable(start)) {
        problem(r, event, "DTSTART",
                "fehlt oder hat keine Uhrzeit; richtig wäre ein Termin mit Beginn und Ende, nicht ganztägig");
        return;
    }
    event->start = event->end = unix_time(start);
    if (!icaltime_is_null_time(end)) {
        event->end = usable(end) ? unix_time(end) : -1;
    }
    if (event->end < event->start) {
        problem(r, event, "DTEND", "liegt vor dem Beginn oder ist kein Zeitpunkt");
    }
    berlin_from_unix(event->start, &event->day, NULL, NULL);
}

/* One date of a series keeps its name when it is moved: the UID and the time it had by the rule. */
static const char *uid_of_date(struct arena *arena, const char *uid, int64_t by_rule)
{
    char when[32];
    struct icaltimetype t = calendar_utc(by_rule);
    (void)snprintf(when, sizeof when, "%04d%02d%02dT%02d%02d%02dZ", t.year, t.month, t.day, t.hour, t.minute,
                   t.second);
    return arena_printf(arena, "%s/%s", uid, when);
}

/* A date that was changed alone takes the place of the one that the rule of the series gives. */
static void add_date(struct reading_calendar *r, const struct event *event, bool changed)
{
    for (size_t i = 0; i < r->programme.events.n; i++) {
        struct event *there = &r->programme.events.at[i];
        if (str_equal(there->uid, event->uid)) {
            *there = changed ? *event : *there;
            return;
        }
    }
    *LIST_ADD(r->arena, &r->programme.events) = *event;
}

static void read_series(struct reading_calendar *r, icalcomponent *entry, icalproperty *rule,
                        const struct event *first)
{
    struct icaltimetype start = icalcomponent_get_dtstart(entry);
    if (first->uid == NULL || first->start == 0 ||
        icalcomponent_get_first_property(entry, ICAL_RDATE_PROPERTY) != NULL) {
        problem(r, first, "RRULE", "diese Serie ist nicht zu verstehen; richtig wären einzelne Termine");
        return;
    }
    icalrecur_iterator *dates = icalrecur_iterator_new(icalproperty_get_rrule(rule), start);
    int n = 0;
    struct icaltimetype t = dates == NULL ? icaltime_null_time() : icalrecur_iterator_next(dates);
    for (; !icaltime_is_null_time(t) && n < SERIES_MOST; n++, t = icalrecur_iterator_next(dates)) {
        struct event event = *first;
        if (icalproperty_recurrence_is_excluded(entry, &start, &t)) {
            continue;
        }
        event.start = unix_time(t);
        event.end = event.start + (first->end - first->start);
        berlin_from_unix(event.start, &event.day, NULL, NULL);
        event.uid = uid_of_date(r->arena, first->uid, event.start);
        event.code = NULL;
        add_date(r, &event, false);
    }
    if (n == 0 || n == SERIES_MOST) {
        problem(r, first, "RRULE",
                "eine Serie ohne Ende oder mit zu vielen Terminen; richtig wären höchstens 99");
    }
    if (dates != NULL) {
        icalrecur_iterator_free(dates);
    }
}

static void read_entry(struct reading_calendar *r, icalcomponent *entry)
{
    struct event event = {.min_age = -1, .max_age = -1, .topic = ""};
    r->number++;
    event.title = words(r->arena, entry, ICAL_SUMMARY_PROPERTY);
    event.place = words(r->arena, entry, ICAL_LOCATION_PROPERTY);
    event.contact = words(r->arena, entry, ICAL_CONTACT_PROPERTY);
    event.keywords = categories(r->arena, entry);
    event.code = code_of(r->arena, entry);
    event.uid = words(r->arena, entry, ICAL_UID_PROPERTY);
    icalproperty_status status = icalcomponent_get_status(entry);
    event.cancelled = r->all_cancelled || status == ICAL_STATUS_CANCELLED;
    r->states = r->states || r->all_cancelled ||
                icalcomponent_get_first_property(entry, ICAL_STATUS_PROPERTY) != NULL;
    if (event.title == NULL || event.title[0] == '\0') {
        problem(r, &event, "SUMMARY", "fehlt; richtig wäre der Titel der Veranstaltung");
    }
    read_times(r, entry, &event);
    icalproperty *rule = icalcomponent_get_first_property(entry, ICAL_RRULE_PROPERTY);
    icalproperty *of_series = icalcomponent_get_first_property(entry, ICAL_RECURRENCEID_PROPERTY);
    if (rule != NULL) {
        read_series(r, entry, rule, &event);
    } else if (of_series != NULL && event.uid != NULL) {
        struct icaltimetype by_rule = icalproperty_get_datetime_with_component(of_series, entry);
        event.uid = uid_of_date(r->arena, event.uid, unix_time(by_rule));
        add_date(r, &event, true);
    } else {
        *LIST_ADD(r->arena, &r->programme.events) = event;
    }
}

/* Entries stand in calendars, several of which may stand in one file. */
static void read_component(struct reading_calendar *r, icalcomponent *component, int depth)
{
    if (icalcomponent_isa(component) == ICAL_VCALENDAR_COMPONENT) {
        r->all_cancelled = icalcomponent_get_method(component) == ICAL_METHOD_CANCEL;
    }
    icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; inner != NULL; inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
        if (icalcomponent_isa(inner) == ICAL_VEVENT_COMPONENT) {
            read_entry(r, inner);
        } else if (icalcomponent_isa(inner) == ICAL_VCALENDAR_COMPONENT && depth < NESTING_MOST) {
            read_component(r, inner, depth + 1);
        }
    }
}

bool calendar_file_read(struct arena *arena, const char *bytes, size_t len, struct programme *ret,
                        const char **ret_problems, struct error *err)
{
    static const unsigned said = EVENT_COLUMN_BIT(COLUMN_TITLE) | EVENT_COLUMN_BIT(COLUMN_START) |
                                 EVENT_COLUMN_BIT(COLUMN_END) | EVENT_COLUMN_BIT(COLUMN_PLACE) |
                                 EVENT_COLUMN_BIT(COLUMN_KEYWORDS) | EVENT_COLUMN_BIT(COLUMN_CONTACT);
    struct reading_calendar r = {.arena = arena, .problems = text_new(arena, 64 * 1024)};
    size_t bom = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    *ret_problems = "";
    icalcomponent *root = icalparser_parse_string(utf8_repair(arena, bytes + bom, len - bom));
    if (root == NULL) {
        return fail(err, "Die Datei ist kein lesbarer Kalender (.ics)");
    }
    read_component(&r, root, 0);
    icalcomponent_free(root);
    if (r.number == 0 || r.number > ENTRIES_MOST) {
        return fail(err, "Der Kalender hat %d Termine; richtig wären 1 bis %d", r.number, ENTRIES_MOST);
    }
    if (r.wrong > 0) {
        *ret_problems = r.problems.s;
        return fail(err, "Der Kalender hat %d Fehler; nichts wurde übernommen", r.wrong);
    }
    r.programme.columns = said | (r.states ? EVENT_COLUMN_BIT(COLUMN_CANCELLED) : 0);
    programme_sort(&r.programme);
    *ret = r.programme;
    return true;
}

static void add_words(struct arena *arena, icalcomponent *entry, icalproperty *(*make)(const char *),
                      const char *s)
{
    if (s != NULL && s[0] != '\0') {
        icalcomponent_add_property(entry, make(calendar_text(arena, s)));
    }
}

static icalcomponent *entry_of(struct arena *arena, const struct event *event, const char *domain,
                               int64_t now)
{
    icalcomponent *entry = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    bool foreign = event->uid != NULL && event->uid[0] != '\0';
    const char *uid = foreign ? event->uid : arena_printf(arena, "%s%s", event->code, domain);
    icalcomponent_add_property(entry, icalproperty_new_uid(calendar_line(arena, uid)));
    icalcomponent_add_property(entry, icalproperty_new_sequence(event->sequence));
    icalcomponent_add_property(entry, icalproperty_new_dtstamp(calendar_utc(now)));
    icalcomponent_add_property(entry, icalproperty_new_dtstart(calendar_utc(event->start)));
    if (event->end > event->start) {
        icalcomponent_add_property(entry, icalproperty_new_dtend(calendar_utc(event->end)));
    }
    add_words(arena, entry, icalproperty_new_summary, event->title);
    add_words(arena, entry, icalproperty_new_location, event->place);
    add_words(arena, entry, icalproperty_new_categories, event->keywords);
    add_words(arena, entry, icalproperty_new_contact, event->contact);
    icalcomponent_add_property(
        entry, icalproperty_new_status(event->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
    icalproperty *code = icalproperty_new_x(event->code);
    icalproperty_set_x_name(code, code_property);
    icalcomponent_add_property(entry, code);
    return entry;
}

bool calendar_file_write(struct arena *arena, const struct programme *programme, const char *name,
                         const char *address, int64_t now, const char **ret, struct error *err)
{
    const char *domain = strchr(address, '@');
    if (domain == NULL) {
        return fail(err, "a calendar file needs the lab's address");
    }
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(calendar, icalproperty_new_prodid(CALENDAR_PRODID));
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    icalproperty *title = icalproperty_new_x(calendar_line(arena, name));
    icalproperty_set_x_name(title, "X-WR-CALNAME");
    icalcomponent_add_property(calendar, title);
    for (size_t i = 0; i < programme->events.n; i++) {
        icalcomponent_add_component(calendar, entry_of(arena, &programme->events.at[i], domain, now));
    }
    *ret = calendar_finish(arena, calendar);
    return true;
}
