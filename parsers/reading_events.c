/* parsers/reading_events.c: which events the wishes mean.
 *
 * A mention counts by its place: in the sentence of a wish, in a short line of a list or a form, in the
 * subject; what is told of the past, refused or replaced does not count. Only when nothing is
 * found there do the other sentences speak. */
#include "parsers/reading_parts.h"

#include "base/text.h"

enum place {
    PLACE_OUT,     /* told, refused, of another wish */
    PLACE_NEUTRAL, /* a sentence without a wish */
    PLACE_SUBJECT,
    PLACE_LINE, /* a short line, as in a list or a form */
    PLACE_WISH,
};

enum { SHORT_LINE = 90, EVENTS_WANTED_MAX = 6, REFUSED_BEFORE = 32 };

static bool inside(const struct event_mention *mention, bool in_subject, size_t at, size_t len)
{
    return mention->in_subject == in_subject && mention->at >= at && mention->at < at + len;
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

static bool refused(const struct mail *mail, const struct event_mention *mention)
{
    const char *text = mention->in_subject ? mail->subject_sentences.text : mail->sentences.text;
    size_t before = mention->at < REFUSED_BEFORE ? mention->at : REFUSED_BEFORE;
    const char *from = text + mention->at - before;
    while (before > 0 && ((unsigned char)*from & 0xc0) == 0x80) {
        from++;
        before--;
    }
    struct found found;
    return patterns_find(mail->reader->patterns, mail->arena, "event.refused", from, before, 0, &found);
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

static bool sentence_tells(const struct mail *mail, size_t sentence)
{
    return sign_best(&mail->signs, SIGN_PAST, sentence) != NULL;
}

/* Words like "ach nein" behind the mention, in its sentence. */
static bool taken_back(const struct mail *mail, const struct event_mention *mention)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_PAST && sign->in_subject == mention->in_subject &&
            sign->sentence == mention->sentence && sign->at > mention->at &&
            str_equal(sign->found->pattern, "past.taken_back")) {
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
            other->sentence <= mention->sentence + 1 && !event_set_same(&other->fits, &mention->fits) &&
            !taken_back(mail, other)) {
            return true;
        }
    }
    return false;
}

static enum place place_of(const struct mail *mail, const struct event_mention *mention, bool cancel,
                           bool both)
{
    if (inside_group(mail, mention, SIGN_REBOOK, "from")) {
        return cancel ? PLACE_WISH : PLACE_OUT;
    }
    if (inside_group(mail, mention, SIGN_REBOOK, "to")) {
        return cancel ? PLACE_OUT : PLACE_WISH;
    }
    if (inside_group(mail, mention, SIGN_PAST, "other") ||
        (taken_back(mail, mention) && named_later(mail, mention))) {
        return PLACE_OUT;
    }
    if (!cancel && refused(mail, mention)) {
        return PLACE_OUT; /* "im Januar, nicht im Dezember" */
    }
    if (!cancel && inside_sign(mail, mention, SIGN_ALREADY)) {
        return PLACE_OUT; /* "für das Repair-Café bin ich schon angemeldet" */
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
    if (mention->past || (sentence_tells(mail, mention->sentence) && mention->kind == MENTION_TITLE)) {
        return PLACE_OUT;
    }
    if (mail->signs.question[mention->sentence]) {
        return PLACE_NEUTRAL;
    }
    bool ends = strchr(".!?", mail->sentences.text[s->at + s->len - 1]) != NULL;
    return s->len <= SHORT_LINE && !ends ? PLACE_LINE : PLACE_NEUTRAL;
}

static void use_places(const struct mail *mail, const enum place *place, enum place least, bool subject,
                       bool *used)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        bool counts = place[i] >= least && place[i] != PLACE_SUBJECT;
        used[i] = counts || (subject && place[i] == PLACE_SUBJECT);
    }
}

static bool all_single(const struct mail *mail, const struct event_choices *choices)
{
    for (size_t i = 0; i < choices->choices.n; i++) {
        if (event_single(mail->reader->programme, &choices->choices.at[i].could_be) == NULL) {
            return false;
        }
    }
    return choices->choices.n > 0;
}

/* Days, months and repeated titles elsewhere may narrow what is still open, but add nothing. */
static void use_narrowing(const struct mail *mail, const enum place *place, const struct event_choices *open,
                          bool *used)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        for (size_t c = 0; c < open->choices.n && place[i] != PLACE_OUT && !used[i]; c++) {
            used[i] = mention->kind != MENTION_UNKNOWN_DATE && mention->kind != MENTION_UNKNOWN_NAME &&
                      event_set_count(&open->choices.at[c].could_be) > 1 &&
                      event_set_meet(mention->fits, open->choices.at[c].could_be);
        }
    }
}

static void choose(struct mail *mail, const enum place *place, bool *used, struct event_choices *ret)
{
    static const struct {
        enum place least;
        bool subject;
    } steps[] = {{PLACE_WISH, false}, {PLACE_WISH, true}, {PLACE_LINE, true}, {PLACE_NEUTRAL, true}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        use_places(mail, place, steps[i].least, steps[i].subject, used);
        event_choose(mail->arena, &mail->mentions, used, ret);
        if (ret->contradiction) {
            return;
        }
        if (ret->choices.n > 0 && !all_single(mail, ret)) {
            use_narrowing(mail, place, ret, used);
            event_choose(mail->arena, &mail->mentions, used, ret);
        }
        if (ret->choices.n > 0 && (i > 0 || all_single(mail, ret))) {
            return;
        }
    }
}

/* One word of a title adds an event only where it is nearly all of its line: "- Balkon". */
static bool all_listed(const struct mail *mail, const struct event_choices *more,
                       const struct event_choices *before)
{
    for (size_t i = 0; i < more->choices.n; i++) {
        const struct event_choice *choice = &more->choices.at[i];
        bool known = false;
        for (size_t k = 0; k < before->choices.n; k++) {
            known = known || event_set_meet(choice->could_be, before->choices.at[k].could_be);
        }
        if (!known && choice->single_word &&
            choice->len * 2 < mail->sentences.list.at[choice->sentence].len) {
            return false;
        }
    }
    return true;
}

/* Lines of a list count beside the wish: "für beide anmelden: - A - B". */
static void add_listed(struct mail *mail, const enum place *place, bool *used, struct event_choices *ret)
{
    struct event_choices more;
    bool *wider = arena_alloc(mail->arena, mail->mentions.list.n + 1);
    use_places(mail, place, PLACE_LINE, false, wider);
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        wider[i] = wider[i] || used[i];
    }
    event_choose(mail->arena, &mail->mentions, wider, &more);
    if (more.choices.n > ret->choices.n && all_single(mail, &more) && !more.contradiction &&
        all_listed(mail, &more, ret)) {
        *ret = more;
        memcpy(used, wider, mail->mentions.list.n);
    }
}

static struct evidence choice_evidence(const struct mail *mail, const struct event_choice *choice)
{
    const char *source = choice->in_subject ? mail->subject : mail->text;
    return (struct evidence){.words = arena_strndup(mail->arena, source + choice->at, choice->len),
                             .source = choice->in_subject ? "subject"
                                       : mail->passed_on  ? "forwarded"
                                                          : "text",
                             .at = choice->at,
                             .len = choice->len,
                             .pattern = event_choice_reasons(mail->arena, mail->reader->programme, choice),
                             .where = "event_match.c"};
}

/* Whether the mail says how many dates are meant: "beide Termine", "zwei Veranstaltungen". */
static bool says_both(const struct mail *mail)
{
    struct found found;
    return patterns_find(mail->reader->patterns, mail->arena, "answer.both", mail->sentences.text,
                         mail->sentences.len, 0, &found);
}

/* "beide Termine (8.12. und 12.1.)": each date is wanted. */
static bool both_dates(const struct mail *mail, const struct event_choices *choices, size_t c)
{
    return choices->several_dates && choices->choices.at[c].by_date && says_both(mail);
}

static void add_all(struct mail *mail, const struct event_set *set, struct wanted_events *ret)
{
    const struct programme *programme = mail->reader->programme;
    for (size_t e = 0; e < programme->events.n && e < EVENTS_MATCHED && ret->event.n < EVENTS_WANTED_MAX;
         e++) {
        if (event_set_has(set, e)) {
            *LIST_ADD(mail->arena, &ret->event) = &programme->events.at[e];
        }
    }
    ret->all_dates = true;
}

static void events_find(struct mail *mail, bool cancel, bool both, struct wanted_events *ret)
{
    size_t n = mail->mentions.list.n;
    enum place *place = arena_alloc(mail->arena, (n + 1) * sizeof *place);
    bool *used = arena_alloc(mail->arena, n + 1);
    *ret = (struct wanted_events){0};
    for (size_t i = 0; i < n; i++) {
        place[i] = place_of(mail, &mail->mentions.list.at[i], cancel, both);
    }
    choose(mail, place, used, &ret->choices);
    if (!cancel && !ret->choices.contradiction) {
        add_listed(mail, place, used, &ret->choices);
    }
    for (size_t i = 0; i < n; i++) { /* a full title in the text that nobody took: perhaps wanted as well */
        const struct event_mention *mention = &mail->mentions.list.at[i];
        bool taken = used[i];
        for (size_t c = 0; c < ret->choices.choices.n && !taken; c++) {
            taken = event_set_meet(mention->fits, ret->choices.choices.at[c].could_be);
        }
        ret->passing = ret->passing || (!taken && mention->kind == MENTION_TITLE && place[i] != PLACE_OUT &&
                                        !mention->in_subject && mention->terms > 1);
    }
    if (ret->choices.choices.n == 0) {
        return;
    }
    ret->evidence = choice_evidence(mail, &ret->choices.choices.at[0]);
    if (ret->choices.contradiction) {
        return;
    }
    for (size_t c = 0; c < ret->choices.choices.n && ret->event.n < EVENTS_WANTED_MAX; c++) {
        const struct event *event =
            event_single(mail->reader->programme, &ret->choices.choices.at[c].could_be);
        if (event == NULL && !cancel && both_dates(mail, &ret->choices, c)) {
            add_all(mail, &ret->choices.choices.at[c].could_be, ret);
        } else if (event == NULL || date_compare(event->day, mail->reader->today) < 0) {
            ret->unclear = ret->unclear || ret->choices.choices.n > 1;
        } else {
            *LIST_ADD(mail->arena, &ret->event) = event;
        }
    }
    bool free_days = event_set_count(&ret->choices.free_days) > 0;
    if (free_days && !cancel &&
        says_both(mail)) { /* "für beide Abende, den am 3.12. und die Vertiefung am 21.1." */
        add_all(mail, &ret->choices.free_days, ret);
    } else if (free_days && !cancel) {
        ret->unclear = true;
    }
    if (ret->choices.choices.n > EVENTS_WANTED_MAX) {
        ret->unclear = true;
    }
    ret->unclear = ret->unclear || (ret->choices.several_dates && !ret->all_dates);
}

void events_for_register(struct mail *mail, const struct wants *wants, struct wanted_events *ret)
{
    events_find(mail, false, wants->cancels != NULL && wants->cancel_sure, ret);
    bool more = says_both(mail) && mail->persons.person.n < 2;
    ret->unclear = ret->unclear || (more && ret->event.n == 1 && ret->choices.choices.n > 1);
}

void events_for_cancel(struct mail *mail, const struct wants *wants, struct wanted_events *ret)
{
    events_find(mail, true, wants->registers != NULL, ret);
}
