/* daemon/desk/settings.h: the configuration as mailbox and sender want it; for the daemon and for
 * `stadtlabor check`. */
#ifndef STADTLABOR_DESK_SETTINGS_H
#define STADTLABOR_DESK_SETTINGS_H

#include "base/config.h"
#include "daemon/post/mailbox.h"
#include "daemon/post/outbox.h"

struct settings {
    struct token_settings token; /* shared by both; lives as long as they do */
    struct mailbox_settings mailbox;
    struct outbox_settings outbox;
};

/* Pointers go into `config` and `ret`: neither may move afterwards. End with settings_end. */
void settings_begin(struct settings *ret, const struct config *config);
void settings_end(struct settings *settings);

#endif
