#include "base/error.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* One line, valid to the last byte: control characters become blanks, and a
 * character that the end of the buffer cut in two is dropped. */
static void tidy(char *s)
{
    size_t len = strlen(s);
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f) {
            s[i] = ' ';
        }
    }
    size_t start = len;
    while (start > 0 && utf8_continues(s[start - 1])) {
        start--;
    }
    if (start > 0 && (unsigned char)s[start - 1] >= 0xc0) {
        unsigned char lead = (unsigned char)s[start - 1];
        size_t need = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (len - start < need) {
            s[start - 1] = '\0';
        }
    }
}

bool(fail)(struct error *err, const char *format, ...)
{
    if (err == NULL) {
        return false;
    }
    va_list args;
    va_start(args, format);
    /* Formatted beside and copied: an argument may be err->what itself. */
    char fresh[sizeof err->what];
    vsnprintf(fresh, sizeof fresh, format, args);
    va_end(args);
    memcpy(err->what, fresh, sizeof fresh);
    tidy(err->what);
    return false;
}

bool(fail_within)(struct error *err, const char *format, ...)
{
    if (err == NULL) {
        return false;
    }
    char context[256];
    va_list args;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    return fail(err, "%s: %s", context, err->what);
}
