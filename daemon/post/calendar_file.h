/* daemon/post/calendar_file.h: the programme as a calendar file (iCalendar, RFC 5545), both ways.
 *
 * Read are: SUMMARY, DTSTART, DTEND or DURATION, LOCATION, CATEGORIES (keywords), CONTACT, STATUS, UID, and
 * our own X-STADTLABOR-CODE. A series (RRULE, EXDATE, single dates changed by RECURRENCE-ID) becomes one
 * event a date. Times without a zone are those of the lab. What an entry does not say is left NULL and stays
 * as it is in the store. */
#ifndef STADTLABOR_POST_CALENDAR_FILE_H
#define STADTLABOR_POST_CALENDAR_FILE_H

#include "parsers/programme/programme.h"

/* The first line says so. */
bool calendar_is_file(const char *bytes, size_t len);

/* Every entry that cannot be an event of ours (no title, no time of day, a series without end) is told:
 * which, what is wrong, what would be right, one a line of `ret_problems`; nothing is returned then. Codes
 * are NULL where the file has none of ours. */
bool calendar_file_read(struct arena *arena, const char *bytes, size_t len, struct programme *ret,
                        const char **ret_problems, struct error *err);

/* All events; `address` is the lab's, whose domain makes UIDs unique. */
bool calendar_file_write(struct arena *arena, const struct programme *programme, const char *name,
                         const char *address, int64_t now, const char **ret, struct error *err);

#endif
