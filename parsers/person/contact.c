#include "parsers/person/contact.h"

#include "base/text.h"
#include "base/utf8.h"

#include <ctype.h>

enum { PHONE_LEAST = 7, PHONE_MOST = 15 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "03.05.1958", "3.5.58": its length; 0: none begins here. */
static size_t day_here(const char *s)
{
    size_t at = 0;
    for (int part = 0; part < 3; part++) {
        size_t digits = 0;
        while (is_digit(s[at + digits])) {
            digits++;
        }
        bool right =
            part < 2 ? digits >= 1 && digits <= 2 && s[at + digits] == '.' : digits == 2 || digits == 4;
        if (!right) {
            return 0;
        }
        at += digits + (part < 2);
    }
    return at;
}

/* Digits with blanks and marks between them, on one line: its length, and how many digits. */
static size_t run_here(const char *s, int *ret_digits)
{
    size_t at = s[0] == '+' || s[0] == '(', end = at;
    *ret_digits = 0;
    while (s[at] != '\0' && (is_digit(s[at]) || strchr(" ()/.-", s[at]) != NULL)) {
        if (day_here(s + at) > 0 && *ret_digits > 0) {
            break; /* a birth date behind the number */
        }
        at++;
        if (is_digit(s[at - 1])) {
            (*ret_digits)++;
            end = at;
        }
    }
    return end;
}

static const char *digits_of(struct arena *arena, const char *phone)
{
    struct text digits = text_new(arena, 64);
    for (; *phone != '\0'; phone++) {
        if (is_digit(*phone)) {
            text_addc(&digits, *phone);
        }
    }
    return digits.s;
}

/* The same number with and without country code: the last seven digits tell. */
static bool same_phone(struct arena *arena, const char *a, const char *b)
{
    const char *x = digits_of(arena, a), *y = digits_of(arena, b);
    size_t nx = strlen(x), ny = strlen(y);
    return nx >= PHONE_LEAST && ny >= PHONE_LEAST && str_equal(x + nx - PHONE_LEAST, y + ny - PHONE_LEAST);
}

static bool has_phone(struct arena *arena, const struct contacts *contacts, const char *phone)
{
    for (size_t i = 0; contacts != NULL && i < contacts->phones.n; i++) {
        if (same_phone(arena, contacts->phones.at[i], phone)) {
            return true;
        }
    }
    return false;
}

static bool has_address(const struct contacts *contacts, const char *address)
{
    for (size_t i = 0; contacts != NULL && i < contacts->addresses.n; i++) {
        if (str_equal(contacts->addresses.at[i], address)) {
            return true;
        }
    }
    return false;
}

static void find_phones(struct arena *arena, const char *line, const struct contacts *theirs,
                        struct contacts *ret)
{
    for (size_t i = 0; line[i] != '\0';) {
        bool begins =
            i == 0 || !(isalnum((unsigned char)line[i - 1]) || strchr("+.,-/@", line[i - 1]) != NULL);
        size_t day = begins ? day_here(line + i) : 0;
        int digits = 0;
        bool zero = line[i] == '0' || (line[i] == '(' && line[i + 1] == '0') || line[i] == '+';
        size_t len = begins && zero && day == 0 ? run_here(line + i, &digits) : 0;
        if (digits >= PHONE_LEAST && digits <= PHONE_MOST) {
            const char *phone = arena_strndup(arena, line + i, len);
            if (!has_phone(arena, theirs, phone) && !has_phone(arena, ret, phone) &&
                ret->phones.n < CONTACTS_MOST) {
                *LIST_ADD(arena, &ret->phones) = phone;
            }
        }
        i += day > 0 ? day : len > 0 ? len : 1;
    }
}

static bool in_address(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("._+-", c) != NULL);
}

static void find_addresses(struct arena *arena, const char *line, const struct contacts *theirs,
                           struct contacts *ret)
{
    for (const char *at = line; (at = strchr(at, '@')) != NULL; at++) {
        const char *from = at, *to = at + 1;
        while (from > line && in_address(from[-1])) {
            from--;
        }
        while (in_address(*to)) {
            to++;
        }
        while (to > at + 1 && !isalnum((unsigned char)to[-1])) {
            to--; /* the full stop behind it */
        }
        char *address = utf8_lower_copy(arena, arena_strndup(arena, from, (size_t)(to - from)));
        const char *dot = strchr(strchr(address, '@'), '.');
        if (from < at && dot != NULL && !has_address(theirs, address) && !has_address(ret, address) &&
            ret->addresses.n < CONTACTS_MOST) {
            *LIST_ADD(arena, &ret->addresses) = address;
        }
    }
}

void contacts_find(struct arena *arena, const char *text, const struct contacts *theirs, struct contacts *ret)
{
    *ret = (struct contacts){0};
    while (*text != '\0') {
        size_t len = strcspn(text, "\r\n");
        const char *line = arena_strndup(arena, text, len);
        if (line[0] != '>') {
            find_phones(arena, line, theirs, ret);
            find_addresses(arena, line, theirs, ret);
        }
        text += len + (text[len] != '\0');
    }
}
