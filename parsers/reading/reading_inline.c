/* parsers/reading/reading_inline.c: what is quoted tells which event an answer means.
 *
 *     > 10.12.2026, 18 Uhr: Klimaschutz zu Hause
 *     Da komme ich gern!
 *
 * What is quoted is not the writer's word, but where the writer names no event and answers below the line
 * of one, that line tells which. Who cancels above a letter that names one event means that one. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

enum { LINES_ABOVE = 3, QUOTED_MOST = 4000 /* bytes of what is quoted that are looked at */ };

/* The events that quoted words name; what is over does not count. */
static void name_events(struct mail *mail, const char *words, size_t len, struct event_choices *ret)
{
    const struct reader *reader = mail->reader;
    struct sentences nothing, sentences;
    struct dates no_dates = {0}, dates;
    struct event_mentions mentions;
    const char *text = arena_strndup(mail->arena, words, len);
    sentences_split(mail->arena, "", &nothing);
    sentences_split(mail->arena, text, &sentences);
    german_dates(mail->arena, reader->patterns, text, reader->today, &dates);
    struct event_source subject = {&nothing, &no_dates}, source = {&sentences, &dates};
    event_mentions_find(mail->arena, reader->patterns, reader->programme, &subject, &source, reader->today,
                        &mentions);
    bool *used = arena_alloc(mail->arena, mentions.list.n + 1);
    for (size_t i = 0; i < mentions.list.n; i++) {
        used[i] = mentions.list.at[i].kind != MENTION_KEYWORD && !mentions.list.at[i].past;
    }
    event_choose(mail->arena, &mentions, used, ret);
}

static const struct event *the_one(const struct mail *mail, const struct event_choices *choices)
{
    bool one = choices->choices.n == 1 && !choices->contradiction;
    return one ? event_single(mail->reader->programme, &choices->choices.at[0].could_be) : NULL;
}

/* The one event of the nearest quoted line that names any; NULL: none, or not one. */
static const struct event *event_above(struct mail *mail, const struct answer_place *place,
                                       struct event_choices *ret)
{
    size_t len = strlen(place->quoted), end = len;
    while (end > 0 && place->quoted[end - 1] == '\n') {
        end--;
    }
    const char *from = place->quoted + end;
    for (int line = 0; line < LINES_ABOVE && from > place->quoted; line++) {
        const char *to = from;
        while (from > place->quoted && from[-1] != '\n') {
            from--;
        }
        if (from == to) {
            return NULL; /* a paragraph ends */
        }
        name_events(mail, from, (size_t)(place->quoted + end - from), ret);
        if (ret->choices.n > 0) {
            return the_one(mail, ret);
        }
        from -= from > place->quoted;
    }
    return NULL;
}

/* Behind all that is quoted, the nearest line says little, unless one event alone is quoted. */
static bool speaks_of_one(struct mail *mail, const struct answer_place *place)
{
    if (place->goes_on) {
        return true;
    }
    struct event_choices all;
    size_t len = strlen(place->quoted);
    name_events(mail, place->quoted, len > QUOTED_MOST ? 0 : len, &all);
    return all.choices.n == 1;
}

static size_t place_of(const struct mail *mail, size_t at)
{
    size_t place = SIZE_MAX;
    for (size_t i = 0; i < mail->own->answers.n && mail->own->answers.at[i].at <= at; i++) {
        place = i;
    }
    return place;
}

/* Marks the answers that hold a wish; where there is no word of one, the answer with somebody's data. */
static void mark_wishes(const struct mail *mail, bool *wish, bool *data)
{
    bool any = false;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool wants = (sign->kind == SIGN_REGISTER || sign->kind == SIGN_ON) && !sign->is_void;
        size_t place = wants && !sign->in_subject ? place_of(mail, sign->at) : SIZE_MAX;
        if (place != SIZE_MAX) {
            wish[place] = any = true;
        }
    }
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        for (int f = 0; f < PERSON_FIELDS; f++) {
            const struct evidence *e = &mail->persons.person.at[i].field[f].evidence;
            size_t place = e->len > 0 && str_equal(e->source, "text") ? place_of(mail, e->at) : SIZE_MAX;
            if (place != SIZE_MAX) {
                data[place] = true;
                wish[place] = wish[place] || !any;
            }
        }
    }
}

static bool declines(const struct mail *mail, size_t place)
{
    const struct own_words *own = mail->own;
    size_t at = own->answers.at[place].at;
    size_t end = place + 1 < own->answers.n ? own->answers.at[place + 1].at : mail->sentences.len;
    return stretch_says(mail, "declines", (struct stretch){at, end});
}

static void take_quoted(struct mail *mail, const struct event *event, const struct event_choices *choices,
                        size_t at, struct wanted_events *ret)
{
    *LIST_ADD(mail->arena, &ret->event) = event;
    struct event_choice *choice = LIST_ADD(mail->arena, &ret->choices.choices);
    *choice = choices->choices.at[0];
    choice->at = at;
    choice->len = 0;
    choice->sentence = sentence_of(&mail->sentences, at);
    ret->evidence = (struct evidence){.words = event->title,
                                      .source = "quote",
                                      .pattern = "the words that are answered",
                                      .where = "reading_inline.c"};
}

void events_answered(struct mail *mail, struct wanted_events *ret)
{
    size_t n = mail->own->answers.n;
    bool *wish = arena_alloc(mail->arena, n + 1), *data = arena_alloc(mail->arena, n + 1);
    mark_wishes(mail, wish, data);
    for (size_t i = 0; i < n; i++) {
        const struct answer_place *place = &mail->own->answers.at[i];
        struct event_choices choices;
        const struct event *event = event_above(mail, place, &choices);
        if (event == NULL || !speaks_of_one(mail, place)) {
            continue;
        }
        if (!wish[i]) {
            ret->unclear = ret->unclear || (!data[i] && !declines(mail, i));
            continue;
        }
        take_quoted(mail, event, &choices, place->at, ret);
    }
}

void event_of_answered_letter(struct mail *mail, struct wanted_events *ret)
{
    struct event_choices choices = {0};
    for (size_t i = 0; i < mail->own->blocks.n; i++) {
        const struct block *block = &mail->own->blocks.at[i];
        bool quoted = block->kind == BLOCK_QUOTE || block->kind == BLOCK_FORWARD;
        if (quoted && choices.choices.n == 0) {
            name_events(mail, mail->letter->text + block->at,
                        block->len > QUOTED_MOST ? QUOTED_MOST : block->len, &choices);
        }
    }
    const struct event *event = the_one(mail, &choices);
    if (event != NULL) {
        take_quoted(mail, event, &choices, 0, ret);
    }
}
