#include "daemon/post/sender_slot.h"

#include "base/date.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { QUIT_WAIT_S = 1 };

static bool on_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* What libcurl tells while it connects. */

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    struct sender *sender = ctx;
    if (sender->settings.tls == TLS_NONE && !on_loopback(&address->addr)) {
        sender->not_loopback = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_reply(char *line, size_t size, size_t count, void *ctx)
{
    struct slot *slot = ctx;
    if (slot->quit_told == 0) {
        smtp_reply_line(&slot->reply, line, size * count);
        if (slot->stage == SMTP_HELLO) {
            smtp_ability_line(&slot->abilities, line, size * count);
        }
    }
    return size * count;
}

/* Some of the commands carry the password: only their verbs are looked at. After a refusal
 * libcurl says QUIT by itself; the stage stays that of the refused command. */
static int watch_commands(CURL *easy, curl_infotype type, char *data, size_t len, void *ctx)
{
    (void)easy;
    struct slot *slot = ctx;
    if (type != CURLINFO_HEADER_OUT || slot->quit_told != 0) {
        return 0;
    }
    enum smtp_stage stage = smtp_stage_after(slot->stage, data, len);
    if (stage == SMTP_QUIT) {
        slot->quit_told = (time_t)(clock_monotonic_ms() / 1000) + 1;
        return 0;
    }
    if (stage == SMTP_HELLO) { /* what was offered before STARTTLS does not count */
        slot->abilities = (struct smtp_abilities){0};
    }
    slot->stage = stage;
    smtp_reply_clear(&slot->reply);
    return 0;
}

/* Called about once a second while libcurl blocks: the answer to its QUIT is not worth a stall. */
static int watch_time(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const struct slot *slot = ctx;
    return slot->quit_told != 0 && clock_monotonic_ms() / 1000 + 1 - slot->quit_told >= QUIT_WAIT_S;
}

/* Making the handle. */

static bool set_url(struct sender *sender, CURL *easy)
{
    const struct sender_settings *s = &sender->settings;
    bool v6 = strchr(s->host, ':') != NULL;
    char *url =
        arena_printf(sender->arena, "%s://%s%s%s:%d/%s", s->tls == TLS_IMPLICIT ? "smtps" : "smtp",
                     v6 ? "[" : "", s->host, v6 ? "]" : "", s->port, s->helo == NULL ? "localhost" : s->helo);
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
}

static void set_connection(struct sender *sender, CURL *easy)
{
    const struct sender_settings *s = &sender->settings;
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a hanging DNS does not hang a stop */
    curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(s->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (s->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)s->timeout_s);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)s->timeout_s);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sender);
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
    curl_easy_setopt(slot->easy, CURLOPT_HEADERFUNCTION, take_reply);
    curl_easy_setopt(slot->easy, CURLOPT_HEADERDATA, slot);
    curl_easy_setopt(slot->easy, CURLOPT_XFERINFOFUNCTION, watch_time);
    curl_easy_setopt(slot->easy, CURLOPT_XFERINFODATA, slot);
    curl_easy_setopt(slot->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(slot->easy, CURLOPT_DEBUGFUNCTION, watch_commands);
    curl_easy_setopt(slot->easy, CURLOPT_DEBUGDATA, slot);
    return true;
}

void slot_free(struct slot *slot)
{
    slot_close(slot, true);
    curl_easy_cleanup(slot->easy);
    arena_free(slot->arena);
}

/* The open line. */

bool slot_connect(struct slot *slot, struct error *err)
{
    slot->abilities = (struct smtp_abilities){0};
    slot->used = slot->needs_reset = false;
    slot->in_len = 0;
    slot->quit_told = 0;
    slot->stage = SMTP_CONNECT;
    slot->curl_words[0] = '\0';
    smtp_reply_clear(&slot->reply);
    curl_easy_setopt(slot->easy, CURLOPT_VERBOSE, 1L); /* the debug function sees the commands */
    if (curl_multi_add_handle(slot->sender->multi, slot->easy) != CURLM_OK) {
        return fail(err, "libcurl refuses to connect");
    }
    slot->line = LINE_CONNECTING;
    return true;
}

bool slot_connected(struct slot *slot, CURLcode code)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (code == CURLE_OK && curl_easy_getinfo(slot->easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
        fd != CURL_SOCKET_BAD) {
        curl_easy_setopt(slot->easy, CURLOPT_VERBOSE, 0L);
        slot->line = LINE_OPEN;
        slot->fd = fd;
        return true;
    }
    return false;
}

/* The handle stays with libcurl while its connection is used; taking it away closes it. */
void slot_close(struct slot *slot, bool polite)
{
    if (slot->line == LINE_CLOSED) {
        return;
    }
    if (slot->line == LINE_OPEN && polite) {
        size_t sent;
        slot_send(slot, "QUIT\r\n", 6, &sent);
    }
    curl_multi_remove_handle(slot->sender->multi, slot->easy);
    slot->line = LINE_CLOSED;
}

CURLcode slot_send(struct slot *slot, const char *bytes, size_t len, size_t *ret_sent)
{
    return curl_easy_send(slot->easy, bytes, len, ret_sent);
}

CURLcode slot_receive(struct slot *slot, char *bytes, size_t room, size_t *ret_len)
{
    return curl_easy_recv(slot->easy, bytes, room, ret_len);
}

/* What went wrong, in words. */

bool slot_letter_sent(const struct slot *slot)
{
    return slot->line == LINE_OPEN && slot->stage == SMTP_BODY && slot->out_len == 0;
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

static const char *unreachable_words(const struct slot *slot)
{
    const struct sender_settings *s = &slot->sender->settings;
    if (slot->sender->not_loopback) {
        return arena_printf(slot->arena, "without TLS nothing is sent but to this machine itself, not to %s",
                            s->host);
    }
    return arena_printf(slot->arena, "the relay %s:%d cannot be reached", s->host, s->port);
}

const char *slot_what_happened(const struct slot *slot, CURLcode code)
{
    static const char *const when[] = {
        [SMTP_CONNECT] = "before it greeted",
        [SMTP_HELLO] = "after EHLO",
        [SMTP_STARTTLS] = "after STARTTLS",
        [SMTP_AUTH] = "during the login",
        [SMTP_RSET] = "after RSET",
        [SMTP_MAIL] = "after MAIL FROM",
        [SMTP_RCPT] = "after RCPT TO",
        [SMTP_DATA] = "after DATA",
        [SMTP_BODY] = "while the letter was handed over",
    };
    const char *then = slot_letter_sent(slot) ? "after the letter was handed over" : when[slot->stage];
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
        return certificate_words(slot);
    case CURLE_USE_SSL_FAILED:
        return "the relay offers no STARTTLS; nothing is sent in the clear";
    case CURLE_COULDNT_RESOLVE_HOST:
        return arena_printf(slot->arena, "the relay's name %s is not known", slot->sender->settings.host);
    case CURLE_COULDNT_CONNECT:
        return unreachable_words(slot);
    case CURLE_SSL_CONNECT_ERROR:
        return arena_printf(slot->arena, "no TLS with the relay: %s", slot->curl_words);
    case CURLE_OPERATION_TIMEDOUT:
        return arena_printf(slot->arena, "the relay gave no answer in time, %s", then);
    case CURLE_LOGIN_DENIED:
        return "relay and settings share no way of logging in";
    case CURLE_WEIRD_SERVER_REPLY:
        return arena_printf(slot->arena, "the relay does not speak SMTP, %s", then);
    default:
        return arena_printf(slot->arena, "the connection to the relay was lost %s", then);
    }
}

/* The relay's own words, or what libcurl's code means. */
const char *slot_why_not_connected(const struct slot *slot, CURLcode code)
{
    return slot->reply.code >= 400 ? smtp_reply_words(&slot->reply, slot->arena)
                                   : slot_what_happened(slot, code);
}
