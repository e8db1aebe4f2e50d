/* Any bytes as the text of a mail: no crash, and every field tells words that stand in the text. */
#include "base/utf8.h"
#include "parsers/person/person.h"
#include "parsers/reading/reading_parts.h"
#include "tests/unit/shipped.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size > READING_TEXT_MAX) {
        return 0; /* goes to staff unread (reading.c) */
    }
    static struct patterns *patterns;
    static struct programme programme;
    if (patterns == NULL) {
        patterns = shipped_patterns();
    }
    struct arena *arena = arena_new();
    char *text = utf8_repair(arena, (const char *)data, size);
    struct reader reader = {.patterns = patterns, .programme = &programme, .today = {2026, 11, 22}};
    struct letter letter = {.from = {.address = "somebody@example.org", .name = "Petra Müller"},
                            .subject = ""};
    struct own_words own;
    struct persons persons;
    own_words(arena, patterns, text, &own);
    persons_find(arena, &reader, &letter, &own, &persons);
    for (size_t i = 0; i < persons.person.n; i++) {
        for (int f = 0; f < PERSON_FIELDS; f++) {
            const struct fact *fact = &persons.person.at[i].field[f];
            if (fact->value != NULL && (fact->evidence.words == NULL || fact->evidence.pattern == NULL)) {
                abort();
            }
        }
    }
    arena_free(arena);
    return 0;
}
