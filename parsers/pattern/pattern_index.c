#include "parsers/pattern/pattern_index.h"

#include "base/utf8.h"

#include <stdlib.h>

/* Places of the same patterns that lie as near as this are told as one: PCRE2 gets over a byte faster than
 * it is called. */
enum { NEAR = 3, TABLE_BITS = 64 };

_Static_assert((int)CLASSES_BEHIND >= (int)OPENING_BYTES, "the end of a text is looked at as well");

void pattern_index_begin(struct arena *arena, struct pattern_index *ret)
{
    *ret = (struct pattern_index){0};
    for (unsigned c = 0; c < 128; c++) {
        ret->class_of[c] = (uint8_t)text_class_of((unsigned char)c);
    }
    for (size_t reach = 0; reach < REACHES; reach++) {
        struct opening_table *table = *LIST_ADD(arena, &ret->tables) = ARENA_NEW(arena, struct opening_table);
        table->reach = (enum index_reach)reach;
        ret->newest[reach] = reach;
    }
}

static enum index_reach reach_of(const struct pattern_openings *openings)
{
    enum index_reach reach = REACH_WORDS;
    for (size_t i = 0; i < openings->n; i++) {
        const uint64_t *class = openings->at[i].class;
        if ((class[0] & CLASSES_ANY_LETTER) != 0 && (class[1] & CLASSES_ANY_LETTER) != 0) {
            return REACH_ALL;
        }
        reach = (class[1] & ~CLASSES_WORD_START) != 0 ? REACH_STARTS : reach;
    }
    return reach;
}

struct index_place pattern_index_add(struct arena *arena, struct pattern_index *index,
                                     const struct pattern_openings *openings)
{
    enum index_reach reach = reach_of(openings);
    struct opening_table *table = index->tables.at[index->newest[reach]];
    if (table->used + openings->n > TABLE_BITS) {
        index->newest[reach] = index->tables.n;
        table = *LIST_ADD(arena, &index->tables) = ARENA_NEW(arena, struct opening_table);
        table->reach = reach;
    }
    struct index_place place = {.table = index->newest[reach]};
    for (size_t i = 0; i < openings->n; i++) {
        uint64_t bit = (uint64_t)1 << table->used++;
        place.bits |= bit;
        for (int k = 0; k <= OPENING_BYTES; k++) {
            for (uint64_t left = openings->at[i].class[k] | CLASS_BIT(CLASS_ODD); left != 0;
                 left &= left - 1) {
                table->allowed[k][__builtin_ctzll(left)] |= bit;
            }
        }
    }
    return place;
}

static void add_hit(struct index_hits *hits, size_t at, uint64_t bits)
{
    hits->bits |= bits;
    struct index_hit *last = hits->n > 0 ? &hits->at[hits->n - 1] : NULL;
    if (last != NULL && last->bits == bits && at - last->last <= NEAR) {
        last->last = at;
        return;
    }
    if (hits->n == hits->room) {
        hits->room = hits->room == 0 ? 64 : 2 * hits->room;
        hits->at = reallocarray(hits->at, hits->room, sizeof *hits->at);
        if (hits->at == NULL) {
            abort(); /* no memory: as the arena does */
        }
    }
    hits->at[hits->n++] = (struct index_hit){at, at, bits};
}

/* Those of `bits` that may begin where class[0] is. */
static inline uint64_t at_place(const struct opening_table *table, uint64_t bits, const uint8_t *class)
{
    bits &= table->allowed[0][class[-1]] & table->allowed[1][class[0]] & table->allowed[2][class[1]];
    for (int k = 2; bits != 0 && k < OPENING_BYTES; k += 2) {
        bits &= table->allowed[k + 1][class[k]] & table->allowed[k + 2][class[k + 1]];
    }
    return bits;
}

/* The same in a text with odd characters: behind one, one does not know any more which byte is which. */
static uint64_t at_odd_place(const struct opening_table *table, uint64_t bits, const uint8_t *class)
{
    bits &= table->allowed[0][class[-1]];
    for (int k = 0; k < OPENING_BYTES && class[k] != CLASS_ODD; k++) {
        bits &= table->allowed[k + 1][class[k]];
    }
    return bits;
}

static void scan_places(const struct opening_table *table, uint64_t wanted, const uint8_t *class,
                        const uint32_t *place, size_t places, size_t from, size_t len, struct index_hits *ret)
{
    const uint32_t *end = place + places;
    while (place < end && *place < from) {
        place++;
    }
    for (; place < end && *place < len; place++) {
        uint64_t bits = at_place(table, wanted, class + *place);
        if (bits != 0) {
            add_hit(ret, *place, bits);
        }
    }
}

void pattern_index_scan(const struct pattern_index *index, const struct index_place *wanted,
                        const struct text_classes *text, const char *bytes, size_t from, size_t len,
                        struct index_hits *ret)
{
    const struct opening_table *table = index->tables.at[wanted->table];
    const uint8_t *class = text->class - text->from;
    ret->n = 0;
    ret->bits = 0;
    if (wanted->bits == 0) {
        return;
    }
    if (table->reach == REACH_WORDS && !text->odd) {
        scan_places(table, wanted->bits, class, text->word, text->words, from, len, ret);
    } else if (table->reach == REACH_STARTS && !text->odd) {
        scan_places(table, wanted->bits, class, text->start, text->starts, from, len, ret);
    } else {
        for (size_t i = from; i < len; i++) {
            uint64_t bits = text->odd ? at_odd_place(table, wanted->bits, class + i)
                                      : at_place(table, wanted->bits, class + i);
            if (bits != 0 && !utf8_continues(bytes[i])) {
                add_hit(ret, i, bits);
            }
        }
    }
}
