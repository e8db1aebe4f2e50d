#include "daemon/post/sender_slot.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { QUIT_WAIT_S = 1 };

/* Sockets are known by number, so that another thread can shut them. A connection holds one,
 * or while it is being made one per address family. */

static bool on_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct sender *sender = ctx;
    if (sender->settings.tls == TLS_NONE && !on_loopback(&address->addr)) {
        sender->not_loopback = true;
        return CURL_SOCKET_BAD;
    }
    int fd = CURL_SOCKET_BAD;
    pthread_mutex_lock(&sender->lock);
    if (!sender->interrupted && sender->n_sockets < (int)(sizeof sender->sockets / sizeof(int))) {
        fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        if (fd >= 0) {
            sender->sockets[sender->n_sockets++] = fd;
        }
    }
    pthread_mutex_unlock(&sender->lock);
    return fd;
}

static int close_socket(void *ctx, curl_socket_t fd)
{
    struct sender *sender = ctx;
    pthread_mutex_lock(&sender->lock);
    for (int i = 0; i < sender->n_sockets; i++) {
        if (sender->sockets[i] == fd) {
            sender->sockets[i] = sender->sockets[--sender->n_sockets];
            break;
        }
    }
    close(fd);
    pthread_mutex_unlock(&sender->lock);
    return 0;
}

void sender_shut_sockets(struct sender *sender, int how)
{
    pthread_mutex_lock(&sender->lock);
    for (int i = 0; i < sender->n_sockets; i++) {
        shutdown(sender->sockets[i], how);
    }
    pthread_mutex_unlock(&sender->lock);
}

/* What libcurl tells while it works. */

static size_t give_body(char *to, size_t size, size_t count, void *ctx)
{
    struct slot *slot = ctx;
    size_t len = slot->body.len - slot->read;
    if (len > size * count) {
        len = size * count;
    }
    memcpy(to, slot->body.bytes + slot->read, len);
    slot->read += len;
    return len;
}

static size_t take_reply(char *line, size_t size, size_t count, void *ctx)
{
    struct slot *slot = ctx;
    if (slot->quit_told == 0) {
        slot->heard = true;
        smtp_reply_line(&slot->reply, line, size * count);
        if (slot->stage == SMTP_DATA && slot->reply.code == 354) {
            slot->stage = SMTP_BODY;
            smtp_reply_clear(&slot->reply);
        }
    }
    return size * count;
}

static time_t monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1;
}

/* Some of the commands carry the password: only their verbs are looked at. After a refusal
 * libcurl says QUIT by itself; the stage stays that of the refused command. */
static int watch_commands(CURL *easy, curl_infotype type, char *data, size_t len, void *ctx)
{
    (void)easy;
    struct slot *slot = ctx;
    if (type == CURLINFO_DATA_OUT) {
        slot->written += len;
    } else if (type == CURLINFO_HEADER_OUT && slot->quit_told == 0) {
        enum smtp_stage stage = smtp_stage_after(slot->stage, data, len);
        if (stage == SMTP_QUIT) {
            slot->quit_told = monotonic_s();
        } else {
            slot->stage = stage;
            smtp_reply_clear(&slot->reply);
        }
    }
    return 0;
}

/* Called about once a second while libcurl blocks: the answer to QUIT is not worth a stall. */
static int watch_time(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const struct slot *slot = ctx;
    return slot->quit_told != 0 && monotonic_s() - slot->quit_told >= QUIT_WAIT_S;
}

/* Making and keeping the handles. */

static bool set_url(struct sender *sender, CURL *easy)
{
    const struct sender_settings *s = &sender->settings;
    bool v6 = strchr(s->host, ':') != NULL;
    char *url =
        arena_printf(sender->arena, "%s://%s%s%s:%d/%s", s->tls == TLS_IMPLICIT ? "smtps" : "smtp",
                     v6 ? "[" : "", s->host, v6 ? "]" : "", s->port, s->helo == NULL ? "localhost" : s->helo);
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
}

static void set_connection(const struct sender *sender, CURL *easy)
{
    const struct sender_settings *s = &sender->settings;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(s->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (s->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    long timeout = s->timeout_s;
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, timeout);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, timeout);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, timeout);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sender);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, sender);
}

void slot_set_login(struct slot *slot)
{
    const struct sender *sender = slot->sender;
    if (sender->settings.user == NULL) {
        return;
    }
    curl_easy_setopt(slot->easy, CURLOPT_USERNAME, sender->settings.user);
    curl_easy_setopt(slot->easy, CURLOPT_SASL_IR, 1L);
    if (sender->settings.token != NULL) {
        curl_easy_setopt(slot->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
    } else {
        curl_easy_setopt(slot->easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
        curl_easy_setopt(slot->easy, CURLOPT_PASSWORD, sender->password);
    }
}

bool slot_new(struct sender *sender, struct slot *slot)
{
    slot->sender = sender;
    slot->arena = arena_new();
    slot->easy = curl_easy_init();
    if (slot->easy == NULL || !set_url(sender, slot->easy)) {
        return false;
    }
    set_connection(sender, slot->easy);
    slot_set_login(slot);
    curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot);
    curl_easy_setopt(slot->easy, CURLOPT_ERRORBUFFER, slot->curl_words);
    curl_easy_setopt(slot->easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(slot->easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(slot->easy, CURLOPT_READDATA, slot);
    curl_easy_setopt(slot->easy, CURLOPT_HEADERFUNCTION, take_reply);
    curl_easy_setopt(slot->easy, CURLOPT_HEADERDATA, slot);
    curl_easy_setopt(slot->easy, CURLOPT_XFERINFOFUNCTION, watch_time);
    curl_easy_setopt(slot->easy, CURLOPT_XFERINFODATA, slot);
    curl_easy_setopt(slot->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(slot->easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(slot->easy, CURLOPT_DEBUGFUNCTION, watch_commands);
    curl_easy_setopt(slot->easy, CURLOPT_DEBUGDATA, slot);
    return true;
}

/* The bits of gnutls_certificate_status_t that libcurl's GnuTLS flavour hands through. */
enum { CERT_REVOKED = 1 << 5, CERT_SIGNER_UNKNOWN = 1 << 6, CERT_NOT_YET = 1 << 9, CERT_EXPIRED = 1 << 10 };

static const char *certificate_words(const struct slot *slot)
{
    const struct sender_settings *s = &slot->sender->settings;
    long bits = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_SSL_VERIFYRESULT, &bits);
    if (bits == 0) {
        return arena_printf(slot->arena, "the relay's certificate is not for %s (wrong host)", s->host);
    }
    return arena_printf(slot->arena, "the relay's certificate %s",
                        (bits & CERT_EXPIRED) != 0          ? "has expired"
                        : (bits & CERT_NOT_YET) != 0        ? "is not valid yet"
                        : (bits & CERT_REVOKED) != 0        ? "is revoked"
                        : (bits & CERT_SIGNER_UNKNOWN) != 0 ? "is self-signed or of an unknown authority"
                                                            : "does not hold");
}

bool slot_body_sent(const struct slot *slot)
{
    return slot->written >= slot->body.stuffed;
}

const char *slot_what_happened(const struct slot *slot, CURLcode code)
{
    static const char *const when[] = {
        [SMTP_CONNECT] = "before it greeted", [SMTP_HELLO] = "after EHLO",
        [SMTP_STARTTLS] = "after STARTTLS",   [SMTP_AUTH] = "during the login",
        [SMTP_MAIL] = "after MAIL FROM",      [SMTP_RCPT] = "after RCPT TO",
        [SMTP_DATA] = "after DATA",           [SMTP_BODY] = "while the letter was handed over"};
    const struct sender_settings *s = &slot->sender->settings;
    const char *then = slot_body_sent(slot) ? "after the letter was handed over" : when[slot->stage];
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
        return certificate_words(slot);
    case CURLE_USE_SSL_FAILED:
        return "the relay offers no STARTTLS; nothing is sent in the clear";
    case CURLE_COULDNT_RESOLVE_HOST:
        return arena_printf(slot->arena, "the relay's name %s is not known", s->host);
    case CURLE_COULDNT_CONNECT:
        if (slot->sender->not_loopback) {
            return arena_printf(slot->arena,
                                "without TLS nothing is sent but to this machine itself, not to %s", s->host);
        }
        return arena_printf(slot->arena, "the relay %s:%d cannot be reached", s->host, s->port);
    case CURLE_SSL_CONNECT_ERROR:
        return arena_printf(slot->arena, "no TLS with the relay: %s", slot->curl_words);
    case CURLE_OPERATION_TIMEDOUT:
        return arena_printf(slot->arena, "the relay gave no answer in time, %s", then);
    case CURLE_LOGIN_DENIED:
        return "relay and settings share no way of logging in";
    default:
        return arena_printf(slot->arena, "the connection to the relay was lost %s", then);
    }
}

void slot_begin_try(struct slot *slot)
{
    slot->read = slot->written = 0;
    slot->stage = SMTP_CONNECT;
    slot->heard = false;
    slot->quit_told = 0;
    slot->curl_words[0] = '\0';
    smtp_reply_clear(&slot->reply);
}
