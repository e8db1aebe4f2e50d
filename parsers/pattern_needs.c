/* parsers/pattern_needs.c: a reader of expressions that understands just enough.
 *
 * An expression is a choice of sequences of atoms. A sequence needs what its parts need: runs of plain
 * letters, and groups with a choice of their own; of a group inside, the best part is kept. A choice
 * needs one word of each branch. Bytes of letters beyond ASCII all count as one and the same, so that
 * "Ä" is "ä". Whatever may be left out (?, *, {0,…}), looks around, or is not understood needs nothing. */
#include "parsers/pattern_needs.h"

#include "base/list.h"

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
    const char *s;
    bool given_up;
    int depth;
};

static unsigned piece(unsigned a, unsigned b, unsigned c)
{
    return ((a * 0x9e5fu) ^ (b * 0x3d4du) ^ (c * 0x1b87u)) % PIECE_BITS;
}

static unsigned lower(char c)
{
    unsigned u = (unsigned char)c;
    return u >= 0x80 ? 0x80 : u >= 'A' && u <= 'Z' ? u | 0x20 : u;
}

/* Without case "ſ" is an s, and the signs of Kelvin and Ångström are letters, too. */
static bool odd_letter(const char *s)
{
    return (s[0] == '\xc5' && s[1] == '\xbf') || (s[0] == '\x84' && (s[1] == '\xaa' || s[1] == '\xab'));
}

void text_pieces(const char *text, size_t len, struct text_pieces *ret)
{
    memset(ret, 0, sizeof *ret);
    if (len < NEEDED_LEAST) {
        return;
    }
    unsigned a = lower(text[0]), b = lower(text[1]);
    bool odd = odd_letter(text);
    for (size_t i = 2; i < len && !odd; i++) {
        odd = odd_letter(text + i - 1);
        unsigned c = lower(text[i]), n = piece(a, b, c);
        ret->bits[n / 64] |= (uint64_t)1 << (n % 64);
        a = b;
        b = c;
    }
    if (odd) { /* rare: everything is possible */
        memset(ret, 0xff, sizeof *ret);
    }
}

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

static void end_run(struct reader *r, char *run, size_t *len, struct sequence *sequence)
{
    if (*len >= NEEDED_LEAST) {
        struct choice one = {.shortest = *len};
        *LIST_ADD(r->arena, &one.words) = arena_strndup(r->arena, run, *len);
        need(sequence, &one);
    }
    *len = 0;
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

static void skip_class(struct reader *r)
{
    r->s++; /* [ */
    r->s += *r->s == '^';
    r->s += *r->s == ']';
    while (*r->s != '\0' && *r->s != ']') {
        if (*r->s == '\\' && r->s[1] != '\0') {
            r->s++;
        } else if (r->s[0] == '[' && r->s[1] == ':') {
            const char *end = strstr(r->s + 2, ":]");
            r->s = end != NULL ? end + 1 : r->s;
        }
        r->s++;
    }
    r->s += *r->s == ']';
}

struct count {
    bool optional, repeats;
};

static struct count read_count(struct reader *r)
{
    struct count count = {0};
    while (*r->s == ' ' || *r->s == '\n' ||
           *r->s == '\t') { /* blanks do not count, before a quantifier neither */
        r->s++;
    }
    if (*r->s == '?' || *r->s == '*' || *r->s == '+') {
        count.optional = *r->s != '+';
        count.repeats = *r->s != '?';
        r->s++;
    } else if (*r->s == '{' && r->s[1] >= '0' && r->s[1] <= '9') {
        count.optional = r->s[1] == '0';
        count.repeats = true;
        while (*r->s != '\0' && *r->s++ != '}') {
        }
    } else {
        return count;
    }
    r->s += *r->s == '?' || *r->s == '+';
    return count;
}

static void read_choice(struct reader *r, struct choice *ret);

/* Inside a group's parenthesis; what it needs, and whether it counts at all. */
static void read_group(struct reader *r, struct choice *ret)
{
    bool looks = false;
    *ret = (struct choice){.open = true};
    r->s++; /* ( */
    if (*r->s == '*' || ++r->depth > DEPTH_MAX) {
        r->given_up = true;
        return;
    }
    if (*r->s == '?') {
        r->s++;
        if (*r->s == '=' || *r->s == '!' || (*r->s == '<' && (r->s[1] == '=' || r->s[1] == '!'))) {
            looks = true;
            r->s += *r->s == '<' ? 2 : 1;
        } else if (*r->s == '<') { /* a name */
            r->s += strcspn(r->s, ">");
            r->s += *r->s != '\0';
        } else if (*r->s == ':' || *r->s == '>' || *r->s == '|') {
            r->s++;
        } else { /* options, conditions, calls: not understood */
            size_t options = strspn(r->s, "imsx-");
            if (options == 0 || r->s[options] != ':') {
                r->given_up = true;
                return;
            }
            r->s += options + 1;
        }
    }
    struct choice inner;
    read_choice(r, &inner);
    if (*r->s != ')') {
        r->given_up = true;
        return;
    }
    r->s++;
    r->depth--;
    if (!looks) {
        *ret = inner;
    }
}

/* An escape: the plain character it stands for, ' ' for "some character", 0 for none (\b). */
static char read_escape(struct reader *r)
{
    char c = r->s[1];
    r->s += c != '\0' ? 2 : 1;
    if (c == 'Q' || c == 'x' || c == 'o' || c == 'c' || c == 'k' || c == 'g' || (c >= '0' && c <= '9')) {
        r->given_up = true;
    }
    if ((c == 'p' || c == 'P') && *r->s == '{') {
        r->s += strcspn(r->s, "}");
        r->s += *r->s != '\0';
    } else if (c == 'p' || c == 'P') {
        r->s += *r->s != '\0';
    }
    if (c != '\0' && strchr("bBAzZGK", c) != NULL) {
        return 0;
    }
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? ' ' : c;
}

/* A letter beyond ASCII, whole. Latin letters of two bytes (U+00C0 to U+00FF) have their capital in two
 * bytes as well, but ß and ÿ. Of all others nothing is known. */
static bool beyond_ascii(struct reader *r)
{
    unsigned char lead = (unsigned char)r->s[0], next = (unsigned char)r->s[1];
    do {
        r->s++;
    } while (((unsigned char)*r->s & 0xc0) == 0x80);
    return lead == 0xc3 && next != 0x9f && next != 0xbf;
}

static void read_sequence(struct reader *r, struct sequence *ret)
{
    struct sequence sequence = {0};
    char run[NEEDED_WORD_MAX];
    size_t len = 0;
    while (!r->given_up && *r->s != '\0' && *r->s != '|' && *r->s != ')') {
        struct choice group = {.open = true};
        char c = *r->s;
        size_t bytes = 1;
        if (c == ' ' || c == '\n' || c == '\t') {
            r->s++;
            continue;
        }
        if (c == '#') {
            r->s += strcspn(r->s, "\n");
            continue;
        }
        if (c == '^' || c == '$') {
            r->s++;
            continue;
        }
        if (c == '(') {
            read_group(r, &group);
            c = ' ';
        } else if (c == '[') {
            skip_class(r);
            c = ' ';
        } else if (c == '\\') {
            c = read_escape(r);
        } else if ((unsigned char)c >= 0x80) {
            c = beyond_ascii(r) ? c : ' ';
            bytes = 2;
        } else {
            r->s++;
            c = c == '.' ? ' ' : c;
        }
        if (c == 0) {
            continue;
        }
        struct count count = read_count(r);
        bool plain = c != ' ' && !count.optional && len + bytes <= NEEDED_WORD_MAX;
        for (size_t i = 0; plain && i < bytes; i++) {
            run[len++] = (char)lower(c);
        }
        if (!plain || count.repeats) {
            end_run(r, run, &len, &sequence);
        }
        if (!count.optional) {
            need(&sequence, &group);
        }
    }
    end_run(r, run, &len, &sequence);
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

static void read_choice(struct reader *r, struct choice *ret)
{
    bool first = true;
    do {
        struct sequence sequence;
        r->s += !first;
        read_sequence(r, &sequence);
        struct choice branch = best_of(&sequence);
        join(r, ret, &branch, first);
        first = false;
    } while (!r->given_up && *r->s == '|');
}

static const struct needed_word *needed_words(struct arena *arena, const struct choice *choice)
{
    struct needed_word *words = arena_alloc(arena, choice->words.n * sizeof *words);
    for (size_t i = 0; i < choice->words.n; i++) {
        const char *word = choice->words.at[i];
        for (size_t k = 0; word[k + 2] != '\0'; k++) {
            words[i].piece[words[i].n++] =
                (uint16_t)piece(lower(word[k]), lower(word[k + 1]), lower(word[k + 2]));
        }
    }
    return words;
}

void pattern_needs(struct arena *arena, const char *expression, struct pattern_needs *ret)
{
    struct reader r = {.arena = arena, .s = expression};
    LIST(struct needed_branch) branches = {0};
    *ret = (struct pattern_needs){0};
    do {
        struct sequence sequence;
        r.s += branches.n > 0;
        read_sequence(&r, &sequence);
        struct needed_branch *branch = LIST_ADD(arena, &branches);
        if (r.given_up || sequence.n == 0) {
            return;
        }
        for (int i = 0; i < sequence.n; i++) {
            branch->choice[branch->choices++] =
                (struct needed_choice){sequence.choice[i].words.n, needed_words(arena, &sequence.choice[i])};
        }
    } while (*r.s == '|');
    if (*r.s == '\0') {
        *ret = (struct pattern_needs){branches.n, branches.at};
    }
}
