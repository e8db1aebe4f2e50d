#include "daemon/post/letter_data.h"

#include "base/text.h"
#include "base/utf8.h"
#include "daemon/post/letters.h"

#include <ctype.h>
#include <string.h>

/* Line and paragraph separators; embeddings, overrides and isolates (Unicode UAX 9). */
static bool is_disturbing(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

char *letter_one_line(struct arena *arena, const char *s, size_t most)
{
    struct text line = text_new(arena, most);
    bool blank = false;
    for (uint32_t c; (c = utf8_next(&s)) != 0;) {
        if (is_disturbing(c) || c == ' ') {
            blank = line.len > 0;
            continue;
        }
        char bytes[5] = " ";
        size_t at = blank ? 1 : 0;
        size_t n = utf8_put(c, bytes + at);
        text_addn(&line, bytes, at + n);
        if (line.overflow) {
            break;
        }
        blank = false;
    }
    return line.s;
}

void letter_data_tidy(struct arena *arena, json_t *value)
{
    if (json_is_string(value)) {
        json_string_set(value, letter_one_line(arena, json_string_value(value), LETTER_WORD_MAX));
    }
    const char *name;
    json_t *inner;
    json_object_foreach(value, name, inner)
    {
        letter_data_tidy(arena, inner);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        letter_data_tidy(arena, json_array_get(value, i));
    }
}

static size_t word_before(const char *s, size_t at)
{
    size_t n = 0;
    while (n < at && isalnum((unsigned char)s[at - 1 - n])) {
        n++;
    }
    return n;
}

static size_t word_behind(const char *s)
{
    size_t n = 0;
    while (isalnum((unsigned char)s[n])) {
        n++;
    }
    return n;
}

bool letter_is_tempting(const char *s)
{
    if (strstr(s, "://") != NULL || strchr(s, '@') != NULL || strcasestr(s, "www.") != NULL) {
        return true;
    }
    for (const char *dot = s; (dot = strchr(dot, '.')) != NULL; dot++) {
        if (word_before(s, (size_t)(dot - s)) >= 2 && word_behind(dot + 1) >= 2) {
            return true;
        }
    }
    return false;
}

static bool is_optional(struct arena *arena, const char *optional, const char *path)
{
    return strstr(arena_printf(arena, " %s ", optional), arena_printf(arena, " %s ", path)) != NULL;
}

static struct letter_shape shape_of(struct arena *arena, const json_t *sample, const char *optional,
                                    const char *name, const char *path)
{
    struct letter_shape shape = {.name = name,
                                 .path = path,
                                 .type = json_is_boolean(sample) ? JSON_TRUE : json_typeof(sample),
                                 .optional = is_optional(arena, optional, path)};
    const char *key;
    json_t *inner;
    json_object_foreach((json_t *)sample, key, inner)
    {
        const char *below = arena_printf(arena, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
        *LIST_ADD(arena, &shape.inner) = shape_of(arena, inner, optional, arena_strdup(arena, key), below);
    }
    if (json_array_size(sample) > 0) {
        *LIST_ADD(arena, &shape.inner) = shape_of(arena, json_array_get(sample, 0), optional, "", path);
    }
    return shape;
}

bool letter_shape_read(struct arena *arena, const struct letter_kind *kind, struct letter_shape *ret,
                       struct error *err)
{
    json_t *sample = json_loads(kind->sample, 0, NULL);
    if (sample == NULL) {
        return fail(err, "the sample of letter %s is not JSON", kind->name);
    }
    *ret = shape_of(arena, sample, kind->optional, "", "");
    json_decref(sample);
    return true;
}

static bool declares(const struct letter_shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->inner.n; i++) {
        if (strcmp(shape->inner.at[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_object(json_t *value, const struct letter_shape *shape, struct error *err)
{
    const char *name;
    json_t *inner;
    json_object_foreach(value, name, inner)
    {
        if (!declares(shape, name)) {
            return fail(err, "unknown name: %s%s%s", shape->path, shape->path[0] != '\0' ? "." : "", name);
        }
    }
    for (size_t i = 0; i < shape->inner.n; i++) {
        const struct letter_shape *below = &shape->inner.at[i];
        inner = json_object_get(value, below->name);
        if (inner != NULL && !json_is_null(inner)) {
            if (!letter_data_check(inner, below, err)) {
                return false;
            }
        } else if (below->type == JSON_TRUE) {
            json_object_set_new(value, below->name, json_false());
        } else if (below->optional) {
            json_object_set_new(value, below->name, json_null());
        } else {
            return fail(err, "missing: %s", below->path);
        }
    }
    return true;
}

bool letter_data_check(json_t *value, const struct letter_shape *shape, struct error *err)
{
    json_type type = json_is_boolean(value) ? JSON_TRUE : json_typeof(value);
    if (type != shape->type) {
        return fail(err, "of the wrong type: %s", shape->path);
    }
    bool empty = (json_is_string(value) && json_string_length(value) == 0) ||
                 (json_is_array(value) && json_array_size(value) == 0);
    if (empty && !shape->optional) {
        return fail(err, "empty: %s", shape->path);
    }
    if (json_is_object(value)) {
        return check_object(value, shape, err);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!letter_data_check(json_array_get(value, i), &shape->inner.at[0], err)) {
            return false;
        }
    }
    return true;
}

/* "A", "A und B", "A, B und C" */
static const char *join_names(struct arena *arena, const json_t *persons, const char *language)
{
    const char *joined = "";
    size_t n = json_array_size(persons);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_object_get(json_array_get(persons, i), "name"));
        const char *between = i == 0 ? "" : i + 1 < n ? ", " : language[0] == 'e' ? " and " : " und ";
        joined = arena_printf(arena, "%s%s%s", joined, between, name != NULL ? name : "");
    }
    return joined;
}

void letter_data_derive(struct arena *arena, json_t *section, const char *greeting_name, const char *language)
{
    const json_t *persons = json_object_get(section, "persons"),
                 *refused = json_object_get(section, "refused");
    bool several = json_array_size(persons) > 1, asking = false;
    for (size_t i = 0; i < json_array_size(persons); i++) {
        json_t *person = json_array_get(persons, i);
        const char *name = json_string_value(json_object_get(person, "name"));
        bool other = name != NULL && !str_equal(name, greeting_name);
        json_object_set_new(person, "headed", json_boolean(several || other));
        asking = asking || json_is_true(json_object_get(person, "incomplete"));
    }
    if (persons != NULL) {
        json_object_set_new(section, "names", json_string(join_names(arena, persons, language)));
        json_object_set_new(section, "several", json_boolean(several));
        json_object_set_new(section, "asking", json_boolean(asking));
    }
    if (refused != NULL) {
        json_object_set_new(section, "refused_names", json_string(join_names(arena, refused, language)));
    }
    if (json_object_get(section, "offered") != NULL) {
        bool offering = json_array_size(json_object_get(section, "offered")) > 0;
        json_object_set_new(section, "offering", json_boolean(offering));
    }
}
