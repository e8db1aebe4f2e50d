/* parsers/mail/mime_decode.h: what GMime does for a letter: header values, addresses, content types and
 * transfer encodings decoded. GMime is known only in mime_decode.c and daemon/post/compose.c.
 *
 * Whatever the bytes, what comes back is valid UTF-8 without control characters, in the arena. */
#ifndef STADTLABOR_PARSERS_MAIL_MIME_DECODE_H
#define STADTLABOR_PARSERS_MAIL_MIME_DECODE_H

#include "parsers/mail/letter.h"
#include "parsers/mail/mime.h"

struct mime_decoder {
    struct arena *arena;
    void *options;    /* GMime's */
    unsigned defects; /* enum letter_defect, or-ed */
};

/* What Content-Type, Content-Disposition and Content-Transfer-Encoding say of a part. */
struct part_kind {
    const char *type;                                         /* "text/plain", lower case */
    const char *charset, *boundary, *file_name, *report_type; /* NULL: not said */
    bool flowed, delsp, attached;
    enum { PART_PLAIN, PART_BASE64, PART_QUOTED_PRINTABLE, PART_UUENCODE } encoding;
};

struct mime_decoder mime_decoder_new(struct arena *arena);
void mime_decoder_free(struct mime_decoder *decoder);

/* A header's value: unfolded, encoded words decoded (RFC 2047), one line. At most
 * LETTER_HEADER_MAX bytes of it are read. */
char *mime_value(struct mime_decoder *decoder, const struct mime_field *field);

/* The first usable address of all headers of that name; returns how many there are (it stops
 * counting at LETTER_REFERENCES_MAX). */
int mime_addresses(struct mime_decoder *decoder, const struct mime_entity *mail, const char *header,
                   struct mail_address *ret);

/* Seconds since 1970 of a Date value; 0: NULL, nonsense, or not between 1990 and 2100. */
int64_t mime_date(const char *value);

/* A part that does not say its type is text/plain, in a multipart/digest a message. */
struct part_kind mime_kind(struct mime_decoder *decoder, const struct mime_entity *part, bool in_digest);

/* The body with its transfer encoding taken off; at most `most` encoded bytes are read. */
const char *mime_body(struct mime_decoder *decoder, const struct mime_entity *part,
                      const struct part_kind *kind, size_t most, size_t *ret_len);

#endif
