#include "daemon/post/stream.h"

#include "base/date.h"
#include "daemon/post/stream_tls.h"

#include <errno.h>
#include <libetpan/mailstream_low.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* After BYE nothing that matters follows: this long for the rest, then it is over. */
enum { AFTER_BYE_MS = 1000 };

struct stream {
    const struct stream_settings *settings;
    int fd;
    struct tls tls;
    struct imap_wire wire;
    bool waiting;
    size_t most, received; /* bytes, since stream_expect */
    int64_t waited_ms;     /* since then */
    bool broken;
    struct error fault;
};

void stream_break(struct stream *stream, const char *why)
{
    if (!stream->broken) {
        stream->broken = true;
        fail(&stream->fault, "%s", why);
    }
}

const char *stream_fault(const struct stream *stream)
{
    return stream->broken ? stream->fault.what : NULL;
}

int stream_descriptor(const struct stream *stream)
{
    return stream->fd;
}

struct imap_wire *stream_wire(struct stream *stream)
{
    return &stream->wire;
}

bool stream_pending(const struct stream *stream)
{
    return stream->tls.session != NULL && gnutls_record_check_pending(stream->tls.session) > 0;
}

void stream_set_waiting(struct stream *stream, bool waiting)
{
    stream->waiting = waiting;
}

void stream_expect(struct stream *stream, size_t bytes)
{
    stream->most = bytes;
    stream->received = 0;
    stream->waited_ms = 0;
}

/* The longest wait for the next bytes: the timeout, less for a server that trickles. */
static int patience_ms(const struct stream *stream)
{
    int64_t timeout = (int64_t)stream->settings->timeout_s * 1000;
    int64_t left = 2 * timeout + (int64_t)stream->received - stream->waited_ms;
    left = left < timeout ? left : timeout;
    if (stream->wire.bye[0] != '\0' && left > AFTER_BYE_MS) {
        left = AFTER_BYE_MS;
    }
    return left > 0 ? (int)left : 0;
}

static void end_of_stream(struct stream *stream, const char *why)
{
    char sentence[256];
    snprintf(sentence, sizeof sentence, "the server ended the session: %s", stream->wire.bye);
    stream_break(stream, stream->wire.bye[0] != '\0' ? sentence : why);
}

/* Waits for the descriptor; a fault when nothing comes in time. */
static bool await(struct stream *stream, short events)
{
    struct pollfd pollfd = {.fd = stream->fd, .events = events};
    int64_t start = clock_monotonic_ms(), end = start + patience_ms(stream);
    int n;
    do {
        int64_t left = end - clock_monotonic_ms();
        n = poll(&pollfd, 1, left > 0 ? (int)left : 0);
    } while (n < 0 && errno == EINTR);
    stream->waited_ms += clock_monotonic_ms() - start;
    if (n <= 0) {
        char sentence[100];
        snprintf(sentence, sizeof sentence, "the server did not answer within %d seconds",
                 stream->settings->timeout_s);
        end_of_stream(stream, sentence);
        return false;
    }
    return true;
}

/* 1: try again now, 0: wait first, -1: broken. For results below 1 of TLS or a socket. */
static int judge(struct stream *stream, ssize_t code)
{
    if (stream->tls.session == NULL) {
        if (code < 0 && (errno == EAGAIN || errno == EINTR)) {
            return errno == EINTR ? 1 : 0;
        }
        end_of_stream(stream, code == 0 ? "the server closed the connection" : strerror(errno));
        return -1;
    }
    if (code == GNUTLS_E_AGAIN) {
        return 0;
    }
    if (code < 0 && gnutls_error_is_fatal((int)code) == 0) {
        return 1;
    }
    bool cut = code == GNUTLS_E_PREMATURE_TERMINATION || code == GNUTLS_E_PULL_ERROR;
    end_of_stream(stream, code == 0 || cut ? "the server closed the connection" : gnutls_strerror((int)code));
    return -1;
}

static short direction(const struct stream *stream, short otherwise)
{
    if (stream->tls.session == NULL) {
        return otherwise;
    }
    return gnutls_record_get_direction(stream->tls.session) == 0 ? POLLIN : POLLOUT;
}

static bool take(struct stream *stream, const char *bytes, size_t n)
{
    struct error err;
    stream->received += n;
    if (stream->received > stream->most) {
        stream_break(stream, "the server sends far more than was asked for");
        return false;
    }
    if (!imap_wire_feed(&stream->wire, bytes, n, &err)) {
        stream_break(stream, err.what);
        return false;
    }
    return true;
}

static ssize_t driver_read(mailstream_low *low, void *buffer, size_t size)
{
    struct stream *stream = low->data;
    while (!stream->broken) {
        ssize_t n = stream->tls.session != NULL ? gnutls_record_recv(stream->tls.session, buffer, size)
                                                : recv(stream->fd, buffer, size, 0);
        if (n > 0) {
            return take(stream, buffer, (size_t)n) ? n : -1;
        }
        int verdict = judge(stream, n);
        if (verdict == 0 && !stream->waiting) {
            return 0;
        }
        if (verdict == 0) {
            await(stream, direction(stream, POLLIN));
        }
    }
    return -1; /* never 0: libetpan would ask for ever */
}

static ssize_t driver_write(mailstream_low *low, const void *buffer, size_t size)
{
    struct stream *stream = low->data;
    size_t done = 0;
    while (done < size && !stream->broken) {
        const char *rest = (const char *)buffer + done;
        ssize_t n = stream->tls.session != NULL ? gnutls_record_send(stream->tls.session, rest, size - done)
                                                : send(stream->fd, rest, size - done, MSG_NOSIGNAL);
        if (n > 0) {
            done += (size_t)n;
            stream->received += (size_t)n / 2; /* progress too: more patience */
            stream->most += (size_t)n / 2;
        } else if (judge(stream, n) == 0) {
            await(stream, direction(stream, POLLOUT));
        }
    }
    return stream->broken ? -1 : (ssize_t)size;
}

static int driver_close(mailstream_low *low)
{
    struct stream *stream = low->data;
    stream_break(stream, "the session has been closed");
    return 0;
}

static int driver_descriptor(mailstream_low *low)
{
    const struct stream *stream = low->data;
    return stream->fd;
}

static void driver_free(mailstream_low *low)
{
    free(low);
}

mailstream_low *stream_driver(struct stream *stream)
{
    static mailstream_low_driver driver = {
        .mailstream_read = driver_read,
        .mailstream_write = driver_write,
        .mailstream_close = driver_close,
        .mailstream_get_fd = driver_descriptor,
        .mailstream_free = driver_free,
    };
    return mailstream_low_new(stream, &driver);
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
        return ntohl(in->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}

/* A peer that vanished without a word (a firewall forgot the connection) is found out by
 * the kernel during IDLE, without waking this process. */
static void set_options(int fd)
{
    const struct {
        int level, name, value;
    } options[] = {
        {IPPROTO_TCP, TCP_NODELAY, 1},    {SOL_SOCKET, SO_KEEPALIVE, 1}, {IPPROTO_TCP, TCP_KEEPIDLE, 120},
        {IPPROTO_TCP, TCP_KEEPINTVL, 30}, {IPPROTO_TCP, TCP_KEEPCNT, 4},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof options[i].value);
    }
}

static bool connect_one(struct stream *stream, const struct addrinfo *address, struct error *err)
{
    if (stream->settings->only_loopback && !is_loopback(address->ai_addr)) {
        return fail(err, "without TLS only this machine itself (127.0.0.1, ::1) may be the server");
    }
    stream->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (stream->fd < 0) {
        return fail(err, "no socket: %s", strerror(errno));
    }
    set_options(stream->fd);
    if (connect(stream->fd, address->ai_addr, address->ai_addrlen) == 0) {
        return true;
    }
    int why = errno;
    struct pollfd pollfd = {.fd = stream->fd, .events = POLLOUT};
    if (why == EINPROGRESS) {
        int64_t end = clock_monotonic_ms() + (int64_t)stream->settings->timeout_s * 1000;
        int n;
        do {
            int64_t left = end - clock_monotonic_ms();
            n = poll(&pollfd, 1, left > 0 ? (int)left : 0);
        } while (n < 0 && errno == EINTR);
        socklen_t size = sizeof why;
        if (n == 0 || getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &why, &size) != 0) {
            why = ETIMEDOUT;
        }
    }
    if (why != 0) {
        close(stream->fd);
        stream->fd = -1;
        return fail(err, "cannot connect: %s", strerror(why));
    }
    return true;
}

static bool connect_any(struct stream *stream, struct error *err)
{
    char port[16];
    snprintf(port, sizeof port, "%d", stream->settings->port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *addresses = NULL;
    int code = getaddrinfo(stream->settings->host, port, &hints, &addresses);
    if (code != 0) {
        return fail(err, "the name is not found: %s", gai_strerror(code));
    }
    bool done = false;
    for (const struct addrinfo *a = addresses; a != NULL && !done; a = a->ai_next) {
        done = connect_one(stream, a, err);
    }
    freeaddrinfo(addresses);
    return done;
}

enum stream_end stream_start_tls(struct stream *stream, struct error *err)
{
    const struct stream_settings *settings = stream->settings;
    struct tls tls;
    if (!tls_begin(&tls, stream->fd, settings->host, settings->ca_file, err)) {
        stream_break(stream, err->what);
        return STREAM_REFUSED;
    }
    stream->tls = tls;
    stream_expect(stream, 0);
    int code;
    while ((code = gnutls_handshake(tls.session)) < 0 && gnutls_error_is_fatal(code) == 0) {
        if (code == GNUTLS_E_AGAIN && !await(stream, direction(stream, POLLIN))) {
            fail(err, "%s", stream->fault.what);
            return STREAM_LOST;
        }
    }
    if (code < 0) {
        bool network = tls_explain(&stream->tls, code, settings->host, err);
        stream_break(stream, err->what);
        return network ? STREAM_LOST : STREAM_REFUSED;
    }
    return STREAM_OK;
}

enum stream_end stream_open(const struct stream_settings *settings, struct stream **ret, struct error *err)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        fail(err, "no memory");
        return STREAM_LOST;
    }
    *stream = (struct stream){.settings = settings, .fd = -1, .waiting = true};
    imap_wire_start(&stream->wire);
    enum stream_end end = STREAM_LOST;
    if (connect_any(stream, err)) {
        end = settings->tls ? stream_start_tls(stream, err) : STREAM_OK;
    }
    if (end != STREAM_OK) {
        stream_free(stream);
        return end;
    }
    *ret = stream;
    return STREAM_OK;
}

void stream_free(struct stream *stream)
{
    if (stream == NULL) {
        return;
    }
    tls_end(&stream->tls);
    if (stream->fd >= 0) {
        close(stream->fd);
    }
    free(stream);
}
