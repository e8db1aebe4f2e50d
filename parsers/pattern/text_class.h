/* parsers/pattern/text_class.h: the bytes of a text told apart just well enough to see where a pattern can
 * begin.
 *
 * There are 64 classes, so that a set of them is one word of the machine: each letter (small or capital is
 * the same), a digit, the blanks, most signs for themselves. Beyond ASCII, the bytes of Latin letters of two
 * bytes (ä, ß, é: U+00C0 to U+00FF) are of one class, those of all other characters of a second; a character
 * that PCRE2 may take for a letter or digit of ASCII ("ſ" is an s without case; wide and Arabic digits) is
 * odd: it may be anything. */
#ifndef STADTLABOR_PARSERS_PATTERN_TEXT_CLASS_H
#define STADTLABOR_PARSERS_PATTERN_TEXT_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum text_class {
    CLASS_LETTER, /* a; the others follow up to z */
    CLASS_DIGIT = 26,
    CLASS_UNDERSCORE,
    CLASS_LATIN,
    CLASS_HIGH,
    CLASS_SPACE,
    CLASS_LINE, /* its end */
    CLASS_TAB,
    CLASS_CONTROL, /* and other blanks */
    CLASS_ENDS,    /* no byte: before the text, and behind it */
    CLASS_ODD,
    CLASS_RARE, /* signs that are in one class: \ ^ ` ~ */
    CLASS_SIGN,
    CLASSES = 64
};

/* Sets of classes. */
#define CLASS_BIT(class) ((uint64_t)1 << (class))
#define CLASSES_LETTERS (CLASS_BIT(26) - 1)
#define CLASSES_WORD                                                                                         \
    (CLASSES_LETTERS | CLASS_BIT(CLASS_DIGIT) | CLASS_BIT(CLASS_UNDERSCORE) | CLASS_BIT(CLASS_LATIN))
#define CLASSES_ANY_LETTER (CLASSES_LETTERS | CLASS_BIT(CLASS_LATIN))
#define CLASSES_WORD_START (CLASSES_ANY_LETTER | CLASS_BIT(CLASS_HIGH))
#define CLASSES_BLANK                                                                                        \
    (CLASS_BIT(CLASS_SPACE) | CLASS_BIT(CLASS_LINE) | CLASS_BIT(CLASS_TAB) | CLASS_BIT(CLASS_CONTROL))
#define CLASSES_BEYOND (CLASS_BIT(CLASS_LATIN) | CLASS_BIT(CLASS_HIGH))
#define CLASSES_ALL (~(uint64_t)0)
#define CLASSES_BYTES (CLASSES_ALL & ~(CLASS_BIT(CLASS_ENDS) | CLASS_BIT(CLASS_ODD)))

/* Of a byte of ASCII. */
enum text_class text_class_of(unsigned char c);

static inline bool text_is_letter(unsigned class)
{
    return (CLASSES_ANY_LETTER >> class & 1) != 0;
}

/* Whether the character at `s`, beyond ASCII and valid UTF-8, is odd; whether it is a Latin letter. */
bool text_odd(const char *s);
bool text_latin(const char *s);

/* The classes of a text, from a place on. Its memory is malloc's, used again for the next text. */
struct text_classes {
    size_t from, len, room; /* of [from, len) something is known */
    uint8_t
        *class; /* of text[from]; class[-1] is of what stands before, and CLASSES_BEHIND more of the end */
    uint32_t *start; /* places where a character begins that is no letter behind a letter */
    uint32_t *word;  /* those of them where a letter may be */
    size_t starts, words;
    bool odd; /* there are odd characters in it */
};

enum { CLASSES_BEHIND = 8 };

/* `text` is valid UTF-8; of_ascii[c] is text_class_of(c). */
void text_classes_read(struct text_classes *classes, const uint8_t of_ascii[128], const char *text,
                       size_t from, size_t len);
void text_classes_free(struct text_classes *classes);

#endif
