/* daemon/programme/notice.h: letters to everybody who is concerned by the news of an event. */
#ifndef STADTLABOR_PROGRAMME_NOTICE_H
#define STADTLABOR_PROGRAMME_NOTICE_H

#include "daemon/programme/change.h"

/* People with a place, people who wait as well, and how many letters go to them: one to each party. */
bool notice_count(struct store *store, struct arena *arena, const char *code, int *ret_people,
                  int *ret_letters, int *ret_confirmed, struct error *err);

/* `edit` is stored already, with this iCalendar sequence; in the caller's transaction. */
bool notice_send(const struct desk *desk, struct arena *arena, const struct event_edit *edit, int sequence,
                 const struct change_order *order, struct error *err);

#endif
