/* parsers/pattern/pattern_opening.c: walks through an expression along all its ways at once.
 *
 * A way is known by how many bytes it has taken, and by the kind of its first one: nothing more is kept of
 * it. Reading an atom, each way writes what it takes into the openings, and goes on behind it. Ways that
 * have taken OPENING_BYTES are done; when all are, the rest of the branch is skipped. */
#include "parsers/pattern/pattern_opening.h"

#include "parsers/pattern/expression.h"
#include "parsers/pattern/text_class.h"

#include <string.h>

enum { KINDS = OPENINGS_MAX, DONE = OPENING_BYTES, DEPTH_MAX = 60, REPEATS_MAX = 2 * OPENING_BYTES };

struct ways {
    bool fresh;            /* some have taken nothing yet: */
    bool edge;             /* ... a word must begin or end there, for all of these */
    uint64_t before;       /* ... and this may stand before */
    uint16_t taken[KINDS]; /* by the kind of the first byte; bit n: some have taken n bytes, from 1 to DONE */
    uint16_t any;          /* of all kinds */
    uint64_t next;         /* what the next byte may be */
    bool in_word, in_none; /* the byte before is surely of a word; surely of none */
};

struct walker {
    struct expression e;
    struct pattern_openings *openings; /* at[kind] */
    int depth;
};

/* Letters eight apart in the alphabet are of one kind, all else of the last. */
static uint64_t of_kind(int kind)
{
    return kind == KINDS - 1 ? ~CLASSES_LETTERS : 0x01010101u << kind & CLASSES_LETTERS;
}

/* --- sets of ways --- */

static struct ways join(struct ways a, const struct ways *b)
{
    bool none = !a.fresh, b_none = !b->fresh;
    a.edge = (none || a.edge) && (b_none || b->edge);
    a.before |= b->before;
    a.fresh = a.fresh || b->fresh;
    a.next |= b->next;
    none = none && a.any == 0;
    b_none = b_none && b->any == 0;
    a.any |= b->any;
    for (int k = 0; k < KINDS; k++) {
        a.taken[k] |= b->taken[k];
    }
    a.in_word = (none || a.in_word) && (b_none || b->in_word);
    a.in_none = (none || a.in_none) && (b_none || b->in_none);
    return a;
}

static bool same(const struct ways *a, const struct ways *b)
{
    return a->fresh == b->fresh && a->edge == b->edge && a->before == b->before && a->next == b->next &&
           a->in_word == b->in_word && a->in_none == b->in_none &&
           memcmp(a->taken, b->taken, sizeof a->taken) == 0;
}

static bool all_done(const struct ways *ways)
{
    return !ways->fresh && (ways->any & ((1u << DONE) - 1)) == 0;
}

/* --- what they take --- */

/* What may stand before the first byte; \b parts words from what is none. */
static uint64_t before_first(const struct ways *ways, const struct char_set *set)
{
    uint64_t parted = !ways->edge ? CLASSES_ALL
                      : set->word ? ~CLASSES_WORD
                      : set->none ? CLASSES_WORD | CLASS_BIT(CLASS_HIGH)
                                  : CLASSES_ALL;
    return ways->before & parted;
}

/* A character behind `taken` bytes; returns how many may be taken then. */
static uint16_t take_one(struct opening *opening, size_t taken, uint64_t may)
{
    const uint64_t beyond = may & CLASSES_BEYOND;
    size_t most = (beyond & CLASS_BIT(CLASS_HIGH)) != 0 ? 4 : beyond != 0 ? 2 : 1;
    unsigned ends = (may & ~CLASSES_BEYOND) != 0 ? 1u << (taken + 1) : 0;
    opening->class[taken + 1] |= may;
    for (size_t bytes = 2; bytes <= most; bytes++) {
        size_t end = taken + bytes < DONE ? taken + bytes : DONE;
        if (taken + bytes <= DONE) {
            opening->class[end] |= beyond;
        }
        ends |= 1u << end;
    }
    return (uint16_t)ends;
}

static void take(struct walker *w, struct ways *ways, const struct char_set *set)
{
    struct ways after = {.next = CLASSES_ALL, .in_word = set->word, .in_none = set->none};
    const uint64_t may = set->may & ways->next;
    for (int k = 0; k < KINDS; k++) {
        struct opening *opening = &w->openings->at[k];
        uint64_t first = ways->fresh ? may & of_kind(k) : 0;
        if (first == 0 && ways->taken[k] == 0) {
            continue;
        }
        if (first != 0) {
            opening->class[0] |= before_first(ways, set);
            after.taken[k] |= take_one(opening, 0, first);
        }
        for (unsigned left = may != 0 ? ways->taken[k] & ((1u << DONE) - 1) : 0; left != 0;
             left &= left - 1) {
            after.taken[k] |= take_one(opening, (size_t)__builtin_ctz(left), may);
        }
        after.taken[k] |= ways->taken[k] & (uint16_t)(1u << DONE);
        after.any |= after.taken[k];
    }
    *ways = after;
}

/* The ways end here, or lead into what is not understood: everything may follow. */
static void let_through(struct walker *w, const struct ways *ways)
{
    for (int k = 0; k < KINDS; k++) {
        struct opening *opening = &w->openings->at[k];
        bool open = ways->fresh;
        if (open) {
            opening->class[0] |= ways->before;
            opening->class[1] |= of_kind(k);
        }
        for (size_t taken = 1; taken < DONE; taken++) {
            opening->class[taken + 1] |= open ? CLASSES_ALL : 0;
            if ((ways->taken[k] >> taken & 1) != 0) {
                opening->class[taken + 1] |= ways->next;
                open = true;
            }
        }
    }
}

/* --- the expression --- */

static struct ways read_choice(struct walker *w, struct ways ways);

/* Moves to the end of the branch: the next "|" or ")" that is not inside a group. */
static void skip_branch(struct walker *w)
{
    for (int depth = 0; *w->e.s != '\0' && (depth > 0 || (*w->e.s != '|' && *w->e.s != ')'));) {
        size_t bytes;
        if (*w->e.s == '[') {
            (void)expression_character(&w->e, &bytes);
        } else if (*w->e.s == '#') {
            w->e.s += strcspn(w->e.s, "\n");
        } else if (*w->e.s == '\\') {
            w->e.given_up = w->e.given_up || w->e.s[1] == 'Q';
            w->e.s += w->e.s[1] == '\0' ? 1 : 2;
        } else {
            depth += (*w->e.s == '(') - (*w->e.s == ')');
            w->e.s++;
        }
    }
}

static void skip_blanks(struct walker *w)
{
    while (*w->e.s == ' ' || *w->e.s == '\n' || *w->e.s == '\t') {
        w->e.s++;
    }
}

/* The character of a branch that looks ahead; the last one of a branch that looks back, where those before it
 * leave things open unless it is negative. False when that is not understood. */
static bool looked_for(struct walker *w, bool may_be_long, struct char_set *ret)
{
    for (bool more = true; more;) {
        size_t bytes;
        skip_blanks(w);
        const char *begin = w->e.s;
        bool plain = *begin != '\0' && strchr("()|#?*+{$^\\", *begin) == NULL;
        plain = plain || (*begin == '\\' && begin[1] != '\0' && strchr("wdsphWDSPH", begin[1]) != NULL);
        if (!plain) {
            return false;
        }
        (void)expression_character(&w->e, &bytes);
        if (!expression_set(begin, w->e.s, ret)) {
            return false;
        }
        more = *w->e.s != '|' && *w->e.s != ')';
        if (more && !may_be_long) {
            return false;
        }
    }
    return true;
}

/* "(?!\p{L}|-)" and "(?<=[.!?]\s)": what must not follow, or must stand before. Of other branches than those
 * of plain characters, nothing is said. */
static void look_around(struct walker *w, struct ways *ways, bool back, bool negative)
{
    uint64_t hit = 0, open = 0;
    for (bool more = true; more; w->e.s += more) {
        struct char_set set = {0};
        bool known = looked_for(w, back && !negative, &set);
        hit |= known ? set.all : 0;
        open |= known ? set.may : CLASSES_ALL;
        skip_branch(w);
        more = *w->e.s == '|';
    }
    uint64_t allowed = negative ? ~hit : open;
    if (back) {
        ways->before &= allowed;
    } else {
        ways->next &= allowed;
    }
}

/* How often the atom or group at `begin` stands: `once` is what reading it gave. Reads it again, for what
 * is behind it, as long as that brings anything new. */
static void repeat(struct walker *w, struct ways *ways, struct ways once, const char *begin,
                   struct ways (*read)(struct walker *, struct ways))
{
    struct count count = expression_count(&w->e);
    const char *end = w->e.s;
    for (size_t i = 1; i < count.least && !all_done(&once); i++) {
        w->e.s = begin;
        once = read(w, once);
    }
    once = count.optional ? join(once, ways) : once;
    for (int i = 0; count.more && i < REPEATS_MAX && !all_done(&once); i++) {
        w->e.s = begin;
        struct ways again = read(w, once);
        again = join(again, &once);
        if (same(&again, &once)) {
            break;
        }
        once = again;
    }
    w->e.s = end;
    *ways = once;
}

static void read_group(struct walker *w, struct ways *ways)
{
    const char *begin = w->e.s;
    enum group_kind kind = expression_group(&w->e);
    if (kind == GROUP_UNKNOWN || w->depth == DEPTH_MAX) {
        w->e.given_up = true;
        return;
    }
    w->depth++;
    const char *inside = w->e.s;
    struct ways once = *ways;
    if (kind == GROUP_LOOKS) {
        look_around(w, &once, begin[2] == '<', inside[-1] == '!');
    } else {
        once = read_choice(w, once);
    }
    w->depth--;
    if (*w->e.s != ')') {
        w->e.given_up = true;
        return;
    }
    w->e.s++;
    if (kind == GROUP_LOOKS) {
        *ways = expression_count(&w->e).optional ? *ways : once;
    } else {
        repeat(w, ways, once, inside, read_choice);
    }
}

/* \b, ^, \A: no character. */
static void at_border(struct ways *ways, char border)
{
    if (border == BEGIN) {
        ways->before &= CLASS_BIT(CLASS_LINE) | CLASS_BIT(CLASS_ENDS);
        return;
    }
    ways->edge = true;
    if (ways->in_word) {
        ways->next &= ~CLASSES_WORD;
    } else if (ways->in_none) {
        ways->next &= CLASSES_WORD | CLASS_BIT(CLASS_HIGH);
    }
}

static struct ways read_character(struct walker *w, struct ways ways)
{
    struct char_set set;
    size_t bytes;
    const char *begin = w->e.s;
    char c = expression_character(&w->e, &bytes);
    if (c == EDGE || c == BEGIN) {
        at_border(&ways, c);
    } else if (c != 0 && expression_set(begin, w->e.s, &set)) {
        take(w, &ways, &set);
    } else if (c != 0) {
        let_through(w, &ways);
        ways = (struct ways){0};
    }
    return ways;
}

static struct ways read_branch(struct walker *w, struct ways ways)
{
    while (!w->e.given_up && *w->e.s != '\0' && *w->e.s != '|' && *w->e.s != ')') {
        skip_blanks(w);
        if (all_done(&ways)) {
            skip_branch(w);
        } else if (*w->e.s == '#') {
            w->e.s += strcspn(w->e.s, "\n");
        } else if (*w->e.s == '(') {
            read_group(w, &ways);
        } else if (*w->e.s == '\\' && w->e.s[1] != '\0' && strchr("gkxoc0123456789", w->e.s[1]) != NULL) {
            let_through(w, &ways);
            skip_branch(w);
            return (struct ways){0};
        } else if (*w->e.s != '\0' && *w->e.s != '|' && *w->e.s != ')') {
            const char *begin = w->e.s;
            repeat(w, &ways, read_character(w, ways), begin, read_character);
        }
    }
    return ways;
}

static struct ways read_choice(struct walker *w, struct ways ways)
{
    struct ways all = read_branch(w, ways);
    while (!w->e.given_up && *w->e.s == '|') {
        w->e.s++;
        struct ways branch = read_branch(w, ways);
        all = join(all, &branch);
    }
    return all;
}

/* --- what comes of it --- */

/* Openings that differ in their first byte alone are one. */
static void add_opening(struct pattern_openings *openings, const struct opening *opening)
{
    for (size_t i = 0; i < openings->n; i++) {
        struct opening *old = &openings->at[i];
        if (old->class[0] == opening->class[0] &&
            memcmp(&old->class[2], &opening -> class[2],
                   sizeof opening->class - 2 * sizeof *opening->class) == 0) {
            old->class[1] |= opening->class[1];
            return;
        }
    }
    openings->at[openings->n++] = *opening;
}

void pattern_openings(const char *expression, struct pattern_openings *ret)
{
    struct pattern_openings kinds = {0};
    struct walker w = {.e = {.s = expression}, .openings = &kinds};
    struct ways ways = {.fresh = true, .before = CLASSES_ALL, .next = CLASSES_ALL};
    ways = read_choice(&w, ways);
    let_through(&w, &ways);
    *ret = (struct pattern_openings){0};
    if (w.e.given_up || *w.e.s != '\0') {
        memset(&ret->at[0], 0xff, sizeof ret->at[0]);
        ret->n = 1;
        return;
    }
    for (int k = 0; k < KINDS; k++) {
        if (kinds.at[k].class[1] != 0) {
            add_opening(ret, &kinds.at[k]);
        }
    }
}
