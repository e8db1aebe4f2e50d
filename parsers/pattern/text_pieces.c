#include "parsers/pattern/text_pieces.h"

#include "parsers/pattern/text_class.h"

#include <string.h>

enum { FIRST = 0x9e5f, SECOND = 0x3d4d, THIRD = 0x1b87 }; /* odd, without meaning */

unsigned text_piece(unsigned a, unsigned b, unsigned c)
{
    return ((a * FIRST) ^ (b * SECOND) ^ (c * THIRD)) % PIECE_BITS;
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

/* The products text_piece makes of a character, each made once. */
struct factors {
    unsigned first, second, third;
};

static struct factors factors_of(unsigned c)
{
    return (struct factors){c * FIRST, c * SECOND, c * THIRD};
}

static void set(struct text_pieces *pieces, unsigned product)
{
    unsigned n = product % PIECE_BITS;
    pieces->bits[n / 64] |= (uint64_t)1 << (n % 64);
}

/* Whether the byte beyond ASCII at text[i] is of a Latin letter. */
static bool is_latin(const char *text, size_t i, size_t len)
{
    return (i + 1 < len && text_latin(text + i)) || (i > 0 && text_latin(text + i - 1));
}

/* Beside the pieces of the text as it stands, those of the edges of its words. What is beyond ASCII and no
 * Latin letter may or may not belong to a word: it is taken for an edge, and more seems possible than is. */
void text_pieces(const char *text, size_t len, struct text_pieces *ret)
{
    const struct factors edge = factors_of(EDGE), pair = factors_of(PAIR);
    struct factors a = {0}, b = {0}; /* the two before */
    size_t word = 0;                 /* bytes of the word that has begun */
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < len; i++) {
        unsigned lower = text_lower(text[i]);
        bool in = text_in_word(lower);
        if (lower == 0x80) {
            if (i + 1 < len && text_odd(text + i)) {
                memset(ret, 0xff, sizeof *ret); /* rare: everything is possible */
                return;
            }
            in = is_latin(text, i, len);
        }
        struct factors c = factors_of(lower);
        set(ret, a.first ^ b.second ^ c.third);
        set(ret, pair.first ^ b.second ^ c.third);
        if (in) {
            if (word == 1) {
                set(ret, edge.first ^ b.second ^ c.third);
            }
            word++;
        } else {
            set(ret, pair.first ^ pair.second ^ c.third);
            if (word > 0) {
                set(ret, (word == 1 ? edge : a).first ^ b.second ^ edge.third);
            }
            word = 0;
        }
        a = b;
        b = c;
    }
    if (word > 0) {
        set(ret, (word == 1 ? edge : a).first ^ b.second ^ edge.third);
    }
}
