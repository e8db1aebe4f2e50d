#include "parsers/pattern/weight_list.h"

#include "base/text.h"
#include "tests/unit/check.h"

#include <stdlib.h>
#include <unistd.h>

static struct arena *arena;

/* Adds one file of a folder of its own. */
static bool add(struct weight_lists *lists, const char *text, struct error *err)
{
    char folder[] = "/tmp/weights.XXXXXX", path[64];
    if (mkdtemp(folder) == NULL) {
        return false;
    }
    snprintf(path, sizeof path, "%s/words.weights", folder);
    FILE *f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
    bool good = weight_lists_folder(arena, folder, lists, err);
    unlink(path);
    rmdir(folder);
    return good;
}

static struct weight weight_of(const struct weight_lists *lists, const char *what)
{
    const struct weight_list *list = weight_list(lists, "words");
    return weight_of_hash(list, str_hash(STR_HASH, what, strlen(what)));
}

TEST(a_line_is_two_numbers_and_what_they_are_of)
{
    struct weight_lists lists = {0};
    struct error err = {0};
    CHECK(add(&lists, "# a comment\n\n87 -12 wüsste\n-5 6 kann ich\n1 2 <>", &err));
    CHECK_INT(weight_of(&lists, "wüsste").of[0], 87);
    CHECK_INT(weight_of(&lists, "wüsste").of[1], -12);
    CHECK_INT(weight_of(&lists, "kann ich").of[0], -5);
    CHECK_INT(weight_of(&lists, "<>").of[1], 2);
    CHECK_INT(weight_of(&lists, "kann").of[0], 0);
    CHECK(weight_list(&lists, "other") == NULL);
}

TEST(parts_fed_one_after_the_other_are_the_whole)
{
    uint64_t whole = str_hash(STR_HASH, "kann ich", 8);
    uint64_t parts = str_hash(str_hash(STR_HASH, "kann", 4), " ich", 4);
    CHECK(whole == parts);
    CHECK(whole != str_hash(STR_HASH, "kann  ich", 9));
}

TEST(a_later_folder_replaces_and_adds)
{
    struct weight_lists lists = {0};
    struct error err = {0};
    CHECK(add(&lists, "1 1 alt\n2 2 bleibt\n", &err) && add(&lists, "9 0 alt\n3 3 neu\n", &err));
    CHECK_INT(weight_of(&lists, "alt").of[0], 9);
    CHECK_INT(weight_of(&lists, "alt").of[1], 0);
    CHECK_INT(weight_of(&lists, "bleibt").of[0], 2);
    CHECK_INT(weight_of(&lists, "neu").of[0], 3);
}

TEST(many_lines_are_all_found)
{
    struct weight_lists lists = {0};
    struct error err = {0};
    struct text text = text_new(arena, 1 << 20);
    for (int i = 1; i <= 5000; i++) {
        text_printf(&text, "%d %d word%d\n", i, -i, i);
    }
    CHECK(add(&lists, text.s, &err));
    int wrong = 0;
    for (int i = 1; i <= 5000; i++) {
        const char *word = arena_printf(arena, "word%d", i);
        wrong += weight_of(&lists, word).of[0] != i || weight_of(&lists, word).of[1] != -i;
    }
    CHECK_INT(wrong, 0);
}

TEST(what_is_no_line_is_refused_with_its_place)
{
    static const char *const bad[] = {"wüsste\n",     "1 wüsste\n",  "1 2\n",        "1 2 \n",
                                      "1,5 2 wort\n", "10001 2 x\n", "1 -10001 x\n", "1  2 wort\n",
                                      "0x1 2 wort\n", "1 2\twort\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct weight_lists lists = {0};
        struct error err = {0};
        CHECK_ROW(!add(&lists, arena_printf(arena, "# first\n%s", bad[i]), &err), "taken: %s", bad[i]);
        CHECK_ROW(strstr(err.what, "words.weights:2: right would be") != NULL, "%s: %s", bad[i], err.what);
    }
    struct weight_lists lists = {0};
    struct error err = {0};
    CHECK(!add(&lists, "1 2 w\xff\n", &err) && strstr(err.what, "UTF-8") != NULL);
}

TEST(a_folder_that_is_not_there_adds_nothing)
{
    struct weight_lists lists = {0};
    struct error err = {0};
    CHECK(weight_lists_folder(arena, "/nowhere/at/all", &lists, &err));
    CHECK(weight_list(&lists, "words") == NULL);
}

int main(void)
{
    arena = arena_new();
    RUN(a_line_is_two_numbers_and_what_they_are_of);
    RUN(parts_fed_one_after_the_other_are_the_whole);
    RUN(a_later_folder_replaces_and_adds);
    RUN(many_lines_are_all_found);
    RUN(what_is_no_line_is_refused_with_its_place);
    RUN(a_folder_that_is_not_there_adds_nothing);
    arena_free(arena);
    return check_done();
}
