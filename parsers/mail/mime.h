/* parsers/mail/mime.h: a mail's bytes cut into header fields, body and parts (RFC 5322, RFC 2046).
 *
 * Nothing is decoded, copied or followed here: fields and bodies are ranges of the bytes that
 * were passed. Every call runs once over its range, whatever stands there; how deep to descend
 * is the caller's decision. An attached message/rfc822 is just a body. */
#ifndef STADTLABOR_PARSERS_MAIL_MIME_H
#define STADTLABOR_PARSERS_MAIL_MIME_H

#include "base/arena.h"
#include "base/list.h"

#include <stdbool.h>

/* Header fields kept of one entity; the longest chains of Received lines stay below 200. */
enum { MIME_FIELDS_MAX = 1000 };

struct mime_field {
    const char *name, *value; /* value: folded as in the mail, without the last line end */
    size_t name_len, value_len;
};

struct mime_entity {
    LIST(struct mime_field)
    fields; /* in order */
    const char *body;
    size_t body_len;
};

/* A line that is neither field nor continuation ends the header, so that a forgotten empty line
 * costs no words; mbox's "From " line before the header is skipped. */
void mime_split(struct arena *arena, const char *bytes, size_t len, struct mime_entity *ret);

/* First field of that name (case does not count), or NULL. */
const struct mime_field *mime_find(const struct mime_entity *entity, const char *name);

/* The parts of a multipart body, one after the other. A missing last delimiter ends the last part
 * at the end of the body. */
struct mime_parts {
    const char *at, *end; /* what is still to be looked at; set by mime_parts_begin */
    const char *delimiter;
    size_t delimiter_len;
    bool open; /* `at` is the begin of a part */
};

/* False when no delimiter of that boundary stands in the body. */
bool mime_parts_begin(struct arena *arena, const char *body, size_t len, const char *boundary,
                      struct mime_parts *ret);
bool mime_parts_next(struct mime_parts *parts, const char **ret_bytes, size_t *ret_len);

#endif
