/* base/date.h: calendar days (proleptic Gregorian) and times of the lab (Europe/Berlin).
 *
 * No clock in here but the two at the end: `clock_now`, which programs call once and pass on,
 * and one to wait by; everything else is arithmetic on arguments. Text forms are ISO 8601: "2026-12-03" and
 * the local "2026-12-03T17:00". */
#ifndef STADTLABOR_BASE_DATE_H
#define STADTLABOR_BASE_DATE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct date {
    int year, month, day; /* all 0: no date */
};

bool date_valid(struct date d);                 /* a day that exists, years 1800 to 2999 */
int date_compare(struct date a, struct date b); /* <0, 0, >0 */
int64_t date_days(struct date d);               /* days since 1970-01-01 */
struct date date_from_days(int64_t days);
struct date date_add_days(struct date d, int days);
int date_weekday(struct date d);   /* ISO: 1 Monday … 7 Sunday */
struct date date_easter(int year); /* Easter Sunday */
/* Monday to Friday, and no public holiday in North Rhine-Westphalia (Feiertagsgesetz NW, section 2). */
bool date_is_working_day(struct date d);
int date_age(struct date born, struct date on);       /* completed years on that day */
bool date_parse_iso(const char *s, struct date *ret); /* exactly YYYY-MM-DD */
char *date_iso(struct arena *arena, struct date d);

/* Seconds since 1970 of a local time in Berlin, and back. The rule (EU directive
 * 2000/84/EC): summer time from the last Sunday of March to the last Sunday of October,
 * changing at 01:00 UTC; applied to every year. `ret_hour` and `ret_minute` may be NULL. */
int64_t berlin_to_unix(struct date d, int hour, int minute);
void berlin_from_unix(int64_t unix_seconds, struct date *ret_date, int *ret_hour, int *ret_minute);
bool berlin_parse(const char *iso_local, int64_t *ret_unix); /* "2026-12-03T17:00" */
char *berlin_iso(struct arena *arena, int64_t unix_seconds); /* "2026-12-03T17:00" */

/* As citizens read it: "Donnerstag, 3. Dezember 2026" / "Thursday, 3 December 2026". */
char *date_in_words(struct arena *arena, struct date d, const char *language);

int64_t clock_now(void);          /* seconds since 1970; STADTLABOR_NOW overrides it in tests */
int64_t clock_monotonic_ms(void); /* to wait by: nobody sets it */

#endif
