#include "daemon/staff/replay.h"

#include "base/text.h"

#include <string.h>

static bool is(const json_t *object, const char *key, const char *value)
{
    const char *found = json_string_value(json_object_get(object, key));
    return found != NULL && strcmp(found, value) == 0;
}

static json_t *copy_of(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return value == NULL ? json_null() : json_incref(value);
}

/* Names and dates without where they stood. */
static json_t *persons_of(const json_t *persons)
{
    json_t *all = json_array();
    size_t i;
    json_t *person;
    json_array_foreach((json_t *)persons, i, person)
    {
        json_t *bare = json_copy(person);
        json_object_del(bare, "evidence");
        json_array_append_new(all, bare);
    }
    return all;
}

json_t *replay_essence(const char *json)
{
    json_t *reading = json_loads(json, 0, NULL);
    if (!json_is_object(reading)) {
        json_decref(reading);
        return NULL;
    }
    json_t *intents = json_array(), *intent;
    size_t i;
    json_array_foreach(json_object_get(reading, "intents"), i, intent)
    {
        json_array_append_new(intents,
                              json_pack("{so so so so so}", "kind", copy_of(intent, "kind"), "event",
                                        copy_of(intent, "event"), "missing", copy_of(intent, "missing"),
                                        "persons", persons_of(json_object_get(intent, "persons")), "address",
                                        copy_of(intent, "address")));
    }
    json_t *essence = json_pack("{so so so}", "auto", copy_of(reading, "auto"), "staff",
                                copy_of(reading, "staff"), "intents", intents);
    json_decref(reading);
    return essence;
}

static const char *kind_words(const char *kind)
{
    static const char *const words[][2] = {
        {"register", "Anmeldung"},
        {"cancel", "Absage"},
        {"subscribe", "Newsletter bestellen"},
        {"unsubscribe", "Newsletter abbestellen"},
        {"question", "Frage oder Anliegen"},
        {"privacy", "Datenschutz"},
        {"bounce", "Zustellbericht"},
        {"auto_reply", "automatische Antwort"},
        {"bulk", "Rundmail oder Werbung"},
        {"confirm", "Bestätigung"},
        {"answer", "Antwort auf eine Rückfrage"},
        {"decline", "Verzicht"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(kind, words[i][0])) {
            return words[i][1];
        }
    }
    return kind == NULL ? "?" : kind;
}

static void add_intent(struct text *out, const json_t *intent)
{
    const char *event = json_string_value(json_object_get(intent, "event"));
    const char *address = json_string_value(json_object_get(intent, "address"));
    size_t i;
    json_t *person;
    text_printf(out, "%s%s%s", kind_words(json_string_value(json_object_get(intent, "kind"))),
                event != NULL ? " " : "", event != NULL ? event : "");
    json_array_foreach(json_object_get(intent, "persons"), i, person)
    {
        const char *first = json_string_value(json_object_get(person, "first_name"));
        const char *last = json_string_value(json_object_get(person, "last_name"));
        text_printf(out, "%s%s %s", i == 0 ? ": " : ", ", first != NULL ? first : "–",
                    last != NULL ? last : "–");
    }
    text_printf(out, "%s%s", address != NULL ? " " : "", address != NULL ? address : "");
    if (json_array_size(json_object_get(intent, "missing")) > 0) {
        text_add(out, " (unvollständig)");
    }
}

const char *replay_words(struct arena *arena, const json_t *essence)
{
    struct text out = text_new(arena, 16 * 1024);
    bool none = is(essence, "auto", "none"), staff = json_is_true(json_object_get(essence, "staff"));
    size_t i;
    json_t *intent;
    text_add(&out, is(essence, "auto", "ask") ? "nachfragen: " : none && staff ? "an einen Menschen: " : "");
    json_array_foreach(json_object_get(essence, "intents"), i, intent)
    {
        text_add(&out, i == 0 ? "" : "; ");
        add_intent(&out, intent);
    }
    text_add(&out, staff && !none ? "; dazu ein Mensch" : "");
    return out.s;
}

/* What is left for a person does not belong to what a person chose to have done. */
static json_t *deeds(const json_t *essence)
{
    json_t *all = json_array(), *intent;
    size_t i;
    json_array_foreach(json_object_get(essence, "intents"), i, intent)
    {
        if (!is(intent, "kind", "question") && !is(intent, "kind", "privacy")) {
            json_array_append(all, intent);
        }
    }
    return all;
}

static bool same_deeds(const json_t *one, const json_t *other)
{
    json_t *left = deeds(one), *right = deeds(other);
    bool same = json_equal(left, right) != 0;
    json_decref(left);
    json_decref(right);
    return same;
}

static bool from_robots(const json_t *essence)
{
    const json_t *intents = json_object_get(essence, "intents");
    bool all = json_array_size(intents) > 0;
    for (size_t i = 0; i < json_array_size(intents); i++) {
        const json_t *intent = json_array_get(intents, i);
        all = all && (is(intent, "kind", "bulk") || is(intent, "kind", "auto_reply") ||
                      is(intent, "kind", "bounce"));
    }
    return all;
}

enum replay_verdict replay_judge(const json_t *essence, const char *outcome, const char *chosen)
{
    bool accepted = str_equal(outcome, "accepted"), asked = str_equal(outcome, "asked");
    bool agrees;
    if (accepted || asked) {
        json_t *wanted = replay_essence(chosen);
        agrees =
            wanted != NULL && is(essence, "auto", accepted ? "act" : "ask") && same_deeds(essence, wanted);
        json_decref(wanted);
    } else if (str_equal(outcome, "spam")) {
        agrees = from_robots(essence);
    } else if (str_equal(outcome, "replied") || str_equal(outcome, "answered") ||
               str_equal(outcome, "done") || str_equal(outcome, "moved")) {
        agrees = json_is_true(json_object_get(essence, "staff"));
    } else {
        return REPLAY_NO_CHOICE;
    }
    return agrees ? REPLAY_AGREES : REPLAY_DISAGREES;
}
