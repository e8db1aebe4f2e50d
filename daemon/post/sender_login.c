/* The sender's settings and its login. */
#include "daemon/post/sender_slot.h"

#include "base/file.h"

#include <ctype.h>
#include <string.h>

enum { TIMEOUT_DEFAULT_S = 120, CONNECTIONS_DEFAULT = 2 };

static bool name_of_host(const char *s)
{
    for (const char *c = s; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && strchr(".-_:", *c) == NULL) {
            return false;
        }
    }
    return *s != '\0';
}

static bool settings_hold(const struct sender_settings *s, struct error *err)
{
    if (s->host == NULL || !name_of_host(s->host)) {
        return fail(err, "relay: \"%s\" is no name or address of a host", s->host == NULL ? "" : s->host);
    }
    if (s->port < 1 || s->port > 65535) {
        return fail(err, "relay: port %d is not between 1 and 65535", s->port);
    }
    if (s->helo != NULL && !name_of_host(s->helo)) {
        return fail(err, "relay: \"%s\" is no name for EHLO", s->helo);
    }
    if (s->connections < 1 || s->connections > SENDER_CONNECTIONS_MAX) {
        return fail(err, "relay: %d connections; 1 to %d are allowed", s->connections,
                    SENDER_CONNECTIONS_MAX);
    }
    if (s->timeout_s < 1) {
        return fail(err, "relay: a timeout of %d seconds; at least 1 is needed", s->timeout_s);
    }
    if (s->user != NULL && s->token == NULL && s->password_file == NULL) {
        return fail(err, "relay: a user but neither password file nor token");
    }
    return true;
}

bool login_read_password(struct sender *sender, struct error *err)
{
    const struct sender_settings *s = &sender->settings;
    sender->password_stale = false;
    return s->user == NULL || s->token != NULL ||
           file_read_secret(sender->arena, s->password_file, &sender->password, err);
}

static const char *or_null(const char *s)
{
    return s == NULL || s[0] == '\0' ? NULL : s;
}

bool settings_complete(struct sender_settings *s, struct error *err)
{
    s->ca_file = or_null(s->ca_file);
    s->user = or_null(s->user);
    s->password_file = or_null(s->password_file);
    s->helo = or_null(s->helo);
    s->connections = s->connections == 0 ? CONNECTIONS_DEFAULT : s->connections;
    s->timeout_s = s->timeout_s == 0 ? TIMEOUT_DEFAULT_S : s->timeout_s;
    return settings_hold(s, err);
}

bool login_give(struct slot *slot, struct error *err)
{
    struct sender *sender = slot->sender;
    const struct sender_settings *s = &sender->settings;
    if (s->user != NULL && s->token != NULL) {
        char *token;
        if (!s->token(s->token_ctx, slot->arena, &token, err)) {
            return false;
        }
        return curl_easy_setopt(slot->easy, CURLOPT_XOAUTH2_BEARER, token) == CURLE_OK;
    }
    if (sender->password_stale) {
        if (!login_read_password(sender, err)) {
            sender->password_stale = true;
            return false;
        }
        for (int i = 0; i < s->connections; i++) {
            slot_set_login(&sender->slots[i]);
        }
    }
    return true;
}

void login_refused(struct sender *sender)
{
    sender->password_stale = true;
    if (sender->settings.token_refused != NULL) {
        sender->settings.token_refused(sender->settings.token_ctx);
    }
}
