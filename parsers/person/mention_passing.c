/* parsers/person/mention_passing.c: names in sentences, told by a known given name alone. */
#include "parsers/person/mention_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* A text all in small letters: names have none either. */
bool mention_small(const struct search *s)
{
    size_t words = 0, upper = 0;
    for (size_t at = 0; at < s->len; at++) {
        bool begins = at == 0 || s->text[at - 1] == ' ' || s->text[at - 1] == '\n';
        words += begins;
        upper += begins && s->text[at] >= 'A' && s->text[at] <= 'Z';
    }
    return words >= SMALL_WORDS_MIN && upper * SMALL_SHARE < words;
}

bool mention_small_line(const struct search *s, size_t at)
{
    enum { LINE_WORDS_MIN = 3 };
    size_t words = 0;
    at = str_line_begin(s->text, at);
    for (bool begins = true; s->text[at] != '\0' && s->text[at] != '\n'; at++) {
        if (begins && mention_starts_upper(s->text + at)) {
            return false;
        }
        words += begins;
        begins = strchr(" ,;:/(", s->text[at]) != NULL;
    }
    return words >= LINE_WORDS_MIN;
}

/* The pattern is found in the text of at most `most` bytes before a name. */
static bool says_before(struct search *s, const char *pattern, size_t at, size_t most)
{
    struct found f;
    size_t from = utf8_before(s->text, at, most);
    return patterns_find(s->patterns, s->arena, pattern, s->text + from, at - from, 0, &f);
}

bool mention_of_house(struct search *s, size_t at)
{
    enum { AROUND = 24 };
    return says_before(s, "no_person.house", at, AROUND);
}

/* "St. Anna", "zum Nikolaus", "30 Jan 1984", "Can I come", "TAN": a given name that is none here. */
static bool no_person(struct search *s, size_t at, size_t len)
{
    enum { AROUND = 24 };
    struct found f;
    size_t behind = utf8_cut(s->text + at, AROUND);
    return mention_of_house(s, at) || says_before(s, "no_person.before", at, AROUND) ||
           patterns_find(s->patterns, s->arena, "no_person.word", s->text + at, behind, 0, &f) ||
           (len == 3 && patterns_find(s->patterns, s->arena, "no_person.capitals", s->text + at, len, 0, &f));
}

/* "Eva Kamp (bis 2018: Eva Brandt)" */
static bool is_former(struct search *s, size_t at)
{
    enum { AROUND = 60 };
    return says_before(s, "former_name", at, AROUND);
}

/* "Büro: Kurt-Schumacher-Ring 8": a street that is nobody's home. */
static bool in_refused(struct search *s, size_t at)
{
    const struct address_found *a = s->refused.at;
    while (s->refused_passed < s->refused.n && a[s->refused_passed].at + a[s->refused_passed].len <= at) {
        s->refused_passed++; /* both are met in order of place */
    }
    return s->refused_passed < s->refused.n && at >= a[s->refused_passed].at;
}

/* "Jule Märkische Str. 80": the name ends where the address begins; false: nothing is left of it. */
static bool before_address(struct search *s, size_t at, size_t *len, struct name *name)
{
    for (size_t i = 0; i < s->ret->mention.n; i++) {
        const struct mention *m = &s->ret->mention.at[i];
        if (m->kind == MENTION_ADDRESS && m->at > at && m->at < at + *len) {
            *len = m->at - at;
            while (*len > 0 && s->text[at + *len - 1] == ' ') {
                --*len;
            }
            return name_parse(s->arena, s->patterns, arena_strndup(s->arena, s->text + at, *len),
                              NAME_ORDER_ANY, name) &&
                   name->first != NULL;
        }
    }
    return true;
}

/* Names in a sentence, told by the given name alone: "Rosemarie Kötter, bin eine 52erin". person.c takes
 * them only for people it knows of otherwise. */
void mentions_in_passing(struct search *s)
{
    bool small = s->small;
    for (size_t at = 0, line_end = 0; at < s->len;) {
        size_t blank = strspn(s->text + at, " \t\n,;:|/()!?*<>=\"_.-");
        at += blank;
        if (at >= line_end) {
            line_end = at + strcspn(s->text + at, "\n");
            small = s->small || mention_small_line(s, at);
        }
        size_t len = mention_word_length(s->text + at), name_at, name_len;
        struct name name;
        if (len == 0) {
            const char *next = s->text + at;
            at += utf8_next(&next) != 0 ? (size_t)(next - s->text) - at : 0;
            continue;
        }
        const char *word = arena_strndup(s->arena, s->text + at, len);
        if (mention_starts_upper(word) && str_starts(s->text + at + len, " und ") &&
            mention_name_at(s->arena, s->patterns, s->text, at + len + 5, NAME_ORDER_ANY, &name, &name_at,
                            &name_len) &&
            name.last != NULL && name.given_known) { /* "Rita und Heinz Kuhn kommen" */
            struct found f = {.pattern = "names in a sentence", .where = "mention_passing.c"};
            if (mention_joined_names(s, at, name_at + name_len - at, NAME_IN_PASSING, &f)) {
                at = name_at + name_len;
                continue;
            }
        }
        if ((mention_starts_upper(word) || small) && name_given(s->arena, s->patterns, word) &&
            mention_name_at(s->arena, s->patterns, s->text, at, NAME_ORDER_ANY, &name, &name_at, &name_len) &&
            name.first != NULL && (!small || name.last != NULL) &&
            !(name.words == 1 && no_person(s, name_at, name_len)) && !is_former(s, name_at) &&
            !in_refused(s, name_at) && before_address(s, name_at, &name_len, &name)) {
            struct mention *m =
                mention_add(s, MENTION_NAME, name_at, name_len, "name in a sentence", "mention_passing.c");
            m->name = name;
            m->source = NAME_IN_PASSING;
            mention_sentence(s, name_at, &m->sentence_at, &m->sentence_end);
            len = name_len;
        }
        at += len;
    }
}
