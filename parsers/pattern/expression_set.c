/* parsers/pattern/expression_set.c: which characters an atom stands for. */
#include "parsers/pattern/expression.h"

#include "base/utf8.h"

#include "parsers/pattern/text_class.h"

#include <string.h>

static const struct char_set any = {.may = CLASSES_BYTES};

/* A byte of ASCII; which letter it is without case, and which digit or blank, is all that is known of most.
 */
static struct char_set of_ascii(char c)
{
    enum text_class class = text_class_of((unsigned char)c);
    bool one = class != CLASS_DIGIT && class != CLASS_CONTROL && class != CLASS_RARE && class >= CLASS_DIGIT;
    bool word = (CLASS_BIT(class) & CLASSES_WORD) != 0;
    return (struct char_set){CLASS_BIT(class), one ? CLASS_BIT(class) : 0, word, !word};
}

/* Latin letters stay so without case, but ß and ÿ; others become Latin in U+0178, U+1E9E and U+212B alone.
 * What is in U+2000 to U+203F is no letter. */
static struct char_set of_beyond(const char *s)
{
    unsigned lead = (unsigned char)s[0], next = (unsigned char)s[1];
    if (text_latin(s) && next != 0x9f && next != 0xbf) {
        return (struct char_set){.may = CLASS_BIT(CLASS_LATIN), .word = true};
    }
    bool latin = lead == 0xc3 || lead == 0xc5 || lead == 0xe1 || (lead == 0xe2 && next == 0x84);
    return (struct char_set){.may = latin ? CLASSES_BEYOND : CLASS_BIT(CLASS_HIGH),
                             .none = lead == 0xe2 && next == 0x80};
}

static struct char_set but(struct char_set set)
{
    return (struct char_set){CLASSES_BYTES & ~set.all, CLASSES_BYTES & ~set.may, false, false};
}

static struct char_set of_property(const char *s)
{
    const uint64_t high = CLASS_BIT(CLASS_HIGH), letters = CLASSES_LETTERS | CLASS_BIT(CLASS_LATIN);
    if (s[1] == 'p' && strncmp(s + 2, "{L}", 3) == 0) {
        return (struct char_set){.may = letters | high, .all = letters, .word = true};
    }
    if (s[1] == 'p' && strncmp(s + 2, "{L", 2) == 0) {
        return (struct char_set){.may = letters | high, .word = true};
    }
    return any;
}

/* Behind a backslash. */
static bool of_escape(const char *s, struct char_set *ret)
{
    const uint64_t high = CLASS_BIT(CLASS_HIGH), line = CLASS_BIT(CLASS_LINE);
    const struct char_set digit = {CLASS_BIT(CLASS_DIGIT), CLASS_BIT(CLASS_DIGIT), true, false};
    const struct char_set word = {CLASSES_WORD | high, CLASSES_WORD, true, false};
    const struct char_set space = {CLASSES_BLANK | high, CLASSES_BLANK & ~CLASS_BIT(CLASS_CONTROL), false,
                                   true};
    const struct char_set flat = {space.may & ~line, space.all & ~line, false, true};
    switch (s[1]) {
    case 'd':
    case 'D':
        *ret = s[1] == 'd' ? digit : but(digit);
        return true;
    case 'w':
    case 'W':
        *ret = s[1] == 'w' ? word : but(word);
        ret->none = s[1] == 'W';
        return true;
    case 's':
    case 'S':
        *ret = s[1] == 's' ? space : but(space);
        return true;
    case 'h':
    case 'H':
        *ret = s[1] == 'h' ? flat : but(flat);
        return true;
    case 'n':
    case 't':
        *ret = of_ascii((char)(s[1] == 'n' ? '\n' : '\t'));
        return true;
    case 'N':
        *ret = but(of_ascii('\n'));
        return true;
    case 'p':
    case 'P':
        *ret = of_property(s);
        return true;
    default:
        break;
    }
    bool letter = (CLASS_BIT(text_class_of((unsigned char)s[1])) & CLASSES_WORD) != 0;
    *ret = letter ? any : of_ascii(s[1]);
    return !letter || strchr("vVfrea", s[1]) != NULL;
}

static const char *behind(const char *s)
{
    do {
        s++;
    } while (utf8_continues(*s));
    return s;
}

/* One character in brackets, or a range; returns where it ends. */
static const char *member(const char *s, struct char_set *ret)
{
    const char *end = s[0] == '\\' ? s + 2 : behind(s);
    if (s[0] == '\\' && (s[1] == 'p' || s[1] == 'P')) {
        end += *end == '{' ? strcspn(end, "}") + 1 : 1;
    }
    if (s[0] == '[' && s[1] == ':') {
        const char *close = strstr(s + 2, ":]");
        *ret = any;
        return close != NULL ? close + 2 : end;
    }
    if (s[0] == '\\') {
        if (!of_escape(s, ret)) {
            *ret = any;
        }
    } else {
        *ret = (unsigned char)s[0] < 0x80 ? of_ascii(s[0]) : of_beyond(s);
    }
    if (end[0] != '-' || end[1] == ']') {
        return end;
    }
    const char *to = end + 1;
    if (s[0] == '\\' || *to == '\\' || (unsigned char)s[0] >= 0x80 || (unsigned char)*to >= 0x80) {
        *ret = any;
        return *to == '\\' ? to + 2 : behind(to);
    }
    for (int c = (unsigned char)s[0]; c <= (unsigned char)*to; c++) {
        struct char_set one = of_ascii((char)c);
        ret->may |= one.may;
        ret->all |= one.all;
        ret->word = ret->word && one.word;
        ret->none = ret->none && one.none;
    }
    if (s[0] == '0' && *to == '9') {
        ret->all |= CLASS_BIT(CLASS_DIGIT);
    }
    return to + 1;
}

static struct char_set of_brackets(const char *s, const char *end)
{
    struct char_set set = {.word = true, .none = true};
    bool negated = s[1] == '^';
    s += negated ? 2 : 1;
    for (bool first = true; s < end - 1 || (first && *s == ']'); first = false) {
        struct char_set one;
        s = member(s, &one);
        set.may |= one.may;
        set.all |= one.all;
        set.word = set.word && one.word;
        set.none = set.none && one.none;
    }
    return negated ? but(set) : set;
}

bool expression_set(const char *s, const char *end, struct char_set *ret)
{
    if (*s == '\\') {
        return of_escape(s, ret);
    }
    if (*s == '[') {
        *ret = of_brackets(s, end);
    } else if (*s == '.') {
        *ret = but(of_ascii('\n'));
    } else {
        *ret = (unsigned char)*s < 0x80 ? of_ascii(*s) : of_beyond(s);
    }
    return true;
}
