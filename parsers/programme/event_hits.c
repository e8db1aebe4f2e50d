/* parsers/programme/event_hits.c: which events a text names, best first, every mention taken as meant. */
#include "parsers/programme/event_match.h"

#include <string.h>

static void add_hits(struct arena *arena, const struct programme *programme,
                     const struct event_choices *choices, struct event_hits *hits)
{
    for (size_t i = 0; i < choices->choices.n; i++) {
        const struct event_choice *choice = &choices->choices.at[i];
        for (size_t e = 0; e < programme->events.n && e < EVENTS_MATCHED; e++) {
            if (event_set_has(&choice->could_be, e)) {
                *LIST_ADD(arena, &hits->hits) =
                    (struct event_hit){.event = &programme->events.at[e],
                                       .score = choice->score,
                                       .reasons = event_choice_reasons(arena, programme, choice),
                                       .at = choice->at,
                                       .len = choice->in_subject ? 0 : choice->len};
            }
        }
    }
}

void programme_match(struct arena *arena, const struct patterns *patterns, const struct programme *programme,
                     const char *subject, const char *text, struct date today, struct event_hits *ret)
{
    struct sentences of_subject, of_text;
    struct dates subject_dates = {0}, text_dates = {0};
    struct event_mentions mentions;
    struct event_choices choices;
    sentences_split(arena, subject, &of_subject);
    sentences_split(arena, text, &of_text);
    german_dates(arena, patterns, subject, today, &subject_dates);
    german_dates(arena, patterns, text, today, &text_dates);
    struct event_source in_subject = {&of_subject, &subject_dates}, in_text = {&of_text, &text_dates};
    event_mentions_find(arena, patterns, programme, &in_subject, &in_text, today, &mentions);
    bool *used = arena_alloc(arena, mentions.list.n + 1);
    memset(used, true, mentions.list.n + 1);
    event_choose(arena, &mentions, used, &choices);
    struct event_hits hits = {.named_unknown = choices.unknown || choices.contradiction};
    add_hits(arena, programme, &choices, &hits);
    for (size_t i = 1; i < hits.hits.n; i++) { /* few: best first, places kept among equals */
        for (size_t k = i; k > 0 && hits.hits.at[k].score > hits.hits.at[k - 1].score; k--) {
            struct event_hit hit = hits.hits.at[k];
            hits.hits.at[k] = hits.hits.at[k - 1];
            hits.hits.at[k - 1] = hit;
        }
    }
    *ret = hits;
}
