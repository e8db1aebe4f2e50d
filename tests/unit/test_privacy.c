#include "daemon/desk/privacy.h"

#include "tests/unit/check.h"

TEST(an_answer_is_due_within_one_month)
{
    static const struct {
        const char *received, *until;
    } rows[] = {{"2026-11-22", "2026-12-22"}, {"2026-12-05", "2027-01-05"}, {"2026-01-31", "2026-02-28"},
                {"2028-01-30", "2028-02-29"}, {"2026-03-31", "2026-04-30"}, {"2026-12-31", "2027-01-31"}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct date received;
        CHECK(date_parse_iso(rows[i].received, &received));
        const char *until = date_iso(arena, privacy_until(received));
        CHECK_ROW(strcmp(until, rows[i].until) == 0, "%s: %s", rows[i].received, until);
    }
    arena_free(arena);
}

TEST(the_wish_is_told_by_its_words)
{
    static const struct {
        const char *pattern, *words;
        unsigned wishes;
    } rows[] = {{"privacy.access", "Auskunft über meine Daten", PRIVACY_ACCESS},
                {"privacy.access", "Art. 15 DSGVO", PRIVACY_ACCESS},
                {"privacy.access", "Art. 17 DSGVO", PRIVACY_ERASE},
                {"privacy.erase", "löschen Sie alle Daten", PRIVACY_ERASE},
                {NULL, NULL, PRIVACY_ACCESS}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reading reading = {0};
        struct intent *intent = LIST_ADD(arena, &reading.intents);
        *intent = (struct intent){.kind = INTENT_PRIVACY};
        intent->evidence.pattern = rows[i].pattern;
        intent->evidence.words = rows[i].words;
        CHECK_ROW(privacy_wishes(&reading) == rows[i].wishes, "row %zu: %u", i, privacy_wishes(&reading));
        intent->kind = INTENT_QUESTION;
        CHECK_ROW(privacy_wishes(&reading) == 0, "row %zu: a question", i);
    }
    arena_free(arena);
}

int main(void)
{
    RUN(an_answer_is_due_within_one_month);
    RUN(the_wish_is_told_by_its_words);
    return check_done();
}
