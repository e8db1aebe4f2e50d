/* parsers/reading/reading_json.c: a reading as one line of JSON, and the names of its parts. */
#include "parsers/reading/reading.h"

#include <jansson.h>
#include <stdlib.h>

const char *intent_name(enum intent_kind kind)
{
    static const char *const names[INTENT_KINDS] = {
        [INTENT_REGISTER] = "register",   [INTENT_CANCEL] = "cancel",
        [INTENT_SUBSCRIBE] = "subscribe", [INTENT_UNSUBSCRIBE] = "unsubscribe",
        [INTENT_QUESTION] = "question",   [INTENT_PRIVACY] = "privacy",
        [INTENT_BOUNCE] = "bounce",       [INTENT_AUTO_REPLY] = "auto_reply",
        [INTENT_BULK] = "bulk",           [INTENT_CONFIRM] = "confirm",
        [INTENT_ANSWER] = "answer",       [INTENT_DECLINE] = "decline",
    };
    return names[kind];
}

const char *reading_auto_name(enum reading_auto automatic)
{
    static const char *const names[] = {"act", "ask", "none"};
    return names[automatic];
}

const char *missing_name(enum missing one_bit)
{
    switch (one_bit) {
    case MISSING_FIRST_NAME:
        return "first_name";
    case MISSING_LAST_NAME:
        return "last_name";
    case MISSING_BIRTH_DATE:
        return "birth_date";
    case MISSING_STREET:
        return "street";
    case MISSING_CITY:
        return "city";
    case MISSING_EVENT:
        return "event";
    }
    return "";
}

static json_t *text_or_null(const char *s)
{
    return s == NULL ? json_null() : json_string(s);
}

static json_t *evidence_json(const struct evidence *evidence)
{
    json_t *all = json_object();
    json_object_set_new(all, "words", text_or_null(evidence->words));
    json_object_set_new(all, "source", text_or_null(evidence->source));
    json_object_set_new(all, "at", json_integer((json_int_t)evidence->at));
    json_object_set_new(all, "len", json_integer((json_int_t)evidence->len));
    json_object_set_new(all, "pattern", text_or_null(evidence->pattern));
    json_object_set_new(all, "where", text_or_null(evidence->where));
    return all;
}

static json_t *person_json(const struct person *person, bool whole)
{
    json_t *all = json_object(), *evidence = json_object();
    for (int f = 0; f < PERSON_FIELDS; f++) {
        json_object_set_new(all, person_field_name(f), text_or_null(person->field[f].value));
        if (person->field[f].value != NULL) {
            json_object_set_new(evidence, person_field_name(f), evidence_json(&person->field[f].evidence));
        }
    }
    if (whole) {
        json_object_set(all, "evidence", evidence);
    }
    json_decref(evidence);
    return all;
}

static void put_registration(json_t *all, const struct intent *intent, bool whole)
{
    json_t *missing = json_array(), *persons = json_array();
    for (unsigned bit = 1; bit <= MISSING_EVENT; bit <<= 1) {
        if (intent->missing & bit) {
            json_array_append_new(missing, json_string(missing_name(bit)));
        }
    }
    for (size_t i = 0; i < intent->persons.n; i++) {
        json_array_append_new(persons, person_json(&intent->persons.at[i], whole));
    }
    json_object_set_new(all, "missing", missing);
    json_object_set_new(all, "persons", persons);
}

static void put_bounce(json_t *all, const struct intent *intent, bool whole)
{
    json_object_set_new(all, "recipient", text_or_null(intent->recipient));
    json_object_set_new(all, "severity", json_string(intent->severity == SEVERITY_HARD ? "hard" : "soft"));
    if (whole) {
        json_object_set_new(all, "status", text_or_null(intent->status));
        json_object_set_new(all, "diagnostic", text_or_null(intent->diagnostic));
        json_object_set_new(all, "returned_message_id", text_or_null(intent->returned_message_id));
        json_object_set_new(all, "delayed", json_boolean(intent->delayed));
        json_object_set_new(all, "complaint", json_boolean(intent->complaint));
    }
}

static json_t *intent_json(const struct intent *intent, bool whole)
{
    json_t *all = json_object();
    bool registers = intent->kind == INTENT_REGISTER || intent->kind == INTENT_ANSWER;
    json_object_set_new(all, "kind", json_string(intent_name(intent->kind)));
    if (registers || intent->kind == INTENT_CANCEL) {
        json_object_set_new(all, "event", text_or_null(intent->event));
    }
    if (registers) {
        put_registration(all, intent, whole);
    }
    if (whole && intent->kind == INTENT_CANCEL) {
        json_object_set_new(all, "all_events", json_boolean(intent->all_events));
        json_object_set_new(all, "all_people", json_boolean(intent->all_people));
    }
    if (intent->address != NULL) {
        json_object_set_new(all, "address", json_string(intent->address));
    }
    if (intent->kind == INTENT_BOUNCE) {
        put_bounce(all, intent, whole);
    }
    if (whole) {
        json_t *candidates = json_array();
        for (size_t i = 0; i < intent->candidates.n; i++) {
            json_array_append_new(candidates, json_string(intent->candidates.at[i]));
        }
        json_object_set_new(all, "candidates", candidates);
        json_object_set_new(all, "evidence", evidence_json(&intent->evidence));
        json_object_set_new(all, "event_evidence", evidence_json(&intent->event_evidence));
    }
    return all;
}

static json_t *beside_json(const struct reading *reading)
{
    json_t *all = json_array();
    for (size_t i = 0; i < reading->beside.n; i++) {
        const struct beside *beside = &reading->beside.at[i];
        json_t *one = json_object(), *signs = json_array();
        for (size_t s = 0; s < beside->signs.n; s++) {
            json_array_append_new(signs, json_string(beside->signs.at[s]));
        }
        json_object_set_new(one, "words", text_or_null(beside->evidence.words));
        json_object_set_new(one, "signs", signs);
        json_object_set_new(one, "person", json_integer(beside->person));
        json_object_set_new(one, "stop", json_integer(beside->stop));
        json_array_append_new(all, one);
    }
    return all;
}

static void put_whole(json_t *all, const struct reading *reading)
{
    json_t *reasons = json_array();
    for (size_t i = 0; i < reading->reasons.n; i++) {
        const struct reason *reason = &reading->reasons.at[i];
        json_t *one = json_object();
        json_object_set_new(one, "points", json_integer(reason->points));
        json_object_set_new(one, "code", text_or_null(reason->code));
        json_object_set_new(one, "what", text_or_null(reason->what));
        json_array_append_new(reasons, one);
    }
    json_object_set_new(all, "language", text_or_null(reading->language));
    json_object_set_new(all, "confidence", json_integer(reading->confidence));
    json_object_set_new(all, "reasons", reasons);
    json_object_set_new(all, "why_staff", text_or_null(reading->why_staff));
    json_object_set_new(all, "beside", beside_json(reading));
    json_object_set_new(all, "subject", text_or_null(reading->subject));
    json_object_set_new(all, "weighs_register", json_integer(reading->weighs_register));
    json_object_set_new(all, "weighs_cancel", json_integer(reading->weighs_cancel));
    json_object_set_new(all, "own_words", text_or_null(reading->own.text));
}

char *reading_json(struct arena *arena, const struct reading *reading, const char *file, bool whole)
{
    json_t *all = json_object(), *intents = json_array();
    if (file != NULL) {
        json_object_set_new(all, "file", json_string(file));
    }
    json_object_set_new(all, "auto", json_string(reading_auto_name(reading->automatic)));
    json_object_set_new(all, "staff", json_boolean(reading->staff));
    for (size_t i = 0; i < reading->intents.n; i++) {
        json_array_append_new(intents, intent_json(&reading->intents.at[i], whole));
    }
    json_object_set_new(all, "intents", intents);
    if (whole) {
        put_whole(all, reading);
    }
    char *dumped = json_dumps(all, JSON_COMPACT);
    char *copy = arena_strdup(arena, dumped);
    free(dumped);
    json_decref(all);
    return copy;
}
