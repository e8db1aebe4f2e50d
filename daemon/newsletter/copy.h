/* daemon/newsletter/copy.h: one reader's copy of an issue: the mail that is the same for all, its holes
 * filled.
 *
 * A hole is the byte COPY_HOLE and the letter of what belongs there. The mail itself is ASCII without control
 * characters but CR and LF, so nothing else can look like one. What is filled in is bounded and cannot break
 * a line or a header: an address that smtp_address takes, tokens, a date. */
#ifndef STADTLABOR_NEWSLETTER_COPY_H
#define STADTLABOR_NEWSLETTER_COPY_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum {
    COPY_HOLE = 1,
    COPY_TO = 'r',           /* the reader's address, in a header */
    COPY_ADDRESS = 'a',      /* … in a text in quoted-printable */
    COPY_ADDRESS_HTML = 'h', /* … in HTML in quoted-printable */
    COPY_SUBSCRIBER = 't',   /* the subscriber's token: unsubscribes */
    COPY_ITSELF = 'c',       /* the copy's token: its Message-ID and envelope sender */
    COPY_DATE = 'd',         /* RFC 5322 3.3 */
};

struct copy_words {
    const char *address, *subscriber_token, *copy_token, *date;
};

/* False: a hole of an unknown kind. */
bool copy_fill(struct arena *arena, const char *bytes, size_t len, const struct copy_words *words,
               const char **ret_bytes, size_t *ret_len, struct error *err);

#endif
