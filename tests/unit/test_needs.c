/* tests/unit/test_needs.c: an event asks for and keeps no more than it needs. */
#include "daemon/desk/needs.h"

#include "tests/unit/decide_rows.h"

static void waive(const char *code, unsigned what)
{
    ((struct event *)programme_find(&programme, code))->waived = what;
}

static const char *value(const struct person *p, enum person_field field)
{
    return p->field[field].value;
}

TEST(what_an_event_does_without_is_neither_asked_nor_kept)
{
    begin();
    waive("small", WAIVES_BIRTH_DATE | WAIVES_ADDRESS);
    struct intent *intent = registers("small", "1958-05-03");
    intent->missing = MISSING_BIRTH_DATE | MISSING_STREET | MISSING_CITY;
    reading.automatic = READING_ASK;
    needs_reading(arena, &known, &reading);
    const struct person *p = &reading.intents.at[0].persons.at[0];
    CHECK_INT(reading.intents.at[0].missing, 0);
    CHECK_INT(reading.automatic, READING_ACT);
    CHECK_STR(value(p, FIRST_NAME), "Petra");
    CHECK(value(p, BIRTH_DATE) == NULL && value(p, STREET) == NULL && value(p, POSTAL_CODE) == NULL &&
          value(p, CITY) == NULL);
    CHECK_STR(answer(), "confirmed");
    CHECK_INT(effects(EFFECT_REGISTER), 1);
}

TEST(what_it_needs_is_asked_for)
{
    begin();
    waive("small", WAIVES_ADDRESS);
    registers("small", NULL)->missing = MISSING_BIRTH_DATE | MISSING_STREET | MISSING_CITY;
    reading.automatic = READING_ASK;
    needs_reading(arena, &known, &reading);
    CHECK_INT(reading.automatic, READING_ASK);
    CHECK_STR(answer(), "question");
    CHECK_INT(decision.answer.sections.at[0].missing, MISSING_BIRTH_DATE);
    CHECK_INT(decision.answer.asks.expected.missing, MISSING_BIRTH_DATE);
}

TEST(the_usual_event_is_not_touched)
{
    begin();
    registers("small", "1958-05-03")->missing = MISSING_STREET;
    const struct person *before = reading.intents.at[0].persons.at;
    needs_reading(arena, &known, &reading);
    CHECK_INT(reading.intents.at[0].missing, MISSING_STREET);
    CHECK(reading.intents.at[0].persons.at == before && before->key == NULL);
}

TEST(while_the_event_is_open_only_what_all_need_is_missing)
{
    static const unsigned all = MISSING_BIRTH_DATE | MISSING_STREET | MISSING_CITY | MISSING_EVENT;
    begin();
    waive("small", WAIVES_BIRTH_DATE | WAIVES_ADDRESS);
    waive("hard", WAIVES_ADDRESS);
    struct intent *intent = registers(NULL, NULL);
    intent->missing = all;
    *LIST_ADD(arena, &intent->candidates) = "small";
    *LIST_ADD(arena, &intent->candidates) = "hard";
    needs_reading(arena, &known, &reading);
    CHECK_INT(reading.intents.at[0].missing, MISSING_BIRTH_DATE | MISSING_EVENT);
    begin();
    registers(NULL, NULL)->missing = all;
    needs_reading(arena, &known, &reading);
    CHECK_INT(reading.intents.at[0].missing, all);
}

TEST(people_stay_apart_without_birth_dates_and_without_names)
{
    begin();
    waive("small", WAIVES_BIRTH_DATE);
    const struct event *event = programme_find(&programme, "small");
    struct person one = person("Petra", "1958-05-03"), same = person("Petra", "1960-01-01"), other = one;
    needs_person(arena, event, "a@example.org", 0, &one);
    needs_person(arena, event, "a@example.org", 1, &same);
    needs_person(arena, event, "b@example.org", 0, &other);
    CHECK_STR(person_key(arena, &one), person_key(arena, &same));
    CHECK(strcmp(person_key(arena, &one), person_key(arena, &other)) != 0);
    needs_person(arena, event, "a@example.org", 0, &one); /* once more is the same */
    CHECK_STR(person_key(arena, &one), person_key(arena, &same));

    waive("small", WAIVES_NAME | WAIVES_BIRTH_DATE | WAIVES_ADDRESS);
    wants(INTENT_REGISTER, "small")->missing = MISSING_FIRST_NAME | MISSING_LAST_NAME | MISSING_CITY;
    needs_reading(arena, &known, &reading);
    CHECK_INT(reading.intents.at[0].missing, 0);
    CHECK_INT(reading.intents.at[0].persons.n, 1); /* who writes, comes */
    struct person first = person("Petra", NULL), second = person("Paul", NULL);
    needs_person(arena, event, "a@example.org", 0, &first);
    needs_person(arena, event, "a@example.org", 1, &second);
    CHECK(value(&first, FIRST_NAME) == NULL && value(&first, LAST_NAME) == NULL);
    CHECK(strcmp(person_key(arena, &first), person_key(arena, &second)) != 0);
}

int main(void)
{
    RUN(what_an_event_does_without_is_neither_asked_nor_kept);
    RUN(what_it_needs_is_asked_for);
    RUN(the_usual_event_is_not_touched);
    RUN(while_the_event_is_open_only_what_all_need_is_missing);
    RUN(people_stay_apart_without_birth_dates_and_without_names);
    arena_free(arena);
    return check_done();
}
