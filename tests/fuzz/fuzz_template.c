/* First line: JSON. The rest: a template, which may call itself as a partial. */
#include "daemon/post/template.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find_itself(void *context, const char *name, const struct template **ret, struct error *err)
{
    (void)err;
    *ret = name[0] == 'p' ? *(const struct template **)context : NULL;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *bytes = arena_strndup(arena, (const char *)data, size);
    const char *newline = memchr(bytes, '\n', size);
    size_t first = newline != NULL ? (size_t)(newline - bytes) : 0;
    json_t *json = json_loadb(bytes, first, JSON_DECODE_ANY, NULL);
    json = json != NULL ? json : json_object();
    const struct template *template;
    char *out;
    size_t len;
    if (template_parse(arena, "fuzz", bytes + first, size - first, 1, &template, NULL)) {
        struct template_options options = {.find = find_itself, .find_context = &template};
        template_check(arena, template, json, &options, NULL);
        if (template_render(arena, template, json, &options, &out, &len, NULL) && strlen(out) > len) {
            __builtin_trap();
        }
    }
    json_decref(json);
    arena_free(arena);
    return 0;
}
