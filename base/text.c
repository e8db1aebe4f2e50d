#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct text text_new(struct arena *arena, size_t cap)
{
    struct text t = {.arena = arena, .cap = cap, .room = 64};
    t.s = arena_alloc(arena, t.room);
    return t;
}

void text_addn(struct text *t, const char *s, size_t len)
{
    if (len > t->cap - t->len) {
        t->overflow = true;
        return;
    }
    if (t->len + len + 1 > t->room) {
        size_t room = t->room;
        while (room < t->len + len + 1) {
            room *= 2;
        }
        char *fresh = arena_alloc(t->arena, room);
        memcpy(fresh, t->s, t->len);
        t->s = fresh;
        t->room = room;
    }
    memcpy(t->s + t->len, s, len);
    t->len += len;
    t->s[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
    text_addn(t, s, strlen(s));
}

void text_add_html(struct text *t, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        switch (s[i]) {
        case '&':
            text_add(t, "&amp;");
            break;
        case '"':
            text_add(t, "&quot;");
            break;
        case '\'':
            text_add(t, "&#39;");
            break;
        case '<':
            text_add(t, "&lt;");
            break;
        case '>':
            text_add(t, "&gt;");
            break;
        default:
            text_addc(t, s[i]);
        }
    }
}

void text_addi(struct text *t, int64_t number)
{
    char digits[20]; /* of 2^63 there are 19 */
    char *at = digits + sizeof digits;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        *--at = (char)('0' + left % 10);
    } while ((left /= 10) > 0);
    if (number < 0) {
        text_addc(t, '-');
    }
    text_addn(t, at, (size_t)(digits + sizeof digits - at));
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *s = arena_vprintf(t->arena, format, args);
    va_end(args);
    text_add(t, s);
}

void text_clear(struct text *t)
{
    t->len = 0;
    t->s[0] = '\0';
    t->overflow = false;
}

bool str_equal_nocase(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcasecmp(a, b) == 0);
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_starts_nocase(const char *s, const char *prefix)
{
    return strncasecmp(s, prefix, strlen(prefix)) == 0;
}

bool str_has_control(const char *s)
{
    for (; *s != '\0'; s++) {
        if ((unsigned char)*s < 0x20 || *s == 0x7f) {
            return true;
        }
    }
    return false;
}

char *str_trim(struct arena *arena, const char *s)
{
    while (*s == ' ' || (*s >= '\t' && *s <= '\r')) {
        s++;
    }
    size_t len = strlen(s);
    while (len > 0 && (s[len - 1] == ' ' || (s[len - 1] >= '\t' && s[len - 1] <= '\r'))) {
        len--;
    }
    return arena_strndup(arena, s, len);
}
