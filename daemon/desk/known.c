#include "daemon/desk/known.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/desk/known_newsletter.h"
#include "daemon/desk/waiting_list.h"
#include "daemon/post/other_ways.h"
#include "daemon/store/conversation_store.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_find.h"
#include "parsers/reading/extent.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static bool to_case(struct arena *arena, const struct conversation_row *row, struct known_case *ret,
                    struct error *err)
{
    if (row->id == 0) {
        return true;
    }
    struct known_case found = {
        .id = row->id,
        .round = row->round,
        .address = row->address,
        .language = row->language,
    };
    found.kind = str_equal(row->kind, "newsletter") ? CASE_NEWSLETTER
                 : str_equal(row->kind, "cancel")   ? CASE_CANCEL
                 : str_equal(row->kind, "place")    ? CASE_PLACE
                 : str_equal(row->kind, "goodbye")  ? CASE_GOODBYE
                                                    : CASE_REGISTER;
    if (!expected_parse(arena, row->expected, &found.expected, err)) {
        return fail_within(err, "conversation %lld", (long long)row->id);
    }
    *ret = found;
    return true;
}

bool known_case_of_id(struct store *store, struct arena *arena, int64_t id, struct known_case *ret,
                      struct error *err)
{
    struct conversation_row row;
    *ret = (struct known_case){0};
    return conversation_get(store, arena, id, &row, err) && to_case(arena, &row, ret, err);
}

/* The letter of ours, and the case, that one Message-ID of the thread leads to. */
static bool follow(struct store *store, struct arena *arena, const char *message_id, struct known *known,
                   struct error *err)
{
    struct outbox_row letter;
    struct conversation_row row;
    struct known_case found = {0};
    if (!outbox_of_message_id(store, arena, message_id, &letter, err) ||
        !conversation_of_message(store, arena, message_id, &row, err) || !to_case(arena, &row, &found, err)) {
        return false;
    }
    if (letter.id != 0 && known->thread_address == NULL) {
        known->thread_address = letter.recipient;
    }
    /* Who got a copy of their mail knows its Message-ID: only one of ours leads others to the case. */
    if (letter.id == 0 && found.id != 0 && !str_equal(found.address, known->sender)) {
        return true;
    }
    bool news = found.kind == CASE_NEWSLETTER || found.kind == CASE_GOODBYE;
    if (found.id != 0 && news && known->newsletter.id == 0) {
        known->newsletter = found;
        known->newsletter_in_thread = letter.id != 0;
    } else if (found.id != 0 && !news && known->open.id == 0) {
        known->open = found;
    }
    return true;
}

struct known known_nothing(struct arena *arena, const struct programme *programme,
                           const struct letter *letter, int64_t now)
{
    struct known known = {.now = now, .programme = programme};
    berlin_from_unix(now, &known.today, NULL, NULL);
    known.sender = letter->from.address == NULL ? "" : utf8_lower_copy(arena, letter->from.address);
    return known;
}

bool known_conversation(struct store *store, struct arena *arena, const struct letter *letter, int64_t now,
                        int64_t since, struct known *ret, struct error *err)
{
    struct known known = known_nothing(arena, ret->programme, letter, now);
    for (size_t i = letter->in_reply_to.id.n; i > 0; i--) {
        if (!follow(store, arena, letter->in_reply_to.id.at[i - 1], &known, err)) {
            return false;
        }
    }
    for (size_t i = letter->references.id.n; i > 0; i--) { /* the newest stands last */
        if (!follow(store, arena, letter->references.id.at[i - 1], &known, err)) {
            return false;
        }
    }
    bool in_thread = known.open.id != 0 || known.newsletter.id != 0;
    struct conversation_row open, newsletter;
    if (known.sender[0] != '\0' && !in_thread) {
        if (!conversation_of_address(store, arena, known.sender, NULL, since, &open, err) ||
            !conversation_of_address(store, arena, known.sender, "newsletter", since, &newsletter, err) ||
            !to_case(arena, &open, &known.open, err) ||
            !to_case(arena, &newsletter, &known.newsletter, err)) {
            return false;
        }
    }
    if (!known_only_newsletter(store, letter, &known, &known.only_newsletter, err)) {
        return false;
    }
    *ret = known;
    return true;
}

const struct expected *known_expected(struct arena *arena, const struct known *known)
{
    if (known->open.id == 0 && known->newsletter.id == 0 && !known->only_newsletter) {
        return NULL;
    }
    struct expected *expected = ARENA_NEW(arena, struct expected);
    *expected = known->open.expected;
    /* Only the address that was asked can say yes, and only to our letter. */
    bool asked = known->newsletter.id != 0 && known->newsletter_in_thread &&
                 str_equal(known->newsletter.address, known->sender);
    expected->confirm_newsletter = asked && known->newsletter.kind == CASE_NEWSLETTER;
    expected->keep_newsletter = asked && known->newsletter.kind == CASE_GOODBYE;
    expected->only_newsletter = known->only_newsletter;
    return expected;
}

bool known_kept_expected(struct arena *arena, const char *reading, const struct expected **ret,
                         struct error *err)
{
    struct expected *expected = ARENA_NEW(arena, struct expected);
    json_t *kept = json_loads(reading, 0, NULL);
    char *json = json_dumps(json_object_get(kept, "expected"), JSON_COMPACT);
    bool done = json == NULL || expected_parse(arena, json, expected, err);
    if (done) {
        *ret = json != NULL ? expected : NULL;
    }
    free(json);
    json_decref(kept);
    return done;
}

static bool add_event(struct store *store, struct arena *arena, struct known *known, const char *code,
                      struct error *err)
{
    for (size_t i = 0; i < known->events.n; i++) {
        if (str_equal(known->events.at[i].event, code)) {
            return true;
        }
    }
    struct known_event *event = LIST_ADD(arena, &known->events);
    event->event = code;
    return waiting_list_of(store, arena, code, &event->list, &event->waiting, err);
}

void known_person(const struct registration_row *row, struct person *ret)
{
    const char *const values[PERSON_FIELDS] = {
        [FIRST_NAME] = row->first_name, [LAST_NAME] = row->last_name,     [BIRTH_DATE] = row->birth_date,
        [STREET] = row->street,         [POSTAL_CODE] = row->postal_code, [CITY] = row->city};
    *ret = (struct person){.key = row->person_key};
    for (int f = 0; f < PERSON_FIELDS; f++) {
        if (values[f][0] != '\0') {
            ret->field[f].value = values[f];
            ret->field[f].evidence = (struct evidence){
                .words = values[f], .source = "known", .pattern = "known", .where = "store"};
        }
    }
}

const char *known_value(const struct person *person, enum person_field field)
{
    const char *value = person->field[field].value;
    return value == NULL ? "" : value;
}

void known_row(struct arena *arena, const struct person *person, struct registration_row *ret)
{
    ret->first_name = known_value(person, FIRST_NAME);
    ret->last_name = known_value(person, LAST_NAME);
    ret->birth_date = known_value(person, BIRTH_DATE);
    ret->street = known_value(person, STREET);
    ret->postal_code = known_value(person, POSTAL_CODE);
    ret->city = known_value(person, CITY);
    ret->person_key = person_key(arena, person);
}

static void to_registration(const struct registration_row *row, struct known_registration *ret)
{
    *ret = (struct known_registration){
        .id = row->id,
        .event = row->event,
        .address = row->address,
        .first_name = row->first_name,
        .last_name = row->last_name,
        .person_key = row->person_key,
        .waiting = str_equal(row->state, "waiting"),
    };
    known_person(row, &ret->person);
}

bool known_greeting(struct store *store, struct arena *arena, const struct registration_row *row,
                    const char **ret, struct error *err)
{
    struct mail_row mail = {0};
    if (row->mail_id != 0 && !mail_get(store, arena, row->mail_id, &mail, err)) {
        return false;
    }
    bool theirs = mail.id != 0 && str_equal(mail.sender, row->address) && mail.sender_name[0] != '\0';
    *ret = theirs ? mail.sender_name : NULL;
    return true;
}

/* Adds what is not there yet, and the seats at its event. */
static bool add_registrations(struct store *store, struct arena *arena, struct known *known,
                              const struct registration_rows *rows, struct error *err)
{
    for (size_t i = 0; i < rows->row.n; i++) {
        const struct registration_row *row = &rows->row.at[i];
        bool there = false;
        for (size_t k = 0; k < known->registrations.n; k++) {
            there |= known->registrations.at[k].id == row->id;
        }
        if (there) {
            continue;
        }
        to_registration(row, LIST_ADD(arena, &known->registrations));
        if (!add_event(store, arena, known, row->event, err)) {
            return false;
        }
    }
    return true;
}

/* The person's registration at the event, by whomever; all of that name where the birth date is not said:
 * what else is known of them may tell it (complete_from_known). */
static bool find_person(struct store *store, struct arena *arena, const char *event,
                        const struct person *person, struct registration_rows *ret, struct error *err)
{
    const char *key = person_key(arena, person);
    if (person->key != NULL || person->field[BIRTH_DATE].value != NULL) {
        return registrations_of_person(store, arena, event, key, ret, err);
    }
    return registrations_of_name(store, arena, event, arena_strndup(arena, key, strlen(key) - 1), ret, err);
}

static bool facts_of_intent(struct store *store, struct arena *arena, const struct intent *intent,
                            struct known *known, struct error *err)
{
    struct registration_rows rows = {0};
    if (intent->event != NULL) {
        if (!add_event(store, arena, known, intent->event, err)) {
            return false;
        }
        for (size_t i = 0; i < intent->persons.n; i++) {
            if (!find_person(store, arena, intent->event, &intent->persons.at[i], &rows, err)) {
                return false;
            }
        }
    }
    struct outbox_row returned = {0};
    if (intent->kind == INTENT_BOUNCE) {
        if (intent->returned_message_id != NULL &&
            !outbox_of_message_id(store, arena, intent->returned_message_id, &returned, err)) {
            return false;
        }
        if (returned.id == 0 && intent->returned_message_id == NULL && intent->recipient != NULL &&
            !outbox_sent_to(store, arena, intent->recipient, &returned, err)) {
            return false;
        }
        if (returned.id != 0) {
            known->returned = (struct known_letter){.id = returned.id,
                                                    .recipient = returned.recipient,
                                                    .kind = returned.kind,
                                                    .at = returned.created};
            if (!other_ways(store, arena, returned.id, known->now, &known->returned.ways, err)) {
                return false;
            }
        }
    }
    return add_registrations(store, arena, known, &rows, err);
}

/* Those at the event whose names both stand in `words`. First names are looked for one by one, and only their
 * people are read: a long list is not. */
static bool add_namesakes_at(struct store *store, struct arena *arena, const char *event, const char *words,
                             struct known *known, struct error *err)
{
    const char *key = name_key(arena, words), *first = NULL;
    struct registration_rows rows = {0};
    do {
        bool named = first != NULL && first[0] != '\0' && strstr(key, first) != NULL;
        if ((named && !registrations_of_name(store, arena, event, first, &rows, err)) ||
            !registration_next_first_name(store, arena, event, first, &first, err)) {
            return false;
        }
    } while (first != NULL);
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct registration_row *row = &rows.row.at[i];
        if (extent_names(arena, words, row->first_name) && extent_names(arena, words, row->last_name)) {
            to_registration(row, LIST_ADD(arena, &known->namesakes));
        }
    }
    return true;
}

static bool has_own_at(const struct known *known, const char *event)
{
    bool found = false;
    for (size_t i = 0; i < known->registrations.n; i++) {
        const struct known_registration *r = &known->registrations.at[i];
        found |= str_equal(r->address, known->sender) && str_equal(r->event, event);
    }
    return found;
}

/* Of a cancellation: the registrations at that event, under whatever address, which bear a name that the mail
 * names: for staff, when the writer has none there. */
static bool add_namesakes(struct store *store, struct arena *arena, const struct letter *letter,
                          const struct reading *reading, struct known *known, struct error *err)
{
    const char *name = letter->from.name == NULL ? "" : letter->from.name;
    const char *words =
        arena_printf(arena, "%s\n%s", name, reading->own.text == NULL ? "" : reading->own.text);
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        if (intent->kind == INTENT_CANCEL && intent->event != NULL && !has_own_at(known, intent->event) &&
            !add_namesakes_at(store, arena, intent->event, words, known, err)) {
            return false;
        }
    }
    return true;
}

bool known_facts(struct store *store, struct arena *arena, const struct letter *letter,
                 const struct reading *reading, struct known *known, struct error *err)
{
    if (!known_add_subscriber(store, arena, known->sender, known, err)) {
        return false;
    }
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        bool other = intent->kind == INTENT_SUBSCRIBE && intent->address != NULL;
        if (!facts_of_intent(store, arena, intent, known, err) ||
            (other && !known_add_subscriber(store, arena, intent->address, known, err))) {
            return false;
        }
    }
    if (!known_reader(store, arena, letter, reading, known, err)) {
        return false;
    }
    struct registration_rows own = {0};
    if (known->sender[0] != '\0' &&
        !registrations_of_address(store, arena, known->sender, known->now, &own, err)) {
        return false;
    }
    if (known->thread_address != NULL && !str_equal(known->thread_address, known->sender) &&
        !registrations_of_address(store, arena, known->thread_address, known->now, &own, err)) {
        return false;
    }
    int64_t midnight = berlin_to_unix(known->today, 0, 0);
    return add_registrations(store, arena, known, &own, err) &&
           add_namesakes(store, arena, letter, reading, known, err) &&
           outbox_count_to(store, known->sender, midnight, &known->replies_today, err);
}
