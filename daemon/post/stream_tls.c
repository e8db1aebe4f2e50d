#include "daemon/post/stream_tls.h"

#include "base/arena.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

/* RFC 8996 retired everything older than TLS 1.2. */
static const char priority[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

static bool is_address(const char *host)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static bool load_authorities(struct tls *tls, const char *ca_file, struct error *err)
{
    if (ca_file == NULL) {
        return gnutls_certificate_set_x509_system_trust(tls->credentials) > 0 ||
               fail(err, "the system's certificate authorities are missing; right would be the package "
                         "ca-certificates, or a file of one's own");
    }
    int n = gnutls_certificate_set_x509_trust_file(tls->credentials, ca_file, GNUTLS_X509_FMT_PEM);
    return n > 0 || fail(err, "%s: no certificate authority could be read: %s", ca_file,
                         n < 0 ? gnutls_strerror(n) : "the file holds none");
}

bool tls_begin(struct tls *tls, int fd, const char *host, const char *ca_file, struct error *err)
{
    bool done = false;
    *tls = (struct tls){0};
    int code = gnutls_certificate_allocate_credentials(&tls->credentials);
    if (code < 0) {
        fail(err, "TLS cannot be prepared: %s", gnutls_strerror(code));
        goto cleanup;
    }
    if (!load_authorities(tls, ca_file, err)) {
        goto cleanup;
    }
    code = gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    if (code >= 0) {
        code = gnutls_priority_set_direct(tls->session, priority, NULL);
    }
    if (code >= 0) {
        code = gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
    }
    if (code >= 0 && !is_address(host)) { /* RFC 6066 3: names only */
        code = gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, host, strlen(host));
    }
    if (code < 0) {
        fail(err, "TLS cannot be prepared: %s", gnutls_strerror(code));
        goto cleanup;
    }
    gnutls_session_set_verify_cert(tls->session, host, 0);
    gnutls_transport_set_int(tls->session, fd);
    done = true;
cleanup:
    if (!done) {
        tls_end(tls);
    }
    return done;
}

void tls_end(struct tls *tls)
{
    if (tls->session != NULL) {
        gnutls_bye(tls->session, GNUTLS_SHUT_WR);
        gnutls_deinit(tls->session);
    }
    if (tls->credentials != NULL) {
        gnutls_certificate_free_credentials(tls->credentials);
    }
    *tls = (struct tls){0};
}

static const char *day_of(struct arena *arena, time_t when)
{
    struct tm tm;
    char day[32];
    if (when == (time_t)-1 || gmtime_r(&when, &tm) == NULL || strftime(day, sizeof day, "%F", &tm) == 0) {
        return "an unknown day";
    }
    return arena_strdup(arena, day);
}

/* The first DNS name of the certificate, else its subject. */
static const char *made_out_to(struct arena *arena, gnutls_x509_crt_t certificate)
{
    char name[256];
    for (unsigned i = 0; i < 100; i++) {
        size_t size = sizeof name - 1;
        int type = gnutls_x509_crt_get_subject_alt_name(certificate, i, name, &size, NULL);
        if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
            break;
        }
        if (type == GNUTLS_SAN_DNSNAME) {
            return arena_strndup(arena, name, size);
        }
    }
    size_t size = sizeof name;
    return gnutls_x509_crt_get_dn(certificate, name, &size) >= 0 ? arena_strndup(arena, name, size)
                                                                 : "nobody";
}

static const char *issuer_of(struct arena *arena, gnutls_x509_crt_t certificate)
{
    char name[256];
    size_t size = sizeof name;
    return gnutls_x509_crt_get_issuer_dn(certificate, name, &size) >= 0 ? arena_strndup(arena, name, size)
                                                                        : "nobody";
}

static void add_reason(struct text *reasons, const char *reason)
{
    text_add(reasons, reasons->len > 0 ? "; " : "");
    text_add(reasons, reason);
}

static void add_reasons(struct text *reasons, gnutls_x509_crt_t certificate, unsigned status,
                        const char *host)
{
    struct arena *arena = reasons->arena;
    if (status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA)) {
        bool self = gnutls_x509_crt_check_issuer(certificate, certificate) != 0;
        add_reason(reasons, self ? "it is self-signed, no authority known here vouches for it"
                                 : arena_printf(arena, "its issuer is unknown here (%s)",
                                                issuer_of(arena, certificate)));
    }
    if (status & GNUTLS_CERT_UNEXPECTED_OWNER) {
        add_reason(reasons, arena_printf(arena, "it is made out to another host (%s), not to %s",
                                         made_out_to(arena, certificate), host));
    }
    const char *from = day_of(arena, gnutls_x509_crt_get_activation_time(certificate));
    const char *to = day_of(arena, gnutls_x509_crt_get_expiration_time(certificate));
    if (status & GNUTLS_CERT_EXPIRED) {
        add_reason(reasons, arena_printf(arena, "it has expired (valid from %s to %s)", from, to));
    }
    if (status & GNUTLS_CERT_NOT_ACTIVATED) {
        add_reason(reasons, arena_printf(arena, "it is not yet valid (valid from %s to %s)", from, to));
    }
    if (status & GNUTLS_CERT_REVOKED) {
        add_reason(reasons, "it has been revoked");
    }
    if (status & GNUTLS_CERT_INSECURE_ALGORITHM) {
        add_reason(reasons, "it uses an algorithm that is no longer safe");
    }
    if (reasons->len == 0) {
        add_reason(reasons, "its chain of signatures does not hold");
    }
}

static void explain_certificate(const struct tls *tls, const char *host, struct error *err)
{
    unsigned n = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(tls->session, &n);
    gnutls_x509_crt_t certificate = NULL;
    if (chain == NULL || n == 0 || gnutls_x509_crt_init(&certificate) < 0) {
        fail(err, "the server shows no certificate");
        return;
    }
    struct arena *arena = arena_new();
    struct text reasons = text_new(arena, 2000);
    if (gnutls_x509_crt_import(certificate, &chain[0], GNUTLS_X509_FMT_DER) < 0) {
        add_reason(&reasons, "it cannot be read");
    } else {
        add_reasons(&reasons, certificate, gnutls_session_get_verify_cert_status(tls->session), host);
    }
    fail(err, "the server's certificate is refused: %s", reasons.s);
    arena_free(arena);
    gnutls_x509_crt_deinit(certificate);
}

bool tls_explain(const struct tls *tls, int code, const char *host, struct error *err)
{
    bool alert = code == GNUTLS_E_FATAL_ALERT_RECEIVED;
    switch (code) {
    case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
    case GNUTLS_E_CERTIFICATE_ERROR:
        explain_certificate(tls, host, err);
        return false;
    case GNUTLS_E_PREMATURE_TERMINATION:
    case GNUTLS_E_PULL_ERROR:
    case GNUTLS_E_PUSH_ERROR:
        fail(err, "the connection was cut while TLS was agreed upon");
        return true;
    case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
    case GNUTLS_E_UNEXPECTED_PACKET:
    case GNUTLS_E_RECORD_OVERFLOW:
        fail(err, "the server does not speak TLS here; right may be another port, or STARTTLS");
        return false;
    default:
        break;
    }
    if (code == GNUTLS_E_UNSUPPORTED_VERSION_PACKET ||
        (alert && gnutls_alert_get(tls->session) == GNUTLS_A_PROTOCOL_VERSION)) {
        fail(err, "the server's TLS is too old; it must speak TLS 1.2 or later");
    } else if (alert) {
        fail(err, "the server refuses TLS: %s", gnutls_alert_get_name(gnutls_alert_get(tls->session)));
    } else {
        fail(err, "TLS failed: %s", gnutls_strerror(code));
    }
    return false;
}
