#include "parsers/report_reason.h"

#include "base/text.h"

#include <string.h>

enum { WORDS_MAX = 16 * 1024 }; /* bytes looked at; a report's own words are far fewer */

/* How heavily each side of the question speaks; 0: not at all. */
struct weighed {
    int dead, alive;
};

/* RFC 3463 3, the registry of RFC 5248, RFC 7505 (null MX) and Exchange Online's own 5.4.310. A code
 * weighs less than clear words: many servers use 5.1.1 for every refusal. */
static const struct {
    const char *code;
    struct weighed weight;
} codes[] = {
    {"5.1.1", {.dead = 1}},    {"5.1.2", {.dead = 1}},   {"5.1.3", {.dead = 1}},  {"5.1.4", {.dead = 1}},
    {"5.1.6", {.dead = 2}},    {"5.1.10", {.dead = 2}},  {"5.4.4", {.dead = 1}},  {"5.4.310", {.dead = 2}},
    {"5.1.351", {.dead = 1}},  {"5.7.27", {.dead = 1}},  {"5.2.1", {.alive = 1}}, {"5.2.2", {.alive = 3}},
    {"5.2.3", {.alive = 3}},   {"5.3.4", {.alive = 3}},  {"5.1.7", {.alive = 4}}, {"5.1.8", {.alive = 4}},
    {"5.7.13", {.alive = 3}},  {"5.7.23", {.alive = 4}}, {"5.7.25", {.alive = 4}},
    {"5.7.26", {.alive = 4}},
};

static int heaviest(struct arena *arena, const struct patterns *patterns, const char *group, const char *words,
                    size_t len)
{
    struct founds founds;
    patterns_find_all(patterns, arena, group, words, len, &founds);
    int weight = 0;
    for (size_t i = 0; i < founds.n; i++) {
        weight = founds.at[i].weight > weight ? founds.at[i].weight : weight;
    }
    return weight;
}

static size_t bounded(const char *words)
{
    size_t len = strlen(words);
    if (len > WORDS_MAX) {
        for (len = WORDS_MAX; len > 0 && ((unsigned char)words[len] & 0xc0) == 0x80; len--) {
        }
    }
    return len;
}

static bool found(struct arena *arena, const struct patterns *patterns, const char *group, const char *words)
{
    struct found f;
    return words != NULL && patterns_find(patterns, arena, group, words, bounded(words), 0, &f);
}

static struct weighed weigh_words(struct arena *arena, const struct patterns *patterns, const char *words)
{
    if (words == NULL) {
        return (struct weighed){0};
    }
    size_t len = bounded(words);
    return (struct weighed){.dead = heaviest(arena, patterns, "dead", words, len),
                            .alive = heaviest(arena, patterns, "alive", words, len)};
}

static struct weighed weigh_status(const char *status)
{
    for (size_t i = 0; status != NULL && i < sizeof codes / sizeof *codes; i++) {
        if (str_equal(status, codes[i].code)) {
            return codes[i].weight;
        }
    }
    return (struct weighed){.alive = status != NULL && str_starts(status, "5.7.")};
}

/* "User unknown" is believed of the one who refused at RCPT. After the whole letter was given it is a
 * filter's no, and with 5.2.x "the mailbox exists" (RFC 3463 3.3). */
static bool unknown_user_believed(struct arena *arena, const struct patterns *patterns,
                                  const struct report_evidence *e)
{
    if (e->status != NULL && str_starts(e->status, "5.1.")) {
        return true;
    }
    const char *by[] = {e->words, e->transcript};
    for (int i = 0; i < 2; i++) {
        if (found(arena, patterns, "stage.rcpt", by[i])) {
            return true;
        }
        if (found(arena, patterns, "stage.data", by[i])) {
            return false;
        }
    }
    return e->status == NULL || !str_starts(e->status, "5.2.");
}

bool report_address_is_dead(struct arena *arena, const struct patterns *patterns,
                            const struct report_evidence *evidence)
{
    const struct report_evidence *e = evidence;
    struct weighed words = weigh_words(arena, patterns, e->words), status = weigh_status(e->status);
    if (words.dead == 0 && words.alive == 0) {
        words = weigh_words(arena, patterns, e->transcript);
    }
    int dead = words.dead > status.dead ? words.dead : status.dead;
    int alive = words.alive > status.alive ? words.alive : status.alive;
    bool temporary = e->status != NULL && e->status[0] == '4';
    return dead > 0 && dead >= alive && !temporary && unknown_user_believed(arena, patterns, e);
}
