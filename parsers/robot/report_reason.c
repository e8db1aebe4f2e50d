#include "parsers/robot/report_reason.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { WORDS_MAX = 4 * 1024 }; /* bytes looked at; a report's own words are far fewer */

/* How heavily each side of the question speaks; 0: not at all. */
struct weighed {
    int dead, unknown, alive; /* the groups of report.patterns */
};

/* RFC 3463 3, the registry of RFC 5248, RFC 7505 (null MX) and Exchange Online's own 5.4.310. A code
 * weighs less than clear words: many servers use 5.1.1 for every refusal. */
static const struct {
    const char *code;
    struct weighed weight;
} codes[] = {
    {"5.1.1", {.dead = 1}},   {"5.1.2", {.dead = 1}},   {"5.1.3", {.dead = 1}},   {"5.1.4", {.dead = 1}},
    {"5.1.6", {.dead = 2}},   {"5.1.10", {.dead = 2}},  {"5.4.4", {.dead = 1}},   {"5.4.310", {.dead = 2}},
    {"5.1.351", {.dead = 1}}, {"5.7.27", {.dead = 1}},  {"5.2.1", {.alive = 1}},  {"5.2.2", {.alive = 3}},
    {"5.2.3", {.alive = 3}},  {"5.3.4", {.alive = 3}},  {"5.1.7", {.alive = 4}},  {"5.1.8", {.alive = 4}},
    {"5.7.13", {.alive = 3}}, {"5.7.23", {.alive = 4}}, {"5.7.25", {.alive = 4}}, {"5.7.26", {.alive = 4}},
};

static int heaviest(struct arena *arena, const struct patterns *patterns, const char *group,
                    const char *words, size_t len)
{
    struct founds founds;
    patterns_find_all(patterns, arena, group, words, len, &founds);
    int weight = 0;
    for (size_t i = 0; i < founds.n; i++) {
        weight = founds.at[i].weight > weight ? founds.at[i].weight : weight;
    }
    return weight;
}

static bool found(struct arena *arena, const struct patterns *patterns, const char *group, const char *words)
{
    struct found f;
    return words != NULL && patterns_find(patterns, arena, group, words, utf8_cut(words, WORDS_MAX), 0, &f);
}

static struct weighed weigh_words(struct arena *arena, const struct patterns *patterns, const char *words)
{
    if (words == NULL) {
        return (struct weighed){0};
    }
    size_t len = utf8_cut(words, WORDS_MAX);
    return (struct weighed){.dead = heaviest(arena, patterns, "dead", words, len),
                            .unknown = heaviest(arena, patterns, "unknown", words, len),
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
 * filter's no, usual with mobile carriers. Where the step is not told, a status that is not about the
 * address contradicts it: 5.2.x says that the mailbox exists, 5.0.0 that nobody knows (RFC 3463 3);
 * and so does a bare "550" in a notice, which servers use for anything. */
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
    if (e->status != NULL) {
        return !str_starts(e->status, "5.0.") && !str_starts(e->status, "5.2.");
    }
    return !e->plain || !found(arena, patterns, "stage.bare", e->words);
}

static int more(int a, int b)
{
    return a > b ? a : b;
}

bool report_address_is_dead(struct arena *arena, const struct patterns *patterns,
                            const struct report_evidence *evidence)
{
    const struct report_evidence *e = evidence;
    if (e->status != NULL && e->status[0] == '4') {
        return false; /* temporary, even when tried for the last time */
    }
    struct weighed words = weigh_words(arena, patterns, e->words), status = weigh_status(e->status);
    if (words.dead == 0 && words.unknown == 0 && words.alive == 0) {
        words = weigh_words(arena, patterns, e->transcript);
    }
    int dead = more(words.dead, status.dead), alive = more(words.alive, status.alive);
    if (words.unknown > dead && unknown_user_believed(arena, patterns, e)) {
        dead = words.unknown;
    }
    return dead > 0 && dead >= alive;
}
