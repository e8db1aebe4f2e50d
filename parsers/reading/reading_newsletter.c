/* parsers/reading/reading_newsletter.c: what is said of the newsletter, clause by clause.
 *
 * No wording is waited for. A clause speaks of the newsletter when it names it, or when what was spoken of
 * before was the newsletter; its words lead on to the list or off it, a negation turns them round, and what
 * is told, thought or asked leads nowhere (news.patterns). What leads somewhere becomes a sign:
 * SIGN_SUBSCRIBE, SIGN_UNSUBSCRIBE, or SIGN_NEWS_TOLD for what explains why the newsletter is spoken of at
 * all. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

struct clause {
    size_t at, end, sentence;
    bool names;        /* the newsletter, by a word of its own */
    enum object about; /* what the clause is of, or what was spoken of before */
};

struct clauses {
    LIST(struct clause) list;
    bool in_subject;
    const struct sentences *in;
};

static bool clause_says(const struct mail *mail, const struct clauses *clauses, const struct clause *clause,
                        const char *group, struct found *ret)
{
    return patterns_find(mail->reader->patterns, mail->arena, group, clauses->in->text + clause->at,
                         clause->end - clause->at, 0, ret);
}

static bool holds_news(const struct mail *mail, const struct clauses *clauses, const struct clause *clause)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_NEWS && sign->in_subject == clauses->in_subject && sign->at < clause->end &&
            clause->at < sign->at + sign->len) {
            return true;
        }
    }
    return false;
}

static bool holds_event(const struct mail *mail, const struct clauses *clauses, const struct clause *clause)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (mention->in_subject == clauses->in_subject && mention->kind != MENTION_PERIOD &&
            mention->kind != MENTION_UNKNOWN_DATE && mention->at < clause->end &&
            clause->at < mention->at + mention->len) {
            return true;
        }
    }
    return false;
}

static void add_clause(struct mail *mail, struct clauses *clauses, size_t sentence, size_t at, size_t end)
{
    struct clause clause = {.at = at, .end = end, .sentence = sentence};
    struct found found;
    while (clause.at < end && strchr(" \t\n", clauses->in->text[clause.at]) != NULL) {
        clause.at++;
    }
    if (clause.at >= end) {
        return;
    }
    clause.names =
        holds_news(mail, clauses, &clause) && !clause_says(mail, clauses, &clause, "news_foreign", &found);
    bool else_where = holds_event(mail, clauses, &clause) || holds_news(mail, clauses, &clause) ||
                      clause_says(mail, clauses, &clause, "news_else", &found);
    clause.about = clause.names ? OBJECT_NEWS : else_where ? OBJECT_EVENT : OBJECT_NONE;
    *LIST_ADD(mail->arena, &clauses->list) = clause;
}

static void split(struct mail *mail, bool in_subject, struct clauses *ret)
{
    *ret = (struct clauses){.in_subject = in_subject,
                            .in = in_subject ? &mail->subject_sentences : &mail->sentences};
    for (size_t s = 0; s < ret->in->list.n; s++) {
        const struct sentence *sentence = &ret->in->list.at[s];
        size_t at = sentence->at, end = sentence->at + sentence->len;
        struct founds joints = {0};
        patterns_find_all(mail->reader->patterns, mail->arena, "news_joint", ret->in->text + sentence->at,
                          sentence->len, &joints);
        for (size_t i = 0; i < joints.n; i++) {
            add_clause(mail, ret, s, at, sentence->at + joints.at[i].at);
            at = sentence->at + joints.at[i].at + joints.at[i].len;
        }
        add_clause(mail, ret, s, at, end);
    }
}

/* A clause that names nothing is of what the one before it was of; the first ones of what the subject
 * names, else of what is named next. */
static void inherit(const struct clauses *clauses, enum object before)
{
    for (size_t i = 0; before == OBJECT_NONE && i < clauses->list.n; i++) {
        before = clauses->list.at[i].about;
    }
    for (size_t i = 0; i < clauses->list.n; i++) {
        struct clause *clause = &clauses->list.at[i];
        clause->about = clause->about == OBJECT_NONE ? before : clause->about;
        before = clause->about;
    }
}

/* KEPT: who refuses to leave is on the list. THOUGHT_…: what is only thought of, unless "bitte machen Sie
 * das" follows. */
enum direction { NOWHERE, ON, OFF, TOLD, KEPT, THOUGHT_ON, THOUGHT_OFF };

static bool is_told(const struct mail *mail, const struct clauses *clauses, const struct clause *clause)
{
    struct founds told = {0};
    struct found wish;
    bool wishes = clause_says(mail, clauses, clause, "news_on.wish", &wish);
    if (clause_says(mail, clauses, clause, "news_on.inside", &wish)) {
        return false;
    }
    patterns_find_all(mail->reader->patterns, mail->arena, "news_told", clauses->in->text + clause->at,
                      clause->end - clause->at, &told);
    for (size_t i = 0; i < told.n; i++) {
        if (!wishes || !str_equal(told.at[i].pattern, "news_told.present")) {
            return true;
        }
    }
    return false;
}

static enum direction way_off(const struct mail *mail, const struct clauses *clauses,
                              const struct clause *clause, bool negated)
{
    struct found found;
    if (clause_says(mail, clauses, clause, "news_left", &found)) {
        return TOLD;
    }
    bool thought = clause_says(mail, clauses, clause, "news_told.thought", &found) ||
                   clause_says(mail, clauses, clause, "news_told.others", &found) ||
                   (!clauses->in_subject && sentence_waits(mail, clause->sentence));
    return negated ? KEPT : thought ? THOUGHT_OFF : OFF;
}

static enum direction way_on(const struct mail *mail, const struct clauses *clauses,
                             const struct clause *clause, bool negated)
{
    struct found found;
    bool thought = !negated && clause_says(mail, clauses, clause, "news_told.thought", &found);
    return thought ? THOUGHT_ON : negated || is_told(mail, clauses, clause) ? TOLD : ON;
}

static bool leads_on(const struct mail *mail, const struct clauses *clauses, const struct clause *clause,
                     struct found *ret)
{
    struct found ref;
    bool headed = clause->sentence == 0 && !mail->is_reply && subject_says(mail, SIGN_NEWS);
    bool refers = clause->names || headed || clause_says(mail, clauses, clause, "news_ref", &ref);
    return (refers && (clause_says(mail, clauses, clause, "news_on.wish", ret) ||
                       clause_says(mail, clauses, clause, "news_on.inside", ret) ||
                       clause_says(mail, clauses, clause, "news_on.change", ret) ||
                       clause_says(mail, clauses, clause, "news_on.verb", ret))) ||
           (clause->names && (clause_says(mail, clauses, clause, "news_on.sign_up", ret) ||
                              clause_says(mail, clauses, clause, "news_on.open", ret))) ||
           clause_says(mail, clauses, clause, "news_on.bare", ret);
}

/* Which way the clause leads, and by which words. `not_that`: the clause before it ends in a "nicht". */
static enum direction direction_of(const struct mail *mail, const struct clauses *clauses,
                                   const struct clause *clause, bool not_that, struct found *ret)
{
    struct found found, wish;
    bool negated = clause_says(mail, clauses, clause, "news_not.word", &found) || not_that;
    bool never = clause_says(mail, clauses, clause, "news_not.never", &found);
    bool stops = clause_says(mail, clauses, clause, "news_stop", &found);
    bool ends = clause_says(mail, clauses, clause, "news_end", ret);
    bool source = ends && str_equal(ret->pattern, "news_end.place") && /* "aus Ihrem Newsletter weiß ich" */
                  clause_says(mail, clauses, clause, "news_learned", &found);
    if (source) {
        return TOLD;
    }
    if (ends) {
        negated = negated || clause_says(mail, clauses, clause, "news_not_ever", &found);
        bool by_itself = strncasecmp(ret->words, "kein", 4) == 0 ||
                         strncasecmp(ret->words, "nicht", 5) == 0 ||
                         str_equal(ret->pattern, "news_end.unwanted");
        return way_off(mail, clauses, clause, negated && !by_itself && !stops);
    }
    if (stops) {
        *ret = found;
        bool wishes = clause->names || clause_says(mail, clauses, clause, "news_stop_wish", &wish);
        bool kept = not_that || !wishes ||
                    (clause_says(mail, clauses, clause, "news_keep", &found) &&
                     (strcasestr(found.words, "miss") != NULL ||
                      !clause_says(mail, clauses, clause, "news_on.wish", &wish)));
        return kept ? TOLD : way_off(mail, clauses, clause, false);
    }
    if (leads_on(mail, clauses, clause, ret)) {
        return way_on(mail, clauses, clause, negated || never);
    }
    bool told = clause_says(mail, clauses, clause, "news_told", ret) ||
                (clause->names && clause_says(mail, clauses, clause, "news_not", ret));
    return told ? TOLD : NOWHERE;
}

/* The sign is the whole clause, which shows best why, from `from` on. */
static void add_sign(struct mail *mail, const struct clauses *clauses, const struct clause *clause,
                     size_t from, enum sign_kind kind, const struct found *found)
{
    struct found *whole = ARENA_NEW(mail->arena, struct found);
    *whole = *found;
    whole->at = from;
    whole->len = clause->end - from;
    whole->words = arena_strndup(mail->arena, clauses->in->text + whole->at, whole->len);
    *LIST_ADD(mail->arena, &mail->signs.list) = (struct sign){.kind = kind,
                                                              .in_subject = clauses->in_subject,
                                                              .sentence = clause->sentence,
                                                              .at = whole->at,
                                                              .len = whole->len,
                                                              .weight = found->weight,
                                                              .found = whole};
}

/* A wish for a place, or its end, that the words of a clause about the newsletter seemed to hold; and the
 * concern that they seemed, where they wish the newsletter or its end. */
static void drop_other_wishes(struct mail *mail, const struct clauses *clauses, const struct clause *clause,
                              bool wishes)
{
    size_t kept = 0;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        struct sign sign = mail->signs.list.at[i];
        bool other = sign.kind == SIGN_REGISTER || sign.kind == SIGN_ON || sign.kind == SIGN_CANCEL ||
                     sign.kind == SIGN_CANCEL_WEAK || sign.kind == SIGN_OFF ||
                     (wishes && (sign.kind == SIGN_CONCERN || sign.kind == SIGN_PRIVACY));
        bool here = sign.in_subject == clauses->in_subject && sign.at < clause->end &&
                    clause->at < sign.at + sign.len;
        bool inside = sign.at >= clause->at && sign.at + sign.len <= clause->end;
        if (!here || !(sign.kind == SIGN_REBOOK || (other && inside))) {
            mail->signs.list.at[kept++] = sign;
        }
    }
    mail->signs.list.n = kept;
}

/* A question is a wish only in the form of one. */
static bool only_asks(const struct mail *mail, const struct clauses *clauses, const struct clause *clause)
{
    const struct sentence *sentence = &clauses->in->list.at[clause->sentence];
    struct found polite;
    struct clause until = {.at = sentence->at, .end = clause->end};
    struct clause whole = {.at = sentence->at, .end = sentence->at + sentence->len};
    return sentence->asks && !clause_says(mail, clauses, &until, "news_polite", &polite) &&
           !clause_says(mail, clauses, &whole, "news_tag", &polite);
}

/* The clause's sentence tells the readers of a mass mailing how to leave it. */
static bool is_footer(const struct mail *mail, const struct clauses *clauses, const struct clause *clause)
{
    const struct sentence *sentence = &clauses->in->list.at[clause->sentence];
    struct clause whole = {.at = sentence->at, .end = sentence->at + sentence->len};
    struct found found;
    return clause_says(mail, clauses, &whole, "news_footer", &found);
}

static void add_signs(struct mail *mail, const struct clauses *clauses)
{
    enum direction thought = NOWHERE;
    size_t lead = 0, lead_sentence = SIZE_MAX; /* "Ich bitte darum, …" */
    for (size_t i = 0; i < clauses->list.n; i++) {
        struct clause clause = clauses->list.at[i];
        const struct clause *before = i > 0 ? &clauses->list.at[i - 1] : NULL;
        struct found found;
        if (clause.about != OBJECT_NEWS) {
            continue;
        }
        bool joined = before != NULL && before->sentence == clause.sentence;
        bool not_that = joined && clause_says(mail, clauses, before, "news_not_that", &found) &&
                        clause_says(mail, clauses, &clause, "news_hangs", &found);
        enum direction direction = direction_of(mail, clauses, &clause, not_that, &found);
        struct found that;
        if (thought != NOWHERE && direction != OFF && clause_says(mail, clauses, &clause, "news_do", &that)) {
            bool refused = clause_says(mail, clauses, &clause, "news_not.word", &found);
            direction = refused ? TOLD : thought == THOUGHT_ON ? ON : OFF;
            found = that;
        }
        if (direction != NOWHERE && is_footer(mail, clauses, &clause)) {
            direction = TOLD;
        }
        bool leads = lead_sentence == clause.sentence;
        if (direction == NOWHERE || only_asks(mail, clauses, &clause)) {
            lead = leads ? lead : clause.at;
            lead_sentence = clause.sentence;
            continue;
        }
        lead_sentence = SIZE_MAX;
        bool of_before =
            joined &&
            (clause_says(mail, clauses, before, "news_told.thought", &that) ||
             (direction == OFF && clause_says(mail, clauses, before, "news_told.others", &that))) &&
            clause_says(mail, clauses, &clause, "news_hangs", &that);
        direction = of_before && direction == ON    ? THOUGHT_ON
                    : of_before && direction == OFF ? THOUGHT_OFF
                                                    : direction;
        thought = direction == THOUGHT_ON || direction == THOUGHT_OFF ? direction
                  : direction == TOLD                                 ? thought
                                                                      : NOWHERE;
        drop_other_wishes(mail, clauses, &clause, direction == ON || direction == OFF);
        add_sign(mail, clauses, &clause, leads ? lead : clause.at,
                 direction == ON    ? SIGN_SUBSCRIBE
                 : direction == OFF ? SIGN_UNSUBSCRIBE
                                    : SIGN_NEWS_TOLD,
                 &found);
        mail->signs.list.at[mail->signs.list.n - 1].is_void = direction == KEPT;
        if (!clauses->in_subject && (direction == ON || direction == OFF)) {
            mail->signs.question[clause.sentence] = false;
        }
    }
}

static bool kept_in(const struct mail *mail, size_t sentence)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_NEWS_TOLD && sign->is_void && !sign->in_subject &&
            sign->sentence == sentence) {
            return true;
        }
    }
    return false;
}

/* What leads off in a sentence is what the sentence means; who refuses to leave there is on the list. */
static void settle(struct mail *mail)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind != SIGN_SUBSCRIBE || sign->in_subject) {
            continue;
        }
        bool off = sign_best(&mail->signs, SIGN_UNSUBSCRIBE, sign->sentence) != NULL &&
                   strchr(mail->text, '@') == NULL;
        sign->kind = off || kept_in(mail, sign->sentence) ? SIGN_NEWS_TOLD : SIGN_SUBSCRIBE;
    }
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        struct sign *sign = &mail->signs.list.at[i];
        sign->is_void = sign->is_void && sign->kind != SIGN_NEWS_TOLD;
    }
}

/* "Kann man euren Newsletter abonnieren?" beside the wish itself. */
static void drop_questions(struct mail *mail, const struct clauses *clauses)
{
    struct found found;
    for (size_t i = 0; i < clauses->list.n; i++) {
        const struct clause *clause = &clauses->list.at[i];
        if (clause->names && sign_best(&mail->signs, SIGN_SUBSCRIBE, SIZE_MAX) != NULL &&
            clause_says(mail, clauses, clause, "news_asks", &found)) {
            mail->signs.question[clause->sentence] = false;
        }
    }
}

void news_signs(struct mail *mail)
{
    if (sign_best(&mail->signs, SIGN_NEWS, SIZE_MAX) == NULL) {
        return;
    }
    struct clauses subject, text;
    split(mail, true, &subject);
    split(mail, false, &text);
    bool news = subject_says(mail, SIGN_NEWS), event = subject_names_event(mail);
    enum object before = news == event ? OBJECT_NONE : news ? OBJECT_NEWS : OBJECT_EVENT;
    inherit(&subject, before);
    inherit(&text, before);
    add_signs(mail, &subject);
    add_signs(mail, &text);
    settle(mail);
    drop_questions(mail, &text);
    news_take_others(mail);
}
