/* daemon/post/letter_build.c: the facts of the house as the JSON that letters want. */
#include "base/date.h"
#include "daemon/post/letters.h"
#include "parsers/reading.h"

#include <string.h>

static bool is_english(const char *language)
{
    return language != NULL && strcmp(language, "en") == 0;
}

/* "17", "17.30" / "5 pm", "5.30 pm"; noon is 12 noon, as nobody reads "12 pm" with certainty. */
static const char *hour_words(struct arena *arena, int hour, int minute, bool english)
{
    const char *minutes = minute == 0 ? "" : arena_printf(arena, ".%02d", minute);
    if (!english) {
        return arena_printf(arena, "%d%s", hour, minutes);
    }
    if (minute == 0 && hour % 12 == 0) {
        return hour == 0 ? "midnight" : "12 noon";
    }
    return arena_printf(arena, "%d%s %s", hour % 12 == 0 ? 12 : hour % 12, minutes, hour < 12 ? "am" : "pm");
}

char *letter_when(struct arena *arena, int64_t start, int64_t end, const char *language)
{
    bool english = is_english(language);
    struct date from_day, to_day;
    int from_hour, from_minute, to_hour, to_minute;
    berlin_from_unix(start, &from_day, &from_hour, &from_minute);
    berlin_from_unix(end, &to_day, &to_hour, &to_minute);
    const char *day = date_in_words(arena, from_day, language);
    const char *from = hour_words(arena, from_hour, from_minute, english);
    const char *to = hour_words(arena, to_hour, to_minute, english);
    const char *clock = english ? "" : " Uhr";
    if (end <= start) {
        return arena_printf(arena, "%s, %s%s", day, from, clock);
    }
    if (date_compare(from_day, to_day) == 0) {
        return arena_printf(arena, "%s, %s %s %s%s", day, from, english ? "to" : "bis", to, clock);
    }
    return arena_printf(arena, "%s, %s%s %s %s, %s%s", day, from, clock, english ? "to" : "bis",
                        date_in_words(arena, to_day, language), to, clock);
}

json_t *letter_event(struct arena *arena, const struct event *event, const char *language)
{
    return json_pack("{ss ss ss}", "title", event->title, "when",
                     letter_when(arena, event->start, event->end, language), "place", event->place);
}

json_t *letter_events(struct arena *arena, const struct event *const *events, size_t n, const char *language)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *event = letter_event(arena, events[i], language);
        json_object_set_new(event, "number", json_integer((json_int_t)i + 1));
        json_array_append_new(list, event);
    }
    return list;
}

json_t *letter_person(const char *name, int number, unsigned missing)
{
    json_t *fields =
        json_pack("{sb sb sb sb sb}", "first_name", (missing & MISSING_FIRST_NAME) != 0, "last_name",
                  (missing & MISSING_LAST_NAME) != 0, "birth_date", (missing & MISSING_BIRTH_DATE) != 0,
                  "street", (missing & MISSING_STREET) != 0, "city", (missing & MISSING_CITY) != 0);
    const unsigned of_persons = ~(unsigned)MISSING_EVENT;
    return json_pack("{ss? si sb so}", "name", name != NULL && name[0] != '\0' ? name : NULL, "number",
                     number, "incomplete", (missing & of_persons) != 0, "missing", fields);
}

json_t *letter_lab(const struct letter_lab *lab)
{
    return json_pack("{ss ss ss ss ss ss?}", "name", lab->name, "street", lab->street, "city", lab->city,
                     "phone", lab->phone, "hours", lab->hours, "privacy", lab->privacy);
}
