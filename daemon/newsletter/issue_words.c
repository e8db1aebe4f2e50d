#include "daemon/newsletter/issue_words.h"

#include "base/text.h"
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

bool issue_words(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                 const struct issue_pictures *pictures, struct issue_words *ret, struct error *err)
{
    char *markdown;
    if (!issue_markdown(arena, making, file, &markdown, err)) {
        return false;
    }
    *ret =
        (struct issue_words){.subject = file->subject, .text = markdown, .html = "", .pictures = *pictures};
    return true;
}
