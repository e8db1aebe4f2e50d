/* parsers/programme/event_mentions.c: every place where a mail names an event or a day. */
#include "parsers/programme/event_finder.h"

#include "base/text.h"
#include "base/utf8.h"
#include <stdlib.h>

/* Words between two words of one title: "Smart City verstehen, also der Rundgang". */
enum { RUN_GAP = 6, COMMON_GAP = 3, DAYS_AHEAD = 200, BEFORE_DATE = 60 };

/* Words of one title that stand together. */
struct run {
    struct event_set fits;
    size_t at, end, word, sentence;
    int score, terms, common, strong;
    int seen[16]; /* the terms counted so far */
};

/* A day stands between: what follows is named anew. */
static bool day_between(const struct finder *f, size_t from, size_t to)
{
    for (size_t i = 0; i < f->source->dates->found.n; i++) {
        const struct date_found *day = &f->source->dates->found.at[i];
        if (day->at >= from && day->at < to && day->day != 0 && day->month != 0) {
            return true;
        }
    }
    return false;
}

/* The title may go on there. */
static bool run_reaches(const struct finder *f, const struct run *run, const struct term_hit *hit)
{
    return hit->word - run->word <= RUN_GAP && !day_between(f, run->end, hit->at) &&
           sentence_of(f->source->sentences, hit->at) == run->sentence;
}

static bool run_takes(const struct finder *f, const struct run *run, const struct term_hit *hit)
{
    return (!hit->common || hit->word - run->word <= COMMON_GAP) && event_set_meet(run->fits, hit->events) &&
           run_reaches(f, run, hit);
}

static void run_add(struct run *run, const struct term_hit *hit)
{
    bool seen = false;
    for (int i = 0; i < run->terms && i < 16; i++) {
        seen = seen || run->seen[i] == hit->term;
    }
    bool hints = hit->keyword && !hit->common && run->strong == 0 &&
                 run->terms > run->common; /* keywords alone do not tell apart */
    run->fits = hints ? event_set_either(run->fits, hit->events) : event_set_both(run->fits, hit->events);
    run->end = hit->at + hit->len;
    run->word = hit->word;
    if (!seen) {
        if (run->terms < 16) {
            run->seen[run->terms] = hit->term;
        }
        run->terms++;
        run->score += hit->weight - (hit->fuzzy && hit->weight > 1);
        run->common += hit->common;
        run->strong += !hit->common && !hit->keyword;
    }
}

/* A title, or one side of its dash or colon, word for word. */
static bool is_title_part(const char *title, const char *words)
{
    static const char *const before[] = {"– ", "- ", ": "}, *const behind[] = {" –", " -", ":"};
    size_t len = strlen(words);
    for (const char *s = title; (s = strcasestr(s, words)) != NULL; s++) {
        bool begins = s == title, ends = s[len] == '\0';
        for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
            size_t n = strlen(before[i]);
            begins = begins || ((size_t)(s - title) >= n && memcmp(s - n, before[i], n) == 0);
            ends = ends || str_starts(s + len, behind[i]);
        }
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

/* "Chancen und Risiken": words that each are said everywhere, together as a title has them. */
static bool says_title_part(const struct finder *f, const struct run *run)
{
    const char *words = arena_strndup(f->arena, f->source->sentences->text + run->at, run->end - run->at);
    for (size_t e = 0; e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
        if (event_set_has(&run->fits, e) && is_title_part(f->programme->events.at[e].title, words)) {
            return true;
        }
    }
    return false;
}

static void run_end(struct finder *f, const struct run *run)
{
    bool common = run->strong == 0 && run->terms == run->common;
    bool phrase = common && (run->common >= 3 || (run->common == 2 && says_title_part(f, run)));
    if (run->terms == 0 || (run->terms == run->common && !phrase)) {
        return;
    }
    enum event_mention_kind kind = run->strong > 0 || phrase ? MENTION_TITLE : MENTION_KEYWORD;
    struct event_mention *mention = finder_add(f, kind, run->at, run->end - run->at, run->fits);
    mention->score = run->score;
    mention->terms = run->terms;
}

static void find_titles(struct finder *f)
{
    struct run run = {0};
    for (size_t i = 0; i < f->hits.hits.n; i++) {
        const struct term_hit *hit = &f->hits.hits.at[i];
        if (run.terms > 0 && run_takes(f, &run, hit)) {
            run_add(&run, hit);
            continue;
        }
        if (hit->common && run.terms > run.common && run_reaches(f, &run, hit)) {
            continue; /* a word said everywhere does not end a title */
        }
        run_end(f, &run);
        run = (struct run){
            .fits = hit->events, .at = hit->at, .sentence = sentence_of(f->source->sentences, hit->at)};
        run_add(&run, hit);
    }
    run_end(f, &run);
}

/* Words of that group stand right before. */
static bool follows(const struct finder *f, size_t at, const char *group)
{
    size_t from = utf8_before(f->source->sentences->text, at, BEFORE_DATE);
    struct found found;
    return patterns_find(f->patterns, f->arena, group, f->source->sentences->text + from, at - from, 0,
                         &found);
}

/* "Iserlohn, den 24.11.2026", alone in its line: the day on which the mail was written. */
static bool is_of_mail(const struct finder *f, const struct date_found *found)
{
    const char *behind = f->source->sentences->text + found->at + found->len;
    behind += strspn(behind, " .");
    return (*behind == '\n' || *behind == '\0') && follows(f, found->at, "letterhead");
}

/* A day as written against an event's: year when said, and two digits mean this century. */
static bool same_day(const struct date_found *found, struct date day)
{
    if (found->day != day.day || found->month != day.month) {
        return false;
    }
    return found->year == 0 || found->year == day.year ||
           (found->two_digit_year && found->year % 100 == day.year % 100);
}

static bool may_be_ahead(const struct finder *f, const struct date_found *found)
{
    if (found->day == 0 || found->month == 0 || (found->year != 0 && found->year < f->today.year)) {
        bool short_year = found->two_digit_year && found->year % 100 >= f->today.year % 100 &&
                          found->year % 100 <= f->today.year % 100 + 1;
        if (!short_year || found->day == 0 || found->month == 0) {
            return false;
        }
    }
    struct date day = {found->year, found->month, found->day};
    if (found->year == 0 || found->two_digit_year) {
        day.year = f->today.year;
        if (date_valid(day) && date_compare(day, f->today) < 0) {
            day.year++;
        }
    }
    return date_valid(day) && date_compare(day, f->today) >= 0 &&
           date_days(day) - date_days(f->today) <= DAYS_AHEAD;
}

static void find_dates(struct finder *f)
{
    for (size_t i = 0; i < f->source->dates->found.n; i++) {
        const struct date_found *found = &f->source->dates->found.at[i];
        struct event_set fits = {0};
        if (found->day == 0 || found->month == 0 || is_of_mail(f, found)) {
            continue;
        }
        for (size_t e = 0; e < f->programme->events.n && e < EVENTS_MATCHED; e++) {
            struct date day = f->programme->events.at[e].day;
            bool near = found->year != 0 || (date_days(day) - date_days(f->today) < 366 &&
                                             date_days(f->today) - date_days(day) < 183);
            if (near && same_day(found, day)) {
                event_set_add(&fits, e);
            }
        }
        bool aside = follows(f, found->at, "event.other_date");
        if (event_set_count(&fits) > 0 && (!aside || (found->year != 0 && !found->two_digit_year))) {
            finder_add(f, MENTION_DATE, found->at, found->len, fits)->score = 4;
        } else if (!aside && may_be_ahead(f, found)) {
            finder_add(f, MENTION_UNKNOWN_DATE, found->at, found->len, fits);
        }
    }
}

/* A title of the writer's with no word of the programme in it. */
static void find_unknown_names(struct finder *f)
{
    struct founds founds = {0};
    patterns_find_all(f->patterns, f->arena, "event_title", f->source->sentences->text,
                      f->source->sentences->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found_group *title = found_group_place(&founds.at[i], "title");
        bool known = title == NULL;
        struct event_set like = {0}; /* events with a word of it that names none */
        for (size_t h = 0; !known && h < f->hits.hits.n; h++) {
            const struct term_hit *hit = &f->hits.hits.at[h];
            bool in_title = hit->at >= title->at && hit->at < title->at + title->len;
            known = !hit->common && in_title;
            like = in_title ? event_set_either(like, hit->events) : like;
        }
        if (!known) {
            finder_add(f, MENTION_UNKNOWN_NAME, title->at, title->len, (struct event_set){0})->like = like;
        }
    }
}

static void find_in(struct finder *f, const struct event_terms *terms)
{
    event_terms_find(f->arena, terms, f->patterns, f->source->sentences->text, f->source->sentences->len,
                     &f->hits);
    find_titles(f);
    find_dates(f);
    finder_days(f);
    find_unknown_names(f);
}

static int by_place(const void *a, const void *b)
{
    const struct event_mention *x = a, *y = b;
    if (x->in_subject != y->in_subject) {
        return x->in_subject ? -1 : 1;
    }
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (int)x->kind - (int)y->kind;
}

void event_mentions_find(struct arena *arena, const struct patterns *patterns,
                         const struct programme *programme, const struct event_source *subject,
                         const struct event_source *text, struct date today, struct event_mentions *ret)
{
    const struct event_terms *terms =
        programme->terms != NULL ? programme->terms : event_terms_new(arena, patterns, programme);
    *ret = (struct event_mentions){0};
    struct finder f = {
        .arena = arena, .patterns = patterns, .programme = programme, .today = today, .out = ret};
    for (size_t e = 0; e < programme->events.n && e < EVENTS_MATCHED; e++) {
        if (date_compare(programme->events.at[e].day, today) >= 0) {
            event_set_add(&f.upcoming, e);
        }
    }
    f.source = subject;
    f.in_subject = true;
    find_in(&f, terms);
    f.source = text;
    f.in_subject = false;
    find_in(&f, terms);
    if (ret->list.n > 0) {
        qsort(ret->list.at, ret->list.n, sizeof *ret->list.at, by_place);
    }
}
