/* daemon/post/tls_kind.h: how a connection to a mail server is protected. */
#ifndef STADTLABOR_POST_TLS_KIND_H
#define STADTLABOR_POST_TLS_KIND_H

/* Both forms of TLS verify the server's chain and name; there is no form that does not. */
enum tls_kind {
    TLS_IMPLICIT, /* TLS from the first byte (RFC 8314): IMAP 993, submission 465 */
    TLS_STARTTLS, /* plain greeting, then TLS or nothing: IMAP 143, submission 587 */
    TLS_NONE      /* a server on the loopback interface only */
};

#endif
