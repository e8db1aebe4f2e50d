/* base/log.h: one line an event on stderr, `key=value`, for systemd's journal.
 *
 *     log_info("mail_handled", "mail=%lld state=%s ms=%d", id, state, ms);
 *     → <6>mail_handled mail=17 state=done ms=12
 *
 * No personal data above debug: ids and counts, never addresses, names or subjects.
 * Only programs and their loops log; library functions report by `struct error`.
 * Values with blanks are quoted by the caller with log_quote. Thread-safe. */
#ifndef STADTLABOR_BASE_LOG_H
#define STADTLABOR_BASE_LOG_H

#include <stddef.h>

/* The numbers of syslog (RFC 5424 6.2.1), which sd-daemon(3) reads as "<N>". */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

void log_set_level(enum log_level most);

void log_error(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_debug(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct log_quoted {
    char s[600];
};
/* The value in quotes, with quotes, backslashes and control characters escaped. */
struct log_quoted log_quote(const char *value);

#endif
