/* parsers/intent.c: signs found and taken back. */
#include "parsers/intent.h"

#include "base/text.h"

static const struct {
    const char *group;
    enum sign_kind kind;
} groups[] = {
    {"register", SIGN_REGISTER},
    {"on", SIGN_ON},
    {"cancel", SIGN_CANCEL},
    {"cancel_weak", SIGN_CANCEL_WEAK},
    {"cancel_hint", SIGN_CANCEL_HINT},
    {"cancel_part", SIGN_CANCEL_PART},
    {"off", SIGN_OFF},
    {"subscribe", SIGN_SUBSCRIBE},
    {"unsubscribe", SIGN_UNSUBSCRIBE},
    {"news", SIGN_NEWS},
    {"news_change", SIGN_NEWS_CHANGE},
    {"privacy", SIGN_PRIVACY},
    {"already", SIGN_ALREADY},
    {"rebook", SIGN_REBOOK},
    {"hesitate", SIGN_HESITATE},
    {"condition", SIGN_CONDITION},
    {"condition_ok", SIGN_CONDITION_OK},
    {"ask", SIGN_ASK},
    {"concern", SIGN_CONCERN},
    {"courtesy", SIGN_COURTESY},
    {"past", SIGN_PAST},
    {"plural", SIGN_PLURAL},
    {"void", SIGN_VOID},
};

/* What a "void" pattern takes back; those not named here take back every action. */
static const struct {
    const char *pattern;
    unsigned kinds;
} void_only[] = {
    {"void.my_registration", 1u << SIGN_REGISTER},
    {"void.others_act", 1u << SIGN_REGISTER | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_ON},
    {"void.as_planned", 1u << SIGN_REGISTER},
    {"void.know", 1u << SIGN_REGISTER | 1u << SIGN_SUBSCRIBE | 1u << SIGN_PRIVACY},
    {"void.tell_then", 1u << SIGN_REGISTER},
    {"void.would_but", 1u << SIGN_REGISTER | 1u << SIGN_ON},
    {"void.newsletter_talk", 1u << SIGN_SUBSCRIBE | 1u << SIGN_UNSUBSCRIBE},
};

static bool is_action(enum sign_kind kind)
{
    return kind == SIGN_REGISTER || kind == SIGN_ON || kind == SIGN_CANCEL || kind == SIGN_CANCEL_WEAK ||
           kind == SIGN_OFF || kind == SIGN_SUBSCRIBE || kind == SIGN_UNSUBSCRIBE || kind == SIGN_REBOOK;
}

static bool takes_back(const struct sign *taker, const struct sign *sign)
{
    unsigned kinds = ~0u;
    for (size_t i = 0; i < sizeof void_only / sizeof *void_only; i++) {
        if (str_equal(taker->found->pattern, void_only[i].pattern)) {
            kinds = void_only[i].kinds;
        }
    }
    bool concerns = kinds == ~0u ? is_action(sign->kind) : (kinds >> sign->kind & 1) != 0;
    size_t end = sign->at + sign->len, taken_to = taker->at + taker->len;
    bool overlap = taker->at < end && sign->at < taken_to && taker->sentence == sign->sentence;
    bool talk = str_equal(taker->found->pattern, "void.newsletter_talk");
    return concerns && taker->in_subject == sign->in_subject && overlap && (talk || end <= taken_to + 2);
}

static void find_in(struct arena *arena, const struct patterns *patterns, const struct sentences *sentences,
                    bool in_subject, struct signs *signs)
{
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        struct founds founds = {0};
        patterns_find_all(patterns, arena, groups[g].group, sentences->text, sentences->len, &founds);
        for (size_t i = 0; i < founds.n; i++) {
            *LIST_ADD(arena, &signs->list) =
                (struct sign){.kind = groups[g].kind,
                              .in_subject = in_subject,
                              .sentence = sentence_of(sentences, founds.at[i].at + founds.at[i].len - 1),
                              .at = founds.at[i].at,
                              .len = founds.at[i].len,
                              .weight = founds.at[i].weight,
                              .found = &founds.at[i]};
        }
    }
}

/* Wishes inside a real question are none; sets whether the sentence asks. */
static bool sentence_asks(struct arena *arena, const struct patterns *patterns, struct signs *signs,
                          const struct sentences *sentences, size_t number, bool in_subject)
{
    const struct sentence *s = &sentences->list.at[number];
    size_t begin = s->at, polite_end = 0;
    bool polite = false, says_ask = false;
    for (size_t i = 0; i < signs->list.n; i++) {
        const struct sign *sign = &signs->list.at[i];
        if (sign->in_subject != in_subject || sign->sentence != number) {
            continue;
        }
        if (sign->kind == SIGN_COURTESY && !str_equal(sign->found->pattern, "courtesy.seats")) {
            polite = true;
            polite_end = sign->at + sign->len > polite_end ? sign->at + sign->len : polite_end;
        }
        says_ask = says_ask || sign->kind == SIGN_ASK;
    }
    if (!s->asks) {
        return says_ask && !polite;
    }
    struct found start;
    size_t from = polite ? polite_end - s->at : 0;
    bool found = from < s->len && patterns_find(patterns, arena, "interrogative.start",
                                                sentences->text + s->at, s->len, from, &start);
    if (polite && !found) {
        return false;
    }
    begin = found ? s->at + start.at : s->at;
    for (size_t i = 0; i < signs->list.n; i++) {
        struct sign *sign = &signs->list.at[i];
        if (sign->in_subject == in_subject && sign->sentence == number && is_action(sign->kind) &&
            sign->at + sign->len > begin && !(polite && sign->at < polite_end)) {
            sign->is_void = true;
        }
    }
    return true;
}

/* "Ich storniere meine Anmeldung zum Kurs" speaks of a registration and wishes none. */
static void void_nouns_of_cancellation(struct signs *signs)
{
    for (size_t i = 0; i < signs->list.n; i++) {
        struct sign *sign = &signs->list.at[i];
        bool noun = sign->kind == SIGN_REGISTER && (str_equal(sign->found->pattern, "register.noun") ||
                                                    str_equal(sign->found->pattern, "register.english"));
        for (size_t k = 0; noun && k < signs->list.n && !sign->is_void; k++) {
            const struct sign *other = &signs->list.at[k];
            sign->is_void = other->kind == SIGN_CANCEL && !other->is_void &&
                            other->in_subject == sign->in_subject && other->sentence == sign->sentence;
        }
    }
}

void signs_find(struct arena *arena, const struct patterns *patterns, const struct sentences *subject,
                const struct sentences *text, struct signs *ret)
{
    *ret = (struct signs){.subject = subject, .text = text};
    ret->question = arena_alloc(arena, text->list.n + 1);
    find_in(arena, patterns, subject, true, ret);
    find_in(arena, patterns, text, false, ret);
    for (size_t i = 0; i < ret->list.n; i++) {
        struct sign *sign = &ret->list.at[i];
        for (size_t k = 0; is_action(sign->kind) && !sign->is_void && k < ret->list.n; k++) {
            sign->is_void = ret->list.at[k].kind == SIGN_VOID && takes_back(&ret->list.at[k], sign);
        }
    }
    void_nouns_of_cancellation(ret);
    for (size_t i = 0; i < subject->list.n; i++) {
        ret->subject_asks = sentence_asks(arena, patterns, ret, subject, i, true) || ret->subject_asks;
    }
    for (size_t i = 0; i < text->list.n; i++) {
        ret->question[i] = sentence_asks(arena, patterns, ret, text, i, false);
    }
}

const struct sign *sign_best(const struct signs *signs, enum sign_kind kind, size_t sentence)
{
    const struct sign *best = NULL;
    for (size_t i = 0; i < signs->list.n; i++) {
        const struct sign *sign = &signs->list.at[i];
        bool here = sentence == SIZE_MAX || (!sign->in_subject && sign->sentence == sentence);
        if (sign->kind == kind && here && !sign->is_void &&
            (best == NULL || sign->weight > best->weight || (best->in_subject && !sign->in_subject))) {
            best = sign;
        }
    }
    return best;
}

const struct sign *sign_named(const struct signs *signs, const char *pattern, size_t sentence)
{
    for (size_t i = 0; i < signs->list.n; i++) {
        const struct sign *sign = &signs->list.at[i];
        bool here = sentence == SIZE_MAX || (!sign->in_subject && sign->sentence == sentence);
        if (here && !sign->is_void && str_equal(sign->found->pattern, pattern)) {
            return sign;
        }
    }
    return NULL;
}
