#include "parsers/pattern/needs_index.h"

#include "parsers/pattern/expression.h"

#include <string.h>

/* Words are found by their first characters: some by three, to see that no other need be looked for, then by
 * as many as they have, up to KEY_MAX. */
enum { KEY_LEAST = 3, KEY_MAX = 6, BLOCK_SHIFT_LEAST = 4 };

struct indexed_word {
    uint64_t head, head_bits; /* its first eight characters, as they lie in memory */
    struct needed_word word;
    uint32_t user; /* the newest; each tells the one before it */
    uint32_t next; /* that begins alike */
};

struct word_user {
    uint32_t choice, before;
};

/* How a word begins: its first characters, and whether another may stand before it. A number below
 * NEEDS_KEYS. */
static inline uint32_t key_of(const uint8_t *class, size_t n, bool begins)
{
    uint64_t key;
    memcpy(&key, class, sizeof key);
    key &= ~(uint64_t)0 >> 8 * (sizeof key - n);
    key |= (uint64_t)begins << 63 | (uint64_t)n << 56;
    return (uint32_t)(key * 0x9e3779b97f4a7c15U >> 48);
}

static void mark(struct needs_index *index, uint32_t key)
{
    index->begun[key / 64] |= (uint64_t)1 << key % 64;
}

static inline bool marked(const struct needs_index *index, uint32_t key)
{
    return (index->begun[key / 64] >> key % 64 & 1) != 0;
}

static bool same_word(const struct needed_word *a, const struct needed_word *b)
{
    return a->n == b->n && a->begins == b->begins && a->ends == b->ends &&
           memcmp(a->class, b->class, a->n) == 0;
}

static struct indexed_word *word_like(struct arena *arena, struct needs_index *index,
                                      const struct needed_word *word)
{
    uint32_t key = key_of(word->class, word->n < KEY_MAX ? word->n : KEY_MAX, word->begins);
    uint32_t *first = &index->first_word[key % NEEDS_SLOTS];
    for (uint32_t w = *first; w != 0; w = index->words.at[w - 1].next) {
        if (same_word(&index->words.at[w - 1].word, word)) {
            return &index->words.at[w - 1];
        }
    }
    struct indexed_word *fresh = LIST_ADD(arena, &index->words);
    *fresh = (struct indexed_word){.word = *word, .next = *first};
    memcpy(&fresh->head, word->class, sizeof fresh->head);
    memset(&fresh->head_bits, 0xff, word->n < sizeof fresh->head ? word->n : sizeof fresh->head);
    fresh->head &= fresh->head_bits;
    *first = (uint32_t)index->words.n;
    mark(index, key);
    if (word->n > KEY_LEAST) {
        mark(index, key_of(word->class, KEY_LEAST, word->begins));
    }
    return fresh;
}

struct needs_place needs_index_add(struct arena *arena, struct needs_index *index,
                                   const struct pattern_needs *needs)
{
    struct needs_place place = {(uint32_t)index->choices.n, (uint32_t)needs->branches,
                                (uint32_t)index->reach.n};
    for (size_t b = 0; b < needs->branches; b++) {
        const struct needed_branch *branch = &needs->branch[b];
        *LIST_ADD(arena, &index->choices) = (uint8_t)branch->choices;
        for (size_t c = 0; c < branch->choices; c++) {
            const struct needed_choice *choice = &branch->choice[c];
            for (size_t i = 0; i < choice->n; i++) {
                struct indexed_word *word = word_like(arena, index, &choice->word[i]);
                *LIST_ADD(arena, &index->users) = (struct word_user){(uint32_t)index->reach.n, word->user};
                word->user = (uint32_t)index->users.n;
            }
            *LIST_ADD(arena, &index->reach) = (uint32_t)choice->reach;
        }
    }
    return place;
}

/* --- a text --- */

static inline bool in_word(unsigned class)
{
    return (CLASSES_WORD >> class & 1) != 0;
}

/* A search for all words at once: where in the text it is, and what is found there. */
struct look {
    const struct needs_index *index;
    const uint8_t *class; /* of the place */
    size_t more;          /* bytes from there on */
    uint64_t block;
    struct words_found *found;
};

static bool stands_here(const struct look *look, const struct indexed_word *one)
{
    const struct needed_word *word = &one->word;
    uint64_t head;
    memcpy(&head, look->class, sizeof head);
    return (head & one->head_bits) == one->head && word->n <= look->more &&
           (word->n <= sizeof head || memcmp(word->class, look->class, word->n) == 0) &&
           (!word->ends || !in_word(look->class[word->n]));
}

static void add_found(struct words_found *found, uint32_t word, uint64_t block)
{
    if (found->blocks[word] == 0) {
        found->word[found->n++] = word;
    }
    found->blocks[word] |= block;
}

/* The words of `n` characters, KEY_MAX: and more, that stand at the place. */
static inline void look_for(const struct look *look, size_t n, bool begins)
{
    uint32_t key = key_of(look->class, n, begins);
    if (!marked(look->index, key)) {
        return;
    }
    const struct indexed_word *one;
    for (uint32_t w = look->index->first_word[key % NEEDS_SLOTS]; w != 0; w = one->next) {
        one = &look->index->words.at[w - 1];
        if (one->word.begins == begins && stands_here(look, one)) {
            add_found(look->found, w - 1, look->block);
        }
    }
}

static inline void look_for_long(const struct look *look, bool begins)
{
    if (marked(look->index, key_of(look->class, KEY_LEAST, begins))) {
        for (size_t n = KEY_LEAST; n <= KEY_MAX; n++) {
            look_for(look, n, begins);
        }
    }
}

static void look_here(const struct look *look)
{
    const uint8_t *class = look->class;
    look_for_long(look, false);
    if (!in_word(class[2])) { /* of two, only the last of a word are looked for */
        look_for(look, 2, false);
    }
    if (!in_word(class[0]) || class[0] == CLASS_DIGIT) {
        look_for(look, 1, false);
    }
    if (in_word(class[0]) && !in_word(class[-1])) {
        look_for_long(look, true);
        look_for(look, 2, true);
        look_for(look, 1, true);
    }
}

/* Tells all who need them of the words that were found, which are forgotten. */
static void meet(const struct needs_index *index, struct words_found *found, uint64_t *met)
{
    for (size_t i = 0; i < found->n; i++) {
        uint32_t word = found->word[i];
        const struct word_user *user;
        for (uint32_t u = index->words.at[word].user; u != 0; u = user->before) {
            user = &index->users.at[u - 1];
            met[user->choice] |= found->blocks[word];
        }
        found->blocks[word] = 0;
    }
    found->n = 0;
}

void needs_look(const struct needs_index *index, const struct text_classes *classes, const char *text,
                struct words_found *work, struct text_needs *ret)
{
    const size_t len = classes->len;
    memset(ret->met, classes->odd ? 0xff : 0, index->reach.n * sizeof *ret->met);
    ret->shift = BLOCK_SHIFT_LEAST;
    ret->beyond = 0;
    while (len >> ret->shift > 63) {
        ret->shift++;
    }
    for (size_t i = 0; i < len && !classes->odd; i++) {
        struct look look = {index, classes->class + i, len - i, (uint64_t)1 << (i >> ret->shift), work};
        ret->beyond += ((unsigned char)text[i] & 0xc0) == 0x80;
        look_here(&look);
    }
    meet(index, work, ret->met);
}

/* The blocks from which on one of `blocks` is within reach. */
static uint64_t blocks_before(uint64_t blocks, size_t reach, const struct text_needs *text)
{
    size_t far = reach >= COUNT_ENDLESS ? 63 : ((reach + text->beyond) >> text->shift) + 1;
    for (size_t done = 1, step; done <= far && done < 64; done += step) {
        step = done < far + 1 - done ? done : far + 1 - done;
        blocks |= blocks >> step;
    }
    return blocks;
}

uint64_t needs_places(const struct needs_index *index, const struct needs_place *place,
                      const struct text_needs *text, uint64_t within)
{
    uint64_t places = place->branches == 0 ? ~(uint64_t)0 : 0;
    const uint32_t *reach = index->reach.at + place->choice;
    const uint64_t *met = text->met + place->choice;
    for (uint32_t b = 0; b < place->branches; b++) {
        uint64_t all = ~(uint64_t)0;
        unsigned choices = index->choices.at[place->branch + b];
        for (unsigned c = 0; c < choices && all != 0; c++) {
            uint64_t words = met[c] & within;
            all &= words == 0 ? 0 : blocks_before(words, reach[c], text);
        }
        places |= all;
        reach += choices;
        met += choices;
    }
    return places;
}
