/* parsers/pattern/text_pieces.h: which pieces of three characters a text holds, without case: a small
 * fingerprint that says quickly what cannot be in it. */
#ifndef STADTLABOR_PARSERS_PATTERN_TEXT_PIECES_H
#define STADTLABOR_PARSERS_PATTERN_TEXT_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PIECE_BITS = 16384 };

/* A bit for each piece, by a hash: what is in the text is always found, and now and then what is not. */
struct text_pieces {
    uint64_t bits[PIECE_BITS / 64];
};

void text_pieces(const char *text, size_t len, struct text_pieces *ret);

/* A piece is of three characters that stand together; or EDGE and the first two of a word, its last two and
 * EDGE, EDGE and the only one and EDGE; or PAIR and two characters; or PAIR twice and one that is in no word.
 * text_piece is the number of its bit; characters are as text_lower gives them: in small letters, one digit
 * like another, as are the bytes of what is beyond ASCII. */
enum { EDGE = 1, PAIR = 2 };
unsigned text_piece(unsigned a, unsigned b, unsigned c);
unsigned text_lower(char c);
bool text_in_word(unsigned lower);

#endif
