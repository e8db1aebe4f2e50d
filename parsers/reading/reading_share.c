/* parsers/reading/reading_share.c: several people and several events: who wants which.
 *
 * A sentence names people before its events ("Leon zum 3D-Druck, Mia zum Calliope") or behind them ("KI ist
 * etwas für mich, Calliope für unsere Tochter"). Where no sentence does, a list of turns may: an event, its
 * people, the next event, its people. Where nothing of the kind is said, all want all. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { NONE = -1, SEVERAL = -2 };

/* Who is told for an event. */
struct told {
    uint64_t people;
    unsigned strangers; /* bits of enum who_kind: words for somebody whose data tell not who he is */
    bool by_name;       /* more than "ich" and "wir" says so */
    bool said;
};

/* --- one sentence --- */

/* An event as it stands in a sentence, from the first word for it to the last without another between. */
struct stop {
    size_t at, end;
    int event;
};
struct stops {
    LIST(struct stop)
    list; /* in order of place */
};

/* The one wanted event that a mention of the text names. */
static int event_of(const struct mail *mail, const struct wanted_events *events,
                    const struct event_mention *m)
{
    int one = NONE;
    bool names = m->kind == MENTION_TITLE || m->kind == MENTION_DATE || m->kind == MENTION_KEYWORD;
    for (size_t e = 0; e < events->event.n && names && !m->in_subject; e++) {
        if (event_set_has(&m->fits, (size_t)(events->event.at[e] - mail->reader->programme->events.at))) {
            one = one == NONE ? (int)e : SEVERAL;
        }
    }
    return one;
}

static void find_stops(const struct mail *mail, const struct wanted_events *events, size_t sentence,
                       struct stops *ret)
{
    *ret = (struct stops){0};
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        int event = m->sentence == sentence ? event_of(mail, events, m) : NONE;
        event = event >= 0 && is_refused(mail, m) ? NONE : event;
        struct stop *last = ret->list.n > 0 ? &ret->list.at[ret->list.n - 1] : NULL;
        if (event >= 0 && last != NULL && last->event == event) {
            last->end = m->at + m->len;
        } else if (event >= 0) {
            *LIST_ADD(mail->arena, &ret->list) = (struct stop){m->at, m->at + m->len, event};
        }
    }
}

/* "Karl und ich", "Karl, Ruth": the two go together. */
static bool go_together(const struct mail *mail, const struct who *a, const struct who *b)
{
    return stretch_says(mail, "who_join", (struct stretch){a->end, b->at});
}

static void add_told(struct told *told, const struct who *who)
{
    told->said = true;
    told->people |= who->people;
    told->by_name = told->by_name || (who->kind != WHO_WRITER && who->kind != WHO_TOGETHER);
    told->strangers |= who->people == 0 ? 1U << who->kind : 0;
}

/* Those who stand in the words: the last group of them, or (`first`) the first. */
static struct told told_in(const struct mail *mail, const struct whos *whos, size_t from, size_t to,
                           bool first)
{
    struct told told = {0};
    const struct who *last = NULL;
    for (size_t i = 0; i < whos->list.n; i++) {
        const struct who *who = &whos->list.at[i];
        if (who->at < from || who->at >= to) {
            continue;
        }
        bool joins = last != NULL && (go_together(mail, last, who) || last->people == who->people);
        if (last != NULL && !joins && first) {
            break;
        }
        if (!joins) {
            told = (struct told){0};
        }
        add_told(&told, who);
        last = who;
    }
    return told;
}

static bool all_the_same(const struct told *before, const struct told *behind, size_t n)
{
    bool same = true;
    for (size_t i = 0; i < n; i++) {
        const struct told *next = i + 1 < n && before[i + 1].said ? &before[i + 1] : &behind[i];
        same = same && (!next->said || next->people == before[0].people);
    }
    return same;
}

/* The people of each event of a sentence, by which of the gaps around its events are empty; behind[i] and
 * before[i + 1] are the same gap. False: it is not clear. */
static bool match_gaps(const struct told *before, const struct told *behind, size_t n, struct told *ret)
{
    bool first = before[0].said, last = behind[n - 1].said, between = false;
    size_t empty = 0, where = 0;
    for (size_t i = 1; i < n; i++) {
        between = between || before[i].by_name;
        where = before[i].said ? where : i;
        empty += !before[i].said;
    }
    if (first && last && empty == 0) { /* "Ich melde an: zu KI Karl, …", "Karl zu KI, …, ich fahre ihn" */
        bool leads = before[0].by_name, ends = behind[n - 1].by_name;
        if (leads == ends) {
            memcpy(ret, before, n * sizeof *ret);
            return all_the_same(before, behind, n);
        }
        first = leads;
        last = ends;
    }
    if (first && last) { /* "Karl möchte zu KI, und zu Calliope kommt Ida" */
        for (size_t i = 0; i < n; i++) {
            ret[i] = i < where ? before[i] : behind[i];
        }
        return empty == 1;
    }
    for (size_t i = 0; i < n && (first || last); i++) { /* who is not named anew was named last, or will be */
        size_t k = first ? i : n - 1 - i;
        struct told own = first ? before[k] : behind[k];
        ret[k] = own.said || i == 0 ? own : ret[first ? k - 1 : k + 1];
    }
    return first || last || !between;
}

/* Somebody is named in a sentence with an event and goes to none of its events: "dort begleitet mich mein
 * Mann". */
static bool leaves_somebody(const struct whos *whos, const struct told *of, size_t n)
{
    uint64_t goes = 0;
    bool left = false;
    for (size_t i = 0; i < n; i++) {
        goes |= of[i].people;
    }
    for (size_t i = 0; i < whos->list.n; i++) {
        const struct who *who = &whos->list.at[i];
        left = left || (who->kind != WHO_WRITER && who->kind != WHO_TOGETHER && (who->people & ~goes) != 0);
    }
    return goes != 0 && left;
}

static void add_all(struct told *told, const struct told *more)
{
    told->said = told->said || more->said;
    told->by_name = told->by_name || more->by_name;
    told->people |= more->people;
    told->strangers |= more->strangers;
}

/* What a sentence tells of its events. False: something, and it is not clear what. */
static bool sentence_told(const struct mail *mail, const struct stops *stops, size_t sentence,
                          struct told *ret)
{
    const struct sentence *s = &mail->sentences.list.at[sentence];
    size_t n = stops->list.n;
    struct told *before = arena_alloc(mail->arena, n * sizeof *before);
    struct told *behind = arena_alloc(mail->arena, n * sizeof *behind);
    struct told *of = arena_alloc(mail->arena, n * sizeof *of);
    struct whos whos;
    whos_find(mail, sentence, &whos);
    for (size_t i = 0; i < n; i++) {
        const struct stop *stop = &stops->list.at[i];
        size_t from = i == 0 ? s->at : stops->list.at[i - 1].end;
        size_t to = i + 1 == n ? s->at + s->len : stops->list.at[i + 1].at;
        before[i] = told_in(mail, &whos, from, stop->at, false);
        behind[i] = told_in(mail, &whos, stop->end, to, true);
    }
    bool clear = match_gaps(before, behind, n, of);
    for (size_t i = 0; i < n; i++) {
        const struct stop *stop = &stops->list.at[i];
        struct told inside = told_in(mail, &whos, stop->at, stop->end, true);
        add_all(&ret[stop->event], inside.said ? &inside : &of[i]);
    }
    return clear && !leaves_somebody(&whos, of, n);
}

/* --- the mail --- */

static bool is_same(const struct told *a, const struct told *b)
{
    return a->said == b->said && a->people == b->people && a->strangers == b->strangers;
}

/* "Wir möchten zu KI und zum Klimaschutz": all its events alike, and nobody by name. */
static bool tells_nothing_apart(const struct told *of, const struct stops *stops)
{
    const struct told *one = &of[stops->list.at[0].event];
    bool same = !one->by_name;
    for (size_t i = 0; i < stops->list.n; i++) {
        same = same && is_same(one, &of[stops->list.at[i].event]);
    }
    return same && (stops->list.n > 1 || !one->said);
}

/* What the sentences tell. False: not clear. */
static bool sentences_told(const struct mail *mail, const struct wanted_events *events, struct told *ret)
{
    bool clear = true;
    for (size_t s = 0; s < mail->sentences.list.n; s++) {
        struct stops stops;
        find_stops(mail, events, s, &stops);
        if (stops.list.n == 0) {
            continue;
        }
        struct told *of = arena_alloc(mail->arena, events->event.n * sizeof *of);
        clear = sentence_told(mail, &stops, s, of) && clear;
        if (sentence_says(mail, "who_not", s)) {
            continue;
        }
        for (size_t e = 0; e < events->event.n && !tells_nothing_apart(of, &stops); e++) {
            add_all(&ret[e], &of[e]);
        }
    }
    return clear;
}

/* One word for somebody whose data tell not who he is, and one person of whom nobody speaks: they are the
 * same. */
static void find_stranger(const struct mail *mail, struct told *of, size_t n)
{
    uint64_t named = 0;
    unsigned strangers = 0;
    for (size_t e = 0; e < n; e++) {
        named |= of[e].people;
        strangers |= of[e].strangers;
    }
    uint64_t left = everybody(mail) & ~named;
    bool one = __builtin_popcountll(left) == 1 && __builtin_popcount(strangers) == 1 &&
               strangers != 1U << WHO_UNKNOWN;
    for (size_t e = 0; e < n && one; e++) {
        of[e].people |= of[e].strangers != 0 ? left : 0;
        of[e].strangers = 0;
    }
}

/* Everybody and every event has somebody or something, and all of them are known. */
static bool is_complete(const struct mail *mail, const struct told *of, size_t n)
{
    uint64_t named = 0;
    bool complete = true;
    for (size_t e = 0; e < n; e++) {
        named |= of[e].people;
        complete = complete && of[e].people != 0 && of[e].strangers == 0;
    }
    return complete && named == everybody(mail);
}

/* --- turns --- */

struct turn {
    size_t at;
    int event; /* NONE: a person */
    uint64_t person;
};
struct turns {
    LIST(struct turn)
    list;
};

static int by_place(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static void find_turns(const struct mail *mail, const struct wanted_events *events, struct turns *ret)
{
    *ret = (struct turns){0};
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        size_t at = person_at(&mail->persons.person.at[i]);
        *LIST_ADD(mail->arena, &ret->list) = (struct turn){at, NONE, (uint64_t)1 << i};
    }
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        int event = event_of(mail, events, m);
        if (event >= 0 && !is_refused(mail, m)) {
            *LIST_ADD(mail->arena, &ret->list) = (struct turn){m->at, event, 0};
        }
    }
    if (ret->list.n > 0) {
        qsort(ret->list.at, ret->list.n, sizeof *ret->list.at, by_place);
    }
}

/* Events and people by turns, at least twice: each person has the events of his turn. */
static bool take_turns(const struct mail *mail, const struct wanted_events *events, struct told *ret)
{
    struct turns turns;
    find_turns(mail, events, &turns);
    size_t n = turns.list.n, changes = 0, from = 0;
    bool people_first = n > 0 && turns.list.at[0].event == NONE;
    for (size_t i = 0; i < n; i++) {
        bool person = turns.list.at[i].event == NONE;
        if (turns.list.at[i].at == SIZE_MAX) {
            return false; /* somebody of whom it is not known where he stands */
        }
        bool change = i > 0 && person != (turns.list.at[i - 1].event == NONE);
        changes += change;
        from = change && person == people_first ? i : from;
        for (size_t k = from; k < i; k++) {
            const struct turn *a = &turns.list.at[k], *b = &turns.list.at[i];
            if ((a->event == NONE) != person) {
                struct told one = {.said = true, .people = a->person | b->person};
                add_all(&ret[person ? a->event : b->event], &one);
            }
        }
    }
    return changes >= 3 && changes % 2 == 1;
}

/* "Meine Freundin geht zum Klimaschutz, ich …": somebody else goes to one of the events, the writer to
 * another. */
static bool is_anothers(const struct told *of, size_t n)
{
    bool other = false, own = false;
    for (size_t e = 0; e < n; e++) {
        other = other || (of[e].strangers & ~(1U << WHO_WRITER)) != 0;
        own = own || (of[e].said && (of[e].strangers & ~(1U << WHO_WRITER)) == 0);
    }
    return other && own;
}

/* Each person begins a line, as in a list. */
static bool people_are_listed(const struct mail *mail)
{
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        size_t at = person_at(&mail->persons.person.at[i]);
        size_t line = at == SIZE_MAX ? 0 : str_line_begin(mail->text, at);
        while (line < at && at != SIZE_MAX && utf8_letters(mail->text + line) == 0) {
            const char *next = mail->text + line;
            utf8_next(&next);
            line = (size_t)(next - mail->text);
        }
        if (line != at) {
            return false;
        }
    }
    return true;
}

bool events_share_out(const struct mail *mail, const struct wanted_events *events, uint64_t *goes)
{
    size_t n = events->event.n;
    struct told *of = arena_alloc(mail->arena, n * sizeof *of);
    bool clear = sentences_told(mail, events, of), apart = false;
    for (size_t e = 0; e < n; e++) {
        apart = apart || !is_same(&of[e], &of[0]);
    }
    if (mail->persons.person.n < 2) {
        return !is_anothers(of, n);
    }
    if (clear && !apart) {
        memset(of, 0, n * sizeof *of);
        if (!take_turns(mail, events, of)) {
            return true; /* all want all */
        }
    }
    find_stranger(mail, of, n);
    if (!clear || !is_complete(mail, of, n)) { /* "1) KI im Alltag, 3.12.", below it who comes, "2) …" */
        memset(of, 0, n * sizeof *of);
        if (!people_are_listed(mail) || !take_turns(mail, events, of) || !is_complete(mail, of, n)) {
            return false;
        }
    }
    for (size_t e = 0; e < n; e++) {
        goes[e] = of[e].people;
    }
    return true;
}
