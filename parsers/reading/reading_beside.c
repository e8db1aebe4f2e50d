/* parsers/reading/reading_beside.c: the sentences that stand beside the wishes, weighed word by word.
 *
 * Patterns know the requests and reserves that somebody thought of; the next writer has other words. So each
 * sentence is weighed by what its words tell in some thousand of which it is known whether a person had to
 * see them (tests/corpus/beside.py): logistic regression over words, pairs of them, their beginnings, and the
 * signs that were found. A wish outweighs the words it is said in, as the signs of wishes are counted too. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "parsers/reading/scales.h"

/* What beside.weights speaks for. */
enum { PERSON, STOP };

/* In hundredths of log-odds. Measured on authors that nothing was learned from: of 100 harmless sentences 2
 * are above a line, of 100 requests 64, of 100 reserves 74; of 100 whole mails that need nobody, 2. */
enum {
    LINE_PERSON = 150, /* for a person */
    LINE_STOP = -50,   /* … and above this before anything is done: 71 of 100 reserves, 1 of 100 requests */
    ALONE_STOP = 100,  /* a reserve without more */
    CANCEL_STOP = 250, /* … where something is given up: words of refusal are to be expected */
    /* Below both, the words speak plainly for talk: of 52 sentences of authors not learned from in which a
     * faint word stands (of a case, of contrast, of need, of anger) and that nobody need see, 18; of 200
     * others, none. */
    TALK_PERSON = -80,
    TALK_OF_NEED = -150, /* "Ich komme mit Rollstuhl" is short, and has little to weigh */
    TALK_STOP = -150,
};

static void add_once(const struct mail *mail, struct beside *beside, const char *name)
{
    for (size_t i = 0; i < beside->signs.n; i++) {
        if (str_equal(beside->signs.at[i], name)) {
            return;
        }
    }
    *LIST_ADD(mail->arena, &beside->signs) = name;
}

static void name_signs(const struct mail *mail, size_t sentence, struct beside *ret)
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

static struct weight weigh(const struct mail *mail, const struct weight_list *list,
                           const struct beside *beside, struct features *tells)
{
    struct scales scales;
    scales_begin(mail->arena, list, tells, &scales);
    scales_sentence(&scales, "", beside->evidence.words);
    for (size_t i = 0; i < beside->signs.n; i++) {
        scales_sign(&scales, beside->signs.at[i]);
    }
    return scales.sum;
}

/* What the wishes explain: the newsletter is spoken of by who wants it ("Gibt es einen Rundbrief?"), or asked
 * for in whatever words; those who do not come are named ("mich selber bitte nicht eintragen"); a question is
 * the writer's own. */
static bool is_explained(const struct mail *mail, const struct wants *wants, size_t sentence)
{
    bool asked = mail->signs.question[sentence] && wants->question == NULL;
    return (asked && answers_itself(mail, sentence)) ||
           (wants->news.n > 0 && sign_best(&mail->signs, SIGN_NEWS, sentence) != NULL) ||
           sign_best(&mail->signs, SIGN_SUBSCRIBE, sentence) != NULL ||
           sign_best(&mail->signs, SIGN_UNSUBSCRIBE, sentence) != NULL ||
           sentence_says(mail, "self_out", sentence) || sentence_says(mail, "not_that_one", sentence);
}

void beside_weigh(struct mail *mail, const struct wants *wants, struct reading *ret)
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
        beside->person = weight.of[PERSON];
        beside->stop = weight.of[STOP];
        beside->stops = beside->stop >= (beside->person >= LINE_PERSON ? LINE_STOP : ALONE_STOP);
        beside->for_person = beside->person >= LINE_PERSON || beside->stops;
        bool wish = !beside->stops && sign_named(&mail->signs, "register.weighed", s) != NULL;
        if (beside->for_person && (wish || is_explained(mail, wants, s))) {
            beside->for_person = beside->stops = false;
        }
        if (beside->for_person) {
            weigh(mail, list, beside, &beside->counted);
        }
    }
}

static bool gives_up(const struct beside *beside)
{
    static const char *const signs[] = {"<cancel>", "<cancel_weak>", "<off>", "<no register>"};
    for (size_t i = 0; i < beside->signs.n; i++) {
        for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
            if (str_equal(beside->signs.at[i], signs[k])) {
                return true;
            }
        }
    }
    return false;
}

bool beside_is_talk(const struct beside *beside)
{
    static const char *const signs[] = {"<data>", "<event>", "<register>", "<on>", "<rebook>", "<already>"};
    for (size_t i = 0; i < beside->signs.n; i++) {
        for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
            if (str_equal(beside->signs.at[i], signs[k])) {
                return false; /* words of a wish weigh against a person, whatever else stands there */
            }
        }
    }
    return !gives_up(beside) && beside->person <= TALK_PERSON && beside->stop <= TALK_STOP;
}

bool need_is_talk(const struct mail *mail, size_t sentence)
{
    const struct weight_list *list = patterns_weights(mail->reader->patterns, "beside");
    struct stretch words = sentence_stretch(mail, sentence);
    struct beside beside = {.evidence.words =
                                arena_strndup(mail->arena, mail->text + words.at, words.end - words.at)};
    if (list == NULL) {
        return false;
    }
    name_signs(mail, sentence, &beside);
    struct weight weight = weigh(mail, list, &beside, NULL);
    beside.person = weight.of[PERSON];
    beside.stop = weight.of[STOP];
    return beside.person <= TALK_OF_NEED && beside_is_talk(&beside);
}

void beside_account(const struct reading *reading, struct account *account)
{
    for (size_t i = 0; i < reading->beside.n; i++) {
        const struct beside *beside = &reading->beside.at[i];
        struct evidence *left = beside->stops ? &account->counter : &account->request;
        if (beside->for_person && left->len == 0) {
            *left = beside->evidence;
        }
        bool reserve = beside->stops && beside->stop >= (gives_up(beside) ? CANCEL_STOP : ALONE_STOP);
        if (reserve && account->reserve.len == 0) {
            account->reserve = beside->evidence;
        }
    }
}
