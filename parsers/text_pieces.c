#include "parsers/text_pieces.h"

#include <string.h>

unsigned text_piece(unsigned a, unsigned b, unsigned c)
{
    return ((a * 0x9e5fu) ^ (b * 0x3d4du) ^ (c * 0x1b87u)) % PIECE_BITS;
}

/* Small letters; one digit is like another, as are the bytes of letters beyond ASCII. */
unsigned text_lower(char c)
{
    unsigned u = (unsigned char)c;
    return u >= 0x80 ? 0x80 : u >= 'A' && u <= 'Z' ? u | 0x20 : u >= '0' && u <= '9' ? '0' : u;
}

/* Of what `lower` gave. */
bool text_in_word(unsigned c)
{
    return c == 0x80 || (c >= 'a' && c <= 'z') || c == '0' || c == '_';
}

/* Whether PCRE2 may take the character at `s` for a letter or digit of ASCII: without case "ſ" is an s,
 * the signs of Kelvin and Ångström are letters, too, and many scripts have digits of their own. */
static bool odd_letter(const char *s)
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
static bool latin_letter(const char *s)
{
    return s[0] == '\xc3' && s[1] != '\x97' && s[1] != '\xb7';
}

static void set(struct text_pieces *pieces, unsigned a, unsigned b, unsigned c)
{
    unsigned n = text_piece(a, b, c);
    pieces->bits[n / 64] |= (uint64_t)1 << (n % 64);
}

/* Beside the pieces of the text as it stands, those of the edges of its words. What is beyond ASCII and no
 * Latin letter may or may not belong to a word: it is taken for an edge, and more seems possible than is. */
void text_pieces(const char *text, size_t len, struct text_pieces *ret)
{
    unsigned a = 0, b = 0; /* the two before */
    size_t word = 0;       /* bytes of the word that has begun */
    bool odd = false;
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < len && !odd; i++) {
        unsigned c = text_lower(text[i]);
        bool in = text_in_word(c);
        if (c == 0x80) {
            bool more = i + 1 < len;
            odd = more && odd_letter(text + i);
            in = (more && latin_letter(text + i)) || (i > 0 && latin_letter(text + i - 1));
        }
        set(ret, PAIR, in ? b : PAIR, c);
        set(ret, PAIR, b, c);
        set(ret, a, b, c);
        if (in && word == 1) {
            set(ret, EDGE, b, c);
        } else if (!in && word > 0) {
            set(ret, word == 1 ? EDGE : a, b, EDGE);
        }
        word = in ? word + 1 : 0;
        a = b;
        b = c;
    }
    if (word > 0) {
        set(ret, word == 1 ? EDGE : a, b, EDGE);
    }
    if (odd) { /* rare: everything is possible */
        memset(ret, 0xff, sizeof *ret);
    }
}
