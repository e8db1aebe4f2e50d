#include "daemon/desk/settings.h"

#include <stddef.h>

static const char *or_null(const char *s)
{
    return s[0] == '\0' ? NULL : s;
}

static enum tls_kind tls_of(int configured)
{
    return configured == CONFIG_TLS_IMPLICIT   ? TLS_IMPLICIT
           : configured == CONFIG_TLS_STARTTLS ? TLS_STARTTLS
                                               : TLS_NONE;
}

static bool sender_token(void *ctx, struct arena *arena, char **ret, struct error *err)
{
    return token_get(ctx, arena, ret, err);
}

static void sender_token_refused(void *ctx)
{
    token_refused(ctx);
}

static void set_mailbox(struct settings *s, const struct config *c, bool token)
{
    s->mailbox = (struct mailbox_settings){
        .host = c->imap_host,
        .port = c->imap_port,
        .tls = tls_of(c->imap_tls),
        .ca_file = or_null(c->imap_ca_file),
        .user = c->imap_user,
        .password_file = or_null(c->imap_password_file),
        .token = token ? &s->token : NULL,
        .inbox = c->imap_inbox,
        .root = c->imap_root,
        .done = c->imap_folder_done,
        .review = c->imap_folder_review,
        .automatic = c->imap_folder_automatic,
        .sent = or_null(c->imap_folder_sent),
        .size_most = (size_t)c->imap_size_most,
        .head_bytes = (size_t)c->imap_head,
        .batch = c->imap_batch,
        .timeout_s = c->imap_timeout,
        .idle_renew_s = c->imap_idle_renew,
        .poll_s = c->imap_poll,
        .look_s = c->imap_look,
    };
}

static void set_sender(struct settings *s, const struct config *c, bool token)
{
    bool login = c->smtp_user[0] != '\0';
    s->outbox = (struct outbox_settings){.per_minute = c->rate_per_minute};
    s->outbox.sender = (struct sender_settings){
        .host = c->smtp_host,
        .port = c->smtp_port,
        .tls = tls_of(c->smtp_tls),
        .ca_file = or_null(c->smtp_ca_file),
        .user = or_null(c->smtp_user),
        .password_file = or_null(c->smtp_password_file),
        .helo = or_null(c->smtp_helo),
        .connections = c->smtp_connections,
        .timeout_s = c->smtp_timeout,
    };
    if (login && token && c->smtp_password_file[0] == '\0') {
        s->outbox.sender.token = sender_token;
        s->outbox.sender.token_refused = sender_token_refused;
        s->outbox.sender.token_ctx = &s->token;
    }
}

void settings_begin(struct settings *ret, const struct config *c)
{
    bool token = c->oauth_token_file[0] != '\0' || c->oauth_token_url[0] != '\0';
    *ret = (struct settings){0};
    ret->token = (struct token_settings){
        .file = or_null(c->oauth_token_file),
        .endpoint = or_null(c->oauth_token_url),
        .client_id = or_null(c->oauth_client_id),
        .client_secret_file = or_null(c->oauth_client_secret_file),
        .scope = or_null(c->oauth_scope),
        .ca_file = or_null(c->imap_ca_file),
    };
    token_begin(&ret->token);
    set_mailbox(ret, c, token);
    set_sender(ret, c, token);
}

void settings_end(struct settings *settings)
{
    token_end(&settings->token);
}
