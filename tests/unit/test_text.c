#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"
#include "tests/unit/check.h"

TEST(a_cap_is_never_passed_unseen)
{
    struct arena *arena = arena_new();
    struct text t = text_new(arena, 10);
    text_add(&t, "0123456789");
    CHECK(!t.overflow);
    text_addc(&t, 'x');
    CHECK(t.overflow);
    CHECK_STR(t.s, "0123456789");
    arena_free(arena);
}

TEST(numbers_are_added_in_digits)
{
    static const int64_t numbers[] = {0, 7, -1, 10, 1234567890123, INT64_MAX, INT64_MIN};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct text t = text_new(arena, 100);
        text_addi(&t, numbers[i]);
        CHECK_STR(t.s, arena_printf(arena, "%lld", (long long)numbers[i]));
    }
    arena_free(arena);
}

TEST(broken_utf8_is_repaired)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } rows[] = {
        {"Grüße", 7, "Grüße"},
        {"Gr\xfc\xdf"
         "e",
         5,
         "Gr\xef\xbf\xbd\xef\xbf\xbd"
         "e"},
        {"a\0b", 3,
         "a\xef\xbf\xbd"
         "b"},
        {"\xe2\x82", 2, "\xef\xbf\xbd\xef\xbf\xbd"},
        {"", 0, ""},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_STR(utf8_repair(arena, rows[i].in, rows[i].len), rows[i].out);
    }
    CHECK(!utf8_valid("a\0b", 3));
    arena_free(arena);
}

TEST(a_part_of_a_text_holds_whole_characters)
{
    const char *s = "Grüße";
    CHECK_INT(utf8_cut(s, 2), 2);
    CHECK_INT(utf8_cut(s, 3), 2);
    CHECK_INT(utf8_cut(s, 4), 4);
    CHECK_INT(utf8_cut(s, 100), 7);
    CHECK_INT(utf8_cut(s, 0), 0);
    CHECK_INT(utf8_before(s, 7, 1), 6);
    CHECK_INT(utf8_before(s, 7, 2), 6);
    CHECK_INT(utf8_before(s, 7, 3), 4);
    CHECK_INT(utf8_before(s, 7, 100), 0);
    CHECK_INT(utf8_before(s, 0, 3), 0);
}

TEST(folding_makes_spellings_equal)
{
    struct arena *arena = arena_new();
    CHECK_STR(utf8_fold(arena, "MÜLLER-Lüdenscheidt"), "mueller-luedenscheidt");
    CHECK_STR(utf8_fold(arena, "Mu\xcc\x88ller"), "mueller");
    CHECK_STR(utf8_fold(arena, "Straße Café Łódź Yılmaz Nguyễn"), "strasse cafe lodz yilmaz nguyen");
    arena_free(arena);
}

TEST(a_list_keeps_its_elements_while_growing)
{
    struct arena *arena = arena_new();
    LIST(int)
    list = {0};
    for (int i = 0; i < 1000; i++) {
        *LIST_ADD(arena, &list) = i;
    }
    CHECK_INT(list.n, 1000);
    for (size_t i = 0; i < list.n; i++) {
        CHECK_INT(list.at[i], i);
    }
    arena_free(arena);
}

TEST(an_error_is_one_valid_line)
{
    struct error err;
    char long_text[2000];
    memset(long_text, 'a', sizeof long_text);
    long_text[510] = '\xc3';
    long_text[511] = '\xbc';
    long_text[1999] = '\0';
    CHECK(!fail(&err, "%s", long_text));
    CHECK(utf8_valid(err.what, strlen(err.what)));
    fail(&err, "a\r\nb");
    CHECK_STR(err.what, "a  b");
    fail_within(&err, "file %d", 3);
    CHECK_STR(err.what, "file 3: a  b");
}

int main(void)
{
    RUN(a_cap_is_never_passed_unseen);
    RUN(numbers_are_added_in_digits);
    RUN(broken_utf8_is_repaired);
    RUN(a_part_of_a_text_holds_whole_characters);
    RUN(folding_makes_spellings_equal);
    RUN(a_list_keeps_its_elements_while_growing);
    RUN(an_error_is_one_valid_line);
    return check_done();
}
