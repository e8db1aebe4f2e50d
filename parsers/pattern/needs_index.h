/* parsers/pattern/needs_index.h: the words that patterns need (pattern_needs.h), looked for in a text all at
 * once.
 *
 * Each word stands once, below its first characters, with a list of all who need it: at most places of a text
 * no word begins. What is found is kept with the text, and a pattern asks for its own at the cost of a few
 * words of memory. */
#ifndef STADTLABOR_PARSERS_PATTERN_NEEDS_INDEX_H
#define STADTLABOR_PARSERS_PATTERN_NEEDS_INDEX_H

#include "base/arena.h"
#include "base/list.h"
#include "parsers/pattern/pattern_needs.h"
#include "parsers/pattern/text_class.h"

enum { NEEDS_SLOTS = 8192, NEEDS_KEYS = 65536 };

struct needs_index {
    size_t words;
    struct indexed_word *word;           /* those that begin alike stand together */
    uint32_t word_at[NEEDS_SLOTS + 1];   /* ... and where, by a hash of their beginning */
    uint64_t begun[NEEDS_KEYS / 64];     /* a bit for each way that some word begins, by a longer hash */
    uint32_t *user;                      /* the choices that need a word, word by word */
    LIST(uint32_t) reach;                /* of each choice */
    LIST(uint8_t) choices;               /* of each branch */
    struct needs_index_made *being_made; /* NULL: it is ready */
};

/* Where a pattern's branches and choices are. */
struct needs_place {
    uint32_t branch, branches, choice;
};

/* Begins an index; adds what one pattern needs; makes it ready for texts. */
void needs_index_begin(struct arena *scratch, struct needs_index *ret);
struct needs_place needs_index_add(struct arena *scratch, struct needs_index *index,
                                   const struct pattern_needs *needs);
void needs_index_ready(struct arena *arena, struct arena *scratch, struct needs_index *index);

/* What a text has of it all. It is looked at in up to 64 blocks of equal size, so that a set of them is one
 * word of the machine. */
struct text_needs {
    unsigned shift; /* a block is of 1 << shift bytes */
    size_t beyond;  /* bytes of characters beyond ASCII, but for the first of each */
    uint64_t *met;  /* of each choice, the blocks in which its words begin */
};

/* Work in progress, with room for the words of the index; all zero before and after. */
struct words_found {
    size_t n;
    uint32_t *word;
    uint64_t *blocks; /* of each word of the index: those it begins in */
};

/* `classes` are those of the whole text; `ret->met` has room for the choices of the index. */
void needs_look(const struct needs_index *index, const struct text_classes *classes, const char *text,
                struct words_found *work, struct text_needs *ret);

/* The blocks of the text in which a match may begin, when all of it is in the blocks `within`. */
uint64_t needs_places(const struct needs_index *index, const struct needs_place *place,
                      const struct text_needs *text, uint64_t within);

/* The blocks that the bytes from `first` to `last` are of. */
static inline uint64_t text_blocks(const struct text_needs *text, size_t first, size_t last)
{
    return ~(uint64_t)0 << (first >> text->shift) & ~(uint64_t)0 >> (63 - (last >> text->shift));
}

#endif
