/* daemon/newsletter/issue_mail.h: words and pictures of an issue → the mail that is the same for all readers,
 * with holes for what is not (copy.h).
 *
 * multipart/alternative: text/plain, and text/html with its pictures as related parts (RFC 2387). Headers of
 * a mailing list (RFC 2919, 2369; 8058 when an https address is configured), Precedence: bulk and
 * Auto-Submitted (RFC 3834): a robot that answers those is broken, and what it sends is filed. Bounces are
 * wanted, so delivery reports are not suppressed. */
#ifndef STADTLABOR_NEWSLETTER_ISSUE_MAIL_H
#define STADTLABOR_NEWSLETTER_ISSUE_MAIL_H

#include "base/config.h"
#include "base/error.h"
#include "daemon/store/issue_store.h"

/* In texts, a hole is one of these characters of Unicode's private use area: Mustache and Markdown let them
 * through, also in links. */
#define HOLE_SUBSCRIBER "\xee\x80\x81" /* U+E001: COPY_SUBSCRIBER */
#define HOLE_ADDRESS "\xee\x80\x82"    /* U+E002: COPY_ADDRESS or COPY_ADDRESS_HTML */

enum { ISSUE_WARN_BYTES = 100 * 1024, ISSUE_MAX_BYTES = 10 * 1024 * 1024 };

struct issue_words {
    const char *subject;            /* one line */
    const char *text;               /* LF; holes as above */
    const char *html;               /* "": none */
    struct issue_pictures pictures; /* their Content-ID is issue_picture_id */
};

/* "picture2@newsletter": what the HTML names as "cid:picture2@newsletter". */
const char *issue_picture_id(struct arena *arena, size_t i);

/* What a reader writes to in order to leave: an address and, without `newsletter_plus`, a subject with the
 * token; "mailto:lab+HOLE@example.org?subject=Abmeldung". With the hole as in texts. */
const char *issue_unsubscribe_link(struct arena *arena, const struct config *config);

bool issue_mail(struct arena *arena, const struct config *config, const struct issue_words *words,
                const char **ret_bytes, size_t *ret_len, struct error *err);

/* The envelope sender of a copy: "lab+TOKEN@example.org" where newsletter_plus is set. */
const char *issue_envelope_from(struct arena *arena, const struct config *config, const char *copy_token);

#endif
