/* parsers/reading/reading_beside.c: the sentences that stand beside the wishes, weighed word by word.
 *
 * Patterns know the requests and reserves that somebody thought of; the next writer has other words. So each
 * sentence is weighed by what its words tell in some thousand of which it is known whether a person had to
 * see them (tests/corpus/beside.py): logistic regression over words, pairs of them, their beginnings, and the
 * signs that were found. A wish outweighs the words it is said in, as the signs of wishes are counted too. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/pattern/weight_list.h"

/* In hundredths of log-odds. Measured on authors that nothing was learned from: of 100 harmless sentences 2
 * are above a line, of 100 requests 64, of 100 reserves 74; of 100 whole mails that need nobody, 2. */
enum {
    LINE_PERSON = 150, /* for a person */
    LINE_STOP = -50,   /* … and above this before anything is done: 71 of 100 reserves, 1 of 100 requests */
    ALONE_STOP = 100,  /* a reserve without more */
    STEM = 5,          /* letters of a word's beginning */
    WORDS_MOST = 400,  /* of a sentence: more are none */
};

static void add_once(struct mail *mail, struct beside *beside, const char *name)
{
    for (size_t i = 0; i < beside->signs.n; i++) {
        if (str_equal(beside->signs.at[i], name)) {
            return;
        }
    }
    *LIST_ADD(mail->arena, &beside->signs) = name;
}

static void name_signs(struct mail *mail, size_t sentence, struct beside *ret)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        const char *name = sign_name(sign->kind);
        if (!sign->in_subject && sign->sentence == sentence && name != NULL) {
            add_once(mail, ret, arena_printf(mail->arena, sign->is_void ? "<no %s>" : "<%s>", name));
        }
    }
    if (stretch_holds_data(mail, sentence_stretch(mail, sentence))) {
        add_once(mail, ret, "<data>");
    }
    if (sentence_names_event(mail, sentence)) {
        add_once(mail, ret, "<event>");
    }
}

/* What is counted, each once a sentence. */
struct scales {
    struct arena *arena;
    const struct weight_list *list;
    LIST(uint64_t) hashes;
    struct weight sum;
    struct beside *tells; /* gets what is counted, in words; NULL: nobody asks */
};

struct words {
    const char *at;
    size_t len;
};

/* A feature of up to three parts. */
static void count(struct scales *scales, struct words a, struct words b, struct words c)
{
    uint64_t hash = str_hash(STR_HASH, a.at, a.len);
    hash = str_hash(str_hash(hash, b.at, b.len), c.at, c.len);
    struct weight weight = weight_of_hash(scales->list, hash);
    if (weight.person == 0 && weight.stop == 0) {
        return;
    }
    for (size_t i = 0; i < scales->hashes.n; i++) {
        if (scales->hashes.at[i] == hash) {
            return;
        }
    }
    *LIST_ADD(scales->arena, &scales->hashes) = hash;
    scales->sum.person += weight.person;
    scales->sum.stop += weight.stop;
    if (scales->tells != NULL) {
        *LIST_ADD(scales->arena, &scales->tells->counted) = (struct counted){
            arena_printf(scales->arena, "%.*s%.*s%.*s", (int)a.len, a.at, (int)b.len, b.at, (int)c.len, c.at),
            weight.person, weight.stop};
    }
}

static const struct words none = {"", 0}, blank = {" ", 1}, more = {"*", 1};

static struct words words_of(const char *s)
{
    return (struct words){s, strlen(s)};
}

/* A word, the pair it ends, and its beginning. */
static void count_word(struct scales *scales, struct words before, struct words word)
{
    const char *end = word.at;
    for (int i = 0; i < STEM && end < word.at + word.len; i++) {
        utf8_next(&end);
    }
    count(scales, word, none, none);
    count(scales, before, blank, word);
    if (end < word.at + word.len) {
        count(scales, (struct words){word.at, (size_t)(end - word.at)}, more, none);
    }
}

/* Words are letters; "?" and "!" are words as well. */
static bool next_word(const char **s, struct words *ret)
{
    for (;;) {
        const char *begin = *s, *end = begin;
        uint32_t c = utf8_next(s);
        if (c == 0) {
            return false;
        }
        if (c == '?' || c == '!') {
            *ret = (struct words){begin, 1};
            return true;
        }
        for (; utf8_is_letter(c); c = utf8_next(s)) {
            end = *s;
        }
        if (end > begin) {
            *s = end;
            *ret = (struct words){begin, (size_t)(end - begin)};
            return true;
        }
    }
}

static struct weight weigh(struct mail *mail, const struct weight_list *list, const struct beside *beside,
                           struct beside *tells)
{
    struct scales scales = {.arena = mail->arena, .list = list, .tells = tells};
    const char *s = utf8_lower_copy(mail->arena, beside->evidence.words);
    struct words before = words_of("^"), word;
    count(&scales, words_of("<>"), none, none);
    for (int i = 0; i < WORDS_MOST && next_word(&s, &word); i++) {
        count_word(&scales, before, word);
        before = word;
    }
    count_word(&scales, before, words_of("$"));
    for (size_t i = 0; i < beside->signs.n; i++) {
        count(&scales, words_of(beside->signs.at[i]), none, none);
    }
    return scales.sum;
}

/* What the wishes explain: the newsletter is spoken of by who wants it ("Gibt es einen Rundbrief?"), or asked
 * for in whatever words; those who do not come are named ("mich selber bitte nicht eintragen"). */
static bool is_explained(const struct mail *mail, size_t sentence, bool news_settled)
{
    return (news_settled && sign_best(&mail->signs, SIGN_NEWS, sentence) != NULL) ||
           sign_best(&mail->signs, SIGN_SUBSCRIBE, sentence) != NULL ||
           sign_best(&mail->signs, SIGN_UNSUBSCRIBE, sentence) != NULL ||
           sentence_says(mail, "self_out", sentence) || sentence_says(mail, "not_that_one", sentence);
}

void beside_weigh(struct mail *mail, bool news_settled, struct reading *ret)
{
    const struct weight_list *list = patterns_weights(mail->reader->patterns, "beside");
    for (size_t s = 0; list != NULL && s < mail->sentences.list.n; s++) {
        struct stretch words = sentence_stretch(mail, s);
        struct beside *beside = LIST_ADD(mail->arena, &ret->beside);
        beside->evidence = (struct evidence){
            .words = arena_strndup(mail->arena, mail->text + words.at, words.end - words.at),
            .source = mail->passed_on ? "forwarded" : "text",
            .at = words.at,
            .len = words.end - words.at,
            .pattern = "beside",
            .where = "beside.weights"};
        name_signs(mail, s, beside);
        struct weight weight = weigh(mail, list, beside, NULL);
        beside->person = weight.person;
        beside->stop = weight.stop;
        beside->stops = weight.stop >= (weight.person >= LINE_PERSON ? LINE_STOP : ALONE_STOP);
        beside->for_person = weight.person >= LINE_PERSON || beside->stops;
        if (beside->for_person && is_explained(mail, s, news_settled)) {
            beside->for_person = beside->stops = false;
        }
        if (beside->for_person) {
            weigh(mail, list, beside, beside);
        }
    }
}

void beside_account(const struct reading *reading, struct account *account)
{
    for (size_t i = 0; i < reading->beside.n; i++) {
        const struct beside *beside = &reading->beside.at[i];
        struct evidence *left = beside->stops ? &account->counter : &account->request;
        if (beside->for_person && left->len == 0) {
            *left = beside->evidence;
        }
    }
}
