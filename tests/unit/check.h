/* tests/unit/check.h: the few lines a unit test needs.
 *
 *     TEST(dates_with_two_digits) { CHECK_INT(d.year, 1958); CHECK_STR(s, "Petra"); }
 *     int main(void) { RUN(dates_with_two_digits); return check_done(); }
 *
 * Each test prints one line, "ok NAME" or "not ok NAME", with the reasons above it; tests/run
 * counts them. A table-driven test may print a line a row with CHECK_ROW. */
#ifndef STADTLABOR_TESTS_CHECK_H
#define STADTLABOR_TESTS_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int check_failures; /* of the test that is running */
static int check_total_failed;

#define TEST(name) static void test_##name(void)

#define RUN(name)                                                                                            \
    do {                                                                                                     \
        check_failures = 0;                                                                                  \
        test_##name();                                                                                       \
        printf("%sok " #name "\n", check_failures ? "not " : "");                                            \
        check_total_failed += check_failures != 0;                                                           \
    } while (0)

#define CHECK(condition) CHECK_ROW(condition, "%s", #condition)

/* With words of one's own about the row that failed. */
#define CHECK_ROW(condition, ...)                                                                            \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            check_failures++;                                                                                \
            printf("# %s:%d: ", __FILE__, __LINE__);                                                         \
            printf(__VA_ARGS__);                                                                             \
            printf("\n");                                                                                    \
        }                                                                                                    \
    } while (0)

#define CHECK_INT(got, want)                                                                                 \
    do {                                                                                                     \
        long long check_got = (long long)(got), check_want = (long long)(want);                              \
        CHECK_ROW(check_got == check_want, "%s is %lld, wanted %lld", #got, check_got, check_want);          \
    } while (0)

#define CHECK_STR(got, want)                                                                                 \
    do {                                                                                                     \
        const char *check_got = (got), *check_want = (want);                                                 \
        bool check_same = check_got == check_want ||                                                         \
                          (check_got != NULL && check_want != NULL && strcmp(check_got, check_want) == 0);   \
        CHECK_ROW(check_same, "%s is \"%s\", wanted \"%s\"", #got, check_got ? check_got : "(null)",         \
                  check_want ? check_want : "(null)");                                                       \
    } while (0)

static inline int check_done(void)
{
    fflush(stdout);
    return check_total_failed != 0;
}

#endif
