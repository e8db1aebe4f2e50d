#include "tests/flow/mailbox_settings.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool set_string(struct mailbox_settings *s, struct token_settings *t, const char *name,
                       const char *value)
{
    const struct {
        const char *name;
        const char **target;
    } strings[] = {
        {"host", &s->host},           {"ca", &s->ca_file},
        {"user", &s->user},           {"password", &s->password_file},
        {"inbox", &s->inbox},         {"root", &s->root},
        {"done", &s->done},           {"review", &s->review},
        {"automatic", &s->automatic}, {"sent", &s->sent},
        {"token-file", &t->file},     {"endpoint", &t->endpoint},
        {"client-id", &t->client_id}, {"client-secret", &t->client_secret_file},
        {"scope", &t->scope},         {"token-ca", &t->ca_file},
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        if (str_equal(name, strings[i].name)) {
            *strings[i].target = value;
            return true;
        }
    }
    return false;
}

static bool set_number(struct mailbox_settings *s, const char *name, const char *value)
{
    if (str_equal(name, "port")) {
        s->port = atoi(value);
    } else if (str_equal(name, "batch")) {
        s->batch = atoi(value);
    } else if (str_equal(name, "timeout")) {
        s->timeout_s = atoi(value);
    } else if (str_equal(name, "renew")) {
        s->idle_renew_s = atoi(value);
    } else if (str_equal(name, "poll")) {
        s->poll_s = atoi(value);
    } else if (str_equal(name, "size-most")) {
        s->size_most = (size_t)atol(value);
    } else if (str_equal(name, "head")) {
        s->head_bytes = (size_t)atol(value);
    } else if (str_equal(name, "tls")) {
        s->tls = str_equal(value, "implicit")   ? TLS_IMPLICIT
                 : str_equal(value, "starttls") ? TLS_STARTTLS
                                                : TLS_NONE;
    } else {
        return false;
    }
    return true;
}

bool mailbox_settings_read(int argc, char **argv, struct mailbox_settings *ret_mailbox,
                           struct token_settings *ret_token)
{
    struct token_settings token = {0};
    struct mailbox_settings mailbox = {
        .host = "localhost",
        .inbox = "INBOX",
        .root = "Stadtlabor",
        .done = "Erledigt",
        .review = "Prüfen",
        .automatic = "Automatisch",
        .size_most = 10 * 1024 * 1024,
        .head_bytes = 256 * 1024,
        .batch = 500,
        .timeout_s = 5,
        .idle_renew_s = 1500,
        .poll_s = 1,
    };
    for (int i = 1; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (value != NULL) {
            *value++ = '\0';
        }
        if (value == NULL ||
            (!set_string(&mailbox, &token, argv[i], value) && !set_number(&mailbox, argv[i], value))) {
            fprintf(stderr, "mailbox_probe: what is %s?\n", argv[i]);
            return false;
        }
    }
    *ret_mailbox = mailbox;
    *ret_token = token;
    return true;
}
