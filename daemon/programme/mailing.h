/* daemon/programme/mailing.h: letters to everybody of an event at a time: a reminder before, thanks
 * afterwards.
 *
 * Each is sent once a party and once an event and its time: what was sent is noted in the transaction that
 * puts the letters into the outbox. They go out at MAILING_HOUR in Berlin. Who registered after the reminder
 * was due has a fresh confirmation and gets none. */
#ifndef STADTLABOR_PROGRAMME_MAILING_H
#define STADTLABOR_PROGRAMME_MAILING_H

#include "daemon/desk/chore.h"

enum {
    MAILING_HOUR = 10,
    THANKS_DAYS_MOST = 3 /* later than this after it was due, nobody is thanked any more */
};

extern const struct chore reminder_chore; /* `reminder_days` before; never after the event began */
extern const struct chore thanks_chore; /* the day after, when `thanks_text` is set: who was ticked as there,
                                           or everybody when nobody was ticked */

#endif
