/* parsers/pattern/text_pieces.h: which pieces of three characters a text holds, without case, and roughly
 * where: a small fingerprint that says quickly what cannot be in it. */
#ifndef STADTLABOR_PARSERS_PATTERN_TEXT_PIECES_H
#define STADTLABOR_PARSERS_PATTERN_TEXT_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text is looked at in up to 64 blocks of equal size, so that a set of them is one word of the machine. */
enum { PIECES_MAX = 2048, BLOCK_SHIFT_LEAST = 4 };

/* For each piece, by a hash, the blocks in which it ends: what is in the text is always found, and now and
 * then what is not. */
struct text_pieces {
    unsigned shift; /* a block is of 1 << shift bytes */
    unsigned mask;  /* the numbers of pieces are taken by it */
    size_t beyond;  /* bytes of characters beyond ASCII, but for the first of each */
    uint64_t blocks[PIECES_MAX];
};

void text_pieces(const char *text, size_t len, struct text_pieces *ret);

/* The blocks that the bytes from `first` to `last` are of. */
static inline uint64_t text_blocks(const struct text_pieces *pieces, size_t first, size_t last)
{
    return ~(uint64_t)0 << (first >> pieces->shift) & ~(uint64_t)0 >> (63 - (last >> pieces->shift));
}

/* A piece is of three characters that stand together; or EDGE and the first two of a word, its last two and
 * EDGE, EDGE and the only one and EDGE; or ALONE twice and a digit or a character that is in no word.
 * text_piece is the number of its bit; characters are as text_lower gives them: in small letters, one digit
 * like another, as are the bytes of what is beyond ASCII. */
enum { EDGE = 1, ALONE = 2 };
unsigned text_piece(unsigned a, unsigned b, unsigned c);
unsigned text_lower(char c);
bool text_in_word(unsigned lower);

#endif
