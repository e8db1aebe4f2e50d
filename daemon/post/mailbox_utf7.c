#include "daemon/post/mailbox_utf7.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* RFC 3501 5.1.3: base64 of RFC 2045 with "," instead of "/", and without padding. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static bool stands_for_itself(uint32_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

/* Bits of UTF-16 on their way to or from base64. */
struct bits {
    uint32_t value;
    int n;
};

static void put_unit(struct text *out, struct bits *bits, uint32_t unit)
{
    bits->value = bits->value << 16 | unit;
    bits->n += 16;
    while (bits->n >= 6) {
        bits->n -= 6;
        text_addc(out, alphabet[bits->value >> bits->n & 63]);
    }
    bits->value &= (1u << bits->n) - 1;
}

static void put_character(struct text *out, struct bits *bits, uint32_t c)
{
    if (c >= 0x10000) { /* a pair of surrogates (RFC 2781 2.1) */
        put_unit(out, bits, 0xd800 + ((c - 0x10000) >> 10));
        put_unit(out, bits, 0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
        put_unit(out, bits, c);
    }
}

char *mailbox_utf7_encode(struct arena *arena, const char *utf8)
{
    struct text out = text_new(arena, 5 * strlen(utf8) + 1);
    const char *s = utf8;
    uint32_t c = utf8_next(&s);
    while (c != 0) {
        if (c == '&') {
            text_add(&out, "&-");
            c = utf8_next(&s);
        } else if (stands_for_itself(c)) {
            text_addc(&out, (char)c);
            c = utf8_next(&s);
        } else {
            struct bits bits = {0};
            text_addc(&out, '&');
            for (; c != 0 && !stands_for_itself(c); c = utf8_next(&s)) {
                put_character(&out, &bits, c);
            }
            if (bits.n > 0) {
                text_addc(&out, alphabet[bits.value << (6 - bits.n) & 63]);
            }
            text_addc(&out, '-');
        }
    }
    return out.s;
}

/* Adds the UTF-16 unit; `high` holds a first surrogate that waits for its second. */
static bool take_unit(struct text *out, uint32_t unit, uint32_t *high)
{
    bool is_high = unit >= 0xd800 && unit <= 0xdbff, is_low = unit >= 0xdc00 && unit <= 0xdfff;
    if (is_low != (*high != 0)) {
        return false;
    }
    if (is_high) {
        *high = unit;
        return true;
    }
    uint32_t c = is_low ? 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00) : unit;
    *high = 0;
    if (c == 0 || stands_for_itself(c)) { /* must not be shifted: there is one spelling only */
        return false;
    }
    char bytes[4];
    text_addn(out, bytes, utf8_put(c, bytes));
    return true;
}

/* From behind "&" to behind "-". */
static bool take_shifted(struct text *out, const char **s)
{
    struct bits bits = {0};
    uint32_t high = 0;
    for (; **s != '-'; (*s)++) {
        const char *digit = **s == '\0' ? NULL : strchr(alphabet, **s);
        if (digit == NULL) {
            return false;
        }
        bits.value = bits.value << 6 | (uint32_t)(digit - alphabet);
        bits.n += 6;
        if (bits.n >= 16) {
            bits.n -= 16;
            if (!take_unit(out, bits.value >> bits.n & 0xffff, &high)) {
                return false;
            }
            bits.value &= (1u << bits.n) - 1;
        }
    }
    (*s)++;
    return high == 0 && bits.n < 6 && bits.value == 0;
}

char *mailbox_utf7_decode(struct arena *arena, const char *name)
{
    struct text out = text_new(arena, 2 * strlen(name) + 1);
    const char *s = name;
    while (*s != '\0') {
        if (*s == '&' && s[1] == '-') {
            text_addc(&out, '&');
            s += 2;
        } else if (*s == '&') {
            s++;
            if (!take_shifted(&out, &s)) {
                return NULL;
            }
        } else if (stands_for_itself((unsigned char)*s)) {
            text_addc(&out, *s++);
        } else {
            return NULL;
        }
    }
    return out.s;
}
