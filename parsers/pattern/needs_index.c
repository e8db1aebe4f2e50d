#include "parsers/pattern/needs_index.h"

#include "base/utf8.h"

#include "parsers/pattern/expression.h"

#include <string.h>

/* Words are found by as many characters as they have, up to KEY_MAX; those of KEY_LONG or more are not looked
 * for where none begins with these. */
enum { KEY_LONG = 4, KEY_MAX = 6, BLOCK_SHIFT_LEAST = 4 };

struct indexed_word {
    uint64_t head;   /* its characters, as they lie in memory */
    uint32_t choice; /* where in `user` the choices begin that need it; they end where the next word's do */
    uint16_t key;    /* the hash of its beginning */
    uint8_t n;
    bool ends;
};

_Static_assert((int)NEEDED_WORD_MAX == (int)sizeof(uint64_t), "a word is compared at once");

/* What lies in scratch memory until the index is ready. */
struct needs_index_made {
    LIST(struct made_word) words;
    LIST(struct made_user) users;
    uint32_t first[NEEDS_SLOTS]; /* the newest of the words that begin alike; numbers are from 1, 0: none */
};

struct made_word {
    struct needed_word word;
    uint32_t key, before; /* the one before it that begins alike */
};

struct made_user {
    uint32_t word, choice;
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

void needs_index_begin(struct arena *scratch, struct needs_index *ret)
{
    *ret = (struct needs_index){.being_made = ARENA_NEW(scratch, struct needs_index_made)};
}

/* The number of the word, from 0. */
static uint32_t number_of(struct arena *scratch, struct needs_index *index, const struct needed_word *word)
{
    struct needs_index_made *made = index->being_made;
    uint32_t key = key_of(word->class, word->n < KEY_MAX ? word->n : KEY_MAX, word->begins);
    uint32_t *first = &made->first[key % NEEDS_SLOTS];
    for (uint32_t w = *first; w != 0; w = made->words.at[w - 1].before) {
        if (same_word(&made->words.at[w - 1].word, word)) {
            return w - 1;
        }
    }
    *LIST_ADD(scratch, &made->words) = (struct made_word){*word, key, *first};
    *first = (uint32_t)made->words.n;
    mark(index, key);
    if (word->n > KEY_LONG) {
        mark(index, key_of(word->class, KEY_LONG, word->begins));
    }
    return *first - 1;
}

struct needs_place needs_index_add(struct arena *scratch, struct needs_index *index,
                                   const struct pattern_needs *needs)
{
    struct needs_place place = {(uint32_t)index->choices.n, (uint32_t)needs->branches,
                                (uint32_t)index->reach.n};
    for (size_t b = 0; b < needs->branches; b++) {
        const struct needed_branch *branch = &needs->branch[b];
        *LIST_ADD(scratch, &index->choices) = (uint8_t)branch->choices;
        for (size_t c = 0; c < branch->choices; c++) {
            const struct needed_choice *choice = &branch->choice[c];
            for (size_t i = 0; i < choice->n; i++) {
                uint32_t word = number_of(scratch, index, &choice->word[i]);
                *LIST_ADD(scratch, &index->being_made->users) =
                    (struct made_user){word, (uint32_t)index->reach.n};
            }
            *LIST_ADD(scratch, &index->reach) = (uint32_t)choice->reach;
        }
    }
    return place;
}

/* The words in the order of their slots; tells at which place each is. */
static uint32_t *sort_words(struct arena *arena, struct arena *scratch, struct needs_index *index)
{
    const struct needs_index_made *made = index->being_made;
    uint32_t *place = arena_alloc(scratch, made->words.n * sizeof *place);
    uint32_t n = 0;
    index->words = made->words.n;
    index->word = arena_alloc(arena, (index->words + 1) * sizeof *index->word);
    for (size_t slot = 0; slot < NEEDS_SLOTS; slot++) {
        index->word_at[slot] = n;
        for (uint32_t w = made->first[slot]; w != 0; w = made->words.at[w - 1].before) {
            const struct made_word *made_one = &made->words.at[w - 1];
            struct indexed_word *one = &index->word[n];
            memcpy(&one->head, made_one->word.class, sizeof one->head);
            one->key = (uint16_t)made_one->key;
            one->n = made_one->word.n;
            one->ends = made_one->word.ends;
            place[w - 1] = n++;
        }
    }
    index->word_at[NEEDS_SLOTS] = n;
    return place;
}

static void *kept(struct arena *arena, const void *list, size_t size)
{
    void *copy = arena_alloc(arena, size);
    return size == 0 ? copy : memcpy(copy, list, size);
}

void needs_index_ready(struct arena *arena, struct arena *scratch, struct needs_index *index)
{
    const struct needs_index_made *made = index->being_made;
    const uint32_t *place = sort_words(arena, scratch, index);
    uint32_t *next = arena_alloc(scratch, (index->words + 1) * sizeof *next);
    for (size_t i = 0; i < made->users.n; i++) {
        next[place[made->users.at[i].word] + 1]++;
    }
    for (size_t w = 0; w <= index->words; w++) {
        next[w] += w > 0 ? next[w - 1] : 0;
        index->word[w].choice = next[w];
    }
    index->user = arena_alloc(arena, made->users.n * sizeof *index->user);
    for (size_t i = 0; i < made->users.n; i++) {
        index->user[next[place[made->users.at[i].word]]++] = made->users.at[i].choice;
    }
    index->reach.at = kept(arena, index->reach.at, index->reach.n * sizeof *index->reach.at);
    index->choices.at = kept(arena, index->choices.at, index->choices.n * sizeof *index->choices.at);
    index->being_made = NULL;
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
    uint64_t head;
    memcpy(&head, look->class, sizeof head);
    return (head ^ one->head) << 8 * (sizeof head - one->n) == 0 && one->n <= look->more &&
           (!one->ends || !in_word(look->class[one->n]));
}

static void add_found(struct words_found *found, uint32_t word, uint64_t block)
{
    if (found->blocks[word] == 0) {
        found->word[found->n++] = word;
    }
    found->blocks[word] |= block;
}

/* Those of the words with this key that stand at the place. */
static void look_below(const struct look *look, uint32_t key)
{
    const struct needs_index *index = look->index;
    const uint32_t *at = &index->word_at[key % NEEDS_SLOTS];
    for (uint32_t w = at[0]; w < at[1]; w++) {
        if (index->word[w].key == key && stands_here(look, &index->word[w])) {
            add_found(look->found, w, look->block);
        }
    }
}

/* The words of `n` characters, KEY_MAX: and more, that stand at the place; by a chance in thousands also one
 * that would have to begin there: then more seems possible than is. */
static inline void look_for(const struct look *look, size_t n, bool begins)
{
    uint32_t key = key_of(look->class, n, begins);
    if (marked(look->index, key)) {
        look_below(look, key);
    }
}

/* Those of three or more. */
static inline void look_for_long(const struct look *look, bool begins)
{
    look_for(look, 3, begins);
    if (marked(look->index, key_of(look->class, KEY_LONG, begins))) {
        look_for(look, 4, begins);
        look_for(look, 5, begins);
        look_for(look, KEY_MAX, begins);
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
        const struct indexed_word *one = &index->word[found->word[i]];
        const uint64_t blocks = found->blocks[found->word[i]];
        for (uint32_t u = one[0].choice; u < one[1].choice; u++) {
            met[index->user[u]] |= blocks;
        }
        found->blocks[found->word[i]] = 0;
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
        ret->beyond += utf8_continues(text[i]);
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
