/* parsers/programme/event_match.c: mentions put together to the events that are wanted.
 *
 * Phases: each title takes the dates of its sentence; titles that still fit several dates of a series
 * look further for a date, a month, a weekday; titles that fit one another are one; dates
 * alone stand for an event only where no title is named; keywords only where there is neither. */
#include "parsers/programme/event_match.h"

#include "base/text.h"

/* A mention of a title on its way to a choice. */
struct group {
    struct event_set fits, dated;
    const struct event_mention *best;
    int score, terms;
    bool by_title, by_date, in_subject;
};
struct groups {
    LIST(struct group)
    list;
};

struct chooser {
    struct arena *arena;
    const struct event_mentions *mentions;
    const bool *used;
    struct groups groups;
    bool *linked; /* dates that belong to a title */
    struct event_choices *out;
};

static bool same_place(const struct event_mention *a, const struct event_mention *b)
{
    return a->in_subject == b->in_subject && a->sentence == b->sentence;
}

static bool near(const struct event_mention *a, const struct event_mention *b)
{
    size_t apart = a->sentence > b->sentence ? a->sentence - b->sentence : b->sentence - a->sentence;
    return a->in_subject == b->in_subject && apart <= 2;
}

/* How far two mentions of one sentence stand apart, in bytes. */
static size_t gap(const struct event_mention *a, const struct event_mention *b)
{
    return a->at < b->at ? b->at - a->at - (a->len < b->at - a->at ? a->len : b->at - a->at) : gap(b, a);
}

/* The dates of the title's own sentence (the nearest first) make one group each. */
static bool link_dates(struct chooser *c, const struct event_mention *title, struct group *group)
{
    const struct event_mentions *m = c->mentions;
    struct event_set all = {0};
    bool found = false;
    size_t nearest = SIZE_MAX;
    for (size_t i = 0; i < m->list.n; i++) {
        const struct event_mention *date = &m->list.at[i];
        if (!c->used[i] || date->kind != MENTION_DATE || !same_place(title, date) ||
            !event_set_meet(title->fits, date->fits)) {
            continue;
        }
        struct event_set both = event_set_both(title->fits, date->fits);
        c->linked[i] = true;
        found = true;
        all = event_set_either(all, both);
        if (gap(title, date) < nearest) {
            nearest = gap(title, date);
            group->fits = both;
        }
    }
    if (found) {
        group->by_date = true;
        group->score += 4;
        c->out->several_dates =
            c->out->several_dates || event_set_count(&all) > event_set_count(&group->fits);
        group->fits = group->dated = all;
    }
    return found;
}

/* Narrows what still fits several events by mentions of one kind (of periods: of one period), nearby ones
 * before others. */
static void narrow(struct chooser *c, struct group *group, enum event_mention_kind kind,
                   enum event_period period)
{
    const struct event_mentions *m = c->mentions;
    for (int distance = 0; distance < 3 && event_set_count(&group->fits) > 1; distance++) {
        struct event_set all = {0};
        for (size_t i = 0; i < m->list.n; i++) {
            const struct event_mention *other = &m->list.at[i];
            bool close = distance == 0   ? same_place(group->best, other)
                         : distance == 1 ? near(group->best, other)
                                         : true;
            if (c->used[i] && other->kind == kind && other->period == period && close &&
                event_set_meet(group->fits, other->fits)) {
                all = event_set_either(all, event_set_both(group->fits, other->fits));
                c->linked[i] = true;
            }
        }
        if (event_set_count(&all) > 0) {
            group->fits = all;
            group->by_date = group->by_date || kind == MENTION_DATE;
            group->score += kind == MENTION_DATE ? 4 : 1;
            return;
        }
    }
}

/* "den ersten der beiden Abende": the events of a set are in order of their days. */
static void take_in_order(struct chooser *c, struct group *group)
{
    for (size_t i = 0; i < c->mentions->list.n && event_set_count(&group->fits) > 1; i++) {
        const struct event_mention *m = &c->mentions->list.at[i];
        int count = event_set_count(&group->fits), nth = m->order < 0 ? count : m->order;
        if (!c->used[i] || m->kind != MENTION_PERIOD || m->period != PERIOD_ORDER || nth > count) {
            continue;
        }
        struct event_set one = {0};
        for (size_t e = 0, left = (size_t)nth; e < EVENTS_MATCHED && left > 0; e++) {
            left -= event_set_has(&group->fits, e);
            if (left == 0) {
                event_set_add(&one, e);
            }
        }
        group->fits = one;
        c->linked[i] = true;
    }
}

static void add_groups(struct chooser *c, enum event_mention_kind kind)
{
    const struct event_mentions *m = c->mentions;
    for (size_t i = 0; i < m->list.n; i++) {
        const struct event_mention *title = &m->list.at[i];
        if (!c->used[i] || title->kind != kind) {
            continue;
        }
        struct group group = {.fits = title->fits,
                              .best = title,
                              .score = title->score,
                              .terms = title->terms,
                              .by_title = kind != MENTION_DATE,
                              .by_date = kind == MENTION_DATE,
                              .in_subject = title->in_subject};
        if (kind != MENTION_DATE) {
            link_dates(c, title, &group);
        }
        *LIST_ADD(c->arena, &c->groups.list) = group;
    }
}

/* A day that no title took, with a keyword of its event beside it, is an event wanted as well. */
static void add_dated_keywords(struct chooser *c)
{
    const struct event_mentions *m = c->mentions;
    for (size_t i = 0; i < m->list.n; i++) {
        const struct event_mention *date = &m->list.at[i];
        for (size_t k = 0; k < m->list.n && c->used[i] && date->kind == MENTION_DATE && !c->linked[i]; k++) {
            const struct event_mention *word = &m->list.at[k];
            if (c->used[k] && word->kind == MENTION_KEYWORD && same_place(date, word) &&
                event_set_meet(date->fits, word->fits)) {
                c->linked[i] = true;
                *LIST_ADD(c->arena, &c->groups.list) =
                    (struct group){.fits = event_set_both(date->fits, word->fits),
                                   .best = date,
                                   .score = date->score + word->score,
                                   .terms = word->terms,
                                   .by_title = true,
                                   .by_date = true,
                                   .in_subject = date->in_subject};
            }
        }
    }
}

/* Groups that can mean the same are one; the narrowest first, so that "KI" joins "KI-Vertiefung". */
static void merge_groups(struct chooser *c)
{
    struct groups merged = {0};
    for (int size = 1; size <= EVENTS_MATCHED; size++) {
        bool larger = false;
        for (size_t i = 0; i < c->groups.list.n; i++) {
            struct group *group = &c->groups.list.at[i];
            int count = event_set_count(&group->fits);
            larger = larger || count > size;
            if (count != size) {
                continue;
            }
            struct group *same = NULL;
            for (size_t k = 0; k < merged.list.n && same == NULL; k++) {
                if (event_set_meet(merged.list.at[k].fits, group->fits)) {
                    same = &merged.list.at[k];
                }
            }
            if (same == NULL) {
                *LIST_ADD(c->arena, &merged.list) = *group;
                continue;
            }
            if (group->best->kind == MENTION_KEYWORD) { /* keywords hint, they do not tell apart */
                same->fits = event_set_either(same->fits, group->fits);
            }
            same->dated = event_set_either(same->dated, group->dated);
            same->score += group->score;
            same->terms = group->terms > same->terms ? group->terms : same->terms;
            same->by_date = same->by_date || group->by_date;
            same->in_subject = same->in_subject || group->in_subject;
            if (same->best->in_subject || group->best->score > same->best->score) {
                same->best = group->best;
            }
        }
        if (!larger) {
            break;
        }
    }
    c->groups = merged;
}

/* "am 3.12., und im Januar zur Vertiefung": the title has a month of its own, in which that day is not. */
static bool has_own_month(const struct chooser *c, const struct group *group, const struct event_mention *day)
{
    for (size_t i = 0; i < c->mentions->list.n; i++) {
        const struct event_mention *m = &c->mentions->list.at[i];
        if (c->used[i] && m->kind == MENTION_PERIOD && m->period == PERIOD_MONTH &&
            same_place(group->best, m) && event_set_meet(m->fits, group->fits) &&
            !event_set_meet(m->fits, day->fits)) {
            return true;
        }
    }
    return false;
}

/* A day that no title took, said in the sentence of a title that has no day of its own, belongs to
 * another event: then nobody knows which is meant. */
static bool contradicted(const struct chooser *c, const struct group *group)
{
    const struct event_mentions *m = c->mentions;
    if (group->by_date) {
        return false;
    }
    for (size_t i = 0; i < m->list.n; i++) {
        const struct event_mention *date = &m->list.at[i];
        bool day = date->kind == MENTION_DATE || date->kind == MENTION_UNKNOWN_DATE;
        bool together = same_place(group->best, date) || (date->in_subject != group->best->in_subject);
        if (c->used[i] && day && !c->linked[i] && together && !event_set_meet(group->fits, date->fits) &&
            !has_own_month(c, group, date)) {
            return true;
        }
    }
    return false;
}

/* The day of an event that shares a word with the name stands there: "über digitale Amtsgänge am 16.2." */
static bool day_agrees(const struct chooser *c, const struct event_mention *name)
{
    for (size_t i = 0; i < c->mentions->list.n; i++) {
        const struct event_mention *day = &c->mentions->list.at[i];
        if (c->used[i] && day->kind == MENTION_DATE && event_set_meet(day->fits, name->like)) {
            return true;
        }
    }
    return false;
}

static bool names_unknown(const struct chooser *c, bool name, bool date)
{
    for (size_t i = 0; i < c->mentions->list.n; i++) {
        const struct event_mention *m = &c->mentions->list.at[i];
        if (c->used[i] && ((name && m->kind == MENTION_UNKNOWN_NAME && !day_agrees(c, m)) ||
                           (date && m->kind == MENTION_UNKNOWN_DATE))) {
            return true;
        }
    }
    return false;
}

static void choose(struct chooser *c, const struct group *group)
{
    *LIST_ADD(c->arena, &c->out->choices) = (struct event_choice){
        .could_be = group->fits,
        .dated = group->dated,
        .score = group->score,
        .by_title = group->by_title,
        .by_keyword = group->best->kind == MENTION_KEYWORD,
        .by_date = group->by_date,
        .in_subject = group->best->in_subject,
        .at = group->best->at,
        .len = group->best->len,
        .sentence = group->best->sentence,
        .single_word = group->by_title && !group->by_date && group->terms < 2 && !group->in_subject};
}

static bool taken(const struct chooser *c, const struct event_mention *date)
{
    for (size_t i = 0; i < c->groups.list.n; i++) {
        if (event_set_meet(c->groups.list.at[i].fits, date->fits)) {
            return true;
        }
    }
    return false;
}

void event_choose(struct arena *arena, const struct event_mentions *mentions, const bool *used,
                  struct event_choices *ret)
{
    *ret = (struct event_choices){0};
    struct chooser c = {.arena = arena, .mentions = mentions, .used = used, .out = ret};
    c.linked = arena_alloc(arena, mentions->list.n + 1);
    static const enum event_mention_kind kinds[] = {MENTION_TITLE, MENTION_DATE, MENTION_KEYWORD};
    for (size_t k = 0; k < 3 && c.groups.list.n == 0; k++) {
        if (kinds[k] != MENTION_TITLE && names_unknown(&c, true, kinds[k] == MENTION_KEYWORD)) {
            ret->unknown = true;
            return;
        }
        add_groups(&c, kinds[k]);
    }
    add_dated_keywords(&c);
    for (size_t i = 0; i < c.groups.list.n; i++) {
        narrow(&c, &c.groups.list.at[i], MENTION_DATE, 0);
        for (enum event_period p = 0; p < PERIOD_ORDER; p++) {
            narrow(&c, &c.groups.list.at[i], MENTION_PERIOD, p);
        }
        take_in_order(&c, &c.groups.list.at[i]);
        if (c.groups.list.at[i].best->kind == MENTION_DATE) {
            narrow(&c, &c.groups.list.at[i], MENTION_KEYWORD, 0);
        }
    }
    merge_groups(&c);
    for (size_t i = 0; i < c.groups.list.n; i++) {
        ret->contradiction = ret->contradiction || contradicted(&c, &c.groups.list.at[i]);
        choose(&c, &c.groups.list.at[i]);
    }
    for (size_t i = 0; i < mentions->list.n && c.groups.list.n > 0; i++) {
        const struct event_mention *date = &mentions->list.at[i];
        if (used[i] && date->kind == MENTION_DATE && !c.linked[i] && !date->past && !taken(&c, date)) {
            ret->free_days = event_set_either(ret->free_days, date->fits);
        }
    }
    ret->unknown = c.groups.list.n == 0 && names_unknown(&c, true, true);
}

const struct event *event_single(const struct programme *programme, const struct event_set *set)
{
    const struct event *one = NULL;
    for (size_t i = 0; i < programme->events.n && i < EVENTS_MATCHED; i++) {
        if (event_set_has(set, i)) {
            if (one != NULL) {
                return NULL;
            }
            one = &programme->events.at[i];
        }
    }
    return one;
}

const char *event_choice_reasons(struct arena *arena, const struct programme *programme,
                                 const struct event_choice *choice)
{
    struct text out = text_new(arena, 1000);
    for (size_t i = 0; i < programme->events.n && i < EVENTS_MATCHED && choice->by_title; i++) {
        if (event_set_has(&choice->could_be, i)) {
            text_printf(&out, "Titel „%s“", programme->events.at[i].title);
            break;
        }
    }
    text_printf(&out, "%s%s%s (%d)", choice->by_date ? (out.len > 0 ? ", " : "") : "",
                choice->by_date ? "Datum" : "", choice->in_subject ? ", im Betreff" : "", choice->score);
    return out.s;
}
