/* daemon/post/compose.h: a letter's subject and text → the bytes that go to the relay. GMime is
 * known only in compose.c and parsers/mail/letter.c.
 *
 * What comes out: lines end in CRLF and have at most 998 bytes (RFC 5322 2.1.1), every byte is
 * ASCII: names and subjects as encoded words (RFC 2047), the text as UTF-8 in quoted-printable. A
 * paragraph stays one line, so that every mail program wraps it to its own window (format=flowed is
 * ignored by Outlook and by most telephones). A calendar entry goes along as text/calendar with its
 * method (RFC 6047) in a multipart/mixed: Outlook, Google and Apple show it as an appointment. */
#ifndef STADTLABOR_POST_COMPOSE_H
#define STADTLABOR_POST_COMPOSE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    COMPOSE_TEXT_MAX = 1024 * 1024, /* bytes of text */
    COMPOSE_REFERENCES_MAX = 20,    /* of more, the first and the newest are kept */
    COMPOSE_ID_MAX = 250,           /* bytes of one Message-ID */
};

enum auto_submitted {
    AUTO_NONE,      /* written by a person: no header */
    AUTO_REPLIED,   /* RFC 3834 5: an answer to a mail */
    AUTO_GENERATED, /* … not an answer: a place that became free */
};

struct outgoing_calendar {
    const char *text;   /* calendar_write */
    const char *method; /* "PUBLISH", "CANCEL" */
};

/* Message-IDs without <>. */
struct outgoing {
    const char *from_address, *from_name; /* name NULL: none */
    const char *to_address, *to_name;
    const char *subject, *text;    /* UTF-8; LF */
    const char *language;          /* "de", "en": Content-Language; NULL: none */
    const char *message_id;        /* stable: compose_message_id */
    const char *in_reply_to;       /* NULL: none */
    LIST(const char *) references; /* oldest first; in_reply_to comes last, given here or not */
    enum auto_submitted auto_submitted;
    int64_t date; /* seconds since 1970; told in Berlin's time */
    LIST(struct outgoing_calendar) calendars;
};

/* Wrong addresses, subject, text, or an own Message-ID that is none, are errors. Message-IDs of
 * others, and names, come from outside: what cannot stand in a header is left out. */
bool compose(struct arena *arena, const struct outgoing *mail, const char **ret_bytes, size_t *ret_len,
             struct error *err);

/* "Mon, 23 Nov 2026 06:00:00 +0100": in Berlin's time. */
char *compose_date(struct arena *arena, int64_t unix_seconds);

/* "3f…@domain", always the same for the same seed ("IDENTITY confirmed"); without <>. */
char *compose_message_id(struct arena *arena, const char *seed, const char *domain);

/* A text (UTF-8, one line) or a name as it stands in a header: ASCII, encoded words (RFC 2047) where it is
 * not, folded between them. */
char *compose_unstructured(struct arena *arena, const char *words);
char *compose_phrase(struct arena *arena, const char *name);

#endif
