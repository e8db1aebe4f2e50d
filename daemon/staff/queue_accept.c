/* daemon/staff/queue_accept.c: what was proposed is done, as it was or as corrected; or what is missing is
 * asked. */
#include "daemon/staff/queue.h"

#include "base/text.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "1958-05-03" or "3.5.1958". */
static bool take_date(struct arena *arena, const char *value, const char **ret)
{
    struct date date;
    char rest;
    if (!date_parse_iso(value, &date) &&
        (sscanf(value, "%2d.%2d.%4d%c", &date.day, &date.month, &date.year, &rest) != 3 ||
         !date_valid(date))) {
        return false;
    }
    *ret = date_iso(arena, date);
    return true;
}

/* "2=Müller" is the second person's; without a number it is the first's. */
static const char *take_person(const char *value, size_t *ret)
{
    char *end;
    unsigned long n = strtoul(value, &end, 10);
    if (end != value && *end == '=' && n > 0 && n <= READING_PERSONS_MAX) {
        *ret = n;
        return end + 1;
    }
    *ret = 1;
    return value;
}

static const char *const field_names[PERSON_FIELDS] = {"first-name", "last-name",   "birth-date",
                                                       "street",     "postal-code", "city"};

bool queue_is_correction(const char *name)
{
    bool is = str_equal(name, "event");
    for (int f = 0; f < PERSON_FIELDS; f++) {
        is = is || str_equal(name, field_names[f]);
    }
    return is;
}

static bool take_field(struct command *c, const char *name, const char *given, struct correction *ret)
{
    const char *value = str_trim(c->arena, take_person(given, &ret->person));
    for (int f = 0; f < PERSON_FIELDS; f++) {
        if (str_equal(name, field_names[f])) {
            ret->field = f;
        }
    }
    if (*value == '\0' || strlen(value) > 200 || strpbrk(value, "\r\n\t") != NULL) {
        return fail(&c->err, "--%s: hier fehlt ein Wert, oder er ist zu lang", name);
    }
    if (ret->field == BIRTH_DATE && !take_date(c->arena, value, &value)) {
        return fail(&c->err, "--birth-date %s: kein Datum; richtig wäre etwa 3.5.1958", given);
    }
    if (ret->field == POSTAL_CODE && (strlen(value) != 5 || strspn(value, "0123456789") != 5)) {
        return fail(&c->err, "--postal-code %s: eine Postleitzahl hat fünf Ziffern", given);
    }
    ret->value = value;
    return true;
}

static bool take_corrections(struct queue_work *work, struct corrections *ret)
{
    struct command *c = work->c;
    for (size_t i = 0; i < c->values.n; i++) {
        const struct command_value *given = &c->values.at[i];
        struct correction correction = {0};
        if (!queue_is_correction(given->name)) {
            continue;
        }
        if (str_equal(given->name, "event")) {
            if (programme_find(&work->desk.programme, given->value) == NULL) {
                return fail(
                    &c->err,
                    "--event %s: diese Veranstaltung gibt es nicht; `stadtlabor events list` zeigt alle",
                    given->value);
            }
            ret->event = given->value;
        } else if (take_field(c, given->name, given->value, &correction)) {
            *LIST_ADD(c->arena, &ret->field) = correction;
        } else {
            return false;
        }
    }
    return true;
}

bool queue_propose(struct queue_work *work, const struct queue_row *row, bool corrected, struct proposal *ret)
{
    struct corrections corrections = {0};
    *ret = (struct proposal){0};
    if (row->mail_id == 0) {
        return true;
    }
    return queue_load(work) && (!corrected || take_corrections(work, &corrections)) &&
           proposal_make(&work->desk, work->c->arena, clock_now(), row->mail_id, &corrections, ret,
                         &work->c->err);
}

static bool carry_out(struct queue_work *work, const struct queue_row *row, const struct proposal *p)
{
    struct command *c = work->c;
    if (!store_begin(c->store, &c->err)) {
        return false;
    }
    if (!proposal_carry_out(&work->desk, c->arena, row, p, command_actor(c->arena), &c->err)) {
        store_rollback(c->store);
        return false;
    }
    if (!store_commit(c->store, &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld: %s.\n%s", (long long)row->id,
           p->asks ? "nachgefragt" : "wie vorgeschlagen erledigt",
           command_safe(c->arena, queue_proposal_words(c->arena, p)));
    return true;
}

static bool nothing_to_do(struct command *c, const struct queue_row *row, const struct proposal *p)
{
    return fail(&c->err, "Eintrag %lld: %s", (long long)row->id,
                p->why_not != NULL ? p->why_not
                                   : "hier gibt es nichts, was das Programm tun könnte; bitte antworten Sie");
}

bool queue_accept(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    struct proposal p;
    if (!queue_propose(work, row, true, &p)) {
        return false;
    }
    if (p.asks) {
        return fail(
            &c->err,
            "Eintrag %lld: dafür fehlt noch etwas. Geben Sie es an (`stadtlabor queue show %lld` nennt "
            "es), oder lassen Sie nachfragen: `stadtlabor queue ask %lld`",
            (long long)row->id, (long long)row->id, (long long)row->id);
    }
    return p.acts ? carry_out(work, row, &p) : nothing_to_do(c, row, &p);
}

bool queue_ask(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    struct proposal p;
    if (!queue_propose(work, row, true, &p)) {
        return false;
    }
    if (p.acts) {
        return fail(&c->err, "Eintrag %lld: es fehlt nichts; `stadtlabor queue accept %lld` erledigt es",
                    (long long)row->id, (long long)row->id);
    }
    return p.asks ? carry_out(work, row, &p) : nothing_to_do(c, row, &p);
}
