/* tests/unit/decide_rows.h: a reading and what the store knows, made by hand; for test_decide*.c. */
#ifndef STADTLABOR_TESTS_DECIDE_ROWS_H
#define STADTLABOR_TESTS_DECIDE_ROWS_H

#include "base/text.h"
#include "daemon/desk/decide.h"
#include "tests/unit/check.h"

static struct arena *arena;
static struct programme programme;
static struct letter letter;
static struct reading reading;
static struct known known;
static struct decision decision;
static struct decide_limits limits;

static inline void add_event(const char *code, const char *start, int capacity, bool waiting_list,
                             int min_age, int max_age)
{
    struct event *e = LIST_ADD(arena, &programme.events);
    *e = (struct event){
        .code = code, .title = code, .place = "", .capacity = capacity, .waiting_list = waiting_list};
    e->min_age = min_age;
    e->max_age = max_age;
    berlin_parse(start, &e->start);
    e->end = e->start + 7200;
    berlin_from_unix(e->start, &e->day, NULL, NULL);
    e->register_until = date_add_days(e->day, -1);
}

static inline void begin(void)
{
    arena_free(arena);
    arena = arena_new();
    programme = (struct programme){0};
    add_event("over", "2026-10-14T17:00", 20, true, -1, -1);
    add_event("closed", "2026-11-22T18:00", 20, true, -1, -1);
    add_event("small", "2026-12-03T17:00", 2, true, -1, -1);
    add_event("hard", "2026-12-04T17:00", 2, false, -1, -1);
    add_event("kids", "2026-12-12T10:00", 10, true, 10, 14);
    letter = (struct letter){.from = {.address = "petra@example.org"}, .subject = "Anmeldung", .text = ""};
    reading = (struct reading){.automatic = READING_ACT, .language = "de", .confidence = 90};
    known = (struct known){.programme = &programme, .sender = "petra@example.org"};
    known.today = (struct date){2026, 11, 22};
    known.now = berlin_to_unix(known.today, 12, 0);
    limits =
        (struct decide_limits){.replies_per_day = 10, .rounds_most = 3, .own_address = "lab@example.org"};
    limits.waiting = (struct waiting_rule){.keep = 86400, .last = 86400};
}

static inline struct person person(const char *first, const char *born)
{
    const char *values[PERSON_FIELDS] = {first, "Müller", born, "Nordengraben 12", "58636", "Iserlohn"};
    struct person p = {0};
    for (int f = 0; f < PERSON_FIELDS; f++) {
        p.field[f].value = values[f];
    }
    return p;
}

static inline struct intent *wants(enum intent_kind kind, const char *event)
{
    struct intent *intent = LIST_ADD(arena, &reading.intents);
    intent->kind = kind;
    intent->event = event;
    return intent;
}

static inline struct intent *registers(const char *event, const char *born)
{
    struct intent *intent = wants(INTENT_REGISTER, event);
    *LIST_ADD(arena, &intent->persons) = person("Petra", born);
    return intent;
}

static inline void registered_before(int64_t id, const char *event, const char *address)
{
    struct person p = person("Petra", "1958-05-03");
    *LIST_ADD(arena, &known.registrations) = (struct known_registration){.id = id,
                                                                         .event = event,
                                                                         .address = address,
                                                                         .first_name = "Petra",
                                                                         .last_name = "Müller",
                                                                         .person = p,
                                                                         .person_key = person_key(arena, &p)};
}

static inline void subscriber(const char *address, enum subscriber_state state)
{
    *LIST_ADD(arena, &known.subscribers) = (struct known_subscriber){.address = address, .state = state};
}

static inline void seats(const char *event, int confirmed, int waiting)
{
    const struct event *e = programme_find(&programme, event);
    struct known_event *there = LIST_ADD(arena, &known.events);
    *there = (struct known_event){.event = event, .waiting = waiting};
    there->list = (struct waiting_list){.starts = e->start, .capacity = e->capacity, .confirmed = confirmed};
    for (int i = 0; i < waiting; i++) {
        *LIST_ADD(arena, &there->list.parties) = (struct waiting_party){.party = 100 + i, .people = 1};
    }
}

/* "confirmed+question" and so on: the sections of the answer. */
static inline const char *answer(void)
{
    decide(arena, &limits, &letter, &reading, &known, &decision);
    struct text kinds = text_new(arena, 1000);
    for (size_t i = 0; i < decision.answer.sections.n; i++) {
        text_printf(&kinds, "%s%s", i > 0 ? "+" : "", decision.answer.sections.at[i].kind);
    }
    return kinds.s;
}

static inline int effects(enum effect_kind kind)
{
    int n = 0;
    for (size_t i = 0; i < decision.effects.n; i++) {
        n += decision.effects.at[i].kind == kind;
    }
    return n;
}

/* A registration of that first name; ids from 1. */
static inline void has(const char *first, const char *event, const char *address)
{
    registered_before((int64_t)known.registrations.n + 1, event, address);
    struct known_registration *r = &known.registrations.at[known.registrations.n - 1];
    r->person = person(first, "1958-05-03");
    r->first_name = first;
    r->person_key = person_key(arena, &r->person);
}

static inline void says(const char *words)
{
    reading.own.text = words;
    reading.own.closing = "";
}

/* "cancelled:1,2": the letter, and the registrations that are cancelled. */
static inline const char *outcome(void)
{
    struct text words = text_new(arena, 500);
    text_add(&words, answer());
    const char *between = ":";
    for (size_t i = 0; i < decision.effects.n; i++) {
        if (decision.effects.at[i].kind == EFFECT_CANCEL) {
            text_printf(&words, "%s%lld", between, (long long)decision.effects.at[i].id);
            between = ",";
        }
    }
    return words.s;
}

#endif
