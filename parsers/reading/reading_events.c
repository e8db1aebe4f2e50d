/* parsers/reading/reading_events.c: which events the wishes mean.
 *
 * Mentions count by their place (reading_places.c). Only when nothing is found where a wish stands do
 * the other sentences speak. */
#include "parsers/reading/reading_parts.h"

enum { EVENTS_WANTED_MAX = 6 };

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
        if (ret->choices.n > 0 && (i > 0 || all_single(mail, ret)) &&
            !(i < 3 && choice_waits(mail, place, ret))) {
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

/* "am 8. oder am 12.": it is for the writer to choose. */
static bool either_day(const struct mail *mail, const struct event_choice *choice)
{
    return event_set_count(&choice->dated) > 1 && says_between(mail, &choice->dated, "event.either");
}

/* "zum Rundgang oder, wenn der voll ist, ins Repair-Café": two choices of one sentence. */
static bool either_event(const struct mail *mail, const struct event_choices *choices)
{
    for (size_t i = 0; i + 1 < choices->choices.n; i++) {
        const struct event_choice *a = &choices->choices.at[i], *b = &choices->choices.at[i + 1];
        bool together = !a->in_subject && !b->in_subject && a->sentence == b->sentence;
        size_t from = a->at < b->at ? a->at : b->at, to = a->at < b->at ? b->at : a->at;
        if (together && stretch_says(mail, "event.or", (struct stretch){from, to})) {
            return true;
        }
    }
    return false;
}

/* "beide Termine (8.12. und 12.1.)", "am 8.12. und am 12.1.": each date is wanted. */
static bool all_dates(const struct mail *mail, const struct event_choice *choice)
{
    return event_set_count(&choice->dated) > 1 && !either_day(mail, choice) &&
           (says_both(mail) || says_between(mail, &choice->dated, "event.joint"));
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

/* The event that is over and yet meant: its day is written as wanted, and every title named fits it.
 * NULL: none. Who only tells of a past evening wants another. */
static const struct event *wanted_too_late(const struct mail *mail, const enum place *place)
{
    const struct event *late = NULL;
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *day = &mail->mentions.list.at[i];
        bool told = !day->in_subject && sentence_tells(mail, day->sentence);
        if (day->kind != MENTION_DATE || place[i] == PLACE_OUT) {
            continue;
        }
        const struct event *event = event_single(mail->reader->programme, &day->fits);
        if (!day->past || told || event == NULL || (late != NULL && late != event)) {
            return NULL;
        }
        late = event;
    }
    for (size_t i = 0; late != NULL && i < mail->mentions.list.n; i++) {
        const struct event_mention *title = &mail->mentions.list.at[i];
        bool names = title->kind == MENTION_TITLE || title->kind == MENTION_UNKNOWN_NAME ||
                     title->kind == MENTION_UNKNOWN_DATE;
        if (names && place[i] != PLACE_OUT &&
            !event_set_has(&title->ever, (size_t)(late - mail->reader->programme->events.at))) {
            return NULL;
        }
    }
    return late;
}

/* "das Smart-City-Zeug", "ich bin Programmierer": a word or two of an event in a sentence of their own,
 * without its day and without a word that goes to it, while every other one is named by its day or its title.
 */
static bool is_by_the_way(const struct mail *mail, const struct event_choices *choices, size_t which,
                          const struct event_mention *mention)
{
    enum { TITLE = 6 }; /* score: two words of it that stand in no other */
    const struct event_choice *choice = &choices->choices.at[which];
    bool others_sure = choices->choices.n > 1;
    for (size_t i = 0; i < choices->choices.n && others_sure; i++) {
        const struct event_choice *other = &choices->choices.at[i];
        bool apart = other->in_subject || other->sentence != choice->sentence;
        others_sure = i == which || (apart && (other->by_date || other->score >= TITLE));
    }
    return others_sure && !choice->by_date && mention->in_subject == choice->in_subject &&
           mention->at == choice->at && mention->terms < 3 && !is_aimed_at(mail, mention);
}

static void drop_by_the_way(struct mail *mail, bool *used, struct event_choices *ret)
{
    bool dropped = false;
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        for (size_t c = 0; used[i] && !mention->in_subject && c < ret->choices.n; c++) {
            used[i] = !is_by_the_way(mail, ret, c, mention);
            dropped = dropped || !used[i];
        }
    }
    if (dropped) {
        event_choose(mail->arena, &mail->mentions, used, ret);
    }
}

/* The choices as events; what is several, or too many, is unclear. */
static void take_events(struct mail *mail, bool cancel, struct wanted_events *ret)
{
    bool either = false;
    for (size_t c = 0; c < ret->choices.choices.n && ret->event.n < EVENTS_WANTED_MAX; c++) {
        const struct event_choice *choice = &ret->choices.choices.at[c];
        const struct event *event = event_single(mail->reader->programme, &choice->could_be);
        either = either || either_day(mail, choice);
        if (!cancel && all_dates(mail, choice)) {
            add_all(mail, &choice->dated, ret);
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
    if (ret->choices.choices.n > EVENTS_WANTED_MAX || (!cancel && either_event(mail, &ret->choices))) {
        ret->unclear = true;
    }
    ret->unclear = ret->unclear || (ret->choices.several_dates && !ret->all_dates && !either);
}

static void events_find(struct mail *mail, bool cancel, bool both, struct wanted_events *ret)
{
    size_t n = mail->mentions.list.n;
    enum place *place = arena_alloc(mail->arena, (n + 1) * sizeof *place);
    bool *used = arena_alloc(mail->arena, n + 1);
    *ret = (struct wanted_events){0};
    for (size_t i = 0; i < n; i++) {
        place[i] = mention_place(mail, &mail->mentions.list.at[i], cancel, both);
    }
    choose(mail, place, used, &ret->choices);
    const struct event *late = cancel ? NULL : wanted_too_late(mail, place);
    if (late != NULL) {
        ret->choices.contradiction = false;
        *LIST_ADD(mail->arena, &ret->event) = late;
        return;
    }
    if (!cancel && !ret->choices.contradiction) {
        add_listed(mail, place, used, &ret->choices);
        drop_by_the_way(mail, used, &ret->choices);
    }
    if (ret->choices.choices.n == 0) {
        return;
    }
    ret->evidence = choice_evidence(mail, &ret->choices.choices.at[0]);
    if (ret->choices.contradiction) {
        return;
    }
    take_events(mail, cancel, ret);
    ret->unclear = ret->unclear || (!cancel && events_doubtful(mail, place, both, ret));
}

void events_for_register(struct mail *mail, const struct wants *wants, struct wanted_events *ret)
{
    events_find(mail, false, wants->cancels != NULL && wants->cancel_sure, ret);
    if (ret->event.n == 0 && ret->choices.choices.n == 0 && !ret->choices.unknown) {
        events_answered(mail, ret);
    }
    bool more = says_both(mail) && mail->persons.person.n < 2;
    ret->unclear = ret->unclear || (more && ret->event.n == 1 && ret->choices.choices.n > 1);
}

void events_for_cancel(struct mail *mail, const struct wants *wants, struct wanted_events *ret)
{
    events_find(mail, true, wants->registers != NULL, ret);
    if (mail->is_reply && ret->choices.choices.n == 0 && !ret->choices.unknown) {
        event_of_answered_letter(mail, ret);
    }
}
