/* daemon/desk/appointments.h: the calendar entries that go along with a letter: that of a place that is had,
 * and the withdrawal of one that is given up. */
#ifndef STADTLABOR_DESK_APPOINTMENTS_H
#define STADTLABOR_DESK_APPOINTMENTS_H

#include "daemon/desk/decide.h"
#include "daemon/desk/desk.h"
#include "daemon/post/compose.h"

struct appointment {
    const struct section *section;
    /* The entry keeps its UID over changes: it is made of the event and of the party, which stays the same
     * when one of its people gives the place up. */
    int64_t party;
};
struct appointments {
    LIST(struct appointment) of;
};

/* That of the first event with a place; and of what is cancelled the parties of which nobody has a place
 * there any more, be it carried out already or not yet. */
bool appointments_find(struct store *store, struct arena *arena, const struct letter_plan *plan,
                       struct appointments *ret, struct error *err);
bool appointments_has(const struct appointments *appointments, const struct section *section);
/* Adds them to the mail. */
bool appointments_attach(const struct desk *desk, struct arena *arena,
                         const struct appointments *appointments, struct outgoing *mail, struct error *err);

#endif
