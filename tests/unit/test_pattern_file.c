#include "parsers/pattern/pattern_file.h"

#include "base/text.h"
#include "tests/unit/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PR_SET_MDWE /* Linux 6.3 */
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"a.patterns", "b.patterns"};
    for (size_t i = 0; i < 2; i++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* Loads one or two texts as files of one folder. */
static struct patterns *load(const char *a, const char *b, struct error *err)
{
    char folder[] = "/tmp/patterns.XXXXXX";
    if (mkdtemp(folder) == NULL) {
        return NULL;
    }
    write_file(folder, "a.patterns", a);
    if (b != NULL) {
        write_file(folder, "b.patterns", b);
    }
    const char *const folders[] = {folder, NULL};
    struct patterns *patterns = patterns_load(folders, true, err);
    remove_folder(folder);
    return patterns;
}

static const char simple[] = "# what people write\n"
                             "define month  Januar|Jan\\.? # short\n"
                             "  |Mai\n"
                             "\n"
                             "pattern date.words\n"
                             "  weight 3\n"
                             "  (?<day>\\d{1,2})\\.\\s*   # the day\n"
                             "  (?<month>(?&month))\n"
                             "  + am 3. MAI\n"
                             "  + 3.\\nJan.\n"
                             "  - 3. Tage\n"
                             "pattern date.number\n"
                             "  (?<day>\\d{1,2})\n"
                             "  + 7\n"
                             "  - sieben\n"
                             "pattern other.way\n"
                             "  Straße\n"
                             "  + STRASSE STRAẞE\n"
                             "  - Weg\n";

TEST(a_match_tells_its_words_and_groups)
{
    struct error err = {0};
    struct patterns *patterns = load(simple, NULL, &err);
    CHECK_ROW(patterns != NULL, "%s", err.what);
    if (patterns == NULL) {
        return;
    }
    struct arena *arena = arena_new();
    struct found found;
    const char *text = "geboren am 03. Mai, im Süden";
    CHECK(patterns_find(patterns, arena, "date", text, strlen(text), 0, &found));
    CHECK_STR(found.pattern, "date.words");
    CHECK_STR(found.where, "a.patterns:5");
    CHECK_STR(found.words, "03. Mai");
    CHECK_INT(found.weight, 3);
    CHECK_INT(found.at, 11);
    CHECK_STR(found_group(&found, "day"), "03");
    CHECK_STR(found_group(&found, "month"), "Mai");
    CHECK(found_group(&found, "year") == NULL);
    CHECK(patterns_find(patterns, arena, "date.number", text, strlen(text), 0, &found));
    CHECK_STR(found.words, "03");
    CHECK(!patterns_find(patterns, arena, "date", text, strlen(text), 13, &found));
    CHECK(!patterns_find(patterns, arena, "dat", text, strlen(text), 0, &found));
    struct founds all;
    patterns_find_all(patterns, arena, "date", text, strlen(text), &all);
    CHECK_INT(all.n, 2);
    CHECK_STR(all.at[0].pattern, "date.words");
    CHECK_STR(all.at[1].pattern, "date.number");
    arena_free(arena);
    patterns_free(patterns);
}

TEST(a_broken_file_is_refused_with_its_place)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"patern a.b\n", "a.patterns:1: a line begins with \"patern\""},
        {"  abc\n", "a.patterns:1: an indented line, and no"},
        {"# x\npattern ab\n  x\n  + x\n  - y\n", "a.patterns:2: pattern \"ab\" has no group"},
        {"pattern a.b x\n", "a.patterns:1: \"x\" stands behind the name"},
        {"pattern a.B\n", "a.patterns:1: a name of small letters"},
        {"pattern a.b\n  x\n  + x\n", "a.patterns:1: a.b needs an example that must not match"},
        {"pattern a.b\n  x\n  - y\n", "a.patterns:1: a.b needs an example that must match"},
        {"pattern a.b\n  + x\n  - y\n", "a.patterns:1: a.b has no expression"},
        {"pattern a.b\n  x\n  + y\n  - z\n", "a.patterns:3: a.b does not match \"y\""},
        {"pattern a.b\n  x\n  + x\n  - axa\n", "a.patterns:4: a.b matches, and must not, \"axa\""},
        {"pattern a.b\n  (a\n   b\n  (c\n  + x\n  - y\n", "missing closing parenthesis"},
        {"pattern a.b\n  a\n  b{3,1}\n  c\n  + x\n  - y\n", "a.patterns:3: a.b: "},
        {"pattern a.b\n  weight x\n", "a.patterns:2: \"weight x\"; right would be"},
        {"pattern a.b\n  (?&month)\n  + x\n  - y\n", "a.patterns:2: (?&month) is defined nowhere"},
        {"define a (?&b)\ndefine b (?&a)\n", "leads back to itself"},
        {"define a [\n", "a.patterns:1: a: missing terminating ]"},
        {"define a x\n  + x\n", "an example below define a"},
        {"pattern a.b\n  x\n  + x\n  - y\npattern a.b\n  x\n  + x\n  - y\n",
         "a.patterns:5: \"a.b\" stands already in a.patterns:1"},
        {"pattern a.b\n  ^(a+)+$\n  + aaa\n  + aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n  - y\n", "too many steps"},
        {"pattern a.b\n  (x\n  + x\n  - y\npattern a.c\n  x)\n  + x\n  - y\n", "a.patterns:2: a.b: missing"},
        {"pattern a.b\n  x\n  + z\n  - y\npattern a.c\n  x\n  + z\n  - y\n", "a.patterns:3: a.b does not"},
        {"\xff\n", "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {0};
        struct patterns *patterns = load(rows[i].text, NULL, &err);
        CHECK_ROW(patterns == NULL, "row %zu was taken", i);
        CHECK_ROW(strstr(err.what, rows[i].message) != NULL, "row %zu says \"%s\", wanted \"%s\"", i,
                  err.what, rows[i].message);
        patterns_free(patterns);
    }
}

TEST(a_missing_folder_is_refused_only_as_the_first)
{
    struct error err = {0};
    const char *const missing[] = {"/tmp/there-is-no-such-folder", NULL};
    CHECK(patterns_load(missing, true, &err) == NULL);
    CHECK(strstr(err.what, "/tmp/there-is-no-such-folder") != NULL);
}

TEST(a_later_folder_adds_and_replaces)
{
    char ours[] = "/tmp/patterns.XXXXXX", theirs[] = "/tmp/patterns.XXXXXX";
    CHECK(mkdtemp(ours) != NULL && mkdtemp(theirs) != NULL);
    write_file(ours, "a.patterns",
               "define w eins\npattern g.one\n  (?&w)\n  + eins\n  - zwei\n"
               "pattern g.two\n  (?&w)!\n  + eins!\n  - eins\n");
    write_file(theirs, "a.patterns",
               "pattern g.one\n  one\n  + one\n  - eins\n"
               "pattern g.three\n  drei\n  + drei\n  - eins\n");
    struct error err = {0};
    const char *const folders[] = {ours, theirs, "/tmp/there-is-no-such-folder", NULL};
    struct patterns *patterns = patterns_load(folders, true, &err);
    CHECK_ROW(patterns != NULL, "%s", err.what);
    struct arena *arena = arena_new();
    struct founds all;
    patterns_find_all(patterns, arena, "g", "eins one drei eins!", 19, &all);
    CHECK_INT(all.n, 3);
    CHECK_STR(all.at[0].words, "one");
    CHECK_STR(all.at[1].pattern, "g.three");
    arena_free(arena);
    patterns_free(patterns);
    remove_folder(ours);
    remove_folder(theirs);
}

static const char costly[] = "pattern a.b\n  ^(a+)+$\n  + aaa\n  - b\n";

TEST(a_costly_match_is_given_up)
{
    struct error err = {0};
    struct patterns *patterns = load(costly, NULL, &err);
    struct arena *arena = arena_new();
    struct found found;
    const char *hostile = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
    CHECK_INT(patterns_limits_hit(patterns), 0);
    CHECK(!patterns_find(patterns, arena, "a", hostile, strlen(hostile), 0, &found));
    CHECK_INT(patterns_limits_hit(patterns), 1);
    struct founds all;
    patterns_find_all(patterns, arena, "a", hostile, strlen(hostile), &all);
    CHECK_INT(all.n, 0);
    CHECK_INT(patterns_limits_hit(patterns), 2);
    arena_free(arena);
    patterns_free(patterns);
}

struct work {
    const struct patterns *patterns;
    int wrong;
};

static void *match_often(void *argument)
{
    struct work *work = argument;
    struct arena *arena = arena_new();
    for (int i = 0; i < 2000; i++) {
        struct found found;
        char text[40];
        int len = snprintf(text, sizeof text, "am %d. Mai", i % 28 + 1);
        char day[12];
        snprintf(day, sizeof day, "%d", i % 28 + 1);
        if (!patterns_find(work->patterns, arena, "date", text, (size_t)len, 0, &found) ||
            !str_equal(found_group(&found, "day"), day)) {
            work->wrong++;
        }
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

TEST(threads_share_the_patterns)
{
    enum { THREADS = 12 }; /* more than keep a matcher of their own */
    struct error err = {0};
    struct patterns *patterns =
        load("pattern date.d\n  (?<day>\\d+)\\.\\s*Mai\n  + 3. Mai\n  - 3. Juni\n", NULL, &err);
    struct work work[THREADS];
    pthread_t thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
        work[i] = (struct work){.patterns = patterns};
        CHECK_INT(pthread_create(&thread[i], NULL, match_often, &work[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        CHECK_INT(work[i].wrong, 0);
    }
    patterns_free(patterns);
}

TEST(the_own_patterns_hold)
{
    struct error err = {0};
    const char *const folders[] = {"parsers/patterns", NULL}; /* tests run in the root */
    struct patterns *patterns = patterns_load(folders, true, &err);
    CHECK_ROW(patterns != NULL, "%s", err.what);
    patterns_free(patterns);
}

/* The last: from here on the process cannot get executable memory, as in the hardened service. */
TEST(without_jit_the_interpreter_matches)
{
    (void)prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0); /* older kernels: JIT stays on */
    struct error err = {0};
    struct patterns *patterns = load(costly, NULL, &err);
    CHECK_ROW(patterns != NULL, "%s", err.what);
    struct arena *arena = arena_new();
    struct found found;
    CHECK(patterns_find(patterns, arena, "a", "b\naaa", 5, 0, &found));
    CHECK_INT(found.at, 2);
    arena_free(arena);
    patterns_free(patterns);
}

int main(void)
{
    RUN(a_match_tells_its_words_and_groups);
    RUN(a_broken_file_is_refused_with_its_place);
    RUN(a_missing_folder_is_refused_only_as_the_first);
    RUN(a_later_folder_adds_and_replaces);
    RUN(a_costly_match_is_given_up);
    RUN(threads_share_the_patterns);
    RUN(the_own_patterns_hold);
    RUN(without_jit_the_interpreter_matches);
    return check_done();
}
