/* daemon/post/imap_wire.h: a look at the bytes an IMAP server sends, before libetpan.
 *
 * Follows lines and literals (RFC 3501 4.3) and refuses what libetpan 1.9.4 cannot take
 * from a hostile server: literals and lines beyond a bound (it allocates a literal at
 * its announced size), and deeply nested parentheses (its parsers recurse). It also notes
 * what libetpan forgets or hides: the words of BYE, and new mails told at any moment
 * (an EXISTS before "+ idling" is dropped by mailimap_idle). Pure: no I/O. */
#ifndef STADTLABOR_POST_IMAP_WIRE_H
#define STADTLABOR_POST_IMAP_WIRE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMAP_LINE_MOST = 1024 * 1024,  /* bytes; a SEARCH answer is one line */
    IMAP_LITERAL_MOST = 64 * 1024, /* bytes, where no mail was asked for */
    IMAP_PARENTHESES_MOST = 100    /* in one line outside its literals */
};

struct imap_wire {
    uint64_t literal_most; /* bytes; set by whoever asks for mails */
    uint32_t exists;       /* mails in the selected folder, as told */
    bool news;             /* more than before; cleared by whoever has looked */
    char bye[160];         /* the server's words, "" while it said none */

    /* inside */
    uint64_t literal_left;
    size_t lines, line_len;
    int parentheses;
    bool in_code, code_quotes; /* within "[…]"; with a quoted string or literal in there */
    char head[160];            /* the line's first bytes */
    size_t head_len;
    char tail[16]; /* its last bytes */
    size_t tail_len;
};

void imap_wire_start(struct imap_wire *wire);

/* False at the first thing that is refused, with a sentence. */
bool imap_wire_feed(struct imap_wire *wire, const char *bytes, size_t len, struct error *err);

#endif
