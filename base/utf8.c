#include "base/utf8.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

enum { FOLDED_MAX = 64 * 1024 * 1024 };

bool utf8_valid(const char *s, size_t len)
{
    return memchr(s, '\0', len) == NULL && g_utf8_validate(s, (gssize)len, NULL);
}

char *utf8_repair(struct arena *arena, const char *s, size_t len)
{
    if (utf8_valid(s, len)) {
        return arena_strndup(arena, s, len);
    }
    struct text out = text_new(arena, len * 3 + 1);
    const char *end = s + len;
    while (s < end) {
        const char *bad = NULL;
        /* Stops at a NUL as well as at a broken byte. */
        g_utf8_validate_len(s, (gsize)(end - s), &bad);
        text_addn(&out, s, (size_t)(bad - s));
        s = bad;
        if (s < end) {
            text_add(&out, "\xef\xbf\xbd");
            s++;
        }
    }
    return out.s;
}

uint32_t utf8_next(const char **s)
{
    const unsigned char *u = (const unsigned char *)*s;
    if (u[0] == 0) {
        return 0;
    }
    int more = u[0] < 0x80 ? 0 : u[0] < 0xe0 ? 1 : u[0] < 0xf0 ? 2 : 3;
    uint32_t c = more == 0 ? u[0] : u[0] & (0x3fU >> more);
    for (int i = 1; i <= more && u[i] != 0; i++) {
        c = c << 6 | (u[i] & 0x3fU);
    }
    *s += more + 1;
    return c;
}

size_t utf8_put(uint32_t c, char out[4])
{
    char six[6]; /* what g_unichar_to_utf8 asks for */
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    int len = g_unichar_to_utf8(c, six);
    if (len > 4) {
        len = 0;
    }
    memcpy(out, six, (size_t)len);
    return (size_t)len;
}

size_t utf8_length(const char *s)
{
    size_t n = 0;
    for (; *s != '\0'; s++) {
        n += !utf8_continues(*s);
    }
    return n;
}

size_t utf8_cut(const char *s, size_t most)
{
    size_t len = strnlen(s, most);
    while (len > 0 && utf8_continues(s[len])) {
        len--;
    }
    return len;
}

size_t utf8_before(const char *s, size_t at, size_t most)
{
    size_t from = at > most ? at - most : 0;
    while (from < at && utf8_continues(s[from])) {
        from++;
    }
    return from;
}

uint32_t utf8_lower(uint32_t c)
{
    return c < 0x80 ? c | (c - 'A' < 26 ? 0x20 : 0) : g_unichar_tolower(c);
}

uint32_t utf8_upper(uint32_t c)
{
    return g_unichar_toupper(c);
}

bool utf8_is_letter(uint32_t c)
{
    return c < 0x80 ? (c | 0x20) - 'a' < 26 : g_unichar_isalpha(c);
}

size_t utf8_letters(const char *s)
{
    const char *end = s;
    for (const char *next = s; utf8_is_letter(utf8_next(&next)); end = next) {
    }
    return (size_t)(end - s);
}

bool utf8_is_upper(uint32_t c)
{
    return c < 0x80 ? c - 'A' < 26 : g_unichar_isupper(c);
}

/* German umlauts are spelled out; other marked Latin letters lose their mark. */
static void fold_one(struct text *out, uint32_t c)
{
    switch (c) {
    case 0xe4:
        text_add(out, "ae");
        return;
    case 0xf6:
        text_add(out, "oe");
        return;
    case 0xfc:
        text_add(out, "ue");
        return;
    case 0xdf:
        text_add(out, "ss");
        return;
    case 0x131:
        text_addc(out, 'i');
        return;
    case 0xf8:
        text_addc(out, 'o');
        return;
    case 0x142:
        text_addc(out, 'l');
        return;
    case 0x111:
        text_addc(out, 'd');
        return;
    default:
        break;
    }
    if (c < 0x80) {
        text_addc(out, (char)c);
        return;
    }
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    gsize n = g_unichar_fully_decompose(c, FALSE, parts, G_N_ELEMENTS(parts));
    char bytes[4];
    text_addn(out, bytes, utf8_put(n > 0 ? parts[0] : c, bytes));
}

char *utf8_fold(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, FOLDED_MAX);
    while (*s != '\0') {
        if (((unsigned char)s[0] | (unsigned char)s[1]) < 0x80) { /* most are, and no mark follows */
            text_addc(&out, (char)utf8_lower((unsigned char)*s++));
            continue;
        }
        uint32_t c = utf8_lower(utf8_next(&s));
        uint32_t mark = 0x308; /* a letter and a separate diaeresis: an umlaut */
        const char *after = s;
        if ((c == 'a' || c == 'o' || c == 'u') && utf8_next(&after) == mark) {
            s = after;
            text_addc(&out, (char)c);
            c = 'e';
        }
        if (c < 0x80 || g_unichar_type(c) != G_UNICODE_NON_SPACING_MARK) {
            fold_one(&out, c);
        }
    }
    return out.s;
}

bool utf8_same_folded(struct arena *arena, const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(utf8_fold(arena, a), utf8_fold(arena, b)) == 0;
}

char *utf8_lower_copy(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, FOLDED_MAX);
    while (*s != '\0') {
        char bytes[4];
        text_addn(&out, bytes, utf8_put(utf8_lower(utf8_next(&s)), bytes));
    }
    return out.s;
}

char *utf8_compose(struct arena *arena, const char *s)
{
    char *composed = g_utf8_normalize(s, -1, G_NORMALIZE_NFC);
    char *copy = arena_strdup(arena, composed == NULL ? s : composed);
    g_free(composed);
    return copy;
}
