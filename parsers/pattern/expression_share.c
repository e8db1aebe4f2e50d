/* parsers/pattern/expression_share.c: "Anmeldung|Abmeldung|Anmelder" becomes "A(?:nmeld(?:ung|er)|bmeldung)".
 *
 * PCRE2 tries one alternative after the other, each from its first letter; of those that begin with another
 * letter than the text has, all but one are spared so. What matches, and which of several first, stays the
 * same: alternatives change places only when they begin with different letters, and no text has both. */
#include "parsers/pattern/expression.h"

#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { DEPTH_MAX = 60 };

struct alternatives {
    LIST(const char *) at;
};

struct sharing {
    struct arena *arena;
    const char *s;
    size_t most; /* bytes of what is written */
    int depth;
    bool given_up;
};

static const char *choice(struct sharing *w, bool caseless, bool behind);

static bool begins_count(char c)
{
    return c == '?' || c == '*' || c == '+' || c == '{';
}

/* The bytes of the plain character that `s` begins with, when it stands there just once; 0: none. "ſ" and the
 * sign of Kelvin are letters of ASCII without case. */
static size_t plain_character(const char *s)
{
    size_t bytes = 1;
    bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9');
    if ((unsigned char)*s >= 0xc3 && strncmp(s, "\xc5\xbf", 2) != 0 && strncmp(s, "\xe2\x84", 2) != 0) {
        letter = true;
        while (utf8_continues(s[bytes])) {
            bytes++;
        }
    }
    return letter && !begins_count(s[bytes]) ? bytes : 0;
}

static char folded(char c)
{
    return (unsigned char)c >= 0x80 ? '\x80' : c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_character(const char *a, const char *b, size_t bytes, bool caseless)
{
    return memcmp(a, b, bytes) == 0 || (caseless && bytes == 1 && folded(*a) == folded(*b));
}

/* The bytes that all begin with. */
static size_t shared(const struct alternatives *all, bool caseless)
{
    const char *first = all->at.at[0];
    for (size_t len = 0, bytes;; len += bytes) {
        bytes = plain_character(first + len);
        for (size_t i = 1; i < all->at.n && bytes > 0; i++) {
            const char *other = all->at.at[i] + len;
            bytes = plain_character(other) == bytes && same_character(first + len, other, bytes, caseless)
                        ? bytes
                        : 0;
        }
        if (bytes == 0) {
            return len;
        }
    }
}

static void write_all(struct arena *arena, struct text *out, const struct alternatives *all, bool caseless);

/* Alternatives that begin with one letter. */
static void write_alike(struct arena *arena, struct text *out, struct alternatives *alike, bool caseless)
{
    size_t len = alike->at.n > 1 ? shared(alike, caseless) : 0;
    if (len == 0) {
        for (size_t i = 0; i < alike->at.n; i++) {
            text_add(out, i == 0 ? "" : "|");
            text_add(out, alike->at.at[i]);
        }
        return;
    }
    text_addn(out, alike->at.at[0], len);
    for (size_t i = 0; i < alike->at.n; i++) {
        alike->at.at[i] += len;
    }
    text_add(out, "(?:");
    write_all(arena, out, alike, caseless);
    text_addc(out, ')');
}

/* From alternative `i` on, those that begin with the letter that it begins with, as far as all begin with
 * some letter; they are taken out of `all`. */
static struct alternatives take_alike(struct arena *arena, struct alternatives *all, size_t i)
{
    struct alternatives alike = {0};
    const char *first = all->at.at[i];
    for (; i < all->at.n; i++) {
        const char *one = all->at.at[i];
        if (one != NULL && plain_character(one) == 0) {
            break;
        }
        if (one != NULL && folded(*one) == folded(*first)) {
            *LIST_ADD(arena, &alike.at) = one;
            all->at.at[i] = NULL;
        }
    }
    return alike;
}

static void write_all(struct arena *arena, struct text *out, const struct alternatives *all, bool caseless)
{
    struct alternatives rest = *all;
    for (size_t i = 0; i < rest.at.n; i++) {
        const char *one = rest.at.at[i];
        if (one == NULL) {
            continue;
        }
        text_add(out, i == 0 ? "" : "|");
        if (plain_character(one) == 0) {
            text_add(out, one);
        } else {
            struct alternatives alike = take_alike(arena, &rest, i);
            write_alike(arena, out, &alike, caseless);
        }
    }
}

/* A group, from its "(" to its ")". */
static void copy_group(struct sharing *w, struct text *out, bool caseless, bool behind)
{
    struct expression e = {.s = w->s};
    enum group_kind kind = expression_group(&e);
    if (kind == GROUP_UNKNOWN || str_starts(w->s, "(?|") || ++w->depth > DEPTH_MAX) {
        w->given_up = true;
        return;
    }
    caseless = caseless && !str_starts(w->s, "(?-");
    behind = behind || (kind == GROUP_LOOKS && w->s[2] == '<'); /* lengths matter there */
    text_addn(out, w->s, (size_t)(e.s - w->s));
    w->s = e.s;
    text_add(out, choice(w, caseless, behind));
    w->given_up = w->given_up || *w->s != ')';
    text_addc(out, ')');
    w->s += !w->given_up;
    w->depth--;
}

static const char *alternative(struct sharing *w, bool caseless, bool behind)
{
    struct text out = text_new(w->arena, w->most);
    const char *written = w->s;
    while (!w->given_up && *w->s != '\0' && *w->s != '|' && *w->s != ')') {
        if (*w->s == '(') {
            text_addn(&out, written, (size_t)(w->s - written));
            copy_group(w, &out, caseless, behind);
            written = w->s;
        } else if (*w->s != '\\' && *w->s != '[') {
            w->s++;
        } else {
            struct expression e = {.s = w->s};
            size_t bytes;
            (void)expression_character(&e, &bytes);
            w->given_up = e.given_up;
            w->s = e.s;
        }
    }
    text_addn(&out, written, (size_t)(w->s - written));
    w->given_up = w->given_up || out.overflow;
    return out.s;
}

static const char *choice(struct sharing *w, bool caseless, bool behind)
{
    struct alternatives all = {0};
    do {
        w->s += all.at.n > 0;
        *LIST_ADD(w->arena, &all.at) = alternative(w, caseless, behind);
    } while (!w->given_up && *w->s == '|');
    if (all.at.n == 1) {
        return all.at.at[0];
    }
    struct text out = text_new(w->arena, w->most);
    if (behind) {
        for (size_t i = 0; i < all.at.n; i++) {
            text_add(&out, i == 0 ? "" : "|");
            text_add(&out, all.at.at[i]);
        }
    } else {
        write_all(w->arena, &out, &all, caseless);
    }
    w->given_up = w->given_up || out.overflow;
    return out.s;
}

const char *expression_shared(struct arena *arena, const char *expression)
{
    struct sharing w = {.arena = arena, .s = expression, .most = 4 * strlen(expression)};
    const char *shared = choice(&w, true, false);
    return w.given_up || *w.s != '\0' ? expression : shared;
}
