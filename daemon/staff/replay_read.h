/* daemon/staff/replay_read.h: kept mails read again. Reading is pure: several threads share the mails. */
#ifndef STADTLABOR_STAFF_REPLAY_READ_H
#define STADTLABOR_STAFF_REPLAY_READ_H

#include "daemon/desk/desk.h"
#include "daemon/store/mail_store.h"

#include <jansson.h>

struct replay_mail {
    const struct mail_row *row;
    const char *bytes; /* NULL: `why` says what became of them, and it is not read */
    size_t len;
    json_t *then, *now; /* set here, new references: the essence of each reading (replay.h), or NULL */
    struct error why;   /* nothing to compare: … */
};

/* Each as it would be read now, on the day it came, in expectation of what was expected then. `desk`, with
 * patterns and the programme loaded, must not change meanwhile. */
void replay_read(const struct desk *desk, struct replay_mail *mails, size_t n);

#endif
