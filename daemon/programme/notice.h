/* daemon/programme/notice.h: letters to everybody who is concerned by the news of an event. */
#ifndef STADTLABOR_PROGRAMME_NOTICE_H
#define STADTLABOR_PROGRAMME_NOTICE_H

#include "daemon/programme/change.h"

/* `edit` is stored already, with this iCalendar sequence; in the caller's transaction. */
bool notice_send(const struct desk *desk, struct arena *arena, const struct event_edit *edit, int sequence,
                 const struct change_order *order, struct error *err);

#endif
