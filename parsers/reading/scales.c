#include "parsers/reading/scales.h"

#include "base/text.h"
#include "base/utf8.h"

enum {
    STEM = 5,         /* letters of a word's beginning */
    WORDS_MOST = 400, /* of a sentence: more are none */
};

struct words {
    const char *at;
    size_t len;
};

static const struct words none = {"", 0}, blank = {" ", 1}, more = {"*", 1};

static struct words words_of(const char *s)
{
    return (struct words){s, strlen(s)};
}

/* A feature of up to three parts behind `where`. */
static void count(struct scales *scales, const char *where, struct words a, struct words b, struct words c)
{
    uint64_t hash = str_hash(str_hash(STR_HASH, where, strlen(where)), a.at, a.len);
    hash = str_hash(str_hash(hash, b.at, b.len), c.at, c.len);
    struct weight weight = weight_of_hash(scales->list, hash);
    if (weight.of[0] == 0 && weight.of[1] == 0) {
        return;
    }
    for (size_t i = 0; i < scales->hashes.n; i++) {
        if (scales->hashes.at[i] == hash) {
            return;
        }
    }
    *LIST_ADD(scales->arena, &scales->hashes) = hash;
    for (int i = 0; i < WEIGHTS; i++) {
        scales->sum.of[i] += weight.of[i];
    }
    if (scales->tells != NULL) {
        const char *what = arena_printf(scales->arena, "%s%.*s%.*s%.*s", where, (int)a.len, a.at, (int)b.len,
                                        b.at, (int)c.len, c.at);
        *LIST_ADD(scales->arena, &scales->tells->list) = (struct feature){what, weight};
    }
}

/* A word, the pair it ends, and its beginning. */
static void count_word(struct scales *scales, const char *where, struct words before, struct words word)
{
    const char *end = word.at;
    for (int i = 0; i < STEM && end < word.at + word.len; i++) {
        utf8_next(&end);
    }
    count(scales, where, word, none, none);
    count(scales, where, before, blank, word);
    if (end < word.at + word.len) {
        count(scales, where, (struct words){word.at, (size_t)(end - word.at)}, more, none);
    }
}

/* Words are letters; "?" and "!" are words as well. */
static bool next_word(const char **s, struct words *ret)
{
    for (;;) {
        size_t len = utf8_letters(*s);
        *ret = (struct words){*s, len > 0 ? len : 1};
        uint32_t c = utf8_next(s);
        if (c == 0) {
            return false;
        }
        if (len > 0 || c == '?' || c == '!') {
            *s = ret->at + ret->len;
            return true;
        }
    }
}

void scales_begin(struct arena *arena, const struct weight_list *list, struct features *tells,
                  struct scales *ret)
{
    *ret = (struct scales){.arena = arena, .list = list, .tells = tells};
    scales_sign(ret, "<>");
}

void scales_sentence(struct scales *scales, const char *where, const char *sentence)
{
    const char *s = utf8_lower_copy(scales->arena, sentence);
    struct words before = words_of("^"), word;
    for (int i = 0; i < WORDS_MOST && next_word(&s, &word); i++) {
        count_word(scales, where, before, word);
        before = word;
    }
    count_word(scales, where, before, words_of("$"));
}

void scales_sign(struct scales *scales, const char *name)
{
    count(scales, "", words_of(name), none, none);
}
