#include "daemon/programme/forget.h"

#include "base/text.h"
#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"
#include "daemon/store/registration_list.h"

#include <jansson.h>
#include <stdlib.h>

/* Whether the row holds more than the person that the event keeps. */
static bool holds_more(const struct registration_row *row, const struct person *kept)
{
    struct person known;
    known_person(row, &known);
    for (int f = 0; f < PERSON_FIELDS; f++) {
        if (!str_equal(known.field[f].value, kept->field[f].value)) {
            return true;
        }
    }
    return false;
}

/* The evidence of what is kept. */
static const char *evidence_of(struct arena *arena, const struct registration_row *row,
                               const struct person *kept)
{
    json_t *all = json_loads(row->evidence, 0, NULL);
    if (!json_is_object(all)) {
        json_decref(all);
        return "{}";
    }
    for (int f = 0; f < PERSON_FIELDS; f++) {
        if (kept->field[f].value == NULL) {
            json_object_del(all, person_field_name((enum person_field)f));
        }
    }
    char *dumped = json_dumps(all, JSON_COMPACT);
    const char *copy = arena_strdup(arena, dumped);
    free(dumped);
    json_decref(all);
    return copy;
}

/* How many of the address's registrations stand before this one. */
static size_t number_of(const struct registration_rows *rows, size_t at)
{
    size_t number = 0;
    for (size_t i = 0; i < at; i++) {
        number += str_equal(rows->row.at[i].address, rows->row.at[at].address);
    }
    return number;
}

static bool forget(struct store *store, struct arena *arena, const struct event_edit *edit, int64_t now,
                   bool do_it, int *ret, struct error *err)
{
    struct registration_rows rows = {0};
    int n = 0;
    bool fewer = edit->before.code != NULL && (edit->after.waived & ~edit->before.waived) != 0;
    if (fewer && !registrations_of_event(store, arena, edit->after.code, &rows, err)) {
        return false;
    }
    for (size_t i = 0; i < rows.row.n; i++) {
        struct registration_row row = rows.row.at[i];
        struct person kept;
        known_person(&row, &kept);
        needs_person(arena, &edit->after, row.address, number_of(&rows, i), &kept);
        if (!holds_more(&row, &kept)) {
            continue;
        }
        row.evidence = evidence_of(arena, &row, &kept);
        known_row(arena, &kept, &row);
        n++;
        if (do_it && !registration_rewrite(store, now, &row, err)) {
            return false;
        }
    }
    *ret = n;
    return true;
}

bool forget_count(struct store *store, struct arena *arena, const struct event_edit *edit, int *ret,
                  struct error *err)
{
    return forget(store, arena, edit, 0, false, ret, err);
}

bool forget_waived(struct store *store, struct arena *arena, const struct event_edit *edit, int64_t now,
                   struct error *err)
{
    int n;
    return forget(store, arena, edit, now, true, &n, err);
}
