#include "daemon/newsletter/copy.h"

#include "base/date.h"
#include "base/text.h"

#include <string.h>

enum { COPY_MAX = 64 * 1024 * 1024 };

/* "=" is quoted-printable's own; an address is ASCII otherwise (RFC 2045 6.7). */
static void add_address(struct text *out, const char *address, bool html)
{
    for (;; address++) {
        size_t plain = strcspn(address, "=");
        if (html) {
            text_add_html(out, address, plain);
        } else {
            text_addn(out, address, plain);
        }
        address += plain;
        if (*address == '\0') {
            return;
        }
        text_add(out, "=3D");
    }
}

static bool add_word(struct text *out, char kind, const struct copy_words *words)
{
    switch (kind) {
    case COPY_TO:
        text_add(out, words->address);
        return true;
    case COPY_ADDRESS:
    case COPY_ADDRESS_HTML:
        add_address(out, words->address, kind == COPY_ADDRESS_HTML);
        return true;
    case COPY_SUBSCRIBER:
        text_add(out, words->subscriber_token);
        return true;
    case COPY_ITSELF:
        text_add(out, words->copy_token);
        return true;
    case COPY_DATE:
        text_add(out, words->date);
        return true;
    default:
        return false;
    }
}

bool copy_fill(struct arena *arena, const char *bytes, size_t len, const struct copy_words *words,
               const char **ret_bytes, size_t *ret_len, struct error *err)
{
    struct text out = text_new(arena, COPY_MAX);
    for (const char *at = bytes, *end = bytes + len; at < end;) {
        const char *hole = memchr(at, COPY_HOLE, (size_t)(end - at));
        text_addn(&out, at, (size_t)((hole == NULL ? end : hole) - at));
        if (hole == NULL) {
            break;
        }
        if (hole + 1 == end || !add_word(&out, hole[1], words)) {
            return fail(err, "the issue has a hole that nothing belongs into");
        }
        at = hole + 2;
    }
    if (out.overflow) {
        return fail(err, "the issue is larger than %d bytes", COPY_MAX);
    }
    *ret_bytes = out.s;
    *ret_len = out.len;
    return true;
}

char *copy_date(struct arena *arena, int64_t unix_seconds)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct date day;
    int hour, minute;
    berlin_from_unix(unix_seconds, &day, &hour, &minute);
    int second = (int)((unix_seconds % 60 + 60) % 60);
    int64_t local = date_days(day) * 86400 + (int64_t)hour * 3600 + (int64_t)minute * 60;
    int offset = (int)((local - (unix_seconds - second)) / 3600);
    return arena_printf(arena, "%s, %d %s %d %02d:%02d:%02d +%02d00", days[date_weekday(day) - 1], day.day,
                        months[day.month - 1], day.year, hour, minute, second, offset);
}
