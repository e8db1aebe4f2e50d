#include "parsers/pattern/text_pieces.h"

#include "parsers/pattern/text_class.h"

#include <string.h>

enum { FIRST = 0x9e5f, SECOND = 0x3d4d, THIRD = 0x1b87 }; /* odd, without meaning */

unsigned text_piece(unsigned a, unsigned b, unsigned c)
{
    return ((a * FIRST) ^ (b * SECOND) ^ (c * THIRD)) % PIECES_MAX;
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

static void set(struct text_pieces *pieces, unsigned product, uint64_t block)
{
    pieces->blocks[product & pieces->mask] |= block;
}

/* Whether the byte beyond ASCII at text[i] is of a Latin letter. */
static bool is_latin(const char *text, size_t i, size_t len)
{
    return (i + 1 < len && text_latin(text + i)) || (i > 0 && text_latin(text + i - 1));
}

/* As many blocks and different pieces as the text is long. */
static void make_ready(struct text_pieces *pieces, size_t len)
{
    pieces->shift = BLOCK_SHIFT_LEAST;
    while (len >> pieces->shift > 63) {
        pieces->shift++;
    }
    pieces->mask = 255;
    while (pieces->mask < len && pieces->mask < PIECES_MAX - 1) {
        pieces->mask = 2 * pieces->mask + 1;
    }
    pieces->beyond = 0;
    memset(pieces->blocks, 0, (pieces->mask + 1) * sizeof *pieces->blocks);
}

/* What is beyond ASCII and no Latin letter may or may not belong to a word: it is taken for an edge, and
 * more seems possible than is. */
void text_pieces(const char *text, size_t len, struct text_pieces *ret)
{
    const struct factors edge = factors_of(EDGE), alone = factors_of(ALONE);
    struct factors a = {0}, b = {0}; /* the two before */
    size_t word = 0;                 /* bytes of the word that has begun */
    make_ready(ret, len);
    for (size_t i = 0; i < len; i++) {
        const uint64_t block = (uint64_t)1 << (i >> ret->shift);
        unsigned lower = text_lower(text[i]);
        bool in = text_in_word(lower);
        if (lower == 0x80) {
            if (i + 1 < len && text_odd(text + i)) {
                memset(ret->blocks, 0xff, sizeof ret->blocks); /* rare: everything is possible */
                ret->beyond = len;
                return;
            }
            in = is_latin(text, i, len);
            ret->beyond += ((unsigned char)text[i] & 0xc0) == 0x80;
        }
        struct factors c = factors_of(lower);
        set(ret, a.first ^ b.second ^ c.third, block);
        if (!in || lower == '0') {
            set(ret, alone.first ^ alone.second ^ c.third, block);
        }
        if (in && word == 1) {
            set(ret, edge.first ^ b.second ^ c.third, block);
        } else if (!in && word > 0) {
            set(ret, (word == 1 ? edge : a).first ^ b.second ^ edge.third, block);
        }
        word = in ? word + 1 : 0;
        a = b;
        b = c;
    }
    if (word > 0) {
        set(ret, (word == 1 ? edge : a).first ^ b.second ^ edge.third, (uint64_t)1 << (len >> ret->shift));
    }
}
