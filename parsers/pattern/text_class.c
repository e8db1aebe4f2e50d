#include "parsers/pattern/text_class.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum text_class text_class_of(unsigned char c)
{
    static const char signs[] = " !\"#$%&'()*+,-./:;<=>?@[]{|}";
    static const char rare[] = "\\^`~";
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        return (enum text_class)((c | 0x20) - 'a');
    }
    if (c >= '0' && c <= '9') {
        return CLASS_DIGIT;
    }
    if (c < 0x20 || c == 0x7f) {
        return c == '\n' ? CLASS_LINE : c == '\t' ? CLASS_TAB : CLASS_CONTROL;
    }
    if (c == ' ' || c == '_') {
        return c == ' ' ? CLASS_SPACE : CLASS_UNDERSCORE;
    }
    return strchr(rare, c) != NULL ? CLASS_RARE
                                   : (enum text_class)(CLASS_SIGN - 1 + (strchr(signs, c) - signs));
}

/* Without case "ſ" is an s, the signs of Kelvin and Ångström are letters, too, and many scripts have digits
 * of their own. */
bool text_odd(const char *s)
{
    unsigned lead = (unsigned char)s[0], next = (unsigned char)s[1];
    switch (lead) {
    case 0xc5:
        return next == 0xbf;
    case 0xe2:
        return next == 0x84 && (s[2] == '\xaa' || s[2] == '\xab');
    case 0xef:
        return next == 0xbc; /* wide digits */
    case 0xf0:
        return next != 0x9f || s[2] == '\xaf'; /* pictures have none */
    default:
        return lead == 0xd9 || lead == 0xdb || lead == 0xdf || lead == 0xe0 || lead == 0xe1 || lead == 0xea;
    }
}

/* A letter of two bytes that has its capital in two bytes as well: U+00C0 to U+00FF. */
bool text_latin(const char *s)
{
    return s[0] == '\xc3' && s[1] != '\x97' && s[1] != '\xb7';
}

/* Of the character that begins at `i`, beyond ASCII; returns where it ends. */
static size_t classes_beyond(const char *text, size_t i, size_t len, uint8_t *of)
{
    size_t end = i + 1;
    while (end < len && utf8_continues(text[end])) {
        end++;
    }
    bool cut = end - i < 2 || (end - i == 2 && (unsigned char)text[i] >= 0xe0);
    enum text_class class = cut || text_odd(text + i) ? CLASS_ODD
                            : text_latin(text + i)    ? CLASS_LATIN
                                                      : CLASS_HIGH;
    memset(of, class, end - i);
    return end;
}

/* The class of the character before text[from]. */
static uint8_t class_before(const uint8_t of_ascii[128], const char *text, size_t from)
{
    uint8_t classes[8];
    size_t start = from;
    if (from == 0) {
        return CLASS_ENDS;
    }
    do {
        start--;
    } while (start > 0 && utf8_continues(text[start]) && from - start < 4);
    if ((unsigned char)text[start] < 0x80) {
        return of_ascii[(unsigned char)text[start]];
    }
    classes_beyond(text, start, from, classes);
    return classes[0];
}

static void make_room(struct text_classes *classes, size_t len)
{
    size_t room = len < 512 ? 512 : len + len / 2;
    if (classes->start != NULL && classes->room >= len) {
        return;
    }
    text_classes_free(classes);
    classes->start = malloc(room * 2 * sizeof *classes->start + 1 + room + CLASSES_BEHIND);
    if (classes->start == NULL) {
        abort(); /* no memory: as the arena does */
    }
    classes->word = classes->start + room;
    classes->class = (uint8_t *)(classes->word + room) + 1;
    classes->room = room;
}

void text_classes_free(struct text_classes *classes)
{
    free(classes->start);
    *classes = (struct text_classes){0};
}

void text_classes_read(struct text_classes *classes, const uint8_t of_ascii[128], const char *text,
                       size_t from, size_t len)
{
    make_room(classes, len - from);
    uint8_t *class = classes->class;
    size_t starts = 0, words = 0;
    classes->odd = false;
    const uint8_t *before = class - 1; /* of the byte before each */
    class[-1] = class_before(of_ascii, text, from);
    for (size_t i = from, end; i < len; i = end) {
        unsigned char c = (unsigned char)text[i];
        end = i + 1;
        if (c < 0x80) {
            class[i - from] = of_ascii[c];
        } else {
            end = classes_beyond(text, i, len, class + (i - from));
            classes->odd = classes->odd || class[i - from] == CLASS_ODD;
        }
        bool start = !text_is_letter(class[i - from]) || !text_is_letter(before[i - from]);
        classes->start[starts] = classes->word[words] = (uint32_t)i;
        starts += start;
        words += start && (CLASSES_WORD_START >> class[i - from] & 1) != 0;
    }
    memset(class + (len - from), CLASS_ENDS, CLASSES_BEHIND);
    classes->from = from;
    classes->len = len;
    classes->starts = starts;
    classes->words = words;
}
