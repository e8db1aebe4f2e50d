#include "parsers/robot/report_field.h"

#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

enum {
    FIELD_NAME_MAX = 76,    /* longer is no field name (RFC 5322: a line has 78 characters) */
    FIELD_VALUE_MAX = 8192, /* bytes of one value kept */
    LOCAL_PART_MAX = 128,   /* RFC 5321 4.5.3.1.1 says 64; VERP and gateways pass it */
    DOMAIN_MAX = 255,       /* RFC 5321 4.5.3.1.2 */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Length of the field name at `s`, or 0. */
static size_t name_length(const char *s)
{
    size_t len = 0;
    while (isalnum((unsigned char)s[len]) || s[len] == '-' || s[len] == '_') {
        len++;
    }
    size_t colon = len;
    while (is_blank(s[colon])) {
        colon++;
    }
    return len > 0 && len <= FIELD_NAME_MAX && s[colon] == ':' ? len : 0;
}

char *report_one_line(struct arena *arena, const char *s, size_t len, size_t most)
{
    struct text line = text_new(arena, most);
    for (size_t i = 0; i < len && s[i] != '\0'; i++) {
        bool blank = is_blank(s[i]) || s[i] == '\n' || s[i] == '\r';
        if (!blank) {
            text_addc(&line, s[i]);
        } else if (line.len > 0 && line.s[line.len - 1] != ' ') {
            text_addc(&line, ' ');
        }
        if (line.overflow) {
            break;
        }
    }
    while (line.len > 0 && (line.s[line.len - 1] == ' ' || !utf8_valid(line.s, line.len))) {
        line.s[--line.len] = '\0';
    }
    return line.s;
}

bool report_field_next(struct arena *arena, const char **text, struct report_field *ret)
{
    const char *s = *text;
    if (*s == '\0') {
        return false;
    }
    size_t name = name_length(s), len = strcspn(s, "\n");
    const char *end = s + len + (s[len] == '\n');
    *ret = (struct report_field){.blank = strspn(s, " \t\r") == len};
    while (name > 0 && is_blank(*end) && end[strspn(end, " \t\r")] != '\n') {
        len = strcspn(end, "\n");
        end += len + (end[len] == '\n');
    }
    if (name > 0) {
        const char *value = strchr(s, ':') + 1;
        ret->name = arena_strndup(arena, s, name);
        ret->value = report_one_line(arena, value, (size_t)(end - value), FIELD_VALUE_MAX);
    }
    *text = end;
    return true;
}

static bool is_local(unsigned char c)
{
    return c >= 0x80 || isalnum(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool is_domain(unsigned char c)
{
    return c >= 0x80 || isalnum(c) || c == '-' || c == '.' || c == '_';
}

/* The address around the '@' at `at`; `s` is where the string begins. */
static const char *address_around(struct arena *arena, const char *s, const char *at)
{
    const char *from = at, *to = at + 1;
    if (from > s && from[-1] == '"') {
        for (from--; from > s && from[-1] != '"'; from--) {
        }
        from -= from > s;
    } else {
        while (from > s && is_local((unsigned char)from[-1]) && at - from <= LOCAL_PART_MAX) {
            from--;
        }
        while (from < at && (*from == '\'' || *from == '`' || *from == '.' || *from == '*')) {
            from++;
        }
    }
    while (is_domain((unsigned char)*to) && to - at <= DOMAIN_MAX) {
        to++;
    }
    while (to > at + 1 && (to[-1] == '.' || to[-1] == '-' || to[-1] == '_')) {
        to--;
    }
    if (from == at || at - from > LOCAL_PART_MAX || to == at + 1 || to - at > DOMAIN_MAX || at[1] == '.') {
        return NULL;
    }
    char *address = arena_strndup(arena, from, (size_t)(to - from));
    return utf8_valid(address, strlen(address)) ? utf8_lower_copy(arena, address) : NULL;
}

const char *report_address(struct arena *arena, const char *value)
{
    for (const char *at = strchr(value, '@'); at != NULL; at = strchr(at + 1, '@')) {
        const char *address = address_around(arena, value, at);
        if (address != NULL) {
            return address;
        }
    }
    const char *escaped = strstr(value, "+40");
    if (escaped == NULL) {
        return NULL;
    }
    char *decoded = arena_printf(arena, "%.*s@%s", (int)(escaped - value), value, escaped + 3);
    return address_around(arena, decoded, strchr(decoded, '@'));
}

const char *report_message_id(struct arena *arena, const char *value)
{
    const char *open = strchr(value, '<'), *id = open == NULL ? value + strspn(value, " \t") : open + 1;
    size_t len = strcspn(id, "> \t\n");
    return len > 0 && memchr(id, '@', len) != NULL ? arena_strndup(arena, id, len) : NULL;
}
