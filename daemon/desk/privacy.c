#include "daemon/desk/privacy.h"

#include "base/text.h"

#include <string.h>

static unsigned wish_of(const struct intent *intent)
{
    const char *pattern = intent->evidence.pattern, *words = intent->evidence.words;
    bool erase = str_equal(pattern, "privacy.erase") || (words != NULL && strstr(words, "17") != NULL);
    return erase ? PRIVACY_ERASE : PRIVACY_ACCESS;
}

unsigned privacy_wishes(const struct reading *reading)
{
    unsigned wishes = 0;
    for (size_t i = 0; i < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        wishes |= intent->kind == INTENT_PRIVACY ? wish_of(intent) : 0;
    }
    return wishes;
}

struct date privacy_until(struct date d)
{
    struct date until = {d.year + d.month / 12, d.month % 12 + 1, d.day};
    while (!date_valid(until)) {
        until.day--;
    }
    return until;
}

const char *privacy_words(struct arena *arena, const struct reading *reading, struct date received)
{
    unsigned wishes = privacy_wishes(reading);
    struct date until = privacy_until(received);
    const char *what = wishes == (PRIVACY_ACCESS | PRIVACY_ERASE) ? "Auskunft und Löschung"
                       : wishes == PRIVACY_ERASE                  ? "Löschung"
                                                                  : "Auskunft";
    return arena_printf(
        arena,
        "Wunsch zum Datenschutz (%s): bitte bis zum %d.%d.%d beantworten (DSGVO Art. 12 Abs. 3). Die Antwort "
        "liegt vorbereitet bei „queue reply“.%s",
        what, until.day, until.month, until.year,
        wishes & PRIVACY_ERASE ? " Gelöscht wird danach mit „people erase“." : "");
}
