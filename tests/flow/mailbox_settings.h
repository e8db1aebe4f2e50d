/* tests/flow/mailbox_settings.h: settings of a mailbox as arguments of mailbox_probe. */
#ifndef STADTLABOR_TESTS_MAILBOX_SETTINGS_H
#define STADTLABOR_TESTS_MAILBOX_SETTINGS_H

#include "daemon/post/mailbox.h"

/* Settings fit for tests, then each argument, name=value, over them. False, and said on standard error:
 * an argument is none. The strings stay the arguments'. */
bool mailbox_settings_read(int argc, char **argv, struct mailbox_settings *ret_mailbox,
                           struct token_settings *ret_token);

#endif
