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

/* Words of which one is needed; `open`: nothing is needed. */
struct choice {
    bool open;
    size_t shortest;
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
    int n;
    struct choice choice[NEEDED_CHOICES_MAX];
};

static bool better(const struct choice *a, const struct choice *b)
{
    return a->shortest != b->shortest ? a->shortest > b->shortest : a->words.n < b->words.n;
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
    size_t len;
    char s[NEEDED_WORD_MAX];
};

static bool ends_in_word(const struct run *run)
{
    return run->len > 0 && text_in_word((unsigned char)run->s[run->len - 1]);
}

static void add(struct run *run, unsigned c)
{
    if (run->len == 1 && run->s[0] == EDGE && !text_in_word(c)) {
        run->len = 0; /* the word is on the other side */
    }
    run->s[run->len++] = (char)c;
}

static void end_run(struct reader *r, struct run *run, struct sequence *sequence)
{
    struct choice one = {.shortest = run->len};
    char *s = run->s, pair[] = {PAIR, PAIR, 0, '\0'};
    size_t len = run->len;
    run->len = 0;
    if (len > 0 && len < NEEDED_LEAST) {
        bool edge = s[0] == EDGE || s[len - 1] == EDGE;
        char sign = !text_in_word((unsigned char)s[0]) && s[0] != EDGE ? s[0] : s[len - 1];
        if (len == 2 && !edge) {
            pair[1] = s[0];
            sign = s[1];
        } else if (sign == EDGE || text_in_word((unsigned char)sign)) {
            return;
        }
        pair[2] = sign;
        s = pair;
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
    for (size_t i = 0; !all->open && i < branch->words.n; i++) {
        *LIST_ADD(r->arena, &all->words) = branch->words.at[i];
    }
}

/* --- the expression --- */

static void read_choice(struct reader *r, bool edge, struct choice *ret);

/* A group, and what it needs; true when it only looks around. `edge`: a word's edge stands before it. */
static bool read_group(struct reader *r, bool edge, struct choice *ret)
{
    enum group_kind kind = expression_group(&r->e);
    struct choice inner;
    *ret = (struct choice){.open = true};
    if (kind == GROUP_UNKNOWN || ++r->depth > DEPTH_MAX) {
        r->e.given_up = true;
        return false;
    }
    read_choice(r, edge && kind == GROUP_PLAIN, &inner);
    if (*r->e.s != ')') {
        r->e.given_up = true;
        return false;
    }
    r->e.s++;
    r->depth--;
    if (kind == GROUP_PLAIN) {
        *ret = inner;
    }
    return kind == GROUP_LOOKS;
}

/* \b, or something that is in no word: the word before it ends, and what follows begins one. */
static void edge(struct reader *r, struct run *run, bool both, struct sequence *sequence)
{
    bool after_word = ends_in_word(run);
    if (after_word && run->len < NEEDED_WORD_MAX) {
        add(run, EDGE);
    }
    end_run(r, run, sequence);
    if (both || !after_word) {
        add(run, EDGE);
    }
}

static void take(struct reader *r, struct run *run, char c, size_t bytes, struct count count,
                 struct sequence *sequence)
{
    size_t times = count.least > NEEDED_LEAST ? NEEDED_LEAST : count.least;
    if (c == SPACE && !count.optional) {
        edge(r, run, true, sequence);
        return;
    }
    bool plain = c != ' ' && c != SPACE && c != WORD && run->len + times * bytes <= NEEDED_WORD_MAX;
    for (size_t i = 0; plain && i < times * bytes; i++) {
        add(run, text_lower(c));
    }
    if (!plain || count.optional || count.repeats) {
        end_run(r, run, sequence);
    }
}

static void read_atom(struct reader *r, struct run *run, struct sequence *sequence)
{
    size_t bytes;
    char c = expression_character(&r->e, &bytes);
    if (c == EDGE || c == BEGIN) {
        edge(r, run, false, sequence);
    } else if (c != 0) {
        take(r, run, c, bytes, expression_count(&r->e), sequence);
    }
}

static void read_sequence(struct reader *r, bool after_edge, struct sequence *ret)
{
    struct sequence sequence = {0};
    struct run run = {0};
    if (after_edge) {
        add(&run, EDGE);
    }
    while (!r->e.given_up && *r->e.s != '\0' && *r->e.s != '|' && *r->e.s != ')') {
        struct choice group;
        if (*r->e.s == ' ' || *r->e.s == '\n' || *r->e.s == '\t') {
            r->e.s++;
        } else if (*r->e.s == '#') {
            r->e.s += strcspn(r->e.s, "\n");
        } else if (*r->e.s == '(') {
            bool looks = read_group(r, run.len == 1 && run.s[0] == EDGE, &group);
            struct count count = expression_count(&r->e);
            if (!looks) { /* else what follows it stands beside what went before */
                end_run(r, &run, &sequence);
            }
            if (!count.optional) {
                need(&sequence, &group);
            }
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

static void read_choice(struct reader *r, bool edge, struct choice *ret)
{
    bool first = true;
    do {
        struct sequence sequence;
        r->e.s += !first;
        read_sequence(r, edge, &sequence);
        struct choice branch = best_of(&sequence);
        join(r, ret, &branch, first);
        first = false;
    } while (!r->e.given_up && *r->e.s == '|');
}

static const uint16_t *pieces_of(struct arena *arena, const char *word, size_t *ret_n)
{
    size_t n = strlen(word) - 2;
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
    return (struct needed_choice){choice->words.n, words};
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
