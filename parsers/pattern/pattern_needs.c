/* parsers/pattern/pattern_needs.c: a reader of expressions that understands just enough.
 *
 * An expression is a choice of sequences of atoms. A sequence needs what its parts need: runs of plain
 * letters, and groups with a choice of their own; of a group inside, the best part is kept. A choice
 * needs one word of each branch. Bytes of letters beyond ASCII all count as one and the same, so that
 * "Ä" is "ä". Whatever may be left out (?, *, {0,…}), looks around, or is not understood needs nothing. */
#include "parsers/pattern/pattern_needs.h"

#include "base/list.h"
#include "parsers/pattern/expression.h"

#include <string.h>

enum { NEEDED_LEAST = 3, DEPTH_MAX = 60 };

/* Words of which one is needed, begun within `reach` characters; `open`: nothing is needed. */
struct choice {
    bool open;
    size_t shortest, reach;
    LIST(const char *) words;
};

struct reader {
    struct arena *arena;
    struct expression e;
    int depth;
};

/* --- choices --- */

/* The choices of one sequence; all of them are needed. */
struct sequence {
    size_t most; /* characters that it takes */
    int n;
    struct choice choice[NEEDED_CHOICES_MAX];
};

static bool better(const struct choice *a, const struct choice *b)
{
    return a->shortest != b->shortest ? a->shortest > b->shortest : a->words.n < b->words.n;
}

static size_t times(size_t a, size_t b)
{
    return a >= COUNT_ENDLESS || b >= COUNT_ENDLESS || a * b >= COUNT_ENDLESS ? COUNT_ENDLESS : a * b;
}

static size_t plus(size_t a, size_t b)
{
    return a + b >= COUNT_ENDLESS ? COUNT_ENDLESS : a + b;
}

static void need(struct sequence *sequence, const struct choice *choice)
{
    if (choice->open) {
        return;
    }
    if (sequence->n < NEEDED_CHOICES_MAX) {
        sequence->choice[sequence->n++] = *choice;
        return;
    }
    int worst = 0;
    for (int i = 1; i < sequence->n; i++) {
        worst = better(&sequence->choice[worst], &sequence->choice[i]) ? i : worst;
    }
    if (better(choice, &sequence->choice[worst])) {
        sequence->choice[worst] = *choice;
    }
}

/* Plain characters one after the other, with EDGE where a word is known to begin or end. */
struct run {
    size_t len, reach;
    char s[NEEDED_WORD_MAX];
};

static bool ends_in_word(const struct run *run)
{
    return run->len > 0 && text_in_word((unsigned char)run->s[run->len - 1]);
}

static void add(struct run *run, unsigned c, const struct sequence *sequence)
{
    if (run->len == 0) {
        run->reach = sequence->most;
    }
    if (run->len == 1 && run->s[0] == EDGE && !text_in_word(c)) {
        run->len = 0; /* the word is on the other side */
    }
    run->s[run->len++] = (char)c;
}

/* What is looked for when it stands alone: letters are everywhere. */
static bool is_sign(char c)
{
    return c == '0' || (c != EDGE && c != FOREIGN && !text_in_word((unsigned char)c));
}

static void end_run(struct reader *r, struct run *run, struct sequence *sequence)
{
    struct choice one = {.shortest = run->len, .reach = run->reach};
    char *s = run->s, alone[] = {ALONE, ALONE, 0, '\0'};
    size_t len = run->len;
    run->len = 0;
    if (len > 0 && len < NEEDED_LEAST) {
        alone[2] = is_sign(s[0]) ? s[0] : s[len - 1];
        if (!is_sign(alone[2])) {
            return;
        }
        s = alone;
        len = NEEDED_LEAST;
    }
    if (len > 0) {
        *LIST_ADD(r->arena, &one.words) = arena_strndup(r->arena, s, len);
        need(sequence, &one);
    }
}

static void join(struct reader *r, struct choice *all, const struct choice *branch, bool first)
{
    if (first) {
        *all = *branch;
        return;
    }
    all->open = all->open || branch->open || all->words.n + branch->words.n > NEEDED_WORDS_MAX;
    all->shortest = branch->shortest < all->shortest ? branch->shortest : all->shortest;
    all->reach = branch->reach > all->reach ? branch->reach : all->reach;
    for (size_t i = 0; !all->open && i < branch->words.n; i++) {
        *LIST_ADD(r->arena, &all->words) = branch->words.at[i];
    }
}

/* --- the expression --- */

static size_t read_choice(struct reader *r, bool edge, struct choice *ret);

/* A group, what it needs and how many characters it takes at most; true when it only looks around. `edge`: a
 * word's edge stands before it. */
static bool read_group(struct reader *r, bool edge, struct choice *ret, size_t *ret_most)
{
    enum group_kind kind = expression_group(&r->e);
    struct choice inner;
    *ret = (struct choice){.open = true};
    *ret_most = 0;
    if (kind == GROUP_UNKNOWN || ++r->depth > DEPTH_MAX) {
        r->e.given_up = true;
        return false;
    }
    size_t most = read_choice(r, edge && kind == GROUP_PLAIN, &inner);
    if (*r->e.s != ')') {
        r->e.given_up = true;
        return false;
    }
    r->e.s++;
    r->depth--;
    if (kind == GROUP_PLAIN) {
        *ret = inner;
        *ret_most = most;
    }
    return kind == GROUP_LOOKS;
}

/* \b, or something that is in no word: the word before it ends, and what follows begins one. */
static void edge(struct reader *r, struct run *run, bool both, struct sequence *sequence)
{
    bool after_word = ends_in_word(run);
    if (after_word && run->len < NEEDED_WORD_MAX) {
        add(run, EDGE, sequence);
    }
    end_run(r, run, sequence);
    if (both || !after_word) {
        add(run, EDGE, sequence);
    }
}

static void take(struct reader *r, struct run *run, char c, size_t bytes, struct count count,
                 struct sequence *sequence)
{
    size_t least = count.least > NEEDED_LEAST ? NEEDED_LEAST : count.least;
    if (c == SPACE && !count.optional) {
        edge(r, run, true, sequence);
        return;
    }
    bool plain = c != ' ' && c != SPACE && c != WORD && run->len + least * bytes <= NEEDED_WORD_MAX;
    for (size_t i = 0; plain && i < least * bytes; i++) {
        add(run, text_lower(c), sequence);
    }
    if (!plain || count.optional || count.repeats) {
        end_run(r, run, sequence);
    }
}

/* \R may be two characters, \X any number. */
static size_t characters_most(const char *atom)
{
    return atom[0] != '\\' ? 1 : atom[1] == 'X' ? COUNT_ENDLESS : atom[1] == 'R' ? 2 : 1;
}

static void read_atom(struct reader *r, struct run *run, struct sequence *sequence)
{
    const char *begin = r->e.s;
    size_t bytes;
    char c = expression_character(&r->e, &bytes);
    if (c == EDGE || c == BEGIN) {
        edge(r, run, false, sequence);
    } else if (c != 0) {
        struct count count = expression_count(&r->e);
        take(r, run, c, bytes, count, sequence);
        sequence->most = plus(sequence->most, times(characters_most(begin), count.most));
        if (c == SPACE && run->len > 0) { /* the edge behind it */
            run->reach = sequence->most;
        }
    }
}

static void read_sequence(struct reader *r, bool after_edge, struct sequence *ret)
{
    struct sequence sequence = {0};
    struct run run = {0};
    if (after_edge) {
        add(&run, EDGE, &sequence);
    }
    while (!r->e.given_up && *r->e.s != '\0' && *r->e.s != '|' && *r->e.s != ')') {
        struct choice group;
        if (*r->e.s == ' ' || *r->e.s == '\n' || *r->e.s == '\t') {
            r->e.s++;
        } else if (*r->e.s == '#') {
            r->e.s += strcspn(r->e.s, "\n");
        } else if (*r->e.s == '(') {
            size_t most;
            bool looks = read_group(r, run.len == 1 && run.s[0] == EDGE, &group, &most);
            struct count count = expression_count(&r->e);
            if (!looks) { /* else what follows it stands beside what went before */
                end_run(r, &run, &sequence);
            }
            if (!count.optional) {
                group.reach = plus(sequence.most, group.reach);
                need(&sequence, &group);
            }
            sequence.most = plus(sequence.most, times(most, count.most));
        } else {
            read_atom(r, &run, &sequence);
        }
    }
    end_run(r, &run, &sequence);
    *ret = sequence;
}

static struct choice best_of(const struct sequence *sequence)
{
    struct choice best = {.open = true};
    for (int i = 0; i < sequence->n; i++) {
        if (best.open || better(&sequence->choice[i], &best)) {
            best = sequence->choice[i];
        }
    }
    return best;
}

static size_t read_choice(struct reader *r, bool edge, struct choice *ret)
{
    bool first = true;
    size_t most = 0;
    do {
        struct sequence sequence;
        r->e.s += !first;
        read_sequence(r, edge, &sequence);
        struct choice branch = best_of(&sequence);
        join(r, ret, &branch, first);
        most = sequence.most > most ? sequence.most : most;
        first = false;
    } while (!r->e.given_up && *r->e.s == '|');
    return most;
}

static const uint16_t *pieces_of(struct arena *arena, const char *word, size_t *ret_n)
{
    size_t n = strlen(word) - 2 > NEEDED_PIECES_MAX ? NEEDED_PIECES_MAX : strlen(word) - 2;
    uint16_t *pieces = arena_alloc(arena, n * sizeof *pieces);
    for (size_t i = 0; i < n; i++) {
        unsigned c[3];
        for (size_t k = 0; k < 3; k++) {
            c[k] = word[i + k] == FOREIGN ? 0x80 : text_lower(word[i + k]);
        }
        pieces[i] = (uint16_t)text_piece(c[0], c[1], c[2]);
    }
    *ret_n = n;
    return pieces;
}

static struct needed_choice needed_words(struct arena *arena, const struct choice *choice)
{
    struct needed_word *words = arena_alloc(arena, choice->words.n * sizeof *words);
    for (size_t i = 0; i < choice->words.n; i++) {
        words[i].piece = pieces_of(arena, choice->words.at[i], &words[i].n);
    }
    return (struct needed_choice){choice->reach, choice->words.n, words};
}

void pattern_needs(struct arena *arena, struct arena *scratch, const char *expression,
                   struct pattern_needs *ret)
{
    struct reader r = {.arena = scratch, .e = {.s = expression}};
    LIST(struct sequence) branches = {0};
    bool open = false;
    *ret = (struct pattern_needs){0};
    do {
        struct sequence *sequence = LIST_ADD(scratch, &branches);
        r.e.s += branches.n > 1;
        read_sequence(&r, false, sequence);
        open = open || sequence->n == 0;
    } while (!r.e.given_up && *r.e.s == '|');
    if (r.e.given_up || *r.e.s != '\0' || open) {
        return;
    }
    struct needed_branch *needed = arena_alloc(arena, branches.n * sizeof *needed);
    for (size_t b = 0; b < branches.n; b++) {
        needed[b].choices = (size_t)branches.at[b].n;
        for (size_t i = 0; i < needed[b].choices; i++) {
            needed[b].choice[i] = needed_words(arena, &branches.at[b].choice[i]);
        }
    }
    ret->branches = branches.n;
    ret->branch = needed;
}

/* --- a text --- */

static uint64_t blocks_of_word(const struct needed_word *word, const struct text_pieces *text)
{
    uint64_t blocks = ~(uint64_t)0;
    for (size_t k = 0; k < word->n && blocks != 0; k++) {
        uint64_t ends = text->blocks[word->piece[k] & text->mask];
        blocks &= ends | ends >> 1;
    }
    return blocks;
}

void needs_look(const struct pattern_needs *needs, const struct text_pieces *text, struct needs_met *ret)
{
    for (size_t b = 0; b < needs->branches; b++) {
        const struct needed_branch *branch = &needs->branch[b];
        uint64_t blocks = ~(uint64_t)0;
        for (size_t c = 0; c < branch->choices; c++) {
            const struct needed_choice *choice = &branch->choice[c];
            bool lacks = blocks == 0;
            blocks = 0;
            for (size_t i = 0; i < choice->n && !lacks; i++) {
                blocks |= blocks_of_word(&choice->word[i], text);
            }
            ret[b].choice[c] = blocks;
        }
    }
}

/* The blocks from which on one of `blocks` is within reach. */
static uint64_t blocks_before(uint64_t blocks, size_t reach, const struct text_pieces *text)
{
    size_t far = reach >= COUNT_ENDLESS ? 63 : ((reach + text->beyond) >> text->shift) + 1;
    for (size_t done = 1, step; done <= far && done < 64; done += step) {
        step = done < far + 1 - done ? done : far + 1 - done;
        blocks |= blocks >> step;
    }
    return blocks;
}

uint64_t needs_places(const struct pattern_needs *needs, const struct needs_met *met,
                      const struct text_pieces *text, uint64_t within)
{
    uint64_t places = needs->branches == 0 ? ~(uint64_t)0 : 0;
    for (size_t b = 0; b < needs->branches; b++) {
        const struct needed_branch *branch = &needs->branch[b];
        uint64_t all = ~(uint64_t)0;
        for (size_t c = 0; c < branch->choices && all != 0; c++) {
            uint64_t words = met[b].choice[c] & within;
            all &= words == 0 ? 0 : blocks_before(words, branch->choice[c].reach, text);
        }
        places |= all;
    }
    return places;
}
