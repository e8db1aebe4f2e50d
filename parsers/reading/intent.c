/* parsers/reading/intent.c: signs found and taken back. */
#include "parsers/reading/intent.h"

#include "base/text.h"

enum {
    ACTIONS = 1 << SIGN_REGISTER | 1 << SIGN_ON | 1 << SIGN_CANCEL | 1 << SIGN_CANCEL_WEAK | 1 << SIGN_OFF |
              1 << SIGN_REBOOK,
};

enum { NEGATION_BEHIND = 30 }; /* bytes after a wish's words that still are of its clause */

/* In the order they are looked for; the later ones only where an earlier one gives them a meaning. */
static const struct {
    const char *group;
    enum sign_kind kind;
    unsigned only_with; /* kinds of which one must have been found; 0: always */
    bool or_question;   /* … or a question mark */
} groups[] = {
    {"register", SIGN_REGISTER, 0, false},
    {"on", SIGN_ON, 0, false},
    {"cancel", SIGN_CANCEL, 0, false},
    {"cancel_weak", SIGN_CANCEL_WEAK, 0, false},
    {"off", SIGN_OFF, 0, false},
    {"news", SIGN_NEWS, 0, false},
    {"privacy", SIGN_PRIVACY, 0, false},
    {"already", SIGN_ALREADY, 0, false},
    {"rebook", SIGN_REBOOK, 0, false},
    {"hesitate", SIGN_HESITATE, 0, false},
    {"taken_back", SIGN_TAKEN_BACK, 1u << SIGN_REGISTER | 1u << SIGN_ON, false},
    {"condition", SIGN_CONDITION, 0, false},
    {"ask", SIGN_ASK, 0, false},
    {"concern", SIGN_CONCERN, 0, false},
    {"past", SIGN_PAST, 0, false},
    {"plural", SIGN_PLURAL, 0, false},
    {"cancel_hint", SIGN_CANCEL_HINT, 1u << SIGN_CANCEL | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_OFF, false},
    {"cancel_part", SIGN_CANCEL_PART, 1u << SIGN_CANCEL | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_OFF, false},
    {"condition_ok", SIGN_CONDITION_OK, 1u << SIGN_CONDITION, false},
    {"courtesy", SIGN_COURTESY, 1u << SIGN_ASK, true},
    {"void", SIGN_VOID, ACTIONS, false},
};

/* What a "void" pattern takes back; those not named here take back every action. */
static const struct {
    const char *pattern;
    unsigned kinds;
} void_only[] = {
    {"void.my_registration", 1u << SIGN_REGISTER},
    {"void.others_act", 1u << SIGN_REGISTER | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_ON},
    {"void.as_planned", 1u << SIGN_REGISTER},
    {"void.know", 1u << SIGN_REGISTER | 1u << SIGN_PRIVACY},
    {"void.judge", 1u << SIGN_REGISTER},
    {"void.tell_then", 1u << SIGN_REGISTER},
    {"void.would_but", 1u << SIGN_REGISTER | 1u << SIGN_ON},
    {"void.rather_else", 1u << SIGN_REGISTER | 1u << SIGN_ON},
    {"void.would_oftener", 1u << SIGN_REGISTER | 1u << SIGN_ON},
    {"void.your_cancel", 1u << SIGN_CANCEL | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_OFF},
    {"void.elsewhere", 1u << SIGN_CANCEL | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_OFF | 1u << SIGN_REBOOK},
    {"void.for_me", 1u << SIGN_CANCEL},
    {"void.data", 1u << SIGN_REGISTER | 1u << SIGN_ON},
    {"void.worst", 1u << SIGN_CANCEL | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_OFF | 1u << SIGN_REBOOK},
    {"void.unknown", 1u << SIGN_CANCEL | 1u << SIGN_CANCEL_WEAK},
    {"void.wanted", 1u << SIGN_CANCEL | 1u << SIGN_CANCEL_WEAK | 1u << SIGN_OFF},
    {"void.sent", 1u << SIGN_CANCEL | 1u << SIGN_OFF},
    {"void.no_more", 1u << SIGN_REGISTER},
    {"void.comes_not", 1u << SIGN_REGISTER},
};

static bool is_action(enum sign_kind kind)
{
    return ((unsigned)ACTIONS >> kind & 1) != 0;
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
    bool infinitive = /* of a verb that the sign before it shares */
        (str_equal(taker->found->pattern, "void.know") || str_equal(taker->found->pattern, "void.judge")) &&
        sign->at >= taker->at;
    return concerns && taker->in_subject == sign->in_subject && overlap &&
           (infinitive || end <= taken_to + 2);
}

static void find_in(struct arena *arena, const struct patterns *patterns, const struct sentences *sentences,
                    bool in_subject, struct signs *signs)
{
    bool question = memchr(sentences->text, '?', sentences->len) != NULL;
    unsigned found = 0;
    size_t n = sentences->list.n;
    struct subject_part *parts = arena_alloc(arena, n * sizeof *parts);
    for (size_t i = 0; i < n; i++) {
        parts[i] = (struct subject_part){.at = sentences->list.at[i].at, .len = sentences->list.at[i].len};
    }
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        struct founds founds = {0};
        if (groups[g].only_with != 0 && (found & groups[g].only_with) == 0 &&
            !(groups[g].or_question && question)) {
            continue;
        }
        patterns_find_in_parts(patterns, arena, groups[g].group, sentences->text, parts, n, &founds);
        found |= founds.n > 0 ? 1u << groups[g].kind : 0;
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

/* A question for a seat ("Haben Sie noch Platz?", "Kann ich mitmachen?"): the machine knows the answer. */
static bool asks_to_come(const struct sign *sign)
{
    return str_equal(sign->found->pattern, "courtesy.seats") ||
           str_equal(sign->found->pattern, "courtesy.may_i");
}

/* Wishes inside a real question are none; sets whether the sentence asks. */
static bool sentence_asks(struct arena *arena, const struct patterns *patterns, struct signs *signs,
                          const struct sentences *sentences, size_t number, bool in_subject)
{
    const struct sentence *s = &sentences->list.at[number];
    size_t polite_end = 0;
    bool polite = false, says_ask = false;
    for (size_t i = 0; i < signs->list.n; i++) {
        const struct sign *sign = &signs->list.at[i];
        if (sign->in_subject != in_subject || sign->sentence != number) {
            continue;
        }
        if (sign->kind == SIGN_COURTESY && !asks_to_come(sign)) {
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
    size_t begin = found && !in_subject ? s->at + start.at : s->at; /* "Abmelden, aber wie?" */
    for (size_t i = 0; i < signs->list.n; i++) {
        struct sign *sign = &signs->list.at[i];
        if (sign->in_subject == in_subject && sign->sentence == number && is_action(sign->kind) &&
            sign->at + sign->len > begin && !(polite && sign->at < polite_end)) {
            sign->is_void = true;
        }
    }
    return true;
}

static bool clause_ends(const char *text)
{
    static const char *const joints[] = {" und ", " aber ", " weil ", " denn "};
    bool ends = strchr(",;:(-.!?", *text) != NULL;
    for (size_t i = 0; i < sizeof joints / sizeof *joints && !ends; i++) {
        ends = strncasecmp(text, joints[i], strlen(joints[i])) == 0;
    }
    return ends;
}

/* "… möchte ich doch nicht teilnehmen", "Ich komme zu keiner Veranstaltung mehr": the last clause of the
 * wish's words, or what follows in it, says no. */
static void void_negated(struct arena *arena, const struct patterns *patterns, struct signs *signs)
{
    for (size_t i = 0; i < signs->list.n; i++) {
        struct sign *sign = &signs->list.at[i];
        if ((sign->kind != SIGN_REGISTER && sign->kind != SIGN_ON) || sign->is_void) {
            continue;
        }
        const struct sentences *in = sign->in_subject ? signs->subject : signs->text;
        const struct sentence *s = &in->list.at[sign->sentence];
        size_t end = sign->at + sign->len, to = end, from = sign->kind == SIGN_ON ? s->at : sign->at;
        for (size_t k = from; k < end; k++) {
            bool joint = strchr(",;:()", in->text[k]) != NULL || strncasecmp(in->text + k, " und ", 5) == 0;
            from = joint ? k + 1 : from;
        }
        while (to < s->at + s->len && to < end + NEGATION_BEHIND && !clause_ends(in->text + to)) {
            to++;
        }
        struct found found;
        sign->is_void = patterns_find(patterns, arena, "negated", in->text + from, to - from, 0, &found);
    }
}

static bool is_noun(const struct sign *sign)
{
    static const char *const nouns[] = {"register.noun", "register.english", "register.opening",
                                        "register.place", "register.ticket"};
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
        if (str_equal(sign->found->pattern, nouns[i])) {
            return true;
        }
    }
    return false;
}

/* Beside words that give a place up, or say that one is had already: "Ich storniere meine Anmeldung zum
 * Kurs", "ich hatte mir einen Platz für den 12. gesichert", "Ich wollte am 12. kommen. Geben Sie den Platz
 * weiter". */
static bool tells_what_was(const struct sign *sign, const struct sign *other)
{
    bool gives_up = (other->kind == SIGN_CANCEL || other->kind == SIGN_OFF) && !other->is_void;
    bool here = other->in_subject == sign->in_subject && other->sentence == sign->sentence;
    bool had = other->kind == SIGN_ALREADY && here && str_starts_nocase(other->found->words, "hat") &&
               other->at < sign->at && sign->at < other->at + other->len;
    bool past = str_starts_nocase(sign->found->words, "wollte");
    return (is_noun(sign) && ((gives_up && here) || had)) ||
           (past && gives_up && !other->in_subject && other->at > sign->at);
}

/* What speaks of a registration and wishes none. */
static void void_told_wishes(struct signs *signs)
{
    for (size_t i = 0; i < signs->list.n; i++) {
        struct sign *sign = &signs->list.at[i];
        for (size_t k = 0; sign->kind == SIGN_REGISTER && k < signs->list.n && !sign->is_void; k++) {
            sign->is_void = tells_what_was(sign, &signs->list.at[k]);
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
    bool had_place = false; /* "er kommt nicht" of one who had a place gives it up */
    for (size_t i = 0; i < ret->list.n; i++) {
        had_place = had_place || ret->list.at[i].kind == SIGN_ALREADY;
    }
    for (size_t i = 0; i < ret->list.n; i++) {
        struct sign *sign = &ret->list.at[i];
        for (size_t k = 0; is_action(sign->kind) && !sign->is_void && k < ret->list.n; k++) {
            sign->is_void = ret->list.at[k].kind == SIGN_VOID && takes_back(&ret->list.at[k], sign) &&
                            !(had_place && sign->kind == SIGN_CANCEL_WEAK &&
                              str_equal(ret->list.at[k].found->pattern, "void.others_act"));
        }
    }
    void_negated(arena, patterns, ret);
    void_told_wishes(ret);
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

const char *sign_name(enum sign_kind kind)
{
    if (kind == SIGN_SUBSCRIBE || kind == SIGN_UNSUBSCRIBE || kind == SIGN_NEWS_TOLD) {
        return kind == SIGN_SUBSCRIBE ? "subscribe" : kind == SIGN_UNSUBSCRIBE ? "unsubscribe" : "news_told";
    }
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (groups[i].kind == kind) {
            return groups[i].group;
        }
    }
    return NULL;
}
