/* daemon/post/stream.h: the connection below libetpan: TCP, verified TLS, bounds.
 *
 * libetpan's own drivers verify neither certificate nor host name, and spin when a plain
 * connection drops inside a literal. This one verifies both, waits with poll(2) and a
 * deadline, and looks at every byte the server sends (daemon/post/imap_wire.h).
 *
 * The first fault of a connection is kept as a sentence; after it every read and write
 * fails at once. Not thread-safe: one stream belongs to one thread. */
#ifndef STADTLABOR_POST_STREAM_H
#define STADTLABOR_POST_STREAM_H

#include "base/error.h"
#include "daemon/post/imap_wire.h"

#include <libetpan/mailstream.h>
#include <stdbool.h>
#include <stddef.h>

struct stream;

struct stream_settings {
    const char *host; /* name or address; the certificate must be made out to it */
    int port;
    bool tls;            /* from the first byte; else stream_start_tls later, or never */
    bool only_loopback;  /* refuse every peer that is not this machine */
    const char *ca_file; /* PEM; NULL: the system's authorities */
    int timeout_s;       /* for the connection, the handshake, and each wait for bytes */
};

enum stream_end {
    STREAM_OK,
    STREAM_LOST,   /* network: another try may work */
    STREAM_REFUSED /* TLS: this server is not to be trusted with a password */
};

/* Connects. The settings must live as long as the stream. */
enum stream_end stream_open(const struct stream_settings *settings, struct stream **ret, struct error *err);

/* From plain to TLS on the same connection (after the server's OK to STARTTLS). */
enum stream_end stream_start_tls(struct stream *stream, struct error *err);

/* Closes and frees; NULL is allowed. mailstream_close on its driver only closes. */
void stream_free(struct stream *stream);

/* A driver object for mailstream_new; libetpan owns it, it refers to `stream`. */
mailstream_low *stream_driver(struct stream *stream);

/* Before each command: the server may answer with at most `bytes`, and slower than about
 * 1 KB/s only for the time of two timeouts. More is a fault. */
void stream_expect(struct stream *stream, size_t bytes);

/* While false a read takes what is there and yields 0 instead of waiting. */
void stream_set_waiting(struct stream *stream, bool waiting);

/* True when bytes lie decrypted in the TLS layer, where poll(2) does not see them. */
bool stream_pending(const struct stream *stream);

int stream_descriptor(const struct stream *stream);
struct imap_wire *stream_wire(struct stream *stream);

/* Declares the connection unusable, for the reason given unless it has one already. */
void stream_break(struct stream *stream, const char *why);
const char *stream_fault(const struct stream *stream); /* NULL: none so far */

#endif
