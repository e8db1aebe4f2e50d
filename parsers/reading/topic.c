#include "parsers/reading/topic.h"

#include "base/text.h"

enum {
    LEAST = 2,          /* below, the words are too faint to say anything */
    SUBJECT_FACTOR = 2, /* what stands in the subject weighs twice */
};

static const struct {
    const char *name, *group, *words;
} topics[TOPICS] = {
    [TOPIC_OTHER] = {"other", NULL, "Sonstiges"},
    [TOPIC_APPOINTMENT] = {"appointment", "topic_appointment", "Terminwunsch"},
    [TOPIC_IDEA] = {"idea", "topic_idea", "Idee"},
    [TOPIC_EVENT] = {"event_question", "topic_event", "Veranstaltung"},
    [TOPIC_COMPLAINT] = {"complaint", "topic_complaint", "Beschwerde"},
    [TOPIC_DATA] = {"data_change", "topic_data", "Datenänderung"},
    [TOPIC_PRIVACY] = {"privacy", "topic_privacy", "Datenschutz"},
    [TOPIC_PRESS] = {"press", "topic_press", "Presse"},
};

/* Each pattern counts once in a text, however often it is repeated. */
static int weigh(struct arena *arena, const struct patterns *patterns, const char *group, const char *text,
                 const char *source, struct evidence *best, int *best_weight)
{
    struct founds founds = {0};
    int sum = 0;
    patterns_find_all(patterns, arena, group, text, strlen(text), &founds);
    for (size_t i = 0; i < founds.n; i++) {
        const struct found *f = &founds.at[i];
        bool before = false;
        for (size_t k = 0; k < i; k++) {
            before = before || str_equal(founds.at[k].pattern, f->pattern);
        }
        sum += before ? 0 : f->weight;
        if (f->weight > *best_weight) {
            *best_weight = f->weight;
            *best = (struct evidence){.words = f->words,
                                      .source = source,
                                      .at = f->at,
                                      .len = f->len,
                                      .pattern = f->pattern,
                                      .where = f->where};
        }
    }
    return sum;
}

static bool has_intent(const struct reading *reading, enum intent_kind kind)
{
    for (size_t i = 0; i < reading->intents.n; i++) {
        if (reading->intents.at[i].kind == kind) {
            return true;
        }
    }
    return false;
}

/* What was read already says more than words alone. */
static int known_weight(const struct reading *reading, enum topic topic)
{
    if (topic == TOPIC_PRIVACY) {
        return has_intent(reading, INTENT_PRIVACY) ? 10 : 0;
    }
    bool places = has_intent(reading, INTENT_REGISTER) || has_intent(reading, INTENT_CANCEL) ||
                  has_intent(reading, INTENT_ANSWER);
    return topic == TOPIC_EVENT && places ? 3 : 0;
}

enum topic topic_find(struct arena *arena, const struct patterns *patterns, const struct letter *letter,
                      const struct reading *reading, struct evidence *ret)
{
    const char *text = own_words_shown(&reading->own);
    enum topic best = TOPIC_OTHER;
    struct evidence words = {0};
    int most = LEAST - 1;
    for (int t = TOPIC_OTHER + 1; t < TOPICS; t++) {
        struct evidence found = {0};
        int heaviest = 0;
        int sum = known_weight(reading, t) +
                  weigh(arena, patterns, topics[t].group, text, "text", &found, &heaviest) +
                  SUBJECT_FACTOR *
                      weigh(arena, patterns, topics[t].group, letter->subject, "subject", &found, &heaviest);
        if (sum > most) {
            most = sum;
            best = t;
            words = found;
        }
    }
    if (ret != NULL) {
        *ret = words;
    }
    return best;
}

const char *topic_name(enum topic topic)
{
    return topics[topic].name;
}

const char *topic_words(const char *name)
{
    for (int t = 0; t < TOPICS; t++) {
        if (str_equal(name, topics[t].name)) {
            return topics[t].words;
        }
    }
    return "";
}
