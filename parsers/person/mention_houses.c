/* parsers/person/mention_houses.c: what stands in an address beside the street and is no person: houses that
 * bear somebody's name, callings, floors. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

const char *mention_without_houses(struct arena *arena, const struct patterns *patterns, const char *text)
{
    struct founds houses;
    size_t len = strlen(text);
    patterns_find_all(patterns, arena, "house", text, len, &houses);
    char *without = arena_strndup(arena, text, len);
    for (size_t i = 0; i < houses.n; i++) {
        for (size_t at = houses.at[i].at; at < houses.at[i].at + houses.at[i].len; at++) {
            without[at] = without[at] == '\n' ? '\n' : ' ';
        }
    }
    return without;
}

/* A line of a text, without the bullet. */
struct line {
    size_t at, end;
};

static struct line line_around(const char *text, size_t at)
{
    struct line l = {str_line_begin(text, at), at + strcspn(text + at, "\n")};
    size_t bullet = mention_row_bullet(text + l.at);
    l.at += l.at + bullet < l.end ? bullet : 0; /* but "*26.10.1969" is none */
    return l;
}

/* What is found of that kind where the line begins, or, of birth dates, anywhere in it; NULL: nothing. */
static const struct mention *in_line(const struct search *s, struct line l, enum mention_kind kind)
{
    size_t begin = str_line_begin(s->text, l.at); /* "1. Dez. 2019" begins as a bullet does */
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        bool place = kind == MENTION_BIRTH ? m->at >= begin && m->at < l.end : m->at == l.at;
        if (m->kind == kind && place) {
            return m;
        }
    }
    return NULL;
}

/* Whose block it is: "Gerda Holm" above, or above "geb. 5.6.1958"; NULL: the line begins one. */
static const struct mention *head_of_block(const struct search *s, struct line l)
{
    enum { BLOCK_LINES = 3, BLOCK_WIDTH = 60 };
    for (int i = 0; i < BLOCK_LINES && l.at > 1; i++) {
        size_t begin = str_line_begin(s->text, l.at);
        if (begin < 2) {
            return NULL;
        }
        l = line_around(s->text, begin - 1);
        const struct mention *name = in_line(s, l, MENTION_NAME);
        bool fact = in_line(s, l, MENTION_BIRTH) != NULL;
        if (l.end <= l.at || l.end - l.at > BLOCK_WIDTH || s->text[l.end - 1] == ':' ||
            (name == NULL && !fact)) {
            return NULL;
        }
        if (name != NULL) {
            return name->source >= NAME_BESIDE_ADDRESS && !name->somebody_else ? name : NULL;
        }
    }
    return NULL;
}

/* "Jürgen Vogt\nXaveria Vogt", "Otto Freese\nAnna Kern, 45": the line begins with a second one's name. */
static bool is_second(struct search *s, struct line l, const struct mention *m, const struct mention *head)
{
    const char *words = arena_strndup(s->arena, s->text + l.at, l.end - l.at);
    const char *first = arena_strndup(s->arena, words, strcspn(words, " ,"));
    const char *behind = s->text + m->at + m->len + strspn(s->text + m->at + m->len, " ");
    bool whole = m->at == l.at && !utf8_is_letter(utf8_next(&behind));
    bool family = head->name.last != NULL && m->name.last != NULL && str_equal(head->name.last, m->name.last);
    bool given = name_given(s->arena, s->patterns, first) || (m->name.words == 2 && m->name.given_known);
    return whole && (family || given || m->name.honorific);
}

/* "Gerda Holm\nZweites Obergeschoss\nHochstraße 12": between the name and the street stands where she lives.
 */
static bool is_part_of_address(struct search *s, const struct mention *m)
{
    bool told = m->kind != MENTION_NAME || m->source > NAME_ON_LINE;
    struct line l = line_around(s->text, m->at);
    if (told || s->text[l.end] == '\0' || in_line(s, l, MENTION_BIRTH) != NULL ||
        in_line(s, line_around(s->text, l.end + 1), MENTION_ADDRESS) == NULL) {
        return false;
    }
    const struct mention *head = head_of_block(s, l);
    return head != NULL && !is_second(s, l, m, head);
}

void mentions_drop_houses(struct search *s)
{
    size_t kept = 0, n = s->ret->mention.n;
    bool *drop = arena_alloc(s->arena, (n + 1) * sizeof *drop);
    for (size_t i = 0; i < n; i++) {
        drop[i] = is_part_of_address(s, &s->ret->mention.at[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (!drop[i]) {
            s->ret->mention.at[kept++] = s->ret->mention.at[i];
        }
    }
    s->ret->mention.n = kept;
}
