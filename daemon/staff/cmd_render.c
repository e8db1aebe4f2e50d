#include "daemon/staff/cmd_render.h"

#include "base/file.h"
#include "base/text.h"
#include "daemon/post/letters.h"
#include "daemon/post/template_folder.h"

#include <stdio.h>
#include <string.h>

enum { DONE = 0, NOT_DONE = 1, WRONG_USAGE = 2, DATA_MAX = 16 * 1024 * 1024 };

struct wishes {
    const char *template, *data, *partials;
    bool text, strict;
    bool letters;
    const char *kind, *language, *templates;
};

static bool take_value(int argc, char **argv, int *at, const char *option, const char **ret)
{
    if (!str_equal(argv[*at], option) || *at + 1 >= argc) {
        return false;
    }
    *ret = argv[++*at];
    return true;
}

static bool read_wishes(int argc, char **argv, struct wishes *ret)
{
    struct wishes w = {0};
    const char *word[2] = {NULL, NULL};
    size_t n = 0;
    for (int i = 1; i < argc; i++) {
        if (take_value(argc, argv, &i, "--partials", &w.partials) ||
            take_value(argc, argv, &i, "--language", &w.language) ||
            take_value(argc, argv, &i, "--templates", &w.templates)) {
            continue;
        }
        if (str_equal(argv[i], "--text")) {
            w.text = true;
        } else if (str_equal(argv[i], "--strict")) {
            w.strict = true;
        } else if (str_equal(argv[i], "--letters")) {
            w.letters = true;
        } else if (n < 2 && (argv[i][0] != '-' || argv[i][1] == '\0')) {
            word[n++] = argv[i];
        } else {
            return false;
        }
    }
    w.template = w.letters ? NULL : word[0];
    w.kind = w.letters ? word[0] : NULL;
    w.data = word[1];
    *ret = w;
    return w.letters ? n <= 1 : n == 2;
}

static json_t *read_json(struct arena *arena, const char *path, struct error *err)
{
    char *bytes;
    size_t len;
    json_error_t where;
    if (!file_read(arena, path, DATA_MAX, &bytes, &len, err)) {
        return NULL;
    }
    json_t *data = json_loadb(bytes, len, JSON_DECODE_ANY, &where);
    if (data == NULL) {
        fail(err, "%s:%d: %s", path, where.line, where.text);
    }
    return data;
}

static bool render_template(struct arena *arena, const struct wishes *w, struct error *err)
{
    char *bytes, *out;
    size_t len, out_len;
    const struct template *template;
    json_t *data = NULL;
    struct template_folder folder = {
        .arena = arena, .folder = w->partials, .prefix = "", .suffix = ".mustache"};
    struct template_options options = {.escape = w->text ? TEMPLATE_TEXT : TEMPLATE_HTML,
                                       .find = w->partials != NULL ? template_folder_find : NULL,
                                       .find_context = &folder,
                                       .strict = w->strict};
    bool done = file_read(arena, w->template, TEMPLATE_MAX, &bytes, &len, err) &&
                template_parse(arena, w->template, bytes, len, 1, &template, err) &&
                (data = read_json(arena, w->data, err)) != NULL &&
                template_render(arena, template, data, &options, &out, &out_len, err);
    if (done) {
        done = fwrite(out, 1, out_len, stdout) == out_len || fail(err, "the text could not be written");
    }
    json_decref(data);
    return done;
}

static bool render_letters(struct arena *arena, const struct wishes *w, struct error *err)
{
    const char *folder =
        w->templates != NULL ? w->templates : arena_printf(arena, "%s/templates", file_share_folder(arena));
    const char *language = w->language != NULL ? w->language : "de";
    const struct templates *templates;
    if (!templates_load(arena, folder, &templates, err)) {
        return false;
    }
    for (size_t i = 0; i < (w->kind != NULL ? 1 : letter_kinds_n); i++) {
        const char *kind = w->kind != NULL ? w->kind : letter_kinds[i].name;
        struct rendered letter;
        if (!letter_sample(arena, templates, language, kind, &letter, err)) {
            return false;
        }
        printf("---- %s%s\nSubject: %s\n\n%s\n", kind, letter.acknowledgement ? " (acknowledgement)" : "",
               letter.subject, letter.text);
    }
    return true;
}

const char usage_render[] =
    "stadtlabor render TEMPLATE.mustache DATA.json [--partials DIR] [--text] [--strict]\n"
    "       stadtlabor render --letters [KIND] [--language de|en] [--templates DIR]";

int cmd_render(int argc, char **argv)
{
    struct wishes w;
    if (!read_wishes(argc, argv, &w)) {
        fprintf(stderr, "usage: %s\n", usage_render);
        return WRONG_USAGE;
    }
    struct arena *arena = arena_new();
    struct error err;
    bool done = w.letters ? render_letters(arena, &w, &err) : render_template(arena, &w, &err);
    if (done && fflush(stdout) != 0) {
        done = fail(&err, "the text could not be written");
    }
    if (!done) {
        fprintf(stderr, "stadtlabor: %s\n", err.what);
    }
    arena_free(arena);
    return done ? DONE : NOT_DONE;
}
