#include "parsers/mail/plain_text.h"

#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

enum {
    TEXT_MOST = 64 * 1024 * 1024,
    CHARSET_ERRORS_MAX = 1000, /* then the claimed charset is not the true one */
};

/* windows-1252, 0x80 to 0x9f; 0: not defined. The rest is latin-1. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static char *from_windows_1252(struct arena *arena, const char *bytes, size_t len)
{
    char *out = arena_alloc(arena, len * 3 + 1), *to = out;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 0x80) {
            *to++ = (char)c;
        } else {
            uint32_t u = c < 0xa0 ? windows_1252[c - 0x80] : c;
            to += utf8_put(u == 0 ? 0xfffd : u, to);
        }
    }
    *to = '\0';
    return out;
}

/* What mails say and what iconv(3) calls it. */
static const char *iconv_name(const char *charset)
{
    static const char *const names[][2] = {
        {"gb2312", "GB18030"},          {"gbk", "GB18030"},           {"ks_c_5601-1987", "CP949"},
        {"x-sjis", "SHIFT_JIS"},        {"x-mac-roman", "MACINTOSH"}, {"iso-8859-8-i", "ISO-8859-8"},
        {"iso-8859-9", "WINDOWS-1254"}, {"x-gbk", "GB18030"},         {"cp-850", "CP850"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(names[i][0], charset) == 0) {
            return names[i][1];
        }
    }
    return charset;
}

static char *without_nul(struct arena *arena, const char *bytes, size_t *len, bool *ret_nul)
{
    char *out = arena_alloc(arena, *len + 1), *to = out;
    *ret_nul = true;
    for (size_t i = 0; i < *len; i++) {
        if (bytes[i] != '\0') {
            *to++ = bytes[i];
        }
    }
    *len = (size_t)(to - out);
    return out;
}

/* NULL: iconv does not know the charset, or it cannot be meant. */
static char *from_iconv(struct arena *arena, const char *bytes, size_t len, const char *charset,
                        bool *ret_bad, bool *ret_nul)
{
    iconv_t cd = iconv_open("UTF-8", iconv_name(charset));
    if (cd == (iconv_t)-1) {
        return NULL;
    }
    struct text out = text_new(arena, TEXT_MOST);
    char *in = (char *)(uintptr_t)bytes; /* iconv(3) does not write there */
    char buffer[4096];
    int errors = 0;
    while (len > 0 && errors < CHARSET_ERRORS_MAX) {
        char *to = buffer;
        size_t room = sizeof buffer;
        size_t done = iconv(cd, &in, &len, &to, &room);
        text_addn(&out, buffer, sizeof buffer - room);
        if (done == (size_t)-1 && errno != E2BIG) {
            text_add(&out, "\xef\xbf\xbd");
            *ret_bad = true;
            in++;
            len--;
            errors++;
        }
    }
    iconv_close(cd);
    if (errors == CHARSET_ERRORS_MAX) {
        return NULL;
    }
    char *text = memchr(out.s, '\0', out.len) == NULL ? out.s : without_nul(arena, out.s, &out.len, ret_nul);
    if (!utf8_valid(text, out.len)) { /* iconv lets pass what is beyond U+10FFFF */
        *ret_bad = true;
        text = utf8_repair(arena, text, out.len);
    }
    return text;
}

/* Latin-1 is what clients say who mean windows-1252. */
static bool is_latin(const char *charset)
{
    static const char *const names[] = {"iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(names[i], charset) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_wide(const char *charset)
{
    return strncasecmp(charset, "utf-16", 6) == 0 || strncasecmp(charset, "utf-32", 6) == 0 ||
           strncasecmp(charset, "ucs-", 4) == 0 || strcasecmp(charset, "unicode") == 0;
}

/* Charsets that write other letters with ASCII bytes: "is valid UTF-8" says nothing there.
 * UTF-7 is none of them: it counts as unknown, RFC 2152's author advises against it in mail. */
static bool is_seven_bit(const char *charset)
{
    return strncasecmp(charset, "iso-2022-", 9) == 0 || strcasecmp(charset, "hz-gb-2312") == 0;
}

static bool is_ascii(const char *bytes, size_t len)
{
    unsigned char all = 0;
    for (size_t i = 0; i < len; i++) {
        all |= (unsigned char)bytes[i];
    }
    return all < 0x80;
}

char *plain_text_decode(struct arena *arena, const char *bytes, size_t len, const char *charset,
                        bool *ret_bad, bool *ret_nul)
{
    bool wide = charset != NULL && is_wide(charset);
    if (wide) {
        char *text = from_iconv(arena, bytes, len, strcasecmp(charset, "unicode") == 0 ? "UTF-16" : charset,
                                ret_bad, ret_nul);
        if (text != NULL) {
            return text;
        }
    }
    if (memchr(bytes, '\0', len) != NULL) {
        bytes = without_nul(arena, bytes, &len, ret_nul);
    }
    bool said = charset != NULL && *charset != '\0' && strcasecmp(charset, "us-ascii") != 0;
    bool said_utf8 = said && (strcasecmp(charset, "utf-8") == 0 || strcasecmp(charset, "utf8") == 0);
    if (said && is_seven_bit(charset)) {
        char *text = from_iconv(arena, bytes, len, charset, ret_bad, ret_nul);
        if (text != NULL) {
            return text;
        }
    }
    if (utf8_valid(bytes, len)) {
        *ret_bad |= said && !said_utf8 && !is_ascii(bytes, len);
        return arena_strndup(arena, bytes, len);
    }
    if (said && !said_utf8 && !is_latin(charset) && strncasecmp(charset, "utf-7", 5) != 0) {
        char *text = from_iconv(arena, bytes, len, charset, ret_bad, ret_nul);
        if (text != NULL) {
            return text;
        }
    }
    *ret_bad |= !said || !is_latin(charset);
    return from_windows_1252(arena, bytes, len);
}

/* What becomes of a character: itself, another one, or nothing (0). */
static uint32_t tidy_one(uint32_t c)
{
    if (c < 0x20 || c == 0x7f) {
        return c == '\n' || c == '\t' ? c : c == '\f' || c == '\v' ? '\n' : 0;
    }
    if (c == 0x85 || c == 0x2028 || c == 0x2029) {
        return '\n';
    }
    if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000) {
        return ' ';
    }
    bool invisible = (c >= 0x80 && c < 0xa0) || c == 0xad || c == 0x34f || (c >= 0x200b && c <= 0x200f) ||
                     (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
    return invisible ? 0 : c;
}

char *plain_text_tidy(struct arena *arena, const char *utf8)
{
    size_t len = strlen(utf8);
    char *out = arena_alloc(arena, len + 1), *to = out;
    bool marks = false;
    for (const char *s = utf8; *s != '\0';) {
        unsigned char c = (unsigned char)*s;
        if (c == '\r') {
            *to++ = '\n';
            s += s[1] == '\n' ? 2 : 1;
        } else if (c >= 0x20 && c < 0x7f) {
            *to++ = *s++;
        } else {
            uint32_t u = tidy_one(utf8_next(&s));
            marks |= u >= 0x300 && u < 0x370;
            to += u == 0 ? 0 : utf8_put(u, to);
        }
    }
    *to = '\0';
    return marks ? utf8_compose(arena, out) : out;
}

struct flow_line {
    const char *words;
    size_t len, depth;
};

static const char *flow_read(const char *s, struct flow_line *ret)
{
    size_t all = strcspn(s, "\n"), depth = 0;
    const char *next = s + all + (s[all] == '\n');
    while (s[depth] == '>') {
        depth++;
    }
    size_t stuffed = s[depth] == ' ';
    *ret = (struct flow_line){.words = s + depth + stuffed, .len = all - depth - stuffed, .depth = depth};
    return next;
}

char *plain_text_unflow(struct arena *arena, const char *text, bool delsp)
{
    struct text out = text_new(arena, strlen(text) * 2 + 2);
    bool flows = false;
    size_t depth_before = 0;
    for (const char *s = text; *s != '\0';) {
        struct flow_line line;
        s = flow_read(s, &line);
        bool separator = line.len == 3 && memcmp(line.words, "-- ", 3) == 0;
        bool goes_on = flows && line.depth == depth_before && !separator;
        if (!goes_on) {
            if (out.len > 0) {
                text_addc(&out, '\n');
            }
            for (size_t i = 0; i < line.depth; i++) {
                text_addc(&out, '>');
            }
            if (line.depth > 0) {
                text_addc(&out, ' ');
            }
        }
        flows = line.len > 0 && line.words[line.len - 1] == ' ' && !separator;
        depth_before = line.depth;
        text_addn(&out, line.words, line.len - (flows && delsp));
    }
    if (out.len > 0) {
        text_addc(&out, '\n');
    }
    return out.s;
}
