#include "parsers/reading/expected.h"

#include "base/text.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>

/* The questions that yes or no answers. */
static const struct {
    const char *name;
    size_t offset;
} flags[] = {{"newsletter", offsetof(struct expected, confirm_newsletter)},
             {"keep_newsletter", offsetof(struct expected, keep_newsletter)},
             {"only_newsletter", offsetof(struct expected, only_newsletter)},
             {"which_cancel", offsetof(struct expected, confirm_which_cancel)},
             {"confirm_persons", offsetof(struct expected, confirm_persons)},
             {"place_given", offsetof(struct expected, place_given)}};
enum { FLAGS = sizeof flags / sizeof *flags };

static void put_persons(json_t *all, const struct expected *expected)
{
    json_t *persons = json_array();
    for (size_t i = 0; i < expected->persons.n; i++) {
        json_t *person = json_object();
        for (int f = 0; f < PERSON_FIELDS; f++) {
            const char *value = expected->persons.at[i].field[f].value;
            if (value != NULL) {
                json_object_set_new(person, person_field_name(f), json_string(value));
            }
        }
        json_array_append_new(persons, person);
    }
    json_object_set_new(all, "persons", persons);
}

char *expected_json(struct arena *arena, const struct expected *expected)
{
    json_t *all = json_object();
    json_t *missing = json_array();
    for (unsigned bit = 1; bit <= MISSING_EVENT; bit <<= 1) {
        if (expected->missing & bit) {
            json_array_append_new(missing, json_string(missing_name(bit)));
        }
    }
    json_object_set_new(all, "missing", missing);
    put_persons(all, expected);
    json_t *offered = json_array();
    for (size_t i = 0; i < expected->offered.n; i++) {
        json_array_append_new(offered, json_string(expected->offered.at[i]));
    }
    json_object_set_new(all, "offered", offered);
    if (expected->event != NULL) {
        json_object_set_new(all, "event", json_string(expected->event));
    }
    for (size_t i = 0; i < FLAGS; i++) {
        if (*(const bool *)((const char *)expected + flags[i].offset)) {
            json_object_set_new(all, flags[i].name, json_true());
        }
    }
    char *dumped = json_dumps(all, JSON_COMPACT);
    char *copy = arena_strdup(arena, dumped);
    free(dumped);
    json_decref(all);
    return copy;
}

static bool get_missing(const json_t *names, unsigned *ret, struct error *err)
{
    unsigned missing = 0;
    size_t i;
    json_t *name;
    json_array_foreach(names, i, name)
    {
        unsigned bit = 1;
        while (bit <= MISSING_EVENT && !str_equal(missing_name(bit), json_string_value(name))) {
            bit <<= 1;
        }
        if (bit > MISSING_EVENT) {
            return fail(err, "missing[%zu]: none of first_name last_name birth_date street city event", i);
        }
        missing |= bit;
    }
    *ret = missing;
    return true;
}

static bool get_persons(struct arena *arena, const json_t *persons, struct expected *ret, struct error *err)
{
    if (json_array_size(persons) > PERSONS_MAX) {
        return fail(err, "persons: more than %d", PERSONS_MAX);
    }
    size_t i;
    json_t *given;
    json_array_foreach(persons, i, given)
    {
        struct person *person = LIST_ADD(arena, &ret->persons);
        for (int f = 0; f < PERSON_FIELDS; f++) {
            const char *value = json_string_value(json_object_get(given, person_field_name(f)));
            if (value != NULL) {
                person->field[f].value = arena_strdup(arena, value);
                person->field[f].evidence =
                    (struct evidence){.words = person->field[f].value, .source = "known"};
            }
        }
    }
    return true;
}

static bool is_member(const char *name)
{
    static const char *const others[] = {"missing", "persons", "offered", "event"};
    bool known = false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        known |= str_equal(name, others[i]);
    }
    for (size_t i = 0; i < FLAGS; i++) {
        known |= str_equal(name, flags[i].name);
    }
    return known;
}

bool expected_parse(struct arena *arena, const char *json, struct expected *ret, struct error *err)
{
    struct expected expected = {0};
    bool done = false;
    json_error_t why;
    json_t *all = json_loads(json, 0, &why);
    if (!json_is_object(all)) {
        fail(err, "expected: %s", all == NULL ? why.text : "not a JSON object");
        goto cleanup;
    }
    const char *name;
    json_t *value;
    json_object_foreach(all, name, value)
    {
        if (!is_member(name)) {
            fail(err, "expected: unknown name \"%.40s\"", name);
            goto cleanup;
        }
    }
    if (!get_missing(json_object_get(all, "missing"), &expected.missing, err) ||
        !get_persons(arena, json_object_get(all, "persons"), &expected, err)) {
        goto cleanup;
    }
    size_t i;
    json_array_foreach(json_object_get(all, "offered"), i, value)
    {
        if (json_is_string(value)) {
            *LIST_ADD(arena, &expected.offered) = arena_strdup(arena, json_string_value(value));
        }
    }
    expected.event = arena_strdup(arena, json_string_value(json_object_get(all, "event")));
    for (i = 0; i < FLAGS; i++) {
        *(bool *)((char *)&expected + flags[i].offset) = json_is_true(json_object_get(all, flags[i].name));
    }
    *ret = expected;
    done = true;
cleanup:
    json_decref(all);
    return done;
}
