/* daemon/post/stream_tls.h: what GnuTLS needs to trust a server, and the sentence when it
 * does not. Part of stream.c; nobody else includes it. */
#ifndef STADTLABOR_POST_STREAM_TLS_H
#define STADTLABOR_POST_STREAM_TLS_H

#include "base/error.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>

struct tls {
    gnutls_session_t session; /* NULL: not begun */
    gnutls_certificate_credentials_t credentials;
};

/* A session on the non-blocking descriptor, not yet shaken hands: TLS 1.2 or later, chain
 * and host name checked within the handshake (RFC 6125). */
bool tls_begin(struct tls *tls, int fd, const char *host, const char *ca_file, struct error *err);

/* Why the handshake failed with `code`. True when it was the network that failed. */
bool tls_explain(const struct tls *tls, int code, const char *host, struct error *err);

void tls_end(struct tls *tls); /* tells the peer without waiting; then frees */

#endif
