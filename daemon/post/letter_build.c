/* daemon/post/letter_build.c: the facts of the house as the JSON that letters want. */
#include "base/date.h"
#include "daemon/post/letters.h"

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

static json_t *missing_fields(unsigned bits)
{
    return json_pack("{sb sb sb sb sb}", "first_name", (bits & MISSING_FIRST_NAME) != 0, "last_name",
                     (bits & MISSING_LAST_NAME) != 0, "birth_date", (bits & MISSING_BIRTH_DATE) != 0,
                     "street", (bits & MISSING_STREET) != 0, "city", (bits & MISSING_CITY) != 0);
}

static json_t *person_json(const char *name, int number, unsigned missing)
{
    missing &= ~(unsigned)MISSING_EVENT;
    return json_pack("{ss* si sb so}", "name", name != NULL && name[0] != '\0' ? name : NULL, "number",
                     number, "incomplete", missing != 0, "missing", missing_fields(missing));
}

json_t *letter_persons(struct arena *arena, const struct person *persons, size_t n, unsigned missing)
{
    static const struct person nobody;
    json_t *list = json_array();
    missing &= ~(unsigned)MISSING_EVENT;
    for (size_t i = 0; i < (n == 0 && missing != 0 ? 1 : n); i++) {
        const struct person *person = n == 0 ? &nobody : &persons[i];
        const char *first = person->field[FIRST_NAME].value, *last = person->field[LAST_NAME].value;
        const char *name = first != NULL && last != NULL ? arena_printf(arena, "%s %s", first, last)
                           : first != NULL               ? first
                                                         : last;
        json_t *item = missing == 0 ? json_pack("{ss*}", "name", name)
                                    : person_json(name, (int)i + 1, person_missing(person) & missing);
        json_array_append_new(list, item);
    }
    return list;
}

/* A value that is not set is left out. */
static void set_if(json_t *object, const char *name, const char *value)
{
    if (value[0] != '\0') {
        json_object_set_new(object, name, json_string(value));
    }
}

json_t *letter_lab(const struct config *config, const char *language)
{
    bool english = is_english(language);
    json_t *lab = json_object();
    set_if(lab, "name", config->lab_name);
    set_if(lab, "street", config->lab_street);
    set_if(lab, "city", config->lab_city);
    set_if(lab, "phone", config->lab_phone);
    set_if(lab, "hours", english ? config->lab_hours_en : config->lab_hours);
    set_if(lab, "web", config->lab_web);
    bool in_english = english && config->privacy_text_en[0] != '\0';
    set_if(lab, "privacy_text", in_english ? config->privacy_text_en : config->privacy_text);
    set_if(lab, "privacy_url", config->privacy_url);
    return lab;
}
