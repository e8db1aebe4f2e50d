/* daemon/post/calendar_parts.h: for the calendar*.c files alone: texts and times as libical takes them. */
#ifndef STADTLABOR_POST_CALENDAR_PARTS_H
#define STADTLABOR_POST_CALENDAR_PARTS_H

#include "base/arena.h"

#include <libical/ical.h>
#include <stdint.h>

#define CALENDAR_PRODID "-//Stadtlabor Iserlohn//stadtlabor//DE"

/* libical escapes backslash, comma, semicolon and line end in values; nothing else may come through. */
char *calendar_text(struct arena *arena, const char *s);
/* What stands outside of a text value: no line end, and no quote (RFC 5545 3.2 has no escape for it). */
char *calendar_line(struct arena *arena, const char *s);
struct icaltimetype calendar_utc(int64_t unix_seconds);

/* CRLF, folded, UTF-8; frees the component. */
char *calendar_finish(struct arena *arena, icalcomponent *calendar);

#endif
