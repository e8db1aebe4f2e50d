/* daemon/desk/proposal_parts.h: between proposal.c and proposal_settle.c. */
#ifndef STADTLABOR_DESK_PROPOSAL_PARTS_H
#define STADTLABOR_DESK_PROPOSAL_PARTS_H

#include "daemon/desk/proposal.h"

/* `settled` comes as it was read. `closed`: the kind of the conversation that the mail answered, when it is
 * no longer open. Fails where a correction names a person that cannot be. */
bool proposal_settle(const struct desk *desk, struct arena *arena, enum case_kind closed,
                     const struct corrections *corrections, struct proposal *p, struct error *err);

#endif
