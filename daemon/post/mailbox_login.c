/* daemon/post/mailbox_login.c: by password or by access token. */
#include "daemon/post/mailbox_session.h"

#include "base/file.h"
#include "base/text.h"

#include <gnutls/gnutls.h>
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
        return mailbox_refuse(mailbox, "the access token is empty or holds characters that no token has",
                              err);
    }
    if (!mailimap_has_xoauth2(mailbox->imap)) {
        return mailbox_refuse(mailbox, "the server offers no login by access token (AUTH=XOAUTH2)", err);
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
    if (str_has_control(password)) {
        return mailbox_refuse(mailbox, "the password holds control characters", err);
    }
    if (mailimap_has_authentication(mailbox->imap, "PLAIN") &&
        mailimap_has_extension(mailbox->imap, "SASL-IR")) {
        code = authenticate_plain(mailbox, arena, settings->user, password);
    } else if (mailimap_has_extension(mailbox->imap, "LOGINDISABLED")) {
        return mailbox_refuse(mailbox, "the server does not allow a login by password", err);
    } else if (!printable_ascii(password) || !printable_ascii(settings->user)) {
        return mailbox_refuse(
            mailbox, "the server takes only ASCII in user and password (it has no AUTH=PLAIN with SASL-IR)",
            err);
    } else {
        code = mailimap_login(mailbox->imap, settings->user, password);
    }
    explicit_bzero(password, strlen(password));
    return mailbox_judge(mailbox, code, "log in with user and password", err);
}

enum mailbox_fault mailbox_login(struct mailbox *mailbox, struct error *err)
{
    if (str_has_control(mailbox->settings->user) || mailbox->settings->user[0] == '\0') {
        return mailbox_refuse(mailbox, "the user's name is empty or holds control characters", err);
    }
    struct arena *arena = arena_new();
    mailbox_expect(mailbox, ANSWER_MOST);
    enum mailbox_fault fault = mailbox->settings->token != NULL ? login_by_token(mailbox, arena, err)
                                                                : login_by_password(mailbox, arena, err);
    arena_free(arena);
    return fault;
}
