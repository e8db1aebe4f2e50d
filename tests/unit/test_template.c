/* The rows are our own; the official specification is run against `stadtlabor render`. */
#include "daemon/post/template.h"

#include "base/text.h"
#include "tests/unit/check.h"

#include <stdlib.h>
#include <time.h>

/* Partials by name, two in a row: name, text. */
struct partials {
    struct arena *arena;
    const char *const *at;
};

static bool find(void *context, const char *name, const struct template **ret, struct error *err)
{
    struct partials *partials = context;
    *ret = NULL;
    for (const char *const *at = partials->at; at != NULL && *at != NULL; at += 2) {
        if (str_equal(at[0], name)) {
            return template_parse(partials->arena, name, at[1], strlen(at[1]), 1, ret, err);
        }
    }
    return true;
}

enum way { RENDER, STRICT, CHECK };

/* The output, or "! " and the error. */
static const char *print(struct arena *arena, const char *template_text, const char *json,
                         const char *const *partials, enum template_escape escape, enum way way)
{
    struct error err = {{0}};
    struct partials found = {.arena = arena, .at = partials};
    struct template_options options = {
        .escape = escape, .find = find, .find_context = &found, .strict = way == STRICT};
    const struct template *template;
    char *out = arena_strdup(arena, "");
    size_t len;
    json_t *data = json_loads(json, JSON_DECODE_ANY, NULL);
    bool done =
        data != NULL && template_parse(arena, "t", template_text, strlen(template_text), 1, &template, &err);
    if (done) {
        done = way == CHECK ? template_check(arena, template, data, &options, &err)
                            : template_render(arena, template, data, &options, &out, &len, &err);
    }
    json_decref(data);
    return done ? out : arena_printf(arena, "! %s", err.what);
}

TEST(prints_as_the_specification_says)
{
    static const struct {
        const char *template, *json, *out;
    } rows[] = {
        {"no tags, one { brace }", "{}", "no tags, one { brace }"},
        {"{{a}} {{{a}}} {{&a}}", "{\"a\": \"<b> & 'c' \\\"\"}",
         "&lt;b&gt; &amp; &#39;c&#39; &quot; <b> & 'c' \" <b> & 'c' \""},
        {"{{a.b.c}}|{{a.x.c}}|{{x.y}}", "{\"a\": {\"b\": {\"c\": 1}}}", "1||"},
        {"{{n}} {{r}} {{w}} {{t}} {{z}}", "{\"n\": -3, \"r\": 0.1, \"w\": 2.0, \"t\": true, \"z\": null}",
         "-3 0.1 2 true "},
        {"{{#l}}<{{.}}>{{/l}}", "{\"l\": [1, \"b\", 2.5]}", "<1><b><2.5>"},
        {"{{#l}}{{#.}}{{.}},{{/.}};{{/l}}", "{\"l\": [[1, 2], [3]]}", "1,2,;3,;"},
        {"{{#.}}{{a}}{{/.}}", "[{\"a\": 1}, {\"a\": 2}]", "12"},
        {"{{.}}", "\"world\"", "world"},
        {"{{#a}}in {{b}} {{c}}{{/a}}", "{\"a\": {\"b\": 1}, \"b\": 2, \"c\": 3}", "in 1 3"},
        {"{{#a}}{{b.c}}{{/a}}", "{\"a\": {\"b\": {}}, \"b\": {\"c\": \"outer\"}}", ""},
        {"{{#f}}x{{/f}}{{^f}}y{{/f}}{{^e}}z{{/e}}{{#s}}s{{/s}}", "{\"f\": false, \"e\": [], \"s\": \"\"}",
         "yz"},
        {"a\n  {{#t}}  \nb\n  {{/t}}\nc", "{\"t\": true}", "a\nb\nc"},
        {"a\r\n{{! gone\n   too }}\r\nb", "{}", "a\r\nb"},
        {" {{! }} {{a}}\n", "{\"a\": 1}", "  1\n"},
        {"{{=| |=}}|a|{{a}}|={{ }}=|{{a}}", "{\"a\": 1}", "1{{a}}1"},
        {"{{=<% %>=}}<%{a}%> <%& a %>", "{\"a\": \"&\"}", "& &"},
        {"{{#a}}x", "{}", "! t:1: a section is opened here and never closed: a"},
        {"x\n{{#a}}{{#b}}{{/a}}{{/b}}", "{}", "! t:2: \"b\" of line 2 should be closed here, not: a"},
        {"{{/a}}", "{}", "! t:1: a section is closed that is not open: a"},
        {"\n\n{{a", "{}", "! t:3: a tag is opened here and never closed"},
        {"{{ }}", "{}", "! t:1: a tag without a name"},
        {"{{=x=}}", "{}", "! t:1: delimiters are changed by two words, as in {{=<% %>=}}"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *out = print(arena, rows[i].template, rows[i].json, NULL, TEMPLATE_HTML, RENDER);
        CHECK_ROW(str_equal(out, rows[i].out), "%s\n→ %s\n  wanted %s", rows[i].template, out, rows[i].out);
    }
    arena_free(arena);
}

TEST(partials_keep_indentation_and_delimiters)
{
    static const char *const partials[] = {"p", "a\n{{x}}\n{{#l}}\n- {{.}}\n{{/l}}\n",
                                           "q", " {{>p}}\n{{#l}}{{.}}{{/l}} z\n",
                                           "d", "{{=| |=}}|x|",
                                           NULL};
    struct arena *arena = arena_new();
    const char *json = "{\"x\": \"<\\n>\", \"l\": [1, 2]}";
    CHECK_STR(print(arena, " {{>p}}\n", json, partials, TEMPLATE_TEXT, RENDER), " a\n <\n>\n - 1\n - 2\n");
    CHECK_STR(print(arena, "\t{{>q}}", json, partials, TEMPLATE_TEXT, RENDER),
              "\t a\n\t <\n>\n\t - 1\n\t - 2\n\t12 z\n");
    CHECK_STR(print(arena, "[{{>p}}]", json, partials, TEMPLATE_TEXT, RENDER), "[a\n<\n>\n- 1\n- 2\n]");
    CHECK_STR(print(arena, "{{>d}}{{x}}{{>none}}", "{\"x\": 1}", partials, TEMPLATE_TEXT, RENDER), "11");
    arena_free(arena);
}

TEST(plain_text_is_not_escaped)
{
    struct arena *arena = arena_new();
    CHECK_STR(print(arena, "{{a}}{{{a}}}", "{\"a\": \"<&>\"}", NULL, TEMPLATE_TEXT, RENDER), "<&><&>");
    arena_free(arena);
}

TEST(unknown_names_are_errors_when_strict)
{
    static const struct {
        const char *template, *json;
        enum way way;
        const char *out;
    } rows[] = {
        {"{{a}}\n{{b}}", "{\"a\": 1}", STRICT, "! t:2: unknown name: b"},
        {"{{#a}}{{b}}{{/a}}", "{\"a\": false}", STRICT, ""},
        {"{{#a}}\n{{b}}{{/a}}", "{\"a\": false}", CHECK, "! t:2: unknown name: b"},
        {"{{^a}}{{b}}{{/a}}", "{\"a\": true}", CHECK, "! t:1: unknown name: b"},
        {"{{#a}}{{b}}{{/a}}", "{\"a\": [{\"b\": 1}, {}]}", CHECK, "! t:1: unknown name: b"},
        {"{{#a}}{{b}}{{/a}}", "{\"a\": [], \"b\": 1}", CHECK, ""},
        {"{{>p}}", "{}", STRICT, "! t:1: unknown partial: p"},
        {"{{a}}", "{\"a\": [1]}", STRICT, "! t:1: a text is wanted, not a list or an object: a"},
        {"{{a}}", "{\"a\": null}", CHECK, ""},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *out = print(arena, rows[i].template, rows[i].json, NULL, TEMPLATE_HTML, rows[i].way);
        CHECK_ROW(str_equal(out, rows[i].out), "%s\n→ %s\n  wanted %s", rows[i].template, out, rows[i].out);
    }
    arena_free(arena);
}

static char *repeated(struct arena *arena, const char *s, size_t times)
{
    struct text text = text_new(arena, TEMPLATE_MAX * 2);
    for (size_t i = 0; i < times; i++) {
        text_add(&text, s);
    }
    return text.s;
}

TEST(hostile_templates_end_soon)
{
    static const char *const self[] = {"p", "x{{>p}}", "q", " {{>q}}\n {{>q}}\n", NULL};
    struct arena *arena = arena_new();
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    const char *list = arena_printf(arena, "{\"l\": [0%s]}", repeated(arena, ",0", 999));
    const struct {
        const char *template, *json, *part_of_error;
    } rows[] = {
        {"{{>p}}", "{}", "nested too deep"},
        {"{{>q}}", "{}", "nested too deep"},
        {"{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}", list, "too much work"},
        {"{{#l}}{{#l}}{{#l}}{{x.y.z}}{{/l}}{{/l}}{{/l}}", list, "too much work"},
        {arena_printf(arena, "{{#l}}{{#l}}%s{{/l}}{{/l}}", repeated(arena, "x", 1000)), list, "grows beyond"},
        {repeated(arena, "{{#l}}", TEMPLATE_DEPTH_MAX + 1), list, "nested too deep"},
        {repeated(arena, "x", TEMPLATE_MAX + 1), "{}", "more than"},
        {arena_printf(arena, "{{%s}}", repeated(arena, "x", TEMPLATE_NAME_MAX + 1)), "{}", "too long"},
        {repeated(arena, "{{ ", TEMPLATE_MAX / 3), "{}", "never closed"},
        {repeated(arena, "{{{x}} ", TEMPLATE_MAX / 8), "{}", "never closed"},
        {"{{a}} \xff", "{}", "not valid UTF-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *out = print(arena, rows[i].template, rows[i].json, self, TEMPLATE_HTML, RENDER);
        CHECK_ROW(str_starts(out, "! ") && strstr(out, rows[i].part_of_error) != NULL, "row %zu: %.200s", i,
                  out);
    }
    /* As many nodes as a template can have. */
    CHECK_INT(strlen(print(arena, repeated(arena, "\n", TEMPLATE_MAX), "{}", NULL, TEMPLATE_HTML, RENDER)),
              TEMPLATE_MAX);
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK(end.tv_sec - start.tv_sec < 60);
    arena_free(arena);
}

int main(void)
{
    RUN(prints_as_the_specification_says);
    RUN(partials_keep_indentation_and_delimiters);
    RUN(plain_text_is_not_escaped);
    RUN(unknown_names_are_errors_when_strict);
    RUN(hostile_templates_end_soon);
    return check_done();
}
