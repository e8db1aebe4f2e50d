/* parsers/pattern/pattern_needs.c: a reader of expressions that understands just enough.
 *
 * An expression is a choice of sequences of atoms. A sequence needs what its parts need: runs of plain
 * letters, and groups with a choice of their own; of a group inside, the best part is kept. A choice
 * needs one word of each branch. Bytes of letters beyond ASCII all count as one and the same, so that
 * "Ä" is "ä". Whatever may be left out (?, *, {0,…}), looks around, or is not understood needs nothing. */
#include "parsers/pattern/pattern_needs.h"

#include "base/list.h"
#include "parsers/pattern/expression.h"
#include "parsers/pattern/text_class.h"

#include <string.h>

enum { NEEDED_LEAST = 3, DEPTH_MAX = 60 };

/* Words of which one is needed, begun within `reach` characters; `open`: nothing is needed. */
struct choice {
    bool open;
    size_t shortest, reach;
    LIST(struct needed_word) words;
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

/* Plain characters one after the other. */
struct run {
    size_t reach;
    struct needed_word word;
};

static bool in_word(unsigned class)
{
    return (CLASSES_WORD >> class & 1) != 0;
}

static bool ends_in_word(const struct run *run)
{
    return run->word.n > 0 && in_word(run->word.class[run->word.n - 1]);
}

static void add(struct run *run, enum text_class class, const struct sequence *sequence)
{
    if (run->word.n == 0) {
        run->reach = run->word.begins ? run->reach : sequence->most;
        run->word.begins = run->word.begins && in_word(class); /* else the word is on the other side */
    }
    run->word.class[run->word.n++] = (uint8_t) class;
}

/* What is looked for when it stands alone: letters are everywhere. */
static bool is_sign(unsigned class)
{
    return class == CLASS_DIGIT || (class != CLASS_HIGH && !in_word(class));
}

static void end_run(struct reader *r, struct run *run, struct sequence *sequence)
{
    struct needed_word word = run->word;
    size_t len = word.n + word.begins + word.ends;
    size_t reach = run->reach;
    *run = (struct run){0};
    if (word.n == 0) {
        return;
    }
    if (len < NEEDED_LEAST) {
        unsigned sign = is_sign(word.class[0]) ? word.class[0] : word.class[word.n - 1];
        if (!is_sign(sign)) {
            return;
        }
        word = (struct needed_word){.n = 1, .class = {(uint8_t)sign}};
    }
    struct choice one = {.shortest = len, .reach = reach};
    *LIST_ADD(r->arena, &one.words) = word;
    need(sequence, &one);
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

static void begin_word(struct run *run, const struct sequence *sequence)
{
    run->word.begins = true;
    run->reach = sequence->most;
}

/* \b, or something that is in no word: the word before it ends, and what follows begins one. */
static void edge(struct reader *r, struct run *run, bool both, struct sequence *sequence)
{
    bool after_word = ends_in_word(run);
    run->word.ends = after_word;
    end_run(r, run, sequence);
    if (both || !after_word) {
        begin_word(run, sequence);
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
    enum text_class class = (unsigned char)c >= 0x80 ? CLASS_LATIN
                            : c == FOREIGN           ? CLASS_HIGH
                                                     : text_class_of((unsigned char)c);
    bool plain = c != ' ' && c != SPACE && c != WORD && run->word.n + least * bytes <= NEEDED_WORD_MAX;
    for (size_t i = 0; plain && i < least * bytes; i++) {
        add(run, class, sequence);
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
        if (c == SPACE && run->word.begins) { /* the edge behind it */
            run->reach = sequence->most;
        }
    }
}

static void read_sequence(struct reader *r, bool after_edge, struct sequence *ret)
{
    struct sequence sequence = {0};
    struct run run = {0};
    if (after_edge) {
        begin_word(&run, &sequence);
    }
    while (!r->e.given_up && *r->e.s != '\0' && *r->e.s != '|' && *r->e.s != ')') {
        struct choice group;
        if (*r->e.s == ' ' || *r->e.s == '\n' || *r->e.s == '\t') {
            r->e.s++;
        } else if (*r->e.s == '#') {
            r->e.s += strcspn(r->e.s, "\n");
        } else if (*r->e.s == '(') {
            size_t most;
            bool looks = read_group(r, run.word.begins && run.word.n == 0, &group, &most);
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

void pattern_needs(struct arena *arena, const char *expression, struct pattern_needs *ret)
{
    struct reader r = {.arena = arena, .e = {.s = expression}};
    LIST(struct sequence) branches = {0};
    bool open = false;
    *ret = (struct pattern_needs){0};
    do {
        struct sequence *sequence = LIST_ADD(arena, &branches);
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
            const struct choice *choice = &branches.at[b].choice[i];
            needed[b].choice[i] = (struct needed_choice){choice->reach, choice->words.n, choice->words.at};
        }
    }
    ret->branches = branches.n;
    ret->branch = needed;
}
