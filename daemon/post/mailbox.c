#include "daemon/post/mailbox.h"

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "daemon/post/mailbox_session.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

static bool printable_ascii(const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s < 0x20 || *s > 0x7e) {
            return false;
        }
    }
    return true;
}

static bool has_control(const char *s)
{
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f) {
            return true;
        }
    }
    return false;
}

/* The server's words of its last answer, with the code in brackets, fit for a sentence. */
static const char *words(const struct mailbox *mailbox, struct arena *arena)
{
    const struct mailimap_response_info *info = mailbox->imap->imap_response_info;
    const char *text = mailbox->imap->imap_response;
    const char *code = info != NULL ? info->rsp_atom : NULL;
    if (text == NULL || text[0] == '\0') {
        text = "no reason given";
    }
    char *clean = utf8_repair(arena, text, strnlen(text, 200));
    return code == NULL ? clean : arena_printf(arena, "[%.40s] %s", code, clean);
}

static enum mailbox_fault lose(struct mailbox *mailbox, const char *why, struct error *err)
{
    stream_break(mailbox->stream, why);
    fail(err, "%s:%d: %s", mailbox->settings->host, mailbox->settings->port, stream_fault(mailbox->stream));
    return MAILBOX_LOST;
}

/* Codes of RFC 5530 by which a server says: later. */
static bool is_temporary(const struct mailbox *mailbox)
{
    return mailbox_answered(mailbox, "UNAVAILABLE") || mailbox_answered(mailbox, "INUSE");
}

enum mailbox_fault mailbox_judge(struct mailbox *mailbox, int code, const char *what, struct error *err)
{
    if (code == MAILIMAP_NO_ERROR) {
        return MAILBOX_OK;
    }
    struct arena *arena = arena_new();
    enum mailbox_fault fault = MAILBOX_REFUSED;
    if (stream_fault(mailbox->stream) != NULL) {
        fault = lose(mailbox, "", err);
    } else if (is_temporary(mailbox)) {
        fault = lose(mailbox,
                     arena_printf(arena, "the server cannot %s now: %s", what, words(mailbox, arena)), err);
    } else if (code == MAILIMAP_ERROR_PROTOCOL && mailbox->imap->imap_response != NULL) {
        fault = lose(
            mailbox,
            arena_printf(arena, "the server does not understand how to %s: %s", what, words(mailbox, arena)),
            err);
    } else if (code == MAILIMAP_ERROR_STREAM || code == MAILIMAP_ERROR_PARSE ||
               code == MAILIMAP_ERROR_PROTOCOL || code == MAILIMAP_ERROR_FATAL ||
               code == MAILIMAP_ERROR_BAD_STATE || code == MAILIMAP_ERROR_MEMORY) {
        fault = lose(mailbox,
                     arena_printf(arena, "the server's answer is not understood (asked to %s)", what), err);
    } else {
        fail(err, "%s:%d: the server refuses to %s: %s", mailbox->settings->host, mailbox->settings->port,
             what, words(mailbox, arena));
    }
    arena_free(arena);
    return fault;
}

void mailbox_expect(struct mailbox *mailbox, size_t bytes)
{
    stream_expect(mailbox->stream, bytes);
}

bool mailbox_answered(const struct mailbox *mailbox, const char *response_code)
{
    const struct mailimap_response_info *info = mailbox->imap->imap_response_info;
    return info != NULL && info->rsp_atom != NULL && str_equal_nocase(info->rsp_atom, response_code);
}

uint32_t mailbox_uidvalidity(const struct mailbox *mailbox)
{
    const struct mailimap_selection_info *selection = mailbox->imap->imap_selection_info;
    return selection != NULL ? selection->sel_uidvalidity : 0;
}

enum mailbox_fault mailbox_select(struct mailbox *mailbox, struct error *err)
{
    mailbox_expect(mailbox, ANSWER_MOST);
    stream_wire(mailbox->stream)->exists = 0;
    int code = mailimap_select(mailbox->imap, mailbox->inbox);
    enum mailbox_fault fault = mailbox_judge(mailbox, code, "open the inbox", err);
    stream_wire(mailbox->stream)->news = true;
    if (fault != MAILBOX_OK) {
        return fault;
    }
    if (mailbox->imap->imap_selection_info->sel_perm == MAILIMAP_MAILBOX_READONLY) {
        fail(err, "%s:%d: the inbox may only be read; right would be an account that may move mails",
             mailbox->settings->host, mailbox->settings->port);
        return MAILBOX_REFUSED;
    }
    if (mailbox_uidvalidity(mailbox) == 0) {
        fail(err, "%s:%d: the server gives its mails no lasting numbers (UIDVALIDITY)",
             mailbox->settings->host, mailbox->settings->port);
        return MAILBOX_REFUSED;
    }
    return MAILBOX_OK;
}

/* One refusal with host and port before it. */
static enum mailbox_fault refuse(const struct mailbox *mailbox, const char *why, struct error *err)
{
    fail(err, "%s:%d: %s", mailbox->settings->host, mailbox->settings->port, why);
    return MAILBOX_REFUSED;
}

static enum mailbox_fault ask_capabilities(struct mailbox *mailbox, struct error *err)
{
    struct mailimap_capability_data *capabilities = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_capability(mailbox->imap, &capabilities);
    if (code == MAILIMAP_NO_ERROR) {
        mailimap_capability_data_free(capabilities);
    }
    return mailbox_judge(mailbox, code, "tell its capabilities", err);
}

/* RFC 3501 6.2.1 and RFC 9051 11: nothing that came before TLS counts, and nothing may
 * come after the server's OK but TLS itself. */
static enum mailbox_fault start_tls(struct mailbox *mailbox, struct error *err)
{
    enum mailbox_fault fault = ask_capabilities(mailbox, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    if (!mailimap_has_extension(mailbox->imap, "STARTTLS")) {
        return refuse(mailbox,
                      "the server does not offer STARTTLS, or somebody on the way has removed it; the "
                      "password is not sent unencrypted",
                      err);
    }
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_starttls(mailbox->imap);
    /* Debian's libetpan checks too (CVE-2020-15953) and says MAILIMAP_ERROR_SSL. */
    if (code == MAILIMAP_ERROR_SSL || mailbox->imap->imap_stream->read_buffer_len > 0) {
        stream_break(mailbox->stream, "data came between STARTTLS and TLS");
        return refuse(mailbox, "somebody on the way slips in data between STARTTLS and TLS", err);
    }
    fault = mailbox_judge(mailbox, code, "start TLS (STARTTLS)", err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    enum stream_end end = stream_start_tls(mailbox->stream, err);
    if (end != STREAM_OK) {
        fail_within(err, "%s:%d", mailbox->settings->host, mailbox->settings->port);
        return end == STREAM_LOST ? MAILBOX_LOST : MAILBOX_REFUSED;
    }
    return MAILBOX_OK;
}

/* AUTHENTICATE PLAIN with its initial response (RFC 4616, RFC 4959): takes any UTF-8. */
static int authenticate_plain(struct mailbox *mailbox, struct arena *arena, const char *user,
                              const char *password)
{
    size_t user_len = strlen(user), password_len = strlen(password);
    char *message = arena_alloc(arena, user_len + password_len + 2);
    memcpy(message + 1, user, user_len);
    memcpy(message + 2 + user_len, password, password_len);
    gnutls_datum_t plain = {(unsigned char *)message, (unsigned)(user_len + password_len + 2)}, base64 = {0};
    if (gnutls_base64_encode2(&plain, &base64) < 0) {
        return MAILIMAP_ERROR_MEMORY;
    }
    char *command = arena_printf(arena, "AUTHENTICATE PLAIN %.*s", (int)base64.size, (char *)base64.data);
    gnutls_free(base64.data);
    int code = mailimap_custom_command(mailbox->imap, command);
    if (code == MAILIMAP_NO_ERROR) {
        mailbox->imap->imap_state = MAILIMAP_STATE_AUTHENTICATED;
    }
    explicit_bzero(command, strlen(command));
    return code;
}

static enum mailbox_fault login_by_token(struct mailbox *mailbox, struct arena *arena, struct error *err)
{
    const struct mailbox_settings *settings = mailbox->settings;
    char *token;
    if (!token_get(settings->token, arena, &token, err)) {
        fail_within(err, "%s:%d: no access token", settings->host, settings->port);
        return MAILBOX_REFUSED;
    }
    if (!printable_ascii(token) || token[0] == '\0') {
        return refuse(mailbox, "the access token is empty or holds characters that no token has", err);
    }
    if (!mailimap_has_xoauth2(mailbox->imap)) {
        return refuse(mailbox, "the server offers no login by access token (AUTH=XOAUTH2)", err);
    }
    int code = mailimap_oauth2_authenticate(mailbox->imap, settings->user, token);
    explicit_bzero(token, strlen(token));
    if (code == MAILIMAP_ERROR_LOGIN || code == MAILIMAP_ERROR_PROTOCOL) {
        token_refused(settings->token);
    }
    return mailbox_judge(mailbox, code, "log in with the access token", err);
}

static enum mailbox_fault login_by_password(struct mailbox *mailbox, struct arena *arena, struct error *err)
{
    const struct mailbox_settings *settings = mailbox->settings;
    char *password;
    if (!file_read_secret(arena, settings->password_file, &password, err)) {
        return MAILBOX_REFUSED;
    }
    int code;
    if (has_control(password)) {
        return refuse(mailbox, "the password holds control characters", err);
    }
    if (mailimap_has_authentication(mailbox->imap, "PLAIN") &&
        mailimap_has_extension(mailbox->imap, "SASL-IR")) {
        code = authenticate_plain(mailbox, arena, settings->user, password);
    } else if (mailimap_has_extension(mailbox->imap, "LOGINDISABLED")) {
        return refuse(mailbox, "the server does not allow a login by password", err);
    } else if (!printable_ascii(password) || !printable_ascii(settings->user)) {
        return refuse(mailbox,
                      "the server takes only ASCII in user and password (it has no AUTH=PLAIN with SASL-IR)",
                      err);
    } else {
        code = mailimap_login(mailbox->imap, settings->user, password);
    }
    explicit_bzero(password, strlen(password));
    return mailbox_judge(mailbox, code, "log in with user and password", err);
}

static enum mailbox_fault login(struct mailbox *mailbox, struct error *err)
{
    if (has_control(mailbox->settings->user) || mailbox->settings->user[0] == '\0') {
        return refuse(mailbox, "the user's name is empty or holds control characters", err);
    }
    struct arena *arena = arena_new();
    mailbox_expect(mailbox, ANSWER_MOST);
    enum mailbox_fault fault = mailbox->settings->token != NULL ? login_by_token(mailbox, arena, err)
                                                                : login_by_password(mailbox, arena, err);
    arena_free(arena);
    return fault;
}

/* BYE instead of a greeting: too many sessions, or closed for maintenance. */
static enum mailbox_fault turn_away(struct mailbox *mailbox, struct error *err)
{
    struct error why;
    fail(&why, "the server takes no session now: %s", stream_wire(mailbox->stream)->bye);
    return lose(mailbox, why.what, err);
}

/* Reads the greeting. Only "not authenticated" is right: PREAUTH would skip STARTTLS and
 * with it the proof of who the server is. */
static enum mailbox_fault greet(struct mailbox *mailbox, struct error *err)
{
    mailstream_low *driver = stream_driver(mailbox->stream);
    mailstream *buffered = driver != NULL ? mailstream_new(driver, 8192) : NULL;
    mailbox->imap = mailimap_new(0, NULL);
    if (buffered == NULL || mailbox->imap == NULL) {
        fail(err, "no memory");
        return MAILBOX_LOST;
    }
    mailbox->imap->imap_stream = buffered; /* mailimap_free frees it */
    mailbox_expect(mailbox, ANSWER_MOST);
    mailstream_feed_read_buffer(buffered);
    if (stream_wire(mailbox->stream)->bye[0] != '\0') {
        return turn_away(mailbox, err);
    }
    int code = mailimap_connect(mailbox->imap, buffered);
    if (code == MAILIMAP_NO_ERROR_AUTHENTICATED) {
        return refuse(mailbox,
                      "the server claims that we are logged in already (PREAUTH): that would bypass "
                      "encryption and login",
                      err);
    }
    if (code == MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION) {
        return turn_away(mailbox, err);
    }
    return mailbox_judge(mailbox, code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED ? MAILIMAP_NO_ERROR : code,
                         "greet", err);
}

static enum mailbox_fault begin(struct mailbox *mailbox, struct error *err)
{
    const struct mailbox_settings *settings = mailbox->settings;
    enum stream_end end = stream_open(&mailbox->stream_settings, &mailbox->stream, err);
    if (end != STREAM_OK) {
        fail_within(err, "%s:%d", settings->host, settings->port);
        return end == STREAM_LOST ? MAILBOX_LOST : MAILBOX_REFUSED;
    }
    enum mailbox_fault fault = greet(mailbox, err);
    if (fault == MAILBOX_OK && settings->tls == TLS_STARTTLS) {
        fault = start_tls(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = ask_capabilities(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = login(mailbox, err);
    }
    if (fault == MAILBOX_OK) { /* a server may offer more after the login */
        fault = ask_capabilities(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = mailbox_prepare_folders(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = mailbox_select(mailbox, err);
    }
    return fault;
}

enum mailbox_fault mailbox_open(const struct mailbox_settings *settings, struct mailbox **ret,
                                struct error *err)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL) {
        fail(err, "no memory");
        return MAILBOX_LOST;
    }
    mailbox->settings = settings;
    mailbox->arena = arena_new();
    mailbox->idle_works = true;
    mailbox->stream_settings = (struct stream_settings){
        .host = settings->host,
        .port = settings->port,
        .tls = settings->tls == TLS_IMPLICIT,
        .only_loopback = settings->tls == TLS_NONE,
        .ca_file = settings->ca_file,
        .timeout_s = settings->timeout_s,
    };
    enum mailbox_fault fault = begin(mailbox, err);
    if (fault != MAILBOX_OK) {
        mailbox_close(mailbox);
        return fault;
    }
    *ret = mailbox;
    return MAILBOX_OK;
}

void mailbox_close(struct mailbox *mailbox)
{
    if (mailbox == NULL) {
        return;
    }
    if (mailbox->imap != NULL) {
        if (mailbox->imap->imap_stream != NULL) {
            mailbox->stream_settings.timeout_s = 2; /* a farewell is not worth a long wait */
            mailbox_expect(mailbox, ANSWER_MOST);
        }
        mailimap_free(mailbox->imap); /* LOGOUT; fails at once on a broken stream */
    }
    stream_free(mailbox->stream);
    arena_free(mailbox->arena);
    free(mailbox->listed.at);
    free(mailbox->inbox_listed.at);
    free(mailbox);
}
