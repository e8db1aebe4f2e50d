/* parsers/mail/letter.h: a mail's bytes → what a person would see of it, and the marks that
 * only machines look at. Pure: no I/O, no clock, no globals. mime.c cuts
 * the mail into parts, in one pass and with bounds that GMime's parser does not offer; GMime decodes
 * header values and bodies (mime_decode.c).
 *
 * Everything in a letter is valid UTF-8 without NUL, with LF line ends, and lives in
 * the arena that was passed. A letter never fails to be read: what is broken is repaired
 * or left out, and `defects` says so; only the bounds below can refuse. */
#ifndef STADTLABOR_PARSERS_MAIL_LETTER_H
#define STADTLABOR_PARSERS_MAIL_LETTER_H

#include "base/arena.h"
#include "base/date.h"
#include "base/error.h"
#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

/* Bounds on hostile mail. Values: far above real mail (deepest seen in the wild: about
 * 8 levels; Dovecot's own parser stops at 100 levels and 10,000 parts). */
enum {
    LETTER_DEPTH_MAX = 30,         /* nested multiparts and messages */
    LETTER_PARTS_MAX = 500,        /* leaf parts looked at */
    LETTER_TEXT_MAX = 1024 * 1024, /* bytes of decoded text kept */
    LETTER_HEADER_MAX = 8 * 1024,  /* bytes of one decoded header value kept */
    LETTER_REFERENCES_MAX = 50,
};

enum letter_defect {
    LETTER_NO_SENDER = 1 << 0,       /* no usable From address */
    LETTER_SEVERAL_SENDERS = 1 << 1, /* more than one From header or address */
    LETTER_BAD_CHARSET = 1 << 2,     /* unknown or wrong charset: bytes were replaced */
    LETTER_TOO_DEEP = 1 << 3,        /* LETTER_DEPTH_MAX or LETTER_PARTS_MAX was passed */
    LETTER_TEXT_CUT = 1 << 4,        /* LETTER_TEXT_MAX was passed */
    LETTER_NUL_BYTES = 1 << 5,
    LETTER_INCOMPLETE = 1 << 6, /* only the first part of the mail was given */
};

struct mail_address {
    const char *address; /* "local@domain", domain in lower case; NULL: none */
    const char *name;    /* display name, decoded, CR/LF/control characters gone; NULL: none */
};

struct attachment {
    const char *file_name; /* decoded, "" if none */
    const char *type;      /* "application/pdf" */
    size_t size;           /* bytes, decoded; 0 if unknown */
};

/* What robots say of themselves; NULL or false where a header is absent. */
struct letter_marks {
    const char *auto_submitted; /* RFC 3834 */
    const char *precedence;
    const char *x_auto_response_suppress;
    const char *list_id;              /* RFC 2919 */
    bool list_unsubscribe, list_post; /* RFC 2369 */
    bool null_sender;                 /* Return-Path: <> */
    const char *return_path;          /* address without <>; NULL: header absent */
    const char *content_type;         /* of the whole mail: "multipart/report" */
    const char *report_type;          /* its report-type parameter: delivery-status,
                                         disposition-notification, feedback-report */
    bool spam_flag;                   /* X-Spam-Flag: YES and the like */
};

/* Any header, first occurrence first, name as written. */
struct header {
    const char *name, *value; /* value decoded (RFC 2047), unfolded */
};

/* Parts that a delivery report is read from (RFC 3464, RFC 5965, RFC 3798). */
struct report_part {
    const char *type; /* "message/delivery-status", "text/rfc822-headers", "message/rfc822",
                         "message/feedback-report", "message/disposition-notification" */
    const char *text; /* its content as text, headers included */
};

struct message_ids {
    LIST(const char *)
    id; /* without <> */
};

struct letter {
    struct mail_address from;     /* the first usable From address */
    struct mail_address reply_to; /* address NULL: none */
    const char *to;               /* the To header as one decoded line, "" if none */
    const char *message_id;       /* without <>; NULL: none */
    struct message_ids in_reply_to, references;
    const char *subject; /* "" if none */
    int64_t date;        /* Date header, seconds since 1970; 0: none or nonsense */
    const char *text;    /* what a person reads, attachments left out; "" if none;
                            as plain_text_tidy leaves it: ordinary blanks, NFC */
    bool from_html;      /* `text` was made of HTML */
    struct letter_marks marks;
    LIST(struct header) headers;
    LIST(struct attachment) attachments;
    LIST(struct report_part) report_parts;
    unsigned defects; /* enum letter_defect, or-ed */
};

/* Readies GMime, once in a process, whoever calls first and however often; shut down at exit.
 * letter_read calls it; programs that start threads call it before. */
void letter_init(void);

/* `complete` false: `bytes` are only the first part of a larger mail. False is returned
 * only when `bytes` is no mail at all (empty). Among multipart/alternative the plain part
 * is taken unless it is empty or says only that HTML is needed; text/html goes through
 * html_text; several inline text parts are joined by a blank line; format=flowed
 * (RFC 3676) is unfolded; text/calendar and vCards are attachments. */
bool letter_read(struct arena *arena, const char *bytes, size_t len, bool complete, struct letter *ret,
                 struct error *err);

/* First header of that name (case does not count), or NULL. */
const char *letter_header(const struct letter *letter, const char *name);
/* The text of the first part of a report that is of this type, or NULL. */
const char *letter_report_part(const struct letter *letter, const char *type);

/* What makes two deliveries the same mail: a hash over Message-ID, From, Date, Subject and the
 * body's bytes, transport headers left out, as 32 lower-case hex digits (BLAKE2b-128 of
 * libsodium). Message-ID alone is forgeable and reused by broken clients. */
char *letter_identity(struct arena *arena, const struct letter *letter, const char *bytes, size_t len);

#endif
