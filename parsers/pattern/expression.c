#include "parsers/pattern/expression.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static void skip_class(struct expression *e)
{
    e->s++; /* [ */
    e->s += *e->s == '^';
    e->s += *e->s == ']';
    while (*e->s != '\0' && *e->s != ']') {
        if (*e->s == '\\' && e->s[1] != '\0') {
            e->s++;
        } else if (e->s[0] == '[' && e->s[1] == ':') {
            const char *end = strstr(e->s + 2, ":]");
            e->s = end != NULL ? end + 1 : e->s;
        }
        e->s++;
    }
    e->s += *e->s == ']';
}

struct count expression_count_read(struct expression *e)
{
    struct count count = {.least = 1, .most = 1};
    while (*e->s == ' ' || *e->s == '\n' ||
           *e->s == '\t') { /* blanks do not count, before a quantifier neither */
        e->s++;
    }
    if (*e->s == '?' || *e->s == '*' || *e->s == '+') {
        count.optional = *e->s != '+';
        count.least = !count.optional;
        count.repeats = count.more = *e->s != '?';
        count.most = count.repeats ? COUNT_ENDLESS : 1;
        e->s++;
    } else if (*e->s == '{' && e->s[1] >= '0' && e->s[1] <= '9') {
        char *end;
        count.least = count.most = (uint32_t)strtoul(e->s + 1, &end, 10);
        count.optional = count.least == 0;
        count.repeats = true;
        count.more = *end == ',';
        if (count.more) {
            count.most = end[1] == '}' ? COUNT_ENDLESS : (uint32_t)strtoul(end + 1, NULL, 10);
        }
        while (*e->s != '\0' && *e->s++ != '}') {
        }
    } else {
        return count;
    }
    e->s += *e->s == '?' || *e->s == '+';
    return count;
}

/* Behind the backslash. */
static char read_escape(struct expression *e)
{
    char c = e->s[1];
    e->s += c != '\0' ? 2 : 1;
    if (c == 'Q' || c == 'x' || c == 'o' || c == 'c' || c == 'k' || c == 'g' || (c >= '0' && c <= '9')) {
        e->given_up = true;
    }
    if (c == 'p' && strncmp(e->s, "{L", 2) == 0) { /* letters of all kinds: L, Lu, Ll */
        e->s += strcspn(e->s, "}");
        e->s += *e->s != '\0';
        return WORD;
    }
    if ((c == 'p' || c == 'P') && *e->s == '{') {
        e->s += strcspn(e->s, "}");
        e->s += *e->s != '\0';
    } else if (c == 'p' || c == 'P') {
        e->s += *e->s != '\0';
    }
    if (c == 'b' || c == 'A') {
        return c == 'b' ? EDGE : BEGIN;
    }
    if (c != '\0' && strchr("BzZGK", c) != NULL) {
        return 0;
    }
    if (c != '\0' && strchr("shvRWnrt ", c) != NULL) {
        return SPACE;
    }
    return c == 'w' ? WORD : c == 'd' ? '0' : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? ' ' : c;
}

/* A character beyond ASCII, whole. Latin letters of two bytes (U+00C0 to U+00FF) have their capital in two
 * bytes as well, but ß and ÿ, and × and ÷ are none. Of other scripts, Cyrillic has two bytes in any case (but
 * for U+1C80 to U+1C88, which make a text odd, text_class.h), and those of Asia have no case. Of all others
 * nothing is known. */
static char beyond_ascii(struct expression *e, size_t *ret_bytes)
{
    const char *begin = e->s;
    unsigned char lead = (unsigned char)begin[0], next = (unsigned char)begin[1];
    do {
        e->s++;
    } while (utf8_continues(*e->s));
    *ret_bytes = (size_t)(e->s - begin);
    bool latin = lead == 0xc3 && next != 0x9f && next != 0xbf && next != 0x97 && next != 0xb7;
    bool foreign =
        lead == 0xd0 || lead == 0xd1 || lead == 0xe0 || (lead >= 0xe3 && lead <= 0xed && lead != 0xea);
    return latin ? begin[0] : foreign ? FOREIGN : ' ';
}

char expression_character(struct expression *e, size_t *ret_bytes)
{
    char c = *e->s;
    *ret_bytes = 1;
    if (c == '[') {
        bool blank = strncmp(e->s, "[ ]", 3) == 0;
        skip_class(e);
        return blank ? SPACE : ' ';
    }
    if (c == '\\') {
        return read_escape(e);
    }
    if ((unsigned char)c >= 0x80) {
        return beyond_ascii(e, ret_bytes);
    }
    e->s++;
    return c == '.' ? ' ' : c == '^' ? BEGIN : c == '$' ? 0 : c;
}

enum group_kind expression_group(struct expression *e)
{
    e->s++; /* ( */
    if (*e->s == '*') {
        return GROUP_UNKNOWN;
    }
    if (*e->s != '?') {
        return GROUP_PLAIN;
    }
    e->s++;
    if (*e->s == '=' || *e->s == '!' || (*e->s == '<' && (e->s[1] == '=' || e->s[1] == '!'))) {
        e->s += *e->s == '<' ? 2 : 1;
        return GROUP_LOOKS;
    }
    if (*e->s == '<') { /* a name */
        e->s += strcspn(e->s, ">");
        e->s += *e->s != '\0';
    } else if (*e->s == ':' || *e->s == '>' || *e->s == '|') {
        e->s++;
    } else { /* options but x, conditions, calls */
        size_t options = strspn(e->s, "ims-");
        if (options == 0 || e->s[options] != ':') {
            return GROUP_UNKNOWN;
        }
        e->s += options + 1;
    }
    return GROUP_PLAIN;
}

/* The bytes from `s` on that expression_ascii leaves as they are. */
static size_t plain_bytes(const char *s, bool in_brackets)
{
    size_t n = 0;
    while (s[n] != '\0' && s[n] != '\\' && s[n] != '[' &&
           (in_brackets ? s[n] != ']' : s[n] != '#' && s[n] != ' ' && (s[n] < '\t' || s[n] > '\r'))) {
        n++;
    }
    return n;
}

const char *expression_ascii(struct arena *arena, const char *expression)
{
    struct text out = text_new(arena, 4 * strlen(expression)); /* \s becomes eight bytes */
    const char *brackets_end = expression;
    for (const char *s = expression; *s != '\0';) {
        const bool in_brackets = s < brackets_end;
        size_t bytes = plain_bytes(s, in_brackets);
        if (bytes > 0) {
            /* as it is */
        } else if (*s == '\\' && (s[1] == 'd' || s[1] == 's')) {
            text_add(&out, in_brackets ? "" : "[");
            text_add(&out, s[1] == 'd' ? "0-9" : "\\t-\\r ");
            text_add(&out, in_brackets ? "" : "]");
            s += 2;
        } else if (*s == '\\') {
            bytes = s[1] != '\0' ? 2 : 1;
        } else if (*s == '[' || *s == ']') {
            struct expression e = {.s = s};
            if (!in_brackets && *s == '[') {
                skip_class(&e);
                brackets_end = e.s;
            }
            bytes = 1;
        } else { /* a comment, a blank */
            s += *s == '#' ? strcspn(s, "\n") : 1;
        }
        text_addn(&out, s, bytes);
        s += bytes;
    }
    return out.s;
}
