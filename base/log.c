#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_int most = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&most, level);
}

static void write_line(enum log_level level, const char *event, const char *format, va_list args)
{
    if ((int)level > atomic_load(&most)) {
        return;
    }
    char line[2048];
    int at = snprintf(line, sizeof line, "<%d>%s ", level, event);
    vsnprintf(line + at, sizeof line - (size_t)at - 1, format, args);
    for (char *c = line; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20) {
            *c = ' ';
        }
    }
    size_t len = strlen(line);
    line[len] = '\n';
    fwrite(line, 1, len + 1, stderr); /* one call, one line: stdio locks the stream */
}

#define LOG_FUNCTION(name, level)                                                                            \
    void name(const char *event, const char *format, ...)                                                    \
    {                                                                                                        \
        va_list args;                                                                                        \
        va_start(args, format);                                                                              \
        write_line(level, event, format, args);                                                              \
        va_end(args);                                                                                        \
    }
LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)

struct log_quoted log_quote(const char *value)
{
    struct log_quoted q;
    size_t n = 0;
    q.s[n++] = '"';
    for (; *value != '\0' && n + 4 < sizeof q.s; value++) {
        if (*value == '"' || *value == '\\') {
            q.s[n++] = '\\';
        }
        q.s[n++] = (unsigned char)*value < 0x20 ? ' ' : *value;
    }
    q.s[n++] = '"';
    q.s[n] = '\0';
    return q;
}
