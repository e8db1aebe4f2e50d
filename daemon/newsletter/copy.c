#include "daemon/newsletter/copy.h"

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
