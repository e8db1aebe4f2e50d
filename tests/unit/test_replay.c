#include "daemon/staff/replay.h"
#include "tests/unit/check.h"

#define PETRA "\"persons\":[{\"first_name\":\"Petra\",\"last_name\":\"Lang\",\"birth_date\":\"1958-05-03\""
#define REGISTER(more)                                                                                       \
    "{\"kind\":\"register\",\"event\":\"2027-02-09-rundgang\",\"missing\":[]," PETRA more "}]}"
#define ACT "{\"auto\":\"act\",\"staff\":false,\"intents\":[" REGISTER("") "]}"
#define QUESTION "{\"kind\":\"question\"}"
#define BOTH "{\"auto\":\"act\",\"staff\":true,\"intents\":[" REGISTER("") "," QUESTION "]}"
#define WHOLE                                                                                                \
    "{\"auto\":\"act\",\"staff\":false,\"confidence\":85,\"intents\":[" REGISTER(                            \
        ",\"evidence\":{\"first_name\":{\"at\":3}}") "]}"
#define ASK                                                                                                  \
    "{\"auto\":\"ask\",\"staff\":false,\"intents\":[{\"kind\":\"register\",\"event\":null,"                  \
    "\"missing\":[\"event\"]," PETRA "}]}]}"
#define PERSON "{\"auto\":\"none\",\"staff\":true,\"intents\":[" QUESTION "]}"
#define ROBOT "{\"auto\":\"none\",\"staff\":false,\"intents\":[{\"kind\":\"bulk\"}]}"

static enum replay_verdict judged(const char *reading, const char *outcome, const char *chosen)
{
    json_t *essence = replay_essence(reading);
    enum replay_verdict verdict = replay_judge(essence, outcome, chosen);
    json_decref(essence);
    return verdict;
}

TEST(evidence_and_confidence_are_no_difference)
{
    json_t *plain = replay_essence(ACT), *whole = replay_essence(WHOLE), *ask = replay_essence(ASK);
    CHECK(json_equal(plain, whole) == 1);
    CHECK(json_equal(plain, ask) == 0);
    CHECK(replay_essence("no JSON") == NULL && replay_essence("[1]") == NULL);
    json_decref(plain);
    json_decref(whole);
    json_decref(ask);
}

TEST(what_a_person_chose_judges_a_reading)
{
    static const struct {
        const char *reading, *outcome, *chosen;
        enum replay_verdict verdict;
    } rows[] = {
        {ACT, "accepted", ACT, REPLAY_AGREES},    {WHOLE, "accepted", ACT, REPLAY_AGREES},
        {BOTH, "accepted", ACT, REPLAY_AGREES},   {PERSON, "accepted", ACT, REPLAY_DISAGREES},
        {ASK, "accepted", ACT, REPLAY_DISAGREES}, {ASK, "asked", ASK, REPLAY_AGREES},
        {ACT, "asked", ASK, REPLAY_DISAGREES},    {PERSON, "replied", "", REPLAY_AGREES},
        {ACT, "answered", "", REPLAY_DISAGREES},  {BOTH, "moved", "", REPLAY_AGREES},
        {PERSON, "spam", "", REPLAY_DISAGREES},   {ROBOT, "spam", "", REPLAY_AGREES},
        {ACT, "retried", "", REPLAY_NO_CHOICE},   {ACT, NULL, NULL, REPLAY_NO_CHOICE},
        {ACT, "accepted", "{", REPLAY_DISAGREES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_ROW(judged(rows[i].reading, rows[i].outcome, rows[i].chosen) == rows[i].verdict, "row %zu", i);
    }
}

TEST(a_reading_is_told_in_one_line)
{
    static const char *const rows[][2] = {
        {ACT, "Anmeldung 2027-02-09-rundgang: Petra Lang"},
        {BOTH, "Anmeldung 2027-02-09-rundgang: Petra Lang; Frage oder Anliegen; dazu ein Mensch"},
        {ASK, "nachfragen: Anmeldung: Petra Lang (unvollständig)"},
        {PERSON, "an einen Menschen: Frage oder Anliegen"},
        {ROBOT, "Rundmail oder Werbung"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        json_t *essence = replay_essence(rows[i][0]);
        CHECK_STR(replay_words(arena, essence), rows[i][1]);
        json_decref(essence);
        arena_free(arena);
    }
}

int main(void)
{
    RUN(evidence_and_confidence_are_no_difference);
    RUN(what_a_person_chose_judges_a_reading);
    RUN(a_reading_is_told_in_one_line);
    return check_done();
}
