#include "daemon/staff/person_options.h"

#include "base/text.h"

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
    if (end != value && *end == '=' && n > 0 && n <= PERSONS_MAX) {
        *ret = n;
        return end + 1;
    }
    *ret = 1;
    return value;
}

static const char *const names[PERSON_FIELDS] = {"first-name", "last-name",   "birth-date",
                                                 "street",     "postal-code", "city"};

bool is_person_option(const char *name)
{
    bool is = false;
    for (int f = 0; f < PERSON_FIELDS; f++) {
        is = is || str_equal(name, names[f]);
    }
    return is;
}

bool person_option(struct command *c, const char *name, const char *given, struct correction *ret)
{
    const char *value = str_trim(c->arena, take_person(given, &ret->person));
    for (int f = 0; f < PERSON_FIELDS; f++) {
        if (str_equal(name, names[f])) {
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
