/* daemon/post/mailbox.h: the lab's mailbox, by IMAP (libetpan is known only in mailbox*.c
 * and stream.c).
 *
 * One `struct mailbox` is one session: connected, verified, logged in, folders made, INBOX
 * selected. After any result but MAILBOX_OK of a function that can say MAILBOX_LOST, close
 * it and open another, waiting as daemon/post/backoff.h says; after MAILBOX_REFUSED of
 * mailbox_move or mailbox_append_sent the session still works.
 *
 * People use the mailbox at the same time: a mail that was moved, flagged or deleted
 * meanwhile is no error anywhere. Not thread-safe: one thread at a time uses a session. */
#ifndef STADTLABOR_POST_MAILBOX_H
#define STADTLABOR_POST_MAILBOX_H

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "daemon/post/backoff.h"
#include "daemon/post/tls_kind.h"
#include "daemon/post/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Strings must live as long as the session. Names of folders are UTF-8; in `inbox`, `root`
 * and `sent` a "/" separates levels, whatever the server's own separator is. */
struct mailbox_settings {
    const char *host; /* the certificate must be made out to it */
    int port;
    enum tls_kind tls;
    const char *ca_file; /* PEM; NULL: the system's authorities */
    const char *user;
    const char *password_file;             /* its first line, read at each login */
    struct token_settings *token;          /* XOAUTH2; NULL: password */
    const char *inbox;                     /* "INBOX" */
    const char *root;                      /* "Stadtlabor" */
    const char *done, *review, *automatic; /* below root: "Erledigt", "Prüfen", "Automatisch" */
    const char *sent;                      /* NULL: the special use \Sent, else by its usual names */
    size_t size_most;                      /* bytes; of a larger mail only … */
    size_t head_bytes;                     /* … this first part is fetched */
    int batch;                             /* mails a command, 1 to 500 */
    int timeout_s;                         /* for connection, handshake and each answer; not for DNS */
    int idle_renew_s;                      /* below 29 minutes (RFC 2177) */
    int look_s;                            /* how often others look into the folders besides the INBOX */
    int poll_s;                            /* where the server has no IDLE */
};

struct mailbox;

enum mailbox_fault {
    MAILBOX_OK,
    MAILBOX_LOST,   /* network, BYE, timeout: connect again after a while */
    MAILBOX_REFUSED /* certificate, login, folder, quota: a person must act; retry slowly */
};

enum mailbox_fault mailbox_open(const struct mailbox_settings *settings, struct mailbox **ret,
                                struct error *err);
void mailbox_close(struct mailbox *mailbox); /* says LOGOUT if it can; NULL is allowed */

/* A UID means a mail only together with this number (RFC 3501 2.3.1.1). */
uint32_t mailbox_uidvalidity(const struct mailbox *mailbox);

struct mailbox_uid {
    uint32_t uid;
    uint32_t size; /* RFC822.SIZE, bytes */
};

struct uids {
    LIST(struct mailbox_uid);
};

/* The mails in INBOX above `after_uid` that are not \Deleted, ascending. Holds until the next list, or the
 * end. */
enum mailbox_fault mailbox_list(struct mailbox *mailbox, uint32_t after_uid, struct uids *ret,
                                struct error *err);

struct mailbox_item {
    uint32_t uid;
    uint32_t size; /* RFC822.SIZE */
    bool seen;
    const char *bytes; /* valid until the callback returns; may hold NUL */
    size_t len;
    bool complete; /* false: only the first part; with len 0: the server cannot give it */
};

/* Hands over each mail, one FETCH for up to `batch` of them, one mail in memory at a time;
 * by ascending UID, those above `size_most` last.
 * Vanished mails are simply not delivered. Never sets \Seen. When `each` returns false the
 * rest is not delivered. `each` must not use the mailbox. */
enum mailbox_fault mailbox_fetch(struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                 bool (*each)(void *ctx, const struct mailbox_item *item), void *ctx,
                                 struct error *err);

enum mailbox_folder { FOLDER_DONE, FOLDER_REVIEW, FOLDER_AUTOMATIC, FOLDER_SENT /* only to look into */ };

/* UID MOVE (RFC 6851); else COPY, \Deleted, UID EXPUNGE of those alone; without UIDPLUS
 * (RFC 4315) EXPUNGE only if no other mail is marked \Deleted, else they stay marked.
 * What goes to DONE or AUTOMATIC is marked \Seen before; what goes to REVIEW stays as it
 * is. A folder that someone has removed is made again. The UIDs are of mails that were there
 * at mailbox_open or were listed since: later ones a server need not know yet. */
enum mailbox_fault mailbox_move(struct mailbox *mailbox, const uint32_t *uids, size_t n,
                                enum mailbox_folder folder, struct error *err);

/* Files a copy of a sent mail, marked \Seen. Bare LF becomes CRLF on the way. */
enum mailbox_fault mailbox_append_sent(struct mailbox *mailbox, const char *bytes, size_t len,
                                       struct error *err);

/* Does the sent folder hold a mail with this Message-ID ("<…>")? */
enum mailbox_fault mailbox_sent_has(struct mailbox *mailbox, const char *message_id, bool *ret,
                                    struct error *err);

/* --- The other folders, in which people work too (mailbox_look.c). --- */

/* How far a folder was looked through: what comes to it has a UID of `next` or above. */
struct mailbox_mark {
    uint32_t uidvalidity, next;
};
enum mailbox_fault mailbox_mark(struct mailbox *mailbox, enum mailbox_folder folder, struct mailbox_mark *ret,
                                struct error *err);

/* Selects it in place of the INBOX: mailbox_heads, _fetch and _move (unless `only_look`) are about its mails
 * then, until mailbox_leave selects the INBOX again; nothing else of the session works in between. After a
 * failed visit the INBOX is selected, or the session is lost. */
enum mailbox_fault mailbox_visit(struct mailbox *mailbox, enum mailbox_folder folder, bool only_look,
                                 struct error *err);
/* Returns what came of the visit, whose error stands; MAILBOX_LOST where the INBOX is another one now, or
 * cannot be opened. */
enum mailbox_fault mailbox_leave(struct mailbox *mailbox, enum mailbox_fault visited, struct error *err);

/* What a mail's headers say; ids without <>, NULL: none. */
struct mailbox_head {
    uint32_t uid, size;
    const char *message_id, *answers; /* In-Reply-To, else the last of References */
    const char *subject, *to;         /* decoded, "" if none; `to`: To and Cc */
    bool automatic;                   /* a program sent it (RFC 3834) */
};

struct mailbox_heads {
    LIST(struct mailbox_head) head;
};

/* Of the mails from `from` on that are not \Deleted. */
enum mailbox_fault mailbox_heads(struct mailbox *mailbox, struct arena *arena, uint32_t from,
                                 struct mailbox_heads *ret, struct error *err);

/* The mails of the visited folder that may be that one: with its Message-ID (without <>), or of its size
 * where it has none that can be searched for. Only their UIDs are told. */
enum mailbox_fault mailbox_visited_like(struct mailbox *mailbox, struct arena *arena, const char *message_id,
                                        uint32_t size, struct uids *ret, struct error *err);

enum mailbox_wait { WAIT_NEWS, WAIT_WOKEN, WAIT_TIMEOUT, WAIT_LOST };

/* Waits until mails have come since the last mailbox_list began (or the session, if there
 * was none), `wake_fd` (-1: none) is readable (it is not read), or `most_s` have passed.
 * By IDLE, renewed every `idle_renew_s`; else by NOOP every `poll_s`. */
enum mailbox_wait mailbox_wait(struct mailbox *mailbox, int wake_fd, int most_s, struct error *err);

#endif
