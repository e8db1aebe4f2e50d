/* parsers/reading/reading_places.c: whether a mention of an event is part of the wish, by its place.
 *
 * A mention counts in the sentence of a wish, in a short line of a list or a form, in the subject; what is
 * told of the past, refused or replaced does not count. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"

enum { SHORT_LINE = 90, REFUSED_BEFORE = 32, REFUSED_BEHIND = 120 };

static bool inside(const struct event_mention *mention, bool in_subject, size_t at, size_t len)
{
    return mention->in_subject == in_subject && mention->at >= at && mention->at < at + len;
}

bool group_names_event(const struct mail *mail, const struct sign *sign, const char *group)
{
    const struct found_group *place = found_group_place(sign->found, group);
    for (size_t i = 0; i < mail->mentions.list.n && place != NULL; i++) {
        if (inside(&mail->mentions.list.at[i], sign->in_subject, place->at, place->len)) {
            return true;
        }
    }
    return false;
}

/* Inside the words that a pattern's group holds: (?<from>…), (?<other>…). */
static bool inside_group(const struct mail *mail, const struct event_mention *mention, enum sign_kind kind,
                         const char *group)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind != kind || sign->is_void) {
            continue;
        }
        const struct found_group *place = found_group_place(sign->found, group);
        if (place != NULL && inside(mention, sign->in_subject, place->at, place->len)) {
            return true;
        }
    }
    return false;
}

/* How far a mention is from the nearest sign of its sentence that says so; SIZE_MAX: none. */
static size_t distance_to(const struct mail *mail, const struct event_mention *mention, bool cancel)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool fits =
            cancel ? sign->kind == SIGN_CANCEL || sign->kind == SIGN_CANCEL_WEAK || sign->kind == SIGN_OFF
                   : sign->kind == SIGN_REGISTER || sign->kind == SIGN_ON;
        if (!fits || sign->is_void || sign->in_subject != mention->in_subject ||
            sign->sentence != mention->sentence) {
            continue;
        }
        size_t end = sign->at + sign->len, apart = 0;
        if (mention->at < sign->at) {
            apart = sign->at - mention->at;
        } else if (mention->at >= end) {
            apart = mention->at - end;
        }
        /* the narrower of two that both enclose the mention is the one that means it */
        size_t cost = apart * 4 + (apart == 0 ? sign->len / 40 : 1);
        best = cost < best ? cost : best;
    }
    return best;
}

static bool inside_sign(const struct mail *mail, const struct event_mention *mention, enum sign_kind kind)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == kind && !sign->is_void && inside(mention, sign->in_subject, sign->at, sign->len)) {
            return true;
        }
    }
    return false;
}

bool is_refused(const struct mail *mail, const struct event_mention *mention)
{
    const char *text = mention->in_subject ? mail->subject_sentences.text : mail->sentences.text;
    size_t from = utf8_before(text, mention->at, REFUSED_BEFORE);
    const char *behind = text + mention->at + mention->len;
    struct found found;
    return patterns_find(mail->reader->patterns, mail->arena, "event.refused", text + from,
                         mention->at - from, 0, &found) ||
           patterns_find(mail->reader->patterns, mail->arena, "event_declined", behind,
                         utf8_cut(behind, REFUSED_BEHIND), 0, &found);
}

/* The words around a day up to the next mark, "und", "aber"; what stands right behind the day goes on with
 * it: "am 12.12., da feiern wir". */
static struct stretch clause_of_day(const struct mail *mail, const struct event_mention *mention)
{
    enum { RIGHT_BEHIND = 3 };
    const struct sentence *s = &mail->sentences.list.at[mention->sentence];
    const char *text = mail->sentences.text;
    size_t from = mention->at, to = mention->at + mention->len, end = s->at + s->len;
    while (from > s->at && strchr(",;:()", text[from - 1]) == NULL) {
        from--;
    }
    to = to + RIGHT_BEHIND < end ? to + RIGHT_BEHIND : end;
    while (to < end && strchr(",;:()", text[to]) == NULL && strncasecmp(text + to, " und ", 5) != 0 &&
           strncasecmp(text + to, " aber ", 6) != 0) {
        to++;
    }
    return (struct stretch){from, to};
}

static bool is_wish(const struct sign *sign) /* more than "möchte" or "soll" */
{
    enum { PLAIN = 3 };
    return sign->kind == SIGN_ON || (sign->kind == SIGN_REGISTER && sign->weight >= PLAIN);
}

static bool gives_up(const struct sign *sign)
{
    return sign->kind == SIGN_CANCEL || sign->kind == SIGN_CANCEL_WEAK || sign->kind == SIGN_OFF;
}

static bool has_sign(const struct mail *mail, struct stretch clause, bool (*wanted)(const struct sign *))
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (!sign->is_void && !sign->in_subject && wanted(sign) &&
            stretch_meets(clause, sign->at, sign->len)) {
            return true;
        }
    }
    return false;
}

bool is_elsewhere(const struct mail *mail, const struct event_mention *mention)
{
    if (mention->in_subject || (mention->kind != MENTION_DATE && mention->kind != MENTION_PERIOD)) {
        return false;
    }
    struct stretch clause = clause_of_day(mail, mention);
    bool away = stretch_says(mail, "event.elsewhere", clause) ||
                (stretch_says(mail, "event.life", clause) && !stretch_says(mail, "event.here", clause));
    if (!away || has_sign(mail, clause, is_wish)) {
        return false;
    }
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *other = &mail->mentions.list.at[i];
        if (other->kind == MENTION_TITLE && !other->in_subject && other->at >= clause.at &&
            other->at < clause.end) {
            return false;
        }
    }
    return true;
}

static bool is_given_up(const struct mail *mail, const struct event_mention *mention)
{
    bool names = mention->kind == MENTION_TITLE || mention->kind == MENTION_DATE;
    return names && !mention->past &&
           (!is_elsewhere(mail, mention) || has_sign(mail, clause_of_day(mail, mention), gives_up));
}

/* "Am 12.12. heiratet meine Tochter, da muss ich am 10.12. absagen": a day of the reason, as another is named
 * that is given up. */
static bool is_reason(const struct mail *mail, const struct event_mention *mention)
{
    if (!is_elsewhere(mail, mention) || is_given_up(mail, mention)) {
        return false;
    }
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *other = &mail->mentions.list.at[i];
        if (!event_set_meet(other->fits, mention->fits) && is_given_up(mail, other)) {
            return true;
        }
    }
    return false;
}

/* A title of the sentence that both days may belong to. */
static bool one_title(const struct mail *mail, const struct event_mention *a, const struct event_mention *b)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *title = &mail->mentions.list.at[i];
        if (title->kind == MENTION_TITLE && event_set_meet(title->fits, a->fits) &&
            event_set_meet(title->fits, b->fits)) {
            return true;
        }
    }
    return false;
}

/* A later day of the same sentence stands between the words of the wish, for the same title. */
static bool wished_day_beside(const struct mail *mail, const struct event_mention *mention)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *other = &mail->mentions.list.at[i];
        if (other->kind == MENTION_DATE && other->in_subject == mention->in_subject &&
            other->sentence == mention->sentence && other->at > mention->at &&
            !event_set_same(&other->fits, &mention->fits) && inside_sign(mail, other, SIGN_REGISTER) &&
            one_title(mail, mention, other)) {
            return true;
        }
    }
    return false;
}

bool sentence_tells(const struct mail *mail, size_t sentence)
{
    return sign_best(&mail->signs, SIGN_PAST, sentence) != NULL;
}

/* Words like "ach nein" behind the mention, in its sentence or as the first of the next. */
static bool taken_back(const struct mail *mail, const struct event_mention *mention)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind != SIGN_PAST || sign->in_subject != mention->in_subject || sign->at <= mention->at ||
            !str_equal(sign->found->pattern, "past.taken_back")) {
            continue;
        }
        if (sign->sentence == mention->sentence) {
            return true;
        }
        bool next = !sign->in_subject && sign->sentence == mention->sentence + 1 &&
                    sign->at == mail->sentences.list.at[sign->sentence].at;
        if (next) {
            return true;
        }
    }
    return false;
}

/* "zum 3D-Druck, ach nein, zum Löten": what is taken back must be followed by another. */
static bool named_later(const struct mail *mail, const struct event_mention *mention)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *other = &mail->mentions.list.at[i];
        bool names =
            other->kind == MENTION_TITLE || other->kind == MENTION_DATE || other->kind == MENTION_KEYWORD;
        if (names && other->in_subject == mention->in_subject && other->at > mention->at + mention->len &&
            other->sentence <= mention->sentence + 2 && !event_set_same(&other->fits, &mention->fits) &&
            !taken_back(mail, other)) {
            return true;
        }
    }
    return false;
}

/* "Re: Bestätigung: Behördengänge online" over "da kommt die neue Heizung": our own title is meant. */
static bool subject_titled(const struct mail *mail)
{
    for (size_t i = 0; mail->is_reply && i < mail->mentions.list.n; i++) {
        if (mail->mentions.list.at[i].in_subject && mail->mentions.list.at[i].kind == MENTION_TITLE) {
            return true;
        }
    }
    return false;
}

/* One word of a title, and no "zum", "für den" before it. */
static bool is_lone_word(const struct mail *mail, const struct event_mention *mention)
{
    return mention->kind == MENTION_TITLE && mention->terms == 1 && !is_aimed_at(mail, mention);
}

/* "Ebenso am 26. Januar": behind a sentence that wishes. */
static bool goes_on(const struct mail *mail, size_t sentence)
{
    return sentence > 0 &&
           (sign_best(&mail->signs, SIGN_REGISTER, sentence - 1) != NULL ||
            sign_best(&mail->signs, SIGN_ON, sentence - 1) != NULL) &&
           sentence_says(mail, "event.also", sentence);
}

/* A booking is moved: what fits the one event that is left, or the one that is taken. */
static enum place place_in_move(const struct mail *mail, const struct event_mention *mention, bool cancel)
{
    bool left = event_set_meet(mention->fits, mail->moved_from);
    bool taken = event_set_meet(mention->fits, mail->moved_to);
    if (left && taken) {
        return mention->in_subject ? PLACE_SUBJECT : PLACE_NEUTRAL;
    }
    return (left && cancel) || (taken && !cancel) ? PLACE_WISH : PLACE_OUT;
}

/* "Für das Repair-Café bin ich schon angemeldet", "der Open-Data-Abend, zu dem ich schon angemeldet bin": in
 * the clause of such words, or right before them. */
static bool had_already(const struct mail *mail, const struct event_mention *mention)
{
    enum { COMMA = 2 };
    for (size_t i = 0; i < mail->signs.list.n && !mention->in_subject; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind != SIGN_ALREADY || sign->in_subject || sign->is_void) {
            continue;
        }
        struct stretch clause = clause_around(mail, mention->sentence, mention->at);
        bool behind = str_equal(sign->found->pattern, "already.relative") && clause.end + COMMA == sign->at;
        bool within = sign->at >= clause.at && sign->at + sign->len <= clause.end;
        if (behind || (within && !has_sign(mail, clause, is_wish))) {
            return true;
        }
    }
    return inside_sign(mail, mention, SIGN_ALREADY);
}

/* "Wie man am Computer aufs Amt geht": a keyword that is the tool, and not what the evening is about. */
static bool is_tool(const struct mail *mail, const struct event_mention *mention)
{
    enum { BEFORE = 40 };
    if (mention->kind != MENTION_KEYWORD || mention->in_subject) {
        return false;
    }
    size_t begin = mail->sentences.list.at[mention->sentence].at;
    size_t most = mention->at - begin < BEFORE ? mention->at - begin : BEFORE;
    return stretch_says(mail, "event_tool",
                        (struct stretch){utf8_before(mail->sentences.text, mention->at, most), mention->at});
}

/* "Im Januar, nicht im Dezember", "für das Repair-Café bin ich schon angemeldet"; of who cancels, why. */
static bool is_said_besides(const struct mail *mail, const struct event_mention *mention, bool cancel)
{
    if (cancel) {
        return is_reason(mail, mention);
    }
    return is_refused(mail, mention) || is_elsewhere(mail, mention) || had_already(mail, mention) ||
           is_tool(mail, mention);
}

enum place mention_place(const struct mail *mail, const struct event_mention *mention, bool cancel, bool both)
{
    if (event_set_count(&mail->moved_to) > 0) {
        return place_in_move(mail, mention, cancel);
    }
    if (inside_group(mail, mention, SIGN_REBOOK, "from")) {
        return cancel ? PLACE_WISH : PLACE_OUT;
    }
    if (inside_group(mail, mention, SIGN_PAST, "to")) {
        return cancel ? PLACE_OUT : PLACE_WISH;
    }
    if (!cancel && mention->kind != MENTION_PERIOD && event_set_meet(mention->fits, mail->given_up) &&
        (mention->kind == MENTION_DATE || event_set_count(&mention->fits) == 1)) {
        return PLACE_OUT;
    }
    if (inside_group(mail, mention, SIGN_PAST, "other") ||
        (taken_back(mail, mention) && named_later(mail, mention))) {
        return PLACE_OUT;
    }
    if (!mention->in_subject && subject_titled(mail) &&
        (cancel ? mention->kind == MENTION_KEYWORD : is_lone_word(mail, mention))) {
        return PLACE_OUT;
    }
    if (is_said_besides(mail, mention, cancel)) {
        return PLACE_OUT;
    }
    if (!cancel && mention->kind == MENTION_DATE && !inside_sign(mail, mention, SIGN_REGISTER) &&
        wished_day_beside(mail, mention)) {
        return PLACE_OUT; /* "am 8. bin ich verreist, daher melde ich mich für den 12. an" */
    }
    size_t to_cancel = distance_to(mail, mention, true), to_register = distance_to(mail, mention, false);
    if (to_cancel != SIZE_MAX || to_register != SIZE_MAX) {
        bool is_cancel = to_cancel < to_register;
        if (is_cancel == cancel) {
            return mention->in_subject ? PLACE_SUBJECT : PLACE_WISH;
        }
        return PLACE_OUT;
    }
    if (mention->in_subject) {
        return both ? PLACE_OUT : PLACE_SUBJECT;
    }
    const struct sentence *s = &mail->sentences.list.at[mention->sentence];
    bool held = cancel && sign_best(&mail->signs, SIGN_ALREADY, mention->sentence) != NULL;
    if (mention->past ||
        (sentence_tells(mail, mention->sentence) && !held && mention->kind == MENTION_TITLE)) {
        return PLACE_OUT;
    }
    if (mail->signs.question[mention->sentence]) {
        return PLACE_NEUTRAL;
    }
    if (!cancel && goes_on(mail, mention->sentence)) {
        return PLACE_WISH;
    }
    bool ends = strchr(".!?", mail->sentences.text[s->at + s->len - 1]) != NULL;
    return s->len <= SHORT_LINE && !ends ? PLACE_LINE : PLACE_NEUTRAL;
}
