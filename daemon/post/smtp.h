/* daemon/post/smtp.h: what SMTP (RFC 5321) says, without a network.
 *
 * The sender moves bytes; here stands what they mean: which address may go into a command,
 * how a letter looks on the wire, and what became of a message when its transfer ended.
 * All functions are pure. */
#ifndef STADTLABOR_POST_SMTP_H
#define STADTLABOR_POST_SMTP_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* What became of a message. */
enum delivery {
    DELIVERY_DONE,      /* the relay said 2xx after the final dot: it is the relay's now */
    DELIVERY_PERMANENT, /* refused for good: trying again would change nothing */
    DELIVERY_LATER,     /* certainly not accepted; another try may succeed */
    DELIVERY_UNCLEAR    /* wholly handed over, but the relay's answer was never seen */
};

/* How far a message has come: the command whose answer is awaited. */
enum smtp_stage {
    SMTP_CONNECT, /* the greeting */
    SMTP_HELLO,   /* EHLO or HELO */
    SMTP_STARTTLS,
    SMTP_AUTH,
    SMTP_RSET,
    SMTP_MAIL,
    SMTP_RCPT,
    SMTP_DATA,
    SMTP_BODY, /* the letter and its final dot */
    SMTP_QUIT
};

/* The stage after a command of a connection's first part; what is no command (the lines of a
 * login) does not change it. */
enum smtp_stage smtp_stage_after(enum smtp_stage stage, const char *line, size_t len);

/* What a relay's answer to EHLO offers, as far as we use it. */
struct smtp_abilities {
    bool pipelining; /* RFC 2920 */
    bool size;       /* RFC 1870 */
    bool eight_bit;  /* RFC 6152 */
};
void smtp_ability_line(struct smtp_abilities *abilities, const char *line, size_t len);

/* The relay's answer to the last command, gathered line by line. */
enum { SMTP_WORDS_MAX = 1000 }; /* bytes that are kept of one answer */
struct smtp_reply {
    int code;      /* 0: no complete answer yet */
    char last[16]; /* "550 5.1.1 ", so that it is not repeated for each line */
    struct text words;
};
struct smtp_reply smtp_reply_new(struct arena *arena);
void smtp_reply_clear(struct smtp_reply *reply);
/* Takes one line as it came, hostile as it may be. Lines that are no SMTP answer count as words. */
void smtp_reply_line(struct smtp_reply *reply, const char *line, size_t len);
/* One line of valid UTF-8: "550 5.1.1 <a@example.org>: Recipient address rejected". */
const char *smtp_reply_words(const struct smtp_reply *reply, struct arena *arena);
/* A relay's words with "…" for each that holds an address: for logs and sums, which carry no personal data.
 */
const char *smtp_words_without_addresses(struct arena *arena, const char *words);

struct smtp_verdict {
    enum delivery delivery;
    bool relay; /* the fault is the relay's or our set-up's, not this letter's */
};

/* True when the answer lets the message go on: 354 to DATA, 2xx to all others. */
bool smtp_goes_on(enum smtp_stage stage, int code);

/* What became of the message when its transfer ended with `code` as the answer to the last
 * command of `stage` (0: no answer seen).
 *   421               later, anywhere (RFC 5321 3.8: the relay closes the connection)
 *   4xx               later; before RCPT it is no matter of this recipient
 *   5xx to RCPT, DATA or the dot: permanent; but 503 and the codes of authentication
 *                     (530, 534, 535, 538; RFC 4954) say that we are set up wrong: later
 *   552 to MAIL       permanent: the letter is too large (RFC 1870 6.1)
 *   5xx before RCPT   later, a fault of the set-up
 *   none              unclear once the whole body was written, else later */
struct smtp_verdict smtp_verdict(enum smtp_stage stage, int code, bool body_sent);

/* The address as it may stand between < and >: a local part of RFC 5321 atoms and dots, and
 * a domain in ASCII (IDNA 2008 by libidn2). Fails for everything else (control characters,
 * blanks, brackets, quotes, a missing @, too long, non-ASCII local part): such an address
 * could smuggle commands, or cannot be delivered without SMTPUTF8. */
bool smtp_address(struct arena *arena, const char *address, const char **ret, struct error *err);

/* A letter as it goes over the wire: CRLF line ends, dots stuffed (RFC 5321 4.5.2), the final
 * dot behind it. Bare CR and bare LF become CRLF: what relays make of those differs, and
 * letters have been smuggled through the difference. */
struct smtp_wire {
    const char *bytes;
    size_t len;
    size_t size; /* the letter itself, for SIZE= */
    bool eight_bit;
};
struct smtp_wire smtp_wire(struct arena *arena, const char *letter, size_t len);

/* The commands before the letter, in their order. */
struct smtp_command {
    enum smtp_stage stage;
    const char *line;
};
enum { SMTP_COMMANDS_MAX = 4 };
/* `from` NULL: null sender. `reset`: a refused message stands in the way. Returns their number. */
int smtp_commands(struct arena *arena, const char *from, const char *to, const struct smtp_wire *wire,
                  const struct smtp_abilities *abilities, bool reset,
                  struct smtp_command ret[SMTP_COMMANDS_MAX]);

#endif
