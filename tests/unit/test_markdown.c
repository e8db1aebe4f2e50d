#include "base/text.h"
#include "daemon/newsletter/markdown.h"
#include "tests/unit/check.h"

static struct arena *arena;

static char *html(const char *source)
{
    struct markdown *markdown = NULL;
    struct issue_pictures none = {0};
    struct error err = {""};
    CHECK_ROW(markdown_parse(source, &markdown, &err), "%s", err.what);
    char *out = markdown_html(arena, markdown, &none);
    markdown_free(markdown);
    return out;
}

static char *text(const char *source)
{
    struct markdown *markdown = NULL;
    struct error err = {""};
    CHECK_ROW(markdown_parse(source, &markdown, &err), "%s", err.what);
    char *out = markdown_text(arena, markdown);
    markdown_free(markdown);
    return out;
}

TEST(text_reads_well_by_itself)
{
    static const struct {
        const char *markdown, *text;
    } rows[] = {
        {"# Guten Tag\n\nein\nAbsatz\n", "Guten Tag\n=========\n\nein Absatz\n"},
        {"## Größe\n\nx", "Größe\n-----\n\nx\n"},
        {"### klein\nx", "klein\nx\n"},
        {"- a\n- b\n  - c\n- d\n\nx", "- a\n- b\n  - c\n- d\n\nx\n"},
        {"9. a\n\n10. b\n", "9. a\n\n10. b\n"},
        {"> a\n>\n> b\n", "> a\n\n> b\n"},
        {"a  \nb", "a\nb\n"},
        {"**fett** _kursiv_ `code` ~~weg~~", "fett kursiv code weg\n"},
        {"[hier](https://example.org/a)", "hier (https://example.org/a)\n"},
        {"https://example.org/a", "https://example.org/a\n"},
        {"<lab@example.org>", "lab@example.org\n"},
        {"[Post](mailto:lab@example.org)", "Post (lab@example.org)\n"},
        {"[Post](mailto:lab@example.org?subject=Gr%C3%BC%C3%9Fe%20%)",
         "Post (Mail an lab@example.org, Betreff „Grüße %“)\n"},
        {"![ein Haus](haus.png)", "[Bild: ein Haus]\n"},
        {"|a|b|\n|-|-|\n|c|d|\n\nx", "a | b\nc | d\n\nx\n"},
        {"```\nzwei\n  Zeilen\n```\n\nx", "zwei\n  Zeilen\n\nx\n"},
        {"a\n\n---\n\nb", "a\n\n----------\n\nb\n"},
        {"[x](javascript:alert)", "x\n"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = text(rows[i].markdown);
        CHECK_ROW(strcmp(got, rows[i].text) == 0, "%s: \"%s\", wanted \"%s\"", rows[i].markdown, got,
                  rows[i].text);
    }
}

TEST(html_is_made_of_what_mail_programs_know)
{
    static const struct {
        const char *markdown, *holds;
    } rows[] = {
        {"# A & B", ">A &amp; B</h1>"},
        {"[x](https://example.org/?a=1&b=\"2\")", "href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\""},
        {"[x](javascript:alert(1))", "href=\"\""},
        {"a <script>b</script>", "&lt;script&gt;"},
        {"<div>\nx\n</div>", "&lt;div&gt;"},
        {"- a\n- b", "<li style=\"margin:0 0 8px 0;\">a</li>"},
        {"3. a", "<ol start=\"3\""},
        {"|a|\n|-|\n|c|", "<th scope=\"col\" class=\"cell\""},
        {"|a|b|\n|-|-:|\n|c|d|", "align=\"right\" valign=\"top\" style=\"text-align:right;"},
        {"|a|b|\n|-:|-|\n|c|d|", "align=\"left\" valign=\"top\" style=\"text-align:left;"},
        {"![ein \"Haus\"](haus.png)", "ein &quot;Haus&quot;"},
        {"~~a~~", "<s>a</s>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = html(rows[i].markdown);
        CHECK_ROW(strstr(got, rows[i].holds) != NULL, "%s: %s", rows[i].markdown, got);
    }
    CHECK(strstr(html("- a\n- b"), "<p") == NULL);
    CHECK(strstr(html("- a\n\n- b"), "<p") != NULL);
}

TEST(links_and_pictures_are_told_in_their_order)
{
    struct markdown *markdown = NULL;
    struct markdown_links links;
    struct error err = {""};
    CHECK(markdown_parse("![ Bild **1** ](a.png) [x](b) <i>\n", &markdown, &err));
    markdown_links(arena, markdown, &links);
    markdown_free(markdown);
    CHECK_INT(links.link.n, 2);
    CHECK(links.link.at[0].picture && !links.link.at[1].picture);
    CHECK_STR(links.link.at[0].words, "Bild 1");
    CHECK_STR(links.link.at[1].url, "b");
    CHECK_STR(links.raw_html, "<i>");
}

TEST(depth_does_no_harm)
{
    struct text deep = text_new(arena, MARKDOWN_MAX);
    for (int i = 0; i < 5000; i++) {
        text_add(&deep, "> - ");
    }
    text_add(&deep, "x\n");
    CHECK(strstr(text(deep.s), "x") != NULL);
    CHECK(strstr(html(deep.s), "x") != NULL);
    for (text_clear(&deep); deep.len + 10 < MARKDOWN_MAX / 4;) {
        text_add(&deep, "[a](");
    }
    CHECK(text(deep.s)[0] != '\0');
}

int main(void)
{
    arena = arena_new();
    RUN(text_reads_well_by_itself);
    RUN(html_is_made_of_what_mail_programs_know);
    RUN(links_and_pictures_are_told_in_their_order);
    RUN(depth_does_no_harm);
    arena_free(arena);
    return check_done();
}
