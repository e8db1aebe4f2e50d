/* tests/unit/store_rows.h: events and people for a store of a test. What a test is about it sets itself. */
#ifndef STADTLABOR_TESTS_UNIT_STORE_ROWS_H
#define STADTLABOR_TESTS_UNIT_STORE_ROWS_H

#include "daemon/store/programme_store.h"
#include "daemon/store/registration_store.h"
#include "tests/unit/store_room.h"

/* Two hours in the Stadtlabor, for people of any age, as many as come. */
static inline struct event rows_event(const char *code, int64_t starts)
{
    return (struct event){.code = code,
                          .title = code,
                          .keywords = "",
                          .start = starts,
                          .end = starts + 7200,
                          .place = "Stadtlabor",
                          .min_age = -1,
                          .max_age = -1,
                          .topic = ""};
}

static inline void rows_put_event(struct store *store, const struct event *event)
{
    struct event_put put;
    struct error err = {""};
    CHECK_ROW(event_put(store, event, &put, &err), "%s: %s", event->code, err.what);
}

/* Somebody Müller with a place. */
static inline struct registration_row rows_person(const char *event, const char *first_name,
                                                  const char *address)
{
    return (struct registration_row){.event = event,
                                     .state = "confirmed",
                                     .address = address,
                                     .language = "de",
                                     .first_name = first_name,
                                     .last_name = "Müller",
                                     .person_key = first_name,
                                     .evidence = "{}"};
}

/* The id of the row. */
static inline int64_t rows_put(struct store *store, int64_t now, struct registration_row row)
{
    struct error err = {""};
    CHECK_ROW(registration_add(store, now, &row, &err), "%s: %s", row.first_name, err.what);
    return row.id;
}

/* A party of strangers: P7-0, P7-1 … */
static inline void rows_put_party(struct store *store, struct arena *arena, int64_t now, const char *event,
                                  const char *state, int64_t party, int people)
{
    for (int i = 0; i < people; i++) {
        struct registration_row row = rows_person(event, arena_printf(arena, "P%lld-%d", (long long)party, i),
                                                  arena_printf(arena, "p%lld@example.org", (long long)party));
        row.party = party;
        row.state = state;
        rows_put(store, now, row);
    }
}

#endif
