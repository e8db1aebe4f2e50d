/* parsers/reading/topic.h: what a mail is about, for whoever answers it. The vocabulary is in
 * patterns/topic.patterns. */
#ifndef STADTLABOR_PARSERS_READING_TOPIC_H
#define STADTLABOR_PARSERS_READING_TOPIC_H

#include "parsers/reading/reading.h"

enum topic {
    TOPIC_OTHER,
    TOPIC_APPOINTMENT,
    TOPIC_IDEA,
    TOPIC_EVENT,
    TOPIC_COMPLAINT,
    TOPIC_DATA,
    TOPIC_PRIVACY,
    TOPIC_PRESS,
    TOPICS
};

/* Of the subject and the own words (of a mail passed on, that one's words). `ret` NULL: the topic alone; else
 * the heaviest of the words that say so, words NULL: none do. */
enum topic topic_find(struct arena *arena, const struct patterns *patterns, const struct letter *letter,
                      const struct reading *reading, struct evidence *ret);

/* "appointment", "idea", "event_question", "complaint", "data_change", "privacy", "press", "other". */
const char *topic_name(enum topic topic);
const char *topic_words(const char *name); /* German, for staff: "Terminwunsch"; "" for an unknown name */

#endif
