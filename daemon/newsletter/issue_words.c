#include "daemon/newsletter/issue_words.h"

#include "base/file.h"
#include "daemon/newsletter/markdown.h"
#include "daemon/post/letters.h"
#include "daemon/post/template.h"

#include <string.h>

/* Every name that may stand in an issue stands in the sample: one event at least. */
static json_t *sample_of(json_t *data)
{
    json_t *sample = json_copy(data);
    if (json_array_size(json_object_get(data, "events")) == 0) {
        json_object_set_new(sample, "events",
                            json_pack("[{ss ss ss ss ss sb sb sb sb sb sb sb}]", "code", "2026-01-01-x",
                                      "title", "x", "when", "x", "place", "x", "register", "x", "free", 1,
                                      "one_free", 1, "unlimited", 1, "full", 1, "waiting", 1, "closed", 1,
                                      "open", 1));
    }
    return sample;
}

json_t *issue_sample(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                     struct error *err)
{
    json_t *data = issue_data(arena, making, file, err), *sample = NULL;
    if (data != NULL) {
        json_t *shallow = sample_of(data);
        sample = json_deep_copy(shallow);
        json_decref(shallow);
        json_decref(data);
    }
    return sample;
}

bool issue_markdown(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                    char **ret, struct error *err)
{
    static const struct template_options options = {.escape = TEMPLATE_TEXT};
    const struct template *template;
    size_t len;
    json_t *data = issue_data(arena, making, file, err);
    if (data == NULL) {
        return false;
    }
    json_t *sample = sample_of(data);
    bool done =
        template_parse(arena, "Zeile", file->body, strlen(file->body), file->body_line, &template, err) &&
        template_check(arena, template, sample, &options, err) &&
        template_render(arena, template, data, &options, ret, &len, err);
    json_decref(sample);
    json_decref(data);
    return done;
}

/* Name and address below both parts. */
static const char *imprint(struct arena *arena, const struct config *config)
{
    const char *const parts[] = {config->lab_street, config->lab_city};
    const char *all = config->lab_name;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        all = parts[i][0] == '\0' ? all : arena_printf(arena, "%s, %s", all, parts[i]);
    }
    return all;
}

/* The frame is of the house: a template of HTML around what the Markdown became. */
static bool framed(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                   const char *body, const char **ret, struct error *err)
{
    static const struct template_options options = {.escape = TEMPLATE_HTML, .strict = true};
    const char *path = arena_printf(arena, "%s/newsletter/frame.html", making->templates_folder);
    const struct template *template;
    char *bytes, *html;
    size_t len;
    if (!file_read(arena, path, TEMPLATE_MAX, &bytes, &len, err) ||
        !template_parse(arena, path, bytes, len, 1, &template, err)) {
        return false;
    }
    json_t *data =
        json_pack("{ss ss ss so ss}", "subject", file->subject, "preview", file->preview, "body", body, "lab",
                  letter_lab(making->config, "de"), "imprint", imprint(arena, making->config));
    bool done = template_render(arena, template, data, &options, &html, &len, err);
    json_decref(data);
    *ret = html;
    return done;
}

bool issue_words(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                 const struct issue_pictures *pictures, struct issue_words *ret, struct error *err)
{
    char *source;
    struct markdown *markdown;
    struct markdown_links links;
    if (!issue_markdown(arena, making, file, &source, err) || !markdown_parse(source, &markdown, err)) {
        return false;
    }
    markdown_links(arena, markdown, &links);
    const char *text =
        arena_printf(arena, "%s\n%s\n", markdown_text(arena, markdown), imprint(arena, making->config));
    const char *body = markdown_html(arena, markdown, pictures);
    markdown_free(markdown);
    if (links.raw_html != NULL) {
        return fail(err, "HTML ist im Text nicht erlaubt: %.60s", links.raw_html);
    }
    struct issue_words words = {.subject = file->subject, .text = text, .pictures = *pictures};
    if (!framed(arena, making, file, body, &words.html, err)) {
        return false;
    }
    *ret = words;
    return true;
}
